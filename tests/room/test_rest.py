"""Rooms where nobody is: they let go of their process and open again as they were."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from host_play import Party, play
from test_lines import listening

from runs.room.commands import Command, Refused
from runs.room.tokens import SEAT, Pass
from runs.room.waits import Full, Waits

pytestmark = pytest.mark.usefixtures("stand_in")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runs.room.service.REST_SECONDS", 0.3)
    monkeypatch.setattr("runs.room.service.SWEEP_SECONDS", 0.02)


def test_a_finished_room_lets_go_when_the_last_has_left_and_opens_again_as_it_was(
    tmp_path: Path,
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await party.order(0.25)
        await party.control("close_turn")
        await party.until(lambda: party.host.room.turn == 2 and 1 in party.host.stage.causes)
        await party.control("end")
        first, line = party.host, await listening(party, Pass(SEAT, party.code, "p1"))
        await asyncio.sleep(1)
        assert party.service.hosts == {party.code: first}  # somebody looks at it
        state = first.room.digest()
        first.disconnect(first.lines.all[0])
        await party.until(lambda: not party.service.hosts)
        await party.until(lambda: all(task.done() for task in first._tasks))
        with pytest.raises(Refused, match="try again"):
            await first.give(Command("late", "submit", "p1", party.clock(), 1, {}))
        again = await party.service.host(party.code)
        assert again is not first
        assert again.room.digest() == state
        assert line.sent

    play(tmp_path, act, turn_seconds=None)


def test_a_turn_whose_clock_runs_is_played_to_its_end_though_nobody_is_there(
    tmp_path: Path,
) -> None:
    async def act(party: Party) -> None:
        await party.control("start")
        await asyncio.sleep(0.8)
        assert party.service.hosts == {party.code: party.host}
        await party.control("pause")
        await party.until(lambda: not party.service.hosts)
        await party.control("resume")  # opens it again
        assert party.service.hosts[party.code].left_ms() is not None

    play(tmp_path, act, turn_seconds=600)


def test_a_facilitator_does_not_wait_behind_what_seats_send() -> None:
    async def act() -> None:
        waits: Waits[str] = Waits(500)
        for n in range(500):
            waits.put(f"seat {n}", False)
        with pytest.raises(Full):
            waits.put("one too many", False)
        waits.put("close", True)
        batch = await waits.batch(100)
        assert batch == [*(f"seat {n}" for n in range(100)), "close"]
        assert (await waits.batch(100))[0] == "seat 100"
        assert waits.rest()[-1] == "seat 499"

    asyncio.run(act())


def test_what_comes_together_is_taken_in_the_order_in_which_it_came() -> None:
    async def act() -> None:
        waits: Waits[str] = Waits(10)
        for text, first in (("undo", True), ("order", False), ("close", True)):
            waits.put(text, first)
        assert await waits.batch(10) == ["undo", "order", "close"]

    asyncio.run(act())
