"""A log with one small room, for tests of what is done with logs."""

from __future__ import annotations

from pathlib import Path

from runs.about import MODEL
from runs.room.commands import Command
from runs.room.fold import apply
from runs.room.log import Entry, Store
from runs.room.rules import admit
from runs.room.setup import plan_of
from runs.room.state import Room
from runs.room.table import Table


def room_log(path: Path) -> None:
    """A log with one room, AAAAA, whose single turn was played with one order of Korea."""
    setup = {
        "scenario": "gallium-2023", "id": "gallium-2023", "text": "", "seed": 5, "users": 100,
        "set": {},
    }  # fmt: skip
    plan, room = plan_of(setup), Room()
    log: list[Command] = []

    def take(kind: str, who: str = "server", turn: int = 0, **data: object) -> None:
        command = Command(f"c{len(log)}", kind, who, 1000 * len(log), turn, data)
        log.append(command if kind == "create" else admit(room, plan, command))
        apply(room, plan, log[-1])

    take(
        "create", code="AAAAA", scenario="gallium-2023", seed=5, turns=1, users=100,
        turn_seconds=None, language="en", seats=["KOR"], options={"team_size": 1}, setup=setup,
        model=MODEL,
    )  # fmt: skip
    take("join", "", name="Kim Unseen", seat="KOR", job="")
    take("control", "f1", action="start")
    take("order", "p1", 1, lever="hub_policing", value=0.5, why="")
    take("submit", "p1", 1)
    take("close", turn=1, why="all submitted")
    take("resolved", turn=1, digest=Table(setup).play(room.played)[1]["digest"])
    store = Store(path)
    store.append([Entry("AAAAA", command.body()) for command in log])
    store.close()
