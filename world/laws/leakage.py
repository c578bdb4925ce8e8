"""What leaves the coercer beside its papers, and what a paper of a quota is worth (ODD 7.6a)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def smugglers_aim(
    start: Array, margin: Array, gain: float, most: float, effort: Array, deterrence: float
) -> Array:
    """Share of base purchases that smugglers would carry in the long run.

    What they carry from the start, and more per log point by which a price outside stands above
    that inside; policing beyond routine (effort 1) makes it less.
    """
    share = np.minimum(most, start + gain * np.maximum(0.0, margin))
    return np.asarray(share / (1.0 + deterrence * np.maximum(0.0, effort - 1.0)))


def paper_price(rent: Array, bids: Array, papers: Array, up: float, down: float) -> Array:
    """Log price of a quota's papers after a week, 0 where nobody needs to pay for one.

    Papers are traded: they grow dearer while more is asked for than an even use of the quota lets
    go, by at most `up` a week, and cheaper, by at most `down`, as soon as it is less.
    """
    excess = np.log(np.maximum(bids, 1e-9) / np.maximum(papers, 1e-9))
    step = np.clip(np.where(excess > 0.0, up, down) * excess, -down, up)
    return np.maximum(0.0, rent + step)
