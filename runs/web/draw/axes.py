"""The frame of a chart: scales, ticks that a reader can count with, labels that do not collide."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from runs.web.draw.svg import element, number, text
from runs.web.numbers import day, tick

Array = NDArray[np.float64]
WIDTH, HEIGHT = 400.0, 236.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 58.0, 10.0, 26.0


@dataclass(frozen=True)
class Frame:
    """A plot of `weeks` weeks from `start`, its values from 0 to `top`."""

    start: datetime.date
    weeks: int
    top: float

    def x(self, week: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * week / max(1, self.weeks - 1)

    def y(self, value: float) -> float:
        share = min(max(value / self.top, 0.0), 1.0)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    def path(self, weeks: NDArray[np.intp], values: Array) -> list[tuple[float, float]]:
        """Places of many values at once."""
        across = (WIDTH - LEFT - RIGHT) / max(1, self.weeks - 1)
        xs = LEFT + across * weeks
        ys = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * np.clip(values / self.top, 0.0, 1.0)
        return list(zip(xs.tolist(), ys.tolist(), strict=True))


# Round tops of an axis, and into how many equal round steps each is cut.
_TOPS = ((1, 5), (1.2, 4), (1.5, 3), (2, 4), (2.5, 5), (3, 3), (4, 4), (5, 5), (6, 3), (8, 4))


def nice_top(highest: float, least: float) -> float:
    """A round number that covers `highest` (but for a hair) and is at least `least`."""
    value = max(highest, least, 1e-12)
    if not math.isfinite(value):
        return least
    unit = 10.0 ** math.floor(math.log10(value))
    return next((top * unit for top, _ in _TOPS if top * unit >= 0.995 * value), 10 * unit)


def value_ticks(top: float) -> list[float]:
    """Three to five round steps from 0 to `top`."""
    lead = top / 10.0 ** math.floor(math.log10(top) + 1e-9)
    steps = min(_TOPS, key=lambda pair: abs(pair[0] - lead))[1]
    return [top * step / steps for step in range(steps + 1)]


def date_ticks(start: datetime.date, weeks: int, most: int = 7) -> list[tuple[float, str]]:
    """(week, label) at round dates inside the plot: half years, years, or every few years."""
    end = start + datetime.timedelta(weeks=weeks)
    months = next((m for m in (1, 3, 6, 12, 24, 36, 60, 120) if weeks / 4.345 / m <= most), 240)
    ticks = []
    for year in range(start.year, end.year + 1):
        for month in range(1, 13, months) if months < 12 else (1,):
            date = datetime.date(year, month, 1)
            if months > 12 and year % (months // 12):
                continue
            if start <= date < end:
                label = f"{date:%b} {date:%y}" if months < 12 else str(year)
                ticks.append(((date - start).days / 7, label))
    return ticks


def draw_frame(frame: Frame, show: Callable[[float], str] = tick) -> str:
    """Grid, tick labels and the base line."""
    parts = []
    for value in value_ticks(frame.top):
        y = frame.y(value)
        parts.append(element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid"))
        parts.append(text(LEFT - 6, y + 4, show(value), class_="tick", text_anchor="end"))
    for week, label in date_ticks(frame.start, frame.weeks):
        x = frame.x(week)
        foot = HEIGHT - BOTTOM
        parts.append(element("line", x1=x, x2=x, y1=foot, y2=foot + 4, class_="base"))
        parts.append(text(x, foot + 17, label, class_="tick", text_anchor="middle"))
    foot = HEIGHT - BOTTOM
    parts.append(element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=foot, y2=foot, class_="base"))
    return "".join(parts)


def draw_moment(frame: Frame, week: int | None) -> str:
    """A line at the week that the reader looks back to; nothing while the page shows the latest."""
    if week is None:
        return ""
    x = frame.x(week)
    date = frame.start + datetime.timedelta(weeks=week)
    anchor = "end" if x > WIDTH / 2 else "start"
    return element("line", x1=x, x2=x, y1=TOP, y2=HEIGHT - BOTTOM, class_="moment") + text(
        x - 4 if anchor == "end" else x + 4, TOP + 9, day(date), class_="tick", text_anchor=anchor
    )


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near the wanted ones, at least `gap` apart and inside `low` to `high`."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [min(max(wanted[i], low), high) for i in order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + gap)
    if placed and placed[-1] > high:
        placed[-1] = high
        for i in range(len(placed) - 2, -1, -1):
            placed[i] = min(placed[i], placed[i + 1] - gap)
    result = [0.0] * len(placed)
    for position, i in enumerate(order):
        result[i] = placed[position]
    return result


def wrap(body: str, title: str, summary: str) -> str:
    """The `<svg>` around a chart; `summary` is what a screen reader says of it."""
    words = escape(f"{title}. {summary}", quote=True)
    box = f"0 0 {number(WIDTH)} {number(HEIGHT)}"
    return f'<svg class="plot" viewBox="{box}" role="img" aria-label="{words}">{body}</svg>'
