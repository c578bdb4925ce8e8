"""Which rows the base year takes: told by building it from rows that remember being read."""

from __future__ import annotations

from functools import cache

from world.base_year import build_base_year
from world.facts import Facts, Row, load_facts
from world.scenario import list_scenarios

FIGURES = ("value", "share")


class Marked(Row):
    """A row that notes in ``seen`` when somebody takes its figure, or its word."""

    seen: set[tuple[str, int]]

    def number(self, column: str, default: float | None = None) -> float:
        if column in FIGURES and self.has(column):
            self.seen.add((self.file, self.line))
        return super().number(column, default)

    def text(self, column: str) -> str:
        if column == "text":
            self.seen.add((self.file, self.line))
        return super().text(column)


@cache
def taken_by_base_year() -> frozenset[tuple[str, int]]:
    """(table, line) of the rows that speak at the start of any shipped scenario."""
    seen: set[tuple[str, int]] = set()
    kind = type("Kept", (Marked,), {"seen": seen})
    plain = load_facts()
    facts = Facts(
        {name: tuple(kind(row.file, row.line, row.cells) for row in rows)
         for name, rows in plain.tables.items()},
        plain.zone_of, plain.units,
    )  # fmt: skip
    every = [row.text("id") for row in plain.rows("materials", kind="market")]
    plans = list_scenarios()
    zones = max((plan.zones for plan in plans), key=len)
    for year in sorted({round(plan.start_year, 1) for plan in plans}):
        build_base_year(facts, every, zones, plans[0].coercer, start_year=year)
    return frozenset((file.removesuffix(".csv"), line) for file, line in seen)
