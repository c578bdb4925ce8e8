"""Orders, licences, allocation and shipment: the traded half of a week (ODD 7.5-7.8)."""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray

from world.firm_rows import prefer_target
from world.firms import EVADE
from world.laws.flows import ratio, smooth
from world.laws.licensing import (
    accepted_orders,
    applications,
    clearance,
    desk_share,
    fill_quota,
    without_retries,
)
from world.laws.market import allocate_outside
from world.levers import LEVERS
from world.phases.freight import flown
from world.phases.scratch import Week, need
from world.regime import by_market, offtake_shares, offtake_split
from world.setting import CHINA, OTHER, RECYCLED
from world.state import World
from world.sums import add_up, mean_of

Array = NDArray[np.float64]

UNLIMITED_QUOTA = LEVERS["export_quota"].high  # the lever's upper end means no quota


def place_orders(week: Week) -> None:
    """Users' and traders' orders meet in each market's channels."""
    world = week.world
    setting, choice = world.setting, week.choice
    week.asked = choice.user_order
    world.users.share[:] = choice.user_share
    world.grey.share[:] = choice.grey_share
    week.asked_by = choice.user_order[:, None] * choice.user_share
    week.asked_grey = choice.user_order[:, None, setting.grey_users] * choice.grey_share
    week.orders = np.concatenate(
        [setting.user_markets.sum(week.asked_by), setting.grey_markets.sum(week.asked_grey)],
        axis=1,
    )
    world.traders.active[:] = choice.trader_active
    world.traders.outside_share[:] = choice.trader_outside
    week.trader_orders = setting.trader_markets.sum(choice.trader_order)


def divert(week: Week) -> None:
    """Traders ship from hubs to the target: active ones all, the others ex-China goods only."""
    world = week.world
    setting, traders = world.setting, world.setting.traders
    rows = world.traders
    orders = need(week.orders).reshape(-1, setting.C, setting.M, setting.Z)
    wanted = orders[:, setting.grey, :, setting.target].reshape(world.replicates, -1)
    q = traders.capacity
    held = add_up(rows.stock, axis=1)
    clean = ratio(rows.stock[:, 1], held, 0.0)
    active = rows.active > 0
    opened = world.markets.grey_open[:, setting.trader_target] > 0
    ship = setting.par.trader_ship_share
    offer = np.where(active, np.minimum(q, ship * held), np.minimum(q, ship * rows.stock[:, 1]))
    offer = offer * opened
    offered = setting.lanes.sum(offer)
    scale = np.minimum(1.0, ratio(wanted, offered, 0.0))
    sent = offer * setting.lanes.spread(scale)
    chinese = np.where(active, sent * (1.0 - clean), 0.0)
    chinese = np.minimum(chinese, rows.stock[:, 0])
    other = np.minimum(sent - chinese, rows.stock[:, 1])
    rows.stock[:, 0] -= chinese
    rows.stock[:, 1] -= other
    rows.diverted[:, world.week % rows.diverted.shape[1]] = chinese
    rows.diverted_usd += chinese * world.markets.price[:, setting.trader_target]
    week.regrey_chinese = setting.lanes.sum(chinese)
    week.regrey = week.regrey_chinese + setting.lanes.sum(other)


def license_exports(week: Week) -> None:
    """Applications, approvals and what may clear; then the coercer ships (ODD 7.6, 7.8)."""
    world = week.world
    setting, par, law, markets = world.setting, world.setting.par, world.law, world.markets
    grid = (-1, setting.M, setting.Z)
    orders = _accepted(week, need(week.orders)[:, CHINA] + need(week.trader_orders)[:, 0])
    markets.china_need += par.demand_smoothing * (orders - markets.china_need)
    asked = applications(
        orders,
        markets.licences,
        markets.china_need,
        law.duty,
        par.licence_cover_weeks,
        par.licence_catch_up_weeks,
    )
    asked = without_retries(asked, markets.refused, par.stock_correction_weeks)
    ring = markets.applications
    size = ring.shape[1]
    age = (world.week - np.arange(size)) % size  # weeks since each slot was filled
    review = world.regime["licence_weeks"][:, setting.coercer, 0]
    due = (age[None] >= review[:, None]) & (age[None] > 0)  # slots (R, size) that are decided
    pile = add_up(ring * due[:, :, None], axis=1)
    desk = desk_share(pile.reshape(grid), par.licence_desk * world.pools.usual_exports)
    desk = np.repeat(desk, setting.Z, axis=-1)
    decided = pile * desk
    ring *= 1.0 - due[:, :, None] * desk[:, None]
    # a pile older than the ring is long waits on with the oldest entries that it still holds
    ring[:, (world.week + 1) % size] += ring[:, world.week % size]
    ring[:, world.week % size] = asked * (1.0 - law.breadth)
    approval = law.approval * _collective_factor(week)
    markets.licences[:] = (1.0 - par.licence_expiry) * markets.licences + approval * decided
    markets.refused[:] = (1.0 - 1.0 / par.refused_weeks) * markets.refused
    markets.refused += (1.0 - approval) * decided
    most, licensed = clearance(orders, markets.licences, law.duty, law.breadth)
    _ship_from_coercer(week, orders, most, licensed)


def _accepted(week: Week, orders: Array) -> Array:
    """(R, K) orders that the coercer's exporters can handle beside those of its own users."""
    world = week.world
    setting = world.setting
    grid = orders.reshape(-1, setting.M, setting.Z)
    foreign = grid.copy()
    foreign[:, :, setting.coercer] = 0.0
    taken = accepted_orders(foreign, setting.export_surge * world.pools.usual_exports)
    taken[:, :, setting.coercer] = grid[:, :, setting.coercer]
    return taken.reshape(orders.shape)


def _collective_factor(week: Week) -> Array:
    """(R, K) what collective punishment leaves of a hub's approvals."""
    world = week.world
    setting = world.setting
    cut = world.regime["collective_punishment"][:, setting.coercer, 0]
    left = np.ones((world.replicates, setting.Z))
    for h, zone in enumerate(setting.hub_zones):
        if zone != setting.coercer:
            left[:, zone] -= cut * (world.hubs.collective_weeks[:, h] > 0)
    return by_market(left, setting.M)


def _ship_from_coercer(week: Week, orders: Array, most: Array, licensed: Array) -> None:
    """Own users first, then a part of what remains for export, in proportion to what may clear."""
    world = week.world
    setting, par, pools = world.setting, world.setting.par, world.pools
    grid = (-1, setting.M, setting.Z)
    asked = orders.reshape(grid)
    home = np.minimum(asked[:, :, setting.coercer], pools.stock)
    left = pools.stock - home
    admitted = most.reshape(grid).copy()
    admitted[:, :, setting.coercer] = 0.0
    total = add_up(admitted, axis=-1)
    scale = np.minimum(1.0, ratio(par.export_share_per_week * left, total, 1.0))
    # the quota's scale is one of what the stock already lets go
    scale = scale * _quota_scale(week, total * scale)
    exports = admitted * scale[:, :, None]
    left_today = add_up(exports, axis=-1)
    pools.shipped_year += left_today
    pools.usual_exports[:] = np.maximum(
        setting.base_exports,
        smooth(pools.usual_exports, left_today, 1.0 / par.export_memory_weeks),
    )
    pools.stock -= home + left_today
    np.maximum(pools.stock, 0.0, out=pools.stock)
    shipped = exports
    shipped[:, :, setting.coercer] = home
    week.from_coercer = shipped.reshape(orders.shape)
    used = licensed.reshape(grid) * scale[:, :, None]
    used[:, :, setting.coercer] = 0.0
    licences = world.markets.licences
    np.maximum(licences - used.reshape(licences.shape), 0.0, out=licences)


def _quota_scale(week: Week, wanted: Array) -> Array:
    """(R, M) scale of recorded exports under yearly quotas; the count restarts with the year."""
    world = week.world
    setting = world.setting
    date = setting.scenario.date(world.week)
    if date - datetime.timedelta(days=7) < datetime.date(date.year, 1, 1):
        world.pools.shipped_year[:] = 0.0
    quota = world.law.quota
    if (quota >= UNLIMITED_QUOTA).all():
        return np.ones_like(quota)
    trade = setting.base.trade_t[:, setting.coercer, :]
    # in the year in which a scenario starts a quota counts for the rest of it
    first = max(setting.scenario.start, datetime.date(date.year, 1, 1))
    year = (datetime.date(date.year, 12, 31) - first).days / 7.0
    year_t = year * (add_up(trade, axis=1) - trade[:, setting.coercer])
    left = np.maximum(0.0, quota * year_t - world.pools.shipped_year)
    weeks = max(1.0, (datetime.date(date.year, 12, 31) - date).days / 7.0)
    scale = fill_quota(wanted, left, np.full_like(left, weeks), setting.par.quota_pace)
    return np.where(quota >= UNLIMITED_QUOTA, 1.0, scale)


def allocate(week: Week) -> None:
    """Ex-China plants, hubs, recyclers and reserves fill orders; everything goes on its way."""
    world = week.world
    setting = world.setting
    orders = need(week.orders)
    week.shipped = np.zeros_like(orders)
    week.mix = np.zeros_like(orders)
    fill = np.ones_like(orders)
    asked_china = orders[:, CHINA] + need(week.trader_orders)[:, 0]
    fill[:, CHINA] = ratio(need(week.from_coercer), asked_china, 1.0)
    week.shipped[:, CHINA] = fill[:, CHINA] * orders[:, CHINA]
    week.mix[:, CHINA] = 1.0
    _ship_outside(week, fill)
    grey = setting.grey
    target = slice(setting.target, None, setting.Z)
    lanes = (-1, setting.H, setting.M)
    week.shipped[:, grey, target] = need(week.regrey).reshape(lanes)
    week.mix[:, grey, target] = ratio(need(week.regrey_chinese), need(week.regrey), 0.0).reshape(
        lanes
    )
    fill[:, grey] = np.minimum(1.0, ratio(week.shipped[:, grey], orders[:, grey], 1.0))
    recycled = np.minimum(orders[:, RECYCLED], world.markets.recycling)
    week.shipped[:, RECYCLED] = recycled
    fill[:, RECYCLED] = ratio(recycled, orders[:, RECYCLED], 1.0)
    week.fill = fill
    _send_to_users(week)
    _send_to_traders(week, fill)
    _run_off(week)


def barred_at_target(world: World) -> NDArray[np.bool_]:
    """(R, P) plants whose material is under a ban on the target."""
    setting = world.setting
    return np.asarray(
        world.law.breadth[:, setting.plants.material * setting.Z + setting.target] > 0
    )


def _sales_limits(week: Week) -> tuple[Array, Array]:
    """(goods on offer (R, P), what may go to the target as a share of it (R, P))."""
    world = week.world
    setting, rows, traits = world.setting, world.plants, world.setting.plants
    held = add_up(rows.stock, axis=1)
    offer = np.where(traits.coercer, 0.0, world.setting.par.export_share_per_week * held)
    content = ratio(rows.stock[:, 0], held, 0.0)
    law = world.law
    barred = barred_at_target(world)
    abroad = (traits.zone != setting.target) & (law.clause > 0)[:, None]
    bound = barred & abroad & (rows.terms != EVADE)
    obeys = bound & (content > setting.par.de_minimis_share)
    # who accepts the terms keeps Chinese-origin goods from the target, unless it never had feed
    clean_only = obeys & (traits.chinese_feed > setting.par.terms_feed_least)
    allowed = np.where(clean_only, 1.0 - content, 1.0)
    rows.stop_weeks[:] = np.where(
        week.choice.plant_stops, world.setting.par.over_compliance_weeks, rows.stop_weeks
    )
    return offer, np.where(rows.stop_weeks > 0, 0.0, allowed)


def _ship_outside(week: Week, fill: Array) -> None:
    """Contracts first, then by price and habit (ODD 7.8, offtake 7.17)."""
    world = week.world
    setting, rows, traits = world.setting, world.plants, world.setting.plants
    shape = (world.replicates, setting.M, setting.Z)
    wanted = (need(week.orders)[:, OTHER] + need(week.trader_orders)[:, 1]).reshape(shape)
    offer, allowed = _sales_limits(week)
    price = world.markets.price.reshape(shape)
    pull = price / mean_of(price, axis=-1, keepdims=True)
    habit = _habit(week, wanted)
    weight = habit * pull[:, traits.material] ** setting.par.price_premium_exponent
    # what a plant has sold ahead goes to its buyer whatever others pay
    weight *= ratio(1.0 - traits.offtake_share, add_up(weight, axis=-1), 0.0)[..., None]
    bound = np.flatnonzero(traits.offtake_zone >= 0)
    weight[:, bound, traits.offtake_zone[bound]] += traits.offtake_share[bound]
    prefer_target(world, weight)
    t = setting.target
    withheld = np.where(rows.stop_weeks > 0, rows.output * traits.sales_weight[:, t], 0.0)
    weight[..., t] *= allowed
    contracted = _contracts(week, offer, wanted, allowed)
    left = offer - add_up(contracted, axis=-1)
    taken = setting.plant_pool.sum(np.ascontiguousarray(contracted.swapaxes(1, 2))).swapaxes(1, 2)
    # rounding left by the contracts is no open want: it would draw a plant's whole offer
    missing = np.where(wanted - taken > 1e-12 * wanted, wanted - taken, 0.0)
    sent = contracted + allocate_outside(np.maximum(left, 0.0), weight, missing, setting.plant_pool)
    held = add_up(rows.stock, axis=1)
    mix = np.repeat(ratio(rows.stock[:, 0], held, 0.0)[..., None], setting.Z, axis=-1)
    clean_only = (allowed > 0) & (allowed < 1)
    rest = np.maximum(
        0.0, rows.stock[:, 1] - (add_up(sent, axis=-1) - sent[..., t]) * (1.0 - mix[..., t])
    )
    sent[..., t] = np.where(clean_only, np.minimum(sent[..., t], rest), sent[..., t])
    mix[..., t] = np.where(clean_only, 0.0, mix[..., t])
    chinese = sent * mix
    rows.stock[:, 0] -= add_up(chinese, axis=-1)
    rows.stock[:, 1] -= add_up(sent - chinese, axis=-1)
    np.maximum(rows.stock, 0.0, out=rows.stock)
    week.from_plants, week.from_plants_chinese = sent, chinese
    # only what the clause forbids on the day can be traced and punished later
    evades = (rows.terms == EVADE) & barred_at_target(world) & (world.law.clause > 0)[:, None]
    rows.evaded[:, world.week % rows.evaded.shape[1]] = np.where(evades, chinese[..., t], 0.0)
    pool = setting.plant_pool
    got = pool.sum(np.ascontiguousarray(sent.swapaxes(1, 2))).swapaxes(1, 2).reshape(-1, setting.K)
    got_chinese = pool.sum(np.ascontiguousarray(chinese.swapaxes(1, 2))).swapaxes(1, 2)
    fill_other = np.minimum(1.0, ratio(got, wanted.reshape(-1, setting.K), 1.0))
    fill[:, OTHER] = fill_other
    need(week.shipped)[:, OTHER] = fill_other * need(week.orders)[:, OTHER]
    need(week.mix)[:, OTHER] = ratio(got_chinese.reshape(got.shape), got, 0.0)
    world.markets.outside_origin[:] = need(week.mix)[:, OTHER]
    by_material = np.zeros(shape)
    by_material[..., t] = pool.sum(withheld)
    week.withheld = by_material.reshape(-1, setting.K)


def _habit(week: Week, wanted: Array) -> Array:
    """(R, P, Z) where a plant sells beside its contracts, and where buyers stand short."""
    world = week.world
    setting, traits = world.setting, world.setting.plants
    short = 1.0 - world.markets.channel_fill[:, OTHER].reshape(wanted.shape)
    short = np.where(short > 1e-9, short, 0.0)  # rounding is no shortage
    calls = ratio(wanted, add_up(wanted, axis=-1, keepdims=True), 0.0) * short
    habit = traits.free_sales + setting.par.open_sales * calls[:, traits.material]
    habit[:, traits.coercer] = 0.0
    return np.asarray(habit)


def _contracts(week: Week, offer: Array, wanted: Array, allowed: Array) -> Array:
    """(R, P, Z) tonnes that states have contracted ahead of other buyers."""
    world = week.world
    setting, traits = world.setting, world.setting.plants
    if not (world.regime["offtake"] > 0).any():
        return np.zeros((*offer.shape, setting.Z))
    promised = np.minimum(offer, offtake_shares(world) * world.plants.capacity)
    sent = promised[..., None] * offtake_split(world)[:, traits.material]
    sent[..., setting.target] *= allowed
    asked = setting.plant_pool.sum(np.ascontiguousarray(sent.swapaxes(1, 2))).swapaxes(1, 2)
    return np.asarray(sent * np.minimum(1.0, ratio(wanted, asked, 0.0))[:, traits.material])


def _send_to_users(week: Week) -> None:
    """Shipments enter the users' pipelines; each user gets its channel's fill rate."""
    world = week.world
    setting, par, pipe = world.setting, world.setting.par, world.users.pipe
    asked, fill, mix = need(week.asked_by), need(week.fill), need(week.mix)
    groups = setting.user_markets
    near = (world.week + int(par.lead_local_weeks)) % setting.slots
    far = (world.week + int(par.lead_china_weeks)) % setting.slots
    home = setting.users.zone == setting.coercer
    fly = flown(world)
    sent = asked[:, CHINA] * groups.spread(fill[:, CHINA])
    pipe[:, near, 0] += sent * (home | fly)
    pipe[:, far, 0] += sent * ~(home | fly)
    week.flown = groups.sum(sent * fly)
    slot = (world.week + int(par.lead_other_weeks)) % setting.slots
    pipe[:, slot, 0] += asked[:, OTHER] * groups.spread(fill[:, OTHER] * mix[:, OTHER])
    pipe[:, slot, 1] += asked[:, OTHER] * groups.spread(fill[:, OTHER] * (1.0 - mix[:, OTHER]))
    pipe[:, near, 1] += asked[:, RECYCLED] * groups.spread(fill[:, RECYCLED])
    slot = (world.week + int(par.lead_grey_weeks)) % setting.slots
    rows, grey, hubs = setting.grey_users, need(week.asked_grey), setting.grey_markets
    grey_fill, grey_mix = fill[:, setting.grey], mix[:, setting.grey]
    pipe[:, slot, 0, rows] += add_up(grey * hubs.spread(grey_fill * grey_mix), axis=1)
    pipe[:, slot, 1, rows] += add_up(grey * hubs.spread(grey_fill * (1.0 - grey_mix)), axis=1)
    on_way, shipped = world.markets.on_way, need(week.shipped)
    for channel in range(setting.C):
        for lead in np.unique(setting.lead[channel]):
            slot = (world.week + int(lead)) % setting.slots
            on_way[:, slot, channel] += shipped[:, channel] * (setting.lead[channel] == lead)
    on_way[:, far, CHINA] = np.maximum(0.0, on_way[:, far, CHINA] - week.flown)
    on_way[:, near, CHINA] += week.flown


def _run_off(week: Week) -> None:
    """Idle traders sell their stock off to the users of their hub; smugglers sell it back."""
    world = week.world
    setting, rows = world.setting, world.traders
    idle = (rows.active <= 0) & (add_up(week.choice.trader_order, axis=1) <= 0)
    sold = rows.stock * setting.par.trader_run_off * idle[:, None]
    if not sold.any():
        return
    own = np.array(setting.hub_zones)[setting.traders.hub] == setting.coercer
    sold[:, 1] = np.where(own, 0.0, sold[:, 1])
    rows.stock -= sold
    home = setting.lanes.sum(np.where(own, sold[:, 0], 0.0))
    world.pools.stock += add_up(home.reshape(-1, setting.H, setting.M), axis=1)
    offered = setting.trader_markets.sum(np.where(own, 0.0, sold))  # (R, 2, K)
    needs = world.users.expected_need
    total = setting.user_markets.sum(needs)
    back = np.where(total[:, None] > 0, 0.0, offered)
    share = needs * setting.user_markets.spread(ratio(np.ones_like(total), total, 0.0))
    slot = (world.week + int(setting.par.lead_other_weeks)) % setting.slots
    world.users.pipe[:, slot] += share[:, None] * setting.user_markets.spread(offered)
    week.run_off = offered - back
    world.markets.on_way[:, slot, OTHER] += add_up(week.run_off, axis=1)
    if back.any():  # a hub without users keeps the goods with its traders
        kept = setting.trader_markets.spread((back > 0).astype(float)) * sold
        rows.stock += np.where(own, 0.0, kept)


def _send_to_traders(week: Week, fill: Array) -> None:
    """Goods that traders bought go to their hubs."""
    world = week.world
    setting, asked = world.setting, week.choice.trader_order
    market = setting.trader_market
    slot = (world.week + int(setting.par.lead_hub_weeks)) % setting.slots
    chinese = asked[:, 0] * fill[:, CHINA][:, market]
    other = asked[:, 1] * fill[:, OTHER][:, market]
    mixed = other * need(week.mix)[:, OTHER][:, market]
    world.traders.pipe[:, slot, 0] += chinese + mixed
    world.traders.pipe[:, slot, 1] += other - mixed
    week.to_lanes = setting.lanes.sum(chinese)
    world.lanes_past[:, world.week % setting.slots] = week.to_lanes
