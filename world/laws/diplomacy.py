"""Distrust, rally and what states think of each other (ODD 7.10, 7.17)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def distrust(
    reputation: Array, withheld: Array, true_share: Array, up: float, fade_weeks: float
) -> Array:
    """Distrust of the coercer (R, Z), 0 to 1: it rises with the part of a zone's usual purchases
    that the coercer withholds, in proportion to how much the zone depends on it, and fades over
    about a year and a half."""
    rise = up * withheld * true_share * (1.0 - reputation)
    return np.asarray(reputation + rise - reputation / fade_weeks)


def fear(before: Array, denied: Array, up: float, fade_weeks: float) -> Array:
    """Buyers' fear of being denied deliveries (R, K), 0 to 1: it rises with the part of their usual
    purchases that the coercer does not let go, and fades in calm."""
    return np.asarray(before + up * denied * (1.0 - before) - before / fade_weeks)


def grievance(provocation: Array, full: float) -> Array:
    """How much of a provocation counts, 0 to 1; from `full` on the public asks for all of it."""
    return np.minimum(1.0, provocation / full)


def answered(signal: Array, scale: float) -> Array:
    """Part of a provocation that a measure of this signal answers: two thirds at `scale`."""
    return 1.0 - np.exp(-signal / scale)


def felt_distrust(reputation: Array, spill: float) -> Array:
    """(R, Z) own distrust and a part of the worst among the others: coercing one teaches all."""
    ranked = np.sort(reputation, axis=-1)
    worst, second = ranked[..., -1:], ranked[..., -2:-1]
    others = np.where(reputation >= worst, second, worst)
    return np.minimum(1.0, reputation + spill * others)


def standing_lost(trust: Array, neutral: float) -> Array:
    """Part of a state's good name that is gone, 0 at a neutral standing or better, 1 at none."""
    return np.maximum(0.0, 1.0 - trust / neutral)


def serve_by_standing(terms: Array, trust: Array, neutral: float) -> Array:
    """(R, Z, Z) seller by buyer: weight of a buyer for plants of a state whose trade follows how
    the buyer stands, 1 for its own users and where the terms are 0."""
    weight = np.maximum(0.0, 1.0 + terms[:, :, None] * (trust / neutral - 1.0)[:, None, :])
    home = np.eye(trust.shape[-1], dtype=bool)
    return np.where(home, 1.0, weight)
