"""What one state's seat may see of the world. Fog of war lives here and nowhere else.

- everybody: prices in every zone, published output loss, mood and distrust, customs declarations,
  public measures and threats, listed firms, remarks that provoke;
- a state: besides, its own zone's cover, fill, stopped lines, public stock, budget, its own
  levers and how others see it;
- a hub: besides, the anomaly and the rents of its own trade, from manifests nobody else reads;
- the coercer: besides, its leverage over each zone as declarations show it, and the customs
  anomaly of every hub.

Nobody sees true origin, what firms believe, or another seat's secret levers (`SECRET`). The
anomaly is smoothed (ODD 7.9) and therefore as late as customs data are. What the seat of a firm
sees is `firm_view`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agents.firm_view import SECRET as SECRET
from agents.firm_view import FirmView as FirmView
from agents.firm_view import Hidden as Hidden
from agents.firm_view import firm_view as firm_view
from world.laws.capacity import MOTHBALLED, RUNNING
from world.laws.flows import ratio
from world.laws.output import concession_odds
from world.levers import LEVERS, current_rung, place
from world.regime import payments_at_stake
from world.sums import add_up
from world.units import QUARTER as QUARTER
from world.units import TINY

if TYPE_CHECKING:
    from world.state import World

Array = NDArray[np.float64]
ByPlace = Mapping[str, Array]


@dataclass(frozen=True)
class StateView:
    """One seat's picture at the start of a week.

    Every array has the lucks first: (R,) or (R, M). In `luck(r)` they are plain numbers and (M,).
    """

    actor: str
    coercer: str
    target: str
    zones: tuple[str, ...]
    materials: tuple[str, ...]
    hubs: tuple[str, ...]
    week: int
    replicates: int
    # the own zone by material, (R, M)
    price: Array  # index, 1 in the last warm-up year
    price_half_year: Array
    cover_weeks: Array  # industrial users' stock over their need
    fill: Array  # smoothed share of orders that were met
    stopped_share: Array  # of need, in lines below half their rate
    halted_share: Array  # the same of industrial lines, a mean of about four weeks
    declared_share: Array  # the coercer's share of arrivals by declared origin
    stock_days: Array  # public stock in days of use
    need_t: Array  # t/week in the base year
    weight: Array  # part in the value of purchases, sum 1
    risk_weight: Array  # part in the value added that stops without the material, sum 1
    usd_per_kg: Array  # base price
    cost: Array  # full cost of supply outside the coercer, as a price index
    capacity_t: Array  # t/week of plants in the zone that are built
    idle_share: Array  # part of that capacity that stands idle or in mothballs
    # the own zone, (R,)
    gdp_loss: Array  # share of GDP in the last week
    loss_total_usd: Array  # so far
    budget_usd: Array
    rally: Array
    distrust: Array
    coercer_approval: Array
    alliance_approval: Array
    concession_probability: Array  # within four weeks, as the own cabinet sees it
    provocation: Array  # 0 to 1, how fresh the remarks to which the coercer objects are
    # everybody's, by zone, (R,) each
    losses: ByPlace
    rallies: ByPlace
    distrusts: ByPlace
    allied_trust: ByPlace  # how the allies see a state, 0 to 1
    stock_lost: ByPlace  # weeks of cover lost, published to the nearest quarter
    protest_weeks: ByPlace  # for which a formal protest has stood
    case_stage: ByPlace  # step of a zone's case at the WTO (world/laws/court.py)
    case_dropped: ByPlace  # weeks for which a case that it withdrew still counts as a deal
    stakes: ByPlace  # share of GDP that rests on supply from the coercer, public estimates
    gdp_usd: ByPlace
    payment_exposure: ByPlace  # share of a zone's stakes that hangs on the coercer's payments
    supply_exposure: ByPlace  # the coercer's share of a zone's imports of all goods
    exports_usd: ByPlace  # the coercer's yearly sales of the materials in the base year
    prices: ByPlace  # (R, M) each
    # by hub, (R,) each; whoever may not see it has no entry
    listed_firms: ByPlace
    collective_weeks: ByPlace
    anomaly: ByPlace  # log of exports to the hub over normal ones
    rents_usd: ByPlace  # weekly gain of the hub's traders from passing goods on
    # by zone, (R,) each
    leverage: ByPlace  # the coercer sees all, others what concerns themselves
    rung: ByPlace  # step of the ladder towards the target, for the coercer and the target
    parameters: Mapping[str, float]
    regime: Mapping[str, Array] = field(repr=False)
    chair: ByPlace = field(default_factory=dict)  # 1 for the zone that has the chair of FORGE
    parties: tuple[str, ...] = ()  # with whom the coercer has its quarrel, the target among them

    @property
    def phase(self) -> int:
        """Weeks since the quarter began."""
        return self.week % QUARTER

    def own(self, lever: str) -> Array:
        """The own lever as it stands with orders under way: (R,), or (R, I) without its index."""
        return self._held(self.actor, lever)

    def of(self, actor: str, lever: str) -> Array:
        """Another seat's lever if it is public; raises Hidden."""
        name, _, index = lever.partition(".")
        concerns_us = name == "licence_approval" and index == self.actor
        if actor != self.actor and name in SECRET and not concerns_us:
            raise Hidden(f"{self.actor} cannot see {name} of {actor}.")
        return self._held(actor, lever)

    def _held(self, actor: str, lever: str) -> Array:
        name, _, index = lever.partition(".")
        kind = LEVERS[name].index
        values = self.regime[name][..., self.zones.index(actor), :]
        if not kind:
            return np.asarray(values[..., 0])
        axis = self.zones if kind == "zone" else self.materials
        return np.asarray(values[..., axis.index(index)] if index else values)

    def ban_on(self, zone: str) -> Array:
        """Breadth of the coercer's ban on a zone, as announced."""
        return self.of(self.coercer, f"ban_breadth.{zone}")

    @property
    def worst_ban(self) -> Array:
        """Breadth of the broadest ban on anybody."""
        return np.asarray(self.of(self.coercer, "ban_breadth").max(axis=-1))

    @property
    def public_threat(self) -> Array:
        """Strength of the threat against who passes goods on to the target, 0 without a clause."""
        clause = self.of(self.coercer, "third_country_clause")
        return np.asarray(clause * self.of(self.coercer, "threat"))

    def mean(self, by_material: Array) -> Array:
        """Mean over materials, weighted by the value of purchases, (R,)."""
        return np.asarray(add_up(self.weight * by_material, axis=-1))

    def at_risk(self, by_material: Array) -> Array:
        """Mean over materials, weighted by the value added that stops without them, (R,)."""
        return np.asarray(add_up(self.risk_weight * by_material, axis=-1))

    def luck(self, replicate: int) -> StateView:
        """The same picture of one luck, with plain numbers instead of (R,) arrays."""

        def pick(value: Array) -> Array:
            return np.asarray(value)[replicate]  # type: ignore[no-any-return]

        changes: dict[str, object] = {"replicates": 1}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                changes[entry.name] = pick(value)
            elif isinstance(value, Mapping) and entry.name != "parameters":
                changes[entry.name] = {place: pick(array) for place, array in value.items()}
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Survey:
    """Sums over firms that every seat's picture is cut from, made once a week; (R, M, Z)."""

    price: Array
    price_half_year: Array
    cover_weeks: Array
    fill: Array
    stopped_share: Array
    declared_share: Array
    stock_days: Array
    cost: Array
    capacity_t: Array
    idle_t: Array
    listed_firms: Array  # (R, H)
    anomaly: Array  # (R, H)
    rents_usd: Array  # (R, H)
    leverage: Array  # (R, Z)
    stakes: Array  # (R, Z)


def survey(world: World) -> Survey:
    """Statistics of the week that has just ended."""
    setting, r = world.setting, world.replicates
    users, shape = setting.users, (world.replicates, setting.M, setting.Z)
    industry = np.zeros(len(users.market))
    industry[users.industrial] = 1.0

    def by_market(values: Array) -> Array:
        return setting.user_markets.sum(values * industry)

    stock, need = by_market(add_up(world.users.stock, axis=1)), by_market(world.users.expected_need)
    halted = world.users.line_rate < setting.par.stopped_line
    stopped = by_market(world.users.expected_need * halted)
    public = np.zeros((r, setting.K))
    public[:, users.market[users.reserve]] = add_up(world.users.stock, axis=1)[:, users.reserve]
    declared = world.last.get("markets", {}).get("china_share_declared")
    if declared is None:
        declared = np.broadcast_to(setting.base_china_share, (r, setting.K))
    declared = np.nan_to_num(declared)
    demand = np.broadcast_to(setting.base_demand, (r, setting.K))
    built = np.where(world.plants.status <= MOTHBALLED, world.plants.capacity, 0.0)
    working = np.where(world.plants.status == RUNNING, world.plants.output, 0.0)
    capacity = setting.plant_markets.sum(built)
    anomaly, rents = _hub_trade(world)
    return Survey(
        price=world.markets.price.reshape(shape),
        price_half_year=world.markets.price_half_year.reshape(shape),
        # where nobody uses a material nobody runs short of it
        cover_weeks=ratio(stock, need, float(setting.par.cover_weeks_median)).reshape(shape),
        fill=world.markets.fill.reshape(shape),
        stopped_share=ratio(stopped, need, 0.0).reshape(shape),
        declared_share=declared.reshape(shape),
        stock_days=7.0 * ratio(public, demand, 0.0).reshape(shape),
        cost=_cost(world, built).reshape(shape), capacity_t=capacity.reshape(shape),
        idle_t=np.maximum(0.0, capacity - setting.plant_markets.sum(working)).reshape(shape),
        listed_firms=setting.trader_hub.sum((world.traders.blacklist_weeks > 0).astype(float)),
        anomaly=anomaly, rents_usd=rents,
        leverage=_seen_leverage(world, declared), stakes=_stakes(world, declared),
    )  # fmt: skip


def _hub_trade(world: World) -> tuple[Array, Array]:
    """(how far exports to a hub stand out, weekly rent of its traders), (R, H).

    The first is the log of flow over normal flow in the material that stands out most; a part of
    all exports of a material is added to both, so that crumbs do not count.
    """
    setting, r = world.setting, world.replicates
    abroad = add_up(setting.base_china.reshape(setting.M, setting.Z), axis=1)
    abroad = abroad - setting.base_china[setting.coercer :: setting.Z]
    crumbs = np.tile(np.maximum(setting.par.anomaly_crumbs * abroad, 1e-9), setting.H)
    lanes = np.log((world.lanes.seen_exports + crumbs) / (world.lanes.normal_exports + crumbs))
    anomaly = lanes.reshape(r, setting.H, setting.M).max(axis=-1)
    price = world.markets.price
    gap = price[:, setting.trader_target] - price[:, setting.trader_market] * (
        1.0 + setting.par.hub_handling_cost
    )
    gain = world.traders.active * world.traders.capacity * np.maximum(0.0, gap)
    return anomaly, setting.trader_hub.sum(gain * setting.base_price[setting.traders.material])


def state_view(world: World, actor: str, common: Survey | None = None) -> StateView:
    """The picture of one seat; `common` is the week's survey where several seats look."""
    setting, scenario = world.setting, world.setting.scenario
    seen = common or survey(world)
    z, r = setting.zone_index[actor], world.replicates
    regime = _with_orders_under_way(world, actor)
    zones = tuple(setting.zone_index)
    base_value = setting.base.demand_t[:, z] * setting.base_price
    weight = base_value / max(float(add_up(base_value, axis=-1)), TINY)
    risk = setting.base.value_at_risk_usd[:, z]

    def fan(values: Array) -> Array:
        return np.broadcast_to(values, (r, *values.shape))

    def own(name: str) -> Array:
        return np.asarray(getattr(world.zones, name)[:, z])

    def by_zone(values: Array) -> dict[str, Array]:
        return {zone: values[:, i] for i, zone in enumerate(zones)}

    return StateView(
        actor=actor, coercer=scenario.coercer, target=scenario.target, zones=zones,
        materials=tuple(setting.material_index), hubs=scenario.hubs, week=world.week, replicates=r,
        price=seen.price[..., z], price_half_year=seen.price_half_year[..., z],
        cover_weeks=seen.cover_weeks[..., z], fill=seen.fill[..., z],
        stopped_share=seen.stopped_share[..., z], declared_share=seen.declared_share[..., z],
        stock_days=seen.stock_days[..., z], need_t=fan(setting.base.demand_t[:, z]),
        halted_share=world.markets.halted.reshape(r, setting.M, setting.Z)[..., z],
        weight=fan(weight), risk_weight=fan(risk / max(float(add_up(risk, axis=-1)), TINY)),
        usd_per_kg=fan(setting.base_price / 1000.0), cost=seen.cost[..., z],
        capacity_t=seen.capacity_t[..., z],
        idle_share=ratio(seen.idle_t[..., z], seen.capacity_t[..., z], 0.0),
        gdp_loss=own("gdp_loss"), loss_total_usd=own("loss_total_usd"),
        budget_usd=own("budget_usd"), rally=own("rally"), distrust=own("reputation"),
        coercer_approval=own("coercer_approval"), alliance_approval=own("alliance_approval"),
        concession_probability=_odds(world)[:, z], provocation=_provocation(world),
        losses=by_zone(world.zones.gdp_loss), rallies=by_zone(world.zones.rally),
        distrusts=by_zone(world.zones.reputation),
        allied_trust=by_zone(world.zones.alliance_approval),
        stock_lost=by_zone(QUARTER * np.rint(world.zones.stock_lost_weeks / QUARTER)),
        protest_weeks=by_zone(world.zones.protest_weeks), stakes=by_zone(seen.stakes),
        case_stage=by_zone(world.zones.case_stage), case_dropped=by_zone(world.zones.case_dropped),
        chair=by_zone(world.chair),
        gdp_usd=by_zone(fan(setting.gdp)), exports_usd=by_zone(fan(_exports_usd(world))),
        payment_exposure=by_zone(payments_at_stake(world)),
        supply_exposure=by_zone(fan(setting.supply_share)),
        prices={zone: seen.price[..., i] for i, zone in enumerate(zones)},
        parameters=vars(setting.par), regime=regime, parties=scenario.parties,
        **_hub_pictures(world, actor, seen), **_grip_pictures(world, regime, actor, seen),
    )  # fmt: skip


def _with_orders_under_way(world: World, actor: str) -> dict[str, Array]:
    """The regime with the seat's own orders that wait for their delay; others' show when due."""
    regime = dict(world.regime)
    scenario = world.setting.scenario
    for _, order, value in world.pending:
        if order.actor != actor:
            continue
        name = order.lever.partition(".")[0]
        if regime[name] is world.regime[name]:
            regime[name] = regime[name].copy()
        row, places = place(scenario, actor, order.lever)
        for where in places:
            held = regime[name][:, row, where]
            regime[name][:, row, where] = np.where(np.isnan(value), held, value)
    return regime


def _hub_pictures(world: World, actor: str, seen: Survey) -> dict[str, dict[str, Array]]:
    """What is known of hubs: punishments by all, traffic by the coercer and by the hub itself."""
    names = [tuple(world.setting.zone_index)[zone] for zone in world.setting.hub_zones]
    everything = actor == world.setting.scenario.coercer
    return {
        "listed_firms": {hub: seen.listed_firms[:, h] for h, hub in enumerate(names)},
        "collective_weeks": {hub: world.hubs.collective_weeks[:, h] for h, hub in enumerate(names)},
        "anomaly": {
            hub: seen.anomaly[:, h] for h, hub in enumerate(names) if everything or hub == actor
        },
        "rents_usd": {
            hub: seen.rents_usd[:, h]
            for h, hub in enumerate(names)
            if hub == actor and not everything
        },
    }


def _grip_pictures(
    world: World, regime: Mapping[str, Array], actor: str, seen: Survey
) -> dict[str, dict[str, Array]]:
    """The coercer's leverage by declarations, and the ladder for the two whom it concerns."""
    scenario = world.setting.scenario
    coercer, target = scenario.coercer, scenario.target
    return {
        "leverage": {
            zone: seen.leverage[:, i]
            for i, zone in enumerate(world.setting.zone_index)
            if actor in (coercer, zone)
        },
        "rung": (
            {target: current_rung(regime, scenario, target)} if actor in (coercer, target) else {}
        ),
    }


def _seen_leverage(world: World, declared: Array) -> Array:
    """(R, Z) leverage by declared shares and normal cover: nobody can count others' stocks."""
    setting = world.setting
    grip = setting.leverage_over(declared, np.full(setting.K, setting.par.cover_weeks_median))
    by_zone = add_up(grip.reshape(world.replicates, setting.M, setting.Z), axis=1)
    by_zone[:, setting.coercer] = 0.0
    # a source of its own that is believed to come is a reason not to count on the grip
    hope = np.minimum(1.0, setting.plant_zones.sum(world.plants.belief))
    by_zone *= 1.0 - setting.par.trial_bargain * hope
    return np.asarray(by_zone)


def _stakes(world: World, declared: Array) -> Array:
    """(R, Z) share of GDP that rests on supply from the coercer."""
    setting = world.setting
    at_risk = (setting.value_at_risk * declared).reshape(-1, setting.M, setting.Z)
    stakes = add_up(at_risk, axis=1) / setting.gdp
    stakes[:, setting.coercer] = 0.0
    return np.asarray(stakes)


def _exports_usd(world: World) -> Array:
    setting = world.setting
    value = 52.0 * (setting.base_china * setting.market_price_usd).reshape(setting.M, setting.Z)
    exports = add_up(value, axis=-2)
    exports[setting.coercer] = 0.0
    return np.asarray(exports)


def _cost(world: World, built: Array) -> Array:
    """(R, K) full cost of a zone's plants by capacity, or of a median new plant where it has none.

    `built` (R, P) is the capacity that stands.
    """
    setting = world.setting
    capacity = setting.plant_markets.sum(built)
    total = setting.plant_markets.sum(world.plants.cost * built)
    return np.where(capacity > 0, ratio(total, capacity, 0.0), setting.outside_cost)


def _odds(world: World) -> Array:
    par, zones = world.setting.par, world.zones
    return concession_odds(
        100.0 * zones.gdp_loss, zones.stock_lost_weeks, zones.rally, par.concession_base,
        par.concession_loss, par.concession_stock, par.concession_rally,
    )  # fmt: skip


def _provocation(world: World) -> Array:
    """(R,) the freshest provocation, whoever gave it."""
    return np.asarray(world.zones.provocation.max(axis=-1))
