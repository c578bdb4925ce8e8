"""A recorded run on the watch page: the folder of `entrepot run --out`, or what a room exported.

It is played again from its orders, week by week, and comes out as it was.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from runs.recorder import RUN_FILE, RecordError

if TYPE_CHECKING:
    from runs.game import Game
    from runs.replay import Outside

ROOM_FILE, RUN_FOLDER = "room.json", "run"


class Recorded(NamedTuple):
    """An unplayed game, what came from outside in its weeks, and how many were played."""

    game: Game
    outside: Outside
    weeks: int


def find_record(path: str | Path) -> tuple[str, Path]:
    """What to call a record and the folder that holds it; raises RecordError or ScenarioError.

    ``path`` is a run's folder, a room's exported folder, or the zip of one.
    """
    from runs.replay import OtherModel, plan_of_run, read_run

    given = Path(path).expanduser()
    home = _unpacked(given) if given.is_file() else given
    folder = home / RUN_FOLDER if (home / RUN_FOLDER / RUN_FILE).is_file() else home
    if folder is home and (home / ROOM_FILE).is_file():
        raise RecordError(f"{given} is the export of a room in which no turn was played.")
    if not (folder / RUN_FILE).is_file():
        raise RecordError(f"{given} holds no run: there is no readable {RUN_FILE}.")
    about, _ = read_run(folder)
    try:
        plan_of_run(folder, about)
    except OtherModel as why:
        raise RecordError(f"{given} {why}") from None
    return _name(home, given), folder


def _unpacked(path: Path) -> Path:
    """The zip's files in a folder of their own, which ends with the system's other leftovers."""
    try:
        with zipfile.ZipFile(path) as archive:
            home = Path(tempfile.mkdtemp(prefix="entrepot-"))
            archive.extractall(home)  # it keeps every name below the folder
    except (zipfile.BadZipFile, OSError, RuntimeError) as problem:
        raise RecordError(f"{path} is neither a run's folder nor the zip of a room.") from problem
    return home


def _name(home: Path, given: Path) -> str:
    try:
        return f"room {json.loads((home / ROOM_FILE).read_text(encoding='utf-8'))['room']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"run {given.resolve().name}"


def open_record(folder: Path) -> Recorded:
    """The record's game before its first week; raises RecordError or ScenarioError."""
    from runs.replay import Outside, read_run, rebuild

    about, frames = read_run(folder)
    game: Any = rebuild(folder, about, frames["orders"])
    return Recorded(game, Outside(frames), int(about["weeks"]))
