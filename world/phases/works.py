"""Plants: output, projects, closures; public stocks and recycling (ODD 7.11, 7.17)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.funds import capital_orders
from world.laws.capacity import (
    BUILDING,
    MOTHBALLED,
    PLANNED,
    RUNNING,
    SCRAPPED,
    commission,
    overbuilding,
)
from world.laws.flows import ratio, smooth
from world.laws.recycling import gather, grow_old, retired
from world.laws.stockpiles import raise_lowest
from world.phases.calendar import disruption
from world.phases.firms import expand
from world.phases.scratch import Week, need
from world.phases.trials import try_out
from world.regime import equity_open
from world.setting import RECYCLED
from world.sums import add_up
from world.units import QUARTER

Array = NDArray[np.float64]


def produce(week: Week) -> None:
    """Output of the week joins the stocks of plants, or the pool of the coercer."""
    world = week.world
    setting, par, rows = world.setting, world.setting.par, world.plants
    traits = setting.plants
    rows.utilisation[:] = week.choice.plant_utilisation
    running = rows.status == RUNNING
    hurt = disruption(world, "disaster")
    output = rows.capacity * rows.utilisation * running * need(week.feed_rate) * hurt
    mix = np.where(traits.needs_feed, need(week.feed_mix), 0.0)
    mix = np.where(traits.coercer, 1.0, mix)
    made = np.stack([output * mix, output * (1.0 - mix)], axis=1)
    rows.stock += np.where(traits.coercer, 0.0, made)
    world.pools.stock += setting.plant_pool.sum(np.where(traits.coercer, output, 0.0))
    # a plant gets cheaper with all it has made (learning by doing)
    more = np.where(rows.cumulative > 0, (rows.cumulative + output) / np.maximum(
        rows.cumulative, 1e-12), 1.0)  # fmt: skip
    rows.cost[:] = np.where(traits.coercer, rows.cost, rows.cost * more**-par.learning_exponent)
    rows.cumulative += output
    rows.output[:] = output
    week.made = setting.plant_pool.sum(made).swapaxes(1, 2).copy()
    recycled = need(week.shipped)[:, RECYCLED]
    week.made[:, :, 1] += add_up(recycled.reshape(-1, setting.M, setting.Z), axis=-1)


def build(week: Week) -> None:
    """Status of plants: projects start and finish, poor plants close, some come back."""
    world = week.world
    setting, par, rows, choice = world.setting, world.setting.par, world.plants, week.choice
    rows.expected_price[:] = smooth(
        rows.expected_price, choice.plant_price, par.expected_price_smoothing
    )
    poor = choice.plant_price < rows.cost * par.avoidable_cost_share * (1.0 - choice.plant_support)
    poor &= (rows.status == RUNNING) & ~setting.plants.coercer
    rows.low_weeks[:] = np.where(poor, rows.low_weeks + 1.0, 0.0)
    shut = rows.status == MOTHBALLED
    rows.mothball_weeks[:] = np.where(shut, rows.mothball_weeks + 1.0, 0.0)
    if not (setting.scenario.frozen_projects or world.warming):
        waiting = (rows.status == BUILDING) | (rows.status == PLANNED)
        rows.wait_weeks[:] = np.where(
            waiting, np.maximum(0.0, rows.wait_weeks - 1.0), rows.wait_weeks
        )
        done = (rows.status == BUILDING) & (rows.wait_weeks <= 0)
        _change(week, done, RUNNING, "start", "starts production")
        _grow(week)
        try_out(week)
        first = np.minimum(par.first_utilisation, rows.normal)
        rows.utilisation[:] = np.where(done, first, rows.utilisation)
    lead = np.maximum(rows.wait_weeks, par.least_lead_share * setting.plants.lead_weeks)
    rows.wait_weeks[:] = np.where(choice.plant_builds, lead, rows.wait_weeks)
    _change(
        week, choice.plant_builds, BUILDING, "build",
        "is built: its expected revenue beats its cost",
    )  # fmt: skip
    _change(
        week,
        choice.plant_closes,
        MOTHBALLED,
        "mothball",
        "goes into mothballs: the price was below its "
        f"avoidable cost for {int(par.mothball_weeks)} weeks",
    )
    rows.wait_weeks[:] = np.where(choice.plant_restarts, par.restart_weeks, rows.wait_weeks)
    _change(week, choice.plant_restarts, BUILDING, "restart", "comes back from mothballs")
    _change(
        week, choice.plant_scraps, SCRAPPED, "scrap",
        "is given up: workforce and permits are lost",
    )  # fmt: skip
    _change_terms(week)
    expand(week)
    _buy_in(week)


def _buy_in(week: Week) -> None:
    """States pay for more output of plants elsewhere by capital, as far as some is to be had.

    What was paid for once may be given up and taken again without a second payment (ODD 7.17).
    """
    world = week.world
    setting, markets = world.setting, world.markets
    grid = (-1, setting.M, setting.Z)
    wanted = world.regime["equity_offtake"].transpose(0, 2, 1)  # (R, M, Z)
    orders, rights = capital_orders(world), markets.fund_rights
    if orders is not None or (rights > 0).any():
        bought = np.zeros_like(rights) if orders is None else orders
        need_t = 52.0 * setting.base_demand  # nobody wants more than it uses
        # a fund that is over keeps what it paid for and wants no more
        rights[:] = np.where(
            bought > 0, np.minimum(need_t, rights + bought), np.minimum(rights, markets.equity_paid)
        )
    if (markets.fund_rights > 0).any():
        wanted = np.maximum(wanted, markets.fund_rights.reshape(grid))
    more = np.maximum(0.0, wanted - markets.equity_paid.reshape(grid))
    if (more > 0).any():
        had = ratio(equity_open(world), add_up(more, axis=-1), 0.0)
        more = more * np.minimum(1.0, had)[..., None]
        markets.equity_paid += more.reshape(-1, setting.K)
    usd = (markets.price * setting.market_price_usd).reshape(grid)
    week.money["equity"] = add_up(setting.par.equity_years * more * usd, axis=1)
    markets.equity[:] = np.minimum(wanted.reshape(-1, setting.K), markets.equity_paid)


def _grow(week: Week) -> None:
    """Plants are commissioned; the coercer's producers build after good years (ODD 7.11)."""
    world = week.world
    setting, par, rows = world.setting, world.setting.par, world.plants
    traits = setting.plants
    started = (rows.status == RUNNING) & ~traits.coercer
    reached = commission(rows.normal, traits.full_use, traits.ramp_step)
    reached = np.where(started, reached, rows.normal)
    rows.utilisation += reached - rows.normal  # who is commissioned uses what is ready
    rows.normal[:] = reached
    abroad = setting.base_sales_abroad
    price = world.markets.price_year.reshape(-1, setting.M, setting.Z)
    earned = ratio(add_up(abroad * price, axis=-1), add_up(abroad, axis=-1), 0.0)
    more = overbuilding(earned, par.overbuild_rate, par.overbuild_price_cap)[:, traits.material]
    growth = 1.0 + more * traits.coercer
    rows.capacity *= growth
    rows.normal /= growth
    rows.utilisation /= growth


def _change(week: Week, which: NDArray[np.bool_], status: int, change: str, text: str) -> None:
    world = week.world
    setting, rows = world.setting, world.plants
    if not which.any():
        return
    rows.status[:] = np.where(which, float(status), rows.status)
    for replicate, k in zip(*np.nonzero(which), strict=True):
        plant = setting.base.plants[k]
        price = float(week.choice.plant_price[replicate, k])
        cost = float(rows.cost[replicate, k])
        week.tell(
            int(replicate),
            "plant",
            plant.name,
            plant.zone,
            f"{plant.name} ({plant.material}) {text} (price it sees {price:.2f}, full cost "
            f"{cost:.2f} of the base price).",
            material=plant.material,
            change=change,
            price=price,
            cost=cost,
        )


TERMS = ("accepts the licence terms", "gives up feed from the coercer", "sells processed feed on")


def _change_terms(week: Week) -> None:
    world = week.world
    rows, setting = world.plants, world.setting
    new = week.choice.plant_terms
    for replicate, k in zip(*np.nonzero(new != rows.terms), strict=True):
        plant = setting.base.plants[k]
        price = world.markets.price[replicate]
        there = price[setting.plants.material[k] * setting.Z + setting.target]
        premium = float(there / price[setting.plants.market[k]] - 1.0)
        week.tell(
            int(replicate),
            "terms",
            plant.name,
            setting.scenario.target,
            f"{plant.name} {TERMS[int(new[replicate, k])]}; the premium in "
            f"{setting.scenario.target} is {premium:.0%}.",
            terms=float(new[replicate, k]),
            premium=premium,
        )
    rows.terms[:] = new


def release_stocks(week: Week) -> None:
    """Public stock goes to the users with the least cover, lowest first (ODD 7.17)."""
    world = week.world
    setting, par = world.setting, world.setting.par
    week.released = np.zeros((world.replicates, setting.K))
    week.released_chinese = np.zeros_like(week.released)
    rate = world.regime["stockpile_release"][:, :, 0] / QUARTER  # (R, Z) share of the stock a week
    for zone in np.flatnonzero((rate > 0).any(axis=0)):
        _release_in(week, int(zone), rate[:, zone])
    slot = (world.week + int(par.lead_local_weeks)) % setting.slots
    world.markets.on_way[:, slot, setting.C] += week.released
    world.markets.on_way[:, slot, setting.C + 1] += week.released_chinese


def _release_in(week: Week, zone: int, rate: Array) -> None:
    """One zone's release; only its own users matter, so only they are looked at."""
    world = week.world
    setting, par, rows = world.setting, world.setting.par, world.users
    who, markets = setting.zone_users[zone], setting.zone_markets[zone]
    reserve = setting.users.reserve
    part = who[who >= reserve.start]
    market = setting.users.market[part]
    held = rows.stock[:, :, part]
    total = add_up(held, axis=1)
    offered = np.zeros((world.replicates, setting.K))
    offered[:, market] = total * rate[:, None]
    stock = rows.stock[:, 0, who] + rows.stock[:, 1, who]
    got = raise_lowest(
        stock, rows.expected_need[:, who], offered, par.stockpile_trigger_weeks, markets
    )
    given = markets.sum(got)
    chinese_share = np.zeros_like(given)
    chinese_share[:, market] = ratio(held[:, 0], total, 0.0)
    chinese = got * markets.spread(chinese_share)
    slot = (world.week + int(par.lead_local_weeks)) % setting.slots
    rows.pipe[:, slot, 0, who] += chinese
    rows.pipe[:, slot, 1, who] += got - chinese
    taken = given[:, market]
    rows.stock[:, 0, part] = np.maximum(0.0, held[:, 0] - taken * chinese_share[:, market])
    rows.stock[:, 1, part] = np.maximum(0.0, held[:, 1] - taken * (1.0 - chinese_share[:, market]))
    released, released_chinese = need(week.released), need(week.released_chinese)
    released += given
    released_chinese += given * chinese_share


def recycle(week: Week) -> None:
    """Recycled supply follows the price of half a year, slowly; so does what support collects.

    Support brings back material of products that are given up, so its supply follows what was
    sold a product's life ago (ODD 7.17).
    """
    world = week.world
    setting, par, markets = world.setting, world.setting.par, world.markets
    base, pace = setting.base.recycled_t.ravel(), par.recycling_growth / QUARTER
    life = par.product_life_years * 52.0
    price = np.maximum(markets.price_half_year, par.recycling_price_low)
    pull, most = price**par.recycling_price_exponent, par.recycling_cap * setting.base_demand
    old = markets.recycling - markets.collected
    step = pace * np.maximum(base, old)
    own = np.maximum(0.0, np.clip(np.minimum(base * pull, most), old - step, old + step))
    support = np.tile(world.regime["recycling_support"][:, :, 0], setting.M)
    given_up = retired(markets.in_use, life)
    reach, room = support * par.recycling_reach * given_up, np.maximum(0.0, most - own)
    markets.collected[:] = gather(markets.collected, given_up, reach, pull, room, pace)
    markets.recycling[:] = own + markets.collected
    markets.in_use[:] = grow_old(markets.in_use, setting.user_markets.sum(need(week.use)), life)
