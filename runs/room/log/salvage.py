"""Reads the rows of a damaged log straight from its pages, without SQLite.

SQLite refuses a file that is shorter than its header says, and one whose first page is gone. The
rows themselves stand in the leaves of a tree, whole, each with its check sum over the row before:
so every leaf that is still there is read, and the rows are joined again by their sums. What comes
back is a beginning of what was written, never anything else.

The layout is that of https://www.sqlite.org/fileformat.html.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SQLITE = b"SQLite format 3\0"  # how every such file begins
USUAL_SIZE = 4096
SIZES = (USUAL_SIZE, 1024, 2048, 8192, 16384, 32768, 65536, 512)  # bytes of a page
LEAF = 0x0D  # a page that holds rows of a table
WAL_HEAD, FRAME_HEAD = 32, 24
WAL_MAGIC = (0x377F0682, 0x377F0683)  # check sums in little or in big endian

LogRow = tuple[int, str, str, str | None, str]  # n, room, body, secret, sum


def check_sum(before: str, room: str, body: str, secret: str | None) -> str:
    """The sum of a row, over itself and the sum of the row before."""
    return hashlib.sha256("\0".join((before, room, body, secret or "")).encode()).hexdigest()[:32]


def salvaged(path: Path) -> list[LogRow]:
    """The rows of a log from the first on, as far as they are there; nothing is written."""
    raw, wal = _bytes(path), _bytes(Path(f"{path}-wal"))
    told = [struct.unpack_from(">H", raw, 16)[0]] if raw[:16] == SQLITE and len(raw) > 18 else []
    told += [struct.unpack_from(">I", wal, 8)[0]] if len(wal) > WAL_HEAD else []
    told = [65536 if size == 1 else size for size in told]
    for size in dict.fromkeys([size for size in told if size in SIZES] + list(SIZES)):
        pages = [raw[at : at + size].ljust(size, b"\0") for at in range(0, len(raw), size)]
        held = dict(enumerate(pages, start=1)) | _written_ahead(wal, size)
        if rows := _joined(_candidates(held)):
            return rows
    return []


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _joined(found: dict[int, list[LogRow]]) -> list[LogRow]:
    rows: list[LogRow] = []
    before = ""
    while True:
        for row in found.get(len(rows) + 1, ()):
            if check_sum(before, *row[1:4]) == row[4]:
                rows.append(row)
                before = row[4]
                break
        else:
            return rows


def _candidates(pages: dict[int, bytes]) -> dict[int, list[LogRow]]:
    """All that looks like a row, by its number."""
    found: dict[int, list[LogRow]] = {}
    for number, page in pages.items():
        start = 100 if number == 1 else 0
        if page[start] != LEAF:
            continue
        count = struct.unpack_from(">H", page, start + 3)[0]
        for k in range(min(count, len(page) // 4)):
            with suppress(IndexError, struct.error, UnicodeDecodeError, KeyError, ValueError):
                at = struct.unpack_from(">H", page, start + 8 + 2 * k)[0]
                row = _row(pages, page, at)
                found.setdefault(row[0], []).append(row)
    return found


def _row(pages: dict[int, bytes], page: bytes, at: int) -> LogRow:
    """The row of a cell; raises one of several errors where there is none."""
    size, at = _varint(page, at)
    n, at = _varint(page, at)
    usable = len(page)
    if size <= usable - 35:
        body = page[at : at + size]
    else:  # what does not fit goes on in a chain of other pages
        least = (usable - 12) * 32 // 255 - 23
        here = least + (size - least) % (usable - 4)
        here = here if here <= usable - 35 else least
        body = page[at : at + here]
        following = struct.unpack_from(">I", page, at + here)[0]
        while len(body) < size:
            more = pages[following]
            following = struct.unpack_from(">I", more)[0]
            body += more[4 : 4 + size - len(body)]
    values = list(_values(body))
    room, text, secret, total = values[1:5]
    if len(values) != 5 or room is None or text is None or total is None:
        raise ValueError
    return n, room, text, secret, total


def _values(body: bytes) -> Iterator[str | None]:
    """The texts of a record; the number of a row stands as null in it."""
    head, at = _varint(body, 0)
    place = head
    while at < head:
        kind, at = _varint(body, at)
        if kind == 0:
            yield None
            continue
        length = (kind - 13) // 2
        if kind < 13 or kind % 2 == 0 or place + length > len(body):
            raise ValueError
        yield body[place : place + length].decode()
        place += length


def _varint(page: bytes, at: int) -> tuple[int, int]:
    value = 0
    for k in range(8):
        byte = page[at + k]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + k + 1
    return value << 8 | page[at + 8], at + 9


def _written_ahead(wal: bytes, size: int) -> dict[int, bytes]:
    """Pages that stand in the write-ahead file, up to the last transaction that is whole."""
    pages: dict[int, bytes] = {}
    if len(wal) <= WAL_HEAD:
        return pages
    magic, _, told, _ = struct.unpack_from(">4I", wal)
    if magic not in WAL_MAGIC or (65536 if told == 1 else told) != size:
        return pages
    order = "<>"[magic & 1]
    total = _sum(wal[:24], order, (0, 0))
    if total != struct.unpack_from(">2I", wal, 24):
        return pages
    open_pages: dict[int, bytes] = {}
    for at in range(WAL_HEAD, len(wal) - FRAME_HEAD - size + 1, FRAME_HEAD + size):
        number, whole = struct.unpack_from(">2I", wal, at)
        page = wal[at + FRAME_HEAD : at + FRAME_HEAD + size]
        total = _sum(page, order, _sum(wal[at : at + 8], order, total))
        if wal[at + 8 : at + 16] != wal[16:24] or total != struct.unpack_from(">2I", wal, at + 16):
            break
        open_pages[number] = page
        if whole:
            pages |= open_pages
            open_pages = {}
    return pages


def _sum(data: bytes, order: str, start: tuple[int, int]) -> tuple[int, int]:
    one, two = start
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two
