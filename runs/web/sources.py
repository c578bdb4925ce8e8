"""Materials at a glance, for the sources page: price, shares and what is recycled."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

from runs.web.numbers import plain
from runs.web.scene import Good
from world.facts import Facts, Row, load_facts

# Who imports what share from the coercer is asked for these first.
IMPORTERS = ("JPN", "KOR", "USA", "EUU")


@cache
def facts() -> Facts:
    return load_facts()


def overview(goods: tuple[Good, ...], coercer: str) -> dict[str, Any]:
    """One row a material; each cell with its year and basis."""
    columns = [{"key": "price"}, {"key": "output", "of": coercer}]
    columns += [{"key": "imports", "zone": zone, "of": coercer} for zone in IMPORTERS]
    columns += [{"key": "elasticity"}, {"key": "recycled"}]
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
            return {"text": text, "year": row.text("year"), "basis": row.text("basis")}
    return {"text": text, "year": "", "basis": ""}


def _outputs(material: str, coercer: str) -> Iterator[Row]:
    """Output of the coercer, the stage nearest to what is traded first."""
    for stage in ("magnet", "anode", "refine", "mine"):
        yield from facts().rows("production", country=coercer, material=material, stage=stage)


def _first(rows: Iterator[Row], column: str, percent: bool = True) -> dict[str, str] | None:
    row = next((row for row in rows if row.has(column)), None)
    if row is None:
        return None
    value = row.number(column)
    text = f"{100 * value:.0f}%" if percent else plain(value)
    return {"text": text, "year": row.text("year"), "basis": row.text("basis")}
