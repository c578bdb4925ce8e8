"""``datapackage.json``: name, type, unit and meaning of every column, beside a record's tables.

The form is that of Frictionless data packages, which table programs and data portals read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from runs.tables import KEYS, TABLES, TableSpec

FILE = "datapackage.json"


def field(spec: TableSpec, column: str) -> dict[str, str]:
    """One column: its type, its unit where it has one, and what it means."""
    if column in KEYS:
        kind = {"week": "integer", "date": "date"}.get(column, "string")
        return {"name": column, "type": kind, "description": KEYS[column]}
    told = spec.values[column]
    if column == "accepted":
        return {"name": column, "type": "boolean", "description": told}
    if column in spec.texts:
        return {"name": column, "type": "string", "description": told}
    unit, _, meaning = told.partition("; ")
    kind = "integer" if column in spec.whole else "number"
    return {"name": column, "type": kind, "unit": unit, "description": meaning or unit}


def datapackage(
    tables: Mapping[str, Iterable[str]], about: Mapping[str, Any]
) -> dict[str, Any]:
    """The description of a folder that holds these tables of a run, each with its columns."""
    schemas = {
        table: [field(TABLES[table], column) for column in columns]
        for table, columns in tables.items()
    }
    return {
        "name": f"{about.get('scenario', 'run')}-{about.get('seed', 0)}",
        "title": "A run of Entrepot",
        "profile": "data-package",
        "resources": [
            {
                "name": table, "path": f"{table}.parquet", "format": "parquet",
                "title": TABLES[table].rows,
                "schema": {"fields": fields},
            }
            for table, fields in schemas.items()
        ],
    }  # fmt: skip
