"""What a seat is judged by: three gauges of outcomes, 0 to 1, over the game so far.

They speak of how things stand, never of what was ordered, and what would be left behind at the end
counts: stocks at the base price, what contracts in force cost in the year to come, supply that is
secured but not yet delivered, capacity that a refiner has paid for, distrust and approval. So the
last turn cannot be used to run down what the others were used to build. Equations: ODD 7.19.

=========  ======================================  =======================  ======================
seat       supply                                  autonomy                 standing
=========  ======================================  =======================  ======================
state      output lost and money spent, a year     dependence on the        approval of both
                                                   coercer after stocks     sides, the mean that
                                                   and contracts            wants both
coercer    the same                                leverage that is left    trust abroad, and its
                                                                            own public's opinion
firm       profit against a calm year's            the same as of a state   0 when listed, else
                                                   with its own stocks      customers kept times
                                                                            odds of staying clear
=========  ======================================  =======================  ======================
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.capacity import BUILDING, RUNNING
from world.laws.diplomacy import felt_distrust
from world.laws.flows import ratio
from world.parameters import Parameters
from world.regime import offtake_shares, offtake_split
from world.state import World
from world.sums import add_up
from world.units import TINY

Array = NDArray[np.float64]

GAUGES = ("supply", "autonomy", "standing")
WEEKS = 52.0


def outcomes(world: World) -> dict[str, Array]:
    """By gauge (R, A), each 0 to 1: zones in their order, then firms with a seat."""
    states, firms = _states(world), _firms(world)
    return {
        name: np.clip(np.concatenate([states[name], firms[name]], axis=1), 0.0, 1.0)
        for name in GAUGES
    }


def outcome(world: World, actor: str, replicate: int = 0) -> dict[str, float]:
    """The gauges of one seat in one luck."""
    place = world.setting.scenario.actors.index(actor)
    return {name: float(rows[replicate, place]) for name, rows in outcomes(world).items()}


# --- states -------------------------------------------------------------------------------------


def _states(world: World) -> dict[str, Array]:
    setting, zones, c = world.setting, world.zones, world.setting.coercer
    par = setting.par
    years = max(world.week, 1) / WEEKS
    cost = _cost(world) / (years * setting.gdp)
    autonomy = 1.0 - _dependence(world)
    autonomy[:, c] = _leverage_kept(world)
    given_in = 0.5 * world.regime["concession"][:, :, 0]
    standing = np.sqrt(zones.coercer_approval * zones.alliance_approval)
    standing *= 1.0 - par.score_conceded * given_in
    outside = np.arange(setting.Z) != c
    weight = setting.gdp * outside / add_up(setting.gdp[outside], axis=-1)
    retracted = given_in[:, setting.target]
    at_home = np.clip(zones.opinion[:, c] + par.score_retraction * retracted, 0.0, 1.0)
    felt = felt_distrust(zones.reputation, par.reputation_spill)
    abroad = 1.0 - add_up(felt * weight, axis=1)
    standing[:, c] = 0.5 * (abroad + at_home)
    supply = par.score_half_cost / (par.score_half_cost + np.maximum(0.0, cost))
    return {"supply": supply, "autonomy": autonomy, "standing": standing}


def _cost(world: World) -> Array:
    """(R, Z) USD so far: output lost, money spent less what it has bought, earnings forgone."""
    setting, zones = world.setting, world.zones
    grid = (-1, setting.M, setting.Z)
    part, usd = setting.users.reserve, setting.market_price_usd
    held = np.zeros((world.replicates, setting.K))
    held[:, setting.users.market[part]] = add_up(world.users.stock[:, :, part], axis=1)
    at_start = setting.base.stock_days.ravel() / 7.0 * setting.base_demand
    gained = add_up(((held - at_start) * usd).reshape(grid), axis=1)
    bound_weeks = setting.par.score_years_bound * WEEKS
    owed = bound_weeks * world.last["zones"]["floor_cost_usd"] * (world.week > 0)
    spent = zones.loss_total_usd - zones.budget_usd - zones.income_usd
    return np.asarray(spent - gained + owed)


def _dependence(world: World) -> Array:
    """(R, Z) share that hangs on the coercer, by value: less what public stocks would bridge and
    part of what contracts and plants that are being built will replace."""
    setting = world.setting
    grid = (-1, setting.M, setting.Z)
    known = world.markets.true_share
    share = known + world.markets.leaked * (1.0 - known)
    part = setting.users.reserve
    held = np.zeros((world.replicates, setting.K))
    held[:, setting.users.market[part]] = add_up(world.users.stock[:, :, part], axis=1)
    need = np.broadcast_to(setting.base_demand, held.shape)
    bridge = _bridge(ratio(held, need, 0.0), setting.par)
    secured = np.minimum(1.0, ratio(_secured(world), need, 0.0))
    left = (share * bridge * (1.0 - setting.par.score_secured * secured)).reshape(grid)
    worth = (setting.base_demand * setting.market_price_usd).reshape(setting.M, setting.Z)
    return np.asarray(add_up(left * worth, axis=1) / np.maximum(add_up(worth, axis=-2), TINY))


def _leverage_kept(world: World) -> Array:
    """(R,) the coercer's leverage over all others, without stocks: a half where it began."""
    setting = world.setting
    by_market = setting.leverage_over(world.markets.true_share, np.zeros(setting.K))
    now = add_up(by_market.reshape(-1, setting.M, setting.Z), axis=1)
    outside = np.arange(setting.Z) != setting.coercer
    at_start = float(add_up(setting.base_leverage[outside], axis=-1))
    kept = add_up(now[:, outside], axis=1) / max(at_start, TINY)
    return np.asarray(kept / (1.0 + kept))


def _bridge(weeks: Array, par: Parameters) -> Array:
    """Part of a dependence that is left behind so many weeks of stock."""
    return np.asarray(1.0 - par.score_bridged * (1.0 - np.exp(-weeks / par.score_stock_weeks)))


def _secured(world: World) -> Array:
    """(R, K) t/week outside the coercer: contracted by a state, or being built in its zone."""
    setting, rows = world.setting, world.plants
    taken = setting.plant_pool.sum(offtake_shares(world) * rows.capacity)  # (R, M)
    contracted = (offtake_split(world) * taken[..., None]).reshape(world.replicates, setting.K)
    coming = rows.capacity * (rows.status == BUILDING) * ~setting.plants.coercer
    return np.asarray(contracted + setting.plant_markets.sum(coming))


# --- firms --------------------------------------------------------------------------------------


def _firms(world: World) -> dict[str, Array]:
    setting = world.setting
    if not len(setting.firms):
        none = np.zeros((world.replicates, 0))
        return dict.fromkeys(GAUGES, none)
    last = world.last["firms"]  # profit charges stocks their holding and no base price
    weeks = max(world.week, 1)
    earned = world.firms.profit_usd + _plant_value(world)
    part = np.maximum(0.0, earned / (weeks * _calm_profit(world)))
    if world.week == 0:
        part = np.ones_like(part)
    bridge = _bridge(last["stock_weeks"], setting.par)
    return {
        "supply": part / (1.0 + part),
        "autonomy": 1.0 - (1.0 - last["autonomy"]) * bridge,
        "standing": last["standing"],
    }


def _calm_profit(world: World) -> Array:
    """(F,) USD a week at the prices, output and inputs of the base year."""
    setting, par = world.setting, world.setting.par
    firms, rows, plants = setting.firms, setting.firms.users, setting.firms.plants
    single = rows < setting.users.industrial.stop
    line = firms.by_user.sum(single * setting.users.value_added[rows]) / WEEKS
    cost = np.array([plant.cost for plant in setting.base.plants])[plants]
    price = setting.base_price[setting.plants.material[plants]]
    margin = firms.base_output * (1.0 - par.avoidable_cost_share * cost) * price
    return np.asarray(np.maximum(1.0, par.firm_margin * line + firms.by_plant.sum(margin)))


def _plant_value(world: World) -> Array:
    """(R, F) USD: what was added to the plants, at its cost less what fades in the half of the game
    that it has stood on average."""
    setting, par = world.setting, world.setting.par
    firms = setting.firms
    base = np.array([plant.capacity_t for plant in setting.base.plants])[firms.plants]
    running = world.plants.status[:, firms.plants] == RUNNING
    added = np.maximum(0.0, world.plants.capacity[:, firms.plants] - base) * running
    price = setting.base_price[setting.plants.material[firms.plants]]
    worth = WEEKS * par.expansion_cost * world.plants.cost[:, firms.plants] * price
    age = 0.5 * world.week / WEEKS
    return firms.by_plant.sum(added * worth * (1.0 - par.score_fading) ** age)
