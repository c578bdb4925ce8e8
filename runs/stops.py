"""When lines first stand still, and for how long: an outcome that does not depend on how many firms
there are.

The first firm to stop comes the earlier the more firms are drawn, so it is no property of a world.
A share by value has a limit: the first stop is the moment at which more than `stop_felt` (a
parameter) of the value at risk stands in lines that run below half.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def first_stop(share: ArrayLike, felt: float) -> tuple[float, float]:
    """(weeks until a weekly share first passes ``felt``, weeks above it in all), by straight lines
    between weeks; (nan, 0) where it never does."""
    values = np.concatenate([[0.0], np.asarray(share, dtype=float)])
    low, high = values[:-1], values[1:]
    if not (high > felt).any():
        return float("nan"), 0.0
    rise = np.where(high != low, high - low, 1.0)
    cross = np.clip((felt - low) / rise, 0.0, 1.0)  # part of the week before it is passed
    above = np.where(
        (low > felt) & (high > felt), 1.0,
        np.where(high > felt, 1.0 - cross, np.where(low > felt, cross, 0.0)),
    )  # fmt: skip
    week = int(np.argmax(high > felt))
    return float(week + cross[week]), float(above.sum())
