"""Reading the project's CSV tables, and guessing what an unknown name was meant to be."""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Iterable
from pathlib import Path

MANY = 20  # names that one sentence lists


class TableError(ValueError):
    """A table of the project that cannot be read; the text names file, row and column."""


def read_rows(path: Path, needed: Iterable[str]) -> list[dict[str, str]]:
    """Rows of a CSV file, each as long as its header; raises TableError with file and row."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            lines = list(csv.reader(handle))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{path} cannot be read: {error}.") from error
    if len(lines) < 2:
        raise TableError(f"{path} is empty: it needs a header and at least one row.")
    header = lines[0]
    missing = [name for name in needed if name not in header]
    if missing:
        raise TableError(f"{path} has no column {missing[0]}.")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        if len(line) != len(header):
            raise TableError(
                f"{path} row {number} has {len(line)} fields instead of {len(header)}; "
                "the file may be cut off."
            )
        rows.append(dict(zip(header, line, strict=True)))
    return rows


def number_in(path: Path, row: int, column: str, text: str) -> float:
    """A finite number from a field of a CSV file, or TableError with file, row and column."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TableError(f"{path} row {row}, column {column}: {text!r} is not a number.")
    return value


def guess(word: str, known: Iterable[str]) -> str:
    """The end of a sentence on an unknown name: the nearest known one, or the list of them."""
    names = list(known)
    swapped = [name for name in names if sorted(name) == sorted(word)]
    near = swapped or difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]}?"
    shown = names[:MANY]
    return f"known are {', '.join(shown)}{f' and {len(names) - MANY} more' * (len(names) > MANY)}."
