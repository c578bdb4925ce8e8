"""Private words are searched for in every frame, view, page, answer, export and line of the log;
and the door is sent what its own description allows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runs.room.trial import door
from runs.room.trial.canary import MARK, Scan, scan
from runs.room.trial.client import Server
from runs.room.trial.hall import Hall


@pytest.mark.slow
def test_private_words_are_found_nowhere_else(tmp_path: Path) -> None:
    said = tmp_path / "printed.txt"
    server = Hall(tmp_path / "rooms.db", said=said)
    server.start()
    try:
        found = asyncio.run(scan(server, said))
    finally:
        server.stop()
    assert found["found"] == []
    assert min(found["planted"]) > 3  # there was something to find
    assert set(found["searched"]) == {"frame", "view", "answer", "page", "export", "review", "log"}
    assert found["searched"]["frame"] > 30


def test_the_search_finds_what_is_there() -> None:
    search = Scan()
    search.look("frame", "wall", f"before {MARK} after")
    assert len(search.found) == 1


def test_inputs_made_from_the_description_meet_no_fault(server: Server) -> None:
    """`python -m runs.room.trial.door --inputs 5000` is the long one."""
    found = door.probe(server, inputs=90)
    assert found["wrong"] == []
    assert found["sent"] > 50
    assert "200" in found["statuses"]
