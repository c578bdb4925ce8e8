"""Sums over groups of actors and the pipelines that goods travel in (ODD 7.1)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

BLOCK = 4096  # actors summed together; fixed, so that every way of running gives the same last bit


class Groups:
    """Sums of actor columns by group (market, plant, hub), always in the same order.

    Actors are added in their own order within fixed blocks and the blocks in theirs, whatever the
    number of lucks, so replicate r of a batch equals the same run alone bit for bit.
    """

    def __init__(self, index: Index, groups: int) -> None:
        self.index = np.ascontiguousarray(index, dtype=np.int64)
        self.groups = groups
        self.blocks = max(1, -(-len(index) // BLOCK))
        self._bins = self.index + (np.arange(len(index)) // BLOCK) * groups
        self._flat: dict[int, Index] = {}

    def sum(self, values: Array) -> Array:
        """(..., N) -> (..., groups)."""
        lead = values.shape[:-1]
        rows = math.prod(lead)
        size = self.blocks * self.groups
        if rows not in self._flat:
            offsets = np.arange(rows, dtype=np.int64)[:, None] * size
            self._flat[rows] = (offsets + self._bins).ravel()
        flat = np.bincount(self._flat[rows], weights=values.ravel(), minlength=rows * size)
        parts: Array = flat.astype(np.float64, copy=False).reshape(rows, self.blocks, self.groups)
        total = parts[:, 0].copy()
        for block in range(1, self.blocks):
            total += parts[:, block]
        return total.reshape(*lead, self.groups)

    def spread(self, values: Array) -> Array:
        """(..., groups) -> (..., N): each actor gets its group's value."""
        return np.take(values, self.index, axis=-1)


def receive(stock: Array, pipe: Array, slot: int) -> Array:
    """Goods that arrive this week join the stock (R, 2, N); returns them and empties the slot."""
    arrived = pipe[:, slot].copy()
    stock += arrived
    pipe[:, slot] = 0.0
    return arrived


def smooth(old: Array, new: Array, weight: float | Array) -> Array:
    """Exponential smoothing: old + weight (new - old)."""
    return old + weight * (new - old)


def ratio(top: Array, bottom: Array, empty: float) -> Array:
    """top / bottom, and `empty` where the bottom is 0."""
    out = np.full(np.broadcast(top, bottom).shape, empty)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return out


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x), safe for large |x|."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -60.0, 60.0))))
