"""Every row of every table: what it says, where it comes from, and what the model does with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from runs.sources.base import taken_by_base_year
from runs.sources.statements import TABLE, Place, Statement, statements
from world.facts import DATA_FOLDER, load_facts
from world.reading import TableError, numbered_rows
from world.taken import Wanted, fits, taken, wanted, with_taken
from world.toml_text import tables_of

TABLES = Path(__file__).parent / "tables.toml"
MATERIALS = ("material", "materials", "fact_material", "output", "input")
ZONES = ("zone", "country", "importer", "origin", "target", "party", "counterparty", "via",
         "destination", "offtake_zone")  # fmt: skip
READ, SET, LISTED = "read", "set", "listed"


@dataclass(frozen=True)
class Table:
    """What ``tables.toml`` says of a file of world/data."""

    name: str
    names: tuple[str, ...]
    values: tuple[str, ...]
    use: str
    section: str
    why: str
    others: tuple[tuple[Wanted, str], ...]


@dataclass(frozen=True)
class Entry:
    """One row; ``sections`` of the ODD tell who reads it, ``why`` is the key of a reason."""

    id: str  # of a statement, or table.line
    table: str
    line: int
    parts: tuple[str, ...]  # what it is about: codes of places, and words
    value: str
    year: str
    source: str
    url: str
    basis: str
    confidence: str
    note: str
    materials: tuple[str, ...]
    zones: tuple[str, ...]
    use: str
    sections: tuple[str, ...]
    why: str
    also: tuple[str, ...]  # other rows with the same figure: where it stands, who takes it

    @property
    def what(self) -> str:
        """What it is about, in one line."""
        return " · ".join(self.parts).replace("_", " ")

    def row(self) -> dict[str, Any]:
        """What the page and ``entrepot sources --json`` show."""
        return {**vars(self), "what": self.what, "file": f"world/data/{self.table}.csv"}


@cache
def tables() -> dict[str, Table]:
    """Every table by name; raises TableError."""
    found = {}
    for name, told in tables_of(TABLES.read_text(encoding="utf-8")).items():
        others = tuple((wanted(rows), why) for rows, why in told.get("else", ()))
        found[name] = Table(
            name, tuple(told["names"]), tuple(told.get("value", ("value",))), told["use"],
            told["section"], told.get("why", ""), others,
        )  # fmt: skip
        if found[name].use not in ("all", "base", "none"):
            raise TableError(f"{TABLES.name}: {name} has the use {told['use']!r}.")
    return found


@cache
def entries() -> tuple[Entry, ...]:
    """All rows of all tables, the statements of the two texts first; raises TableError."""
    return tuple(entry for table in tables().values() for entry in _entries(table))


def _entries(table: Table) -> Iterator[Entry]:
    path = DATA_FOLDER / f"{table.name}.csv"
    for line, written in numbered_rows(path, table.names):
        fields = {key: cell.strip() for key, cell in written.items()}
        fields = with_taken(DATA_FOLDER, table.name, fields)
        use, sections, why, also = _use(table, line, fields)
        url = fields.get("url", "")
        yield Entry(
            fields["statement"] if table.name == TABLE else f"{table.name}.{line}",
            table.name, line, _parts(table, fields), _value(table, fields), fields.get("year", ""),
            fields.get("source", ""), url if url.startswith(("https://", "http://")) else "",
            fields.get("basis", ""), fields.get("confidence", ""), fields.get("note", ""),
            _codes(fields, MATERIALS), _codes(fields, ZONES), use, sections, why, also,
        )  # fmt: skip


def _codes(fields: Mapping[str, str], columns: Sequence[str]) -> tuple[str, ...]:
    """Codes that a row names, those of several in one cell apart."""
    cells = (fields.get(column, "") for column in columns)
    return tuple(dict.fromkeys(
        code.strip() for cell in cells for code in cell.split(",") if code.strip() not in ("", "*")
    ))  # fmt: skip


@cache
def _countries() -> dict[str, str]:
    """English names of countries that are no zone of the model."""
    rows = load_facts()["countries"]
    return {row.text("code"): row.text("name") for row in rows
            if row.text("code") != row.text("zone")}  # fmt: skip


def _parts(table: Table, fields: Mapping[str, str]) -> tuple[str, ...]:
    cells = (fields[column] for column in table.names if fields[column])
    return tuple(_countries().get(cell) or cell for cell in cells)


def _value(table: Table, fields: Mapping[str, str]) -> str:
    """Its figures as they stand, with their unit; the range of a parameter behind them."""
    unit = fields.get("unit", "")
    cells = [(column, fields[column]) for column in table.values if fields.get(column)]
    if not cells and fields.get("text"):
        return fields["text"]
    if len(table.values) > 2:
        return ", ".join(f"{column.replace('_', ' ')} {cell}" for column, cell in cells)
    dated = unit.startswith("yyyy")
    said = ", ".join(
        f"{cell if dated else grouped(cell)} {'share' if column == 'share' else unit}".strip()
        for column, cell in cells
    )
    if fields.get("low") and fields.get("high") and said:
        said += f" ({grouped(fields['low'])} to {grouped(fields['high'])})"
    return said


def grouped(cell: str) -> str:
    """A number as it stands, its thousands apart where it has many."""
    whole, point, rest = cell.partition(".")
    if not (whole.lstrip("-").isdecimal() and len(whole) > 4):
        return cell
    return f"{int(whole):,}{point}{rest}"


def _use(
    table: Table, line: int, fields: Mapping[str, str]
) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
    """What the model does with a row: the use, sections of the ODD, a reason, other rows."""
    if table.name == TABLE:
        return _use_of_statement(statements()[fields["statement"]])
    section = fields.get("submodel") or table.section
    told = [one for one in statements().values() if _named(one.places, table.name, fields)]
    also = (*(one.id for one in told), *_givers(table.name, fields))
    takers = [one for one in taken(DATA_FOLDER)
              if any(from_.table == table.name and fits(fields, from_.rows)
                     for from_ in one.givers)]  # fmt: skip
    if takers:
        also += tuple(dict.fromkeys(one.table for one in takers))
        return READ, tuple(dict.fromkeys(_section(one.table) for one in takers)), "", also
    reason = next((why for rows, why in table.others if fits(fields, rows)), table.why)
    if table.use == "all":
        displayed = reason if any(fits(fields, rows) for rows, _ in table.others) else ""
        return (LISTED, (), displayed, also) if displayed else (READ, (section,), "", also)
    stated = next((one for one in told if table.use == "base"), None)
    if stated is not None and stated.use == READ:
        return READ, (section,), "", also
    if stated is not None:
        return LISTED, (), stated.why or reason, also
    if table.use == "base" and (table.name, line) in taken_by_base_year():
        return READ, (section,), "", also
    return LISTED, (), reason, also


def _givers(table: str, fields: Mapping[str, str]) -> Iterator[str]:
    """Rows of other tables that a figure of this one is taken from."""
    for one in taken(DATA_FOLDER):
        if one.table == table and fits(fields, one.where):
            for from_ in one.givers:
                for line, row in Place(from_.table, from_.figure, from_.rows).rows:
                    yield row["statement"] if from_.table == TABLE else f"{from_.table}.{line}"


def _named(places: Sequence[Place], table: str, fields: Mapping[str, str]) -> bool:
    return any(place.table == table and fits(fields, place.where) for place in places)


def _section(table: str) -> str:
    return tables()[table].section


def _use_of_statement(
    one: Statement,
) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
    """Of a statement: by the tables in which it stands and those that take it from there."""
    own = (("statement", one.id),)
    stands = [place.table for place in one.places]
    rows = tuple(
        f"{place.table}.{line}" for place in one.places if place.table in tables()
        for line, _ in place.rows
    )  # fmt: skip
    if one.use != READ:
        scenarios = tuple(name for name in stands if name not in tables())
        return one.use, (), one.why, (*scenarios, *rows)
    takers = [
        found.table for found in taken(DATA_FOLDER) for from_ in found.givers
        if (from_.table == TABLE and fits(dict(own), from_.rows))
        or any(from_.table == place.table and _meet(from_.rows, place) for place in one.places)
    ]  # fmt: skip
    read = takers or [name for name in stands if name in tables()]
    return READ, tuple(dict.fromkeys(map(_section, read))), "", rows


def _meet(rows: Wanted, place: Place) -> bool:
    """Whether a row fits both."""
    return any(fits(row, rows) for _, row in place.rows)
