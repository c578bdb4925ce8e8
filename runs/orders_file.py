"""Orders from a CSV file with the columns week, actor, lever, value and, if wanted, why."""

from __future__ import annotations

from pathlib import Path

from world.decisions import Order, check_order
from world.levers import TableError, number_in, read_rows
from world.scenario import Scenario


class OrdersError(ValueError):
    """An orders file that cannot be used; the text names file and row."""


def read_orders(path: str | Path, scenario: Scenario) -> list[Order]:
    """Checked orders of a file in its order; raises OrdersError or TableError."""
    file = Path(path)
    rows = read_rows(file, ("week", "actor", "lever", "value"))
    if not rows:
        raise TableError(f"{file} is empty: it needs a header and at least one row.")
    orders = []
    for row, fields in enumerate(rows, start=2):
        week = number_in(file, row, "week", fields["week"])
        if week != round(week):
            raise OrdersError(f"{file} row {row}, column week: {fields['week']} is no whole week.")
        order = Order(
            int(week), fields["actor"].strip(), fields["lever"].strip(),
            number_in(file, row, "value", fields["value"]), "file", fields.get("why", ""),
        )  # fmt: skip
        refusal = check_order(order, scenario, 0)
        if refusal is not None:
            raise OrdersError(f"{file} row {row}: {refusal.reason}")
        orders.append(order)
    return orders
