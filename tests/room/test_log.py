"""The log: on disk or not taken, and a damaged one opens, says what is gone, and goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from runs.room.log import Entry, NotSaved, Store, StoreError


def entry(n: int, room: str = "AAAAA") -> Entry:
    body = {
        "id": f"c{n}",
        "kind": "say",
        "who": "p1",
        "at": n,
        "turn": 1,
        "data": {"text": "é" * 9},
    }
    return Entry(room, body, {"tokens": []} if n % 3 == 0 else None)


def filled(path: Path, rows: int = 200) -> list[int]:
    """A log of so many commands, closed as after a clean stop."""
    store = Store(path)
    for n in range(1, rows + 1, 5):
        store.append([entry(k) for k in range(n, min(n + 5, rows + 1))])
    numbers = [row.n for row in store.read()]
    store.close()
    return numbers


def test_what_is_added_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "rooms.db"
    assert filled(path, 12) == list(range(1, 13))
    store = Store(path)
    assert [row.body["id"] for row in store.read("AAAAA")] == [f"c{n}" for n in range(1, 13)]
    assert store.rooms() == ["AAAAA"]
    assert store.dropped is None
    assert store.append([entry(13)]) == [13]
    store.close()


def test_a_room_is_found_without_reading_the_others(tmp_path: Path) -> None:
    """Also in a log that was written before there was an index."""
    path = tmp_path / "rooms.db"
    filled(path, 30)
    with sqlite3.connect(path) as base:
        base.execute("DROP INDEX log_room")
    base.close()
    store = Store(path)
    store.append([entry(31, "BBBBB"), Entry("BBBBB", {"kind": "join", "data": {"kind": "say"}})])
    plan = store._base.execute("EXPLAIN QUERY PLAN SELECT n FROM log WHERE room = 'BBBBB'")
    assert "log_room" in str(plan.fetchall())
    assert [row.n for row in store.read("BBBBB")] == [31, 32]
    assert store.rooms() == ["AAAAA", "BBBBB"]
    assert store.touched(5) == ["BBBBB", "AAAAA"]
    assert store.touched(1) == ["BBBBB"]
    assert [row.n for row in store.outline("BBBBB", ["join"])] == [32]
    assert [row.n for row in store.outline("AAAAA", ["join"])] == [30]  # its last one
    assert [found.room for found in store.secrets()] == ["AAAAA"] * 10
    store.close()


def test_a_log_that_is_cut_short_opens_says_so_and_goes_on(tmp_path: Path) -> None:
    """Cut anywhere behind the first page: what is read is a beginning of what was written."""
    path = tmp_path / "rooms.db"
    filled(path)
    size = path.stat().st_size
    for cut in [1, 7, 512, 1000, 4095, 4096, 4097, 8192, 12_000, size // 2]:
        folder = tmp_path / f"cut-{cut}"
        shutil.copytree(tmp_path, folder, ignore=shutil.ignore_patterns("cut-*", "*.lock"))
        short = folder / "rooms.db"
        os.truncate(short, size - cut)
        store = Store(short)
        kept = [row.n for row in store.read()]
        assert kept == list(range(1, len(kept) + 1))
        assert store.dropped is not None
        assert len(kept) == 200 - store.dropped.rows
        assert f"after command {len(kept)}" in store.dropped.text
        assert store.append([entry(999)]) == [len(kept) + 1]
        store.close()
        again = Store(short)  # it is whole again
        assert [row.n for row in again.read()][-1] == len(kept) + 1
        assert again.dropped is None
        again.close()


def test_a_write_ahead_file_that_is_cut_short_is_noticed(tmp_path: Path) -> None:
    """After a kill the last commands stand in the write-ahead file only."""
    path = tmp_path / "rooms.db"
    store = Store(path)
    for n in range(1, 31):
        store.append([entry(n)])
    folder = tmp_path / "copy"
    folder.mkdir()
    for tail in ("", "-wal", ".mark"):
        shutil.copy(f"{path}{tail}", folder / f"rooms.db{tail}")
    store.close()
    wal = folder / "rooms.db-wal"
    os.truncate(wal, wal.stat().st_size - 100)
    short = Store(folder / "rooms.db")
    assert [row.n for row in short.read()] == list(range(1, 30))
    assert short.dropped is not None
    assert "1 command after command 29" in short.dropped.text
    assert short.append([entry(77)]) == [30]
    short.close()


def test_a_changed_row_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "rooms.db"
    filled(path, 20)
    with sqlite3.connect(path) as base:
        base.execute("UPDATE log SET body = replace(body, 'c15', 'c99') WHERE n = 15")
    base.close()
    store = Store(path)
    assert [row.n for row in store.read()] == list(range(1, 15))
    assert store.dropped is not None
    assert "command 15 is damaged" in store.dropped.text
    assert list(tmp_path.glob("rooms.db.damaged-*"))
    store.close()


def test_what_is_no_log_is_set_aside_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "rooms.db"
    path.write_bytes(b"not a database at all" * 300)
    with pytest.raises(StoreError):
        Store(path, read_only=True)
    with pytest.raises(StoreError, match="nothing of it was changed"):
        Store(path)  # somebody else's file
    assert [file.name for file in tmp_path.iterdir()] == ["rooms.db"]
    (tmp_path / "rooms.db.mark").write_text("7")  # a log of ours it was
    store = Store(path)
    assert store.dropped is not None
    assert store.append([entry(1)]) == [1]
    store.close()
    with pytest.raises(StoreError, match="there is no room log"):
        Store(tmp_path / "none.db", read_only=True)


def test_a_full_disk_takes_nothing_and_acknowledges_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "rooms.db")
    store.append([entry(1)])
    pages = store._base.execute("PRAGMA page_count").fetchone()[0]
    store._base.execute(f"PRAGMA max_page_count = {pages + 1}")  # SQLite's own "disk is full"
    big = Entry("AAAAA", {"text": "x" * 20_000})
    with pytest.raises(NotSaved, match="full"):
        store.append([entry(2), big])
    assert [row.n for row in store.read()] == [1]  # all or none
    store._base.execute("PRAGMA max_page_count = 1000000")
    assert store.append([entry(2)]) == [2]
    store.close()


def test_one_server_at_a_time(tmp_path: Path) -> None:
    store = Store(tmp_path / "rooms.db")
    with pytest.raises(StoreError, match="in use by another server"):
        Store(tmp_path / "rooms.db")
    reader = Store(tmp_path / "rooms.db", read_only=True)
    reader.close()
    store.close()
    Store(tmp_path / "rooms.db").close()


def test_the_log_is_for_its_owner_only(tmp_path: Path) -> None:
    Store(tmp_path / "rooms.db").close()
    assert (tmp_path / "rooms.db").stat().st_mode & 0o077 == 0
