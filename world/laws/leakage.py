"""What leaves the coercer beside its papers, and what a paper of a quota is worth (ODD 7.6)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def smugglers_aim(
    start: Array, margin: Array, gain: float, effort: Array, deterrence: float
) -> Array:
    """Share of base purchases that smugglers would carry in the long run.

    What they carry from the start, and more per log point by which a price outside stands above
    that inside; policing beyond routine (effort 1) makes it less.
    """
    share = np.minimum(1.0, start + gain * np.maximum(0.0, margin))
    return np.asarray(share / (1.0 + deterrence * np.maximum(0.0, effort - 1.0)))


def paper_price(
    rent: Array, bids: Array, papers: Array, up: float, down: float, most: Array
) -> Array:
    """Log price of a quota's papers after a week, 0 where nobody needs to pay for one.

    Papers are traded: they grow dearer while more is asked for than an even use of the quota lets
    go, by at most `up` a week. While less is asked for, holders give way by a part of what they
    ask, at most `down`. Nobody pays more than `most`.
    """
    excess = np.clip(np.log(np.maximum(bids, 1e-9) / np.maximum(papers, 1e-9)), -1.0, 1.0)
    moved = np.where(excess > 0.0, rent + up * excess, rent * (1.0 + down * excess))
    return np.minimum(moved, most)
