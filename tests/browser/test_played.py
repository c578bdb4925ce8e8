"""A run that several pages show is played and told once, and goes with the last of them."""

from __future__ import annotations

import gc
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runs.story import Story
from runs.web import played as module
from runs.web.desk import Desk, warm_up
from runs.web.payload import View, act, compose
from runs.web.played import Played
from runs.web.start import Defaults, Start
from tests.browser.test_desk import until
from world.scenario import find_shipped

WEEKS = 78  # of the run
ALONE = 8_141  # seeds that no test elsewhere in this process has a page of
FAILING, LEFT = ALONE + 1, ALONE + 2

PATIENCE_S = 300.0  # until a whole run is played and told, on a machine that does other things too

Counted = Counter[tuple[str, Any]]  # weeks "played" and "told" of a game, which is kept with them


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Weeks played and told, game by game: what an earlier page left may still be at work."""
    found: Counted = Counter()
    step, week = Played.step, Story.week

    def played(one: Played) -> None:
        found["played", one.game] += 1
        step(one)

    def told(story: Story, at: int) -> Any:
        found["told", story.run.game] += 1
        return week(story, at)

    monkeypatch.setattr(Played, "step", played)
    monkeypatch.setattr(Story, "week", told)
    return found


@pytest.fixture
def open_view() -> Iterator[Callable[..., View]]:
    views: list[View] = []

    def opened(**start: Any) -> View:
        view = View(Start(**{"scenario": "gallium-2023", "seed": ALONE, **start}))
        view.desk = Desk(view.start, lambda: None)
        view.desk._on_change = lambda: compose(view)
        views.append(view)
        view.desk.open()
        return view

    yield opened
    for view in views:
        view.close()


def whole(view: View) -> bool:
    return bool(view.desk.finished and view.telling and view.telling.weeks == WEEKS)


def test_a_second_page_of_the_same_run_costs_no_second_computation(
    open_view: Callable[..., View], counted: Counted
) -> None:
    first = open_view()
    second = open_view()
    until(lambda: whole(first) and whole(second), PATIENCE_S)
    assert first.desk.game is second.desk.game
    game = first.desk.game
    assert (counted["played", game], counted["told", game]) == (WEEKS, WEEKS)
    third = open_view()
    until(lambda: whole(third), PATIENCE_S)
    assert (counted["played", game], counted["told", game]) == (WEEKS, WEEKS)
    assert compose(third).run is compose(first).run  # the very same text


def test_pages_of_one_run_look_at_what_they_want(open_view: Callable[..., View]) -> None:
    first, second = open_view(), open_view(material="germanium")
    until(lambda: whole(first) and whole(second), PATIENCE_S)
    act(first, {"what": "language", "value": "ko"})
    act(second, {"what": "look", "value": {"zone": "KOR"}})
    ours, theirs = json.loads(compose(first).run), json.loads(compose(second).run)
    assert (ours["material"], theirs["material"], theirs["zone"]) == ("gallium", "germanium", "KOR")
    assert ours["zone"] != "KOR"
    assert compose(first).story != compose(second).story


def test_another_seed_or_a_guest_has_a_run_of_its_own(open_view: Callable[..., View]) -> None:
    views = [open_view(), open_view(seed=2), open_view(guest=True)]
    until(lambda: all(view.desk.week > 0 for view in views))
    assert len({id(view.desk.game) for view in views}) == 3


def test_a_run_that_fails_for_one_page_is_played_on_by_none(
    open_view: Callable[..., View], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A week that was left half played is no week to go on from; a new run begins anew."""
    from runs.play import Play

    failed: list[Play] = []
    views: list[View] = []
    step = Play.step

    def once(game: Play) -> None:
        """The fourth week fails, when both pages show the run; until then it is not played."""
        if game.luck == FAILING and game.week == 3 and not failed:
            if [view.desk.game for view in views] != [game, game]:
                return
            failed.append(game)
            raise ValueError("A week fails.")
        step(game)

    monkeypatch.setattr(Play, "step", once)
    for _ in range(2):
        views.append(open_view(seed=FAILING))
    first, second = views
    until(lambda: bool(first.desk.error and second.desk.error))
    assert first.desk.game is second.desk.game
    assert first.desk.week == 3
    assert first.desk.error == second.desk.error == "The run has stopped: A week fails."
    act(second, {"what": "retry"})
    until(lambda: second.desk.week > 3)
    assert first.desk.error
    assert first.desk.week == 3


def test_a_scenario_that_is_written_again_is_another_run_and_answers_for_none_before(
    open_view: Callable[..., View], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "own.toml"
    text = Path(str(find_shipped("gallium-2023"))).read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(Defaults, "file", ("own.toml", file))
    warm_up(Start(scenario="own.toml"))
    file.write_text(text.replace("weeks = 78", "weeks = 26"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    first = open_view(scenario="own.toml")
    until(lambda: bool(first.telling and first.desk.finished), PATIENCE_S)
    assert first.desk.week == 26, "what was built ahead was of the file before"
    file.write_text(text, encoding="utf-8")
    act(first, {"what": "why", "value": {"zone": "KOR"}})
    assert first.heard["why"]["state"] == "failed"
    second = open_view(scenario="own.toml")
    until(lambda: second.desk.week > 26)
    assert first.desk.week == 26


def test_a_page_is_drawn_again_for_what_another_page_had_told(
    open_view: Callable[..., View],
) -> None:
    first = open_view()
    until(lambda: whole(first), PATIENCE_S)
    second = View(Start(scenario="gallium-2023", seed=ALONE))
    second.desk = Desk(second.start, lambda: None)
    second.desk.played = first.desk.played
    compose(second)
    assert not second.desk.more()
    second.told = WEEKS - 1  # as it was when the last picture was made
    assert second.desk.more()


def test_a_run_goes_with_the_last_page_that_shows_it(open_view: Callable[..., View]) -> None:
    first, second = open_view(seed=LEFT), open_view(seed=LEFT)
    until(lambda: first.desk.week > 0 and second.desk.week > 0)

    def known() -> bool:
        gc.collect()
        return any(f'"seed": {LEFT}' in name for name, _ in module._runs)

    first.close()
    until(lambda: first.desk.played is None)
    assert known()
    second.close()
    until(lambda: not known(), patience_s=300)  # what is asked beside the server still holds it


def test_what_is_written_for_pages_is_bounded_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    from runs import Game

    monkeypatch.setattr(module, "MOST_TEXTS", 1_000)
    played = Played(Game("gallium-2023", seed=1))
    for n in range(20):
        assert played.text((n,), lambda: "x" * 200) == f'"{"x" * 200}"'
    assert 0 < sum(map(len, played._texts.values())) <= 1_000
