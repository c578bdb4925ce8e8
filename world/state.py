"""The world: its tables, the regime in force and the calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from world import columns
from world.columns import Table
from world.decisions import Order
from world.laws.capacity import BUILDING, RUNNING, STATUS
from world.laws.recycling import STAGES, in_use_at_start
from world.levers import LEVERS, default_regime
from world.regime import Law, law_in_force
from world.setting import CHINA, MAIN, OTHER, Setting
from world.sums import add_up
from world.units import TINY

if TYPE_CHECKING:
    from world.network.phase import Played
    from world.purse import Budget

Array = NDArray[np.float64]

CHAIR = "chair"  # kind of an event, and of what it leaves behind

LONGEST_REVIEW = int(LEVERS["licence_weeks"].high)


@dataclass
class World:
    """State of R lucks of the same world at the start of a week; see `columns` for the tables."""

    setting: Setting
    replicates: int
    week: int
    users: Table
    grey: Table
    traders: Table
    plants: Table
    markets: Table
    pools: Table
    hubs: Table
    lanes: Table
    zones: Table
    firms: Table
    regime: dict[str, Array]
    law: Law
    flows_past: Array  # (R, slots, F) tonnes shipped by flow, the latest weeks
    lanes_past: Array  # (R, slots, H*M) tonnes shipped to traders
    pending: list[tuple[int, Order, Array]] = field(default_factory=list)
    disruptions: list[tuple[int, int, str, Array]] = field(default_factory=list)
    last: dict[str, dict[str, Array]] = field(default_factory=dict)
    warming: bool = False
    held: Array | None = None  # masses at the end of the last week
    network: Played | None = None  # firms of the target, where losses are counted by them
    covered: tuple[tuple[bytes, ...], Array] | None = None  # offtake shares, and what they rest on
    budget: Budget | None = None  # purses of the quarter, where an allowance binds

    @property
    def chair(self) -> Array:
        """(R, Z) 1 for the zone whose state has the chair of FORGE, who took it last."""
        none = np.zeros((self.replicates, self.setting.Z))
        taken = (values for *_, kind, values in reversed(self.disruptions) if kind == CHAIR)
        return next(taken, none)

    def copy(self) -> World:
        """An independent twin, for a branch or a what-if."""
        return self.spread(self.replicates)

    def spread(self, replicates: int) -> World:
        """The same world for `replicates` lucks; from one luck, or a copy if as many."""

        def fan(values: Array) -> Array:
            if replicates == self.replicates:
                return values.copy()
            return np.repeat(values[:1], replicates, axis=0)

        def twin(table: Table) -> Table:
            return table.copy() if replicates == self.replicates else table.spread(replicates)

        world = World(
            setting=self.setting, replicates=replicates, week=self.week,
            users=twin(self.users), grey=twin(self.grey), traders=twin(self.traders),
            plants=twin(self.plants),
            markets=twin(self.markets), pools=twin(self.pools), hubs=twin(self.hubs),
            lanes=twin(self.lanes), zones=twin(self.zones), firms=twin(self.firms),
            regime={name: fan(values) for name, values in self.regime.items()}, law=self.law,
            flows_past=fan(self.flows_past), lanes_past=fan(self.lanes_past),
            pending=[(week, order, fan(value)) for week, order, value in self.pending],
            disruptions=[(a, b, kind, fan(v)) for a, b, kind, v in self.disruptions],
            last={t: {c: fan(v) for c, v in cols.items()} for t, cols in self.last.items()},
            warming=self.warming,
            network=None if self.network is None else self.network.spread(replicates),
            budget=None if self.budget is None else self.budget.spread(replicates),
        )  # fmt: skip
        world.law = law_in_force(world)
        return world

    def refresh_law(self) -> None:
        """To be called after any lever has moved."""
        self.law = law_in_force(self)

    def tables(self) -> dict[str, Table]:
        names = (
            "users", "grey", "traders", "plants", "markets", "pools", "hubs", "lanes", "zones",
            "firms",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def mass(self) -> Array:
        """(R, M, 2) tonnes held anywhere, by material and true origin (for the mass balance)."""
        setting = self.setting
        total = np.zeros((self.replicates, setting.M, 2))
        held = self.users.stock + add_up(self.users.pipe, axis=1)
        by_market = setting.user_markets.sum(held)
        grid = by_market.reshape(self.replicates, 2, setting.M, setting.Z)
        total += add_up(grid, axis=-1).swapaxes(1, 2)
        traded = self.traders.stock + add_up(self.traders.pipe, axis=1)
        lanes = setting.lanes.sum(traded).reshape(self.replicates, 2, setting.H, setting.M)
        total += add_up(lanes, axis=2).swapaxes(1, 2)
        total += setting.plant_pool.sum(self.plants.stock).swapaxes(1, 2)
        total[:, :, CHINA] += self.pools.stock
        return total


def _sizes(setting: Setting) -> dict[str, int]:
    return {
        "origin": 2, "slot": setting.slots, "channel": setting.C, "main": MAIN, "hub": setting.H,
        "trace": int(setting.par.tracing_weeks) + 1, "review": LONGEST_REVIEW + 1,
        "source": setting.C + 2, "age": STAGES,
    }  # fmt: skip


def start_world(setting: Setting, week: int = 0) -> World:
    """One luck at the fixed point of the base year at the start of `week` (ODD 5)."""
    sizes = _sizes(setting)

    def table(spec: tuple[columns.Column, ...], rows: int) -> Table:
        return Table(spec, 1, rows, sizes)

    world = World(
        setting=setting, replicates=1, week=week,
        users=table(columns.USERS, len(setting.users.market)),
        grey=table(columns.GREY, len(setting.grey_users)),
        traders=table(columns.TRADERS, len(setting.traders.hub)),
        plants=table(columns.PLANTS, len(setting.plants.zone)),
        markets=table(columns.MARKETS, setting.K), pools=table(columns.POOLS, setting.M),
        hubs=table(columns.HUBS, setting.H), lanes=table(columns.LANES, setting.H * setting.M),
        zones=table(columns.ZONES, setting.Z), firms=table(columns.FIRMS, len(setting.firms)),
        regime=default_regime(setting.scenario), law=None,  # type: ignore[arg-type]
        flows_past=np.zeros((1, setting.slots, setting.flow_map.count)),
        lanes_past=np.zeros((1, setting.slots, setting.H * setting.M)),
    )  # fmt: skip
    _start_reserves(world)
    world.refresh_law()
    _start_users(world)
    _start_plants(world)
    _start_markets(world)
    return world


def _start_reserves(world: World) -> None:
    """A state means to keep what it holds, unless the scenario says otherwise."""
    setting = world.setting
    named = {text.split(".")[0] for text in setting.scenario.levers if "stockpile_target" in text}
    days = setting.base.stock_days.T  # (Z, M)
    for z, zone in enumerate(setting.base.zones):
        if zone.code not in named:
            world.regime["stockpile_target_days"][:, z, :] = days[z]


def _start_users(world: World) -> None:
    """Shares, stocks and pipelines filled for every lead time, in the base mix of origins."""
    setting, users = world.setting, world.setting.users
    share = setting.user_preference.copy()
    share[MAIN:] = 0.0
    share /= np.maximum(add_up(share, axis=-2), TINY)
    world.users.share[0] = share[:MAIN]
    world.users.expected_need[0] = users.need
    mix, _ = origin_mix(setting)
    chinese = add_up(share * setting.user_markets.spread(mix), axis=-2)
    stock = users.need * users.cover
    days = setting.base.stock_days.ravel() / 7.0 * setting.base_demand
    stock[users.reserve] = days[users.market[users.reserve]]
    world.users.stock[0] = np.stack([stock * chinese, stock * (1.0 - chinese)])
    lead = setting.lead[:, users.market]
    for ahead in range(setting.slots):
        # an order of k weeks ago arrives in lead - k weeks: weeks 0 .. lead - 1 are on their way
        slot = (world.week + ahead) % setting.slots
        under_way = share * users.need * (lead > ahead)
        c = add_up(under_way * setting.user_markets.spread(mix), axis=-2)
        world.users.pipe[0, slot] = np.stack([c, add_up(under_way, axis=-2) - c])
        world.markets.on_way[0, slot, : setting.C] = setting.user_markets.sum(under_way)
    rng = np.random.Generator(np.random.Philox(key=setting.scenario.population + 2**32))
    world.users.contract_weeks[0] = rng.permutation(
        np.linspace(0.0, setting.par.contract_weeks, len(users.market))
    ).round()


def origin_mix(setting: Setting) -> tuple[Array, Array]:
    """Chinese-origin share of each channel's supply (C, K) and of each plant's output (P,).

    Ex-China supply carries what refiners abroad make of Chinese feed; found by iteration over the
    stages, since magnets inherit the origin of their oxides and oxides that of their ores.
    """
    users, traits, part = setting.users, setting.plants, setting.users.feed
    choice = setting.user_preference[:MAIN, part]
    choice = choice / np.maximum(add_up(choice, axis=-2), TINY)
    market, eaten = users.market[part], users.feed_per_output
    made = np.zeros(len(setting.base.plants))
    mix = np.zeros((setting.C, setting.K))
    mix[CHINA] = 1.0
    sold = (
        traits.sales_weight
        * np.where(traits.coercer, 0.0, [plant.base_output_t for plant in setting.base.plants])[
            :, None
        ]
    )  # (P, Z)
    total = setting.plant_pool.sum(np.ascontiguousarray(sold.T)).T.ravel()
    for _ in range(len(setting.base.materials)):
        chinese = setting.plant_pool.sum(np.ascontiguousarray((sold * made[:, None]).T)).T.ravel()
        mix[OTHER] = np.divide(chinese, total, out=np.zeros_like(total), where=total > 0)
        from_coercer = choice[CHINA] + choice[OTHER] * mix[OTHER, market]
        mass = np.bincount(users.feed_plant, eaten, len(made)).astype(float)
        held = np.bincount(users.feed_plant, eaten * from_coercer, len(made)).astype(float)
        made = np.divide(held, mass, out=np.zeros_like(mass), where=mass > 0)
        made[traits.coercer] = 0.0
    return mix, made


def _start_plants(world: World) -> None:
    setting, par, plants = world.setting, world.setting.par, world.plants
    traits = setting.plants
    _, mix = origin_mix(setting)
    year = setting.scenario.start_year
    for k, plant in enumerate(setting.base.plants):
        code = STATUS.index(plant.status)
        plants.status[0, k] = code
        plants.capacity[0, k] = plant.capacity_t
        plants.cost[0, k] = plant.cost
        plants.normal[0, k] = traits.normal_utilisation[k]
        full = plant.capacity_t * traits.full_use[k]
        plants.cumulative[0, k] = 52.0 * par.learning_start_years * full
        if code == RUNNING:
            plants.utilisation[0, k] = traits.base_use[k]
            plants.output[0, k] = plant.base_output_t
        if code >= BUILDING:
            plants.wait_weeks[0, k] = max(0.0, round((plant.start_year - year) * 52))
        if not traits.coercer[k]:
            held = plant.base_output_t * par.plant_stock_weeks
            plants.stock[0, :, k] = held * mix[k], held * (1.0 - mix[k])


def _start_markets(world: World) -> None:
    setting, par = world.setting, world.setting.par
    trade = setting.base.trade_t[:, setting.coercer, :]
    home = trade[:, setting.coercer]
    exports = add_up(trade, axis=1) - home
    world.pools.stock[0] = (
        par.coercer_stock_export_weeks * exports + par.coercer_stock_home_weeks * home
    )
    world.pools.usual_exports[0] = exports
    duty = world.law.duty
    loss = par.licence_expiry * par.licence_catch_up_weeks
    world.markets.smuggled[0] = setting.base_smuggled
    papers = (1.0 - setting.base_smuggled) * setting.base_china
    world.markets.licences[:] = par.licence_cover_weeks / (1.0 + loss) * duty * papers
    # reviews of past weeks, so that approvals do not stop at the start
    steady = duty * papers + par.licence_expiry * world.markets.licences
    weeks = int(world.regime["licence_weeks"][0, setting.coercer, 0])
    ring = world.markets.applications
    for age in range(1, weeks + 1):
        ring[:, (world.week - age) % ring.shape[1]] = steady
    mix, _ = origin_mix(setting)
    chinese = setting.user_markets.sum(
        setting.users.need
        * add_up(world.users.share[0] * setting.user_markets.spread(mix[:MAIN]), axis=-2)
    )
    world.markets.true_share[0] = np.divide(
        chinese, setting.base_need, out=np.zeros_like(chinese), where=setting.base_need > 0
    )
    world.markets.recycling[0] = setting.base.recycled_t.ravel()
    world.markets.in_use[0] = in_use_at_start(
        setting.base_demand, 52.0 * par.product_life_years, par.use_growth / 52.0
    )
    world.markets.china_need[0] = papers
    world.hubs.belief[:] = par.detection_prior
    world.traders.capacity[:] = setting.traders.start
    world.hubs.credibility[:] = par.credibility_start
    abroad = setting.lane_market % setting.Z != setting.coercer  # what it sends itself is no export
    exports_to = setting.base_china[setting.lane_market] * abroad
    world.lanes.seen_exports[0] = exports_to
    world.lanes.normal_exports[0] = exports_to


def snapshot(world: World) -> dict[str, Any]:
    """All columns by table and name, for comparisons."""
    return {
        f"{table}.{name}": values
        for table, rows in world.tables().items()
        for name, values in rows.items()
    }
