"""The kinds of picture: lines by week with bands, a waterfall, a heat map."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from runs.charts.paper import BOTTOM, LEFT, WIDTH, Frame, Points, known, svg, tick_text

LABELS = 64  # room at the right for the names of lines


@dataclass(frozen=True)
class Line:
    """One series by week; ``kind`` is its class in the style: a, b, median, published."""

    name: str
    values: Points
    kind: str = "a"
    low: Points | None = None  # of a band around it
    high: Points | None = None
    inner_low: Points | None = None  # of a narrower one within it
    inner_high: Points | None = None


def lines_picture(
    lines: Sequence[Line], start: datetime.date, says: str, percent: bool = False,
    between: bool = False, height: int = 190, ticks: Sequence[int] = (),
) -> str:  # fmt: skip
    """Lines with their names at their ends; ``between`` shades what lies between the first two,
    ``ticks`` are weeks marked on the axis, one for each luck."""
    weeks = max(len(line.values) for line in lines)
    every = [
        value
        for line in lines
        for part in (line.values, line.low or (), line.high or ())
        for value in known(part)
    ]
    named = any(line.name for line in lines)
    frame = Frame(
        weeks, min([0.0, *every]), max([1e-9, *every]), height, LABELS if named else 10
    )
    parts = [*frame.scale(percent), *frame.dates(start, weeks)]
    if between and len(lines) > 1:
        span = min(len(lines[0].values), len(lines[1].values))
        apart = frame.area(lines[0].values[:span], lines[1].values[:span])
        parts.append(f'<path class="apart" d="{apart}"/>')
    for line in lines:
        if line.low is not None and line.high is not None:
            band = frame.area(line.low, line.high)
            parts.append(f'<path class="band-{line.kind}" d="{band}"/>')
        if line.inner_low is not None and line.inner_high is not None:
            half = frame.area(line.inner_low, line.inner_high)
            parts.append(f'<path class="band-{line.kind}" d="{half}"/>')
    foot = height - BOTTOM
    parts += [f'<line class="tick" x1="{frame.x(w):.1f}" x2="{frame.x(w):.1f}" y1="{foot - 7}" '
              f'y2="{foot}"/>' for w in ticks]  # fmt: skip
    parts += [f'<path class="line-{line.kind}" d="{frame.line(line.values)}"/>' for line in lines]
    return svg(height, parts + _names(frame, lines), says)


def _names(frame: Frame, lines: Sequence[Line]) -> list[str]:
    """Names beside the ends of lines, moved apart where they would touch."""
    ends = sorted(
        ((frame.y(known(line.values)[-1]), line) for line in lines if known(line.values)),
        key=lambda end: end[0],
    )
    out, last = [], -math.inf
    for y, line in ends:
        last = max(y + 4, last + 13)
        x = WIDTH - LABELS + 5
        out.append(
            f'<text class="name-{line.kind}" x="{x}" y="{last:.1f}">{escape(line.name)}</text>'
        )
    return out


def fall_picture(
    start: tuple[str, float], steps: Sequence[tuple[str, float, str]], end: tuple[str, float],
    says: str, texts: Sequence[str],
) -> str:  # fmt: skip
    """Rows of level, steps, level; a step begins where the last ended. ``steps`` have a name, a
    change and a kind (china, fear, other), ``texts`` what stands beside each row."""
    row, names, beside = 24, 214, 60
    levels = [start[1]]
    for _, change, _ in steps:
        levels.append(levels[-1] + change)
    low, high = min(0.0, *levels), max(1e-12, *levels)

    def x(value: float) -> float:
        return names + (WIDTH - names - beside) * (value - low) / (high - low)

    rows = [(start[0], 0.0, start[1], "level")]
    rows += [
        (name, levels[n], levels[n + 1], kind) for n, (name, _, kind) in enumerate(steps)
    ]
    rows.append((end[0], 0.0, end[1], "level"))
    parts = [f'<line class="grid" x1="{x(0):.1f}" x2="{x(0):.1f}" y1="0" y2="{row * len(rows)}"/>']
    for n, ((name, was, now, kind), text) in enumerate(zip(rows, texts, strict=True)):
        y = n * row
        left, right = sorted((x(was), x(now)))
        parts.append(
            f'<text x="{names - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>'
            f'<rect class="step-{kind}" x="{left:.1f}" y="{y + 4}" '
            f'width="{max(1.0, right - left):.1f}" height="{row - 8}" rx="2"/>'
            f'<text x="{right + 5:.1f}" y="{y + 16}">{escape(text)}</text>'
        )
    return svg(row * len(rows), parts, says)


def heat_picture(
    cells: Sequence[Sequence[float | None]], rows: Sequence[str], columns: Sequence[str],
    says: str, texts: Sequence[Sequence[str]],
) -> str:  # fmt: skip
    """A number in each cell, one colour that says more by more of it."""
    side, tall = 96, 30
    wide = (WIDTH - side - 6) / max(1, len(columns))
    every = known(value for line in cells for value in line)
    low, high = (min(every), max(every)) if every else (0.0, 0.0)
    parts = []
    for n, line in enumerate(cells):
        y = n * tall
        name = f'<text x="{side - 6}" y="{y + 19}" text-anchor="end">{escape(rows[n])}</text>'
        parts.append(name)
        for m, value in enumerate(line):
            part = 0.0 if value is None or high == low else (value - low) / (high - low)
            x = side + m * wide
            parts.append(
                f'<rect class="heat" x="{x:.1f}" y="{y + 1}" width="{wide - 2:.1f}" '
                f'height="{tall - 2}" rx="3" fill-opacity="{0.08 + 0.62 * part:.2f}"/>'
                f'<text class="in-heat" x="{x + wide / 2:.1f}" y="{y + 19}" text-anchor="middle">'
                f"{escape(texts[n][m])}</text>"
            )
    y = len(cells) * tall
    parts += [
        f'<text x="{side + (m + 0.5) * wide:.1f}" y="{y + 16}" text-anchor="middle">'
        f"{escape(name)}</text>"
        for m, name in enumerate(columns)
    ]
    return svg(y + BOTTOM, parts, says)


def curve_picture(
    places: Sequence[float], middle: Points, low: Points, high: Points, says: str
) -> str:
    """A figure over a value that was varied: median and band, points at the values played."""
    every = [*known(middle), *known(low), *known(high)]
    frame = Frame(len(places), min([0.0, *every]), max([1e-9, *every]))
    parts = frame.scale()
    parts.append(f'<path class="band-a" d="{frame.area(low, high)}"/>')
    parts.append(f'<path class="line-a" d="{frame.line(middle)}"/>')
    for n, value in enumerate(places):
        at = middle[n]
        if at is not None and math.isfinite(at):
            parts.append(
                f'<circle class="dot" cx="{frame.x(n):.1f}" cy="{frame.y(at):.1f}" r="3"/>'
            )
        anchor = "start" if n == 0 else "end" if n == len(places) - 1 else "middle"
        if n == 0 or n == len(places) - 1 or len(places) <= 8:
            parts.append(
                f'<text x="{max(LEFT, frame.x(n)):.1f}" y="{frame.height - 6}" '
                f'text-anchor="{anchor}">{tick_text(value)}</text>'
            )
    return svg(frame.height, parts, says)


def times_picture(
    flags: Sequence[tuple[int, str]], steps: Sequence[float], start: datetime.date, says: str
) -> str:
    """Flags over the weeks, each on the first row where its words have room, above the ladder."""
    wide, letter, row = 940, 7.0, 20
    frame = Frame(len(steps), 0.0, max(1.0, *steps), 60, 10, wide)
    ends: list[float] = []
    words = []
    for week, text in flags:
        x = frame.x(week)
        long = letter * sum(1.7 if ord(sign) > 0x2E80 else 1.0 for sign in text) + 14
        left = x + long > wide
        begin = x - long if left else x
        at = next((n for n, end in enumerate(ends) if end < begin), len(ends))
        ends[at : at + 1] = [x + 8 if left else x + long]
        words.append((x, at, text, left))
    above = row * len(ends) + 4
    parts = [
        f'<line class="flag" x1="{x:.1f}" x2="{x:.1f}" y1="{at * row + 6}" y2="{above + 38}"/>'
        for x, at, _, _ in words
    ]
    parts += [
        f'<text class="flagged" x="{x + (-5 if left else 5):.1f}" y="{at * row + 15}" '
        f'text-anchor="{"end" if left else "start"}">{escape(text)}</text>'
        for x, at, text, left in words
    ]
    area = frame.area([0.0] * len(steps), steps)
    ladder = f'<path class="ladder" d="{area}"/>{"".join(frame.dates(start, len(steps)))}'
    parts.append(f'<g transform="translate(0 {above})">{ladder}</g>')
    return svg(above + 60, parts, says, wide)
