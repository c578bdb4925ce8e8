"""A sweep in sentences and pictures: what moves most, what moves nothing, and a map of cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runs.charts.page import figure, table
from runs.charts.paper import dollars
from runs.charts.pictures import curve_picture, heat_picture
from runs.compare.shown import CompareError, ShownSweep
from runs.compare.words import FIGURES, Tongue, first_up, plain

Array = NDArray[np.float64]
MOST = 6
NOTHING = 0.02  # of what people would notice


@dataclass(frozen=True)
class Moved:
    """A figure over the cells: medians over the lucks, lowest and highest with their cells."""

    figure: str
    about: dict[str, str]  # material, zone and target that it speaks of
    grid: Array
    low: float
    high: float
    at_low: dict[str, Any]
    at_high: dict[str, Any]
    size: float

    def noun(self, to: Tongue) -> str:
        return to.noun(FIGURES[self.figure], **self.about)

    def said(self, value: float, to: Tongue) -> str:
        return to.say(FIGURES[self.figure].form, value)

    def row(self) -> dict[str, Any]:
        return {
            "figure": self.figure, "low": self.low, "high": self.high, "at_low": self.at_low,
            "at_high": self.at_high, "size": self.size,
        }  # fmt: skip


def moved(sweep: ShownSweep) -> list[Moved]:
    """Figures by how far they move over the cells, the furthest first; raises CompareError."""
    found = []
    about = {
        key: str(sweep.cells[key].iloc[0])
        for key in ("material", "zone", "target")
        if key in sweep.cells.columns
    }
    for name in sweep.figures:
        if name not in FIGURES:
            continue
        grid = sweep.grid(name)
        if not np.isfinite(grid).any():
            continue
        ends = (int(np.nanargmin(grid)), int(np.nanargmax(grid)))
        places = [np.unravel_index(end, grid.shape) for end in ends]
        low, high = (float(grid[place]) for place in places)
        moves = [_along(name, grid, axis) for axis in range(grid.ndim)]
        cells = [
            {
                target: sweep.vary[target][at]
                for target, at, along in zip(sweep.vary, place, moves, strict=True)
                if along
            }
            for place in places
        ]
        found.append(
            Moved(
                name, about, grid, low, high, cells[0], cells[1],
                (high - low) / FIGURES[name].size,
            )
        )
    if not found:
        raise CompareError(f"{sweep.name} holds no figure that can be shown.")
    return sorted(found, key=lambda one: -one.size)


def finding(sweep: ShownSweep, found: Sequence[Moved], to: Tongue) -> str:
    """What moves most, with both ends."""
    most = found[0]
    if most.size < NOTHING:
        return to.t("compare.sweep_none", name=sweep.name)
    return first_up(_ends("compare.sweep_finding", most, to))


def sentences(found: Sequence[Moved], to: Tongue) -> list[str]:
    """The figures that move beside the first, which is the title."""
    return [
        first_up(_ends("compare.sweep_sentence", one, to))
        for one in found[1:MOST]
        if one.size >= NOTHING
    ]


def _ends(key: str, one: Moved, to: Tongue) -> str:
    return to.t(key, noun=one.noun(to), low=one.said(one.low, to), high=one.said(one.high, to),
                at_low=told(one.at_low, to), at_high=told(one.at_high, to))  # fmt: skip


def idle(sweep: ShownSweep, found: Sequence[Moved], to: Tongue) -> list[str]:
    """The targets that move no figure, a sentence each."""
    return [
        first_up(to.t("compare.sweep_idle", lever=to.lever(target)))
        for axis, target in enumerate(sweep.vary)
        if len(sweep.vary[target]) > 1
        and not any(_along(one.figure, one.grid, axis) for one in found)
    ]


def _along(name: str, grid: Array, axis: int) -> bool:
    """True if the figure moves along one target."""
    known = np.where(np.isfinite(grid), grid, 0.0)
    return bool(np.ptp(known, axis=axis).max() / FIGURES[name].size >= NOTHING)


def told(cell: dict[str, Any], to: Tongue) -> str:
    return to.all_of([
        to.t("compare.cell", lever=to.lever(target), value=plain(value))
        for target, value in cell.items()
    ])  # fmt: skip


# --- pictures -----------------------------------------------------------------------------------


def figures_of(sweep: ShownSweep, found: Sequence[Moved], to: Tongue) -> list[str]:
    """A figure of a page for each of the first; one target is a curve, two are a heat map, and
    three or more are heat maps side by side."""
    return [
        _figure(sweep, one, rest, to)
        for one in found[:MOST]
        if one.size >= NOTHING
        for rest in _rests(sweep)
    ]


def _rests(sweep: ShownSweep) -> list[tuple[int, ...]]:
    """Places of the third target and those after it, a picture each; at most six."""
    more = [range(len(values)) for values in list(sweep.vary.values())[2:]]
    return list(product(*more))[:MOST]


def _figure(sweep: ShownSweep, one: Moved, rest: tuple[int, ...], to: Tongue) -> str:
    targets = list(sweep.vary)
    title = first_up(to.t("compare.sweep_title", noun=one.noun(to), low=one.said(one.low, to),
                          high=one.said(one.high, to)))  # fmt: skip
    source = to.t("compare.sweep_source", title=sweep.title(to))
    if len(targets) == 1:
        return _curve(sweep, one, title, source, to)
    at = "".join(
        to.t("compare.at_third", lever=to.lever(targets[n + 2]),
             value=plain(sweep.vary[targets[n + 2]][place]))
        for n, place in enumerate(rest)
    )  # fmt: skip
    grid = one.grid.reshape(*one.grid.shape[:2], -1)[:, :, _flat(one.grid.shape[2:], rest)]
    down, across = ([plain(v) for v in sweep.vary[target]] for target in targets[:2])
    texts = [[_cell(one, value, to) for value in line] for line in grid]
    rows = [[name, *line] for name, line in zip(down, texts, strict=True)]
    picture = heat_picture(
        [[float(v) if math.isfinite(v) else None for v in line] for line in grid], down, across,
        f"{title}{at}", texts,
    )  # fmt: skip
    names = [to.lever(target) for target in targets[:2]]
    sub = to.t("compare.axes", down=names[0], across=names[1]) + at
    return figure(title, sub, picture, source, table([names[0], *across], rows), to=to)


def _flat(shape: tuple[int, ...], place: tuple[int, ...]) -> int:
    """The place among all of the further targets, the last of which changes fastest."""
    return int(np.ravel_multi_index(place, shape)) if place else 0


def _curve(sweep: ShownSweep, one: Moved, title: str, source: str, to: Tongue) -> str:
    target, values = next(iter(sweep.vary.items()))
    low, high = (sweep.grid(one.figure, part).tolist() for part in (0.1, 0.9))
    places = [float(v) if isinstance(v, float | int) else float(n) for n, v in enumerate(values)]
    picture = curve_picture(places, one.grid.tolist(), low, high, title)
    rows = [
        [plain(value), *(one.said(float(v), to) for v in parts)]
        for value, *parts in zip(values, low, one.grid, high, strict=True)
    ]
    head = [to.lever(target), *(to.t(f"compare.{k}") for k in ("below", "median", "above"))]
    sub = to.t("compare.axis", across=to.lever(target), lucks=sweep.runs)
    return figure(title, sub, picture, source, table(head, rows), to=to)


def _cell(one: Moved, value: float, to: Tongue) -> str:
    """A figure in a cell, without the words of its unit."""
    if not math.isfinite(value):
        return "–"
    form = FIGURES[one.figure].form
    if form == "total":
        return dollars(value)
    return to.say("index" if form in ("weeks", "days") else form, float(value))


def same_grid(a: ShownSweep, b: ShownSweep) -> None:
    """Raises CompareError unless two sweeps vary the same values."""
    if a.vary != b.vary:
        raise CompareError(
            f"{a.name} and {b.name} vary different values, so no cell of one has its like in the "
            "other; look at each by itself."
        )


def between(a: ShownSweep, b: ShownSweep, to: Tongue) -> list[str]:
    """The cells in which two sweeps of one grid are furthest apart, in sentences."""
    same_grid(a, b)
    own, out = {one.figure: one for one in moved(a)}, []
    for two in moved(b):
        one = own.get(two.figure)
        if one is None:
            continue
        gap = np.abs(two.grid - one.grid)
        if not np.isfinite(gap).any() or np.nanmax(gap) / FIGURES[two.figure].size < NOTHING:
            continue
        place = np.unravel_index(int(np.nanargmax(gap)), gap.shape)
        cell = {t: a.vary[t][at] for t, at in zip(a.vary, place, strict=True)}
        out.append(first_up(to.t(
            "compare.sweeps_sentence", noun=two.noun(to), cell=told(cell, to), a=a.name, b=b.name,
            now=one.said(float(one.grid[place]), to), then=two.said(float(two.grid[place]), to),
        )))  # fmt: skip
    return out[:MOST]
