"""Reading CSV tables, the project's and a user's, and guessing what an unknown name was to be.

Rows are told by the line on which they begin, as a text editor counts: the header is line 1, and
cells of several lines and empty lines count too.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

MANY = 20  # names that one sentence lists
LONGEST_SAID = 120  # of what a sentence repeats, in characters
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MOST_BYTES = 64 * 2**20
NO_TEXT = "it is not text in UTF-8; save it as CSV UTF-8"
INSTEAD: dict[Path, str] = {}  # read in the place of a file while one of its figures is tried out
OPEN_QUOTE = "the quotation mark that opens a cell here has no partner at the cell's end"


class TableError(ValueError):
    """A table that cannot be read; the text names file, row and column."""


class Unreadable(ValueError):
    """A text that is no CSV; ``line`` is where the trouble begins, the text says what it is."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


class Line(NamedTuple):
    """One row of a CSV text and the line on which it begins."""

    number: int
    cells: list[str]


def text_of(path: Path) -> str:
    """The text of a file in UTF-8, or in another UTF that its byte order mark names.

    Raises OSError, and Unreadable for what is no such text.
    """
    if path in INSTEAD:
        return INSTEAD[path]
    with path.open("rb") as handle:
        raw = handle.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Unreadable(1, f"the file is larger than {MOST_BYTES // 2**20} MB")
    encoding = next((name for mark, name in MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(raw.count(b"\n", 0, error.start) + 1, NO_TEXT) from None
    if "\0" in text:  # UTF-16 without its mark, or zeros that a crash left behind
        raise Unreadable(text.count("\n", 0, text.index("\0")) + 1, NO_TEXT)
    return text


def lines_of(text: str, separator: str = ",") -> list[Line]:
    """All rows of a CSV text that hold anything; raises Unreadable."""
    physical = list(io.StringIO(text, newline=""))
    reader = csv.reader(physical, delimiter=separator, strict=True)
    lines: list[Line] = []
    begin = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return lines
        except csv.Error as error:
            after = _fault_at("".join(physical[begin - 1 :]), separator)
            if after is None:
                raise Unreadable(begin, f"it is no CSV: {error}") from None
            raise Unreadable(begin + after, OPEN_QUOTE) from None
        if any(cell.strip() for cell in cells):
            lines.append(Line(begin, cells))
        begin = reader.line_num + 1


def _fault_at(text: str, separator: str) -> int | None:
    """Lines before the first cell whose quotation marks do not pair; None where all do."""
    mark = re.escape(separator)
    cell = re.compile(rf'(?:"(?:[^"]|"")*"|[^"{mark}\r\n][^{mark}\r\n]*|)(?:{mark}|\r\n|\r|\n|$)')
    place = 0
    while place < len(text):
        found = cell.match(text, place)
        if found is None:
            return len(re.findall("\r\n|\r|\n", text[:place]))
        place = found.end()
    return None


def read_rows(path: Path, needed: Iterable[str]) -> list[dict[str, str]]:
    """Rows of a CSV file, each as long as its header; raises TableError with file and row."""
    return [fields for _, fields in numbered_rows(path, needed)]


def numbered_rows(path: Path, needed: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The same, each with the line on which it stands."""
    try:
        lines = lines_of(text_of(path))
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror or error}.") from error
    except Unreadable as fault:
        raise TableError(f"{path} row {fault.line}: {fault}.") from None
    if len(lines) < 2:
        raise TableError(f"{path} is empty: it needs a header and at least one row.")
    yield from named(path, lines[0].cells, lines[1:], needed)


def named(
    path: Path, header: list[str], lines: Iterable[Line], needed: Iterable[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with the names of their columns; raises TableError where the two do not fit."""
    missing = [name for name in needed if name not in header]
    if missing:
        raise TableError(f"{path} has no column {missing[0]}.")
    for number, cells in lines:
        if len(cells) < len(header):
            raise TableError(
                f"{path} row {number} has {len(cells)} fields instead of {len(header)}; "
                "the file may be cut off."
            )
        if len(cells) > len(header):
            raise TableError(
                f"{path} row {number} has {len(cells)} fields and the header only {len(header)}; "
                "a text that holds the separator needs quotation marks."
            )
        yield number, dict(zip(header, cells, strict=True))


def number_in(path: Path, row: int, column: str, text: str) -> float:
    """A finite number from a field of a CSV file, or TableError with file, row and column."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TableError(f"{path} row {row}, column {column}: {text!r} is not a number.")
    return value


def short(value: object) -> str:
    """What somebody gave, as a sentence can hold it."""
    try:
        text = repr(value)
    except Exception:  # whatever a stranger's object does
        text = f"a {type(value).__name__}"
    return shortened(text)


def shortened(text: str) -> str:
    """A text with its middle left out where a sentence cannot hold it."""
    half = LONGEST_SAID // 2
    return text if len(text) <= LONGEST_SAID else f"{text[:half]}...{text[-half:]}"


def guess(word: str, known: Iterable[str]) -> str:
    """The end of a sentence on an unknown name: the nearest known one, or the list of them."""
    names = list(known)
    swapped = [name for name in names if sorted(name) == sorted(word)]
    near = swapped or difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]}?"
    shown = names[:MANY]
    return f"known are {', '.join(shown)}{f' and {len(names) - MANY} more' * (len(names) > MANY)}."
