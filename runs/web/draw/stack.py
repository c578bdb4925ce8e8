"""Stacked areas: what was delivered, by where it came from, against what was wanted."""

from __future__ import annotations

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
from runs.web.draw.lines import MOST_POINTS
from runs.web.draw.svg import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    VERMILION,
    as_text,
    element,
    points,
    text,
)
from runs.web.numbers import tick

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Origin:
    """A source of deliveries: its column in the record, its name, and how it looks."""

    column: str
    label: str
    colour: str
    pattern: str  # what is drawn over the colour, so that the picture survives grey print


ORIGINS = (
    Origin("from_china_t", "China", VERMILION, "hatch"),
    Origin("from_grey_t", "grey", GREY, "dots"),
    Origin("from_other_t", "other", BLUE, ""),
    Origin("from_recycled_t", "recycled", GREEN, "rising"),
    Origin("from_stockpile_t", "stockpile", ORANGE, "level"),
)

_SHAPES = {
    "hatch": '<path d="M-1 7 7-1M-1 1 1-1M5 7 7 5" stroke="#fff" stroke-width="1.1"/>',
    "dots": '<circle cx="3" cy="3" r="1.1" fill="#fff"/>',
    "rising": '<path d="M3 0V6" stroke="#fff" stroke-width="1"/>',
    "level": '<path d="M0 3H6" stroke="#fff" stroke-width="1"/>',
}
_PATTERNS = "".join(
    f'<pattern id="origin-{origin.pattern}" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<rect width="6" height="6" fill="{origin.colour}"/>{_SHAPES[origin.pattern]}</pattern>'
    for origin in ORIGINS
    if origin.pattern
)


def draw_stack(
    frame: Frame,
    layers: Sequence[tuple[Origin, Array]],
    demand: Array,
    title: str,
    summary: str,
    moment: int | None = None,
    show: Callable[[float], str] = tick,
) -> str:
    """Areas from the bottom up in the order given, the demand line over them."""
    body = [f"<defs>{_PATTERNS}</defs>", draw_frame(frame, show)]
    weeks = np.arange(0, len(demand), max(1, len(demand) // MOST_POINTS + 1))
    if len(demand) and weeks[-1] != len(demand) - 1:
        weeks = np.append(weeks, len(demand) - 1)
    lower = np.zeros(len(demand))
    wanted, names = [], []
    for origin, tonnes in layers:
        upper = lower + np.nan_to_num(tonnes)
        if len(demand) and float(np.max(upper - lower)) > 0:
            body.append(_area(frame, weeks, lower, upper, origin))
            middle = float(lower[-1] + upper[-1]) / 2
            if frame.y(float(lower[-1])) - frame.y(float(upper[-1])) > 3:
                wanted.append(frame.y(middle))
                names.append((origin.label, origin.colour))
        lower = upper
    line = points(frame.path(weeks, demand[weeks]))
    body.append(element("polyline", points=line, class_="line bold", stroke=INK))
    if len(demand):
        wanted.append(frame.y(float(demand[-1])) - 6)
        names.append(("demand", INK))
        x = min(frame.x(len(demand) - 1) + 5, WIDTH - RIGHT + 5)
        for (label, colour), y in zip(
            names, spread(wanted, 12.5, TOP + 3, HEIGHT - BOTTOM - 2), strict=True
        ):
            body.append(text(x, y + 4, label, class_="name", fill=as_text(colour)))
    body.append(draw_moment(frame, moment))
    return wrap("".join(body), title, summary)


def _area(frame: Frame, weeks: NDArray[np.intp], lower: Array, upper: Array, origin: Origin) -> str:
    there, back = frame.path(weeks, upper[weeks]), frame.path(weeks, lower[weeks])
    fill = f"url(#origin-{origin.pattern})" if origin.pattern else origin.colour
    return element("polygon", points=points([*there, *reversed(back)]), fill=fill, class_="area")
