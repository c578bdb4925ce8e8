"""Kills of the server at random moments while a class plays.

    python -m runs.room.trial.faults --kills 200

Thirty people give orders, submit, offer and sign deals and write messages; control closes turns,
takes them back, pauses and speaks. After every kill the server is started on the same log. At the
end: all that was acknowledged stands in the log once, what every seat sees is the fold of the log,
turns that are played again are the same, and each page was live again within `MOST_BACK_S`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from runs.room.commands import Command
from runs.room.fold import fold
from runs.room.log import Store
from runs.room.setup import plan_of
from runs.room.state import Room
from runs.room.table import Table
from runs.room.trial.client import (
    Bot,
    Door,
    Server,
    has_report,
    new_id,
    new_room,
    running,
    share,
    sit_down,
    tell,
)

Told = dict[str, str]  # what was done, by the id of a command that was acknowledged

OFTEN = 0.65  # share of orders among all that people do
LATE = 9  # a turn from which control goes back, so that the game outlasts the kills
ACTIONS: list[list[dict[str, Any]]] = [
    [{"action": "message", "to": "all", "text": "Think of the hubs."}],
    [{"action": "extend", "seconds": 30}],
    [{"action": "pause"}, {"action": "resume"}],
    [{"action": "to_ai", "seat": "KOR"}, {"action": "to_person", "seat": "KOR"}],
]

MOST_BACK_S = 20.0  # from a kill of the server until every page is live again


async def kill_again_and_again(
    server: Server, people: int, kills: int, seed: int = 1, users: int = 2000
) -> dict[str, Any]:
    """Figures of the trial; ``lost`` and ``doubled`` are ids of commands."""
    luck = random.Random(seed)
    stop = asyncio.Event()
    made = await new_room(server.address, seed=seed, users=users, turns=12, turn_seconds=60)
    control = Door(server.address, made["code"], made["facilitator_token"])
    bots = await sit_down(server.address, made["code"], people, has_report)
    await control.act("start")
    told: Told = {}
    writing = [asyncio.create_task(_write(bot, stop, random.Random(seed * 1000 + n), told))
               for n, bot in enumerate(bots)]  # fmt: skip
    back: list[float] = []
    resolving = 0
    for number in range(kills):  # in turn during the entry of orders and while a turn is played
        await asyncio.sleep(luck.uniform(0.3, 4.0))
        await _control(control, luck, told)
        if number % 2:
            resolving += await _resolves(control, luck, told)
        back.append(await _kill(server, bots))
    stop.set()
    await asyncio.gather(*writing)
    views = [(await bot.call("GET", "/view"))[1] for bot in bots]
    for bot in bots:
        await bot.leave()
    server.stop()
    kinds = Counter(told.values())
    return {
        "people": people, "kills": kills, "while_resolving": resolving, "turn": views[0]["turn"],
        "acknowledged": len(told), **{kind: kinds[kind] for kind in sorted(kinds)},
        "back_p50_s": round(share(back, 0.5), 2), "back_max_s": round(max(back), 2),
        **audit(server.store, made["code"], told, views),
    }  # fmt: skip


async def _write(bot: Bot, stop: asyncio.Event, luck: random.Random, told: Told) -> None:
    """As fast as a hasty person acts, each time with an id that stays when it is sent again."""
    while not stop.is_set():
        with suppress(TimeoutError):
            await _deed(bot, luck, told)
        await asyncio.sleep(luck.uniform(0.05, 0.4))


async def _deed(bot: Bot, luck: random.Random, told: Told) -> None:
    """Mostly an order; now and then another thing that a person does."""
    turn, chance = bot.seen.get("turn", 1), luck.random()
    if chance < OFTEN:
        if (wish := bot.some_order(luck)) is not None:
            body = {"turn": turn, "lever": wish[0], "value": wish[1], "why": ""}
            await _say(bot, "PUT", "/orders", body, told)
    elif chance < OFTEN + 0.1:
        await _say(bot, "POST", "/messages", {"to": "all", "text": f"{chance}"}, told)
    elif chance < OFTEN + 0.2:
        others = [one["seat"] for one in bot.seen.get("seats", ()) if one["seat"] != bot.seat]
        gives = [{"kind": "money", "usd_m_per_turn": 1}]
        await _say(bot, "POST", "/deals", {"to": luck.choice(others), "gives": gives}, told)
    elif chance < OFTEN + 0.25:
        offered = [d["n"] for d in bot.seen.get("deals", ()) if d["status"] == "offered"]
        if offered:
            await _say(bot, "POST", f"/deals/{luck.choice(offered)}/sign", {}, told)
    else:
        await _say(bot, "POST", "/submit", {"turn": turn}, told)
        await asyncio.sleep(luck.uniform(0.0, 1.0))
        await _say(bot, "POST", "/reopen", {"turn": turn}, told)


async def _say(door: Door, method: str, path: str, body: dict[str, Any], told: Told) -> None:
    """Sends a command until it is answered; notes it where the room has taken it."""
    ident = new_id()
    status, _ = await door.call(method, path, {"id": ident, **body})
    if status == 200:
        told[ident] = body.get("action") or path.rpartition("/")[2]


async def _control(control: Door, luck: random.Random, told: Told) -> None:
    """Something that a facilitator does; a game that comes to its end is taken back."""
    _, view = await control.call("GET", "/view")
    if view["phase"] == "ended" or view["turn"] > LATE:
        for _ in range(3):
            await _say(control, "POST", "/control", {"action": "undo_turn", "why": "trial"}, told)
    for body in luck.choice(ACTIONS):
        await _say(control, "POST", "/control", body, told)


async def _resolves(control: Door, luck: random.Random, told: Told) -> bool:
    """Control closes the turn; a moment later, whether it is being played."""
    await _say(control, "POST", "/control", {"action": "close_turn"}, told)
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


def audit(path: Path, code: str, told: Told, views: list[dict[str, Any]]) -> dict[str, Any]:
    """What the log holds against what was acknowledged and what seats see; the world is played
    again from it."""
    store = Store(path, read_only=True)
    rows = list(store.read(code))
    store.close()
    commands = [Command.of(row.body) for row in rows]
    found = Counter(command.key for command in commands)
    ids = {command.id for command in commands}
    setup = commands[0].data["setup"]
    plan = plan_of(setup)
    room = fold(commands, plan)
    results = Table(setup).play(room.played)
    wrong = [t for t, d in room.digests.items() if t and results[t]["digest"] != d]
    return {
        "commands": len(commands), "lost": sorted(set(told) - ids),
        "doubled": sorted(key for key, times in found.items() if times > 1),
        "state_is_fold": room.version == len(commands)
        and all(_seen_in(fold(commands[: v["version"]], plan), v) for v in views),
        "turns_played": len(room.played), "turns_that_differ": wrong,
        "dropped": store.dropped.text if store.dropped else None,
    }  # fmt: skip


def _seen_in(room: Room, view: dict[str, Any]) -> bool:
    """Whether a seat's view says of its orders and deals, and of the turn, what the room holds."""
    seat = view["seat"]
    orders = {one["lever"]: one["value"] for one in view["orders"]}
    deals = {deal.n: deal.status for deal in room.deals.values() if seat in deal.parties}
    return (
        (view["turn"], view["submitted"]) == (room.turn, room.chairs[seat].submitted)
        and orders == {full: one.value for full, one in room.chairs[seat].orders.items()}
        and {one["n"]: one["status"] for one in view["deals"]} == deals
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Kills the server again and again.")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with running() as server:
        found = asyncio.run(kill_again_and_again(server, args.people, args.kills, args.seed))
    fine = not any(found[name] for name in ("lost", "doubled", "turns_that_differ", "dropped"))
    tell(found, fine and found["state_is_fold"] and found["back_max_s"] < MOST_BACK_S)


if __name__ == "__main__":
    main()
