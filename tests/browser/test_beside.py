"""What is played beside the server for watch pages: who waits, who is dropped, when it ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from runs.room.child import Child
from runs.web.beside import MOST_AHEAD, MOST_ASKED, RANKS, Beside
from runs.web.start import Start
from runs.web.worker import JOBS, Desk, Dropped
from tests.browser.test_desk import until

SHORT = Start(scenario="gallium-2023")
QUESTION = {
    "week": 74, "set": {"JPN.protest": 1.0}, "material": "gallium", "zone": "JPN",
}  # fmt: skip


class Held(Child):
    """A child that answers once it is let, with what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.began: list[Any] = []

    async def _ask(self, do: str, fields: dict[str, Any]) -> Any:
        self.began.append(fields["asked"])
        await self.gate.wait()
        return fields["asked"]


class Hall:
    """A server's event loop in a thread of its own, with pages that ask."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.beside = Beside()
        self.loop.call_soon_threadsafe(self.beside.open)
        until(lambda: self.beside._voice is not None)
        self.heard: list[tuple[object, dict[str, Any]]] = []

    def hold(self) -> Held:
        child = Held()
        self.beside._child = child
        return child

    def ask(self, page: object, asked: Any, do: str = "fork", patient: bool = False) -> Any:
        return self.beside.ask(
            page, do, SHORT, asked, lambda said: self.heard.append((page, said)), patient
        )

    def answers(self, page: object) -> list[Any]:
        return [said["found"] for one, said in self.heard if one is page and "found" in said]

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.beside.close(), self.loop).result(60)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(60)
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())  # what is left to be closed
        self.loop.close()


@pytest.fixture
def hall() -> Iterator[Hall]:
    one = Hall()
    yield one
    one.close()


def test_what_a_page_asks_next_takes_the_place_of_what_it_asked_before(hall: Hall) -> None:
    child, page, other = hall.hold(), object(), object()
    assert hall.ask(page, 1) is None
    until(lambda: child.began == [1])
    assert hall.ask(page, 2) is None
    assert hall.ask(other, 3) is None
    hall.loop.call_soon_threadsafe(child.gate.set)
    until(lambda: len(hall.answers(page) + hall.answers(other)) == 2)
    assert (hall.answers(page), hall.answers(other)) == ([2], [3])


def test_when_much_waits_a_page_reads_a_sentence_and_nothing_more_is_played(hall: Hall) -> None:
    child = hall.hold()
    pages = [object() for _ in range(MOST_ASKED + 1)]
    assert [hall.ask(page, n) for n, page in enumerate(pages[:-1])] == [None] * MOST_ASKED
    assert hall.ask(pages[-1], 99) == {"key": "watch.beside_full", "values": {}}
    hall.beside.leave(pages[3])
    assert hall.ask(pages[-1], 100) is None
    hall.loop.call_soon_threadsafe(child.gate.set)
    until(lambda: hall.answers(pages[-1]) == [100])
    assert 99 not in child.began
    assert hall.answers(pages[3]) == []


def test_what_nobody_pressed_for_waits_and_gives_way(hall: Hall) -> None:
    child, page, other = hall.hold(), object(), object()
    hall.ask(page, "pressed")
    until(lambda: child.began == ["pressed"])
    hall.ask(page, "by itself", "why", patient=True)
    hall.ask(other, "by itself too", "band", patient=True)
    hall.loop.call_soon_threadsafe(child.gate.set)
    until(lambda: hall.answers(page) == ["pressed", "by itself"])
    until(lambda: hall.answers(other) == ["by itself too"])
    child.gate.clear()
    hall.ask(page, "long", "band", patient=True)
    until(lambda: child.began[-1] == "long")
    hall.ask(other, "pressed later")
    hall.loop.call_soon_threadsafe(child.gate.set)  # what was dropped ends
    until(lambda: hall.answers(page)[-1] == "long")
    assert child.began[-3:] == ["long", "pressed later", "long"]


def test_what_was_found_once_is_told_to_the_next_page_without_a_process(hall: Hall) -> None:
    child, page, other = hall.hold(), object(), object()
    child.gate.set()
    hall.ask(page, {"zone": "JPN"}, "why", patient=True)
    until(lambda: hall.answers(page) == [{"zone": "JPN"}])
    hall.beside.leave(page)
    again = hall.hold()
    hall.ask(other, {"zone": "JPN"}, "why", patient=True)
    until(lambda: hall.answers(other) == [{"zone": "JPN"}])
    hall.ask(other, {"zone": "KOR"}, "why")
    until(lambda: again.began == [{"zone": "KOR"}])
    again.gate.set()


def test_the_same_question_of_two_pages_is_played_once(hall: Hall) -> None:
    child, page, other, third = hall.hold(), object(), object(), object()
    for one in (page, other, third):
        assert hall.ask(one, "the same") is None
    until(lambda: child.began == ["the same"])
    hall.beside.leave(page)  # who asked first goes, and the next is played for
    hall.loop.call_soon_threadsafe(child.gate.set)
    until(lambda: hall.answers(other) == hall.answers(third) == ["the same"])
    assert hall.answers(page) == []
    assert len(child.began) <= 2
    hall.ask(page, "the same")
    until(lambda: hall.answers(page) == ["the same"])
    assert len(child.began) <= 2


def test_what_is_remembered_is_bounded_by_its_size(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runs.web.beside.MOST_KNOWN", 5_000)
    hall.hold().gate.set()
    page = object()
    for letter in "abcdefgh":
        hall.ask(page, letter * 1_000)
        until(lambda letter=letter: hall.answers(page)[-1:] == [letter * 1_000])
        assert sum(map(len, hall.beside._known.values())) <= 5_000
    assert len(hall.beside._known) == 4


def test_only_the_runs_of_the_first_pages_are_worked_out_ahead(hall: Hall) -> None:
    hall.hold()
    starts = [Start(scenario="gallium-2023", seed=n) for n in range(MOST_AHEAD + 1)]
    pages = [object() for _ in starts]
    for page, start in zip(pages[:-1], starts, strict=False):
        assert hall.beside.has_place_ahead(start)
        hall.beside.ask(page, "why", start, {}, print, patient=True)
    assert not hall.beside.has_place_ahead(starts[-1])
    assert hall.beside.has_place_ahead(starts[0])  # the same run costs nothing more
    hall.beside.leave(pages[0])
    assert hall.beside.has_place_ahead(starts[-1])


def test_a_process_that_nobody_asks_ends_and_gives_its_memory_back(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runs.web.beside.IDLE_S", 0.2)
    page = object()
    hall.ask(page, QUESTION)
    process = hall.beside._child
    until(lambda: bool(hall.answers(page)))
    until(lambda: process.pid is None)
    hall.ask(page, {**QUESTION, "week": 70})
    until(lambda: len(hall.answers(page)) == 2)  # in a new one


def test_a_process_that_has_played_much_makes_place_for_a_new_one(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runs.web.beside.MOST_JOBS", 1)
    page = object()
    hall.ask(page, QUESTION)
    until(lambda: len(hall.answers(page)) == 1)
    first = hall.beside._child
    hall.ask(page, {**QUESTION, "week": 70})
    until(lambda: len(hall.answers(page)) == 2)
    assert hall.beside._child is not first
    until(lambda: first.pid is None)


def test_a_known_answer_lets_go_on_what_waits(hall: Hall) -> None:
    child, page, other = hall.hold(), object(), object()
    child.gate.set()
    hall.ask(page, "known", "why")
    until(lambda: hall.answers(page) == ["known"])
    child.gate.clear()
    hall.ask(page, "unknown", "why")
    until(lambda: child.began[-1] == "unknown")
    hall.ask(other, "patient", "band", patient=True)
    hall.ask(page, "known", "why")
    hall.loop.call_soon_threadsafe(child.gate.set)
    until(lambda: hall.answers(other) == ["patient"])
    assert hall.answers(page) == ["known", "known"]


def test_an_answer_is_remembered_as_it_was_asked(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, page = hall.hold(), object()
    hall.ask(page, 1, "why")
    until(lambda: child.began == [1])
    monkeypatch.setattr("runs.web.beside.game_of", lambda start: 1 / 0)  # written meanwhile
    hall.loop.call_soon_threadsafe(child.gate.set)
    until(lambda: hall.answers(page) == [1])
    monkeypatch.undo()
    hall.ask(page, 1, "why")
    until(lambda: hall.answers(page) == [1, 1])
    assert child.began == [1]


def test_the_process_keeps_the_game_and_ends_with_the_last_page(hall: Hall) -> None:
    page, other = object(), object()
    hall.ask(page, QUESTION)
    until(lambda: bool(hall.answers(page)))
    assert {said["state"] for _, said in hall.heard} == {"working", "done"}
    process = hall.beside._child
    assert process.pid is not None
    hall.ask(other, QUESTION)
    until(lambda: bool(hall.answers(other)))
    hall.beside.leave(page)
    assert process.pid is not None
    hall.beside.leave(other)
    until(lambda: process.pid is None)


def test_a_page_that_goes_while_it_is_played_for_stops_it(hall: Hall) -> None:
    page, other = object(), object()
    hall.ask(other, QUESTION)
    until(lambda: bool(hall.answers(other)))  # so the process lives on
    hall.beside.ask(
        page, "fork", Start(scenario="japan-2026"), QUESTION,
        lambda said: hall.heard.append((page, said)),
    )  # fmt: skip
    until(lambda: any(one is page for one, _ in hall.heard))  # its game is being played
    hall.beside.leave(page)
    until(lambda: not hall.beside._child.busy)
    assert hall.answers(page) == []


def test_a_job_ends_in_the_middle_once_it_is_told_that_nobody_waits() -> None:
    desk = Desk(StringIO())
    lines = desk.lines(StringIO('{"drop": 2}\n{"call": 2}\n'))
    assert next(lines) == '{"call": 2}\n'
    asked = {"do": "fork", "game": {"scenario": "gallium-2023", "seed": 1}, "asked": QUESTION}
    with pytest.raises(Dropped):
        desk.answer({**asked, "call": 2})
    assert desk.answer({**asked, "call": 3})["week"] == QUESTION["week"]


def test_what_a_job_cannot_play_is_said_and_the_next_is_answered(hall: Hall) -> None:
    page = object()
    hall.beside.ask(
        page, "fork", Start(scenario="gallium-2023", seed=-5), QUESTION,
        lambda said: hall.heard.append((page, said)),
    )  # fmt: skip
    until(lambda: bool(hall.heard) and hall.heard[-1][1]["state"] != "working")
    assert hall.heard[-1][1]["state"] in ("refused", "failed")
    hall.ask(page, QUESTION)
    until(lambda: bool(hall.answers(page)))


def test_each_job_has_a_rank() -> None:
    assert set(JOBS) <= set(RANKS)
