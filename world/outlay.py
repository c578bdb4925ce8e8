"""What a seat's levers cost its treasury in a quarter, at the prices of the day (ODD 7.21).

The facts are what a ministry knows of its own zone: prices, trade, stocks and plants as they stand.
The run itself settles what is paid. A seat's settings are (R, I) by lever, with I as in the regime.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from world.laws.capacity import RUNNING, SCRAPPED
from world.laws.flows import ratio
from world.laws.recycling import retired
from world.phases.cover import premium_usd
from world.phases.sharing import register_usd
from world.phases.trials import on_trial
from world.regime import equity_open, plant_market_price
from world.sums import add_up, one_by_one
from world.units import QUARTER, USD_M

if TYPE_CHECKING:
    from world.state import World

Array = NDArray[np.float64]
Facts = Mapping[str, Array]  # of one seat, each (R, M), or (R, 1) for what has no materials
Settings = Mapping[str, Array]

YEAR = 52.0
DAYS = 365.0
PART = QUARTER / YEAR
KG = 1000.0


def facts(world: World) -> dict[str, Array]:
    """What a quarter costs at a lever's full strength or by its unit, (R, Z, M) or (R, Z, 1)."""
    setting, par = world.setting, world.setting.par
    price = _by_zone(world, world.markets.price * setting.market_price_usd)
    use_t = YEAR * _by_zone(world, setting.base_demand)
    china, other = _purchases(world)
    imports = china + other
    buying = np.minimum(1.0, QUARTER / par.stockpile_build_weeks)
    one = np.ones((world.replicates, setting.Z, 1))
    return {
        "price": price,
        "day": price * use_t / DAYS,  # USD of a day's use
        "held_days": ratio(DAYS * _reserve(world), np.broadcast_to(use_t, price.shape), 0.0),
        "buying": one * buying,  # part of a gap in the stock that is bought
        "holding": one * (par.stock_holding_cost * PART),
        "own_t": PART * _own_output(world),
        "top_up": PART * _top_up(world),
        "right": par.equity_years * price,  # USD of a yearly tonne of output elsewhere
        "paid_t": _by_zone(world, world.markets.equity_paid),
        "open_t": np.repeat(equity_open(world)[:, None, :], setting.Z, axis=1),
        "other": PART * _total(other),
        "projects": PART * _projects(world),
        "tracing": PART * par.tracing_cost * _total(imports),
        "policing": PART * par.policing_cost * _total(imports),
        "recycled": PART * par.recycling_cost * _total(price * _recycled(world)),
        "million": USD_M * one,
        "million_a_year": USD_M * PART * one,
        "covered": one * PART * premium_usd(setting)[:, None],
        "registered": PART * register_usd(world)[..., None],
        "trying": USD_M * _trying(world),
        "exports": PART * _exports(world),
        "effort": PART * par.enforcement_cost * par.export_margin * _total(_exports(world)),
    }


def of_seat(all_facts: Mapping[str, Array], zone: int) -> dict[str, Array]:
    """The facts of one zone, (R, M) or (R, 1)."""
    return {name: values[:, zone] for name, values in all_facts.items()}


# --- the facts -----------------------------------------------------------------------------------


def _by_zone(world: World, markets: Array) -> Array:
    """(R, Z, M) from a column of markets, (R, K) or (K,)."""
    setting = world.setting
    grid = np.broadcast_to(markets, (world.replicates, setting.K))
    return np.ascontiguousarray(grid.reshape(-1, setting.M, setting.Z).swapaxes(1, 2))


def _total(values: Array) -> Array:
    """(R, Z, 1) sum over materials."""
    return add_up(values, axis=-1, keepdims=True)


def _purchases(world: World) -> tuple[Array, Array]:
    """(R, Z, M) USD a year bought from the coercer and from elsewhere, as in the last week."""
    setting, last = world.setting, world.last.get("markets", {})
    china = last["from_china_t"] if last else setting.base_china
    other = last["from_other_t"] if last else setting.base_demand - setting.base_china
    usd = world.markets.price * setting.market_price_usd
    return (
        YEAR * _by_zone(world, china * usd),
        YEAR * _by_zone(world, np.maximum(0.0, other) * usd),
    )


def _reserve(world: World) -> Array:
    """(R, Z, M) t in the public stock."""
    users, part = world.setting.users, world.setting.users.reserve
    held = np.zeros((world.replicates, world.setting.K))
    held[:, users.market[part]] = add_up(world.users.stock[:, :, part], axis=1)
    return _by_zone(world, held)


def _own_output(world: World) -> Array:
    """(R, Z, M) t a year of the zone's running plants."""
    setting, plants = world.setting, world.setting.plants
    made = world.plants.output * (world.plants.status == RUNNING) * ~plants.coercer
    found = np.zeros((world.replicates, setting.M, setting.Z))
    for m in range(setting.M):  # a material's plants stand in few zones
        found[:, m] = setting.plant_zones.sum(made * (plants.material == m))
    return np.ascontiguousarray(YEAR * found.swapaxes(1, 2))


def _top_up(world: World) -> Array:
    """(R, Z, M) USD a year that a contracted yearly tonne costs beyond the market, on the mean of
    the plants that such contracts go to: new ones, where there are none all (`offtake_gap`)."""
    setting, plants = world.setting, world.setting.plants
    alive = (world.plants.status < SCRAPPED) & ~plants.coercer
    new = setting.plant_pool.sum((alive & setting.new_plants).astype(float)) > 0
    counts = alive & (setting.new_plants | ~new[:, plants.material])
    due = world.plants.cost * (1.0 + setting.par.offtake_margin) - plant_market_price(world)
    gap = np.maximum(0.0, due) * setting.base_price[plants.material]
    weight = world.plants.capacity * counts
    mean = ratio(setting.plant_pool.sum(gap * weight), setting.plant_pool.sum(weight), 0.0)
    return np.repeat(mean[:, None, :], setting.Z, axis=1)


def _projects(world: World) -> Array:
    """(R, Z, 1) USD a year that the output of new plants at home and under contract costs."""
    setting, plants = world.setting, world.setting.plants
    usd = world.plants.output * world.plants.cost * setting.base_price[plants.material]
    usd = YEAR * usd * setting.new_plants
    buyer = np.where(plants.offtake_zone >= 0, plants.offtake_zone, plants.zone)
    abroad = setting.plant_buyers.sum(usd * (buyer != plants.zone))
    return np.asarray(setting.plant_zones.sum(usd) + abroad)[..., None]


def _recycled(world: World) -> Array:
    """(R, Z, M) t a year that full support brings in: the base year's, and old products."""
    setting, par = world.setting, world.setting.par
    old = retired(world.markets.in_use, par.product_life_years * YEAR)
    collected = setting.base.recycled_t.ravel() + par.recycling_reach * old
    return YEAR * _by_zone(world, collected)


def _trying(world: World) -> Array:
    """(R, Z, 1) flag: something is there to be tried out."""
    setting, open_ = world.setting, on_trial(world)
    found = np.zeros((world.replicates, setting.Z, 1))
    for place, row in enumerate(setting.unproven):
        zone = setting.plants.zone[row]
        found[:, zone, 0] = np.maximum(found[:, zone, 0], open_[:, place])
    return found


def _exports(world: World) -> Array:
    """(R, Z, M) USD a year of the coercer's exports in the base year; 0 for other zones."""
    setting = world.setting
    sold = setting.base_china.reshape(setting.M, setting.Z).copy()
    sold[:, setting.coercer] = 0.0
    found = np.zeros((world.replicates, setting.Z, setting.M))
    found[:, setting.coercer] = YEAR * add_up(sold, axis=-1) * setting.base_price
    return found


# --- the costs -----------------------------------------------------------------------------------


def _stock(fact: Facts, held: Settings) -> Array:
    """What is bought of the gap in the quarter, and storage and capital of the whole."""
    target = held["stockpile_target_days"]
    gap = np.maximum(0.0, target - fact["held_days"])
    return _added(fact["day"] * (fact["buying"] * gap + fact["holding"] * target))


def _floor(fact: Facts, held: Settings) -> Array:
    """Difference payments to own plants; a tariff at the border costs the budget nothing."""
    gap = np.maximum(0.0, KG * held["floor_usd_per_kg"] - fact["price"])
    return held["floor_form"][:, 0] * _added(gap * fact["own_t"])


def _offtake(fact: Facts, held: Settings) -> Array:
    return _added(fact["top_up"] * held["offtake"])


def _equity(fact: Facts, held: Settings) -> Array:
    """Capital at once for what was never paid for, as far as there is any to be had."""
    more = np.maximum(0.0, held["equity_offtake"] - fact["paid_t"])
    return _added(fact["right"] * np.minimum(more, fact["open_t"]))


def _flood(fact: Facts, held: Settings) -> Array:
    return _added(fact["exports"] * held["flood"])


def _enforcement(fact: Facts, held: Settings) -> Array:
    return np.asarray((fact["effort"] * held["enforcement"] ** 2)[:, 0])


def _by_strength(lever: str, fact: str) -> Callable[[Facts, Settings], Array]:
    """A cost that grows in proportion with the lever."""
    return lambda facts, held: np.asarray((facts[fact] * held[lever])[:, 0])


def _added(values: Array) -> Array:
    return add_up(values, axis=-1)


COSTS: dict[str, Callable[[Facts, Settings], Array]] = {
    "stockpile_target_days": _stock, "floor_usd_per_kg": _floor, "offtake": _offtake,
    "equity_offtake": _equity, "flood": _flood, "enforcement": _enforcement,
    **{
        lever: _by_strength(lever, fact)
        for lever, fact in {
            "diversification_credit": "other", "project_subsidy": "projects",
            "origin_tracing": "tracing", "hub_policing": "policing",
            "recycling_support": "recycled", "research_usd_m": "million",
            "trial_usd_m": "trying", "minerals_fund_usd_m": "million_a_year",
            "customer_cover": "covered", "stock_sharing": "registered",
        }.items()
    },
}  # fmt: skip


def cost(lever: str, fact: Facts, held: Settings) -> Array:
    """(R,) USD a quarter of one lever as it stands in the settings."""
    return COSTS[lever](fact, held)


def costs(fact: Facts, held: Settings) -> dict[str, Array]:
    """(R,) USD a quarter of each lever that costs something."""
    return {name: cost(name, fact, held) for name in COSTS if name in held}


def beyond(fact: Facts, held: Settings, without: Mapping[str, Array]) -> Array:
    """(R,) USD a quarter of all settings beyond what each lever cost ``without`` them."""
    more = (cost(name, fact, held) - was for name, was in without.items())
    return one_by_one(np.maximum(0.0, one) for one in more)

