"""A hundred people at once: how long until an order is acknowledged and until others see a change.

python -m runs.room.trial.load --people 100 --seconds 20
python -m runs.room.trial.load --people 30 --seconds 15 --flood 8 --compare   # with and without it
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from typing import Any

from runs.room.trial.client import (
    Bot,
    Door,
    has_report,
    new_id,
    new_room,
    running,
    share,
    sit_down,
    tell,
)
from runs.room.trial.wire import Wire

MOST_SLOWER = 2.0  # times that the others may wait beside a flood
MOST_ACK_MS, MOST_UPDATE_MS = 150, 300  # of 95 in 100, with a hundred people and a quiet machine


async def load(address: str, people: int, seconds: float, flood: int = 0) -> dict[str, Any]:
    """Everybody orders every two seconds; one in a while writes to all, and all wait to see it, a
    wall among them."""
    made = await new_room(address, seed=3, turn_seconds=3600, auto_close=False)
    control = Door(address, made["code"], made["facilitator_token"])
    began = time.monotonic()
    bots = await sit_down(address, made["code"], people, has_report)
    joined = time.monotonic() - began
    wall = Bot(address, made["code"], "wall")
    wall.token = made["projector_token"]
    wall.go_live()
    await control.act("start")
    for bot in bots:
        await bot.until(lambda s: s["turn"] == 1)
        bot.waits.clear()
    until = time.monotonic() + seconds
    floods = [asyncio.create_task(_flood(bots[0], until)) for _ in range(flood)]
    writers = [asyncio.create_task(_write(b, until, n)) for n, b in enumerate(bots[1:])]
    seen, walls = await _watch(control, bots[1:], wall, until)
    await asyncio.gather(*writers, *floods)
    for bot in (wall, *bots):
        await bot.leave()
    waits = [wait for bot in bots[1:] for wait in bot.waits]
    return {
        "people": people, "flood": flood, "join_s": round(joined, 2), "orders": len(waits),
        "ack_p50_ms": round(1000 * share(waits, 0.5)),
        "ack_p95_ms": round(1000 * share(waits, 0.95)), "updates": len(seen),
        "update_p50_ms": round(1000 * share(seen, 0.5)),
        "update_p95_ms": round(1000 * share(seen, 0.95)),
        "wall_p95_ms": round(1000 * share(walls, 0.95)),
    }  # fmt: skip


async def _write(bot: Bot, until: float, n: int) -> None:
    luck = random.Random(n)
    await asyncio.sleep(2 * luck.random())
    while time.monotonic() < until:
        wish = bot.some_order(luck)
        if wish:
            await bot.order(1, *wish)
        await asyncio.sleep(luck.uniform(1.5, 2.5))


async def _watch(
    control: Door, bots: list[Bot], wall: Bot, until: float
) -> tuple[list[float], list[float]]:
    """Seconds from a message to all until each page shows it, and until the wall does."""
    found, walls = list[float](), list[float]()
    n = 0
    while time.monotonic() < until:
        n += 1
        text = f"notice {n}."
        began = time.monotonic()
        await control.act("message", to="all", text=text)

        async def shown(bot: Bot, text: str = text, began: float = began) -> float:
            await bot.until_said(text)
            return time.monotonic() - began

        *pages, on_wall = await asyncio.gather(*(shown(bot) for bot in (*bots, wall)))
        found += pages
        walls.append(on_wall)
        await asyncio.sleep(1.0)
    return found, walls


async def _flood(bot: Bot, until: float) -> None:
    """One client that sends as fast as it can."""
    wire, where = Wire(bot.address), f"/api/rooms/{bot.code}/orders"
    while time.monotonic() < until:
        body = {"id": new_id(), "turn": 1, "lever": "stance", "value": 0.1, "why": "x" * 400}
        await wire.ask("PUT", where, bot.token, body)
    wire.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures acknowledgement and update times.")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--flood", type=int, default=0, help="connections of a flooding client")
    parser.add_argument("--compare", action="store_true", help="fail if a flood doubles the times")
    args = parser.parse_args()
    floods = [0, args.flood] if args.compare else [args.flood]
    with running() as server:
        rows = [
            asyncio.run(load(server.address, args.people, args.seconds, flood)) for flood in floods
        ]
    if not args.compare:
        acks, updates = rows[0]["ack_p95_ms"], max(rows[0]["update_p95_ms"], rows[0]["wall_p95_ms"])
        tell(rows[0], acks <= MOST_ACK_MS and updates <= MOST_UPDATE_MS)
    times = slower(*rows)
    tell({"calm": rows[0], "flooded": rows[-1], **times}, max(times.values()) <= MOST_SLOWER)


def slower(calm: dict[str, Any], flooded: dict[str, Any]) -> dict[str, float]:
    """How many times longer the others wait beside a flood, at the median and at 95 %."""
    names = ("ack_p50_ms", "ack_p95_ms", "update_p50_ms", "update_p95_ms")
    return {f"times_{n[:-3]}": round(flooded[n] / max(1, calm[n]), 2) for n in names}


if __name__ == "__main__":
    main()
