"""Price floors of a buyers' bloc: border tariff or difference payment (ODD 7.12)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def border_tariff(delivered: Array, floor: Array) -> Array:
    """Tariff per tonne on cheap outside material that lifts it to the floor, 0 without a floor."""
    return np.maximum(0.0, floor - delivered)


def difference_payment(price: Array, floor: Array) -> Array:
    """What the state pays per tonne sold under a guaranteed price, 0 when the market is above."""
    return np.maximum(0.0, floor - price)


def leak(leaked: Array, floor: Array, parts_price: Array, speed: float, cap: float) -> Array:
    """Share of purchases that has moved to uncovered finished parts.

    It grows with the gap between the floor and the price inside the coercer, up to `cap`, and flows
    back at the same speed when the gap is closed.
    """
    gap = np.where(floor > 0.0, np.maximum(0.0, floor / parts_price - 1.0), 0.0)
    target = np.minimum(cap, gap)
    return leaked + speed * (target - leaked)
