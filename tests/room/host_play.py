"""A host in one process, with a stand-in for the model and a clock that can be moved."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from runs.room.child import Child
from runs.room.commands import Join, NewRoom
from runs.room.log import Store
from runs.room.service import Service
from runs.room.table import Table

OPENING: dict[str, Any] = {}


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results of the right shape without a model: the opening again and again."""
    if not OPENING:
        from room_play import SETUP

        OPENING.update(json.loads(json.dumps(Table({**SETUP, "users": 300}).results[0])))

    async def ask(self: Child, do: str, **asked: Any) -> Any:
        await asyncio.sleep(0)
        turns = asked["turns"]
        if do == "play":
            results = [{**OPENING, "turn": n, "digest": f"d{n}"} for n in range(len(turns) + 1)]
            return results[asked.get("since", 0) :]
        seats = {seat: {"change": {}, "loss_usd": 0, "causes": []} for seat in OPENING["seats"]}
        return {"turn": asked["turn"], "seats": seats}

    monkeypatch.setattr(Child, "ask", ask)


class Clock:
    """A wall clock that can be moved."""

    def __init__(self) -> None:
        self.moved = 0

    def __call__(self) -> int:
        import time

        return time.time_ns() // 1_000_000 + self.moved


class Party:
    """A service with one room, a facilitator and one person in Korea's seat."""

    def __init__(self, path: Path, **fields: Any) -> None:
        self.path, self.clock, self.fields, self.n = path, Clock(), fields, 0
        self.sending: list[asyncio.Task[None]] = []  # to sockets of a test

    async def begin(self) -> None:
        self.service = Service(Store(self.path), "host", self.clock)
        made = await self.service.create(NewRoom(users=300, **self.fields))
        self.code, self.control_token = made["code"], made["facilitator_token"]
        body = Join(id="a-long-id-of-a-page", name="Kim", seat="KOR")
        self.token = (await self.service.join(self.code, body, "here"))["token"]
        self.host = await self.service.host(self.code)

    async def again(self) -> None:
        """The server stops without a word and is started again on the same log."""
        for task in self.host._tasks:
            task.cancel()
        self.service.store.close()
        self.service = Service(Store(self.path), "host", self.clock)
        self.host = await self.service.host(self.code)

    async def say(self, token: str, kind: str, turn: int = 0, /, **data: Any) -> dict[str, Any]:
        self.n += 1
        host, holder = await self.service.enter(token, self.code)
        return await self.service.say(host, holder, kind, f"c{self.n}", data, turn)

    async def control(self, action: str, **data: Any) -> dict[str, Any]:
        return await self.say(self.control_token, "control", action=action, **data)

    async def order(self, value: float) -> dict[str, Any]:
        turn = self.host.room.turn
        return await self.say(self.token, "order", turn, lever="stance", value=value, why="")

    async def until(self, wanted: Callable[[], bool], patience: float = 30.0) -> None:
        for _ in range(int(patience / 0.02)):
            self.host.stage.teller.look()  # somebody is there
            if wanted():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("waited in vain")


def play(tmp_path: Path, act: Callable[[Party], Awaitable[None]], **fields: Any) -> None:
    async def run() -> None:
        party = Party(tmp_path / "rooms.db", **fields)
        await party.begin()
        try:
            await act(party)
        finally:
            for task in party.sending:
                task.cancel()
            await party.service.close()

    asyncio.run(run())


async def never(do: str, **asked: Any) -> Any:
    """A child that does not answer."""
    await asyncio.Event().wait()
