"""The desk behind a page: it plays ahead, fails with a sentence and lets go; no browser needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from runs.web import desk as desk_module
from runs.web.desk import Desk
from runs.web.start import Start, read_seed, start_from_query


def until(true: Callable[[], bool], patience_s: float = 60.0) -> None:
    """Waits for a state, however busy the machine is."""
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def open_desk() -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def opened(on_change: Callable[[], None] = lambda: None, **start: Any) -> Desk:
        one = Desk(Start(**start), on_change)
        desks.append(one)
        one.open()
        return one

    yield opened
    for one in desks:
        one.close()


def test_it_plays_to_the_horizon_and_stops(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(scenario="magnets-2025")
    until(lambda: desk.finished)
    assert desk.week == 65


def test_redraws_are_few_however_fast_the_weeks(open_desk: Callable[..., Desk]) -> None:
    moments: list[float] = []
    began = time.monotonic()
    desk = open_desk(lambda: moments.append(time.monotonic()))
    until(lambda: desk.finished)
    until(lambda: bool(moments) and not desk._changed)
    took = time.monotonic() - began
    # Set-up, end and the last word come on top.
    assert len(moments) <= took / desk_module.REDRAW_S + 4
    assert len(moments) >= 2


def test_a_fault_becomes_a_sentence_and_a_reset_goes_on(
    open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    build = desk_module._build

    def broken(start: Start) -> Any:
        game, recorded = build(start)
        monkeypatch.setattr(game, "step", lambda: 1 / 0)
        return game, recorded

    monkeypatch.setattr(desk_module, "_build", broken)
    desk = open_desk(scenario="magnets-2025", seed=77)
    until(lambda: bool(desk.error))
    assert desk.error.startswith("The run has stopped")
    assert "Traceback" not in desk.error
    assert "ZeroDivisionError" not in desk.error
    monkeypatch.setattr(desk_module, "_build", build)
    desk.reset(desk.start)
    until(lambda: not desk.error and desk.week > 0)


def test_a_scenario_that_cannot_be_had_says_why(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(scenario="no-such-scenario")
    until(lambda: bool(desk.error))
    assert "no-such-scenario" in desk.error


def test_closing_ends_the_thread(open_desk: Callable[..., Desk]) -> None:
    def running() -> int:
        return sum(one.name == "entrepot-desk" for one in threading.enumerate())

    until(lambda: running() == 0)
    desk = open_desk(scenario="magnets-2025")
    until(lambda: desk.week > 0)
    assert running() == 1
    desk.close()
    until(lambda: running() == 0)
    assert desk.game is None


def test_a_browser_that_has_gone_does_not_stop_the_weeks(open_desk: Callable[..., Desk]) -> None:
    def gone() -> None:
        raise RuntimeError("the page is closed")

    desk = open_desk(gone, scenario="magnets-2025")
    until(lambda: desk.finished)


def test_addresses_are_read_with_care() -> None:
    start, problem = start_from_query("?scenario=magnets-2025&seed=9&zone=KOR&view=sources")
    assert (start.scenario, start.seed, start.zone, start.view) == (
        "magnets-2025", 9, "KOR", "sources",
    )  # fmt: skip
    assert not problem
    start, problem = start_from_query("scenario=../../etc/passwd&view=/etc/passwd")
    assert (start.scenario, start.view) == ("japan-2026", "watch")
    assert problem is not None
    assert problem["key"] == "watch.no_scenario"
    for text in ("", "-1", "1.5", "٣", "9" * 30, "9" * 5000):
        seed, fault = read_seed(text)
        assert (seed, bool(fault)) == (1, True)
    assert read_seed(" 42 ") == (42, None)


def test_a_page_whose_drawings_take_long_leaves_most_of_the_time_to_playing() -> None:
    desk = Desk(Start(), lambda: None)
    desk.played = cast("Any", SimpleNamespace(week=10, finished=False))
    desk._took, desk._last_shown = 2.0, time.monotonic()
    assert not desk._show_due()
    desk._last_shown -= 2.0 * desk_module.DRAWINGS
    assert desk._show_due()
    desk._took = 1e6
    assert not desk._show_due()
    desk.show_soon()  # what a person did is shown at once
    assert desk._show_due()
