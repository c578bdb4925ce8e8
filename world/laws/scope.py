"""What firms take a ban to cover, apart from its text, and what passes by it (ODD 7.6)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def reading(breadth: Array, notice: Array, ambiguity: Array) -> Array:
    """What firms read beside the text when its author says in public what it covers.

    A text that says what it means leaves no room for it; `ambiguity` 0 to 1 is that room. All are
    shares of trade, the result is the belief less the breadth of the text.
    """
    return ambiguity * (notice - breadth)


def carried_over(gap: Array, before: Array, breadth: Array, read: Array) -> Array:
    """The same after the text has changed from `before` to `breadth`.

    An easing is not believed before it is seen; a wider text is read anew and never as less than
    what was believed. Where no ban is left there is nothing to read.
    """
    kept = gap - (breadth - before)
    new = np.where(breadth > before, np.maximum(kept, read), kept)
    return np.where(breadth > 0.0, new, 0.0)


def learned(gap: Array, seen: Array, tried: Array, weeks: float) -> Array:
    """The same after a week: it nears what customs show (`seen`), as far as trade is `tried`."""
    return gap + np.clip(tried, 0.0, 1.0) / weeks * (seen - gap)


def share_stopped(breadth: Array, belief: Array, found: Array) -> Array:
    """Share of trade that does not leave: what firms withhold, and what customs find of the rest.

    `found` is the part of what leaves against the text that customs hold.
    """
    return belief + found * np.maximum(0.0, breadth - belief)
