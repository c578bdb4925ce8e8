"""Everything about a world that does not change while it runs: firms, places, figures, indices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from world.base_year import BaseYear, build_base_year
from world.exposures import payment_reach, supply_share
from world.facts import load_facts
from world.firm_rows import find_rows, market_of
from world.firms import FIRM
from world.laws.flows import Groups
from world.laws.output import leverage
from world.levers import DATA
from world.parameters import Parameters
from world.plant_traits import plant_traits
from world.population import Users, make_traders, make_users
from world.scenario import Scenario
from world.setting_rows import CHINA, MAIN, OTHER, RECYCLED, Index, Rows
from world.sums import add_up
from world.taken import rows_with_taken
from world.units import TINY

__all__ = ["CHINA", "MAIN", "OTHER", "RECYCLED", "Setting", "make_setting"]

Array = NDArray[np.float64]

FIT_ROUNDS = 60


@dataclass(frozen=True)
class Setting(Rows):
    """The constant part of a world; see `make_setting`."""

    @cached_property
    def base_need(self) -> Array:
        """(K,) need of all users of a market at the start, t/week."""
        return self.user_markets.sum(self.users.need)

    @cached_property
    def lines_need(self) -> Array:
        """(K,) need of the industrial users of a market at the start, t/week."""
        part = self.users.industrial
        lines = np.zeros_like(self.users.need)
        lines[part] = self.users.need[part]
        return self.user_markets.sum(lines)

    @cached_property
    def lines_at_risk(self) -> Array:
        """(Z,) value added of the industrial users of a zone, USD a year."""
        return np.asarray(add_up(self.at_risk.reshape(self.M, self.Z), axis=-2))

    @cached_property
    def base_cover(self) -> Array:
        """(K,) weeks of cover of a market's users and plants at the start."""
        held = self.user_markets.sum(self.users.need * self.users.cover)
        return np.divide(held, self.base_need, out=np.zeros_like(held), where=self.base_need > 0)

    @cached_property
    def at_risk(self) -> Array:
        """(K,) value added of all users of a market, USD a year."""
        return self.user_markets.sum(self.users.value_added)

    @cached_property
    def china_lead(self) -> Array:
        """(N,) weeks from the coercer to each user."""
        return np.asarray(self.lead[CHINA].astype(float)[self.users.market])

    @cached_property
    def base_leverage(self) -> Array:
        """(Z,) leverage of the coercer over each zone at the start, without stocks."""
        power = self.leverage_over(self.base_china_share, np.zeros(self.K))
        return np.asarray(add_up(power.reshape(self.M, self.Z), axis=-2))

    def leverage_over(self, share: Array, cover_weeks: Array) -> Array:
        """(..., K) leverage of the coercer over each market by its share and the weeks of cover."""
        return leverage(
            self.cost_share, self.long_run_elasticity, share, cover_weeks, self.par.bridge_weeks,
            self.par.leverage_share_cap, self.par.leverage_least_elasticity,
        )  # fmt: skip

    @cached_property
    def goods_usd(self) -> dict[str, float]:
        """Yearly imports of other dual-use goods from the coercer by zone, USD (data/goods.csv)."""
        total: dict[str, float] = {}
        for _, zone, usd in _goods():
            total[zone] = total.get(zone, 0.0) + usd
        return total

    @cached_property
    def goods_groups(self) -> tuple[tuple[str, str, float], ...]:
        """(group, zone, USD a year) of these imports, for the zones of the scenario."""
        return tuple(row for row in _goods() if row[1] in self.zone_index)

    @cached_property
    def payment_reach(self) -> Array:
        """(Z,) part of what firms of a zone have at stake that hangs on the coercer's payments."""
        return payment_reach(self.scenario.coercer, tuple(self.zone_index), self.par.payment_reach)

    @cached_property
    def supply_share(self) -> Array:
        """(Z,) share of the coercer in a zone's imports of all goods."""
        return supply_share(self.scenario.coercer, tuple(self.zone_index))

    @cached_property
    def cost_share(self) -> Array:
        """(K,) material cost over value added at risk, at most `cost_share_cap` (ODD 7a)."""
        bought = 52.0 * self.base_demand * self.market_price_usd
        risk = self.value_at_risk
        share = np.divide(bought, risk, out=np.zeros_like(bought), where=risk > 0)
        return np.minimum(self.par.cost_share_cap, share)

    @cached_property
    def base_demand(self) -> Array:
        """(K,) t/week in the base year."""
        return self.base.demand_t.ravel()

    @cached_property
    def bystanders(self) -> tuple[int, ...]:
        """Zones that are neither the coercer nor a party to its quarrel."""
        known = (self.scenario.coercer, *self.scenario.parties)
        return tuple(z for zone, z in self.zone_index.items() if zone not in known)

    @cached_property
    def base_china(self) -> Array:
        """(K,) t/week that a market buys from the coercer in the base year."""
        return self.base.trade_t[:, self.coercer, :].ravel()

    @cached_property
    def base_sales_abroad(self) -> Array:
        """(M, Z) t/week that the coercer sells abroad in the base year."""
        sold = self.base.trade_t[:, self.coercer, :].copy()
        sold[:, self.coercer] = 0.0
        return sold

    @cached_property
    def reservation(self) -> Array:
        """(M,) log of the price, over the base price, at which half of the users give up."""
        return np.log([material.reservation_median for material in self.base.materials])

    @cached_property
    def first_tax(self) -> Array:
        """(M,) export tax in force on the first day, which base prices hold."""
        name, levers = f"{self.scenario.coercer}.export_tax", self.scenario.levers
        return np.array(
            [levers.get(f"{name}.{m}", levers.get(name, 0.0)) for m in self.scenario.materials]
        )

    @cached_property
    def base_smuggled(self) -> Array:
        """(K,) share of base purchases from the coercer that leaves it without papers.

        Where an export tax stands on the first day, it has bred smugglers.
        """
        bred = np.repeat(self.first_tax > 0.0, self.Z) * self.market_foreign
        return np.asarray(self.par.smuggling_start * bred)

    @cached_property
    def base_recorded(self) -> Array:
        """(K,) t/week of the coercer's exports in the base year that are recorded."""
        return np.asarray(self.base_china * self.market_foreign * (1.0 - self.base_smuggled))

    @cached_property
    def base_china_share(self) -> Array:
        """(K,) share of the coercer in that demand."""
        demand = self.base_demand
        return np.divide(self.base_china, demand, out=np.zeros_like(demand), where=demand > 0)

    @cached_property
    def recycled_share(self) -> Array:
        """(K,) part of use that is recycled in the base year."""
        demand, part = self.base_demand, self.base.recycled_t.ravel()
        return np.divide(part, demand, out=np.zeros_like(demand), where=demand > 0)

    @cached_property
    def value_at_risk(self) -> Array:
        """(K,) USD a year of value added that stops without the material."""
        return self.base.value_at_risk_usd.ravel()

    @cached_property
    def gdp(self) -> Array:
        """(Z,) USD a year."""
        return np.array([zone.gdp_usd for zone in self.base.zones])

    @cached_property
    def base_price(self) -> Array:
        """(M,) USD per tonne at index 1."""
        return np.array([material.base_price_usd_per_t for material in self.base.materials])

    @cached_property
    def market_price_usd(self) -> Array:
        """(K,) USD per tonne at index 1."""
        return np.repeat(self.base_price, self.Z)

    @cached_property
    def outside_cost(self) -> Array:
        """(K,) marginal full cost outside the coercer, as a price index."""
        return np.repeat([material.cost_ratio for material in self.base.materials], self.Z)

    @cached_property
    def trace(self) -> Array:
        """(M,) traceability, 0 to 1."""
        return np.array([material.traceability for material in self.base.materials])

    @cached_property
    def scope_tier(self) -> Array:
        """(M,) lowest scope of a ban that covers a material."""
        return np.array([float(material.scope_tier) for material in self.base.materials])

    @cached_property
    def base_exports(self) -> Array:
        """(M,) exports of the coercer in the base year, t/week."""
        trade = self.base.trade_t[:, self.coercer, :]
        return np.asarray(add_up(trade, axis=1) - trade[:, self.coercer])

    @cached_property
    def export_surge(self) -> Array:
        """(M,) most exports of a week over the usual ones."""
        own = np.array([material.export_surge for material in self.base.materials])
        return np.where(own > 0, own, self.par.export_surge)

    @cached_property
    def long_run_elasticity(self) -> Array:
        """(K,) of substitution, magnitude."""
        return np.repeat([m.long_run_elasticity for m in self.base.materials], self.Z)

    @cached_property
    def switching_speed(self) -> Array:
        """(K,) how fast buyers change their sellers, over the average good."""
        return np.repeat([m.switching_speed for m in self.base.materials], self.Z)

    @cached_property
    def free_trade(self) -> Array:
        """(M,) part of its sales that a plant sends to whoever orders, for bulk goods."""
        pace = np.array([m.switching_speed for m in self.base.materials])
        return np.maximum(0.0, 1.0 - 1.0 / pace)

    @cached_property
    def price_setting(self) -> Array:
        """(K,) how far the coercer's delivered price is the price of a market, 0 to 1."""
        return np.minimum(1.0, self.base_china_share / self.par.price_setting_share)

    @cached_property
    def sold_ahead(self) -> Array:
        """(P,) part of the output of a plant to come that buyers bought before it was built."""
        return np.where(self.new_plants, self.plants.offtake_share, 0.0)

    @cached_property
    def ahead_price(self) -> Array:
        """(P,) price agreed in such a contract: the cost at the start and a margin for lenders."""
        cost = np.array([plant.cost for plant in self.base.plants])
        return cost * (1.0 + self.par.offtake_margin) * (self.sold_ahead > 0)


def _goods() -> list[tuple[str, str, float]]:
    """(group, zone, USD a year) imported from the coercer, rows of data/goods.csv."""
    path, columns = DATA / "goods.csv", ("group", "zone", "imports_from_coercer_usd")
    return [
        (row["group"], row["zone"], float(row["imports_from_coercer_usd"]))
        for _, row in rows_with_taken(path, columns)
    ]


def leads(par: Parameters, hubs: int, materials: int, zones: int, coercer: int) -> Index:
    """(C, K) weeks from shipment to arrival by channel and market."""
    lead = np.empty((MAIN + hubs, materials * zones), dtype=np.int64)
    lead[CHINA] = int(par.lead_china_weeks)
    lead[OTHER] = int(par.lead_other_weeks)
    lead[RECYCLED] = int(par.lead_local_weeks)
    lead[MAIN:] = int(par.lead_grey_weeks)
    lead[CHINA, coercer::zones] = int(par.lead_local_weeks)
    return lead


def fit_preferences(base_share: Array, users: Users, groups: Groups) -> tuple[Array, Array]:
    """Weights of channels with which tasteful users buy, together, the base shares (C, K).

    Returns (market weights, user weights (C, N)); grey channels are not in the base year.
    """
    weight = base_share.copy()
    bought = groups.sum(users.need)
    for _ in range(FIT_ROUNDS):
        choice = groups.spread(weight) * users.taste
        choice /= np.maximum(add_up(choice, axis=-2), TINY)
        got = groups.sum(choice * users.need) / np.maximum(bought, TINY)
        step = np.divide(base_share, got, out=np.ones_like(got), where=(got > 0) & (bought > 0))
        weight = weight * step
        total = add_up(weight, axis=-2)
        weight = np.divide(weight, total, out=base_share.copy(), where=total > 0)
    return weight, groups.spread(weight) * users.taste


def make_setting(scenario: Scenario, users: int | None = None) -> Setting:
    """The constant part of a scenario's world; raises DataError or ScenarioError."""
    par = Parameters(scenario.parameters)
    shares = {}
    for name, share in scenario.china_share.items():
        material, _, zone = name.rpartition(".")
        shares[(material, zone)] = share
    base = build_base_year(
        load_facts(), scenario.materials, scenario.zones, scenario.coercer,
        china_share=shares, start_year=scenario.start_year, contract_year=scenario.contract_year,
    )  # fmt: skip
    zone_index = {zone.code: z for z, zone in enumerate(base.zones)}
    coercer, target = zone_index[scenario.coercer], zone_index[scenario.target]
    hubs = (*(zone_index[hub] for hub in scenario.hubs), coercer)
    channels = MAIN + len(hubs)
    rng = np.random.Generator(np.random.Philox(key=scenario.population))
    seats = {market_of(f, scenario): f.share for f in scenario.firms.values() if f.kind == FIRM}
    people = make_users(base, par, rng, users or scenario.users, channels, target, seats)
    traders = make_traders(base, par, rng, hubs, target, coercer, scenario.affiliates)
    groups = Groups(people.market, base.demand_t.size)
    preference, user_preference = fit_preferences(
        base_shares(base, coercer, len(hubs)), people, groups
    )
    lead = leads(par, len(hubs), len(base.materials), len(base.zones), coercer)
    preference[MAIN:] = par.least_channel_preference
    user_preference[MAIN:] = par.least_channel_preference * people.taste[MAIN:]
    return Setting(
        scenario=scenario, par=par, base=base, users=people, traders=traders,
        plants=plant_traits(base, par, zone_index, coercer, target, rng),
        hub_zones=hubs, coercer=coercer, target=target, preference=preference,
        user_preference=user_preference, lead=lead,
        slots=int(max(lead.max(), par.lead_hub_weeks)) + 1,
        firms=find_rows(scenario, base, people),
    )  # fmt: skip


def base_shares(base: BaseYear, coercer: int, hubs: int) -> Array:
    """(C, K) share of each channel in the purchases of the base year; 0 without demand."""
    demand = base.demand_t
    shares = np.zeros((MAIN + hubs, *demand.shape))
    china = base.trade_t[:, coercer, :]
    parts = {CHINA: china, OTHER: add_up(base.trade_t, axis=1) - china, RECYCLED: base.recycled_t}
    for channel, part in parts.items():
        np.divide(part, demand, out=shares[channel], where=demand > 0)
    _fill_empty(shares, demand)
    return shares.reshape(MAIN + hubs, -1)


def _fill_empty(shares: Array, demand: Array) -> None:
    """A market without demand today would buy as the rest of the world does."""
    total = np.maximum(add_up(demand, axis=1, keepdims=True), TINY)
    world = add_up(shares * demand, axis=2, keepdims=True) / total
    world[:, add_up(demand, axis=1) <= 0] = 0.0
    world[OTHER] += np.where(add_up(world, axis=-3) <= 0, 1.0, 0.0)
    shares[:] = np.where(demand > 0, shares, world)
