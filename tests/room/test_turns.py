"""Websockets are opened at once while they are few, then at a pace and by turns of addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from runs.room.server import turns
from runs.room.server.turns import BURST, MOST_WAITING, Turns


class Asks:
    """Somebody who waits for a websocket."""

    def __init__(self, name: str, opened: list[str], gone: bool = False) -> None:
        self.name, self.opened, self.gone = name, opened, gone

    def is_gone(self) -> bool:
        return self.gone

    def open_socket(self) -> None:
        self.opened.append(self.name)


def played(act: Callable[[Turns, list[str], Callable[[], None]], None]) -> list[str]:
    """What is opened, in order; the last argument of ``act`` lets one more be opened."""
    opened: list[str] = []

    async def look() -> None:
        now = [0.0]
        door = Turns(lambda: now[0])

        def wait() -> None:
            now[0] += 1.0 / turns.RATE
            door._go_on()

        act(door, opened, wait)
        for timer in (door._timer,):
            if timer is not None:
                timer.cancel()

    asyncio.run(look())
    return opened


def test_a_class_that_comes_back_is_let_in_at_once_and_a_flood_takes_turns() -> None:
    def act(door: Turns, opened: list[str], wait: Callable[[], None]) -> None:
        for n in range(int(BURST) + 50):
            door.ask("flood", Asks(f"flood {n}", opened))
        assert len(opened) == BURST
        door.ask("class", Asks("class", opened))
        wait()
        wait()
        assert opened[-1] == "class"  # the second after one of the fifty, not the last of all
        for _ in range(60):
            wait()

    opened = played(act)
    assert opened[: int(BURST)] == [f"flood {n}" for n in range(int(BURST))]
    assert len(set(opened)) == len(opened) == BURST + 51


def test_who_has_gone_takes_no_place_and_a_line_is_bounded() -> None:
    def act(door: Turns, opened: list[str], wait: Callable[[], None]) -> None:
        for n in range(int(BURST)):
            door.ask("a", Asks(f"first {n}", opened))
        waiting = [Asks("gone", opened) for _ in range(MOST_WAITING)]
        assert all(door.ask("a", one) for one in waiting)
        assert not door.ask("a", Asks("one too many", opened))
        for one in waiting:
            one.gone = True
        assert door.ask("a", Asks("honest", opened))
        wait()

    assert played(act)[int(BURST) :] == ["honest"]
