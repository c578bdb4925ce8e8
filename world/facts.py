"""The fact tables of the game, read from CSV and checked before anything uses them.

Which columns a table has and what a cell may hold stands in ``world.schemas``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from world.reading import Unreadable, lines_of, text_of
from world.schemas import BASES, CONFIDENCES, GROUPS, SCHEMAS, STAGES
from world.taken import taken, with_taken

DATA_FOLDER = Path(__file__).parent / "data"
SHARE_TOLERANCE = 1e-6


class DataError(ValueError):
    """A row of a data file that cannot be used; the text names file, row and column."""


def refuse(file: str, line: int, column: str, found: str, allowed: str) -> DataError:
    """One sentence that says where a bad value stands, what it is and what is allowed."""
    return DataError(f"{file}, row {line}, column {column}: found {found}, allowed is {allowed}.")


@dataclass(frozen=True)
class Row:
    """One line of a table; ``line`` counts from 1 with the header, as an editor shows it."""

    file: str
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """The cell as it stands, without surrounding blanks."""
        return self.cells[column]

    def number(self, column: str, default: float | None = None) -> float:
        """The cell as a finite float; ``default`` for a blank one, else ``DataError``."""
        raw = self.cells[column]
        if raw == "" and default is not None:
            return default
        try:
            value = float(raw)
        except ValueError:
            raise refuse(self.file, self.line, column, repr(raw), "a number") from None
        if not math.isfinite(value):
            raise refuse(self.file, self.line, column, repr(raw), "a finite number")
        return value

    def has(self, column: str) -> bool:
        """Whether the cell holds anything."""
        return self.cells[column] != ""


@dataclass(frozen=True)
class Facts:
    """All tables as tuples of rows, in file order, and the code lists they are checked against."""

    tables: Mapping[str, tuple[Row, ...]]
    zone_of: Mapping[str, str]
    units: Mapping[str, tuple[str, str, float | None]] = field(repr=False)
    _found: dict[tuple[str, ...], dict[tuple[str, ...], list[Row]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # rows by the columns that were asked for, so that a look-up is one step

    def __getitem__(self, table: str) -> tuple[Row, ...]:
        """The rows of a table, named as its file without ``.csv``."""
        return self.tables[table]

    def rows(self, table: str, **cells: str) -> Iterator[Row]:
        """The rows of a table whose cells equal all the given ones, in file order."""
        key = (table, *cells)
        if key not in self._found:
            groups: dict[tuple[str, ...], list[Row]] = {}
            for row in self.tables[table]:
                groups.setdefault(tuple(row.cells[column] for column in cells), []).append(row)
            self._found[key] = groups
        yield from self._found[key].get(tuple(cells.values()), ())

    def per_base_unit(self, row: Row, column: str = "value") -> float:
        """The cell in its unit's base unit (t/yr, USD, USD/t, persons, share, days, ...)."""
        factor = self.units[row.text("unit")][2]
        if factor is None:
            raise refuse(row.file, row.line, "unit", repr(row.text("unit")), "a unit with a factor")
        return row.number(column) * factor


def read_table(path: Path, schema: Mapping[str, str]) -> tuple[Row, ...]:
    """Rows of one CSV file; ``DataError`` if it is missing, empty, cut off or lacks a column."""
    file = path.name
    try:
        lines = lines_of(text_of(path))
    except FileNotFoundError:
        raise refuse(file, 1, "(all)", "no such file", f"a file in {path.parent}") from None
    except OSError as error:
        raise refuse(file, 1, "(all)", f"{error.strerror}", "a file that can be read") from None
    except Unreadable as fault:
        raise refuse(file, fault.line, "(all)", str(fault), "complete CSV in UTF-8") from None
    header = lines[0].cells if lines else []
    rows = lines[1:]
    for column in schema:
        if column not in header:
            raise refuse(file, 1, column, "no such column", f"the columns {', '.join(schema)}")
    if not rows:
        raise refuse(file, 1, "(all)", "a header without rows", "at least one row")
    table = []
    for line, cells in rows:
        if len(cells) != len(header):
            column = header[min(len(cells), len(header) - 1)]
            raise refuse(file, line, column, f"{len(cells)} cells", f"{len(header)} cells")
        stripped = (cell.strip() for cell in cells)
        table.append(Row(file, line, dict(zip(header, stripped, strict=True))))
    return tuple(table)


@dataclass(frozen=True)
class Codes:
    """What a country, zone, material or unit cell may hold."""

    countries: frozenset[str]
    zones: frozenset[str]
    materials: frozenset[str]
    units: frozenset[str]

    @cached_property
    def lists(self) -> Mapping[str, tuple[frozenset[str], str]]:
        """By column kind: the allowed words and how to name them. Kinds of numbers have none."""
        return {
            "country": (self.countries, "a code of countries.csv"),
            "zone": (self.zones, "a zone of countries.csv"),
            "material": (self.materials, "an id of materials.csv"),
            "unit": (self.units, "a unit of units.csv"),
            "stage": (frozenset(STAGES), "one of " + ", ".join(STAGES)),
            "group": (frozenset(GROUPS), "one of " + ", ".join(GROUPS)),
            "basis": (frozenset(BASES), "one of " + ", ".join(BASES)),
            "confidence": (frozenset(CONFIDENCES), "one of " + ", ".join(CONFIDENCES)),
        }


def check_cell(row: Row, column: str, kind: str, codes: Codes) -> None:
    """Raise ``DataError`` unless the cell is what its column's kind allows."""
    raw, where = row.text(column), (row.file, row.line, column)
    if kind == "any" or (kind[-1] in "?*" and raw == ("" if kind[-1] == "?" else "*")):
        return
    kind = kind.rstrip("?*")
    words = codes.lists.get(kind)
    if words is not None:
        if raw not in words[0]:
            raise refuse(*where, repr(raw), words[1])
        return
    if kind == "text":
        if raw == "":
            raise refuse(*where, "nothing", "some text")
        return
    value = row.number(column)
    if kind == "mass" and value < 0:
        raise refuse(*where, raw, "zero or more")
    if kind == "share" and not 0 <= value <= 1:
        raise refuse(*where, raw, "0 to 1")


def check_values(row: Row, units: Mapping[str, tuple[str, str, float | None]]) -> None:
    """Raise ``DataError`` for a share outside 0..1 or a negative flow, mass or price."""
    if "unit" not in row.cells or "value" not in row.cells or not row.has("value"):
        return
    kind, value = units[row.text("unit")][0], row.number("value")
    measured = row.cells.get("metric", "") or row.cells.get("indicator", "")
    if "change" in measured:
        return
    if kind == "share" and not 0 <= value <= 1:
        raise refuse(row.file, row.line, "value", row.text("value"), "0 to 1 for a share")
    if kind in ("flow", "mass", "price", "persons") and value < 0:
        raise refuse(row.file, row.line, "value", row.text("value"), f"zero or more for a {kind}")


def check_sums(rows: tuple[Row, ...]) -> None:
    """Raise ``DataError`` if the base import shares of a market and year exceed 1."""
    sums: dict[tuple[str, str, str], float] = {}
    for row in rows:
        if row.text("metric") != "import_share" or row.text("series") != "base":
            continue
        key = (row.text("importer"), row.text("material"), row.text("year"))
        sums[key] = sums.get(key, 0.0) + row.number("value")
        if sums[key] > 1 + SHARE_TOLERANCE:
            found = f"{sums[key]:.4g} as the sum for {key[0]}, {key[1]}, {key[2]}"
            raise refuse(row.file, row.line, "value", found, "import shares that sum to at most 1")


def check_pairs(rows: tuple[Row, ...]) -> None:
    """Raise ``DataError`` if a group of goods has two figures for one zone."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        pair = row.text("group"), row.text("zone")
        if pair in seen:
            raise refuse(row.file, row.line, "zone", " twice in ".join(pair[::-1]), "one row each")
        seen.add(pair)


def load_facts(folder: Path | None = None) -> Facts:
    """Read and check every table of ``folder`` (the shipped data if None).

    Raises ``DataError`` with one sentence at the first file, row and column that cannot be used.
    """
    folder = DATA_FOLDER if folder is None else folder
    tables = {name: read_table(folder / f"{name}.csv", schema) for name, schema in SCHEMAS.items()}
    for name in {one.table for one in taken(folder)} & set(tables):
        tables[name] = tuple(
            Row(row.file, row.line, with_taken(folder, name, row.cells)) for row in tables[name]
        )
    units = {
        row.text("unit"): (
            row.text("kind"),
            row.text("base_unit"),
            row.number("factor") if row.has("factor") else None,
        )
        for row in tables["units"]
    }
    zone_of = {row.text("code"): row.text("zone") for row in tables["countries"]}
    codes = Codes(
        countries=frozenset(zone_of),
        zones=frozenset(zone_of.values()) - {"WLD"},
        materials=frozenset(row.text("id") for row in tables["materials"]),
        units=frozenset(units),
    )
    for name, schema in SCHEMAS.items():
        for row in tables[name]:
            for column, kind in schema.items():
                check_cell(row, column, kind, codes)
            check_values(row, units)
    check_sums(tables["trade"])
    check_pairs(tables["goods"])
    return Facts(tables, zone_of, units)
