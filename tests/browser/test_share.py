"""The time that watch pages take together, and pages that nobody looks at; no browser needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from runs.web import share as share_module
from runs.web.desk import Desk
from runs.web.share import ALONE, BESIDE_ROOMS, Share, share
from runs.web.start import Start
from tests.browser.test_desk import until


class Work:
    """A share by clocks that are moved by hand: work costs what it says."""

    def __init__(self, pages: int = 2) -> None:
        self.now = self.used = 0.0
        self.share = Share(lambda: self.now, lambda: self.used)
        self.share.count(pages)
        wait = self.share._turn.wait

        def passes(seconds: float | None = None) -> bool:
            self.now += seconds or 0.0
            return wait(0)

        self.share._turn.wait = passes  # type: ignore[method-assign]

    def do(self, cost: float) -> None:
        with self.share.turn():
            self.now += cost
            self.used += cost


@pytest.mark.parametrize(("in_rooms", "part"), [(False, ALONE), (True, BESIDE_ROOMS)])
def test_all_pages_together_take_their_part_of_the_time(in_rooms: bool, part: float) -> None:
    work = Work()
    work.share.in_rooms = lambda: in_rooms
    for n in range(100):
        work.do(0.01 * (1 + n % 3))
    assert work.used / work.now == pytest.approx(part, rel=0.03)


def test_one_plays_at_a_time_and_none_is_left_out() -> None:
    one = Share()
    order: list[int] = []
    inside = [0]

    def play(n: int) -> None:
        for _ in range(20):
            with one.turn():
                inside[0] += 1
                assert inside[0] == 1
                order.append(n)
                inside[0] -= 1

    threads = [threading.Thread(target=play, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(order) == sorted(list(range(5)) * 20)


def test_a_page_whose_browser_takes_nothing_keeps_the_others_waiting_only_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(share_module, "PATIENCE_S", 0.1)
    one, stuck, done = Share(), threading.Event(), threading.Event()

    def hang() -> None:
        with one.turn():
            stuck.wait(30)

    def go_on() -> None:
        for _ in range(3):
            with one.turn():
                pass
        done.set()

    first = threading.Thread(target=hang)
    first.start()
    until(lambda: one._holder is not None)
    threading.Thread(target=go_on).start()
    assert done.wait(30)
    stuck.set()
    first.join(30)
    with one.turn():
        pass
    assert not one._line


@pytest.fixture
def looked_at() -> Iterator[Callable[..., tuple[Desk, list[bool]]]]:
    """A desk, and whether its browser is connected, which a test may change."""
    desks: list[Desk] = []

    def opened(**start: object) -> tuple[Desk, list[bool]]:
        here = [True]
        desk = Desk(Start(**start), lambda: None, lambda: here[0])  # type: ignore[arg-type]
        desks.append(desk)
        desk.open()
        return desk, here

    yield opened
    for desk in desks:
        desk.close()
    until(lambda: share.pages == 0)


def test_a_desk_rests_while_nobody_is_connected_and_goes_on_when_somebody_is(
    looked_at: Callable[..., tuple[Desk, list[bool]]],
) -> None:
    desk, here = looked_at(scenario="japan-2026")  # long enough not to be over meanwhile
    until(lambda: desk.week > 0)
    assert share.pages == 1
    here[0] = False
    until(lambda: share.pages == 0)
    week = desk.week
    time.sleep(1.0)
    assert desk.week <= week + 1  # one may have been under way
    here[0] = True
    until(lambda: desk.week > week + 1)
    assert share.pages == 1


def test_a_page_that_nobody_looks_at_any_more_is_not_even_set_up(
    looked_at: Callable[..., tuple[Desk, list[bool]]],
) -> None:
    desk, here = looked_at(scenario="magnets-2025")
    until(lambda: desk.game is not None)
    here[0] = False
    until(lambda: share.pages == 0)
    first = desk.game
    desk.reset(Start(scenario="magnets-2025", seed=8))
    time.sleep(0.7)
    assert desk.game is first
    here[0] = True
    until(lambda: desk.game is not first)
