"""What control puts into the game: injects, cards, and moves that it judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.room import turns
from runs.room.commands import Command, Refused
from runs.room.controls.checks import Data, in_phase, need, readers
from runs.room.deals import bounds_on, breach
from runs.room.refusals import refuse
from runs.room.say import Say
from runs.room.state import ALL, LOBBY, OPEN, Inject, InjectStatus, Room
from world.events import Event, check_event

if TYPE_CHECKING:
    from world.scenario import Scenario


def can_inject(room: Room, plan: Scenario, data: Data) -> Data:
    in_phase(room, LOBBY, OPEN)
    need(data, "event")
    event = _event(plan, data["event"])
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


def _event(plan: Scenario, event: Data) -> Data:
    """An inject's event with its week counted from the start of its turn; raises Refused."""
    made = Event(0, event["kind"], event["actor"], event["target"], event["text"], event["data"])
    if fault := check_event(made, plan):
        raise Refused(fault, "event")
    return dict(event)


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


def can_judge(room: Room, plan: Scenario, data: Data) -> Data:
    move = room.moves.get(need(data, "move", "probability")["move"])
    if move is None:
        raise refuse("no_move", "move", 404, n=data["move"])
    if move.probability is not None:
        raise refuse("move_judged", "move", 409, n=move.n)
    event = data.get("event")
    if event is not None:
        in_phase(room, OPEN)
        event = _event(plan, event)
    return {"move": move.n, "probability": data["probability"], "why": data.get("why", ""),
            "event": event, "shown": bool(data.get("shown"))}  # fmt: skip


def judge(room: Room, plan: Scenario, command: Command) -> None:
    data = command.data
    move = room.moves[data["move"]]
    move.probability, move.why = data["probability"], data["why"]
    move.shown = data.get("shown", False)
    move.die = turns.die(room, move.n)
    move.success = move.die < move.probability
    if move.success and data["event"] is not None:
        n = room.next_number()
        room.injects[n] = Inject(
            n, command.who, room.turn, data["event"], [ALL], command.at, "shown", move.n
        )
