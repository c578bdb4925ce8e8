"""A class session, or a run of the console, is watched week by week as it was played."""

from __future__ import annotations

import io
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from runs import Game
from runs.recorder import RecordError
from runs.room.desk import export
from runs.web.desk import Desk
from runs.web.payload import View, bar_state
from runs.web.record import find_record
from runs.web.start import Defaults, Start, known_scenarios
from tests.browser.test_desk import until
from tests.runs.a_room import room_log


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    room_log(folder / "rooms.db")
    export(folder / "rooms.db", "AAAAA", folder / "out")
    return folder / "out"


@pytest.fixture(autouse=True)
def _no_record_left() -> Iterator[None]:
    before = Defaults.start
    yield
    Defaults.start, Defaults.record = before, None


def watched(name: str) -> Desk:
    Defaults.start = Start(scenario=name)
    desk = Desk(Start(scenario=name, speed=1000.0), lambda: None)
    desk.open()
    until(lambda: desk.finished or bool(desk.error))
    assert desk.error == ""
    return desk


def test_a_rooms_export_is_played_as_it_was(exported: Path) -> None:
    Defaults.record = find_record(exported)
    assert Defaults.record[0] == "room AAAAA"
    desk = watched("room AAAAA")
    about = tomllib.loads((exported / "run" / "run.toml").read_text())
    assert (desk.week, about["weeks"]) == (13, 13)
    assert desk.game.recorder.digest() == about["digest"]
    assert known_scenarios()[0] == "room AAAAA"
    desk.take_seat("JPN")  # what was played is not played otherwise
    assert desk.seat == ""
    view = View(Defaults.start)
    view.desk = desk
    state = bar_state(view)
    assert (state["recorded"], state["horizon"]) == (True, 13)
    assert state["status"].startswith("That was room AAAAA, as it was played.")
    desk.close()


def test_the_zip_of_an_export_and_a_runs_folder_open_too(exported: Path, tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "room"), "zip", exported)
    name, folder = find_record(tmp_path / "room.zip")
    assert name == "room AAAAA"
    shutil.rmtree(folder.parent)
    game = Game("gallium-2023", seed=2, users=100)
    game.submit(actor="KOR", lever="hub_policing", value=0.7, week=3)
    game.run(6)
    game.save(tmp_path / "run2")
    Defaults.record = find_record(tmp_path / "run2")
    assert Defaults.record[0] == "run run2"
    desk = watched("run run2")
    assert desk.game.recorder.digest() == game.recorder.digest()
    desk.close()


def test_what_is_no_record_is_told_in_a_sentence(exported: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("room.json", '{"room": "BBBBB"}')
    (tmp_path / "empty.zip").write_bytes(empty.getvalue())
    shutil.copytree(exported, tmp_path / "damaged")
    (tmp_path / "damaged" / "run" / "zones.parquet").write_bytes(b"PAR1")
    for path, words in (
        (tmp_path / "none", "holds no run"), (tmp_path, "holds no run"),
        (tmp_path / "notes.txt", "neither a run's folder nor the zip of a room"),
        (tmp_path / "empty.zip", "in which no turn was played"),
        (tmp_path / "damaged", "is damaged"),
    ):  # fmt: skip
        with pytest.raises(RecordError, match=words):
            find_record(path)
