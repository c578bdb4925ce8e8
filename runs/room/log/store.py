"""The command log: one SQLite file, to which commands are only ever added.

A batch of commands is on disk when `append` returns (WAL, synchronous=FULL) or not taken at all.
Every row carries a check sum over itself and the row before, so a row that is damaged or missing
is noticed; what lies behind it is set aside, and `Store.dropped` says what. A small file beside the
log (`.mark`) remembers how far it went, so that a log that was cut short says so too.

A file is first looked at without writing to it: another program's, and a log of a later version of
this one, are refused and stay as they are.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from runs.room.log.clocks import Clocks
from runs.room.log.known import PROGRAM, VERSION, StoreError, open_to_read, refuse_foreign
from runs.room.log.private import PRIVATE, own, write_own
from runs.room.log.results import Results
from runs.room.log.rows import Dropped, Entry, NotSaved, Row, json_object, row_of
from runs.room.log.salvage import SQLITE, LogRow, check_sum, salvaged

try:
    import fcntl
except ImportError:  # Windows has no such lock; there two servers on one file are not noticed
    fcntl = None  # type: ignore[assignment]

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
    n INTEGER PRIMARY KEY, room TEXT NOT NULL, body TEXT NOT NULL, secret TEXT, sum TEXT NOT NULL
)"""
BY_ROOM = "CREATE INDEX IF NOT EXISTS log_room ON log (room)"
MARK_BYTES = 20
SPARE_BYTES = 2**20  # below this the disk counts as full
PROBE_BYTES = 2**14


class Store:
    """The log of all rooms of one server; one process may have it open for writing.

    Raises StoreError where the file is no log, cannot be written or is in use.
    """

    def __init__(self, path: str | Path, read_only: bool = False) -> None:
        self.path = Path(path).expanduser()
        self.read_only = read_only
        self.dropped: Dropped | None = None
        self._strange: dict[str, tuple[int, str]] = {}  # up to row `_looked`
        self._looked = 0
        self.failed = ""  # why the last command could not be put on disk
        self._lock = threading.Lock()
        self._guard: int | None = None
        self._mark: int | None = None
        self._sum, self.last = "", 0
        self.clocks = Clocks(Path(f"{self.path}.clock"))
        self.results = Results(Path(f"{self.path}.results"))
        if read_only and not self.path.is_file():
            raise StoreError(f"there is no room log {self.path}.")
        try:
            refuse_foreign(self.path)
            if not read_only:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._hold()
            self._base = self._open()
        except OSError as error:
            self.close()
            raise StoreError(f"{self.path} cannot be opened: {error.strerror}.") from None
        except BaseException:
            self.close()
            raise

    # --- opening ---------------------------------------------------------------------------------

    def _hold(self) -> None:
        guard = own(Path(f"{self.path}.lock"))
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

    def _open(self) -> sqlite3.Connection:
        """The log with every row checked; what is damaged is set aside and told."""
        fault = self._look()
        marked = self._read_mark()
        if fault is None:
            if marked > self.last:  # the tail is gone, what is there is sound
                self._drop(marked, "")
            if not self.read_only:
                self._open_mark()
            return open_to_read(self.path) if self.read_only else self._connect()
        rows = max(self._readable(), salvaged(self.path), key=len)
        if not rows and (self.read_only or not Path(f"{self.path}.mark").exists()):
            raise StoreError(
                f"{self.path} is no room log or is damaged: {fault}; nothing of it was changed."
            )
        self.last, self._sum = (rows[-1][0], rows[-1][4]) if rows else (0, "")
        self._drop(marked, f" ({fault})")
        if self.read_only:
            base = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
            base.execute(SCHEMA)
        else:
            self._set_aside()
            base = self._connect()
        with base:
            base.execute("BEGIN IMMEDIATE")
            base.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?)", rows)
            base.execute("COMMIT")
        self._open_mark()
        return base

    def _drop(self, marked: int, why: str) -> None:
        lost = max(0, marked - self.last)
        what = f"{lost} command{'s' * (lost != 1)}" if lost else "an unknown number of commands"
        self.dropped = Dropped(
            self.last, lost,
            f"The log {self.path.name} was cut short or damaged{why}: {what} after "
            f"command {self.last} could not be read and were dropped.",
        )  # fmt: skip

    def _look(self) -> str | None:
        """The fault of what is there, or None; raises StoreError where it cannot be opened.

        Only reads. SQLite throws a write-ahead file away where it finds an empty log beside it, so
        such a pair never gets to it.
        """
        wal = Path(f"{self.path}-wal")
        if not self.path.exists() or not self.path.stat().st_size:
            return "the file is empty" if wal.exists() and wal.stat().st_size else None
        with self.path.open("rb") as file:
            if file.read(len(SQLITE)) != SQLITE and not wal.exists():
                return "the file is not a database"
        base = open_to_read(self.path)
        try:
            return self._check(base)
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self.path} cannot be opened: {error}.") from None
        except sqlite3.DatabaseError as error:
            return str(error)
        finally:
            base.close()

    def _connect(self) -> sqlite3.Connection:
        os.close(own(self.path))  # before SQLite makes it, readable by all
        base = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        try:
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=FULL")
            base.execute(SCHEMA)
            base.execute(BY_ROOM)
            for name, value in (("application_id", PROGRAM), ("user_version", VERSION)):
                if base.execute(f"PRAGMA {name}").fetchone()[0] != value:
                    base.execute(f"PRAGMA {name} = {value}")
        except sqlite3.Error as error:
            base.close()
            raise StoreError(f"{self.path} cannot be opened: {error}.") from None
        return base

    def _check(self, base: sqlite3.Connection) -> str | None:
        """Reads every row in order; the fault that ends it, or None."""
        if not base.execute("SELECT 1 FROM sqlite_master").fetchone():
            return None
        faults: list[str] = []
        for _ in self._sound(base, faults):
            pass
        if faults:
            return faults[0]
        whole = base.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        return None if whole else "the file is damaged"

    def _sound(self, base: sqlite3.Connection, faults: list[str]) -> Iterator[LogRow]:
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

    def _readable(self) -> list[LogRow]:
        """The rows of a damaged log that SQLite still reads; see `salvaged` for the others."""
        if not self.path.exists() or not self.path.stat().st_size:
            return []
        with suppress(sqlite3.Error):
            base = open_to_read(self.path)
            try:
                return list(self._sound(base, []))
            finally:
                base.close()
        return []

    def _set_aside(self) -> None:
        """Moves the damaged file to a name of its own; nothing of it is thrown away."""
        number = 1
        while any(Path(f"{self.path}.damaged-{number}{tail}").exists() for tail in ("", "-wal")):
            number += 1
        aside = Path(f"{self.path}.damaged-{number}")
        for tail in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                shutil.move(f"{self.path}{tail}", f"{aside}{tail}")
                os.chmod(f"{aside}{tail}", PRIVATE)
        assert self.dropped is not None
        text = f"{self.dropped.text} The damaged file is kept as {aside.name}."
        self.dropped = Dropped(self.dropped.after, self.dropped.rows, text)

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
                self._mark = own(Path(f"{self.path}.mark"))
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
        yield from map(row_of, self._ask(query, self.last, *values))

    def secrets(self) -> Iterator[Entry]:
        """What only the server may know, of all rooms; without the commands beside it."""
        query = "SELECT room, secret FROM log WHERE n <= ? AND secret IS NOT NULL ORDER BY n"
        for room, secret in self._ask(query, self.last):
            yield Entry(room, {}, json_object(secret))

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
        return [row_of(found) for found in self._ask(query, room, *words, room)]

    def strange_rooms(self, kinds: Sequence[str]) -> dict[str, tuple[int, str]]:
        """Rooms with a command of another kind: its place in the room, and the kind or "?".

        Rows that were looked at before are not read again.
        """
        kind = "CASE WHEN json_valid(body) THEN json_extract(body, '$.kind') END"
        places = ", ".join("?" * len(kinds))
        query = (
            f"SELECT room, MIN(n), ifnull({kind}, '?') FROM log WHERE n > ? AND n <= ? "
            f"AND ifnull({kind}, '?') NOT IN ({places}) GROUP BY room"
        )
        last = self.last
        before = "SELECT COUNT(*) FROM log WHERE room = ? AND n <= ?"
        for room, n, what in self._ask(query, self._looked, last, *kinds):
            self._strange.setdefault(room, (self._ask(before, room, n)[0][0], str(what)))
        self._looked = last
        return dict(self._strange)

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
                write_own(probe, bytes(PROBE_BYTES))
            finally:
                probe.unlink(missing_ok=True)
        except OSError:
            return False
        with self._lock:  # to the end of the rollback, which must not meet another's write
            try:
                self._base.execute("BEGIN IMMEDIATE")
                self._base.execute("INSERT INTO log VALUES (?, '', '', '', '')", (self.last + 1,))
                self._base.execute("ROLLBACK")
            except sqlite3.Error:
                with suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                return False
        return True

    def close(self) -> None:
        self.results.close()
        base = getattr(self, "_base", None)
        if base is not None:
            with self._lock:  # SQLite does not survive a close in the middle of another's write
                base.close()
        for handle in (self._mark, self._guard):
            if handle is not None:
                os.close(handle)
        self._mark = self._guard = None
