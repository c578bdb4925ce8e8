"""Pictures of the page on validation, as plain SVG: a series by week, and a strip of one figure."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from html import escape

Points = Sequence[float | None]

WIDTH, HEIGHT = 460, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 10, 22
STRIP = 34


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round numbers between low and high, about so many."""
    if not high > low:
        return [low]
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(n * step, 12) for n in range(first, last + 1)]


class Frame:
    """Where weeks and values lie on the paper."""

    def __init__(self, weeks: int, low: float, high: float) -> None:
        margin = 0.06 * (high - low) or max(abs(high), 1.0) * 0.1
        self.weeks = max(2, weeks)
        self.low, self.high = (low if low == 0 else low - margin), high + margin

    def x(self, week: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * week / (self.weeks - 1)

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part

    def line(self, values: Points, first: int = 0) -> str:
        """The path of a series; weeks without a value are left out."""
        out, down = [], False
        for week, value in enumerate(values, start=first):
            if value is None or not math.isfinite(value):
                down = False
                continue
            out.append(f"{'L' if down else 'M'}{self.x(week):.1f} {self.y(value):.1f}")
            down = True
        return "".join(out)

    def area(self, low: Points, high: Points, first: int = 0) -> str:
        """The path around what lies between two series."""
        pairs = [
            (week, a, b)
            for week, (a, b) in enumerate(zip(low, high, strict=True), start=first)
            if a is not None and b is not None and math.isfinite(a) and math.isfinite(b)
        ]
        if not pairs:
            return ""
        up = [f"{self.x(week):.1f} {self.y(b):.1f}" for week, _, b in pairs]
        back = [f"{self.x(week):.1f} {self.y(a):.1f}" for week, a, _ in reversed(pairs)]
        return f"M{'L'.join([*up, *back])}Z"


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
    known = [
        v
        for part in (middle, low, high, *bands.values())
        for v in part
        if v is not None and math.isfinite(v)
    ]
    frame = Frame(len(middle), min([0.0, *known]), max([1e-9, *known]))
    parts = [
        f'<rect class="window" x="{frame.x(first):.1f}" y="{TOP}" '
        f'width="{max(1.5, frame.x(last) - frame.x(first)):.1f}" height="{HEIGHT - TOP - BOTTOM}"/>'
    ]
    for value in ticks(frame.low, frame.high):
        y = frame.y(value)
        ends = f'x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
        parts.append(f'<line class="grid" {ends}/>')
        parts.append(f'<text x="{LEFT - 5}" y="{y + 3.5:.1f}" text-anchor="end">{value:g}</text>')
    parts += _years(frame, start, len(middle))
    parts.append(f'<path class="spread" d="{frame.area(low, high)}"/>')
    if "low" in bands and "high" in bands:
        parts.append(f'<path class="band" d="{frame.area(bands["low"], bands["high"], first)}"/>')
        edges = frame.line(bands["low"], first) + frame.line(bands["high"], first)
        parts.append(f'<path class="edge" d="{edges}"/>')
    if "value" in bands:
        parts.append(f'<path class="published" d="{frame.line(bands["value"], first)}"/>')
    parts.append(f'<path class="median" d="{frame.line(middle)}"/>')
    return _svg(HEIGHT, parts, says)


def _years(frame: Frame, start: datetime.date, weeks: int) -> list[str]:
    """Years, or months where the run is short, below the picture."""
    span = weeks * 7 / 365
    step = 1 if span < 6 else 2 if span < 12 else 4
    out = []
    for year in range(start.year, start.year + math.ceil(span) + 1):
        for month in (1, 7) if span < 3 else (1,):
            week = (datetime.date(year, month, 1) - start).days / 7
            if 0 <= week <= weeks - 1 and (year - start.year) % step == 0:
                text = f"{year}-{month:02d}" if span < 3 else str(year)
                anchor = "end" if week > 0.9 * weeks else "start" if week < 2 else "middle"
                place = f'x="{frame.x(week):.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}"'
                out.append(f"<text {place}>{text}</text>")
    return out


def strip_picture(
    low: float, high: float, value: float | None, median: float | None,
    p10: float | None, p90: float | None, says: str,
) -> str:  # fmt: skip
    """One figure on a line: band, published point, median and 10-90%."""
    known = [v for v in (low, high, value, median, p10, p90) if v is not None]
    frame = Frame(2, min(known), max(known))

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
    return _svg(STRIP, parts, says)


def _svg(height: int, parts: Sequence[str], says: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(says)}">'
        f"{''.join(parts)}</svg>"
    )
