"""What the trials say about a server's processes; `python -m runs.room.trial.soak` is the soak."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runs.room.service import MOST_HOSTS
from runs.room.trial.procs import PROC, held
from runs.room.trial.soak import COLUMNS, Row, judge, thirds
from runs.room.trial.viewers import judged


def row(**figures: float) -> Row:
    return dict.fromkeys(COLUMNS, 10.0) | {"processes": 3.0} | figures


def test_figures_that_stay_level_are_fine() -> None:
    rows = [row(server_mb=80.0 + n % 3) for n in range(60)]
    found = thirds(rows)
    assert found["server_mb"] == (81.0, 81.0, 81.0)
    assert judge(found, rows, 5) == []


@pytest.mark.parametrize("name", ["server_mb", "mb_a_child", "own_files"])
def test_what_rises_is_named(name: str) -> None:
    rows = [row(**{name: 50.0 + 2.0 * n}) for n in range(60)]
    (fault,) = judge(thirds(rows), rows, 5)
    assert fault.startswith(f"{name} rises from 69 to 149")


def test_a_page_that_grows_while_it_is_watched_is_named() -> None:
    level = {"server_mb": 90.0, "beside_mb": 0.0, "nodes": 4000.0}
    rows = [{**level, "page_mb": 20.0 + n} for n in range(30)]
    found = judged([3.0, 5.0, 9.0], [80.0], rows)
    assert found["wrong"] == ["page_mb rises from 24.5 to 44.5"]
    assert found["step_ms"] == {"least": 3.0, "median": 5.0, "p95": 9.0}
    assert judged([1.0], [1.0], rows[:1])["wrong"] == []


def test_processes_are_bounded_by_the_rooms_that_are_kept() -> None:
    rows = [row(processes=float(n)) for n in range(20)]
    assert judge(thirds(rows), rows, 30) == ["19 processes for 30 rooms"]
    assert judge(thirds(rows[: MOST_HOSTS + 2]), rows[: MOST_HOSTS + 2], 30) == []


@pytest.mark.skipif(not PROC.is_dir(), reason="there is no /proc here to read")
def test_what_a_process_and_its_children_hold_is_read(tmp_path: Path) -> None:
    before = held(os.getpid())
    with (tmp_path / "file").open("w"):
        child = subprocess.Popen(
            [sys.executable, "-c", "x = bytearray(10**8); print(flush=True); input()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert child.stdout is not None
        child.stdout.readline()
        now = held(os.getpid())
        child.communicate(b"\n")
    assert now.processes == before.processes + 1
    assert now.server_files >= before.server_files + 3  # the file, and two pipes
    assert now.children_mb > before.children_mb + 90
    assert held(os.getpid()).processes == before.processes
