"""Trials of a technique that nobody has proven, and what others make of them (ODD 7.11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def outcome(luck: Array, odds: Array, fails: Array) -> tuple[Flags, Flags]:
    """(works, never will) of a campaign that has ended; where neither, another one may follow."""
    return luck < odds, luck >= 1.0 - fails


def cost_found(luck: Array, least: Array, most: Array) -> Array:
    """Cost of what has been shown to work: nobody knows beforehand, evenly spread in its log."""
    return np.asarray(least * (most / least) ** luck)


def eventual(odds: Array, fails: Array) -> Array:
    """Odds that it works in the end if the trial is paid for as long as it takes."""
    return np.asarray(odds / (odds + fails))


def overhang(coming: Array, made: Array) -> Array:
    """Share of its price that an investor counts off for output that others believe will come."""
    return np.divide(coming, coming + made, out=np.zeros_like(coming), where=coming > 0)
