"""A case, or a reason for measures, needs a measure: refused where none can be, told with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from runs import Game
from runs.cli import main
from runs.story import run_of
from runs.story.tidings import raw
from world.scenario import SHIPPED, ScenarioError, load_scenario

NONE = "is about an export measure of CHN, and none stands and nobody is to order one"
HEAD = "week,actor,lever,value\n"


def calm(**seats: str) -> Game:
    return Game("no-controls", users=60, seats=seats)


def told(game: Game) -> list[tuple[int, str]]:
    """Weeks and words of the news on cases and reasons."""
    keys = [(one.week, one.say.key) for one in raw(run_of(game))]
    return [(week, key.removeprefix("story.lever.")) for week, key in keys
            if "wto_case" in key or "legal_frame" in key]  # fmt: skip


@pytest.mark.parametrize("what", ["JPN.wto_case=1", "CHN.legal_frame=2"])
def test_a_setting_about_no_measure_is_one_sentence(
    capsys: pytest.CaptureFixture[str], what: str
) -> None:
    assert main(["run", "no-controls", "--users", "60", "--weeks", "1", "--set", what]) == 2
    err = capsys.readouterr().err
    name = what.partition("=")[0]
    assert err.startswith(f"entrepot run: {name}: ")
    assert NONE in err
    assert err.count("\n") == 1


def test_a_setting_with_a_measure_or_a_coercer_that_may_bring_one_stands() -> None:
    ban = {"CHN.ban_breadth.JPN": 0.9, "JPN.wto_case": 1, "CHN.legal_frame": 1}
    assert load_scenario("no-controls", ban).levers["JPN.wto_case"] == 1
    assert load_scenario("japan-2026", {"JPN.wto_case": 1})
    with pytest.raises(ScenarioError, match=r"JPN\.wto_case"):
        load_scenario("no-controls", {"CHN.licence_duty": 1, "JPN.wto_case": 1})  # all is granted


def test_a_dated_case_about_nothing_is_refused(tmp_path: Path) -> None:
    text = (SHIPPED / "no-controls.toml").read_text(encoding="utf-8").partition("[[what_if]]")[0]
    file = tmp_path / "calm.toml"
    act = 'date = 2025-03-03\nactor = "JPN"\nlever = "wto_case"\nvalue = 1\nwhy = "x"\n'
    file.write_text(f"{text}[[history]]\n{act}", encoding="utf-8")
    with pytest.raises(ScenarioError, match=NONE):
        load_scenario(file)


def test_an_orders_file_is_refused_unless_it_brings_the_measure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, run = tmp_path / "orders.csv", ["run", "no-controls", "--users", "60", "--weeks", "6"]
    file.write_text(f"{HEAD}0,CHN,legal_frame,1\n5,JPN,wto_case,1\n")
    assert main([*run, "--orders", str(file)]) == 2
    assert f"orders.csv week 0: legal_frame of CHN {NONE}" in capsys.readouterr().err
    file.write_text(f"{HEAD}0,CHN,legal_frame,1\n0,JPN,wto_case,1\n1,CHN,rung.JPN,8\n")
    assert main([*run, "--orders", str(file)]) == 0


def test_a_case_that_is_submitted_about_nothing_is_refused_with_the_reason() -> None:
    game = calm()
    refusal = game.submit(actor="JPN", lever="wto_case", value=1)
    assert refusal is not None
    assert NONE in refusal.reason
    assert game.submit(actor="JPN", lever="wto_case", value=0) is None  # nothing to withdraw
    assert game.submit(actor="JPN", lever="wto_case", value=1, week=3) is None  # one may come
    game.run(weeks=5)
    assert game.lever("JPN", "wto_case") == 0
    rows = [row for row in game.frames["orders"].to_dict("records") if not row["accepted"]]
    assert [(row["week"], row["lever"]) for row in rows] == [(0, "wto_case"), (3, "wto_case")]
    assert told(game) == []


def test_a_case_beside_its_ban_is_heard_and_told_whoever_speaks_first() -> None:
    game = calm()
    game.submit(actor="JPN", lever="wto_case", value=1, week=3)
    game.submit(actor="CHN", lever="ban_breadth.JPN", value=0.9, week=3)
    game.submit(actor="CHN", lever="legal_frame", value=2, week=3)
    game.run(weeks=6)
    assert sorted(told(game)) == [(3, "legal_frame.security"), (3, "wto_case.up")]
    zones = game.frames["zones"]
    assert zones[(zones["zone"] == "JPN") & (zones["week"] == 4)]["case_stage"].item() == 1


def test_a_case_waits_for_a_measure_and_is_no_news_until_then() -> None:
    """Where a person plays China a measure may come: Tokyo complains when one stands."""
    game = calm(CHN="person")
    assert game.submit(actor="JPN", lever="wto_case", value=1) is None
    game.run(weeks=4)
    assert told(game) == []
    game.submit(actor="CHN", lever="export_quota.gallium", value=0.5)
    game.run(weeks=3)
    assert told(game) == [(4, "wto_case.up")] or told(game) == [(5, "wto_case.up")]
    game.submit(actor="JPN", lever="wto_case", value=0)
    game.run(weeks=2)
    assert told(game)[1:] == [(7, "wto_case.down")]


def test_who_withdraws_a_case_that_was_never_heard_is_no_news() -> None:
    game = calm(CHN="person")
    game.submit(actor="JPN", lever="wto_case", value=1)
    game.submit(actor="JPN", lever="wto_case", value=0, week=3)
    game.run(weeks=5)
    assert told(game) == []
