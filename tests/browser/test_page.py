"""What a page draws, and what it says when it cannot; no browser needed."""

from __future__ import annotations

import time
from typing import Any

import pytest

from runs.web import acts
from runs.web import page as page_module
from runs.web.desk import Desk
from runs.web.page import compose
from runs.web.payload import View
from runs.web.start import Start


@pytest.fixture
def view() -> Any:
    start = Start(scenario="magnets-2025", autoplay=False)
    one = View(start=start)
    one.desk = Desk(start, lambda: None)
    one.desk.open()
    for _ in range(6000):
        if one.desk.scene is not None:
            break
        time.sleep(0.01)
    yield one
    one.desk.close()


def test_a_view_that_cannot_be_drawn_says_so_and_finds_back(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = page_module.build_board

    def broken(reading: Any, look: Any, opened: Any) -> dict[str, Any]:
        if look.zone == "ROW":
            raise RuntimeError("boom")
        return build(reading, look, opened)

    monkeypatch.setattr(page_module, "build_board", broken)
    assert compose(view).watch
    acts.choose(view, {"what": "zone", "value": "ROW"})
    shown = compose(view)
    assert not shown.watch
    assert shown.bar["error"].startswith("This view cannot be drawn")
    assert "boom" not in str(shown.bar)
    acts.retry(view)
    again = compose(view)
    assert again.watch
    assert not again.bar["error"]


def test_a_handler_that_fails_leaves_a_sentence(view: View) -> None:
    view.handle(lambda _: 1 / 0)("anything")
    assert compose(view).bar["status"].startswith("That did not work")


def test_nonsense_from_a_browser_changes_nothing(view: View) -> None:
    compose(view)
    before = view.look
    for wish in (
        {"what": "zone", "value": "XXX"},
        {"what": "material", "value": "<script>"},
        {"what": "week", "value": "-3"},
        {"what": "speed", "value": "fast"},
        {"what": "unheard of", "value": "1"},
    ):
        acts.choose(view, wish)
    assert view.look == before
    assert view.desk.speed == Start().speed


def test_orders_without_a_seat_go_nowhere(view: View) -> None:
    compose(view)
    acts.end_quarter(view)
    assert view.desk.week == 0
    handler = view.handle(lambda wish: acts.draft(view, wish))
    handler({"lever": "hub_policing", "value": "0.5"})
    assert view.drafts == {}
