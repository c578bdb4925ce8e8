"""Plays the facilitator's guide step by step through the real server and the door people use.

    python -m runs.room.trial.rehearse --people 30

The steps are those that the guide prints (`runs/printing/data/class.toml`): screens that must open,
what stands on the wall, what the facilitator does, what people at the seats do. Time is compressed.
Each press of → must change the wall, and what it opens is compared with what the class has done.
A step that the room cannot do, or that the rehearsal does not know, raises Missing with the step's
name.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import random
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from runs.printing.plan import VOTE, ClassPlan, Step, class_plan
from runs.printing.speech import Speech
from runs.room.state import QUARTER
from runs.room.trial.client import Bot, Door, new_id, new_room, running, tell
from runs.room.trial.hall import Hall
from runs.room.trial.wire import Answer

VOTED = "flood_refinery"  # what this class draws where the guide says "by vote"
TRIES = 20
PATIENCE_S = 90.0  # until a turn is played, or the wall has followed
MOST_PAGES = 60  # of a wall between two parts of the reveal


class Missing(RuntimeError):
    """A step of the guide that cannot be done."""


class Rehearsal:
    """One class from the first minute to the last; `done` is what was done, in order."""

    def __init__(
        self, address: str, plan: ClassPlan, people: int, users: int, language: str = "en"
    ) -> None:
        self.address, self.plan, self.users = address, plan, users
        self.language, self.say = language, Speech(language)
        self.names = [f"Bot {n}" for n in range(people)]
        self.bots: list[Bot] = []
        self.leads: list[Bot] = []  # the first of each seat, who orders for it
        self.done: list[tuple[str, str]] = []
        self.control, self.wall = Door(address, "", ""), Door(address, "", "")
        self.pages: list[str] = []  # of the wall, each as it came up
        self.luck = random.Random(1)
        self.drawn: list[str] = []
        self.branches: list[float] = []  # seconds each

    async def run(self) -> None:
        """All steps; raises Missing."""
        try:
            for step in self.plan.steps:
                await self._step(step)
        finally:
            for bot in self.bots:
                await bot.leave()
            for door in (self.control, self.wall):
                door.wire.close()

    async def _step(self, step: Step) -> None:
        for part in ("room", "seats", "host"):  # the guide has words for it
            if not self.say.has(f"plan.class.{step.id}.{part}"):
                raise Missing(f"{step.id}: the guide has no text for {part}")
        for screen in step.screens:
            await self._opens(step, screen)
        for act in step.host:
            if not act.get("after"):
                await self._host(step, act)
        for verb in step.seats:
            if verb not in VERBS:
                raise Missing(f"{step.id}: nobody knows how to {verb}")
            await getattr(self, VERBS[verb])(step)
            self.done.append((step.id, verb))
        for act in step.host:
            if act.get("after"):
                await self._host(step, act)

    async def _opens(self, step: Step, screen: str) -> None:
        found = await self._get(f"/{screen}")
        if found.status != 200:
            raise Missing(f"{step.id}: the page /{screen} answers {found.status}")
        self.done.append((step.id, f"/{screen}"))

    # --- the facilitator ------------------------------------------------------------------------

    async def _host(self, step: Step, act: dict[str, Any]) -> None:
        kind = next((name for name in HOST if name in act), None)
        if kind is None:
            raise Missing(f"{step.id}: the facilitator does not know how to {act}")
        await getattr(self, HOST[kind])(step, act)
        self.done.append((step.id, f"{kind} {act[kind]}"))

    async def _create(self, step: Step, act: dict[str, Any]) -> None:
        made = await new_room(
            self.address, scenario="japan-2026", seed=7, users=self.users, turns=self.plan.turns,
            turn_seconds=self.plan.turn_seconds, language=self.language,
        )  # fmt: skip
        self.control = Door(self.address, made["code"], made["facilitator_token"])
        self.wall = Door(self.address, made["code"], made["projector_token"])

    async def _action(self, step: Step, act: dict[str, Any]) -> None:
        fields = {name: value for name, value in act.items() if name != "after"}
        if "text" in fields:  # a sentence of the guide
            fields["text"] = self.say.t(f"plan.class.{step.id}.{fields['text']}")
        before = await self._view()
        await self._control(step, fields)
        if act["action"] == "close_turn":
            turn = before["turn"]
            await self._until(step, lambda v: v["turn"] > turn and v["phase"] != "resolve")

    async def _card(self, step: Step, act: dict[str, Any]) -> None:
        name = VOTED if act["card"] == VOTE else act["card"]
        card = next((c for c in (await self._view())["cards"] if c["card"] == name), None)
        if card is None:
            raise Missing(f"{step.id}: the console has no card {name}")
        await self._control(step, {"action": "card", "card": name, "when": "now"})
        self.drawn.append(name)
        text = Speech("en").t(f"inject_card.{name}.text")
        for bot in self.leads:  # who is to read it reads it, and nobody else
            if "all" in card["to"] or bot.seat in card["to"]:
                await bot.until_said(json.dumps(text, ensure_ascii=False)[1:-1])
            elif text in bot.raw:
                raise Missing(f"{step.id}: {bot.seat} reads the card {name}, which is not for it")

    async def _branch(self, step: Step, act: dict[str, Any]) -> None:
        played = (await self._view())["week"] // QUARTER
        for n in range(act["branch"]):
            week = QUARTER * min(n + 1, max(0, played - 1))
            order = {"week": week, "actor": "KOR", "lever": "stance", "value": 1.0 - n}
            began = time.monotonic()
            status, found = await self.control.call(
                "POST", "/branch", {"week": week, "orders": [order]}
            )
            self.branches.append(time.monotonic() - began)
            if status != 200:
                raise Missing(f"{step.id}: a branch from week {week} is refused: {found}")
            shown = (await self._shown())["show"].get("branch") or {}
            if shown.get("orders") != [order]:
                raise Missing(f"{step.id}: the wall does not show the branch that was played")

    # --- the wall -------------------------------------------------------------------------------

    async def _wall(self, step: Step, act: dict[str, Any]) -> None:
        """The wall stands there by itself; nothing of the reveal before the reveal."""
        end = time.monotonic() + PATIENCE_S
        while (seen := await self._shown())["wall"]["scene"] != act["wall"]:
            if time.monotonic() > end:
                at = seen["wall"]["scene"]
                raise Missing(f"{step.id}: the wall shows {at}, not {act['wall']}")
            await asyncio.sleep(0.1)
        await self._came_up(step, seen)

    async def _arrow(self, step: Step, act: dict[str, Any]) -> None:
        """→ until the wall stands at a scene or a part; each press shows something else."""
        seen = await self._shown()
        for _ in range(MOST_PAGES):
            if act["arrow"] in (seen["wall"]["scene"], seen["wall"]["part"]):
                return
            before = seen
            await self._press(step)
            seen = await self._shown()
            if (seen["wall"], seen["show"]) == (before["wall"], before["show"]):
                raise Missing(f"{step.id}: the wall stays at {seen['wall']} after →")
            self._holds(step, seen)
            await self._came_up(step, seen)
        raise Missing(f"{step.id}: → does not lead to {act['arrow']}")

    async def _press(self, step: Step) -> None:
        await self._control(step, {"action": "scene", "to": "next"})

    async def _came_up(self, step: Step, seen: dict[str, Any]) -> None:
        wall = seen["wall"]
        if wall["scene"] != "reveal" and wall["part"]:
            raise Missing(f"{step.id}: a part of the reveal stands on the wall before it")
        name = [wall["scene"], wall["part"], str(wall["n"] or "")]
        self.pages.append(" ".join(filter(None, name)))

    def _holds(self, step: Step, seen: dict[str, Any]) -> None:
        """What a step of the reveal promises, against what the class has done."""
        show, part = seen["show"], seen["wall"]["part"]
        people = len({bot.seat for bot in self.bots})
        found = {
            "deals": bool(show.get("deal") and show["deal"]["secret"]),
            "forecasts": bool(show.get("rows")),
            "scores": sum(show.get("counts", {}).values()) == people,
            "branch": "branch" in show, "replay": bool(show.get("weeks")),
        }  # fmt: skip
        if part and not found[part]:
            raise Missing(f"{step.id}: the wall at {part} does not hold what the class has done")

    async def _shown(self) -> dict[str, Any]:
        _, found = await self.wall.call("GET", "/view")
        view: dict[str, Any] = found
        return view

    # --- what is taken away ---------------------------------------------------------------------

    async def _export(self, step: Step, act: dict[str, Any]) -> None:
        where = f"/api/rooms/{self.control.code}/export?format={act['export']}&names=no"
        found = await self._get(where)
        if found.status != 200 or not found.body.startswith(b"PK"):
            raise Missing(f"{step.id}: the export as {act['export']} answers {found.status}")
        with zipfile.ZipFile(io.BytesIO(found.body)) as files:
            told = {name: files.read(name) for name in files.namelist()}
        if not any("message" in name for name in told):
            raise Missing(f"{step.id}: the export as {act['export']} holds no messages")
        named = [
            name for name in self.names if any(name.encode() in text for text in told.values())
        ]
        if named:
            raise Missing(f"{step.id}: the export names {named[0]}")

    async def _control(self, step: Step, fields: dict[str, Any]) -> None:
        status, found = await self.control.act(**fields)
        if status != 200:
            raise Missing(f"{step.id}: {fields['action']} is refused: {found.get('error')}")

    async def _get(self, where: str) -> Answer:
        """What stands at an address; a line that the server has closed meanwhile is opened anew."""
        for _ in range(2):
            with suppress(OSError, EOFError):
                return await self.control.wire.ask("GET", where, self.control.token)
        return await self.control.wire.ask("GET", where, self.control.token)

    async def _view(self) -> dict[str, Any]:
        _, found = await self.control.call("GET", "/view")
        view: dict[str, Any] = found
        return view

    async def _until(self, step: Step, wanted: Callable[[dict[str, Any]], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not wanted(await self._view()):
            if time.monotonic() > end:
                raise Missing(f"{step.id}: the turn did not come to its end")
            await asyncio.sleep(0.1)

    # --- people at the seats --------------------------------------------------------------------

    async def _join(self, step: Step) -> None:
        self.bots = [Bot(self.address, self.control.code, name) for name in self.names]
        await asyncio.gather(*(bot.join() for bot in self.bots))
        for bot in self.bots:
            bot.go_live()
        await asyncio.gather(*(bot.until(lambda v: bool(v["levers"])) for bot in self.bots))
        self.leads = list({bot.seat: bot for bot in reversed(self.bots)}.values())

    async def _read(self, step: Step) -> None:
        """Everybody's page shows the report, three gauges and the own levers."""
        turn = (await self._view())["turn"]

        def ready(view: dict[str, Any]) -> bool:
            told = view["report"].get("materials") is not None and len(view["gauges"]) == 3
            return bool(told and view["turn"] == turn and view["phase"] != "resolve")

        await asyncio.gather(*(bot.until(ready) for bot in self.bots))

    async def _weights(self, step: Step) -> None:
        await self._each(step, self.leads, "/weights",
                         {"supply": 0.4, "autonomy": 0.3, "standing": 0.3})  # fmt: skip

    async def _order(self, step: Step) -> None:
        turn = (await self._view())["turn"]
        for bot in self.leads:
            await bot.until(lambda v: v["turn"] == turn)
            for _ in range(TRIES):
                wish = bot.some_order(self.luck)
                if wish and await bot.order(turn, *wish, why=f"{bot.seat} tries") == 200:
                    break
            else:
                raise Missing(f"{step.id}: {bot.seat} finds no order that is taken")

    async def _offer(self, step: Step) -> None:
        """The first seat offers the second to keep its stance for two turns."""
        one, other = self._states()
        clause = {"kind": "lever", "lever": "protest", "sense": "equals", "value": 0}
        await self._each(step, [one], "/deals",
                         {"to": other.seat, "gives": [clause], "gets": [], "turns": 2,
                          "secret": True})  # fmt: skip

    async def _sign(self, step: Step) -> None:
        one, other = self._states()
        seen = await other.until(lambda v: any(d["by"] == one.seat and d["status"] == "offered"
                                               for d in v["deals"]))  # fmt: skip
        deal = [d for d in seen["deals"] if d["status"] == "offered"][-1]
        await self._each(step, [other], f"/deals/{deal['n']}/sign", {})

    def _states(self) -> tuple[Bot, Bot]:
        states = sorted((b for b in self.leads if b.seat in ("JPN", "KOR", "USA", "EUU", "AUS")),
                        key=lambda bot: bot.seat)  # fmt: skip
        return states[0], states[1]

    async def _submit(self, step: Step) -> None:
        """All seats but one, which the facilitator must not wait for for ever."""
        turn = (await self._view())["turn"]
        await self._each(step, self.leads[:-1], "/submit", {"turn": turn})

    async def _forecast(self, step: Step) -> None:
        turn = (await self._view())["turn"]
        body = {"turn": turn, "question": "price_up", "p": 0.6}
        await self._each(step, self.bots, "/forecasts", body)

    async def _talk(self, step: Step) -> None:
        await self._each(step, self.leads, "/messages", {"to": "all", "text": f"In {step.id}"})

    async def _expect(self, step: Step) -> None:
        await self._note(step, "expected")

    async def _surprised(self, step: Step) -> None:
        await self._note(step, "surprised")

    async def _takeaway(self, step: Step) -> None:
        await self._note(step, "takeaway")

    async def _note(self, step: Step, kind: str) -> None:
        await self._each(step, self.bots, "/notes", {"kind": kind, "text": f"{kind} in {step.id}"})

    async def _result(self, step: Step) -> None:
        """Everybody sees the own result as a band."""
        await asyncio.gather(
            *(bot.until(lambda v: bool(v["revealed"] and v["score"])) for bot in self.bots)
        )

    async def _vote(self, step: Step) -> None:
        """Everybody names the turn to play otherwise; control sees one vote of each."""
        await self._each(step, self.bots, "/notes", {"kind": "vote", "text": "Turn 2", "turn": 2})
        notes = (await self._view())["notes"]
        if len([one for one in notes if one["kind"] == "vote"]) != len(self.bots):
            raise Missing(f"{step.id}: not every vote has arrived")

    async def _each(self, step: Step, bots: list[Bot], path: str, body: dict[str, Any]) -> None:
        async def send(bot: Bot) -> None:
            status, found = await bot.call("POST", path, {"id": new_id(), **body})
            if status != 200:
                raise Missing(f"{step.id}: {path} of {bot.seat} is refused: {found.get('error')}")

        await asyncio.gather(*(send(bot) for bot in bots))


# By name, so that a rehearsal of another kind does its own.
VERBS = {
    "join": "_join", "read": "_read", "weights": "_weights",
    "order": "_order", "offer": "_offer", "sign": "_sign",
    "submit": "_submit", "forecast": "_forecast", "say": "_talk",
    "expect": "_expect", "surprised": "_surprised",
    "takeaway": "_takeaway", "result": "_result", "vote": "_vote",
}  # fmt: skip
HOST = {
    "create": "_create", "action": "_action", "card": "_card",
    "branch": "_branch", "export": "_export", "wall": "_wall",
    "arrow": "_arrow",
}  # fmt: skip


async def rehearse(
    address: str, plan: ClassPlan | None = None, people: int = 30, users: int = 2000
) -> dict[str, Any]:
    """Plays the class; what was done and how long it took. Raises Missing."""
    began = time.monotonic()
    class_ = Rehearsal(address, plan or class_plan(), people, users)
    await class_.run()
    return report(class_, began)


def report(class_: Rehearsal, began: float) -> dict[str, Any]:
    """What was done and how long it took since ``began``."""
    return {
        "people": len(class_.names), "steps": len({step for step, _ in class_.done}),
        "acts": len(class_.done), "cards": class_.drawn,
        "orders": sum(len(bot.acknowledged) for bot in class_.bots),
        "branch_seconds": [round(one, 2) for one in class_.branches],
        "seconds": round(time.monotonic() - began, 1), "wall": class_.pages, "done": class_.done,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Plays the facilitator's guide step by step.")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--users", type=int, default=2000)
    args = parser.parse_args()
    with running(Hall) as hall:
        tell(asyncio.run(rehearse(hall.address, None, args.people, args.users)))


if __name__ == "__main__":
    main()
