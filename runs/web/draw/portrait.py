"""The schematic map on a narrow screen: the same places in an upright box.

A telephone shows the wide map at a third of its size, where words cannot be read and nodes run
into each other. What has to survive is who lies where relative to whom.
"""

from __future__ import annotations

import math
from functools import lru_cache

Point = tuple[float, float]
WIDTH, HEIGHT = 350.0, 520.0  # of the middle points; about as many pixels wide as a telephone
APART = 72.0  # a node, its ring and the figure under it
ROUNDS = 200


@lru_cache(maxsize=64)
def portrait(places: tuple[Point, ...]) -> tuple[Point, ...]:
    """Places for an upright box: half by distance, half by rank, then pushed apart."""
    xs = _stretch([x for x, _ in places], WIDTH)
    ys = _stretch([y for _, y in places], HEIGHT)
    points = [list(pair) for pair in zip(xs, ys, strict=True)]
    for _ in range(ROUNDS):
        for i in range(len(points)):
            for j in range(i):
                _push(points[i], points[j])
        for point in points:
            point[0] = min(max(point[0], 0.0), WIDTH)
            point[1] = min(max(point[1], 0.0), HEIGHT)
    return tuple((round(x, 1), round(y, 1)) for x, y in points)


def _stretch(values: list[float], size: float) -> list[float]:
    low, spread = min(values), max(values) - min(values)
    order = sorted(range(len(values)), key=lambda i: values[i])
    rank = {i: position / max(1, len(values) - 1) for position, i in enumerate(order)}
    linear = [(value - low) / spread if spread else 0.5 for value in values]
    return [size * (linear[i] + rank[i]) / 2 for i in range(len(values))]


def _push(a: list[float], b: list[float]) -> None:
    """Move two points apart by a tenth of what is missing between them."""
    dx, dy = a[0] - b[0], a[1] - b[1]
    distance = math.hypot(dx, dy) or 1.0
    if distance < APART:
        step = 0.1 * (APART - distance) / distance
        a[0], a[1] = a[0] + dx * step, a[1] + dy * step
        b[0], b[1] = b[0] - dx * step, b[1] - dy * step
