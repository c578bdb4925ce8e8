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
from runs.charts.pictures import curve_picture, heat_picture
from runs.compare.shown import CompareError, ShownSweep
from runs.compare.words import FIGURES, first_up, lever, say
from runs.compare.words import name as called

Array = NDArray[np.float64]
MOST = 6
NOTHING = 0.02  # of what people would notice


@dataclass(frozen=True)
class Moved:
    """A figure over the cells: medians over the lucks, lowest and highest with their cells."""

    figure: str
    noun: str
    grid: Array
    low: float
    high: float
    at_low: dict[str, Any]
    at_high: dict[str, Any]
    size: float

    def said(self, value: float) -> str:
        return say(FIGURES[self.figure].form, value)

    def row(self) -> dict[str, Any]:
        return {
            "figure": self.figure, "low": self.low, "high": self.high, "at_low": self.at_low,
            "at_high": self.at_high, "size": self.size,
        }  # fmt: skip


def moved(sweep: ShownSweep) -> list[Moved]:
    """Figures by how far they move over the cells, the furthest first; raises CompareError."""
    found = []
    about = {
        key: called(str(sweep.cells[key].iloc[0]))
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
                name, FIGURES[name].noun.format(**about), grid, low, high, cells[0], cells[1],
                (high - low) / FIGURES[name].size,
            )
        )
    if not found:
        raise CompareError(f"{sweep.name} holds no figure that can be shown.")
    return sorted(found, key=lambda one: -one.size)


def finding(sweep: ShownSweep, found: Sequence[Moved]) -> str:
    """What moves most, with both ends."""
    most = found[0]
    if most.size < NOTHING:
        return f"No difference: nothing that {sweep.name} varies moves a figure"
    return (
        f"{first_up(most.noun)} runs from {most.said(most.low)} with {told(most.at_low)} to "
        f"{most.said(most.high)} with {told(most.at_high)}"
    )


def sentences(found: Sequence[Moved]) -> list[str]:
    """The figures that move beside the first, which is the title."""
    return [
        f"{first_up(one.noun)}: {one.said(one.low)} with {told(one.at_low)}, {one.said(one.high)} "
        f"with {told(one.at_high)}."
        for one in found[1:MOST]
        if one.size >= NOTHING
    ]


def idle(sweep: ShownSweep, found: Sequence[Moved]) -> list[str]:
    """The targets that move no figure, a sentence each."""
    return [
        f"{first_up(lever(target))} makes no difference, whatever the rest is."
        for axis, target in enumerate(sweep.vary)
        if len(sweep.vary[target]) > 1
        and not any(_along(one.figure, one.grid, axis) for one in found)
    ]


def _along(name: str, grid: Array, axis: int) -> bool:
    """True if the figure moves along one target."""
    known = np.where(np.isfinite(grid), grid, 0.0)
    return bool(np.ptp(known, axis=axis).max() / FIGURES[name].size >= NOTHING)


def told(cell: dict[str, Any]) -> str:
    return " and ".join(f"{lever(target)} at {_text(value)}" for target, value in cell.items())


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float | int) else str(value)


# --- pictures -----------------------------------------------------------------------------------


def figures_of(sweep: ShownSweep, found: Sequence[Moved]) -> list[str]:
    """A figure of a page for each of the first; one target is a curve, two are a heat map, and
    three or more are heat maps side by side."""
    source = f"{sweep.title}. Cell: median over its lucks."
    return [
        _figure(sweep, one, source, rest)
        for one in found[:MOST]
        if one.size >= NOTHING
        for rest in _rests(sweep)
    ]


def _rests(sweep: ShownSweep) -> list[tuple[int, ...]]:
    """Places of the third target and those after it, a picture each; at most six."""
    more = [range(len(values)) for values in list(sweep.vary.values())[2:]]
    return list(product(*more))[:MOST]


def _figure(sweep: ShownSweep, one: Moved, source: str, rest: tuple[int, ...]) -> str:
    targets = list(sweep.vary)
    title = f"{first_up(one.noun)}: {one.said(one.low)} to {one.said(one.high)}"
    if len(targets) == 1:
        return _curve(sweep, one, title, source)
    at = "".join(
        f"; {lever(targets[n + 2])} {_text(sweep.vary[targets[n + 2]][place])}"
        for n, place in enumerate(rest)
    )
    grid = one.grid.reshape(*one.grid.shape[:2], -1)[:, :, _flat(one.grid.shape[2:], rest)]
    down, across = ([_text(v) for v in sweep.vary[target]] for target in targets[:2])
    texts = [[_cell(one, value) for value in line] for line in grid]
    rows = [[name, *line] for name, line in zip(down, texts, strict=True)]
    picture = heat_picture(
        [[float(v) if math.isfinite(v) else None for v in line] for line in grid], down, across,
        f"{title}{at}", texts,
    )  # fmt: skip
    sub = f"Down: {lever(targets[0])}. Across: {lever(targets[1])}{at}"
    return figure(title, sub, picture, source, table([lever(targets[0]), *across], rows))


def _flat(shape: tuple[int, ...], place: tuple[int, ...]) -> int:
    """The place among all of the further targets, the last of which changes fastest."""
    return int(np.ravel_multi_index(place, shape)) if place else 0


def _curve(sweep: ShownSweep, one: Moved, title: str, source: str) -> str:
    target, values = next(iter(sweep.vary.items()))
    low, high = (sweep.grid(one.figure, part).tolist() for part in (0.1, 0.9))
    places = [float(v) if isinstance(v, float | int) else float(n) for n, v in enumerate(values)]
    picture = curve_picture(places, one.grid.tolist(), low, high, title)
    rows = [
        [_text(value), *(one.said(float(v)) for v in parts)]
        for value, *parts in zip(values, low, one.grid, high, strict=True)
    ]
    head = [lever(target), "one in ten below", "median", "one in ten above"]
    return figure(
        title, f"Across: {lever(target)}. Band: 8 of 10 of {sweep.runs} lucks", picture, source,
        table(head, rows),
    )  # fmt: skip


def _cell(one: Moved, value: float) -> str:
    """A figure in a cell, without the words of its unit."""
    said = one.said(float(value))
    for long, brief in ((" billion dollars", "B"), (" million dollars", "M"), (" dollars", "")):
        said = said.replace(long, brief)
    return "–" if said == "no value" else said.replace(" weeks", "").replace(" days", "")


def same_grid(a: ShownSweep, b: ShownSweep) -> None:
    """Raises CompareError unless two sweeps vary the same values."""
    if a.vary != b.vary:
        raise CompareError(
            f"{a.name} and {b.name} vary different values, so no cell of one has its like in the "
            "other; look at each by itself."
        )


def between(a: ShownSweep, b: ShownSweep) -> list[str]:
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
        out.append(
            f"{first_up(two.noun)} with {told(cell)}: {one.said(float(one.grid[place]))} in "
            f"{a.name}, {two.said(float(two.grid[place]))} in {b.name}."
        )
    return out[:MOST]
