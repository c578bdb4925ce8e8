"""The table of allowances: what a seat may bind in a quarter, and its points of political capital.

`allowances.csv` has a row of money a seat and rows that hold for all: the part of the money that is
there for the minerals of the game, and political capital. `allowance_facts.csv` has the published
sums on which they rest, by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from world.levers import DATA
from world.reading import TableError, number_in, numbered_rows

PATH = DATA / "allowances.csv"
EVERY = "*"  # the seat of a row that holds for all
MONEY, PART, CAPITAL, BACK = MEASURES = ("money", "part", "capital", "capital_back")
BASES = ("seed", "seen", "recalled", "assumption")


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``value``, ``low`` and ``high`` in ``unit``, ``arithmetic`` from the facts."""

    seat: str
    measure: str
    value: float
    low: float
    high: float
    unit: str
    arithmetic: str
    facts: tuple[str, ...]
    source: str
    basis: str
    meaning: str


@cache
def load_allowances(path: Path = PATH) -> Mapping[tuple[str, str], Row]:
    """Rows by seat and measure, in the order of the file; raises TableError."""
    texts = ("seat", "measure", "unit", "arithmetic", "facts", "source", "basis", "meaning")
    found: dict[tuple[str, str], Row] = {}
    for row, fields in numbered_rows(path, (*texts, "value", "low", "high")):
        value, low, high = (
            number_in(path, row, name, fields[name]) for name in ("value", "low", "high")
        )
        key = (fields["seat"], fields["measure"])
        if key in found:
            raise TableError(f"{path} row {row}, column seat: {key[0]} has {key[1]} twice.")
        if fields["measure"] not in MEASURES:
            raise TableError(f"{path} row {row}, column measure: {key[1]!r} is unknown.")
        if not 0 <= low <= value <= high:
            raise TableError(f"{path} row {row}, column value: {value:g} is out of range.")
        if fields["basis"] not in BASES or not fields["source"]:
            raise TableError(f"{path} row {row}, column basis: a source and its basis are needed.")
        found[key] = Row(
            *key, value, low, high, fields["unit"], fields["arithmetic"],
            tuple(fields["facts"].split()), fields["source"], fields["basis"], fields["meaning"],
        )  # fmt: skip
    return found


def row_of(seat: str, measure: str, path: Path = PATH) -> Row:
    """The row of a seat, or the one that holds for all; raises TableError where there is none."""
    table = load_allowances(path)
    found = table.get((seat, measure)) or table.get((EVERY, measure))
    if found is None:
        raise TableError(f"{path} has no row of {measure} for {seat}.")
    return found


def check_allowances(seats: Iterable[str], path: Path = PATH) -> None:
    """Raises TableError for the first seat whose row is missing."""
    for seat in seats:
        for measure in MEASURES:
            row_of(seat, measure, path)
