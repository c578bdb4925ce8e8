"""What turns have brought, in an SQLite file beside the log, for a later model, which cannot play
them again.

A command that is lost is gone; a result is played again from the commands, as long as the model is
the same. So this file may be missing, behind, or deleted, and no room is worse off for it here: a
row counts where its digest is the one that the log says of its turn. It holds what every seat
knows, so it is for its owner alone, as the log is.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from runs.room.log.private import own

log = logging.getLogger(__name__)

FORM = 3  # of results and causes; it rises when the pages need something else in them
# Forms that the pages can show: causes of the first have no steps, results before the third nothing
# of the briefing and of what the wall tells.
SHOWN = (1, 2, FORM)
SCHEMA = """
CREATE TABLE IF NOT EXISTS turn (
    room TEXT NOT NULL, turn INTEGER NOT NULL, digest TEXT NOT NULL, form INTEGER NOT NULL,
    result BLOB NOT NULL, causes BLOB, tables BLOB, PRIMARY KEY (room, turn)
);
CREATE TABLE IF NOT EXISTS branch (
    room TEXT NOT NULL, asked TEXT NOT NULL, digest TEXT NOT NULL, form INTEGER NOT NULL,
    answer BLOB NOT NULL, PRIMARY KEY (room, asked)
)"""
BRANCH_FORM = 1  # of the answers of branches
MOST_BYTES = 2**26  # of one result, unpacked


class Kept(NamedTuple):
    """A turn as it was played: its result, its causes, and its weeks as a zip of tables."""

    turn: int
    digest: str
    form: int
    result: dict[str, Any]
    causes: dict[str, Any] | None
    tables: bytes | None


class Results:
    """The file beside a log; it is made when the first turn is kept. Nothing here raises: what
    cannot be kept or read is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    def keep(
        self, room: str, turn: int, result: dict[str, Any], causes: dict[str, Any] | None,
        tables: bytes | None,
    ) -> bool:  # fmt: skip
        """Puts a turn into the file instead of what was there; False where that fails."""
        row = (room, turn, result["digest"], FORM, _packed(result),
               None if causes is None else _packed(causes), tables)  # fmt: skip
        return self._put(f"turn {turn}", "turn", row)

    def keep_branch(self, room: str, asked: str, digest: str, answer: dict[str, Any]) -> bool:
        """Puts what a branch of the game that ended with ``digest`` has answered into the file."""
        return self._put("a branch", "branch", (room, asked, digest, BRANCH_FORM, _packed(answer)))

    def branches(self, room: str, digest: str) -> dict[str, dict[str, Any]]:
        """Answers by question, of the game that ended with ``digest``."""
        query = "SELECT asked, answer FROM branch WHERE room = ? AND digest = ? AND form = ?"
        found = {}
        for asked, answer in self._ask(query, room, digest, BRANCH_FORM):
            try:
                found[str(asked)] = _unpacked(answer)
            except (ValueError, TypeError, zlib.error, RecursionError):
                log.warning("room %s: a branch that is kept is damaged", room)
        return found

    def _put(self, what: str, table: str, row: tuple[Any, ...]) -> bool:
        with self._lock:
            try:
                if self._base is None:
                    os.close(own(self.path))
                    self._base = sqlite3.connect(self.path, check_same_thread=False)
                    self._base.executescript(SCHEMA)
                places = ",".join("?" * len(row))
                with self._base:
                    self._base.execute(f"INSERT OR REPLACE INTO {table} VALUES ({places})", row)
            except (sqlite3.Error, OSError) as problem:
                log.warning("room %s: %s is not kept (%s)", row[0], what, problem)
                return False
        return True

    def whole(self, room: str) -> dict[int, str]:
        """The digests of turns with all that belongs to them, by turn."""
        query = (
            "SELECT turn, digest FROM turn WHERE room = ? AND form = ? "
            "AND (turn = 0 OR (causes IS NOT NULL AND tables IS NOT NULL))"
        )
        return dict(self._ask(query, room, FORM))

    def read(self, room: str) -> list[Kept]:
        """What is kept of a room, by turn; a row that cannot be read is left out."""
        query = (
            "SELECT turn, digest, form, result, causes, tables FROM turn WHERE room = ? "
            "ORDER BY turn"
        )
        found = []
        for turn, digest, form, result, causes, tables in self._ask(query, room):
            try:
                found.append(
                    Kept(turn, digest, form, _unpacked(result),
                         None if causes is None else _unpacked(causes), tables)
                )  # fmt: skip
            except (ValueError, TypeError, zlib.error, RecursionError):
                log.warning("room %s: what is kept of turn %s is damaged", room, turn)
        return found

    def _ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        if not self.path.is_file():
            return []
        try:  # a connection of its own: who only reads a log does not write beside it
            base = sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)
            try:
                return base.execute(query, values).fetchall()
            finally:
                base.close()
        except (sqlite3.Error, OSError) as problem:
            log.warning("%s cannot be read (%s)", self.path.name, problem)
            return []

    def close(self) -> None:
        with self._lock:
            if self._base is not None:
                self._base.close()
                self._base = None


def _packed(data: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def _unpacked(body: bytes) -> dict[str, Any]:
    opened = zlib.decompressobj()
    found = json.loads(opened.decompress(body, MOST_BYTES))
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found
