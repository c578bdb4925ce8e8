"""Whether a file is a log of ours: found out by reading alone, before anything is written to it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from runs.room.log.salvage import SQLITE, salvaged

VERSION = 1  # of the file's layout; a log from before there was one says 0
PROGRAM = 0x456E7472  # SQLite's application id: "Entr"
COLUMNS = ["n", "room", "body", "secret", "sum"]
VERSION_AT, PROGRAM_AT = 60, 68  # in the head of a file of SQLite
HEAD_BYTES = 100
MOST_LOOKED_THROUGH = 2**28  # bytes of a file of which nothing says that it is a log


class StoreError(ValueError):
    """A log that cannot be opened or used; the text is one sentence."""


def open_to_read(path: Path, still: bool = False) -> sqlite3.Connection:
    """The file without the right to write to it, whatever its name holds.

    ``still`` says that nobody writes to it now; else SQLite makes two small files beside it.
    """
    address = f"{path.absolute().as_uri()}?mode=ro"  # quoted: #, ? and % mean something there
    address += "&immutable=1" * still
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def refuse_foreign(path: Path) -> None:
    """Raises StoreError for another program's file and for a log of a later version.

    A log of ours that is damaged passes, and is salvaged: its mark stands beside it, or rows of a
    log stand in it.
    """
    if not path.is_file() or not path.stat().st_size:
        return
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(SQLITE) and len(head) == HEAD_BYTES:
        program, version = _number(head, PROGRAM_AT), _number(head, VERSION_AT)
        if program == PROGRAM and version > VERSION:  # told also where the rest is damaged
            raise _later(path, version)
        with suppress(sqlite3.DatabaseError):
            base = open_to_read(path, still=not Path(f"{path}-wal").exists())
            try:
                _look_inside(path, base)
                return
            finally:
                base.close()
    ours = Path(f"{path}.mark").exists()
    if not ours and (path.stat().st_size > MOST_LOOKED_THROUGH or not salvaged(path)):
        raise StoreError(
            f"{path} is no room log or is damaged, and nothing of it was changed."
        )


def _number(head: bytes, at: int) -> int:
    return int.from_bytes(head[at : at + 4])


def _look_inside(path: Path, base: sqlite3.Connection) -> None:
    program = base.execute("PRAGMA application_id").fetchone()[0]
    version = base.execute("PRAGMA user_version").fetchone()[0]
    tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master")}
    if program not in (0, PROGRAM) or (tables and "log" not in tables):
        raise StoreError(
            f"{path} is another program's file, not a room log; nothing of it was changed."
        )
    if version > VERSION:
        raise _later(path, version)
    columns = [row[1] for row in base.execute("PRAGMA table_info(log)")]
    if tables and columns != COLUMNS:
        raise StoreError(
            f"{path}: its table log has the columns {', '.join(columns)} instead of "
            f"{', '.join(COLUMNS)}, so this version of Entrepot cannot use it; nothing of it was "
            "changed."
        )


def _later(path: Path, version: int) -> StoreError:
    return StoreError(
        f"{path} was made by a later version of Entrepot (its log has version {version}, this one "
        f"knows {VERSION}): use that version, or name another log with --store; nothing of it was "
        "changed."
    )
