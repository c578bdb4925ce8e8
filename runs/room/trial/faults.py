"""Kills of the server at random moments while a class gives orders and turns are played.

    python -m runs.room.trial.faults --kills 20

After every kill the server is started on the same log. At the end: every order that was
acknowledged stands in the log once, the state is the fold of the log, and each page was live again
within `MOST_BACK_S`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from pathlib import Path
from typing import Any

from runs.room.commands import Command
from runs.room.fold import fold
from runs.room.log import Store
from runs.room.setup import plan_of
from runs.room.table import Table
from runs.room.trial.client import (
    Bot,
    Door,
    Server,
    has_report,
    new_room,
    running,
    share,
    sit_down,
    tell,
)

MOST_BACK_S = 20.0  # from a kill of the server until every page is live again


async def kill_again_and_again(
    server: Server, people: int, kills: int, seed: int = 1, users: int = 2000
) -> dict[str, Any]:
    """Figures of the trial; ``lost`` and ``doubled`` are ids of orders."""
    luck = random.Random(seed)
    stop = asyncio.Event()
    made = await new_room(server.address, seed=seed, users=users, turns=12, turn_seconds=60)
    control = Door(server.address, made["code"], made["facilitator_token"])
    bots = await sit_down(server.address, made["code"], people, has_report)
    await control.act("start")
    writing = [asyncio.create_task(_write(bot, stop, random.Random(seed * 1000 + n)))
               for n, bot in enumerate(bots)]  # fmt: skip
    back: list[float] = []
    resolving = 0
    for number in range(kills):  # in turn during the entry of orders and while a turn is played
        await asyncio.sleep(luck.uniform(0.3, 4.0))
        if number % 2:
            resolving += await _resolves(control, luck)
        back.append(await _kill(server, bots))
    stop.set()
    await asyncio.gather(*writing)
    _, view = await control.call("GET", "/view")
    for bot in bots:
        await bot.leave()
    server.stop()
    return {
        "people": people, "kills": kills, "while_resolving": resolving, "turn": view["turn"],
        "orders": sum(len(bot.acknowledged) for bot in bots),
        "back_p50_s": round(share(back, 0.5), 2), "back_max_s": round(max(back), 2),
        **audit(server.store, made["code"], bots, view["version"]),
    }  # fmt: skip


async def _write(bot: Bot, stop: asyncio.Event, luck: random.Random) -> None:
    """Orders as fast as a hasty person gives them, each with an id that stays when it is resent."""
    while not stop.is_set():
        turn, wish = bot.seen.get("turn", 1), bot.some_order(luck)
        if wish is not None:
            try:
                await bot.order(turn, *wish)
            except TimeoutError:
                continue
        await asyncio.sleep(luck.uniform(0.05, 0.4))


async def _resolves(control: Door, luck: random.Random) -> bool:
    """Control closes the turn; a moment later, whether it is being played."""
    await control.act("close_turn")
    await asyncio.sleep(luck.uniform(0.0, 0.3))
    status, view = await control.call("GET", "/view")
    return status == 200 and view["phase"] == "resolve"


async def _kill(server: Server, bots: list[Bot]) -> float:
    """Seconds from the kill until every page is live again."""
    began = time.monotonic()
    before = [len(bot.back_after) for bot in bots]
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if all(len(bot.back_after) > n for bot, n in zip(bots, before, strict=True)):
            break
        await asyncio.sleep(0.05)
    return time.monotonic() - began


def audit(path: Path, code: str, bots: list[Bot], version: int) -> dict[str, Any]:
    """What the log holds against what was acknowledged; the world is played again from it."""
    store = Store(path, read_only=True)
    rows = list(store.read(code))
    store.close()
    commands = [Command.of(row.body) for row in rows]
    ids = [command.id for command in commands if command.kind == "order"]
    told = [ident for bot in bots for ident in bot.acknowledged]
    setup = commands[0].data["setup"]
    plan = plan_of(setup)
    room = fold(commands, plan)
    results = Table(setup).play(room.played)
    wrong = [t for t, d in room.digests.items() if t and results[t]["digest"] != d]
    return {
        "lost": sorted(set(told) - set(ids)),
        "doubled": sorted({i for i in ids if ids.count(i) > 1}),
        "state_is_fold": room.version >= version and room.version == len(commands),
        "turns_played": len(room.played), "turns_that_differ": wrong,
        "dropped": store.dropped.text if store.dropped else None,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Kills the server again and again.")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with running() as server:
        found = asyncio.run(kill_again_and_again(server, args.people, args.kills, args.seed))
    fine = not (found["lost"] or found["doubled"] or found["turns_that_differ"])
    tell(found, fine and found["state_is_fold"] and found["back_max_s"] < MOST_BACK_S)


if __name__ == "__main__":
    main()
