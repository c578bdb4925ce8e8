"""The sources page: every material with its price, shares, stock and basis, and every figure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

from runs.web.numbers import plain
from runs.web.scene import Good
from world.facts import Facts, Row, load_facts
from world.parameters import load_parameters
from world.policy_terms import load_terms

# Who imports what share from the coercer is asked for these first.
IMPORTERS = ("JPN", "KOR", "USA", "EUU")
TABLES = ("minerals", "model_materials", "production", "trade", "stockpiles", "capacity_projects",
          "price_floors")  # fmt: skip


@cache
def facts() -> Facts:
    return load_facts()


def overview(goods: tuple[Good, ...], coercer: str) -> dict[str, Any]:
    """One row a material; each cell with its year and basis."""
    columns = ["material", "price at the start", f"output in {coercer}"]
    columns += [f"{zone} imports from {coercer}" for zone in IMPORTERS]
    columns += ["short-run demand elasticity", "recycled"]
    rows = []
    for good in goods:
        cells = [_price(good), _first(_outputs(good.id, coercer), "share")]
        for zone in IMPORTERS:
            found = facts().rows(
                "trade", importer=zone, origin=coercer, material=good.id, metric="import_share"
            )
            cells.append(_first(found, "value"))
        for attribute in ("demand_elasticity_sr", "recycled_share_of_supply"):
            found = facts().rows("minerals", material=good.id, attribute=attribute)
            cells.append(_first(found, "value", percent="share" in attribute))
        rows.append({"id": good.id, "name": good.name, "cells": cells})
    return {"columns": columns, "rows": rows}


def _price(good: Good) -> dict[str, str]:
    """The price at the start, with where the row that it was taken from stands."""
    text = f"{plain(good.usd_per_t)} USD/t"
    for row in facts().rows("model_materials", material=good.id, attribute="base_price"):
        if row.has("value") and math.isclose(facts().per_base_unit(row), good.usd_per_t):
            return {"text": text, "source": f"{row.text('year')}, {row.text('basis')}"}
    return {"text": text, "source": "base year"}


def _outputs(material: str, coercer: str) -> Iterator[Row]:
    """Output of the coercer, the stage nearest to what is traded first."""
    for stage in ("magnet", "anode", "refine", "mine"):
        yield from facts().rows("production", country=coercer, material=material, stage=stage)


def _first(rows: Iterator[Row], column: str, percent: bool = True) -> dict[str, str] | None:
    row = next((row for row in rows if row.has(column)), None)
    if row is None:
        return None
    value = row.number(column)
    year = f"{row.text('year')}, " if row.has("year") else ""
    text = f"{100 * value:.0f}%" if percent else plain(value)
    return {"text": text, "source": f"{year}{row.text('basis')}"}


def figures(material: str) -> dict[str, Any]:
    """Every row of the fact tables about a material."""
    rows = [
        {
            "what": _what(table, row), "value": _value(row), "year": row.text("year"),
            "source": row.text("source"), "url": _link(row.text("url")),
            "basis": row.text("basis"), "confidence": row.text("confidence"),
            "note": row.text("note"),
        }
        for table in TABLES
        for row in facts().rows(table, material=material)
    ]  # fmt: skip
    columns = ["figure", "value", "year", "source", "basis, confidence", "note"]
    return {"columns": columns, "rows": rows}


@cache
def free_parameters() -> dict[str, Any]:
    """Every constant of the laws and every threshold of the policies, with range and source."""
    rows = [
        {"what": p.name, "of": f"ODD {p.submodel}", "value": plain(p.default), "meaning": p.meaning,
         "range": f"{plain(p.low)} to {plain(p.high)} {p.unit}", "source": p.source,
         "basis": p.basis}
        for p in load_parameters().values()
    ]  # fmt: skip
    rows += [
        {"what": one.name, "of": page, "value": plain(one.value), "meaning": one.meaning,
         "range": f"{plain(one.low)} to {plain(one.high)} {one.unit}", "source": one.source,
         "basis": one.basis}
        for page, terms in load_terms().items() for one in terms.values()
    ]  # fmt: skip
    for row in rows:
        row["what"] = row["what"].replace("_", " ")
    columns = ["parameter", "law or policy", "value", "range", "meaning", "source", "basis"]
    return {"columns": columns, "rows": rows}


def _what(table: str, row: Row) -> str:
    named = {
        "minerals": ("attribute",),
        "model_materials": ("attribute",),
        "production": ("country", "stage"),
        "trade": ("importer", "origin", "metric"),
        "stockpiles": ("country", "metric"),
        "capacity_projects": ("project", "stage"),
        "price_floors": ("instrument", "metric"),
    }[table]
    words = " · ".join(row.text(column) for column in named if row.has(column))
    return f"{words}{' (model)' if table == 'model_materials' else ''}".replace("_", " ")


def _value(row: Row) -> str:
    unit = row.text("unit")
    if row.has("value"):
        return f"{plain(row.number('value'))} {unit}".strip()
    if "text" in row.cells and row.has("text"):
        return row.text("text")
    if "share" in row.cells and row.has("share"):
        return f"{plain(row.number('share'))} share"
    return "–"


def _link(url: str) -> str:
    """Web addresses only: nothing else of a table may become a link."""
    return url if url.startswith(("https://", "http://")) else ""
