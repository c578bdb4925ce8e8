"""What a page may name, and what a page on another machine may do: look, and nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from runs.room.desk import export
from runs.web import desk
from runs.web.desk import Desk
from runs.web.payload import View, act, compose, state_of
from runs.web.record import find_record, open_record
from runs.web.start import (
    Defaults,
    Start,
    known_scenarios,
    name_of,
    source_of,
    start_from_query,
)
from tests.browser.test_desk import until
from tests.runs.a_room import room_log
from world.scenario import MOST_BYTES, SHIPPED, ScenarioError, load_scenario


@pytest.fixture(autouse=True)
def _defaults_of_before() -> Iterator[None]:
    before = Defaults.start, Defaults.record, Defaults.file
    yield
    Defaults.start, Defaults.record, Defaults.file = before


def page(**start: object) -> View:
    view = View(Start(**start))  # type: ignore[arg-type]
    view.desk = Desk(view.start, lambda: None)
    return view


# --- names, never paths ---------------------------------------------------------------------------

PATHS = ["/etc/passwd", "/etc/does-not-exist", "/root", "/dev/zero", "../../etc/passwd", "./x.toml",
         "japan-2026.toml", "C:\\Windows\\win.ini", "file:///etc/passwd", "", "x" * 5000,
         str(SHIPPED / "japan-2026.toml")]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_an_address_takes_names_of_scenarios_and_touches_no_file(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_scenarios()  # reads the shipped ones, once
    for name in ("read_toml", "find"):
        monkeypatch.setattr(f"world.scenario.{name}", lambda *_: pytest.fail("a file is looked at"))
    start, said = start_from_query(f"scenario={quote(path)}")
    assert start == Defaults.start
    if path:
        assert said is not None
        assert (said["key"], said["values"]["asked"]) == ("watch.no_scenario", path[:80])
    for start in (Start(scenario=path), Start(scenario=path, guest=True)):
        with pytest.raises(ScenarioError, match="there is no scenario"):
            desk.new_game(start)


def test_an_address_takes_what_is_offered() -> None:
    start, said = start_from_query("?scenario=magnets-2025&seed=7")
    assert (said, start.scenario, start.seed) == (None, "magnets-2025", 7)


def test_a_file_that_the_server_was_started_with_goes_by_its_bare_name(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text((SHIPPED / "gallium-2023.toml").read_text("utf-8"))
    Defaults.start = Start(scenario=name_of(str(mine)))
    assert known_scenarios()[0] == "mine.toml"
    assert source_of("mine.toml") == mine
    assert name_of("gallium-2023") == "gallium-2023"
    with pytest.raises(ScenarioError):
        source_of(str(mine))


def test_a_long_file_is_no_scenario_and_is_not_read_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from runs.cli import main

    long = tmp_path / "long.toml"
    with long.open("wb") as file:
        file.truncate(2**33)  # it takes no place on the disk, and would take 8 GB of memory
    sentence = f"long.toml is too long for a scenario: at most {MOST_BYTES:,} bytes are read."
    with pytest.raises(ScenarioError, match="too long for a scenario"):
        load_scenario(long)
    assert main(["run", str(long), "--weeks", "1"]) == 2
    assert capsys.readouterr().err.endswith(sentence + "\n")
    text = (SHIPPED / "gallium-2023.toml").read_text("utf-8")
    full = tmp_path / "full.toml"
    full.write_text(text + "#" * (MOST_BYTES - len(text.encode())))
    assert load_scenario(full).digest == load_scenario("gallium-2023").digest
    full.write_text(full.read_text() + "#")
    with pytest.raises(ScenarioError, match="too long"):
        load_scenario(full)


# --- a page on another machine --------------------------------------------------------------------


def test_a_guest_looks_and_nothing_is_played_for_it_beside_the_run() -> None:
    view = page(scenario="gallium-2023", guest=True)
    view.desk.open()
    until(lambda: view.desk.finished)
    view.telling = None
    compose(view)
    act(view, {"what": "look", "value": {"zone": "KOR"}})
    assert view.look.zone == "KOR"
    act(view, {"what": "why"})
    assert view.whys == {}
    assert state_of(view)["guest"] is True
    assert "person" not in {one["by"] for one in view.desk.game.recorder.orders}
    view.desk.close()


def test_a_guest_hears_of_no_file_when_a_run_stops() -> None:
    for guest in (True, False):
        view = page(guest=guest)
        view.desk._fail("The run has stopped", ValueError("/home/lee/class/run is damaged."))
        assert ("/home/lee" in view.desk.error) is not guest


def reasons(folder: Path, for_guest: bool) -> set[str]:
    recorded = open_record(folder, for_guest)
    while recorded.game.week < recorded.weeks:
        recorded.outside.give(recorded.game)
        recorded.game.step()
    return {str(event["text"]) for event in recorded.game.recorder.events}


def test_reasons_of_a_class_go_to_other_machines_only_where_the_export_says_so(
    tmp_path: Path,
) -> None:
    room_log(tmp_path / "rooms.db")
    export(tmp_path / "rooms.db", "AAAAA", tmp_path / "plain")
    export(tmp_path / "rooms.db", "AAAAA", tmp_path / "named", names=True)
    said = json.loads((tmp_path / "plain" / "room.json").read_text())
    assert said["names"] is False
    canary = "because of the canary"
    for kind in ("plain", "named"):
        orders = tmp_path / kind / "run" / "orders.parquet"
        _write_reason(orders, canary)
        _forget_digest(tmp_path / kind / "run" / "run.toml")
        _, folder = find_record(tmp_path / kind)
        here, away = reasons(folder, False), reasons(folder, True)
        assert any(canary in text for text in here)
        assert any(canary in text for text in away) is (kind == "named")
        assert len(here) == len(away) > 2
    shutil.rmtree(tmp_path / "named")


def _forget_digest(about: Path) -> None:
    """As if the record were from before orders and events had a digest."""
    lines = about.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("told_digest")]
    assert len(kept) == len(lines) - 1
    about.write_text("".join(kept))


def _write_reason(path: Path, words: str) -> None:
    import pandas as pd

    orders = pd.read_parquet(path)
    people = orders["by"] == "person"
    assert people.any()
    orders.loc[people, "why"] = words
    orders.to_parquet(path)
