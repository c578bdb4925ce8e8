"""Websockets are opened at once while they are few, then at a pace and by turns of addresses."""

from __future__ import annotations

import asyncio
from functools import partial

from runs.room.server import turns
from runs.room.server.turns import BURST, Turns


def test_a_class_that_comes_back_is_let_in_at_once_and_a_flood_takes_turns() -> None:
    async def look() -> None:
        now = 0.0
        opened: list[str] = []
        door = Turns(lambda: now)
        for n in range(int(BURST) + 50):
            door.ask("flood", partial(opened.append, f"flood {n}"))
        assert len(opened) == BURST
        door.ask("class", partial(opened.append, "class"))
        for _ in range(2):
            now += 1.0 / turns.RATE
            door._go_on()
        assert opened[-1] == "class"  # the second after one of the fifty, not the last of all
        while len(opened) < BURST + 51:
            now += 1.0 / turns.RATE
            door._go_on()
        assert opened[: int(BURST)] == [f"flood {n}" for n in range(int(BURST))]
        assert len(set(opened)) == len(opened)

    asyncio.run(look())
