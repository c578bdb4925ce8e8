"""What a page is drawn from, and what it says when it cannot be; no browser needed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runs.web import payload
from runs.web.desk import Desk
from runs.web.payload import View, act, compose
from runs.web.scene import Look
from runs.web.start import Start
from runs.web.telling import MOST_LOOKS

WEEKS = 20


@pytest.fixture
def view() -> Any:
    start = Start(scenario="magnets-2025")
    one = View(start=start)
    one.desk = Desk(start, lambda: None)
    one.desk._renew(start)
    for _ in range(WEEKS):
        one.desk._advance()
    return one


def told(text: str) -> dict[str, Any]:
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def test_each_week_is_told_with_its_columns(view: View) -> None:
    shown = compose(view)
    while len(told(shown.story)["weeks"]) < WEEKS:
        shown = compose(view)
    run, story = told(shown.run), told(shown.story)
    assert run["played"] == len(story["weeks"]) == WEEKS
    assert len(run["columns"]["price"]["EUU"]) == WEEKS
    assert all(len(week["tiles"]) == 5 and week["headline"]["say"] for week in story["weeks"])
    assert all(len(flow["t"]) == WEEKS for flow in run["flows"])
    assert "NaN" not in shown.run + shown.story


def test_sentences_are_written_in_the_readers_language(view: View) -> None:
    compose(view)
    act(view, {"what": "language", "value": "ko"})
    korean = told(compose(view).story)["weeks"][0]["headline"]["say"]
    assert any("\uac00" <= sign <= "\ud7a3" for sign in korean)
    act(view, {"what": "language", "value": "tlh"})
    assert told(compose(view).story)["weeks"][0]["headline"]["say"] == korean


def test_a_view_that_cannot_be_drawn_says_so_and_finds_back(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = payload.run_state

    def broken(one: View, look: Look) -> dict[str, Any]:
        if look.zone == "KOR":
            raise RuntimeError("boom")
        return build(one, look)

    monkeypatch.setattr(payload, "run_state", broken)
    assert compose(view).run
    act(view, {"what": "look", "value": {"zone": "KOR"}})
    shown = compose(view)
    assert (shown.run, told(shown.state)["fault"]) == ("", True)
    assert "boom" not in shown.state
    act(view, {"what": "retry"})
    again = compose(view)
    assert again.run
    assert not told(again.state)["fault"]


def test_each_look_has_its_own_curves_and_few_are_kept(view: View) -> None:
    def sparks(zone: str) -> Any:
        act(view, {"what": "look", "value": {"zone": zone}})
        return told(compose(view).story)["sparks"]

    while len(told(compose(view).story)["weeks"]) < WEEKS:
        pass
    japan, korea = sparks("JPN"), sparks("KOR")
    assert japan != korea
    assert sparks("JPN") == japan
    for place in view.scene.places:
        assert sparks(place.code)
    assert len(view.tell()._tiles) == MOST_LOOKS
    assert sparks("JPN") == japan


def test_sentences_are_forgotten_before_they_are_too_many(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = compose(view).story
    monkeypatch.setattr("runs.web.telling.MOST_TEXTS", 50)
    view.tell()._texts.clear()
    view._made.clear()
    assert compose(view).story[:300] == first[:300]
    assert len(view.tell()._texts) <= 50


def test_what_is_pressed_is_drawn_by_the_desk_once(view: View) -> None:
    compose(view)
    drawn: list[Look] = []
    view.redraw = lambda: drawn.append(view.look)
    view.desk._on_change = lambda: view.redraw()
    press = view.handle(lambda wish: act(view, wish))
    for zone in ("JPN", "KOR", "EUU"):
        press({"what": "look", "value": {"zone": zone}})
    assert not drawn
    assert view.desk._show_due()
    view.desk._show()
    assert drawn == [Look(zone="EUU")]


def test_a_handler_that_fails_leaves_a_sentence(view: View) -> None:
    view.handle(lambda _: 1 / 0)("anything")
    assert told(compose(view).state)["notice"]["key"] == "watch.fault_act"


def test_nonsense_from_a_browser_changes_nothing(view: View) -> None:
    compose(view)
    before = (view.look, view.language)
    for wish in (
        {"what": "look", "value": {"zone": "XXX"}},
        {"what": "look", "value": {"material": "<script>"}},
        {"what": "look", "value": "all"},
        {"what": "language", "value": "../../etc"},
        {"what": "unheard of", "value": "1"},
    ):
        act(view, wish)
    assert (view.look, view.language) == before
