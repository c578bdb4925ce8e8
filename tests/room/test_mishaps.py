"""Small mishaps on the real server; the same trials with more of everything are commands of
`runs.room.trial`: mishaps, disk, cuts, faults, load."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from runs.room.trial import disk, mishaps
from runs.room.trial.client import Server


def test_a_jumping_wall_clock_moves_no_deadline(tmp_path: Path) -> None:
    found = asyncio.run(mishaps.clock(tmp_path))
    assert found["fine"], found


def test_a_second_device_takes_the_seat_and_the_first_orders_no_more(server: Server) -> None:
    found = asyncio.run(mishaps.device(server))
    assert found["fine"], found


def test_a_log_cut_off_in_its_last_command_opens_says_so_and_goes_on(tmp_path: Path) -> None:
    found = asyncio.run(mishaps.log(tmp_path))
    assert found["fine"], found
    assert found["key"] == "fault.dropped"


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process: Linux")
def test_a_full_disk_takes_nothing_says_so_and_the_room_goes_on(tmp_path: Path) -> None:
    with Server(tmp_path / "rooms.db") as server:
        found = asyncio.run(disk.fill(server, tries=5))
    assert disk.good(found), found
    assert found["say"] == "refuse.not_saved"
