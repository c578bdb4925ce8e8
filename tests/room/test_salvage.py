"""A damaged log keeps every row before the damage, and no row is ever another than it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from typing import NamedTuple

import pytest

from runs.room.log import Entry, Row, Store, StoreError
from runs.room.log.salvage import salvaged

ROWS, PAGE = 260, 4096


def entry(n: int) -> Entry:
    """Mostly short; some do not fit into a page, and some hold a token."""
    text = "é" * (5000 if n % 37 == 0 else n % 90)
    body = {"id": f"c{n}", "kind": "say", "who": "p1", "at": n, "data": {"text": text}}
    return Entry(f"ROOM{n % 3}", body, {"tokens": [n]} if n % 5 == 0 else None)


class Log(NamedTuple):
    """A log on disk, its rows, and how many of them there were when it had so many pages."""

    path: Path
    rows: list[Row]
    pages: dict[int, int]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """After a clean stop: all in one file."""
    path, pages = tmp_path_factory.mktemp("closed") / "rooms.db", {}
    store = Store(path)
    for n in range(1, ROWS + 1):
        store.append([entry(n)])
        pages[store._base.execute("PRAGMA page_count").fetchone()[0]] = n
    rows = list(store.read())
    store.close()
    return Log(path, rows, pages)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """After a kill: the last rows stand in the write-ahead file only."""
    path, folder = tmp_path_factory.mktemp("killed") / "rooms.db", tmp_path_factory.mktemp("copy")
    store = Store(path)
    for n in range(1, ROWS + 1):
        store.append([entry(n)])
        if n == ROWS // 2:
            store._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    rows = list(store.read())
    for tail in ("", "-wal", ".mark"):
        shutil.copy(f"{path}{tail}", f"{folder}/rooms.db{tail}")
    store.close()
    return Log(folder / "rooms.db", rows, {})


def copy_of(log: Log, folder: Path) -> Path:
    shutil.copytree(log.path.parent, folder, ignore=shutil.ignore_patterns("*.lock"))
    return folder / "rooms.db"


def opened(path: Path) -> tuple[list[Row], Store]:
    store = Store(path)
    return list(store.read()), store


def test_a_cut_log_keeps_every_row_before_the_cut(closed: Log, tmp_path: Path) -> None:
    size = closed.path.stat().st_size
    assert size > 30 * PAGE
    cuts = [*range(0, size, 3 * PAGE), *range(PAGE, size, 5 * PAGE + 777), size - 1, size - 2000]
    for cut in cuts:
        path = copy_of(closed, tmp_path / f"{cut}")
        os.truncate(path, cut)
        kept, store = opened(path)
        assert kept == closed.rows[: len(kept)]
        whole = max((n for pages, n in closed.pages.items() if pages <= cut // PAGE), default=0)
        # until its first page of rows is full the tree is one page; then it moves further back
        assert len(kept) >= whole or whole < 40, cut
        assert store.dropped is not None
        assert store.dropped.rows == ROWS - len(kept)
        assert store.append([entry(999)]) == [len(kept) + 1]
        store.close()


def test_a_log_whose_first_page_is_gone_keeps_all_rows(closed: Log, tmp_path: Path) -> None:
    for number, first in enumerate((bytes(PAGE), b"\xa5" * PAGE, bytes(100))):
        for mark in (True, False):  # the mark may have been left behind when the file was moved
            path = copy_of(closed, tmp_path / f"{number}{mark}")
            with path.open("r+b") as file:
                file.write(first)
            if not mark:
                Path(f"{path}.mark").unlink()
            kept, store = opened(path)
            assert kept == closed.rows
            assert store.dropped is not None
            store.close()
            aside = path.with_name("rooms.db.damaged-1")
            assert aside.read_bytes() == first + closed.path.read_bytes()[len(first) :]


def test_whatever_page_is_zeroed_the_rows_are_a_beginning(closed: Log, tmp_path: Path) -> None:
    whole = closed.path.read_bytes()
    kept_by_page = []
    for at in range(0, len(whole), PAGE):
        path = tmp_path / "rooms.db"
        path.write_bytes(whole[:at] + bytes(PAGE) + whole[at + PAGE :])
        rows = salvaged(path)
        assert [row[0] for row in rows] == [row.n for row in closed.rows[: len(rows)]]
        kept_by_page.append(len(rows))
    assert kept_by_page.count(ROWS) >= 3  # of the first page, the inner ones and the index
    assert min(kept_by_page) < 40
    assert len(set(kept_by_page)) > 10


def test_a_zeroed_page_or_a_cut_beside_a_write_ahead_file(killed: Log, tmp_path: Path) -> None:
    size = killed.path.stat().st_size
    assert Path(f"{killed.path}-wal").stat().st_size > 20 * PAGE
    for number, at in enumerate(range(0, size, PAGE)):
        path = copy_of(killed, tmp_path / f"zero-{number}")
        with path.open("r+b") as file:
            file.seek(at)
            file.write(bytes(PAGE))
        kept, store = opened(path)
        assert kept == killed.rows[: len(kept)]
        store.close()
    for cut in (0, 1, 99, PAGE, size // 2, size - 1):
        path = copy_of(killed, tmp_path / f"cut-{cut}")
        os.truncate(path, cut)
        kept, store = opened(path)
        assert kept == killed.rows[: len(kept)]
        if cut >= size // 2:
            assert len(kept) >= ROWS // 5
        store.close()
        if not cut:  # SQLite would have thrown the write-ahead file away
            assert Path(f"{path}.damaged-1-wal").stat().st_size > 20 * PAGE


def test_a_cut_write_ahead_file_loses_its_last_rows_alone(killed: Log, tmp_path: Path) -> None:
    size = Path(f"{killed.path}-wal").stat().st_size
    before = ROWS
    for cut in (size - 1, size - 5 * PAGE, size // 2, PAGE, 31, 0):
        path = copy_of(killed, tmp_path / f"{cut}")
        os.truncate(f"{path}-wal", cut)
        assert len(salvaged(path)) >= ROWS // 2
        kept, store = opened(path)
        assert kept == killed.rows[: len(kept)]
        assert ROWS // 2 <= len(kept) < before
        before = len(kept) + 1
        store.close()


def test_a_reader_finds_the_same_rows_and_changes_nothing(closed: Log, tmp_path: Path) -> None:
    """`entrepot rooms`, `export` and `replay` before anybody has started a server on it."""
    path = copy_of(closed, tmp_path / "log")
    os.truncate(path, closed.path.stat().st_size // 2)
    before = path.read_bytes()
    reader = Store(path, read_only=True)
    found = list(reader.read())
    assert len(found) > ROWS // 4
    assert found == closed.rows[: len(found)]
    assert reader.dropped is not None
    reader.close()
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.damaged*"))


# --- whose file it is ---------------------------------------------------------------------------


def untouched(path: Path, match: str) -> None:
    """Neither a server nor a reader takes it; each says so in a sentence, nothing is changed."""
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StoreError, match=match):
            Store(path, read_only=read_only)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ("PRAGMA user_version = 2", "was made by a later version of Entrepot .* version 2"),
        ("ALTER TABLE log ADD COLUMN more TEXT", "n, room, body, secret, sum, more instead of"),
        ("ALTER TABLE log DROP COLUMN secret", "n, room, body, sum instead of"),
        ("PRAGMA application_id = 1", "another program's file"),
        ("ALTER TABLE log RENAME TO blog", "another program's file"),
    ],
)
def test_a_log_of_another_make_is_told_and_left_alone(
    tmp_path: Path, change: str, match: str
) -> None:
    path = tmp_path / "rooms.db"
    store = Store(path)
    store.append([entry(1)])
    store.close()
    with sqlite3.connect(path) as base:
        base.execute(change)
    base.close()
    for tail in (".mark", ".lock"):
        Path(f"{path}{tail}").unlink()
    untouched(path, match)


def test_a_log_from_before_versions_opens_and_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "rooms.db"
    Store(path).close()
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version = 0")
        base.execute("PRAGMA application_id = 0")
    base.close()
    store = Store(path)
    assert store.append([entry(1)]) == [1]
    store.close()
    base = sqlite3.connect(path)
    assert base.execute("PRAGMA user_version").fetchone() == (1,)
    assert base.execute("PRAGMA application_id").fetchone() == (0x456E7472,)
    base.close()


@pytest.mark.parametrize("folder", ["class #1", "what?", "100%41", "a b&mode=rwc", "教室"])
def test_a_log_may_lie_in_any_folder(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "rooms #2.db"
    store = Store(path)
    store.append([entry(1)])
    store.close()
    reader = Store(path, read_only=True)
    assert [row.n for row in reader.read()] == [1]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._base.execute("DELETE FROM log")
    reader.close()
    assert [found.name for found in tmp_path.iterdir()] == [folder]


def test_what_stands_beside_the_log_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "rooms.db"
    before = os.umask(0)
    try:
        store = Store(path)
        store.append([entry(1)])
        store.clocks.keep("ROOM1", 1, 5000)
        found = {file.name: file.stat().st_mode & 0o077 for file in tmp_path.iterdir()}
        assert {"rooms.db", "rooms.db-wal", "rooms.db.clock", "rooms.db.mark"} <= set(found)
        assert not any(found.values()), found
        store.close()
        path.write_bytes(b"\0" * 5000)
        path.chmod(0o644)
        Store(path).close()
        assert (tmp_path / "rooms.db.damaged-1").stat().st_mode & 0o077 == 0
    finally:
        os.umask(before)
