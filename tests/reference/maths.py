"""The conventions of world/ODD.md, 7.0, for plain floats."""

from __future__ import annotations

import math


def clip(x: float, low: float, high: float) -> float:
    return low if x < low else high if x > high else x


def sigma(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-clip(x, -60.0, 60.0)))


def ratio(a: float, b: float, empty: float) -> float:
    """a / b, and ``empty`` where b is not above 0."""
    return a / b if b > 0.0 else empty


def toward(old: float, new: float, weight: float) -> float:
    """Exponential smoothing."""
    return old + weight * (new - old)


def below_normal(x: float) -> float:
    """The distribution function of the standard normal."""
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))
