"""Reads the table of systems: ``systems.toml`` for what is said, ``effects.csv`` for figures.

A row names levers, events, weekly columns, the part of a page, rows of facts and a test; the
sentence of its effect has places for figures, which are medians over the seeds of
``python -m runs.systems.measure``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from world.levers import DATA, numbered_rows, read_rows
from world.reading import TableError
from world.toml_text import TomlError, tables_of

TABLE = Path(__file__).parent / "systems.toml"
EFFECTS = Path(__file__).parent / "effects.csv"
STATUS = ("works", "partly", "missing")
TEXTS = ("name", "what", "outcome", "page", "test", "effect", "status")
LISTS = ("levers", "events", "columns", "facts")
RIGHT_KEYS = {*TEXTS, *LISTS, "background", "missing", "play", "runs"}


@cache
def used_rows() -> frozenset[tuple[str, int]]:
    """Table and line of every row that the model reads or a scenario sets (`runs.sources`)."""
    from runs.sources.entries import LISTED, entries

    return frozenset((one.table, one.line) for one in entries() if one.use != LISTED)


@dataclass(frozen=True)
class Fact:
    """Rows of a table of facts: all, or those whose columns hold one of the values."""

    file: str
    wanted: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def lines(self) -> list[tuple[str, int]]:
        """The rows meant, as table and line; raises TableError for a table or column that is not
        there."""
        columns = tuple(column for column, _ in self.wanted)
        return [
            (self.file, line)
            for line, row in numbered_rows(DATA / f"{self.file}.csv", columns)
            if all(row[name] in values for name, values in self.wanted)
        ]

    @property
    def used(self) -> list[tuple[str, int]]:
        """Those of the rows that the model reads or a scenario sets; the others are only listed."""
        used = used_rows()
        return [row for row in self.lines if row in used]


@dataclass(frozen=True)
class System:
    """One row; ``play`` and ``runs`` say how its effect is measured, empty where it is not."""

    id: str
    name: str
    what: str  # it is in the world
    levers: tuple[str, ...]
    events: tuple[str, ...]
    outcome: str  # what they move
    columns: tuple[str, ...]  # table.column of a run's folder, by week
    page: str  # data-part or data-figure of a page
    facts: tuple[Fact, ...]  # rows of which the model reads some, or a scenario sets them
    test: str  # node of pytest
    effect: str  # a sentence with places for figures
    status: str
    background: tuple[Fact, ...] = ()  # rows that it was judged by, which nothing reads
    missing: str = ""  # what it would take to say that it works
    play: Mapping[str, Any] = field(default_factory=dict)
    runs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def fact_rows(self) -> tuple[int, int]:
        """How many rows of its facts the model reads or a scenario sets, and how many of them and
        of its background are only listed."""
        named = {row for fact in (*self.facts, *self.background) for row in fact.lines}
        used = {row for fact in self.facts for row in fact.used}
        return len(used), len(named - used)

    def told(self, figures: Mapping[str, float]) -> str:
        """The sentence of its effect with figures put in; raises TableError if one is missing."""
        try:
            return self.effect.format(**figures)
        except (KeyError, ValueError, IndexError) as error:
            raise TableError(f"{EFFECTS.name}: {self.id} has no figure {error}.") from None

    def row(self, figures: Mapping[str, float]) -> dict[str, Any]:
        """What ``entrepot systems --json`` prints."""
        read, listed = self.fact_rows
        return {
            "id": self.id, "name": self.name, "status": self.status, "missing": self.missing,
            "what": self.what, "levers": list(self.levers), "events": list(self.events),
            "outcome": self.outcome, "columns": list(self.columns), "page": self.page,
            "facts": read, "facts_listed": listed, "test": self.test, "effect": self.told(figures),
        }  # fmt: skip


def fact_of(text: str) -> Fact:
    """``table`` or ``table: column=a|b, column=c``."""
    file, _, rest = text.partition(":")
    wanted = []
    for part in filter(None, (word.strip() for word in rest.split(","))):
        column, _, values = part.partition("=")
        wanted.append((column.strip(), tuple(value.strip() for value in values.split("|"))))
    return Fact(file.strip(), tuple(wanted))


@cache
def systems(path: Path = TABLE) -> tuple[System, ...]:
    """Every system in the order of the table; raises TableError."""
    try:
        tables = tables_of(path.read_text(encoding="utf-8"))
    except (OSError, TomlError) as error:
        raise TableError(f"{path.name}: {error}.") from None
    return tuple(_system(path.name, name, row) for name, row in tables.items())


def _system(file: str, name: str, row: Mapping[str, Any]) -> System:
    unknown = set(row) - RIGHT_KEYS
    absent = [key for key in (*TEXTS, *LISTS) if key not in row]
    if unknown or absent:
        fault = f"unknown keys {sorted(unknown)}" if unknown else f"no key {absent[0]}"
        raise TableError(f"{file}: {name} has {fault}.")
    if row["status"] not in STATUS:
        raise TableError(f"{file}: {name}, status {row['status']!r} is none of {STATUS}.")
    texts = {key: str(row[key]) for key in TEXTS}
    lists: dict[str, Any] = {key: tuple(row[key]) for key in LISTS if key != "facts"}
    return System(
        id=name, facts=tuple(map(fact_of, row["facts"])),
        background=tuple(map(fact_of, row.get("background", ()))), missing=row.get("missing", ""),
        play=row.get("play", {}), runs=row.get("runs", {}), **{**texts, **lists},
    )  # fmt: skip


def figures(path: Path = EFFECTS) -> dict[str, dict[str, float]]:
    """Measured medians by system and figure."""
    found: dict[str, dict[str, float]] = {}
    for row in read_rows(path, ("system", "figure", "median")):
        found.setdefault(row["system"], {})[row["figure"]] = float(row["median"])
    return found


def write_figures(rows: list[dict[str, Any]], path: Path = EFFECTS) -> None:
    """Puts the rows of a measurement in the place of the old ones of the same systems."""
    named = {row["system"] for row in rows}
    kept = [row for row in read_old(path) if row["system"] not in named]
    ordered = sorted([*kept, *rows], key=lambda row: str(row["system"]))
    with path.open("w", newline="", encoding="utf-8") as handle:
        table = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(ordered)


COLUMNS = ("system", "figure", "median", "p10", "p90", "seeds", "users", "model")


def read_old(path: Path) -> list[dict[str, str]]:
    """The rows that stand there, none where there is no file."""
    return read_rows(path, COLUMNS) if path.exists() else []
