"""Prices, fill rates, hoarding and distrust after the week's trade (ODD 7.4, 7.8, 7.10)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.firm_rows import cover_weeks, lean_weeks
from world.laws.diplomacy import distrust, fear
from world.laws.floors import leak
from world.laws.flows import ratio, smooth
from world.laws.licensing import is_closed
from world.laws.market import (
    fall_speed,
    move_price,
    price_level,
    reference_log_price,
    threat_premium,
)
from world.phases.scratch import Week, need
from world.regime import delivered_price, price_of_papers
from world.setting import CHINA, OTHER
from world.sums import add_up
from world.units import TINY

Array = NDArray[np.float64]


def move_prices(week: Week) -> None:
    """Zone prices move towards the level that scarcity calls for; the coercer's to its stocks."""
    world = week.world
    setting, par, markets, law = world.setting, world.setting.par, world.markets, world.law
    _remember_fills(week)
    delivered, tariff = delivered_price(world, law)
    week.delivered = delivered + tariff
    week.duty = week.delivered - price_of_papers(world) * (1.0 + law.export_tax)
    _remember_clearance(week)
    reference = reference_log_price(
        week.delivered,
        setting.outside_cost,
        setting.base_china_share,
        markets.clearance,
        setting.price_setting,
    )
    orders, filled = _orders_that_count(week)
    level = price_level(
        reference,
        orders,
        filled,
        _cover_ratio(week),
        par.price_unfilled,
        par.price_cover,
        par.scarcity_low,
        par.scarcity_high,
    )
    level += threat_premium(markets.announced, markets.true_share, markets.fill, par.price_threat)
    home = slice(setting.coercer, None, setting.Z)
    level[:, home] = _coercer_level(week)
    # who was short does not let a price go at once; at home many sellers quote every day
    served = np.minimum(1.0, ratio(filled, orders, 1.0))
    up = np.full(setting.K, par.price_speed)
    down = fall_speed(served, par.price_speed, par.price_speed_down, par.price_served)
    up[home] = down[:, home] = par.price_speed_home
    markets.price[:] = move_price(
        markets.price,
        level,
        up,
        down,
        par.price_step,
        par.price_low,
        par.price_high,
    )
    empty = setting.base_demand <= 0
    markets.price[:, empty] = np.clip(week.delivered[:, empty], par.price_low, par.price_high)
    _hoard(week)
    inside = np.repeat(markets.price[:, setting.coercer :: setting.Z], setting.Z, axis=-1)
    # finished parts escape a floor at the border that covers only the material (ODD 7.12); behind
    # a difference payment users buy the material at the open price and need no way round
    parts = setting.covered_by_parts
    open_parts = np.where(law.floor[:, parts] > 0, 0.0, law.floor * law.border)
    markets.leaked[:] = leak(markets.leaked, open_parts, inside, par.floor_leak, par.floor_leak_cap)


def _remember_fills(week: Week) -> None:
    world = week.world
    par, markets = world.setting.par, world.markets
    orders, shipped = need(week.orders), need(week.shipped)
    fill = np.minimum(1.0, ratio(add_up(shipped, axis=1), add_up(orders, axis=1), 1.0))
    markets.fill[:] = smooth(markets.fill, fill, par.fill_smoothing_zone)
    markets.channel_fill[:] = smooth(
        markets.channel_fill, need(week.fill), par.fill_smoothing_channel
    )


def _remember_clearance(week: Week) -> None:
    """Part of the usual purchases that the coercer lets go, as a four-week mean."""
    world = week.world
    setting, markets, law = world.setting, world.markets, world.law
    asked = need(week.orders)[:, CHINA]
    usual = np.minimum(asked, setting.base_china)
    now = np.minimum(1.0, ratio(need(week.shipped)[:, CHINA], usual, 1.0))
    pending = add_up(markets.applications, axis=1)
    shut = is_closed(law.breadth, law.duty, law.approval, markets.licences + pending)
    now = np.where(shut, 0.0, np.minimum(now, 1.0))
    now = np.minimum(now, np.where(asked > 1e-9 * setting.base_china, now, 1.0 - law.breadth))
    week.cleared = now
    weight = 1.0 / world.setting.par.clearance_memory_weeks
    markets.clearance[:] = smooth(markets.clearance, now, weight)


def _orders_that_count(week: Week) -> tuple[Array, Array]:
    """(orders, fills) by market: users' up to 1.5 x need, reserves' and traders' in full."""
    world = week.world
    setting, users, par = world.setting, world.setting.users, world.setting.par
    asked = need(week.asked)
    counted = np.minimum(asked, par.price_order_cap * world.users.expected_need)
    counted[:, users.reserve] = asked[:, users.reserve]
    # what a producer sends to its own plant abroad is bought in no market
    own = setting.traders.affiliate
    traders = setting.trader_markets.sum(np.where(own, 0.0, week.choice.trader_order))
    orders = setting.user_markets.sum(counted) + add_up(traders, axis=1)
    fill = need(week.fill)
    filled = add_up(need(week.shipped), axis=1)
    filled = filled + traders[:, 0] * fill[:, CHINA] + traders[:, 1] * fill[:, OTHER]
    if week.released is not None:
        filled = filled + week.released
    return orders, filled


def _cover_ratio(week: Week) -> Array:
    """Target over actual cover of the users of a market, 1 without users."""
    world = week.world
    setting, par, users = world.setting, world.setting.par, world.setting.users
    groups, rows = setting.user_markets, world.users
    lift = np.minimum(par.cover_cap, 1.0 + par.hoarding_gain * world.markets.hoarding)
    lean = lean_weeks(world)
    base = groups.sum(rows.expected_need * (cover_weeks(world) + lean))
    held = rows.stock[:, 0] + rows.stock[:, 1]
    held[:, users.reserve] = 0.0
    stock = groups.sum(held) + groups.sum(rows.expected_need * lean) * lift
    return ratio(base * lift, np.maximum(stock, 1e-6 * base), 1.0)


def _coercer_level(week: Week) -> Array:
    """(R, M) log price inside the coercer: its stocks against the usual ones, less a flood."""
    world = week.world
    setting, par = world.setting, world.setting.par
    home = setting.base.trade_t[:, setting.coercer, setting.coercer]
    exports = setting.base_exports
    usual = par.coercer_stock_export_weeks * exports + par.coercer_stock_home_weeks * home
    cover = np.log(ratio(usual, np.maximum(world.pools.stock, 1e-6 * usual), 1.0))
    cover = np.clip(cover, par.scarcity_low, par.scarcity_high)
    return np.asarray(par.price_cover * cover + np.log(1.0 - world.law.flood))


def _hoard(week: Week) -> None:
    """Hoarding rises to the worse of announced threat and shortage, and fades slowly."""
    world = week.world
    par, markets = world.setting.par, world.markets
    signal = np.maximum(markets.announced * markets.true_share, 1.0 - markets.fill)
    weight = np.where(signal > markets.hoarding, par.hoarding_up, par.hoarding_down)
    markets.hoarding[:] = markets.hoarding + weight * (signal - markets.hoarding)


def judge(week: Week) -> None:
    """Distrust of the coercer rises where it withholds, and its buyers' fear (ODD 7.10)."""
    world = week.world
    setting, par, markets = world.setting, world.setting.par, world.markets
    arrived = need(week.arrived)
    total = add_up(arrived, axis=1)
    share = ratio(arrived[:, 0], total, 0.0)
    markets.true_share[:] = np.where(
        total > 0,
        smooth(markets.true_share, share, setting.par.true_share_smoothing),
        markets.true_share,
    )
    denied = 1.0 - need(week.cleared)
    usd = setting.market_price_usd
    withheld = _zone_mean(week, denied, setting.base_china * usd)
    withheld[:, setting.coercer] = 0.0
    dependence = _zone_mean(week, markets.true_share, setting.base_demand * usd)
    zones = world.zones
    zones.reputation[:] = distrust(
        zones.reputation, withheld, dependence, par.reputation_up, par.reputation_weeks
    )
    markets.fear[:] = fear(markets.fear, denied, par.fear_up, par.fear_weeks)
    markets.fear[:, setting.base_china <= 0] = 0.0
    markets.fear[:, setting.coercer :: setting.Z] = 0.0


def _zone_mean(week: Week, values: Array, weight: Array) -> Array:
    """(R, Z) mean over materials of what markets have, 0 where nothing weighs."""
    setting = week.world.setting
    grid = (-1, setting.M, setting.Z)
    whole = np.maximum(add_up(weight.reshape(grid), axis=1), TINY)
    return add_up((values * weight).reshape(grid), axis=1) / whole
