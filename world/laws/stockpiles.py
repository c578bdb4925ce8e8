"""Public stocks: purchases, and release to the users with the least cover (ODD 7.17)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import Groups

Array = NDArray[np.float64]


def purchase(target_t: Array, held_t: Array, build_weeks: float) -> Array:
    """Tonnes a week that a state buys while its stock is below target."""
    return np.maximum(0.0, target_t - held_t) / build_weeks


def raise_lowest(
    stock: Array, use: Array, offered: Array, trigger_weeks: float, users: Groups
) -> Array:
    """Tonnes each user gets when the lowest covers are raised first, up to the trigger.

    `offered` (R, K) is the release by market. The common level to which the lowest covers rise is
    found by bisection in the same number of steps for everybody.
    """
    low = np.zeros_like(offered)
    high = np.full_like(offered, trigger_weeks)

    def needed(level: Array) -> Array:
        return np.maximum(0.0, users.spread(level) * use - stock)

    for _ in range(40):
        level = 0.5 * (low + high)
        fits = users.sum(needed(level)) <= offered
        low = np.where(fits, level, low)
        high = np.where(fits, high, level)
    return needed(low)
