"""Orders from a file with the columns week, actor, lever, value and, if wanted, why.

It is read as spreadsheets write it: with commas, semicolons or tabs, in UTF-8 or as Excel's
"Unicode text", with empty rows and columns at the end. A comma is a decimal sign where it does not
separate the columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from world.cases import is_about_measures
from world.decisions import Order, check_order
from world.levers import TableError, number_in
from world.reading import Line, Unreadable, lines_of, named, short, text_of
from world.scenario import Scenario

if TYPE_CHECKING:
    from runs.play import Play

COLUMNS = ("week", "actor", "lever", "value")
SEPARATORS = (",", ";", "\t")
NUMBER = re.compile(r"[+-]?[\d.,]*\d[\d.,]*(e[+-]?\d+)?%?", re.IGNORECASE)
SAYS_SEPARATOR = re.compile(r"\ufeff?sep=([,;\t])\r?\n")  # Excel's own first line
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")  # 1,000: a thousand or one, nobody can tell


class OrdersError(ValueError):
    """An orders file that cannot be used; the text names file and row."""


def read_orders(path: str | Path, scenario: Scenario) -> list[Order]:
    """Checked orders of a file in its order; raises OrdersError or TableError."""
    file = Path(path)
    lines, separator = read_lines(file)
    if len(lines) < 2:
        raise TableError(f"{file} is empty: it needs a header and at least one row.")
    header, rows = without_empty_columns(lines)
    orders = []
    for row, fields in named(file, header, rows, COLUMNS):
        week = amount(file, row, "week", fields["week"], separator)
        if week != round(week):
            raise OrdersError(f"{file} row {row}, column week: {fields['week']} is no whole week.")
        why = fields.get("why", "").strip()
        if NUMBER.fullmatch(why):
            raise OrdersError(
                f"{file} row {row}, column why: {why!r} is a number and no reason; a decimal "
                "comma may have split the value before it."
            )
        value = amount(file, row, "value", fields["value"], separator)
        order = Order(
            int(week), fields["actor"].strip(), fields["lever"].strip(), value, "file", why
        )
        if order.week >= scenario.weeks:
            raise OrdersError(
                f"{file} row {row}: week {short(order.week)} lies after the last week of the run, "
                f"{scenario.weeks - 1}."
            )
        refusal = check_order(order, scenario, 0)
        if refusal is not None:
            raise OrdersError(f"{file} row {row}: {refusal.reason}")
        orders.append(order)
    return orders


def give(game: Play, orders: Sequence[Order], path: str | Path) -> None:
    """Gives a file's orders to a game; raises OrdersError for a case that no measure of the game
    or of the file is for, wherever in the file it stands."""
    from runs.cases import unheard

    for order in sorted(orders, key=lambda one: is_about_measures(one.lever, one.value)):
        if refusal := unheard(game, order):
            raise OrdersError(f"{path} week {order.week}: {refusal.reason}")
        game.submit(order)


def read_lines(file: Path) -> tuple[list[Line], str]:
    """The rows of a file and what separates its columns; raises OrdersError."""
    try:
        text = text_of(file)
        separator = separator_of(text)
        lines = lines_of(text, separator)
    except FileNotFoundError:
        raise OrdersError(f"{file} cannot be read: there is no such file.") from None
    except Unreadable as fault:
        raise OrdersError(f"{file} row {fault.line}: {fault}.") from None
    except (OSError, ValueError) as error:  # a name may hold what no name of a file can
        reason = getattr(error, "strerror", None) or str(error)
        raise OrdersError(f"{file} cannot be read: {reason}.") from None
    if lines and SAYS_SEPARATOR.match(text):
        lines = lines[1:]
    if lines:
        check_header(file, [name.strip() for name in lines[0].cells], separator)
    return lines, separator


def separator_of(text: str) -> str:
    """What separates the columns: what Excel's first line says, or what fits the header best."""
    said = SAYS_SEPARATOR.match(text)
    if said:
        return said[1]
    first = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    return max(SEPARATORS, key=lambda one: len({*COLUMNS} & {*names_in(first, one)}))


def names_in(line: str, separator: str) -> list[str]:
    """The names in a header."""
    return [name.strip().strip('"').strip() for name in line.split(separator)]


def check_header(file: Path, header: Sequence[str], separator: str) -> None:
    """Raises OrdersError for a header that lacks a column or has one twice."""
    missing = [name for name in COLUMNS if name not in header]
    shown = separator.join(header).rstrip(separator)
    if missing:
        raise OrdersError(
            f"{file} has no column {missing[0]}: its header is {shown!r} "
            f"and must be {','.join(COLUMNS)}, with commas, semicolons or tabs."
        )
    for place, name in enumerate(header):
        if name and name in header[:place]:
            raise OrdersError(f"{file} has two columns {name}: its header is {shown!r}.")


def without_empty_columns(lines: Sequence[Line]) -> tuple[list[str], list[Line]]:
    """Header and rows without the empty columns at the end that spreadsheets add."""
    header = [name.strip() for name in lines[0].cells]
    while not header[-1]:
        header.pop()
    width = len(header)
    rows = []
    for number, cells in lines[1:]:
        empty = not any(cell.strip() for cell in cells[width:])
        rows.append(Line(number, cells[:width] if empty else cells))
    return header, rows


def amount(file: Path, row: int, column: str, text: str, separator: str) -> float:
    """A number, with a decimal comma where the comma separates no columns; raises OrdersError or
    TableError."""
    text = text.strip()
    if separator != ",":
        if GROUPED.fullmatch(text):
            raise OrdersError(
                f"{file} row {row}, column {column}: {text!r} may be a decimal number or "
                "thousands; write it without the comma."
            )
        if text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
    return number_in(file, row, column, text)
