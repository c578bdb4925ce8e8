"""What a page has worked out without a press: causes by zone and the band of other lucks."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from runs import Game
from runs.otherwise import Branch, acts_told
from runs.otherwise import Start as Begin
from runs.web import band, causes
from runs.web.desk import Desk
from runs.web.payload import View, act, compose
from runs.web.played import Played
from runs.web.record import Recorded
from runs.web.start import Start
from runs.web.worker import Kept
from tests.browser.test_desk import until
from world.scenario import load_scenario


def silent(done: int, of: int, **known: Any) -> None:
    assert 0 <= done <= of


@pytest.fixture(scope="module")
def kept() -> Kept:
    """A played game to which somebody outside gave an order."""
    game = Game(load_scenario("magnets-2025", {"users": 120}), seed=3)
    game.submit(actor="JPN", lever="stockpile_release", value=0.5, week=16)
    return Kept(game.run(weeks=40))


def test_the_band_holds_the_runs_orders_under_other_lucks(kept: Kept) -> None:
    found = band.play(kept, {"lucks": 9}, silent)
    assert found["lucks"] == 9
    game, rows = kept.game, kept.game.recorder.rows("markets")
    row = list(zip(rows["material"], rows["zone"], strict=True)).index(("dy_oxide", "JPN"))
    prices = []
    for luck in range(9):  # each alone, as if somebody had played it so
        alone = Branch(Begin(*game.state_at(0)), game.luck + luck, acts_told(game.acts, 0))
        prices.append([one.markets["price_usd_per_t"][0, row] / 1000 for one in alone.play(40)])
    low, high = np.quantile(prices, (0.1, 0.9), axis=0)
    lines = found["bands"]["dy_oxide JPN"]
    assert np.allclose(lines["low"], low, rtol=2e-3)
    assert np.allclose(lines["high"], high, rtol=2e-3)
    assert len(found["bands"]) == len(rows["zone"])
    assert prices[0] == (game.recorder.array("markets", "price_usd_per_t")[:, row] / 1000).tolist()
    json.dumps(found, allow_nan=False)
    assert band.play(kept, {"lucks": 8}, silent)["lucks"] == 8  # out of those that are known


def test_a_run_too_large_for_a_band_has_none(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(band, "MOST_USERS", 10)
    assert band.play(kept, {"lucks": 8}, silent) == {"lucks": 1, "bands": {}}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any], bool, Any]]:
    """What pages have asked the process beside for, which is answered by the test."""
    found: list[tuple[str, dict[str, Any], bool, Any]] = []
    monkeypatch.setattr(
        "runs.web.payload.beside.ask",
        lambda page, do, start, asked, hear, patient: found.append((do, asked, patient, hear)),
    )
    return found


def page_of(kept: Kept, guest: bool = False) -> View:
    start = Start(scenario="magnets-2025", seed=3, guest=guest)
    view = View(start)
    view.desk = Desk(start, lambda: None)
    recorded = Recorded(kept.game, None, kept.game.week)
    view.desk.played = Played(kept.game, recorded)
    return view


def told(view: View) -> View:
    compose(view)
    assert view.telling is not None
    until(lambda: bool(compose(view)) and view.tell().weeks == view.desk.week)
    compose(view)
    return view


def test_a_page_asks_by_itself_once_its_run_is_told_to_the_end(kept: Kept, asked: Any) -> None:
    view = told(page_of(kept))
    assert [one[:3] for one in asked] == [
        ("why", {"zone": "JPN"}, True), ("band", {"lucks": 8}, True),
    ]  # fmt: skip
    assert json.loads(compose(view).why) == {"zone": "JPN", "state": "waiting", "done": 0, "of": 0}
    assert compose(view).band == ""
    asked[0][3]({"state": "done", "found": causes.play(kept, asked[0][1], silent)})
    asked[1][3]({"state": "done", "found": band.play(kept, asked[1][1], silent)})
    shown = compose(view)
    why, lines = json.loads(shown.why), json.loads(shown.band)
    assert why["zone"] == "JPN"
    assert why["title"].startswith("Why Japan lost")
    assert (lines["lucks"], len(lines["low"])) == (8, 40)
    assert asked[2][:3] == ("band", {"lucks": 24}, True)
    assert len(asked) == 3
    act(view, {"what": "look", "value": {"material": "tb_oxide"}})
    other = json.loads(compose(view).band)
    assert other["material"] == "tb_oxide"
    assert other["low"] != lines["low"]
    assert len(asked) == 3  # nothing is played for it


def test_nothing_is_worked_out_for_a_page_in_the_background(kept: Kept, asked: Any) -> None:
    view = page_of(kept)
    act(view, {"what": "front", "value": False})
    told(view)
    assert asked == []
    act(view, {"what": "front", "value": True})
    compose(view)
    assert [one[0] for one in asked] == ["why", "band"]


def test_another_zone_is_asked_for_once_and_by_a_press(kept: Kept, asked: Any) -> None:
    view = told(page_of(kept))
    asked[0][3]({"state": "done", "found": causes.play(kept, {"zone": "JPN"}, silent)})
    compose(view)
    del asked[:]
    for value in ({"zone": "KOR"}, {"zone": "KOR"}, {"zone": "Mars"}, None):
        act(view, {"what": "why", "value": value})
    ((do, about, patient, hear),) = asked
    assert (do, about, patient) == ("why", {"zone": "KOR"}, False)
    assert json.loads(compose(view).why)["state"] == "working"
    hear({"state": "done", "found": causes.play(kept, about, silent)})
    assert json.loads(compose(view).why)["title"].startswith("Why Korea lost")
    act(view, {"what": "why", "value": {"zone": "JPN"}})
    assert json.loads(compose(view).why)["title"].startswith("Why Japan lost")
    assert len(asked) == 1


def test_an_older_answer_is_not_taken_for_the_newer_question(kept: Kept, asked: Any) -> None:
    view = told(page_of(kept))
    del asked[:]
    for zone in ("KOR", "EUU"):
        act(view, {"what": "why", "value": {"zone": zone}})
    older, newer = (one[3] for one in asked)
    older({"state": "done", "found": {"title": "of Korea"}})
    assert view.heard["why"]["state"] == "working"
    newer({"state": "done", "found": {"title": "of Europe"}})
    assert view.heard["why"]["found"] == {"title": "of Europe"}


def test_a_page_that_has_gone_asks_for_nothing(kept: Kept, asked: Any) -> None:
    view = told(page_of(kept))
    del asked[:]
    view.close()
    view.ask_beside("why", {"zone": "KOR"})
    assert not asked


def test_nothing_is_played_for_a_guest(kept: Kept, asked: Any) -> None:
    view = told(page_of(kept, guest=True))
    act(view, {"what": "why", "value": {"zone": "KOR"}})
    assert asked == []
    assert compose(view).band == ""
