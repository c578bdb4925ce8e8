"""A class session, or a run of the console, is watched week by week as it was played."""

from __future__ import annotations

import io
import json
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from runs import Game
from runs.about import MODEL
from runs.recorder import RecordError
from runs.room.desk import export
from runs.web.desk import Desk
from runs.web.payload import View, compose, state_of
from runs.web.record import find_record, open_record
from runs.web.start import Defaults, Start, known_scenarios
from tests.browser.conftest import serving
from tests.browser.helpers import HEAD, OpenPage, wait_for_week, wait_until_played, week_of
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
    desk = Desk(Start(scenario=name), lambda: None)
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
    view = View(Defaults.start)
    view.desk = desk
    state = state_of(view)
    assert (state["recorded"], state["stored"]) == (True, "")
    assert json.loads(compose(view).run)["weeks"] == 13
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


# --- a run of another model ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    game = Game("gallium-2023", seed=2, users=100)
    game.submit(actor="KOR", lever="hub_policing", value=0.7, week=2, why="my own secret")
    return game.run(6).save(tmp_path_factory.mktemp("stored") / "run2")


def of_model(run: Path, copy: Path, model: int) -> Path:
    """A copy whose scenario and one lever no longer are what they were, as after years."""
    shutil.copytree(run, copy)
    about = (copy / "run.toml").read_text().replace(f"model = {MODEL}", f"model = {model}")
    (copy / "run.toml").write_text(about.replace('scenario_digest = "', 'scenario_digest = "0'))
    text = (copy / "scenario.toml").read_text().replace("[[history]]", "[[lore]]")
    (copy / "scenario.toml").write_text(text)
    orders = pd.read_parquet(copy / "orders.parquet")
    orders["lever"] = orders["lever"].replace("hub_policing", "hub_patrols")
    orders.to_parquet(copy / "orders.parquet", index=False)
    return copy


def pictures_of(desk: Desk) -> str:
    """What the page is drawn from, but for what only a model of today can add."""
    view = View(desk.start)
    view.desk = desk
    run = json.loads(compose(view).run)
    return json.dumps([run["columns"], run["flows"], run["weeks"], run["hubs"]])


@pytest.mark.parametrize("model", [MODEL - 1, MODEL + 7])
def test_a_run_of_another_model_is_shown_as_stored(run: Path, tmp_path: Path, model: int) -> None:
    """The same pictures as of the run that is played again, in every week."""
    Defaults.record = find_record(run)
    played = watched("run run2")
    Defaults.record = find_record(of_model(run, tmp_path / "run2", model))
    stored = watched("run run2")
    assert stored.scene is not None
    assert replace(stored.scene, base=played.scene and played.scene.base) == played.scene
    assert pictures_of(stored) == pictures_of(played)
    assert [e["text"] for e in stored.game.recorder.events] == [
        e["text"] for e in played.game.recorder.events
    ]
    view = View(Defaults.start)
    view.desk = stored
    said = f"This run was made by model {model}; it is shown as stored and cannot be continued"
    assert state_of(view)["stored"].startswith(said)
    look_up = View(replace(Defaults.start, view="sources"))
    look_up.desk = stored
    assert json.loads(compose(look_up).sources)["rows"], "the sources of today's figures are there"
    view.desk = played
    assert state_of(view)["stored"] == ""
    played.close()
    stored.close()


def test_a_stored_run_without_newer_columns_or_tables_opens(run: Path, tmp_path: Path) -> None:
    copy = of_model(run, tmp_path / "old", 1)
    for table, names in (
        ("markets", ["floor_usd_per_t", "from_grey_t", "refused_customers_share", "price"]),
        ("zones", ["refused_usd", "stockpile_days"]), ("flows", ["shipped_china_origin_t"]),
    ):  # fmt: skip
        frame = pd.read_parquet(copy / f"{table}.parquet").drop(columns=names)
        if table == "markets":
            frame["from_other_t"] = np.inf  # whatever another model or hand has put there
        frame.to_parquet(copy / f"{table}.parquet", index=False)
    for name in ("hubs.parquet", "producers.parquet", "events.parquet", "scenario.toml"):
        (copy / name).unlink()
    Defaults.record = find_record(copy)
    desk = watched("run old")
    assert desk.week == 6
    assert len(json.loads(pictures_of(desk))[0]["cover_weeks"]["JPN"]) == 6
    desk.close()


@pytest.mark.browser
def test_the_page_of_a_stored_run_says_so_and_offers_no_game(
    open_page: OpenPage, run: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, of_model(run, tmp_path / "run2", 1)) as address:
        page = open_page(f"{address}?autoplay=0&week=5")
        said = "This run was made by model 1; it is shown as stored and cannot be continued or "
        expect(page.locator('[data-show="stored"]')).to_contain_text(said)
        wait_for_week(page, 5, 5)
        expect(page.locator("[data-part=fork] a")).to_have_count(0)
        expect(page.locator('[data-show="trouble"]')).to_have_count(0)
        page.close()  # before its server goes


# a server that tells a run a week at a time, as a busy one does
SLOWLY = "import runs.web.desk, runs.web.telling; runs.web.telling.AT_ONCE_S = 0.0; "
SLOWLY += "runs.web.desk.REDRAW_S = 0.2"


@pytest.mark.browser
def test_a_week_that_is_played_but_not_told_yet_is_waited_for(
    open_page: OpenPage, run: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, of_model(run, tmp_path / "run2", 1), SLOWLY) as address:
        page = open_page(f"{address}?autoplay=0&week=5")
        wait_for_week(page, 1)
        assert week_of(page) == 5
        page.goto(f"{address}?autoplay=0&at=turn")
        wait_for_week(page, 1)
        assert week_of(page) == 2
        page.goto(f"{address}?autoplay=0")
        wait_until_played(page)
        page.keyboard.press("End")
        expect(page.locator(HEAD)).to_have_attribute("aria-valuenow", "5")
        page.goto(f"{address}?speed=16")  # played on its way, it stops where the run ends
        expect(page.locator("[data-do=play]")).to_have_attribute("aria-pressed", "false")
        assert week_of(page) == 5
        page.close()


def test_a_guest_reads_no_reasons_of_a_stored_run(run: Path, tmp_path: Path) -> None:
    copy = of_model(run, tmp_path / "guest", 1)

    def told(guest: bool) -> str:
        game = open_record(copy, for_guest=guest).game
        for _ in range(6):
            game.step()
        return " ".join(event["text"] for event in game.recorder.events)

    assert "my own secret" in told(guest=False)
    assert "KOR sets hub_policing to 0.7 share." in told(guest=True)
    assert "my own secret" not in told(guest=True)


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("zones", {"week": 9}, "has a row of week 9, and run.toml says that 6 weeks"),
        ("markets", {"week": "x"}, "column week: must hold whole numbers"),
        ("markets", {"price": "dear"}, "column price: must hold numbers"),
    ],
)
def test_a_damaged_stored_run_is_told_in_one_sentence(
    run: Path, tmp_path: Path, table: str, change: dict[str, object], words: str
) -> None:
    copy = of_model(run, tmp_path / "bad", 1)
    frame = pd.read_parquet(copy / f"{table}.parquet").assign(**change)
    frame.to_parquet(copy / f"{table}.parquet", index=False)
    with pytest.raises(RecordError, match=words):
        find_record(copy)
    (copy / f"{table}.parquet").unlink()
    with pytest.raises(RecordError, match=f"{table}.parquet is missing"):
        find_record(copy)
