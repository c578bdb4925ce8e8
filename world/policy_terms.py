"""What the pages of `agents/policies` go by: thresholds, doses and steps, as tables with sources.

They are judgements of a player, not of the world: no law reads them, and another player may have
others. `policy_terms.csv` holds one row a figure, by page; `grips.csv` the steps of a coercer's
grip on third countries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from world.levers import DATA
from world.reading import TableError, guess, number_in, numbered_rows
from world.taken import rows_with_taken

GRIP_LEVERS = ("third_country_clause", "threat", "enforcement")


@dataclass(frozen=True, slots=True)
class Term:
    """One row of ``world/data/policy_terms.csv``; ``value``, ``low`` and ``high`` in ``unit``."""

    policy: str
    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    basis: str
    meaning: str


@cache
def load_terms(path: Path = DATA / "policy_terms.csv") -> Mapping[str, Mapping[str, Term]]:
    """Terms by page and name, in the order of the file; raises TableError."""
    texts = ("unit", "source", "basis", "meaning")
    numbers = ("value", "low", "high")
    found: dict[str, dict[str, Term]] = {}
    for row, fields in rows_with_taken(path, ("policy", "term", *numbers, *texts)):
        page, name = found.setdefault(fields["policy"], {}), fields["term"]
        value, low, high = (number_in(path, row, column, fields[column]) for column in numbers)
        if name in page:
            raise TableError(f"{path} row {row}, column term: {fields['policy']} has {name} twice.")
        if not low <= value <= high:
            raise TableError(f"{path} row {row}, column value: {value:g} is out of range.")
        page[name] = Term(
            fields["policy"], name, value, low, high, *(fields[column] for column in texts)
        )
    return found


class Terms:
    """The figures of one page as attributes, ``terms("korea_ally").ceiling``."""

    def __init__(self, policy: str) -> None:
        self._policy = policy
        self.read()

    def read(self) -> None:
        """Takes the figures from the table as it stands now; raises TableError without any."""
        table, policy = load_terms(), self._policy
        if policy not in table:
            raise TableError(
                f"policy_terms.csv has no row for the policy {policy}: {guess(policy, table)}"
            )
        vars(self).update({name: term.value for name, term in table[policy].items()})

    def __getattr__(self, name: str) -> float:
        raise AttributeError(f"there is no term {name}: {guess(name, vars(self))}")


def terms(policy: str) -> Terms:
    """The figures of a page; raises TableError for a page without any."""
    return Terms(policy)


@cache
def grips(path: Path = DATA / "grips.csv") -> tuple[tuple[float, ...], ...]:
    """Steps of the grip on third countries, each (clause, threat, effort); raises TableError."""
    steps: list[tuple[float, ...]] = []
    for row, fields in numbered_rows(path, ("grip", *GRIP_LEVERS, "source")):
        if fields["grip"] != str(len(steps)):
            raise TableError(f"{path} row {row}, column grip: {len(steps)} is due here.")
        steps.append(tuple(number_in(path, row, name, fields[name]) for name in GRIP_LEVERS))
    return tuple(steps)
