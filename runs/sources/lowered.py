"""The model with single figures of its tables changed, to see what hangs on them."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from world.facts import DATA_FOLDER
from world.policy_terms import Terms
from world.reading import INSTEAD, lines_of, text_of


class Cell(NamedTuple):
    """A cell of a table of the project and what is to stand there."""

    table: str
    line: int
    column: str
    text: str


@contextmanager
def changed(cells: Iterable[Cell]) -> Iterator[None]:
    """Whatever is built meanwhile goes by these cells; nothing of it outlasts the block."""
    by_table: dict[str, list[Cell]] = {}
    for cell in cells:
        by_table.setdefault(cell.table, []).append(cell)
    try:
        for table, here in by_table.items():
            path = DATA_FOLDER / f"{table}.csv"
            INSTEAD[path] = _text_with(text_of(path), here)
        _forget()
        yield
    finally:
        INSTEAD.clear()
        _forget()


def _text_with(text: str, cells: Iterable[Cell]) -> str:
    """A table's text with other cells; rows stay on their lines."""
    lines = lines_of(text)
    header = lines[0].cells
    rows = {number: list(found) for number, found in lines}
    for cell in cells:
        rows[cell.line][header.index(cell.column)] = cell.text
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows.values())
    return out.getvalue()


def _forget() -> None:
    """Empties what the model keeps of its tables: caches, settled worlds, terms of the pages."""
    from agents.warmup import SETTLED

    SETTLED.clear()
    held = [
        one for name, module in list(sys.modules.items())
        if name.partition(".")[0] in ("world", "agents") for one in vars(module).values()
    ]  # fmt: skip
    for one in held:
        if callable(getattr(one, "cache_clear", None)):
            one.cache_clear()
    for one in held:
        if isinstance(one, Terms):
            one.read()
