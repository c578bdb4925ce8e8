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

from runs.about import MODEL
from runs.room.commands import Command
from runs.room.kept import kept_of, kept_picture, write_run
from runs.room.log import Results, Store, StoreError
from runs.room.reading import Opened, Unreadable, opened
from runs.room.sameness import TOLERANCE, compare, in_words, machine, other_model
from runs.room.state import Room
from runs.room.tokens import clean_code
from world.scenario import ScenarioError

if TYPE_CHECKING:
    from runs.play import Play
    from runs.room.log.results import Kept
    from runs.room.table import Table
    from runs.room.view import Picture
    from world.scenario import Scenario


@dataclass(frozen=True)
class Verdict:
    """Whether a room came out the same, and a sentence."""

    same: bool
    text: str
    turns: int


def read_room(path: str | Path, code: str) -> Opened:
    """A room's commands, its state and its scenario; raises StoreError or ScenarioError."""
    store = Store(path, read_only=True)
    try:
        rows = list(store.read(clean_code(code)))
        known = store.rooms()
    finally:
        store.close()
    if not rows:
        names = ", ".join(known) or "none"
        raise StoreError(f"{path} holds no room {code!r}; it holds {names}.")
    try:
        return opened(clean_code(code), rows)
    except Unreadable as problem:
        raise StoreError(problem.text) from None


def rooms(path: str | Path) -> list[dict[str, Any]]:
    """One row a room of a log, the oldest first; raises StoreError.

    A room that cannot be read has the sentence why in ``unreadable`` and little else.
    """
    store = Store(path, read_only=True)
    codes = store.rooms()
    dropped = store.dropped.text if store.dropped else None
    store.close()
    rows: list[dict[str, Any]] = []
    for code in codes:
        try:
            commands, room, plan = read_room(path, code)
        except (StoreError, ScenarioError) as problem:
            rows.append({"room": code, "unreadable": str(problem), "dropped": dropped})
            continue
        made = datetime.datetime.fromtimestamp(room.made / 1000).isoformat(" ", "minutes")
        rows.append(
            {
                "room": code, "scenario": room.scenario, "title": plan.title, "made": made,
                "people": len(room.people), "phase": room.phase, "turn": room.turn,
                "turns": room.turns, "played": len(room.played), "commands": len(commands),
                "model": room.model, "other_model": room.model != MODEL,
                "unreadable": None, "dropped": dropped,
            }
        )  # fmt: skip
    return rows


def play_again(path: str | Path, code: str, watch: Callable[[int], None] | None = None) -> Verdict:
    """Plays every turn of a room anew and compares it with what the log says of it.

    Raises StoreError where the log holds nothing that could be compared on this machine.
    """
    commands, room, _ = read_room(path, code)
    if (other := other_model(room)) is not None:
        raise StoreError(other.english)
    table, near = _table(commands), 0
    for number in range(1, len(room.played) + 1):
        found = compare(room, number, table.play(room.played[:number])[number])
        if found == "unknown":
            raise StoreError(
                f"Room {room.code}: nothing can be compared in turn {number}, since the log has no "
                f"figures of it and was written elsewhere {_machines(room, number)}."
            )
        if found == "differs":
            return Verdict(False, f"differs in turn {number}{_unsure(room, number)}.", number)
        near = near or number * (found == "equal")
        if watch is not None:
            watch(number)
    turns, weeks = len(room.played), table.game.week
    if near:
        text = f"equal to {TOLERANCE:g}, {turns} turns, {weeks} weeks {_machines(room, near)}"
        return Verdict(True, text, turns)
    return Verdict(True, f"identical, {turns} turns, {weeks} weeks", turns)


def _machines(room: Room, turn: int) -> str:
    return f"(recorded with {in_words(room.machines[turn])}, played with {in_words(machine())})"


def _unsure(room: Room, turn: int) -> str:
    """What may be behind a difference in a log from before machines were noted."""
    if turn in room.machines:
        return ""
    return "; the log does not say with which NumPy and processor it was played, so that may be why"


def export(
    path: str | Path, code: str, out: str | Path, form: str = "csv", names: bool = False
) -> list[Path]:
    """Writes everything of a room into a folder, the run itself in `run`; the files written."""
    from runs.room.export import export_zip

    folder = Path(out)
    if folder.exists() and any(folder.iterdir()):
        raise StoreError(f"{folder} is not empty; choose another folder.")
    commands, room, plan = read_room(path, code)
    kept: list[Kept] = []
    results = Results(Path(f"{Path(path).expanduser()}.results"))
    if other_model(room) is None:
        table = _table(commands)
        table.play(room.played)
        picture = _picture(room, plan, table)
    else:
        table, kept = None, kept_of(results, room)
        picture = kept_picture(room, plan, kept)
    if picture.results:
        picture.answers = results.branches(room.code, picture.results[-1]["digest"])
    body = export_zip(commands, picture, form, names)
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        archive.extractall(folder)
    if table is not None and table.game.week:
        table.game.save(folder / "run")
    write_run(kept, folder / "run")
    return sorted(file for file in folder.rglob("*") if file.is_file())


def played_room(path: str | Path, code: str) -> Play:
    """The game of a room with all turns that were played; raises StoreError."""
    commands, room, _ = read_room(path, code)
    if (other := other_model(room)) is not None:
        raise StoreError(other.english)
    if not room.played:
        raise StoreError(f"Room {room.code} has played no turn yet.")
    table = _table(commands)
    table.play(room.played)
    return table.game


def _table(commands: list[Command]) -> Table:
    from runs.room.table import Table

    return Table(commands[0].data["setup"])


def _picture(room: Room, plan: Scenario, table: Table) -> Picture:
    from runs.room.causes import causes
    from runs.room.view import Picture

    found = {turn: causes(table, turn) for turn in range(1, len(room.played) + 1)}
    return Picture(room, plan, 0, table.results, None, found)
