"""Rooms without a server: what a log holds, a room exported, a room played again.

The commands `entrepot rooms`, `entrepot export` and `entrepot replay FILE --room ROOM` are these.
They only read the log, so a server may be running on it.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs.room.commands import Command
from runs.room.fold import fold
from runs.room.log import Store, StoreError
from runs.room.setup import plan_of
from runs.room.state import Room
from runs.room.tokens import clean_code

if TYPE_CHECKING:
    from runs.room.table import Table
    from runs.room.view import Picture
    from world.scenario import Scenario


@dataclass(frozen=True)
class Verdict:
    """Whether a room came out the same, and a sentence."""

    same: bool
    text: str
    turns: int


def read_room(path: str | Path, code: str) -> tuple[list[Command], Room, Scenario]:
    """A room's commands and its state; raises StoreError or ScenarioError."""
    store = Store(path, read_only=True)
    try:
        commands = [Command.of(row.body) for row in store.read(clean_code(code))]
        known = store.rooms()
    finally:
        store.close()
    if not commands:
        names = ", ".join(known) or "none"
        raise StoreError(f"{path} holds no room {code!r}; it holds {names}.")
    plan = plan_of(commands[0].data["setup"])
    return commands, fold(commands, plan), plan


def rooms(path: str | Path) -> list[dict[str, Any]]:
    """One row a room of a log, the oldest first; raises StoreError."""
    store = Store(path, read_only=True)
    codes = store.rooms()
    dropped = store.dropped
    store.close()
    rows = []
    for code in codes:
        commands, room, plan = read_room(path, code)
        made = datetime.datetime.fromtimestamp(room.made / 1000).isoformat(" ", "minutes")
        rows.append(
            {
                "room": code, "scenario": room.scenario, "title": plan.title, "made": made,
                "people": len(room.people), "phase": room.phase, "turn": room.turn,
                "turns": room.turns, "played": len(room.played), "commands": len(commands),
                "dropped": dropped.text if dropped else None,
            }
        )  # fmt: skip
    return rows


def play_again(path: str | Path, code: str, watch: Callable[[int], None] | None = None) -> Verdict:
    """Plays every turn of a room anew and compares it with what the log says of it."""
    commands, room, _ = read_room(path, code)
    table = _table(commands)
    for number in range(1, len(room.played) + 1):
        digest = table.play(room.played[:number])[number]["digest"]
        if room.digests.get(number, digest) != digest:
            return Verdict(False, f"differs in turn {number}.", number)
        if watch is not None:
            watch(number)
    turns = len(room.played)
    weeks = table.game.week
    return Verdict(True, f"identical, {turns} turns, {weeks} weeks", turns)


def export(
    path: str | Path, code: str, out: str | Path, form: str = "csv", names: bool = False
) -> list[Path]:
    """Writes everything of a room into a folder, the run itself in `run`; the files written."""
    from runs.room.export import export_zip

    folder = Path(out)
    if folder.exists() and any(folder.iterdir()):
        raise StoreError(f"{folder} is not empty; choose another folder.")
    commands, room, plan = read_room(path, code)
    table = _table(commands)
    table.play(room.played)
    body = export_zip(commands, _picture(room, plan, table), form, names)
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        archive.extractall(folder)
    if table.game.week:
        table.game.save(folder / "run")
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _table(commands: list[Command]) -> Table:
    from runs.room.table import Table

    return Table(commands[0].data["setup"])


def _picture(room: Room, plan: Scenario, table: Table) -> Picture:
    from runs.room.causes import causes
    from runs.room.view import Picture

    found = {turn: causes(table, turn) for turn in range(1, len(room.played) + 1)}
    return Picture(room, plan, 0, table.results, None, found)
