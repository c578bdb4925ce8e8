"""Industrial users, plants' feed desks and states' reserves: how much to buy, and from whom.

Compliance: drop the Japanese customer or not (over-compliance). Transshipment: buy grey or not.
Diversification: channel shares, contracts, cover (ODD 7.4, 7.5, 7.7).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agents.fear import fears_for_payments, fears_the_rule, somebody_covers
from agents.firms import bind_firms, keep_limits, kept_for_firms, weigh_grey
from world.firm_rows import contracts, cover_weeks
from world.firms import QUIT
from world.funds import vault_orders
from world.laws.capacity import RUNNING
from world.laws.diplomacy import felt_distrust
from world.laws.flows import ratio
from world.laws.licensing import is_closed
from world.laws.recycling import weight_of
from world.laws.stockpiles import dear, purchase
from world.levers import LEVERS
from world.regime import (
    Law,
    delivered_price,
    duty_at_border,
    offtake_shares,
    offtake_split,
    secured,
)
from world.setting import CHINA, MAIN, OTHER, RECYCLED
from world.state import World
from world.sums import add_up

Array = NDArray[np.float64]


def order(
    expected: Array,
    target_weeks: Array,
    stock: Array,
    under_way: Array,
    lead: Array,
    correction_weeks: float | Array,
    supply_line: float,
    cap: float,
) -> Array:
    """Weekly order of a buyer that closes its stock gap but forgets part of what is under way.

    Stock-management rule with a neglected supply line (Sterman 1989).
    """
    gap = expected * target_weeks - stock + supply_line * (expected * lead - under_way)
    return np.clip(expected + gap / correction_weeks, 0.0, cap * expected)


def appeal(
    price_ratio: Array, fill: Array, elasticity: float, fill_weight: float, fill_floor: float
) -> Array:
    """How much a channel draws relative to the base year: cheap and reliable draws more."""
    return np.asarray(price_ratio**-elasticity * np.maximum(fill, fill_floor) ** fill_weight)


def adjustment(
    fill: Array, normal: float, in_shortage: float, cap: float, pace: Array | float = 1.0
) -> Array:
    """Weekly adjustment of shares: slow in normal times, fast in shortage and in bulk goods."""
    return np.minimum(cap, pace * (normal + in_shortage * (1.0 - fill)))


def channel_appeal(world: World, law: Law) -> tuple[Array, Array]:
    """(appeal, open) of each channel by market, (R, C, K) (ODD 7.5)."""
    setting, par, markets = world.setting, world.setting.par, world.markets
    price = markets.price
    delivered, tariff = delivered_price(world, law)
    duty = duty_at_border(world, law)
    asked = np.ones((world.replicates, setting.C, setting.K))
    asked[:, CHINA] = (delivered + tariff) / price
    # with tracing, ex-China goods of Chinese origin pay at the border what the coercer's own do
    traced = np.tile(law.tracing, setting.M) * markets.outside_origin * duty / price
    least = np.maximum(undercut(world, law), outside_ask(world) / price)
    asked[:, OTHER] = (least + traced) * (1.0 - law.credit)
    grey = setting.grey
    hub_price = markets.price[:, setting.lane_market].reshape(-1, setting.H, setting.M)
    at_target = price[:, setting.target :: setting.Z]  # (R, M)
    premium = np.maximum(1.0, hub_price * (1.0 + par.hub_handling_cost) / at_target[:, None])
    asked[:, grey, setting.target :: setting.Z] = premium
    draw = appeal(
        asked, markets.channel_fill, par.source_elasticity, par.fill_weight, par.fill_floor
    )
    felt = felt_distrust(world.zones.reputation, par.reputation_spill)
    felt[:, setting.coercer] = 0.0
    draw[:, CHINA] *= np.tile(np.exp(-par.reputation_weight * felt), setting.M)
    # who was denied deliveries counts the coercer's goods as dearer than they are
    draw[:, CHINA] *= np.exp(-par.fear_premium * setting.long_run_elasticity * markets.fear)
    return draw, open_channels(world, law)


def undercut(world: World, law: Law) -> Array:
    """(R, K) price of sellers elsewhere over that of a market whose price a tariff has lifted.

    Under the umbrella of the tariff they raise their own by a part of what it adds, and win
    customers by the rest.
    """
    kept = 1.0 - world.setting.par.tariff_umbrella
    return np.asarray((1.0 + law.tariff) ** (-kept * world.setting.price_setting))


def outside_ask(world: World) -> Array:
    """(R, K) lowest price at which running ex-China plants sell: their avoidable cost."""
    setting, plants, par = world.setting, world.plants, world.setting.par
    running = np.where((plants.status == RUNNING) & ~setting.plants.coercer, plants.output, 0.0)
    weight = setting.plant_pool.sum(running)
    cost = setting.plant_pool.sum(
        running * np.minimum(plants.cost * par.avoidable_cost_share, par.outside_ask_cap)
    )
    mean = np.divide(cost, weight, out=np.zeros_like(cost), where=weight > 0)
    return np.repeat(mean, setting.Z, axis=-1)


def open_channels(world: World, law: Law) -> Array:
    """(R, C, K) 1 where a channel can be ordered from."""
    setting, markets = world.setting, world.markets
    open_ = np.zeros((world.replicates, setting.C, setting.K))
    pending = add_up(markets.applications, axis=1)
    closed = is_closed(law.breadth, law.duty, law.approval, markets.licences + pending)
    open_[:, CHINA] = ~closed
    target = slice(setting.target, None, setting.Z)
    has_traders = setting.lanes.sum(setting.traders.capacity) > 0
    by_hub = has_traders.reshape(setting.H, setting.M).astype(float)
    open_[:, setting.grey, target] = by_hub * markets.grey_open[:, None, target]
    open_[:, OTHER] = 1.0
    open_[:, RECYCLED] = markets.recycling > 0
    return open_


def reach(world: World) -> Array:
    """(R, H, K) weight of each hub over the least, 1 or more: the part of need that it can serve.

    A hub is a supplier as large as what its traders that divert can send. Smugglers inside the
    coercer cannot be looked for; they keep the least weight.
    """
    setting, rows = world.setting, world.traders
    sent = setting.lanes.sum(rows.capacity * (rows.active > 0)).reshape(-1, setting.H, setting.M)
    abroad = np.array(setting.hub_zones) != setting.coercer
    need = setting.base_demand[setting.target :: setting.Z]
    least = setting.par.least_channel_preference * np.where(need > 0, need, np.inf)
    weight = np.where(abroad[:, None], np.maximum(1.0, sent / least), 1.0)
    return np.repeat(weight, setting.Z, axis=-1)


def new_shares(
    share: Array, wanted: Array, open_: Array, speed: Array, keep_closed: float, most: Array
) -> Array:
    """Shares (R, C, n) after a week: a step to what is wanted; closed channels wither (ODD 7.5).

    `open_` (R, C, n) is 1 where a channel takes orders. With none open, orders wait where they are.
    Nobody wants more of the coercer's goods than `most` (R, n), a ceiling or what is contracted
    elsewhere.
    """
    total = add_up(wanted, axis=1, keepdims=True)
    some = total > 0
    if some.all():
        target = wanted / total
    else:
        target = np.where(some, wanted, share)
        target /= np.where(some, total, 1.0)
    over = np.maximum(0.0, target[:, CHINA] - most) * some[:, 0]
    target[:, CHINA] -= over
    target[:, OTHER] += over
    moved = target - share
    moved *= speed[:, None]
    moved += share
    kept = np.where((open_ > 0) | ~some, moved, keep_closed * moved)
    moved -= kept
    # what withers goes where orders are taken
    kept += add_up(moved, axis=1, keepdims=True) * target
    return np.asarray(kept)


def under_ceiling(share: Array, ceiling: Array, speed: float | Array) -> Array:
    """Purchases above a dependence ceiling move to outside supply, a part a week."""
    excess = speed * np.maximum(0.0, share[:, CHINA] - ceiling)
    share[:, CHINA] -= excess
    share[:, OTHER] += excess
    return share


def contracted(world: World) -> Array:
    """(R, K) part of a market's need that is contracted outside the coercer.

    By its state, by a firm with a seat beyond its own need, or by what a new plant sold ahead to
    lend on: that contract outlasts the crisis.
    """
    setting = world.setting
    yearly = contracts(world).transpose(0, 2, 1).reshape(-1, setting.K)
    ahead = setting.sold_ahead
    if not (yearly > 0).any() and not (ahead > 0).any():
        return np.zeros_like(yearly)
    plants, traits, output = world.plants, setting.plants, world.plants.output
    first = np.minimum(offtake_shares(world) * plants.capacity, output)  # (R, P) t/week
    made = setting.plant_pool.sum(first)  # (R, M)
    # what the contracted plants make goes to the contracting states by their parts
    split = offtake_split(world)
    due = split.reshape(-1, setting.K) * np.repeat(made, setting.Z, axis=-1)
    # a state's contract on what its buyers bought ahead is the same one: no tonne goes twice
    buyers = split[:, traits.material, np.maximum(traits.offtake_zone, 0)] * first
    taken = np.minimum(ahead * plants.capacity, output) - buyers
    due = due + setting.plant_offtakes.sum(np.clip(taken, 0.0, output - first))
    kept, bound = kept_for_firms(world, due)
    due = due - kept
    # tonnes are contracted, not parts: who needs less buys less from others
    need = setting.user_markets.sum(world.users.expected_need) - bound
    return np.asarray(np.minimum(setting.par.contracted_cap, ratio(due, need, 0.0)))


def most_from_coercer(world: World) -> Array:
    """(R, K) share of the coercer that contracts and capital elsewhere leave (ODD 7.5, 7.17)."""
    setting, bound = world.setting, contracted(world)
    if not (world.markets.equity > 0).any():
        return np.asarray(1.0 - bound)
    need = setting.user_markets.sum(world.users.expected_need)
    brought = ratio(secured(world), need, 0.0)
    left = np.maximum(1.0 - setting.par.contracted_cap, setting.base_china_share - bound - brought)
    return np.where(brought > 0, np.minimum(1.0 - bound, left), 1.0 - bound)


def preferences(world: World) -> Array:
    """(C, N), or (R, C, N) once supply is collected that the base year did not have.

    A recycler is then a supplier as large as what it can deliver (ODD 7.5), so that what nobody
    bought at the start is looked at.
    """
    setting, collected = world.setting, world.markets.collected
    if not (collected > 0).any():
        return setting.user_preference
    more = weight_of(
        collected, setting.base_demand, setting.recycled_share, setting.par.recycling_cap
    )
    liking = np.repeat(setting.user_preference[None], world.replicates, axis=0)
    liking[:, RECYCLED] += setting.user_markets.spread(more) * setting.users.taste[RECYCLED]
    return liking


def choose_sources(world: World, law: Law) -> tuple[Array, Array]:
    """(shares of the main channels (R, 3, N), shares of hubs for users in the target (R, H, G))."""
    setting, par = world.setting, world.setting.par
    users, groups, grey = setting.users, setting.user_markets, setting.grey_markets
    draw, open_ = channel_appeal(world, law)
    pull = draw * open_
    speed = groups.spread(
        adjustment(
            world.markets.fill,
            par.share_adjustment,
            par.share_adjustment_shortage,
            par.share_adjustment_cap,
            setting.switching_speed,
        )
    ) * (1.0 - users.contract * (world.users.contract_weeks > 0))
    keep, old = par.closed_channel_keep, world.users.share
    most = groups.spread(np.minimum(law.ceiling, most_from_coercer(world)))
    bind_firms(world, most)
    liking = preferences(world)
    wanted = groups.spread(pull[:, :MAIN]) * liking[..., :MAIN, :]
    share = new_shares(old, wanted, groups.spread(open_[:, :MAIN]), speed, keep, most)
    rows = setting.grey_users
    pull[:, MAIN:] *= reach(world)
    wanted = grey.spread(pull) * liking[..., rows]
    weigh_grey(world, wanted)
    before = np.concatenate([old[..., rows], world.grey.share], axis=1)
    all_ = new_shares(before, wanted, grey.spread(open_), speed[:, rows], keep, most[:, rows])
    share[..., rows] = all_[:, :MAIN]
    pace = groups.spread(np.minimum(1.0, par.ceiling_compliance * setting.switching_speed))
    share = under_ceiling(share, most, pace)
    # desks of refiners that quit move away from the coercer; who was caught gets nothing from it
    desks = users.feed
    quits = world.plants.terms[:, users.feed_plant] == QUIT
    caught = world.plants.blacklist_weeks[:, users.feed_plant] > 0
    speed_away = np.where(caught, 1.0, par.quit_speed)
    share[..., desks] = under_ceiling(
        share[..., desks], np.where(quits | caught, 0.0, 1.0), speed_away
    )
    listed = world.users.listed_weeks > 0
    if listed.any():  # who is on the list for serving the target gets nothing more
        share = under_ceiling(share, np.where(listed, 0.0, np.inf), 1.0)
    hubs = all_[:, MAIN:]
    keep_limits(world, old, share, hubs)
    return share, hubs


def mean_lead(world: World, share: Array, grey: Array) -> Array:
    """(R, N) weeks that a user's orders are on their way, by its shares."""
    setting, par = world.setting, world.setting.par
    lead = (
        share[:, CHINA] * setting.china_lead
        + share[:, OTHER] * par.lead_other_weeks
        + share[:, RECYCLED] * par.lead_local_weeks
    )
    lead[:, setting.grey_users] += par.lead_grey_weeks * add_up(grey, axis=1)
    return lead


def choose(world: World, law: Law) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """(orders (R, N), main shares, hub shares, who drops customers in the target (R, N))."""
    setting, par = world.setting, world.setting.par
    users, rows, groups = setting.users, world.users, world.setting.user_markets
    share, grey = choose_sources(world, law)
    lift = np.minimum(par.cover_cap, 1.0 + par.hoarding_gain * world.markets.hoarding)
    stock = rows.stock[:, 0] + rows.stock[:, 1]
    under_way = add_up(rows.pipe, axis=(1, 2))
    bridge, hurry = rush(world)
    asked = order(
        rows.expected_need,
        cover_weeks(world) * groups.spread(lift) + groups.spread(bridge),
        stock,
        under_way,
        mean_lead(world, share, grey),
        groups.spread(hurry),
        par.supply_line_weight,
        par.order_cap,
    )
    asked[:, users.reserve] = reserve_orders(world)
    return asked, share, grey, refuses_target(world, law, stock)


def rush(world: World) -> tuple[Array, Array]:
    """(weeks of need bought ahead, weeks in which buyers close their gap), (R, K) each (ODD 7.4).

    Before a dated measure buyers mean to hold what a licence will take to come, as far as they
    believe that the measure touches their goods, and order it while it may still leave.
    """
    markets, par = world.markets, world.setting.par
    left = markets.deadline_weeks
    dated = left > 0
    review = world.regime["licence_weeks"][:, world.setting.coercer]
    bridge = np.where(dated, review * markets.announced * markets.true_share, 0.0)
    hurry = np.where(dated, np.minimum(par.stock_correction_weeks, left), 1.0)
    return bridge, np.where(dated, hurry, par.stock_correction_weeks)


def refuses_target(
    world: World, law: Law, stock: Array, covered: bool = True
) -> NDArray[np.bool_]:
    """Industrial users that drop their customers in the target for fear of the rule.

    Who would do so without the cover of states if not `covered`.
    """
    setting, users = world.setting, world.setting.users
    scared = np.zeros(stock.shape, dtype=bool)
    part = users.industrial
    scared[:, part] = fears_for_payments(
        world, users.zone[part], users.exposure[part], users.tolerance[part],
        users.market[part] // setting.Z,
    )  # fmt: skip
    if not (law.clause > 0).any():
        return scared
    held = stock[:, part]
    content = np.divide(
        world.users.stock[:, 0, part], held, out=np.zeros_like(held), where=held > 0
    )
    scared[:, part] |= fears_the_rule(
        world,
        law,
        users.zone[part],
        users.exposure[part],
        users.tolerance[part],
        content,
        users.market[part] // setting.Z,
        covered,
    )
    return scared


def kept_by_cover(world: World, law: Law, drops: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Users that serve the target because their state covers them; None where no state does."""
    if not somebody_covers(world):
        return None
    stock = world.users.stock[:, 0] + world.users.stock[:, 1]
    return np.asarray(refuses_target(world, law, stock, covered=False) & ~drops)


def reserve_orders(world: World) -> Array:
    """What states buy for their reserves this week, (R, reserves) (ODD 7.17)."""
    setting = world.setting
    part = setting.users.reserve
    market = setting.users.market[part]
    days = world.regime["stockpile_target_days"].transpose(0, 2, 1).reshape(-1, setting.K)
    target = days[:, market] / 7.0 * setting.base_demand[market]
    held = add_up(world.users.stock[:, :, part], axis=1)
    held += add_up(world.users.pipe[..., part], axis=(1, 2))
    releases = np.tile(world.regime["stockpile_release"][:, :, 0] > 0, setting.M)[:, market]
    target = np.where(releases, 0.0, target)  # who sells from a stock does not fill it
    missing = np.where(target - held > 1e-9 * target, target, held)
    weeks = setting.par.stockpile_build_weeks
    bought = purchase(missing, held, weeks)
    vault = vault_orders(world)
    if vault is not None:
        most = LEVERS["stockpile_target_days"].high / 7.0 * setting.base_demand[market]
        room = np.where(releases, 0.0, purchase(most, held, weeks))
        bought = np.maximum(bought, np.minimum(vault[:, market], room))
    patience = np.tile(world.regime["vault_restraint"][:, :, 0], setting.M)[:, market]
    if (patience > 0).any():
        par = setting.par
        price = world.markets.price[:, market]
        bought = bought * (1.0 - patience * dear(price, par.restraint_from, par.restraint_full))
    return bought
