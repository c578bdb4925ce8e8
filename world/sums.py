"""Sums over actors that come out the same, to the last bit, however many lucks are played at once.

NumPy adds along an axis in the order in which the numbers lie in memory, and that may follow the
number of lucks: after ``values[:, places]`` the lucks lie side by side. So sums and means of the
model are made here alone, and a test holds it: **lucks come first**, and the numbers are laid out
luck by luck before they are added. Then each luck is added by itself, and in the same order as if
it were alone. Groups of actors are added by ``world.laws.flows.Groups``, in a fixed order too.
Counts of true and false are exact (``np.count_nonzero``), running sums go step by step
(``np.cumsum``), and the highest and lowest do not round. Products of matrices are not used: how
they are added up depends on their size.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Axis = int | tuple[int, ...]


def add_up(values: Any, axis: Axis, keepdims: bool = False) -> Array:
    """The sum along axes of (R, ...), never along that of lucks.

    What has no lucks names its axes from the end: the first one is kept for lucks, so that none
    is added up by mistake. Raises ValueError for axis 0.
    """
    if axis == 0 or (isinstance(axis, tuple) and 0 in axis):
        raise ValueError("axis 0 is that of lucks; without lucks count axes from the end.")
    return np.asarray(np.ascontiguousarray(values).sum(axis=axis, keepdims=keepdims))


def one_by_one(values: Iterable[Array]) -> Array:
    """The sum of several arrays, or plain numbers, of the same shape, one after the other; 0 of
    none. The builtin ``sum`` would round plain numbers otherwise from Python 3.12 on."""
    nothing: Array = np.zeros(())
    return functools.reduce(operator.add, values, nothing)


def mean_of(values: Any, axis: Axis, keepdims: bool = False) -> Array:
    """The mean along axes of (R, ...), as ``add_up`` adds."""
    places = (axis,) if isinstance(axis, int) else axis
    count = math.prod(np.shape(values)[place] for place in places)
    return np.asarray(add_up(values, axis, keepdims) / count)


def mean_known(values: Array, axis: int) -> Array:
    """The mean along an axis of (R, ...) of what is no NaN; NaN where nothing is known."""
    known = np.count_nonzero(~np.isnan(values), axis=axis)
    added = add_up(np.where(np.isnan(values), 0.0, values), axis)
    out = np.full(added.shape, np.nan)
    np.divide(added, known, out=out, where=known > 0)
    return out
