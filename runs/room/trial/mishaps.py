"""Small mishaps of a class, one after another on a real room, each with its figures.

    python -m runs.room.trial.mishaps

clock    the wall clock jumps an hour forth and back while a turn is open: the deadline holds
device   a seat is opened on a second device: the first is told "moved" and may order no more
child    the process that plays weeks is killed in the middle of a turn: the same result
log      the log is cut off in its last command: it opens, says what was dropped, and goes on
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import websockets
from websockets.exceptions import ConnectionClosed

from runs.room.commands import Join, NewRoom
from runs.room.log import Store
from runs.room.service import Service
from runs.room.trial.client import (
    Bot,
    Door,
    Server,
    free_port,
    has_report,
    new_id,
    new_room,
    patient_room,
    tell,
)
from runs.room.trial.wire import Wire

HOUR_MS = 3_600_000
Found = dict[str, Any]


async def clock(folder: Path) -> Found:
    """What an open turn has left before and after each jump, in seconds."""
    moved = 0
    service = Service(
        Store(folder / "clock.db"), "host", lambda: time.time_ns() // 1_000_000 + moved
    )
    made = await service.create(NewRoom(users=300, turn_seconds=120))
    await service.join(made["code"], Join(id="a-long-id-of-a-page", name="Kim", seat="KOR"), "here")
    host, holder = await service.enter(made["facilitator_token"], made["code"])
    await service.say(host, holder, "control", "c1", {"action": "start"})
    left, told = [], []
    for jump in (0, HOUR_MS, -HOUR_MS, 0):
        moved = jump
        await asyncio.sleep(0.7)
        left.append(round((host.left_ms() or 0) / 1000, 1))
        told.append(round(((host.room.deadline or 0) - host.clock()) / 1000, 1))
    turn = host.room.turn
    await service.close()
    even = all(abs(a - b) < 2 for a, b in zip(left, told, strict=True))
    return {"left_s": left, "left_told_s": told, "turn": turn,
            "fine": turn == 1 and even and max(left) - min(left) < 10}  # fmt: skip


async def device(server: Server) -> Found:
    """What the first device hears, and the answers to orders of both."""
    made, control, seat = await patient_room(server.address)
    await control.act("start")
    address = f"{server.address.replace('http', 'ws')}/api/rooms/{made['code']}/live"
    async with websockets.connect(address, max_size=2**24) as first:
        await first.send(json.dumps({"token": seat.token, "device": "laptop"}))
        await first.recv()
        async with websockets.connect(address, max_size=2**24) as second:
            await second.send(json.dumps({"token": seat.token, "device": "phone"}))
            await second.recv()
            words = ""
            with suppress(ConnectionClosed):
                async for text in first:
                    words = str(text)
            status = [await _order(server, seat, name) for name in ("laptop", "phone")]
    return {"first_hears": words, "laptop": status[0], "phone": status[1],
            "fine": words == '{"moved":true}' and status == [409, 200]}  # fmt: skip


async def _order(server: Server, seat: Bot, device: str) -> int:
    import httpx

    async with httpx.AsyncClient(trust_env=False) as http:
        body = {"id": new_id(), "turn": 1, "lever": "stance", "value": 0.2}
        headers = {"authorization": f"Bearer {seat.token}", "entrepot-device": device}
        where = f"{server.address}/api/rooms/{seat.code}/orders"
        return (await http.put(where, json=body, headers=headers)).status_code


async def child(server: Server, turns: int = 2) -> Found:
    """Digests of a game left alone and of one whose child is killed in every resolution."""
    calm, alone = await _game(server, turns, kill=False)
    hurt, deaths = await _game(server, turns, kill=True)
    return {"turns": turns, "deaths": deaths, "deaths_alone": alone, "same": calm == hurt,
            "fine": calm == hurt and len(calm) == turns and deaths > 0 and not alone}  # fmt: skip


async def _game(server: Server, turns: int, kill: bool) -> tuple[list[str], int]:
    made = await new_room(server.address, seed=11, users=2000, turns=turns, turn_seconds=None)
    bot = Bot(server.address, made["code"], "Kim")
    control = Door(server.address, made["code"], made["facilitator_token"])
    await bot.join("KOR")
    bot.go_live()
    await bot.until(has_report)
    await control.act("start")
    for turn in range(1, turns + 1):
        await bot.until(lambda s, t=turn: s["turn"] == t and s["phase"] != "resolve")
        await bot.order(turn, "stance", 0.1 * turn)
        await bot.call("POST", "/submit", {"id": new_id(), "turn": turn})
        if kill:
            await bot.until(lambda s, t=turn: s["phase"] == "resolve" or s["turn"] > t)
            _, view = await control.call("GET", "/view")
            os.kill(view["health"]["child_pid"], signal.SIGKILL)
    await bot.until(lambda s: s["phase"] == "ended")
    _, review = await control.call("GET", "/review")
    _, view = await control.call("GET", "/view")
    await bot.leave()
    return [str(t["digest"]) for t in review["turns_played"]], view["health"]["child_deaths"]


async def log(folder: Path) -> Found:
    """A log whose file loses its last bytes, as after a power cut; what the next start says."""
    server = Server(folder / "cut.db", free_port())
    server.start()
    made, control, seat = await patient_room(server.address)
    await control.act("start")
    for n in range(5):
        await seat.order(1, "stance", n / 10)
    server.kill()
    for path in (server.store, Path(f"{server.store}-wal")):
        if path.is_file() and path.stat().st_size > 2000 and path.name.endswith("-wal"):
            os.truncate(path, path.stat().st_size - 1000)
    server.start()
    try:
        _, view = await control.call("GET", "/view")
        status = await seat.order(1, "stance", 0.9)
        wire = Wire(server.address)
        found = await wire.ask("GET", f"/api/rooms/{made['code']}/view", seat.token)
        wire.close()
    finally:
        server.stop()
    value = found.json()["orders"][0]["value"]
    return {"said": view["health"]["dropped"], "key": view["health"]["dropped_say"]["key"],
            "order_after": status, "value_after": value,
            "fine": bool(view["health"]["dropped"]) and status == 200 and value == 0.9}  # fmt: skip


async def _all(folder: Path, wanted: list[str]) -> dict[str, Found]:
    with Server(folder / "rooms.db") as server:
        trials: dict[str, Callable[[], Awaitable[Found]]] = {
            "clock": lambda: clock(folder), "device": lambda: device(server),
            "child": lambda: child(server), "log": lambda: log(folder),
        }  # fmt: skip
        return {name: await trial() for name, trial in trials.items() if name in wanted}


def main() -> None:
    names = ["clock", "device", "child", "log"]
    parser = argparse.ArgumentParser(description="Small mishaps of a class, one after another.")
    parser.add_argument("--only", choices=names, action="append", help="one of them, or more")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(_all(Path(folder), args.only or names))
    tell(found, all(one["fine"] for one in found.values()))


if __name__ == "__main__":
    main()
