"""A room without a server: commands go through the rules into the fold, as the host does it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from runs.about import MODEL
from runs.room.commands import Command, Refused
from runs.room.fold import apply, fold
from runs.room.roster import open_seats
from runs.room.rules import admit
from runs.room.state import Room
from world.scenario import Scenario, load_scenario

PLAN = load_scenario("japan-2026", {"users": 2000})
SETUP = {
    "scenario": "japan-2026", "id": "japan-2026", "text": "", "seed": 7, "users": 2000, "set": {},
}  # fmt: skip


class Play:
    """A room and its log; the clock goes on by a second with every command."""

    def __init__(self, **fields: Any) -> None:
        self.plan: Scenario = PLAN
        self.at, self.count = 1_000_000, 0
        data = {
            "code": "AAAAA", "scenario": "japan-2026", "seed": 7, "turns": 8, "users": 2000,
            "turn_seconds": 300, "language": "en", "seats": open_seats(PLAN, None),
            "options": {"auto_close": True, "auto_next": True}, "setup": SETUP, "model": MODEL,
        }  # fmt: skip
        data["options"] |= fields.pop("options", {})
        self.log: list[Command] = []
        self.room = Room()
        self._take(Command("create", "create", "server", self.at, 0, data | fields))

    def _take(self, command: Command) -> dict[str, Any]:
        self.log.append(Command.of(json.loads(json.dumps(command.body()))))
        return apply(self.room, self.plan, command)

    def say(
        self, who: str, kind: str, turn: int = 0, /, ident: str = "", live: Sequence[str] = (),
        **data: Any,
    ) -> Any:  # fmt: skip
        self.count += 1
        self.at += 1000
        ident = ident or f"c{self.count}"
        command = Command(ident, kind, who, self.at, turn, data)
        known = self.room.seen.get(command.key)
        return known or self._take(admit(self.room, self.plan, command, live))

    def refused(self, who: str, kind: str, turn: int = 0, /, **data: Any) -> Refused:
        before = self.room.digest()
        with pytest.raises(Refused) as caught:
            self.say(who, kind, turn, **data)
        assert self.room.digest() == before
        return caught.value

    def join(self, seat: str | None = None, name: str = "Kim") -> str:
        return str(self.say("", "join", name=name, seat=seat, job="")["person"])

    def control(self, action: str, who: str = "f1", **data: Any) -> Any:
        return self.say(who, "control", action=action, **data)

    def order(self, who: str, lever: str, value: float | None, turn: int = -1) -> Any:
        turn = self.room.turn if turn < 0 else turn
        return self.say(who, "order", turn, lever=lever, value=value, why="")

    def offer(self, who: str, to: Any, **data: Any) -> int:
        form: dict[str, Any] = {"gives": [], "gets": [], "from_turn": None, "turns": 2}
        form |= {"secret": False, "exit": None, "text": ""}
        return int(self.say(who, "offer", to=to, **{**form, **data})["deal"])

    def close(self, why: str = "deadline", live: Sequence[str] = ()) -> dict[str, Any]:
        """Closes the open turn and has it "played"; its inputs. ``live``: seats with a device."""
        self.say("server", "close", self.room.turn, live=live, why=why)
        inputs = self.room.rehearsal if self.room.practice else self.room.played[-1]
        self.say("server", "resolved", self.room.turn, digest=f"d{self.room.turn}")
        assert inputs is not None
        return inputs

    def again(self) -> Room:
        """The room from its log alone."""
        return fold(self.log, self.plan)


def keeps(lever: str, sense: str, value: float) -> dict[str, Any]:
    return {"kind": "lever", "lever": lever, "sense": sense, "value": value}


def stock(material: str, tonnes: float) -> dict[str, Any]:
    return {"kind": "stock", "material": material, "tonnes_per_turn": tonnes}


def started(**fields: object) -> tuple[Play, str, str]:
    """A game in its first turn, with Japan and Korea taken."""
    play = Play(**fields)
    japan, korea = play.join("JPN", "Sato"), play.join("KOR", "Kim")
    play.control("start", practice=False)
    return play, japan, korea
