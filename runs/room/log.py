"""The command log: one SQLite file, to which commands are only ever added.

A batch of commands is on disk when `append` returns (WAL, synchronous=FULL) or not taken at all.
Every row carries a check sum over itself and the row before, so a row that is damaged or missing
is noticed; what lies behind it is set aside, and `Store.dropped` says what. A small file beside the
log (`.mark`) remembers how far it went, so that a log that was cut short says so too.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

try:
    import fcntl
except ImportError:  # Windows has no such lock; there two servers on one file are not noticed
    fcntl = None  # type: ignore[assignment]

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
    n INTEGER PRIMARY KEY, room TEXT NOT NULL, body TEXT NOT NULL, secret TEXT, sum TEXT NOT NULL
)"""
BY_ROOM = "CREATE INDEX IF NOT EXISTS log_room ON log (room)"
SQLITE = b"SQLite format 3\0"  # how every such file begins
MARK_BYTES = 20
SPARE_BYTES = 2**20  # below this the disk counts as full
PROBE_BYTES = 2**14


class StoreError(ValueError):
    """A log that cannot be opened or used; the text is one sentence."""


class NotSaved(RuntimeError):
    """A command could not be put on disk, so it was not taken; the text is one sentence.

    ``key`` names the same sentence in the catalogues.
    """

    def __init__(self, text: str, key: str = "refuse.not_saved") -> None:
        super().__init__(text)
        self.key = key


class Entry(NamedTuple):
    """A command to be added: its JSON body, and what only the server may know (tokens)."""

    room: str
    body: dict[str, Any]
    secret: dict[str, Any] | None = None


class Row(NamedTuple):
    n: int
    room: str
    body: dict[str, Any]
    secret: dict[str, Any] | None


@dataclass(frozen=True)
class Dropped:
    """What a damaged or shortened log has lost, as far as can be told."""

    after: int  # last row that is good
    rows: int  # rows known to have been behind it
    text: str


def check_sum(before: str, room: str, body: str, secret: str | None) -> str:
    return hashlib.sha256("\0".join((before, room, body, secret or "")).encode()).hexdigest()[:32]


class Store:
    """The log of all rooms of one server; one process may have it open for writing.

    Raises StoreError where the file is no log, cannot be written or is in use.
    """

    def __init__(self, path: str | Path, read_only: bool = False) -> None:
        self.path = Path(path).expanduser()
        self.read_only = read_only
        self.dropped: Dropped | None = None
        self.failed = ""  # why the last command could not be put on disk
        self._lock = threading.Lock()
        self._guard: int | None = None
        self._mark: int | None = None
        self._sum, self.last = "", 0
        self._clocks, self._noted = self._read_clocks(), 0.0
        if read_only and not self.path.is_file():
            raise StoreError(f"there is no room log {self.path}.")
        try:
            if not read_only:
                self._refuse_foreign()
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._hold()
            self._base = self._open()
        except BaseException:
            self.close()
            raise

    # --- opening ---------------------------------------------------------------------------------

    def _hold(self) -> None:
        guard = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(guard)
            raise StoreError(
                f"{self.path} is in use by another server: stop it, or name another log "
                "with --store."
            ) from None
        self._guard = guard

    def _refuse_foreign(self) -> None:
        """Raises StoreError for a file that never was a log: nothing of it may be touched.

        A log of ours that is damaged has its mark beside it, and is salvaged.
        """
        if not self.path.is_file() or Path(f"{self.path}.mark").exists():
            return
        with self.path.open("rb") as file:
            head = file.read(len(SQLITE))
        if head and head != SQLITE:
            raise StoreError(f"{self.path} is no room log, and nothing of it was changed.")
        with suppress(sqlite3.DatabaseError):
            base = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
            tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master")}
            base.close()
            if tables and "log" not in tables:
                raise StoreError(f"{self.path} is another program's file, not a room log.")

    def _connect(self) -> sqlite3.Connection:
        if self.read_only:
            base = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, check_same_thread=False)
        else:
            base = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
            with suppress(OSError):
                self.path.chmod(0o600)  # it holds tokens and names
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=FULL")
            base.execute(SCHEMA)
            base.execute(BY_ROOM)
        return base

    def _open(self) -> sqlite3.Connection:
        """The log with every row checked; what is damaged is set aside and told."""
        try:
            base = self._connect()
            fault = self._check(base)
        except OSError as error:
            raise StoreError(f"{self.path} cannot be opened: {error.strerror}.") from None
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self.path} cannot be opened: {error}.") from None
        except sqlite3.DatabaseError as error:
            base, fault = None, str(error)
        marked = self._read_mark()
        if fault is None and base is not None and marked <= self.last:
            return base
        lost = max(0, marked - self.last)
        what = f"{lost} command{'s' * (lost != 1)}" if lost else "an unknown number of commands"
        why = f" ({fault})" if fault else ""
        self.dropped = Dropped(
            self.last, lost,
            f"The log {self.path.name} was cut short or damaged{why}: {what} after "
            f"command {self.last} could not be read and were dropped.",
        )  # fmt: skip
        if fault is None and base is not None:  # the tail is gone, what is there is sound
            self._open_mark()
            return base
        if self.read_only:
            if base is None or not self.last:
                raise StoreError(f"{self.path} is no room log or is damaged: {fault}.")
            return base
        return self._salvage(base)

    def _check(self, base: sqlite3.Connection) -> str | None:
        """Reads every row in order; the fault that ends it, or None."""
        fault = None
        faults: list[str] = []
        for _ in self._sound(base, faults):
            pass
        if faults:
            fault = faults[0]
        elif base.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            fault = "the file is damaged"
        return fault

    def _sound(self, base: sqlite3.Connection, faults: list[str]) -> Iterator[tuple[Any, ...]]:
        """Rows from the first on, as long as each follows from the one before."""
        self._sum, self.last = "", 0
        try:
            for row in base.execute("SELECT n, room, body, secret, sum FROM log ORDER BY n"):
                n, room, body, secret, total = row
                if n != self.last + 1:
                    faults.append(f"command {self.last + 1} is missing")
                    return
                sound = isinstance(room, str) and isinstance(body, str)
                if not sound or check_sum(self._sum, room, body, secret) != total:
                    faults.append(f"command {n} is damaged")
                    return
                self._sum, self.last = total, n
                yield row
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            faults.append(str(error))

    def _salvage(self, base: sqlite3.Connection | None) -> sqlite3.Connection:
        """Copies the good rows into a new file; the damaged one is kept beside it."""
        rows: list[tuple[Any, ...]] = []
        if base is not None:
            rows = list(self._sound(base, []))
            base.close()
        number = 1
        while (aside := Path(f"{self.path}.damaged-{number}")).exists():
            number += 1
        shutil.move(self.path, aside)
        for tail in ("-wal", "-shm"):
            with suppress(OSError):
                shutil.move(f"{self.path}{tail}", f"{aside}{tail}")
        fresh = self._connect()
        with fresh:
            fresh.execute("BEGIN IMMEDIATE")
            fresh.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?)", rows)
            fresh.execute("COMMIT")
        self.last, self._sum = (rows[-1][0], rows[-1][4]) if rows else (0, "")
        assert self.dropped is not None
        text = f"{self.dropped.text} The damaged file is kept as {aside.name}."
        self.dropped = Dropped(self.last, self.dropped.rows, text)
        self._open_mark()
        return fresh

    # --- how far it went -------------------------------------------------------------------------

    def _read_mark(self) -> int:
        try:
            return int(Path(f"{self.path}.mark").read_text(encoding="ascii") or 0)
        except (OSError, ValueError):
            return 0

    def _open_mark(self) -> None:
        """Written without waiting for the disk: it may lag behind the log, never lead it."""
        if self._mark is None and not self.read_only:
            with suppress(OSError):
                self._mark = os.open(f"{self.path}.mark", os.O_RDWR | os.O_CREAT, 0o600)
        if self._mark is not None:
            with suppress(OSError):
                os.pwrite(self._mark, f"{self.last:>{MARK_BYTES}}".encode(), 0)

    # --- writing and reading ---------------------------------------------------------------------

    def append(self, entries: Sequence[Entry]) -> list[int]:
        """Puts commands on disk, all or none; their numbers. Raises NotSaved."""
        with self._lock:
            rows, total, n = [], self._sum, self.last
            for entry in entries:
                n += 1
                body = json.dumps(entry.body, ensure_ascii=False, separators=(",", ":"))
                secret = None if entry.secret is None else json.dumps(entry.secret)
                total = check_sum(total, entry.room, body, secret)
                rows.append((n, entry.room, body, secret, total))
            try:
                self._base.execute("BEGIN IMMEDIATE")
                self._base.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?)", rows)
                self._base.execute("COMMIT")
            except (sqlite3.Error, OSError) as error:
                with suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                self.failed = f"The server cannot save ({error}), so nothing was taken; try again."
                raise NotSaved(self.failed) from None
            self._sum, self.last, self.failed = total, n, ""
            self._open_mark()
            return [row[0] for row in rows]

    def read(self, room: str | None = None) -> Iterator[Row]:
        """Commands of one room, or of all, in their order."""
        where, values = ("", ()) if room is None else (" AND room = ?", (room,))
        query = f"SELECT n, room, body, secret FROM log WHERE n <= ?{where} ORDER BY n"
        yield from map(_row, self._ask(query, self.last, *values))

    def secrets(self) -> Iterator[Entry]:
        """What only the server may know, of all rooms; without the commands beside it."""
        query = "SELECT room, secret FROM log WHERE n <= ? AND secret IS NOT NULL ORDER BY n"
        for room, secret in self._ask(query, self.last):
            yield Entry(room, {}, json.loads(secret))

    def rooms(self) -> list[str]:
        """All rooms, the oldest first."""
        return [row[0] for row in self._ask("SELECT room FROM log GROUP BY room ORDER BY MIN(n)")]

    def touched(self, most: int) -> list[str]:
        """The rooms with the latest commands, the last one first."""
        query = "SELECT room FROM log GROUP BY room ORDER BY MAX(n) DESC LIMIT ?"
        return [row[0] for row in self._ask(query, most)]

    def outline(self, room: str, kinds: Sequence[str]) -> list[Row]:
        """Commands of some kinds of one room, and its last one of any kind."""
        wanted = " OR ".join(["instr(body, ?)"] * len(kinds))
        query = (
            f"SELECT n, room, body, NULL FROM log WHERE room = ? AND ({wanted} "
            "OR n = (SELECT MAX(n) FROM log WHERE room = ?)) ORDER BY n"
        )
        words = [f'"kind":"{kind}"' for kind in kinds]
        return [_row(found) for found in self._ask(query, room, *words, room)]

    def _ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Raises NotSaved where the log cannot be read."""
        try:
            with self._lock:
                return self._base.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise NotSaved(f"The server cannot read its log ({error}); try again.") from None

    def writable(self) -> bool:
        """Whether a command could be put on disk now; nothing is added to the log.

        A transaction that is rolled back may never reach the disk, so a file beside is written.
        """
        probe = Path(f"{self.path}.probe")
        try:
            if shutil.disk_usage(self.path.parent).free < SPARE_BYTES:
                return False
            try:
                probe.write_bytes(bytes(PROBE_BYTES))
            finally:
                probe.unlink(missing_ok=True)
            with self._lock:
                self._base.execute("BEGIN IMMEDIATE")
                self._base.execute("INSERT INTO log VALUES (?, '', '', '', '')", (self.last + 1,))
                self._base.execute("ROLLBACK")
        except (sqlite3.Error, OSError):
            with suppress(sqlite3.Error):
                self._base.execute("ROLLBACK")
            return False
        return True

    # --- what is left of open turns: lost without harm -------------------------------------------

    def keep_clock(self, room: str, turn: int, left_ms: int) -> None:
        """Notes what an open turn has left, once a second, without waiting for the disk."""
        now = time.monotonic()
        self._clocks[room] = [turn, left_ms]
        if now - self._noted < 1.0:
            return
        self._noted = now
        path = Path(f"{self.path}.clock")
        with suppress(OSError):
            fresh = path.with_suffix(".clock-new")
            fresh.write_text(json.dumps(self._clocks), encoding="ascii")
            fresh.replace(path)

    def clock_of(self, room: str) -> tuple[int, int] | None:
        """Turn and milliseconds that were left when the server was last heard of."""
        found = self._clocks.get(room)
        return None if found is None else (found[0], found[1])

    def _read_clocks(self) -> dict[str, list[int]]:
        try:
            found = json.loads(Path(f"{self.path}.clock").read_text(encoding="ascii"))
            return {str(room): [int(v) for v in value] for room, value in found.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def close(self) -> None:
        base = getattr(self, "_base", None)
        if base is not None:
            with self._lock:  # SQLite does not survive a close in the middle of another's write
                base.close()
        for handle in (self._mark, self._guard):
            if handle is not None:
                os.close(handle)
        self._mark = self._guard = None


def _row(found: tuple[Any, ...]) -> Row:
    n, room, body, secret = found
    return Row(n, room, json.loads(body), json.loads(secret) if secret else None)
