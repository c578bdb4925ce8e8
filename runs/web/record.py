"""A recorded run on the watch page: the folder of `entrepot run --out`, or what a room exported.

It is played again from its orders, week by week, and comes out as it was. What another model has
made is shown from its stored tables.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from runs.recorder import RUN_FILE, RecordError
from runs.room.say import Say
from runs.web.scene import Scene, scene_of
from runs.web.stored import Stored
from runs.web.unpack import unpacked

if TYPE_CHECKING:
    from runs.play import Play
    from runs.replay import Outside

ROOM_FILE, RUN_FOLDER = "room.json", "run"


class Recorded(NamedTuple):
    """An unplayed game, what came from outside in its weeks, and how many were played; or the
    stored weeks of a run of another model, and the sentence that says so."""

    game: Play | Stored
    outside: Outside | None
    weeks: int
    stored: str = ""

    def step(self) -> None:
        """The next week, as it was."""
        if self.outside is not None and not isinstance(self.game, Stored):
            self.outside.give(self.game)
        self.game.step()

    @property
    def scene(self) -> Scene:
        if isinstance(self.game, Stored):
            return self.game.scene
        return replace(scene_of(self.game), horizon=self.weeks)


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
    """The folder of the run in a record that can be played again, or shown as it is stored."""
    from runs.run_folder import OtherModel, check_record

    folder = home / RUN_FOLDER if os.path.isfile(home / RUN_FOLDER / RUN_FILE) else home
    if folder is home and os.path.isfile(home / ROOM_FILE):
        raise RecordError(f"{given} is the export of a room in which no turn was played.")
    if not os.path.isfile(folder / RUN_FILE):
        raise RecordError(f"{given} holds no run: there is no readable {RUN_FILE}.")
    try:
        check_record(folder)
    except OtherModel:
        open_record(folder)
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
    """The record's game before its first week, or the stored weeks of a run of another model;
    raises RecordError or ScenarioError.

    A page on another machine gets what people wrote as reasons of their orders only where the
    export was made with names, so that whoever made it meant people to be known.
    """
    from runs.about import MODEL
    from runs.replay import Outside, rebuild
    from runs.run_folder import model_of, read_run
    from runs.seats import OUTSIDE

    about, frames = read_run(folder)
    unnamed = for_guest and not _with_names(folder.parent)
    if model_of(about) != MODEL:
        stored = Stored(folder, about, frames, unnamed)
        told = Say("stored.run", {"n": stored.model}).english
        return Recorded(stored, None, stored.weeks, told)
    if unnamed:
        orders = frames["orders"].copy()
        orders.loc[orders["by"].isin(OUTSIDE), "why"] = ""
        frames = {**frames, "orders": orders}
    game: Any = rebuild(folder, about, frames["orders"])
    return Recorded(game, Outside(frames), int(about["weeks"]))
