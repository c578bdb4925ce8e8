"""The table of parameters: every constant of the laws with unit, range, default and source."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from world.levers import DATA, TableError, guess, number_in
from world.taken import rows_with_taken


class MissingRow(TableError, AttributeError):
    """A law asks for a parameter that the table does not have."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of ``world/data/parameters.csv``; ``low``, ``high``, ``default`` in ``unit``."""

    name: str
    symbol: str
    default: float
    low: float
    high: float
    unit: str
    submodel: str
    source: str
    basis: str
    meaning: str

    def fault(self, value: float) -> str | None:
        """What is wrong with a value, as the end of a sentence that names the range."""
        if math.isnan(value) or not self.low <= value <= self.high:
            return (
                f"must lie between {self.low:g} and {self.high:g} ({self.unit}), "
                f"{value:g} was given."
            )
        return None


@cache
def load_parameters(path: Path = DATA / "parameters.csv") -> dict[str, Parameter]:
    """The parameter table in the order of the file; raises TableError."""
    texts = ("symbol", "unit", "submodel", "source", "basis", "meaning")
    parameters: dict[str, Parameter] = {}
    needed = ("parameter", "default", "low", "high", *texts)
    for row, fields in rows_with_taken(path, needed):
        name = fields["parameter"]
        default, low, high = (
            number_in(path, row, column, fields[column]) for column in ("default", "low", "high")
        )
        if name in parameters:
            raise TableError(f"{path} row {row}, column parameter: {name} stands there twice.")
        if not low <= default <= high:
            raise TableError(f"{path} row {row}, column default: {default:g} is out of range.")
        parameters[name] = Parameter(
            name, fields["symbol"], default, low, high, fields["unit"],
            *(fields[column] for column in texts[2:]),
        )  # fmt: skip
    return parameters


class Parameters:
    """The values of a run as attributes, ``par.tracing_weeks``; the table's default where none."""

    def __init__(self, values: Mapping[str, float] | None = None) -> None:
        table = load_parameters()
        given = values or {}
        for name in given:
            if name not in table:
                raise TableError(f"parameters.{name} is an unknown parameter: {guess(name, table)}")
        vars(self).update({name: float(given.get(name, table[name].default)) for name in table})

    def __getattr__(self, name: str) -> float:
        if name.startswith("__"):  # Python asks for these when it copies
            raise AttributeError(name)
        path = DATA / "parameters.csv"
        raise MissingRow(f"{path}: there is no row for {name}: {guess(name, vars(self))}")
