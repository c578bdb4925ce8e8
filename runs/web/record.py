"""A recorded run on the watch page: the folder of `entrepot run --out`, or what a room exported.

It is played again from its orders, week by week, and comes out as it was.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from runs.recorder import RUN_FILE, RecordError
from runs.web.unpack import unpacked

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
    """What to call a record and the folder that holds it, once it is sure that it can be shown.

    ``path`` is a run's folder, a room's exported folder, or the zip of one. Raises RecordError,
    ScenarioError or SeatError.
    """
    given = Path(os.path.expanduser(path))
    if not os.path.isfile(given):
        return _name(given, given), _checked(given, given)
    home = unpacked(given)
    try:
        return _name(home, given), _checked(home, given)
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise


def _checked(home: Path, given: Path) -> Path:
    """The folder of the run in a record that can be played again."""
    from runs.run_folder import check_record

    folder = home / RUN_FOLDER if os.path.isfile(home / RUN_FOLDER / RUN_FILE) else home
    if folder is home and os.path.isfile(home / ROOM_FILE):
        raise RecordError(f"{given} is the export of a room in which no turn was played.")
    if not os.path.isfile(folder / RUN_FILE):
        raise RecordError(f"{given} holds no run: there is no readable {RUN_FILE}.")
    check_record(folder)
    return folder


def _name(home: Path, given: Path) -> str:
    code = _room(home).get("room")
    return f"run {given.resolve().name}" if code is None else f"room {code}"


def _with_names(home: Path) -> bool:
    return _room(home).get("names") is True


def _room(home: Path) -> dict[str, Any]:
    """What the export of a room says of itself; nothing for a run's folder."""
    try:
        about = json.loads((home / ROOM_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return about if isinstance(about, dict) else {}


def open_record(folder: Path, for_guest: bool = False) -> Recorded:
    """The record's game before its first week; raises RecordError or ScenarioError.

    A page on another machine gets what people wrote as reasons of their orders only where the
    export was made with names, so that whoever made it meant people to be known.
    """
    from runs.replay import Outside, rebuild
    from runs.run_folder import read_run
    from runs.seats import OUTSIDE

    about, frames = read_run(folder)
    if for_guest and not _with_names(folder.parent):
        orders = frames["orders"].copy()
        orders.loc[orders["by"].isin(OUTSIDE), "why"] = ""
        frames = {**frames, "orders": orders}
    game: Any = rebuild(folder, about, frames["orders"])
    return Recorded(game, Outside(frames), int(about["weeks"]))
