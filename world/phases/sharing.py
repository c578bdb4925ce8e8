"""Stock lent between the users of a zone, under a state's register of stocks (ODD 7.17).

Nothing here happens while no state's lever `stock_sharing` is up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import ratio
from world.laws.stockpiles import lend
from world.phases.scratch import Week, need
from world.sums import add_up

if TYPE_CHECKING:
    from world.state import World

Array = NDArray[np.float64]


def share_stocks(week: Week) -> None:
    """Who is about to stop gets goods of those with stock to spare, by truck within the week."""
    world = week.world
    share = world.regime["stock_sharing"][:, :, 0]
    if not (share > 0).any():
        return
    week.lent = np.zeros((world.replicates, world.users.stock.shape[-1]))
    for zone in np.flatnonzero((share > 0).any(axis=0)):
        _share_in(week, int(zone), share[:, zone])


def _share_in(week: Week, zone: int, share: Array) -> None:
    """One zone's loans; feed desks and the reserve hold none for others and get none."""
    world = week.world
    setting, par, rows = world.setting, world.setting.par, world.users
    all_here = setting.zone_users[zone]
    lines = all_here < setting.users.industrial.stop
    who, markets = all_here, setting.zone_markets[zone]
    held = rows.stock[:, :, who]
    stock = (held[:, 0] + held[:, 1]) * lines
    part = np.repeat((par.sharing_willing * share)[:, None], setting.K, axis=1)
    given, got = lend(
        stock, rows.expected_need[:, who] * lines, part, par.sharing_kept_weeks,
        par.sharing_trigger_weeks, markets,
    )  # fmt: skip
    chinese = given * ratio(held[:, 0], held[:, 0] + held[:, 1], 0.0)
    mix = markets.spread(ratio(markets.sum(chinese), markets.sum(given), 0.0))
    rows.stock[:, 0, who] = np.maximum(0.0, held[:, 0] - chinese) + got * mix
    rows.stock[:, 1, who] = np.maximum(0.0, held[:, 1] - (given - chinese)) + got * (1.0 - mix)
    need(week.lent)[:, who] = given - got


def lent_by_market(week: Week) -> Array:
    """(R, K) tonnes that changed hands this week."""
    setting = week.world.setting
    if week.lent is None:
        return np.zeros((week.world.replicates, setting.K))
    return setting.user_markets.sum(np.maximum(0.0, week.lent))


def sharing_cost(week: Week) -> Array | None:
    """(R, Z) USD a week that registers cost states."""
    share = week.world.regime["stock_sharing"][:, :, 0]
    if not (share > 0).any():
        return None
    return np.asarray(register_usd(week.world) / 52.0 * share)


def register_usd(world: World) -> Array:
    """(R, Z) USD a year that a full register costs: a part of the value of what users hold."""
    setting = world.setting
    held = np.zeros((world.replicates, len(setting.users.market)))
    lines = setting.users.industrial
    held[:, lines] = add_up(world.users.stock[:, :, lines], axis=1)
    worth = setting.user_markets.sum(held) * setting.market_price_usd
    by_zone = add_up(worth.reshape(-1, setting.M, setting.Z), axis=1)
    return np.asarray(setting.par.sharing_cost * by_zone)
