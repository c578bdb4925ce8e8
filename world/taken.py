"""Figures that one table takes from another, so that each of them is written down once.

`taken.csv` says it: the cells of `column` in the rows of `table` that fit `where` are the mean of
`figure` over the rows that fit `rows` in `taken_from`, times `factor`, plus `add`. What stands in
such a cell is for readers of the file; the figure of the other row is what the model goes by, and
a test holds the two equal.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from world.reading import TableError, number_in, numbered_rows

FILE = "taken.csv"
TEXTS = ("table", "where", "column", "taken_from", "rows", "figure", "note")

Wanted = tuple[tuple[str, tuple[str, ...]], ...]


class Taken(NamedTuple):
    """One row of `taken.csv`; ``text`` is the figure with the twelve digits that are kept."""

    table: str
    where: Wanted
    column: str
    taken_from: str
    rows: Wanted
    figure: str
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
        source = folder / f"{fields['taken_from']}.csv"
        given = [
            number_in(source, number, fields["figure"], row[fields["figure"]])
            for number, row in numbered_rows(source, (fields["figure"],)) if fits(row, rows)
        ]  # fmt: skip
        if not given:
            raise TableError(f"{path} row {line}, column rows: no row of {source.name} fits.")
        factor, add = (number_in(path, line, name, fields[name]) for name in ("factor", "add"))
        value = factor * math.fsum(given) / len(given) + add
        found.append(Taken(
            fields["table"], where, fields["column"], fields["taken_from"], rows,
            fields["figure"], f"{value:.12g}",
        ))  # fmt: skip
    return tuple(found)


def rows_with_taken(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with the line of each, as the model goes by them; raises TableError."""
    for line, fields in numbered_rows(path, needed):
        yield line, with_taken(path.parent, path.stem, fields)


def with_taken(folder: Path, table: str, fields: Mapping[str, str]) -> dict[str, str]:
    """A row's cells, those that are taken from elsewhere with the figure of there."""
    given = {one.column: one.text for one in taken(folder)
             if one.table == table and fits(fields, one.where)}  # fmt: skip
    return {**fields, **given}
