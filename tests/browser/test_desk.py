"""The desk behind a page: it plays, waits, fails with a sentence and lets go; no browser needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runs import Game
from runs.web import desk as desk_module
from runs.web.desk import Desk
from runs.web.journal import actors, journal, say
from runs.web.scene import scene_of
from runs.web.seat import answer, order_form, verdict
from runs.web.start import Start, read_seed, start_from_query

FAST = 1000.0


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
    desk = open_desk(scenario="magnets-2025", speed=FAST)
    until(lambda: desk.finished and not desk.playing)
    assert desk.week == 65


def test_a_step_is_one_week(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(scenario="magnets-2025", autoplay=False)
    until(lambda: desk.scene is not None)
    desk.step()
    until(lambda: desk.week == 1)
    desk.step()
    desk.step()
    until(lambda: desk.week == 3)
    time.sleep(0.3)
    assert desk.week == 3


def test_redraws_are_few_however_fast_the_weeks(open_desk: Callable[..., Desk]) -> None:
    moments: list[float] = []
    began = time.monotonic()
    desk = open_desk(lambda: moments.append(time.monotonic()), speed=FAST)
    until(lambda: desk.finished)
    until(lambda: bool(moments) and not desk._changed)
    took = time.monotonic() - began
    # Set-up, end and the last word come on top of five a second.
    assert len(moments) <= 5 * took + 4
    assert len(moments) >= 2


def test_it_waits_for_a_seat_at_every_quarter(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(scenario="magnets-2025", seat="JPN", speed=FAST)
    for week in range(0, 65, 13):
        until(lambda week=week: desk.waiting and desk.week == week)  # type: ignore[misc]
        assert desk.game.awaiting_orders == ["JPN"]
        desk.end_quarter()
    until(lambda: desk.finished)
    assert not desk.waiting


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
    desk = open_desk(scenario="magnets-2025", speed=1.0)
    until(lambda: desk.week > 0)
    assert running() == 1
    desk.close()
    until(lambda: running() == 0)
    assert desk.game is None


def test_a_browser_that_has_gone_does_not_stop_the_weeks(open_desk: Callable[..., Desk]) -> None:
    def gone() -> None:
        raise RuntimeError("the page is closed")

    desk = open_desk(gone, scenario="magnets-2025", speed=FAST)
    until(lambda: desk.finished)


def test_the_form_has_every_lever_once_with_its_value(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(scenario="magnets-2025", autoplay=False)
    until(lambda: desk.scene is not None)
    assert desk.scene is not None
    for actor in ("CHN", "JPN"):
        form = order_form(desk.game, actor, desk.scene)
        shown = {
            f"{lever['lever']}.{index}" if index else lever["lever"]: value
            for group in form
            for lever in group["levers"]
            for index, value in lever["values"].items()
        }
        rows = {row["lever"]: row["value"] for row in desk.game.levers(actor)}
        assert shown == pytest.approx(rows)
    reply = answer(desk.game, "JPN", "hub_policing", 7)
    assert "0 and 1" in reply["refusal"]
    assert answer(desk.game, "JPN", "hub_policing", 0.5)["estimate"]


def test_the_verdict_says_where_each_gauge_began_and_ended() -> None:
    rows = [
        {"id": "supply", "value": 0.55, "before": 0.95, "band": "holding"},
        {"id": "standing", "value": 0.71, "before": 0.70, "band": "strong"},
    ]
    assert verdict("Japan", rows) == (
        "Japan at the end: supply fell to 55% from 95% (holding); standing held at 71% (strong)."
    )


def test_addresses_are_read_with_care() -> None:
    start, problem = start_from_query("?scenario=magnets-2025&seed=9&autoplay=0&speed=8&zone=KOR")
    assert (start.scenario, start.seed, start.autoplay, start.speed, start.zone) == (
        "magnets-2025", 9, False, 8.0, "KOR",
    )  # fmt: skip
    assert not problem
    start, problem = start_from_query("scenario=../../etc/passwd")
    assert start.scenario == "japan-2026"
    assert "no scenario" in problem
    for text in ("", "-1", "1.5", "٣", "9" * 30):
        seed, fault = read_seed(text)
        assert (seed, bool(fault)) == (1, True)
    assert read_seed(" 42 ") == (42, "")


def test_the_log_folds_what_happened_many_times_in_a_week() -> None:
    scene = scene_of(Game("magnets-2025", seed=1))

    def event(week: int, kind: str, actor: str, text: str) -> dict[str, Any]:
        return {"week": week, "date": "2025-04-04", "kind": kind, "actor": actor, "target": "",
                "text": text}  # fmt: skip

    events = [event(1, "detection", "CHN", f"Trader {i} is caught.") for i in range(5)]
    events += [event(2, "order", "JPN", "JPN sets stockpile_target_days.dy_oxide to 60 days.")]
    assert say("JPN sets offtake.gallium to 1 t, no threat. Done.", scene) == (
        "JPN sets offtake contract for gallium to 1 t, no threat. Done."
    )
    events += [event(2, "plant", "Kuantan", "Kuantan starts production.")]
    rows = journal(events, scene)
    assert [row["kind"] for row in rows] == ["plant", "order", "detection"]
    assert rows[1]["text"] == "JPN sets stockpile target for dysprosium oxide to 60 days."
    assert (rows[2]["text"], len(rows[2]["more"])) == ("Trader 4 is caught.", 4)
    assert len({row["id"] for row in rows}) == 3
    assert [row["actor"] for row in journal(events, scene, "firms")] == ["Kuantan"]
    assert [row["actor"] for row in journal(events, scene, "JPN")] == ["JPN"]
    assert [row["week"] for row in journal(events, scene, until=1)] == [1]
    assert [row["id"] for row in actors(events, scene)] == ["CHN", "JPN", "firms"]
