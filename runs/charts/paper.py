"""Where weeks and values lie on the paper, round numbers beside them, and what makes an SVG."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from html import escape

Points = Sequence[float | None]

WIDTH, HEIGHT = 460, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 10, 22


def known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


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
    """Where weeks and values lie; ``left`` and ``right`` leave room for words."""

    def __init__(
        self, weeks: int, low: float, high: float, height: int = HEIGHT, right: int = RIGHT,
        width: int = WIDTH,
    ) -> None:  # fmt: skip
        margin = 0.06 * (high - low) or max(abs(high), 1.0) * 0.1
        self.weeks, self.height, self.right, self.width = max(2, weeks), height, right, width
        self.low, self.high = (low if low == 0 else low - margin), high + margin

    def x(self, week: float) -> float:
        return LEFT + (self.width - LEFT - self.right) * week / (self.weeks - 1)

    def y(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return self.height - BOTTOM - (self.height - TOP - BOTTOM) * part

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

    def scale(self, percent: bool = False) -> list[str]:
        """Lines across at round values, with their numbers."""
        out = []
        for value in ticks(self.low, self.high):
            y = self.y(value)
            ends = f'x1="{LEFT}" x2="{self.width - self.right}" y1="{y:.1f}" y2="{y:.1f}"'
            out.append(f'<line class="grid" {ends}/>')
            text = f"{100 * value:.6g}%" if percent else tick_text(value)
            out.append(f'<text x="{LEFT - 5}" y="{y + 3.5:.1f}" text-anchor="end">{text}</text>')
        return out

    def dates(self, start: datetime.date, weeks: int) -> list[str]:
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
                    place = f'x="{self.x(week):.1f}" y="{self.height - 6}" text-anchor="{anchor}"'
                    out.append(f"<text {place}>{text}</text>")
        return out


def tick_text(value: float) -> str:
    """A number beside an axis, in five signs: 1,200 and 12M."""
    for size, sign in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if abs(value) >= size:
            return f"{value / size:.4g}{sign}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def dollars(usd: float) -> str:
    """Dollars beside a bar and in a cell, in three digits: $4.2B, −$96M, $0."""
    size, sign = (1e9, "B") if abs(usd) >= 1e9 else (1e6, "M")
    return f"{'−' if usd < 0 else ''}${abs(usd) / size:.3g}{sign}" if usd else "$0"


def svg(height: int, parts: Sequence[str], says: str, width: int = WIDTH) -> str:
    """The picture, for a page, with the sentence that a screen reader says of it."""
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(says)}">'
        f"{''.join(parts)}</svg>"
    )
