"""Pictures of the page on validation, as plain SVG: a series by week, and a strip of one figure."""

from __future__ import annotations

import datetime

from runs.charts.paper import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Frame,
    Points,
    known,
    svg,
)

STRIP = 34


def series_picture(
    middle: Points, low: Points, high: Points, start: datetime.date, window: tuple[int, int],
    level: dict[str, float], says: str,
) -> str:  # fmt: skip
    """Median and 10-90% by week, and in the window where the series would have to run.

    ``level`` holds the multiples of the series at which the target's low, high and value are met.
    """
    first, last = window
    inside = middle[first : last + 1]
    bands = {
        name: [None if v is None else v * factor for v in inside] for name, factor in level.items()
    }
    every = [v for part in (middle, low, high, *bands.values()) for v in known(part)]
    frame = Frame(len(middle), min([0.0, *every]), max([1e-9, *every]))
    parts = [
        f'<rect class="window" x="{frame.x(first):.1f}" y="{TOP}" '
        f'width="{max(1.5, frame.x(last) - frame.x(first)):.1f}" height="{HEIGHT - TOP - BOTTOM}"/>'
    ]
    parts += frame.scale() + frame.dates(start, len(middle))
    parts.append(f'<path class="spread" d="{frame.area(low, high)}"/>')
    if "low" in bands and "high" in bands:
        parts.append(f'<path class="band" d="{frame.area(bands["low"], bands["high"], first)}"/>')
        edges = frame.line(bands["low"], first) + frame.line(bands["high"], first)
        parts.append(f'<path class="edge" d="{edges}"/>')
    if "value" in bands:
        parts.append(f'<path class="published" d="{frame.line(bands["value"], first)}"/>')
    parts.append(f'<path class="median" d="{frame.line(middle)}"/>')
    return svg(HEIGHT, parts, says)


def strip_picture(
    low: float, high: float, value: float | None, median: float | None,
    p10: float | None, p90: float | None, says: str,
) -> str:  # fmt: skip
    """One figure on a line: band, published point, median and 10-90%."""
    every = known((low, high, value, median, p10, p90))
    frame = Frame(2, min(every), max(every))

    def x(at: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (at - frame.low) / (frame.high - frame.low)

    parts = [
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="12" y2="12"/>',
        f'<rect class="band" x="{x(low):.1f}" y="5" width="{x(high) - x(low):.1f}" height="14"/>',
        f'<text x="{x(low):.1f}" y="30" text-anchor="middle">{low:g}</text>',
        f'<text x="{x(high):.1f}" y="30" text-anchor="middle">{high:g}</text>',
    ]
    if value is not None:
        at = f'x1="{x(value):.1f}" x2="{x(value):.1f}" y1="3" y2="21"'
        parts.append(f'<line class="published" {at}/>')
    if median is not None and p10 is not None and p90 is not None:
        parts.append(f'<line class="median" x1="{x(p10):.1f}" x2="{x(p90):.1f}" y1="12" y2="12"/>')
        parts.append(f'<circle cx="{x(median):.1f}" cy="12" r="4.5"/>')
    return svg(STRIP, parts, says)
