"""Line charts: one line a zone, named where it ends rather than in a legend."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runs.web.draw.axes import (
    BOTTOM,
    HEIGHT,
    RIGHT,
    TOP,
    WIDTH,
    Frame,
    draw_frame,
    draw_moment,
    spread,
    wrap,
)  # fmt: skip
from runs.web.draw.svg import Stroke, as_text, element, points, text
from runs.web.numbers import tick

Array = NDArray[np.float64]
MOST_POINTS = 400  # a plot is 300 units wide; more points cost bytes and show nothing


@dataclass(frozen=True)
class Line:
    """One line: `values` a week, NaN where there is none."""

    label: str
    values: Array
    stroke: Stroke
    bold: bool = False
    stepped: bool = False  # a rule in force, such as a floor: level until it is changed


def draw_lines(
    frame: Frame,
    lines: Sequence[Line],
    title: str,
    summary: str,
    moment: int | None = None,
    show: Callable[[float], str] = tick,
) -> str:
    """The chart as SVG text; bold lines are drawn last, on top."""
    body = [draw_frame(frame, show)]
    for line in sorted(lines, key=lambda one: one.bold):
        for run in _runs(line.values):
            body.append(
                element(
                    "polyline",
                    points=points(_path(frame, line, run)),
                    class_="line bold" if line.bold else "line",
                    stroke=line.stroke.colour,
                    stroke_dasharray=line.stroke.dash,
                )
            )
    body.append(_names(frame, lines, moment))
    body.append(draw_moment(frame, moment))
    return wrap("".join(body), title, summary)


def _runs(values: Array) -> list[NDArray[np.intp]]:
    """Stretches of weeks that have a value, thinned to what a screen can show."""
    weeks = np.flatnonzero(np.isfinite(values))
    if weeks.size == 0:
        return []
    stretches = np.split(weeks, np.flatnonzero(np.diff(weeks) > 1) + 1)
    stride = math.ceil(len(values) / MOST_POINTS)
    return [s if stride == 1 else np.append(s[:-1:stride], s[-1]) for s in stretches]


def _path(frame: Frame, line: Line, weeks: NDArray[np.intp]) -> list[tuple[float, float]]:
    path = frame.path(weeks, line.values[weeks])
    if not line.stepped:
        return path
    steps = path[:1]
    for x, y in path[1:]:
        steps += [(x, steps[-1][1]), (x, y)]
    return steps


def _names(frame: Frame, lines: Sequence[Line], moment: int | None) -> str:
    """Each line's name beside its last point, with a dot at the week looked at."""
    ends = []
    for line in lines:
        known = np.flatnonzero(np.isfinite(line.values))
        if known.size:
            last = int(known[-1])
            at = last if moment is None else min(moment, last)
            ends.append((line, last, at))
    wanted = [frame.y(float(line.values[last])) for line, last, _ in ends]
    placed = spread(wanted, 13, TOP + 4, HEIGHT - BOTTOM - 3)
    parts = []
    for (line, last, at), y in zip(ends, placed, strict=True):
        weight = "700" if line.bold else ""
        x = min(frame.x(last) + 6, WIDTH - RIGHT + 6)
        parts.append(
            text(
                x,
                y + 4,
                line.label,
                class_="name",
                fill=as_text(line.stroke.colour),
                font_weight=weight,
            )
        )
        value = float(line.values[at])
        if math.isfinite(value):
            cx, cy = frame.x(at), frame.y(value)
            parts.append(element("circle", cx=cx, cy=cy, r=2.6, fill=line.stroke.colour))
    return "".join(parts)
