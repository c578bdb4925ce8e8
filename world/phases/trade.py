"""Orders, licences, allocation and shipment: the traded half of a week (ODD 7.5-7.8)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.entry import enter, entrants
from world.laws.flows import ratio, smooth
from world.laws.licensing import (
    accepted_orders,
    applications,
    clearance,
    desk_share,
    without_retries,
)
from world.phases.border import quota_scale, smuggle
from world.phases.freight import flown
from world.phases.outside import ship_outside
from world.phases.scratch import Week, need
from world.regime import by_market, grey_margin
from world.setting import CHINA, OTHER, RECYCLED
from world.state import World
from world.sums import add_up

Array = NDArray[np.float64]


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
    world.traders.serves[:] = choice.trader_serves
    week.trader_orders = setting.trader_markets.sum(choice.trader_order)


def divert(week: Week) -> None:
    """Traders ship from hubs to the target: active ones all, the others ex-China goods if any.

    Then new ones enter where diverting pays, and others leave.
    """
    world = week.world
    setting, rows = world.setting, world.traders
    orders = need(week.orders).reshape(-1, setting.C, setting.M, setting.Z)
    wanted = orders[:, setting.grey, :, setting.target].reshape(world.replicates, -1)
    q = rows.capacity
    held = add_up(rows.stock, axis=1)
    clean = ratio(rows.stock[:, 1], held, 0.0)
    active = rows.active > 0
    opened = world.markets.grey_open[:, setting.trader_target] > 0
    ship = setting.par.trader_ship_share
    clean_offer = np.minimum(q, ship * rows.stock[:, 1]) * (rows.serves > 0)
    offer = np.where(active, np.minimum(q, ship * held), clean_offer)
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
    worth = chinese * world.markets.price[:, setting.trader_target]
    rows.diverted_usd[:] = (1.0 - 1.0 / setting.par.case_weeks) * rows.diverted_usd + worth
    week.regrey_chinese = setting.lanes.sum(chinese)
    week.regrey = week.regrey_chinese + setting.lanes.sum(other)
    rows.capacity[:] = _enter_and_leave(world)


def _enter_and_leave(world: World) -> Array:
    """(R, J) capacity after a week: new traders join those of their hub that divert (ODD 7.7)."""
    setting, traders, rows = world.setting, world.setting.traders, world.traders
    active = rows.active > 0
    market = setting.trader_target
    lost = setting.base_china[market] * world.law.breadth[:, market]
    joined = setting.lanes.sum(traders.entry * active)
    of_lane = np.where(joined > 0, setting.lanes.sum(traders.entry), 0.0)
    part = traders.entry * active * setting.lanes.spread(ratio(of_lane, joined, 0.0))
    par = setting.par
    come = entrants(par.trader_entry, par.trader_entry_power, part, lost, grey_margin(world))
    return enter(rows.capacity, traders.start, traders.capacity, active, come, par.trader_exit)


def license_exports(week: Week) -> None:
    """Applications, approvals and what may clear; then the coercer ships (ODD 7.6, 7.8)."""
    world = week.world
    setting, par, law, markets = world.setting, world.setting.par, world.law, world.markets
    grid = (-1, setting.M, setting.Z)
    everything = need(week.orders)[:, CHINA] + need(week.trader_orders)[:, 0]
    week.smuggled = smuggle(week, everything)
    orders = _accepted(week, everything - week.smuggled)  # what asks for papers
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
    most, licensed = clearance(orders, markets.licences, law.duty, law.breadth, approval)
    _ship_from_coercer(week, orders, most, licensed, approval <= 0.0)


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


def _ship_from_coercer(
    week: Week, orders: Array, most: Array, licensed: Array, stopped: NDArray[np.bool_]
) -> None:
    """Own users first, then a part of what remains for export, in proportion to what may clear.

    `orders` are those that ask for papers; what is smuggled leaves the same stock beside them.
    """
    world = week.world
    setting, par, pools = world.setting, world.setting.par, world.pools
    grid = (-1, setting.M, setting.Z)
    asked = orders.reshape(grid)
    home = np.minimum(asked[:, :, setting.coercer], pools.stock)
    left = pools.stock - home
    admitted = most.reshape(grid).copy()
    admitted[:, :, setting.coercer] = 0.0
    total = add_up(admitted, axis=-1)
    hidden = need(week.smuggled).reshape(grid)
    leaves = total + add_up(hidden, axis=-1)
    scale = np.minimum(1.0, ratio(par.export_share_per_week * left, leaves, 1.0))
    hidden = hidden * scale[:, :, None]
    # the quota's scale is one of what the stock already lets go
    wanted = (admitted * scale[:, :, None]).reshape(orders.shape)
    papers = quota_scale(week, wanted, orders * setting.market_foreign, stopped)
    world.markets.shipped_year += wanted * papers
    exports = (wanted * papers).reshape(admitted.shape) + hidden
    week.smuggled = hidden.reshape(orders.shape)
    left_today = add_up(exports, axis=-1)
    pools.usual_exports[:] = np.maximum(
        setting.base_exports,
        smooth(pools.usual_exports, left_today, 1.0 / par.export_memory_weeks),
    )
    pools.stock -= home + left_today
    np.maximum(pools.stock, 0.0, out=pools.stock)
    shipped = exports
    shipped[:, :, setting.coercer] = home
    week.from_coercer = shipped.reshape(orders.shape)
    used = licensed.reshape(grid) * scale[:, :, None] * papers.reshape(admitted.shape)
    used[:, :, setting.coercer] = 0.0
    licences = world.markets.licences
    np.maximum(licences - used.reshape(licences.shape), 0.0, out=licences)


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
    ship_outside(week, fill)
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
    # a hub takes no more of such goods than a part of what its users need, without users nothing
    needs = world.users.expected_need
    total = setting.user_markets.sum(needs)
    brought = add_up(setting.trader_markets.sum(np.where(own, 0.0, sold)), axis=1)
    room = np.minimum(1.0, ratio(setting.par.run_off_cap * total, brought, 1.0))
    sold *= np.where(own, 1.0, setting.trader_markets.spread(room))[:, None]
    rows.stock -= sold
    home = setting.lanes.sum(np.where(own, sold[:, 0], 0.0))
    world.pools.stock += add_up(home.reshape(-1, setting.H, setting.M), axis=1)
    week.run_off = setting.trader_markets.sum(np.where(own, 0.0, sold))  # (R, 2, K)
    share = needs * setting.user_markets.spread(ratio(np.ones_like(total), total, 0.0))
    slot = (world.week + int(setting.par.lead_other_weeks)) % setting.slots
    world.users.pipe[:, slot] += share[:, None] * setting.user_markets.spread(week.run_off)
    world.markets.on_way[:, slot, OTHER] += add_up(week.run_off, axis=1)


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
