"""The coercer's border: quotas, what their papers cost, and what leaves without any (ODD 7.6)."""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray

from world.laws.leakage import paper_price, smugglers_aim
from world.laws.licensing import fill_quota
from world.levers import LEVERS
from world.phases.scratch import Week
from world.sums import add_up

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNLIMITED_QUOTA = LEVERS["export_quota"].high  # the lever's upper end means no quota


def smuggle(week: Week, orders: Array) -> Array:
    """(R, K) orders of the week that the coercer's smugglers fill, ahead of recorded exports.

    Their share of base purchases follows slowly what the gap of prices makes worth while.
    """
    world = week.world
    setting, par, markets = world.setting, world.setting.par, world.markets
    inside = np.repeat(markets.price[:, setting.coercer :: setting.Z], setting.Z, axis=-1)
    aim = smugglers_aim(
        setting.base_smuggled,
        np.log(markets.price / inside),
        par.smuggling_gain,
        world.regime["enforcement"][:, setting.coercer],
        par.smuggling_deterrence,
    )
    foreign = setting.market_foreign
    markets.smuggled += foreign * par.smuggling_entry * (aim - markets.smuggled)
    # a part of the buyers asks for papers whatever they cost
    most = np.minimum(par.smuggling_most * orders, markets.smuggled * setting.base_china)
    return np.asarray(most * foreign)


def quota_scale(week: Week, wanted: Array, bids: Array, stopped: Flags) -> Array:
    """(R, K) scale of recorded exports under yearly quotas; the count restarts with the year.

    `wanted` (R, K) could leave without the quota, `bids` (R, K) is what buyers ask for. Exporters
    hold the papers of the year for their usual customers: what one may not get today waits for it,
    and what stood at the border while customs `stopped` (R, K) it leaves as soon as it may.
    """
    world = week.world
    setting, par, pools, markets = world.setting, world.setting.par, world.pools, world.markets
    date = setting.scenario.date(world.week)
    if date - datetime.timedelta(days=7) < datetime.date(date.year, 1, 1):
        markets.shipped_year[:] = 0.0
        markets.held[:] = 0.0
    quota = world.law.quota
    free = quota >= UNLIMITED_QUOTA
    bound = np.repeat(~free, setting.Z, axis=-1)
    if free.all() and not pools.paper_price.any():
        markets.held[:] = 0.0
        return np.ones_like(wanted)
    # in the year in which a scenario starts a quota counts for the rest of it
    first = max(setting.scenario.start, datetime.date(date.year, 1, 1))
    year = (datetime.date(date.year, 12, 31) - first).days / 7.0
    papers = np.repeat(quota, setting.Z, axis=-1) * year * setting.base_recorded
    left = np.maximum(0.0, papers - markets.shipped_year)
    weeks = max(1.0, (datetime.date(date.year, 12, 31) - date).days / 7.0)
    even = left / weeks
    markets.held[:] = np.minimum(left, markets.held + even * stopped) * bound
    scale = fill_quota(wanted, left, markets.held, np.full_like(left, weeks), par.quota_pace)
    late = np.maximum(0.0, wanted * scale - par.quota_pace * even)
    markets.held[:] = np.maximum(0.0, markets.held - late)
    grid = (-1, setting.M, setting.Z)
    dearer = paper_price(
        pools.paper_price,
        add_up(bids.reshape(grid), axis=-1),
        add_up(even.reshape(grid), axis=-1),
        par.paper_price_up,
        par.paper_price_down,
        setting.reservation + np.log(par.paper_price_most),
    )
    pools.paper_price[:] = np.where(free, 0.0, dearer)
    return np.where(bound, scale, 1.0)
