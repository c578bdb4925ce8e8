"""Orders from a CSV file with the columns week, actor, lever, value and, if wanted, why."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from world.decisions import Order, check_order
from world.levers import TableError, number_in, read_rows
from world.scenario import Scenario

COLUMNS = ("week", "actor", "lever", "value")


class OrdersError(ValueError):
    """An orders file that cannot be used; the text names file and row."""


def read_orders(path: str | Path, scenario: Scenario) -> list[Order]:
    """Checked orders of a file in its order; raises OrdersError or TableError."""
    file = Path(path)
    check_header(file, COLUMNS)
    rows = read_rows(file, COLUMNS)
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


def check_header(file: Path, needed: Sequence[str]) -> None:
    """Raises OrdersError for a file that cannot be read, and with the header that it has."""
    try:
        with file.open(encoding="utf-8-sig") as handle:
            header = handle.readline().strip()
    except FileNotFoundError:
        raise OrdersError(f"{file} cannot be read: there is no such file.") from None
    except OSError as error:
        raise OrdersError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise OrdersError(f"{file} cannot be read: it is not text in UTF-8.") from None
    missing = [name for name in needed if name not in next(csv.reader([header]), [])]
    if header and missing:
        raise OrdersError(
            f"{file} has no column {missing[0]}: its header is {header!r} "
            f"and must be {','.join(needed)} with commas."
        )
