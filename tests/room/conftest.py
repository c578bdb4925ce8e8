"""Fixtures of the room's tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from host_play import stand_in as stand_in
from room_play import Play

from runs.room.trial.client import Server


@pytest.fixture
def play() -> Play:
    return Play()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server as a process of its own."""
    with Server(tmp_path_factory.mktemp("room") / "rooms.db") as made:
        yield made
