"""Everything about a world that does not change while it runs: firms, places, figures, indices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from world.base_year import BaseYear, build_base_year
from world.facts import load_facts
from world.firm_rows import FirmRows, find_rows, market_of
from world.firms import FIRM
from world.flow_map import FlowMap, map_flows
from world.laws.flows import Groups
from world.laws.output import leverage
from world.levers import read_rows
from world.parameters import Parameters
from world.plant_traits import PlantTraits, plant_traits
from world.population import Traders, Users, make_traders, make_users
from world.scenario import Scenario
from world.sums import add_up
from world.units import TINY

Array = NDArray[np.float64]
Index = NDArray[np.int64]

CHINA, OTHER, RECYCLED = 0, 1, 2  # places of the channels that every market has
MAIN = 3  # grey channels through hubs follow, and only users in the target have shares in them
FIT_ROUNDS = 60


@dataclass(frozen=True)
class Setting:
    """The constant part of a world; see `make_setting`."""

    scenario: Scenario
    par: Parameters
    base: BaseYear
    users: Users
    traders: Traders
    plants: PlantTraits
    hub_zones: tuple[int, ...]
    coercer: int
    target: int
    preference: Array  # (C, K) base weight of each channel
    user_preference: Array  # (C, N) preference x taste, fitted to the base shares
    lead: Index  # (C, K) weeks
    slots: int  # length of the pipelines
    firms: FirmRows  # with a seat

    @property
    def M(self) -> int:
        """Materials."""
        return len(self.base.materials)

    @property
    def Z(self) -> int:
        """Zones."""
        return len(self.base.zones)

    @property
    def K(self) -> int:
        """Markets, k = m Z + z."""
        return self.M * self.Z

    @property
    def H(self) -> int:
        """Hubs, the coercer as the last."""
        return len(self.hub_zones)

    @property
    def C(self) -> int:
        """Channels."""
        return MAIN + self.H

    @property
    def grey(self) -> slice:
        """Places of the grey channels."""
        return slice(MAIN, MAIN + self.H)

    @cached_property
    def grey_users(self) -> Index:
        """(G,) users in the target, who may buy grey."""
        return np.flatnonzero(self.users.zone == self.target)

    @cached_property
    def grey_markets(self) -> Groups:
        """Sums over users in the target by market."""
        return Groups(self.users.market[self.grey_users], self.K)

    @cached_property
    def zone_users(self) -> list[Index]:
        """Users of each zone, in their order."""
        return [np.flatnonzero(self.users.zone == z) for z in range(self.Z)]

    @cached_property
    def zone_markets(self) -> list[Groups]:
        """Sums by market over the users of one zone."""
        return [Groups(self.users.market[rows], self.K) for rows in self.zone_users]

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
    def covered_by_parts(self) -> Index:
        """(K,) market of the finished part made of a material, or the market itself."""
        part = list(range(self.M))
        for plant in self.base.plants:
            for material, _ in plant.inputs:
                if material in self.material_index and plant.stage == "magnet":
                    part[self.material_index[material]] = self.material_index[plant.material]
        return np.array([part[m] * self.Z + z for m in range(self.M) for z in range(self.Z)])

    @cached_property
    def at_risk(self) -> Array:
        """(K,) value added of all users of a market, USD a year."""
        return self.user_markets.sum(self.users.value_added)

    @cached_property
    def china_lead(self) -> Array:
        """(N,) weeks from the coercer to each user."""
        return np.asarray(self.lead[CHINA].astype(float)[self.users.market])

    @cached_property
    def flow_map(self) -> FlowMap:
        """Rows of the table of flows."""
        return map_flows(self.M, self.Z, self.hub_zones, self.coercer, self.target)

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
        path = Path(__file__).parent / "data" / "goods.csv"
        total: dict[str, float] = {}
        for row in read_rows(path, ("zone", "imports_from_coercer_usd")):
            value = float(row["imports_from_coercer_usd"])
            total[row["zone"]] = total.get(row["zone"], 0.0) + value
        return total

    @cached_property
    def cost_share(self) -> Array:
        """(K,) material cost over value added at risk, at most `cost_share_cap` (ODD 7a)."""
        bought = 52.0 * self.base_demand * self.market_price_usd
        risk = self.value_at_risk
        share = np.divide(bought, risk, out=np.zeros_like(bought), where=risk > 0)
        return np.minimum(self.par.cost_share_cap, share)

    @cached_property
    def zone_index(self) -> dict[str, int]:
        """Places of zones by code."""
        return {zone.code: z for z, zone in enumerate(self.base.zones)}

    @cached_property
    def material_index(self) -> dict[str, int]:
        """Places of materials by id."""
        return {material.id: m for m, material in enumerate(self.base.materials)}

    @cached_property
    def user_markets(self) -> Groups:
        """Sums over users, feed desks and reserves by market."""
        return Groups(self.users.market, self.K)

    @cached_property
    def plant_pool(self) -> Groups:
        """Sums over plants by material."""
        return Groups(self.plants.material, self.M)

    @cached_property
    def plant_markets(self) -> Groups:
        """Sums over plants by the market they sell in at home."""
        return Groups(self.plants.market, self.K)

    @cached_property
    def new_plants(self) -> NDArray[np.bool_]:
        """(P,) plants that were no part of the base year."""
        return np.array([plant.base_output_t <= 0 for plant in self.base.plants])

    @cached_property
    def offtake_rank(self) -> Index:
        """(P,) plants by material in the order in which states contract them.

        New ones stand first, among them those known to look for a buyer, then the cheapest.
        """
        old = np.array([plant.base_output_t > 0 for plant in self.base.plants])
        cost = np.array([plant.cost for plant in self.base.plants])
        unbound = self.plants.offtake_zone < 0
        return np.lexsort((cost, unbound, old, self.plants.material))

    @cached_property
    def plant_offtakes(self) -> Groups:
        """Sums over plants by the market that has bought ahead, at home where none has."""
        plants = self.plants
        zone = np.where(plants.offtake_zone >= 0, plants.offtake_zone, plants.zone)
        return Groups(plants.material * self.Z + zone, self.K)

    @cached_property
    def plant_zones(self) -> Groups:
        """Sums over plants by zone."""
        return Groups(self.plants.zone, self.Z)

    @cached_property
    def plant_buyers(self) -> Groups:
        """Sums over plants by the zone that has them under contract, their own where none."""
        plants = self.plants
        buyer = np.where(plants.offtake_zone >= 0, plants.offtake_zone, plants.zone)
        return Groups(buyer, self.Z)

    @cached_property
    def lane(self) -> Index:
        """(J,) place h * M + m of each trader."""
        return self.traders.hub * self.M + self.traders.material

    @cached_property
    def lanes(self) -> Groups:
        """Sums over traders by lane h M + m."""
        return Groups(self.lane, self.H * self.M)

    @cached_property
    def trader_hub(self) -> Groups:
        """Sums over traders by hub."""
        return Groups(self.traders.hub, self.H)

    @cached_property
    def trader_market(self) -> Index:
        """(J,) market in which a trader buys."""
        zones = np.array(self.hub_zones, dtype=np.int64)
        return np.asarray(self.traders.material * self.Z + zones[self.traders.hub])

    @cached_property
    def trader_source(self) -> Index:
        """(J,) market whose price a trader pays: its hub's, or at home for a plant of a producer
        there."""
        at_home = self.traders.material * self.Z + self.coercer
        return np.where(self.traders.affiliate, at_home, self.trader_market)

    @cached_property
    def trader_markets(self) -> Groups:
        """Sums over traders by the market in which they buy."""
        return Groups(self.trader_market, self.K)

    @cached_property
    def trader_target(self) -> Index:
        """(J,) market in which a trader sells."""
        return np.asarray(self.traders.material * self.Z + self.target)

    @cached_property
    def lane_market(self) -> Index:
        """(H*M,) the hub's own market of a lane."""
        return np.array(
            [m * self.Z + zone for zone in self.hub_zones for m in range(self.M)], dtype=np.int64
        )

    @cached_property
    def base_demand(self) -> Array:
        """(K,) t/week in the base year."""
        return self.base.demand_t.ravel()

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
    def market_foreign(self) -> Array:
        """(K,) 1 outside the coercer."""
        return np.tile(np.arange(self.Z) != self.coercer, self.M).astype(float)

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
    def lane_markets(self) -> Groups:
        """Sums over lanes by the hub's own market."""
        return Groups(self.lane_market, self.K)

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
