"""The statements of the two texts that the model began from, and the cells in which they stand.

``world/data/statements.csv`` lists them. ``rows`` names cells as ``table.column: column=a|b, ...``,
several with semicolons; a table may be a shipped scenario, whose rows are its dated acts and
events. Without ``rows`` the statement's own row holds the figure. ``use`` is one of

    read     the model goes by the cell, or takes it through taken.csv
    set      a scenario's act has the date or the figure
    listed   nothing hangs on it; ``why`` is the key of the reason
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from world.facts import DATA_FOLDER, load_facts
from world.reading import numbered_rows
from world.scenario import load_scenario, shipped
from world.taken import Wanted, fits, wanted

TABLE = "statements"
USES = ("read", "set", "listed")


class Place(NamedTuple):
    """Cells of one column of a table, or of a scenario's acts."""

    table: str
    column: str
    where: Wanted

    @property
    def rows(self) -> list[tuple[int, Mapping[str, Any]]]:
        """The rows meant, with their lines or their places among the acts."""
        if self.table in shipped():
            raw = load_scenario(self.table).source
            acts = enumerate([*raw.get("history", ()), *raw.get("events", ())])
            return [(i, act) for i, act in acts
                    if fits({k: str(v) for k, v in act.items()}, self.where)]  # fmt: skip
        found = numbered_rows(DATA_FOLDER / f"{self.table}.csv", (self.column,))
        return [(line, row) for line, row in found if fits(row, self.where)]


class Statement(NamedTuple):
    """One row of the table; ``line`` is where it stands."""

    id: str
    line: int
    value: float
    unit: str
    use: str
    why: str
    places: tuple[Place, ...]
    note: str


def place(text: str) -> Place:
    """``table.column: column=a|b, ...``"""
    named, _, where = text.partition(":")
    table, _, column = named.strip().rpartition(".")
    return Place(table, column, wanted(where))


def places(text: str) -> tuple[Place, ...]:
    return tuple(place(part) for part in text.split(";") if part.strip())


@cache
def statements() -> dict[str, Statement]:
    """All of them by id, in the order of the table; raises DataError."""
    return {
        row.text("statement"): Statement(
            row.text("statement"), row.line, row.number("value"), row.text("unit"),
            row.text("use"), row.text("why"), places(row.text("rows")), row.text("note"),
        )
        for row in load_facts()[TABLE]
    }  # fmt: skip
