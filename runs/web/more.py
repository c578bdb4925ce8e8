"""Recorded columns that no picture of the page draws, for the material and zone looked at.

The unit of a row is the one that the tables of a run's folder give its column; what a row is called
and means stands in the catalogues under the column's name.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from runs.tables import TABLES
from runs.web.reading import Array, Reading, plain

CASE = "case_stage"  # of who sues, wherever one looks
START = "years_to_start"  # of the next plant outside the coercer
ROWS = (
    "zones.jobs_at_risk", "zones.measure_weeks", "law.scope_ambiguity", "law.legal_frame",
    f"zones.{CASE}", "zones.leverage_of_china", "zones.reputation_of_china", "zones.payment_ties",
    "hubs.served_share", "zones.orders_lost_usd", "markets.over_compliance_share",
    "markets.hoarding", "markets.lent_t", "markets.recycling_t", "markets.equity_t",
    f"producers.{START}",
)  # fmt: skip


def unit_of(table: str, column: str) -> str:
    """The first word of what the tables say of a column: USD, share, t, index, weeks, ..."""
    return re.split(r"[ ;]", TABLES[table].values[column], maxsplit=1)[0]


def more(reading: Reading, material: str, zone: str) -> list[dict[str, Any]]:
    """A row a column: ``id``, ``unit``, ``zone``, and ``values`` by week, one only where it never
    moves. What the zone has not, like traders where there is no hub, is left out."""
    found: list[dict[str, Any]] = []
    for name in ROWS:
        table, _, column = name.partition(".")
        for place, values in _series(reading, table, column, material, zone):
            weeks = plain(values)
            still = len(set(weeks)) <= 1
            found.append({"id": column, "unit": unit_of(table, column), "zone": place,
                          "values": weeks[:1] if still else weeks})  # fmt: skip
    return found


def _series(
    reading: Reading, table: str, column: str, material: str, zone: str
) -> list[tuple[str, Array]]:
    """The columns' weeks by the zone that they are of."""
    rows, grid = reading.record.rows(table), reading.column(table, column)
    if column == START:
        return _next_plant(reading, rows, grid, material)
    keys = {"zone": zone, "hub": zone, "material": material}
    own = [i for i in range(grid.shape[1])
           if all(rows[key][i] == keys[key] for key in rows if key in keys)]  # fmt: skip
    if column == CASE:
        sued = [i for i in range(grid.shape[1]) if np.nan_to_num(grid[:, i]).any()]
        own = [*own, *(i for i in sued if i not in own)] if not sued or own[0] in sued else sued
    return [(str(rows["hub" if table == "hubs" else "zone"][i]), grid[:, i]) for i in own]


def _next_plant(
    reading: Reading, rows: Any, grid: Array, material: str
) -> list[tuple[str, Array]]:
    """Years until the next plant of the material outside the coercer gives output."""
    own = [i for i, good in enumerate(rows["material"])
           if good == material and rows["zone"][i] != reading.scene.coercer]  # fmt: skip
    wait = np.where(grid[:, own] > 0, grid[:, own], np.inf)
    soonest = wait.min(axis=1, initial=np.inf)
    return [("", np.where(np.isfinite(soonest), soonest, np.nan))] if own else []
