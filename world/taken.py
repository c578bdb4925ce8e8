"""Figures that one table takes from another, so that each of them is written down once.

`taken.csv` says it: the cells of `column` in the rows of `table` that fit `where` are the mean of
`figure` over the rows that fit `rows` in `taken_from`, times `factor`, plus `add`; where `over`
names other cells, as `table.column: column=a|b`, over their mean. A cell that is taken twice is the
sum of both. What stands in such a cell is for readers of the file; the figure of the other row is
what the model goes by, and a test holds the two equal.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from world.reading import TableError, number_in, numbered_rows

FILE = "taken.csv"
TEXTS = ("table", "where", "column", "taken_from", "rows", "figure", "over", "note")

Wanted = tuple[tuple[str, tuple[str, ...]], ...]


class Given(NamedTuple):
    """Cells of another table whose mean is taken."""

    table: str
    rows: Wanted
    figure: str


class Taken(NamedTuple):
    """One row of `taken.csv`; ``text`` is the figure with the twelve digits that are kept."""

    table: str
    where: Wanted
    column: str
    givers: tuple[Given, ...]
    text: str


def wanted(text: str) -> Wanted:
    """``column=a|b, column=c`` as columns and the values that they may hold."""
    parts = (part.strip().partition("=") for part in text.split(","))
    return tuple((column, tuple(values.split("|"))) for column, sign, values in parts if sign)


def fits(fields: Mapping[str, str], conditions: Wanted) -> bool:
    """Whether a row holds what is wanted; a column that it does not have fits nothing."""
    return all(fields.get(column) in values for column, values in conditions)


@cache
def taken(folder: Path) -> tuple[Taken, ...]:
    """What a folder's tables take from one another, nothing without the file; raises TableError."""
    path = folder / FILE
    if not path.exists():
        return ()
    found = []
    for line, fields in numbered_rows(path, (*TEXTS, "factor", "add")):
        where, rows = wanted(fields["where"]), wanted(fields["rows"])
        over, _, chosen = fields["over"].partition(":")
        givers = [Given(fields["taken_from"], rows, fields["figure"])]
        if over:
            table, _, column = over.strip().partition(".")
            givers.append(Given(table, wanted(chosen), column))
        factor, add = (number_in(path, line, name, fields[name]) for name in ("factor", "add"))
        means = [_mean(path, line, one) for one in givers]
        value = factor * means[0] / (means[1] if over else 1.0) + add
        found.append(
            Taken(fields["table"], where, fields["column"], tuple(givers), f"{value:.12g}")
        )
    return tuple(found)


def _mean(path: Path, line: int, one: Given) -> float:
    source = path.parent / f"{one.table}.csv"
    given = [
        number_in(source, number, one.figure, row[one.figure])
        for number, row in numbered_rows(source, (one.figure,)) if fits(row, one.rows)
    ]  # fmt: skip
    if not given:
        raise TableError(f"{path} row {line}, column rows: no row of {source.name} fits.")
    return math.fsum(given) / len(given)


def rows_with_taken(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with the line of each, as the model goes by them; raises TableError."""
    for line, fields in numbered_rows(path, needed):
        yield line, with_taken(path.parent, path.stem, fields)


def with_taken(folder: Path, table: str, fields: Mapping[str, str]) -> dict[str, str]:
    """A row's cells, those that are taken from elsewhere with the figure of there."""
    given: dict[str, str] = {}
    for one in taken(folder):
        if one.table == table and fits(fields, one.where):
            before = given.get(one.column)
            given[one.column] = (
                one.text if before is None else f"{float(before) + float(one.text):.12g}"
            )
    return {**fields, **given}
