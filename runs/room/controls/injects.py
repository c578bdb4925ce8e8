"""What control puts into the game: injects and cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runs.room.commands import Command, Refused
from runs.room.controls.checks import Data, event_of, in_phase, need, readers
from runs.room.deals import bounds_on, breach
from runs.room.refusals import refuse
from runs.room.say import Say
from runs.room.state import LOBBY, OPEN, Inject, InjectStatus, Room
from world.events import KINDS

if TYPE_CHECKING:
    from world.scenario import Scenario


def can_inject(room: Room, plan: Scenario, data: Data) -> Data:
    in_phase(room, LOBBY, OPEN)
    need(data, "event")
    event = event_of(plan, data["event"])
    to = readers(room, data.get("to"))
    turn = max(room.turn, 0 if room.practice else 1) + (data.get("when") == "next")
    if turn > room.turns:
        raise refuse("no_turn_after", "when", 409, turn=room.turn)
    return {"event": event, "to": to, "when_turn": turn, "why": data.get("why", "")}


def can_draw(room: Room, plan: Scenario, data: Data) -> Data:
    """A card as it goes into the log: with all that it does, so that the log needs no cards."""
    from runs.printing.plan import all_cards, card_fault

    name = need(data, "card")["card"]
    card = next((one for one in all_cards() if one.id == name), None)
    if card is None:
        raise refuse("no_card", "card", 404, name=name)
    if card_fault(card, plan, list(room.chairs)):
        raise refuse("card_unfit", "card", name=name)
    say = Say(f"inject_card.{name}.text")
    event = {"week": 0, **card.event, "text": say.english}
    told = can_inject(room, plan, {**data, "event": event, "to": list(card.to)})
    told |= {"event": {**told["event"], "key": say.key}, "card": name, "order": None}
    if card.override:
        order = told["order"] = {**card.override, "yields": True}  # to deals signed before its turn
        bounds = bounds_on(room, plan, order["seat"], told["when_turn"])
        if fault := breach(plan, bounds, order["lever"], order["value"]):
            raise Refused(fault.text, "card", 409, fault.say)
    return told


def inject(room: Room, plan: Scenario, command: Command) -> None:
    data, n = command.data, room.next_number()
    turn = data["when_turn"]
    status: InjectStatus = "shown" if room.phase == OPEN and turn == room.turn else "waiting"
    room.injects[n] = Inject(
        n, command.who, turn, data["event"], data["to"], command.at, status,
        card=data.get("card", ""), order=data.get("order"),
    )  # fmt: skip


def can_retract(room: Room, plan: Scenario, data: Data) -> Data:
    inject = room.injects.get(need(data, "inject")["inject"])
    if inject is None:
        raise refuse("no_inject", "inject", 404, n=data["inject"])
    if inject.status != "waiting":
        raise refuse("inject_shown", "inject", 409, n=inject.n)
    return {"inject": inject.n}


def retract(room: Room, plan: Scenario, command: Command) -> None:
    room.injects[command.data["inject"]].status = "retracted"


def event_kinds() -> list[dict[str, Any]]:
    """The table of what may be injected, as forms are made from it."""
    return [
        {
            "kind": name, "meaning": kind.meaning, "target": kind.target,
            "fields": [
                {"field": key, "unit": f.unit, "meaning": f.meaning, "names": f.names,
                 "low": f.low, "high": None if f.high == float("inf") else f.high,
                 "default": f.default}
                for key, f in kind.fields.items()
            ],
        }
        for name, kind in KINDS.items()
    ]  # fmt: skip
