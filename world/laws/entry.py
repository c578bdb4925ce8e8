"""Traders that enter a hub's trade with a target under a ban, and leave it (ODD 7.7)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def enter(
    capacity: Array, start: Array, most: Array, active: NDArray[np.bool_], entrants: Array,
    leave: float,
) -> Array:
    """Capacity after a week, t/week: it grows where traders divert, by what `entrants` bring.

    Elsewhere what is above the start leaves, a part a week. Never above `most`.
    """  # fmt: skip
    grown = np.minimum(most, capacity + entrants)
    return np.where(active, np.maximum(capacity, grown), capacity - leave * (capacity - start))


def entrants(rate: float, power: float, part: Array, lost: Array, margin: Array) -> Array:
    """t/week that new traders bring: a part of what the target lost that rises with the margin."""
    return np.asarray(rate * part * lost * np.maximum(margin, 0.0) ** power)
