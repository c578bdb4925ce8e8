"""A whole class drags its levers at once: how long until each has the ghost of where it stopped.

    python -m runs.room.trial.drag --people 30 --seconds 60

First one person drags alone, then all do, as pages do: a lever is moved in some steps, each step
gives up the question of the step before, and the hand rests where the last question is answered.
Nothing may be stale: an answer is of the turn, the lever and the value that were asked, and the
same question in quiet afterwards brings the same bytes. Who waits sees "…" meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from runs.room.trial.client import (
    Bot,
    Door,
    has_report,
    new_room,
    running,
    share,
    sit_down,
    tell,
)
from runs.room.trial.wire import Wire

STEPS = 4  # of one drag
STEP_S = 0.3  # from one to the next; a page asks after the hand has been still for 0.12
READS_S = (3.0, 6.0)  # between two drags of a person
AGAIN_S = 1.0  # after which a page asks again what the room had no place for
PATIENCE_S = 60.0


@dataclass
class Hand:
    """One person's hand on the levers, and what came of it."""

    bot: Bot
    luck: random.Random
    waits: list[float] = field(default_factory=list)  # seconds from the last step to its answer
    stale: list[str] = field(default_factory=list)
    later: int = 0  # answers that said: not now
    refused: int = 0
    last: tuple[str, float, dict[str, Any]] | None = None

    async def ask(self, lever: str, value: float) -> dict[str, Any] | None:
        """One question on a line of its own, since a page that gives up closes it."""
        wire = Wire(self.bot.address)
        where = f"/api/rooms/{self.bot.code}/ghost?lever={quote(lever)}&value={value}"
        try:
            found = await wire.ask("GET", where, self.bot.token)
        except (OSError, EOFError, TimeoutError):
            return None
        finally:
            wire.close()
        if found.status != 200:
            self.refused += found.status not in (429, 503)
            return None
        answer: dict[str, Any] = found.json()
        return answer

    async def drag(self) -> None:
        """Moves a lever by some steps and waits for the ghost of the last."""
        wish = self.bot.some_order(self.luck)
        if wish is None:
            return
        lever, value = wish
        for _ in range(STEPS - 1):
            asked = asyncio.create_task(self.ask(lever, value))
            await asyncio.wait([asked], timeout=STEP_S)
            asked.cancel()
            with suppress(asyncio.CancelledError):
                await asked
            value = self.step(lever)
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE_S:
            answer = await self.ask(lever, value)
            if answer is not None and not answer.get("later"):
                self.waits.append(time.monotonic() - began)
                self.look(lever, value, answer)
                return
            self.later += 1
            if self.refused:
                return
            await asyncio.sleep(AGAIN_S)
        self.stale.append(f"{lever} {value}: no answer in {PATIENCE_S:g} s")

    def step(self, lever: str) -> float:
        """Another value of a lever."""
        while True:
            wish = self.bot.some_order(self.luck)
            if wish is not None and wish[0] == lever:
                return wish[1]

    def look(self, lever: str, value: float, answer: dict[str, Any]) -> None:
        """Whether an answer is that of the question."""
        asked = (self.bot.seen["turn"], lever, value)
        told = (answer["turn"], answer["lever"], answer["value"])
        if told != asked:
            self.stale.append(f"asked {asked}, told {told}")
        self.last = lever, value, answer

    async def until(self, end: float) -> None:
        await asyncio.sleep(self.luck.uniform(0.0, READS_S[0]))
        while time.monotonic() < end:
            await self.drag()
            await asyncio.sleep(self.luck.uniform(*READS_S))

    async def again(self) -> None:
        """The last question once more, when nobody else asks: the same bytes."""
        if self.last is None:
            return
        lever, value, before = self.last
        for _ in range(int(PATIENCE_S / AGAIN_S)):
            answer = await self.ask(lever, value)
            if answer is not None and not answer.get("later"):
                if answer != before:
                    self.stale.append(f"{lever} {value}: another answer in quiet")
                return
            await asyncio.sleep(AGAIN_S)


async def dragging(address: str, people: int, seconds: float) -> dict[str, Any]:
    """One hand alone, then all, on the second turn of a game."""
    made = await new_room(address, seed=3, turn_seconds=3600, auto_close=False)
    control = Door(address, made["code"], made["facilitator_token"])
    bots = await sit_down(address, made["code"], people, has_report)
    await control.act("start")
    await asyncio.gather(*(bot.until(lambda s: s["turn"] == 1) for bot in bots))
    await control.act("close_turn")
    await asyncio.gather(*(bot.until(lambda s: s["turn"] == 2, 120.0) for bot in bots))
    hands = [Hand(bot, random.Random(n)) for n, bot in enumerate(bots)]
    hands = [hand for hand in hands if hand.bot.seat]
    await hands[0].drag()  # the seat's quarter is played once, before it can be asked about
    hands[0].waits.clear()
    await hands[0].until(time.monotonic() + seconds / 2)
    alone = figures(hands[:1])
    hands[0].waits.clear()
    end = time.monotonic() + seconds
    await asyncio.gather(*(hand.until(end) for hand in hands))
    together = figures(hands)
    for hand in hands:
        await hand.again()
    for bot in bots:
        await bot.leave()
    stale = [f"{hand.bot.seat}: {one}" for hand in hands for one in hand.stale]
    refused = sum(hand.refused for hand in hands)
    return {"people": people, "alone": alone, "together": together, "refused": refused,
            "later": sum(hand.later for hand in hands), "stale": stale}  # fmt: skip


def figures(hands: list[Hand]) -> dict[str, Any]:
    """How many ghosts came, and after how many milliseconds."""
    waits = [wait for hand in hands for wait in hand.waits]
    return {"ghosts": len(waits), "p50_ms": round(1000 * share(waits, 0.5)),
            "p95_ms": round(1000 * share(waits, 0.95))}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures ghosts while a class drags its levers.")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    args = parser.parse_args()
    with running() as server:
        found = asyncio.run(dragging(server.address, args.people, args.seconds))
    tell(found, not found["stale"] and not found["refused"])


if __name__ == "__main__":
    main()
