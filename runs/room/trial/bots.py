"""A class of bots plays a whole game through the real server and the door that people use.

python -m runs.room.trial.bots --people 30 --turns 8
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

from runs.room.trial.client import Bot, Door, new_id, new_room, running, share, sit_down, tell


async def play_class(
    address: str, people: int, turns: int, users: int = 2000, seed: int = 7,
    each_turn: Callable[[], None] = lambda: None,
) -> dict[str, Any]:  # fmt: skip
    """Plays ``turns`` turns; figures on time, and what the room and everybody saw at the end.

    ``each_turn`` is called as each turn is open for the first of the bots.
    """
    made = await new_room(
        address, scenario="japan-2026", seed=seed, turns=turns, users=users,
        turn_seconds=300,
    )  # fmt: skip
    code = made["code"]
    control = Door(address, code, made["facilitator_token"])
    began = time.monotonic()
    bots = await sit_down(address, code, people, lambda seen: seen["levers"])
    joined = time.monotonic() - began
    await control.act("start")
    plays = [_play(bot, turns, random.Random(n)) for n, bot in enumerate(bots[1:], 1)]
    await asyncio.gather(_play(bots[0], turns, random.Random(0), each_turn), *plays)
    took = time.monotonic() - began
    status, review = await control.call("GET", "/review")
    for bot in bots:
        await bot.leave()
    waits = [wait for bot in bots for wait in bot.waits]
    return {
        "people": people, "turns": turns, "users": users, "seconds": round(took, 1),
        "join_seconds": round(joined, 2), "orders": sum(len(b.acknowledged) for b in bots),
        "ack_p50_ms": round(1000 * share(waits, 0.5)),
        "ack_p95_ms": round(1000 * share(waits, 0.95)),
        "played": len(review["turns_played"]) if status == 200 else 0,
        "seats": len({bot.seat for bot in bots}), "code": code, "made": made,
        "review": review, "bots": bots,
    }  # fmt: skip


async def _play(
    bot: Bot, turns: int, luck: random.Random, each_turn: Callable[[], None] = lambda: None
) -> None:
    for turn in range(1, turns + 1):
        seen = await bot.until(
            lambda s, t=turn: s["phase"] == "ended" or (s["turn"] == t and s["phase"] != "resolve")
        )
        if seen["phase"] == "ended":
            return
        each_turn()
        for _ in range(2):
            wish = bot.some_order(luck)
            if wish:
                await bot.order(turn, *wish, why=f"{bot.name} tries")
        if luck.random() < 0.3:
            text = {"id": new_id(), "to": "all", "text": f"{bot.name} in turn {turn}"}
            await bot.call("POST", "/messages", text)
        body = {"id": new_id(), "turn": turn, "question": "price_up", "p": round(luck.random(), 2)}
        await bot.call("POST", "/forecasts", body)
        await bot.call("POST", "/submit", {"id": new_id(), "turn": turn})
    await bot.until(lambda s: s["phase"] == "ended")


def main() -> None:
    parser = argparse.ArgumentParser(description="A class of bots plays through the real server.")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--users", type=int, default=2000)
    args = parser.parse_args()
    with running() as server:
        found = asyncio.run(play_class(server.address, args.people, args.turns, args.users))
    for name in ("made", "review", "bots"):
        del found[name]
    tell(found)


if __name__ == "__main__":
    main()
