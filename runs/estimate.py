"""What a lever at a value would cost in a year, told before the order is given.

The estimate uses today's prices and flows, so it is what a ministry could work out on paper; the
run itself settles what is paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runs.firm_estimate import firm_cost
from world.laws.recycling import retired
from world.levers import LADDER, LEVERS, get_lever, ladder, name_fault
from world.outlay import facts, of_seat
from world.phases.trials import on_trial
from world.regime import equity_open
from world.units import QUARTER

if TYPE_CHECKING:
    from world.state import World

Array = NDArray[np.float64]

YEAR = 52.0


class Sight:
    """Yearly values in one zone at today's prices, (M,) USD unless said otherwise."""

    def __init__(self, world: World, actor: str) -> None:
        setting = world.setting
        self.world, self.setting = world, setting
        self.zone = setting.zone_index[actor]
        own = of_seat(facts(world), self.zone)
        self.a_year = {name: YEAR / QUARTER * values[0] for name, values in own.items()}
        market = np.arange(setting.M) * setting.Z + self.zone
        self.price = world.markets.price[0, market] * setting.base_price
        self.need_t = YEAR * setting.base_demand[market]
        last = world.last.get("markets", {})
        china = last["from_china_t"][0, market] if last else setting.base_china[market]
        other = last["from_other_t"][0, market] if last else self.need_t / YEAR - china
        self.capital_paid = world.markets.equity_paid[0, market]
        self.from_china = YEAR * china * self.price
        self.from_other = YEAR * np.maximum(other, 0.0) * self.price
        # what full support brings in: the recycled mass of the base year, and old products
        par, markets = setting.par, world.markets
        old = retired(markets.in_use, par.product_life_years * YEAR)[0, market]
        collected = setting.base.recycled_t[:, self.zone] + par.recycling_reach * old
        self.recycled = YEAR * collected * self.price
        exports = setting.base_china.reshape(setting.M, setting.Z).copy()
        exports[:, setting.coercer] = 0.0
        self.exports = YEAR * exports * setting.base_price[:, None]  # (M, Z), by destination
        running = (world.plants.status[0] == 0) & (setting.plants.zone == self.zone)
        places = setting.plants.zone[setting.unproven]
        self.trial = bool((on_trial(world)[0] & (places == self.zone)).any())
        self.own_output_t = YEAR * np.bincount(
            setting.plants.material, world.plants.output[0] * running, setting.M
        )

    def pick(self, values: Array, index: str) -> float:
        """One material's value, or the sum over all."""
        return float(values[self.setting.material_index[index]] if index else values.sum())

    def of_zone(self, index: str) -> float:
        """Yearly exports of the coercer to a zone, or to all."""
        by_zone = self.exports.sum(axis=0)
        return float(by_zone[self.setting.zone_index[index]] if index else by_zone.sum())


def estimate(world: World, actor: str, full: str, value: float) -> dict[str, Any]:
    """``cost_usd`` a year (null where nothing is paid in money) and ``text``; ValueError."""
    scenario = world.setting.scenario
    if fault := name_fault(scenario, actor, full):
        raise ValueError(fault)
    name, _, index = full.partition(".")
    lever = LEVERS[name]
    held = float(get_lever(world.regime, scenario, actor, full)[0])
    if actor in scenario.firms:
        cost = firm_cost(world, actor, name, float(value), held)
    else:
        cost = _cost(Sight(world, actor), name, index, float(value), held)
    weeks = max(1, lever.delay_weeks)
    starts = f"Binds in {weeks} week{'s' * (weeks > 1)}; now {held:g}."
    price = f"About {_money(cost)} a year: {lever.cost}." if cost else f"Cost: {lever.cost}."
    return {"cost_usd": cost, "text": f"{price} {starts}"}


def costs(world: World, actor: str, settings: Mapping[str, float]) -> dict[str, float | None]:
    """USD a year of each lever, by full name, at its value: the figures of `estimate` alone."""
    scenario = world.setting.scenario
    firm, found = actor in scenario.firms, {}
    see = None if firm or not settings else Sight(world, actor)
    for full, value in settings.items():
        name, _, index = full.partition(".")
        held = float(get_lever(world.regime, scenario, actor, full)[0])
        if see is None:
            found[full] = firm_cost(world, actor, name, value, held)
        else:
            found[full] = _cost(see, name, index, value, held)
    return found


def _money(usd: float) -> str:
    for size, word in ((1e9, "bn"), (1e6, "m")):
        if abs(usd) >= size:
            return f"{usd / size:,.1f} {word} USD"
    return f"{usd:,.0f} USD"


def _cost(see: Sight, name: str, index: str, value: float, held: float) -> float | None:
    """USD a year by lever; None where the price is not money."""
    rate = see.pick(see.price * see.need_t, index) if LEVERS[name].index != "zone" else 0.0
    if name == "stockpile_target_days":
        more = max(0.0, value - held) / 365.0 * rate
        return more + see.setting.par.stock_holding_cost * value / 365.0 * rate
    if name == "floor_usd_per_kg":
        gap = np.maximum(0.0, 1000.0 * value - see.price)
        paid = see.own_output_t if see.world.regime["floor_form"][0, see.zone, 0] else see.need_t
        return see.pick(gap * paid, index)
    if name == "equity_offtake":
        more = np.minimum(np.maximum(0.0, value - see.capital_paid), equity_open(see.world)[0])
        return see.setting.par.equity_years * see.pick(see.price * more, index)
    if name == "offtake":
        return see.pick(see.a_year["top_up"], index) * value
    if name == "research_usd_m":
        return 4e6 * value
    if name == "minerals_fund_usd_m":
        return 1e6 * value
    if name == "trial_usd_m":
        return 4e6 * value * see.trial
    if name == "export_tax":
        return None
    if name in ("flood", "licence_duty", "export_quota"):
        part = max(0.0, 1.0 - value) if name == "export_quota" else value * (name == "flood")
        return part * see.pick(see.exports.sum(axis=1), index)
    if name in ("ban_breadth", "listing"):
        return value * see.of_zone(index)
    if name in ("licence_approval", "material_approval"):
        return None
    if name == LADDER:
        return ladder()[round(value)].settings["ban_breadth"] * see.of_zone(index)
    if name == "enforcement":
        return float(see.a_year["effort"][0]) * value**2
    par, imports = see.setting.par, see.from_china + see.from_other
    shares = {
        "tariff_on_coercer": see.from_china, "diversification_credit": see.from_other,
        "origin_tracing": par.tracing_cost * imports, "hub_policing": par.policing_cost * imports,
        "recycling_support": par.recycling_cost * see.recycled,
        "project_subsidy": see.a_year["projects"],
        "customer_cover": see.a_year["covered"], "stock_sharing": see.a_year["registered"],
    }  # fmt: skip
    return float(value * shares[name].sum()) if name in shares else None
