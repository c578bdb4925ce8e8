"""Targets: published figures, each with the scenario and the measure that a run is held against.

A target is a row of a CSV file; the shipped file is ``targets.csv`` beside this module.
``scenario`` is an id or a path (beside the CSV file too), ``set`` changes it (``a=b;c=d``),
``base_set`` asks for a second run of the same scenario and seed, with these changes on top of those
of ``set``.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runs.terminal import number_or_text
from runs.validate.functions import check
from runs.validate.grammar import MeasureError, Node, parse
from world.levers import guess
from world.scenario import Scenario, ScenarioError, SetValue, load_scenario

SHIPPED = Path(__file__).parent / "targets.csv"
PUBLISHED = (
    "id", "episode", "name", "metric_definition", "period", "value", "low", "high", "unit", "kind",
    "weight", "evidence", "confidence", "source", "url", "notes",
)  # fmt: skip
READ = ("scenario", "set", "base_set", "measure")
COLUMNS = (*PUBLISHED, *READ)
NEEDED = ("id", "low", "high", "kind", "scenario", "measure")
# Users of every run: the size of a class. Flows and prices hardly differ from those of 10,000
# users, in a fifth of the time.
USERS = 2_000
MOST_BYTES = 10_000_000
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # control characters
FORMULA = re.compile(r"\s*[=+@-]")
SHOWN = frozenset({"id", "episode", "name", "kind", "unit"})  # texts that are written out again


class TargetError(ValueError):
    """A file of targets that cannot be used; the text is one sentence with file, row and column."""


@dataclass(frozen=True)
class Target:
    """A published figure and how it is read; ``tree`` is the measure."""

    id: str
    episode: str
    name: str
    period: str
    value: float | None
    low: float
    high: float
    unit: str
    kind: str
    weight: float
    source: str
    notes: str
    scenario: str
    changes: tuple[tuple[str, SetValue], ...]
    base_changes: tuple[tuple[str, SetValue], ...] | None
    measure: str
    tree: Node
    plan: Scenario
    base_plan: Scenario | None
    line: int = 0  # of the file


def read_targets(path: str | Path | None = None) -> list[Target]:
    """Every target of a file (the shipped one if None), checked; raises TargetError."""
    path = SHIPPED if path is None else Path(path)
    rows = _rows(path)
    header = rows[0][1]
    place = {name: column for column, name in enumerate(header)}
    plans: dict[object, Scenario] = {}
    targets: list[Target] = []
    for line, cells in rows[1:]:
        row = _Row(path.name, line, {name: cells[at].strip() for name, at in place.items()})
        target = _target(row, path.parent, plans)
        if any(target.id == other.id for other in targets):
            raise row.fault("id", f"{target.id} stands there twice")
        targets.append(target)
    return targets


def changed(targets: Sequence[Target], values: Mapping[str, SetValue]) -> list[Target]:
    """The same targets with other parameters (``parameters.NAME`` to a value in its unit); a
    target that sets one itself keeps its own. Raises TargetError."""
    for name in values:
        if not name.startswith("parameters."):
            raise TargetError(f"{name} cannot be set for all episodes; name parameters.NAME.")
    out = []
    for target in targets:
        own = {name for name, _ in (*target.changes, *(target.base_changes or ()))}
        given = {
            name: number_or_text(value) if isinstance(value, str) else value
            for name, value in values.items() if name not in own
        }  # fmt: skip
        base = target.base_plan
        try:
            out.append(
                dataclasses.replace(
                    target, plan=target.plan.override(given),
                    base_plan=None if base is None else base.override(given),
                )
            )
        except ScenarioError as error:
            raise TargetError(str(error)) from None
    return out


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Lines with their numbers, the header first, of the same width; raises TargetError."""
    name = path.name
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TargetError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.")
        text = body.decode("utf-8-sig")
    except OSError as error:
        raise TargetError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise TargetError(f"{name} is not text in UTF-8.") from None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                rows.append((start, cells))
            start = lines.line_num + 1
    except csv.Error as error:
        raise TargetError(f"{name}, row {start}: {error}.") from None
    if not rows:
        raise TargetError(f"{name} is empty; its first row must name columns such as id.")
    header = [cell.strip() for cell in rows[0][1]]
    for place, column in enumerate(header):
        if column not in COLUMNS:
            raise TargetError(f"{name}, row 1: {column!r} is no column: {guess(column, COLUMNS)}")
        if column in header[:place]:
            raise TargetError(f"{name}, row 1: the column {column} stands there twice.")
    for column in NEEDED:
        if column not in header:
            raise TargetError(f"{name}, row 1: the column {column} is missing.")
    for line, cells in rows:
        if len(cells) != len(header):
            raise TargetError(
                f"{name}, row {line}: {len(cells)} cells, and the first row names {len(header)}."
            )
        for column, cell in zip(header, cells, strict=True):
            if UNSEEN.search(cell) or (column in SHOWN and FORMULA.match(cell)):
                raise TargetError(
                    f"{name}, row {line}, {column}: {cell[:40]!r} holds signs that a terminal or a "
                    "table program would take as orders; write plain text."
                )
    if len(rows) == 1:
        raise TargetError(f"{name} holds no target, only names of columns.")
    return [(rows[0][0], header), *rows[1:]]


@dataclass(frozen=True)
class _Row:
    file: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def needed(self, column: str) -> str:
        if not self.text(column):
            raise self.fault(column, "is empty")
        return self.text(column)

    def number(self, column: str, default: float | None = None) -> float:
        text = self.text(column) if default is not None else self.needed(column)
        if not text and default is not None:
            return default
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.fault(column, f"{text!r} is not a number")
        return value

    def fault(self, column: str, sentence: str) -> TargetError:
        sentence = sentence.rstrip(".?") + ("?" if sentence.endswith("?") else ".")
        return TargetError(f"{self.file}, row {self.line}, column {column}: {sentence}")


def _target(row: _Row, folder: Path, plans: dict[object, Scenario]) -> Target:
    low, high = row.number("low"), row.number("high")
    if low >= high:
        raise row.fault("low", f"the band is the wrong way round, {low:g} to {high:g}")
    weight = row.number("weight", 1.0)
    if weight <= 0:
        raise row.fault("weight", f"must be above 0, not {weight:g}")
    scenario = row.needed("scenario")
    changes = assignments(row, "set")
    asked = assignments(row, "base_set")
    plan = _plan(row, folder, plans, "set", changes)
    base_changes, base = None, None
    if asked:
        merged = {**dict(changes), **dict(asked)}
        base_changes = tuple(merged.items())
        base = _plan(row, folder, plans, "base_set", base_changes)
    text = row.needed("measure")
    try:
        tree = parse(text)
        check(tree, plan, base)
    except MeasureError as error:
        raise row.fault("measure", str(error)) from None
    return Target(
        id=row.needed("id"), episode=row.text("episode") or scenario, name=row.text("name"),
        period=row.text("period"), value=row.number("value") if row.text("value") else None,
        low=low, high=high, unit=row.text("unit"), kind=row.needed("kind"), weight=weight,
        source=row.text("source"), notes=row.text("notes"), scenario=scenario, changes=changes,
        base_changes=base_changes, measure=text, tree=tree, plan=plan, base_plan=base,
        line=row.line,
    )  # fmt: skip


def assignments(row: _Row, column: str) -> tuple[tuple[str, SetValue], ...]:
    """``a=b;c=d`` in parts."""
    found: dict[str, SetValue] = {}
    for part in row.text(column).split(";"):
        if not part.strip():
            continue
        name, equals, value = (word.strip() for word in part.partition("="))
        if not (name and equals and value):
            raise row.fault(column, f"{part.strip()!r} is not of the form NAME=VALUE")
        if name in found:
            raise row.fault(column, f"{name} is set twice")
        found[name] = number_or_text(value)
    return tuple(found.items())


def _plan(
    row: _Row, folder: Path, plans: dict[object, Scenario], column: str,
    changes: tuple[tuple[str, SetValue], ...],
) -> Scenario:  # fmt: skip
    """The scenario of a row with its changes, read once for all rows that want the same."""
    name = row.needed("scenario")
    key = (name, changes)
    if key not in plans:
        source: str | Path = name
        if name.endswith(".toml") and (folder / name).is_file():
            source = folder / name
        try:
            load_scenario(source)
        except ScenarioError as error:
            raise row.fault("scenario", str(error)) from None
        try:
            plans[key] = load_scenario(source, {"users": USERS, **dict(changes)})
        except ScenarioError as error:
            raise row.fault(column, str(error)) from None
    return plans[key]
