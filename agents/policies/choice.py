"""Quantal choice, and the two tables behind it: what a persona weighs, and in which units.

A state that is unsure, or a cabinet that is divided, takes the better option more often and the
worse one sometimes: P ∝ exp(U/τ) (McFadden 1974; McKelvey & Palfrey 1995). Terms of a utility
have different units, so each is divided by its spread in base runs (`policy_scales.csv`) before
it is weighted (`personas.csv`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from world.levers import DATA, TableError, number_in, numbered_rows
from world.sums import add_up

Array = NDArray[np.float64]

SCALES, PERSONAS = DATA / "policy_scales.csv", DATA / "personas.csv"


def shares(utilities: Sequence[Array], noise: float) -> Array:
    """(options, R) probability of each option."""
    u = np.stack(np.broadcast_arrays(*utilities)) / noise
    odds = np.exp(u - u.max(axis=0))
    return np.asarray(odds / add_up(odds.T, axis=-1))


def choose(utilities: Sequence[Array], noise: float, luck: Array) -> Array:
    """(R,) place of the option that a uniform number picks by its share."""
    reached = np.cumsum(shares(utilities, noise), axis=0)[:-1]
    return np.asarray(np.count_nonzero(luck >= reached, axis=0))


@cache
def scales(path: Path = SCALES) -> Mapping[str, float]:
    """Unit of each term of a utility: its 10-90% range over base runs."""
    found = {}
    for number, row in numbered_rows(path, ("term", "scale", "source", "basis")):
        scale = number_in(path, number, "scale", row["scale"])
        if scale <= 0:
            raise TableError(f"{path} row {number}, column scale: {scale:g} must be above 0.")
        found[row["term"]] = scale
    return found


@cache
def persona(name: str, path: Path = PERSONAS) -> Mapping[str, float]:
    """What a persona gives to each term, and where its limits are.

    Raises TableError for a weight out of its range and a persona that the table does not know.
    """
    found = {}
    figures = ("weight", "low", "high")
    rows = numbered_rows(path, ("persona", "term", *figures, "unit", "source", "basis"))
    for number, row in rows:
        weight, low, high = (number_in(path, number, column, row[column]) for column in figures)
        if not low <= weight <= high:
            raise TableError(f"{path} row {number}, column weight: {weight:g} is out of range.")
        if row["persona"] == name:
            found[row["term"]] = weight
    if not found:
        raise TableError(f"{path} has no row for the persona {name}.")
    return found


def utility(weights: Mapping[str, float], terms: Mapping[str, Array]) -> Array:
    """Weighted sum of terms in their units; a term without a weight counts for nothing."""
    total: Array = np.asarray(0.0)
    for term, value in terms.items():
        total = total + weights.get(term, 0.0) * value / scales()[term]
    return total
