"""The scoring rule: how near a measured figure is to a published band, and what is made of all.

A target scores 1 inside its band and loses with the distance to it: a distance of 0.7 is worth
nothing. Where the band is of positive ratios the distance is one of logarithms (0.7 is a factor of
two), where it reaches below 0 it is counted in widths of the band. A kind is the mean of its
targets by weight, the whole the plain mean over kinds, so that many prices do not drown the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from runs.validate.targets import Target

WORTH_NOTHING = 0.7  # distance


def distance(value: float, low: float, high: float) -> float:
    """How far a value lies outside [low, high]; 0 inside."""
    if low <= value <= high:
        return 0.0
    edge = low if value < low else high
    if low >= 0 and edge > 0:  # a positive ratio
        return abs(math.log(value / edge)) if value > 0 else math.inf
    return abs(value - edge) / (high - low)


def score(value: float | None, low: float, high: float) -> float:
    """1 inside the band, falling to 0 with the distance; 0 for what has no value."""
    if value is None or not math.isfinite(value):
        return 0.0
    return max(0.0, 1.0 - distance(value, low, high) / WORTH_NOTHING)


def by_kind(targets: Iterable[Target], scores: Mapping[str, float]) -> dict[str, float]:
    """Mean score of each kind by weight, kinds in the order in which they first stand there."""
    parts: dict[str, list[tuple[float, float]]] = {}
    for target in targets:
        parts.setdefault(target.kind, []).append((target.weight, scores[target.id]))
    return {
        kind: math.fsum(w * s for w, s in pairs) / math.fsum(w for w, _ in pairs)
        for kind, pairs in parts.items()
    }


def whole(kinds: Mapping[str, float]) -> float:
    """The plain mean over kinds."""
    return math.fsum(kinds.values()) / len(kinds)


def quantile(values: Sequence[float], part: float) -> float:
    """A quantile between the sorted values, as NumPy's default; 0.5 is the median."""
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
