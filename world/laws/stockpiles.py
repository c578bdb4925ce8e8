"""Public stocks: purchases, and release to the users with the least cover (ODD 7.17)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import Groups, ratio

Array = NDArray[np.float64]


def purchase(target_t: Array, held_t: Array, build_weeks: float) -> Array:
    """Tonnes a week that a state buys while its stock is below target."""
    return np.maximum(0.0, target_t - held_t) / build_weeks


def dear(price: Array, start: float, full: float) -> Array:
    """How dear a market is for a state that can wait, 0 up to `start` and 1 from `full` on."""
    return np.clip((price - start) / (full - start), 0.0, 1.0)


def raise_lowest(
    stock: Array, use: Array, offered: Array, trigger_weeks: float, users: Groups
) -> Array:
    """Tonnes each user gets when the lowest covers are raised first, up to the trigger.

    `offered` (R, K) is the release by market. What a level takes grows with it along straight
    pieces that only get steeper, so Newton's steps from the trigger downwards cannot overshoot;
    a market that is settled stays as it is, whatever the other lucks of a batch still need.
    """
    level = np.where(offered > 0.0, trigger_weeks, 0.0)
    for _ in range(40):
        gap = users.spread(level) * use - stock
        below = gap > 0.0
        taken = users.sum(gap * below)
        over = taken - offered
        steep = users.sum(use * below)
        step = ratio(over, steep, 0.0) * (over > 1e-12 * offered)
        if not (step > 0.0).any():
            break
        level = np.maximum(0.0, level - np.maximum(0.0, step))
    got = np.maximum(0.0, users.spread(level) * use - stock)
    # the last step may round to more than there is
    return got * users.spread(np.minimum(1.0, ratio(offered, users.sum(got), 1.0)))


def lend(
    stock: Array, use: Array, part: Array, kept_weeks: float, trigger_weeks: float, users: Groups
) -> tuple[Array, Array]:
    """Tonnes that each user gives, and gets, where users of a market lend each other stock.

    The part (R, K) of what a user holds above `kept_weeks` of its use is to be had; it raises the
    lowest covers first, up to the trigger, and lenders give in proportion to what they can spare.
    """
    spare = users.spread(part) * np.maximum(0.0, stock - kept_weeks * use)
    offered = users.sum(spare)
    got = raise_lowest(stock, use, offered, trigger_weeks, users)
    taken = np.minimum(1.0, ratio(users.sum(got), offered, 0.0))
    return spare * users.spread(taken), got
