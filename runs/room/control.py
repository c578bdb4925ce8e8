"""What facilitators do: each action with the right that it needs, its check and its effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from runs.room import turns
from runs.room.commands import Command, Refused
from runs.room.refusals import order_refused, refuse
from runs.room.say import Say
from runs.room.state import (
    AI,
    ALL,
    CARETAKER,
    CONTROL,
    ENDED,
    LOBBY,
    OPEN,
    PERSON,
    Draft,
    Inject,
    Message,
    Room,
)
from runs.room.tokens import RIGHTS
from world.decisions import Order
from world.events import Event, check_event
from world.levers import guess

if TYPE_CHECKING:
    from world.scenario import Scenario

Data = dict[str, Any]


class Action(NamedTuple):
    """`check` answers with the data for the log; `apply` changes the room."""

    right: str
    check: Callable[[Room, Scenario, Data], Data]
    apply: Callable[[Room, Scenario, Command], None]


def admit(room: Room, plan: Scenario, command: Command) -> Command:
    """A facilitator's command as it goes into the log; raises Refused."""
    name = command.data.get("action", "")
    action = ACTIONS.get(name)
    if action is None:
        raise Refused(f"{name!r} is no action: {guess(name, ACTIONS)}", "action")
    rights = room.facilitators.get(command.who, {}).get("rights", ())
    if action.right not in rights:
        raise refuse("no_right", "action", 403, right=action.right)
    data = action.check(room, plan, command.data)
    return replace(command, turn=room.turn, data={"action": name, **data})


def apply(room: Room, plan: Scenario, command: Command) -> None:
    ACTIONS[command.data["action"]].apply(room, plan, command)


def _need(data: Data, *names: str) -> Data:
    for name in names:
        if data.get(name) in (None, ""):
            raise refuse("needs", name, name=name)
    return {name: data[name] for name in names}


def _phase(room: Room, *phases: str) -> None:
    if room.phase not in phases:
        raise refuse("not_now", None, 409, phase=room.phase)


def _seat(room: Room, name: str) -> str:
    if name not in room.chairs:
        raise Refused(f"{name!r} is no seat of this room: {guess(name, room.chairs)}", "seat")
    return name


# --- time ---------------------------------------------------------------------------------------


def _can_start(room: Room, plan: Scenario, data: Data) -> Data:
    if room.phase != LOBBY:
        raise refuse("started", None, 409)
    return {"practice": bool(data.get("practice"))}


def _start(room: Room, plan: Scenario, command: Command) -> None:
    room.practice = command.data["practice"]
    turns.open_turn(room, 0 if room.practice else 1, command.at)


def _can_pause(room: Room, plan: Scenario, data: Data) -> Data:
    _phase(room, OPEN)
    if room.paused:
        raise refuse("clock_stands", None, 409)
    return {}


def _pause(room: Room, plan: Scenario, command: Command) -> None:
    room.paused = True
    room.left = None if room.deadline is None else max(0, room.deadline - command.at)
    room.deadline = None


def _can_resume(room: Room, plan: Scenario, data: Data) -> Data:
    _phase(room, OPEN)
    if not room.paused:
        raise refuse("clock_runs", None, 409)
    return {}


def _resume(room: Room, plan: Scenario, command: Command) -> None:
    room.paused = False
    room.deadline = None if room.left is None else command.at + room.left
    room.left = None


def _can_extend(room: Room, plan: Scenario, data: Data) -> Data:
    _phase(room, OPEN)
    if room.deadline is None and room.left is None:
        raise refuse("no_clock", None, 409)
    seconds = data.get("seconds")
    return {"seconds": 60 if seconds is None else seconds}


def _extend(room: Room, plan: Scenario, command: Command) -> None:
    more = 1000 * command.data["seconds"]
    if room.deadline is not None:
        room.deadline = max(command.at, room.deadline + more)
    elif room.left is not None:
        room.left = max(0, room.left + more)


def _can_close(room: Room, plan: Scenario, data: Data) -> Data:
    _phase(room, OPEN)
    if data.get("turn") not in (None, room.turn):
        raise refuse("other_turn", "turn", 409, now=room.turn, turn=data["turn"])
    return {}


def _close(room: Room, plan: Scenario, command: Command) -> None:
    turns.close_turn(room, plan, command.at, "facilitator")


# --- the record ---------------------------------------------------------------------------------


def _can_undo(room: Room, plan: Scenario, data: Data) -> Data:
    if not turns.can_step_back(room):
        raise refuse("no_undo", None, 409)
    return _need(data, "why")


def _undo(room: Room, plan: Scenario, command: Command) -> None:
    turns.step_back(room, command.at, command.data["why"])


def _can_reveal(room: Room, plan: Scenario, data: Data) -> Data:
    _phase(room, ENDED)
    return {}


def _reveal(room: Room, plan: Scenario, command: Command) -> None:
    room.revealed = True


def _can_end(room: Room, plan: Scenario, data: Data) -> Data:
    if room.phase not in (LOBBY, OPEN):
        raise refuse("over_or_playing", None, 409)
    return {"why": data.get("why", "")}


def _end(room: Room, plan: Scenario, command: Command) -> None:
    room.phase, room.deadline, room.left, room.paused = ENDED, None, None, False


# --- injects and moves --------------------------------------------------------------------------


def _can_inject(room: Room, plan: Scenario, data: Data) -> Data:
    _phase(room, LOBBY, OPEN)
    _need(data, "event")
    event = _event(plan, data["event"])
    to = data.get("to") or ALL
    to = [to] if isinstance(to, str) else list(to)
    for seat in to:
        if seat != ALL:
            _seat(room, seat)
    turn = max(room.turn, 0 if room.practice else 1) + (data.get("when") == "next")
    if turn > room.turns:
        raise refuse("no_turn_after", "when", 409, turn=room.turn)
    return {"event": event, "to": to, "when_turn": turn, "why": data.get("why", "")}


def _can_draw(room: Room, plan: Scenario, data: Data) -> Data:
    """A card as it goes into the log: with all that it does, so that the log needs no cards."""
    from runs.printing.plan import all_cards, card_fault

    name = _need(data, "card")["card"]
    card = next((one for one in all_cards() if one.id == name), None)
    if card is None:
        raise refuse("no_card", "card", 404, name=name)
    if card_fault(card, plan, list(room.chairs)):
        raise refuse("card_unfit", "card", name=name)
    say = Say(f"inject_card.{name}.text")
    event = {"week": 0, **card.event, "text": say.english}
    told = _can_inject(room, plan, {**data, "event": event, "to": list(card.to)})
    return {**told, "event": {**told["event"], "key": say.key}, "card": name,
            "order": card.override or None}  # fmt: skip


def _event(plan: Scenario, event: Data) -> Data:
    """An inject's event with its week counted from the start of its turn; raises Refused."""
    made = Event(0, event["kind"], event["actor"], event["target"], event["text"], event["data"])
    if fault := check_event(made, plan):
        raise Refused(fault, "event")
    return dict(event)


def _inject(room: Room, plan: Scenario, command: Command) -> None:
    data, n = command.data, room.next_number()
    turn = data["when_turn"]
    status = "shown" if room.phase == OPEN and turn == room.turn else "waiting"
    room.injects[n] = Inject(
        n, command.who, turn, data["event"], data["to"], command.at, status,
        card=data.get("card", ""), order=data.get("order"),
    )  # fmt: skip


def _can_retract(room: Room, plan: Scenario, data: Data) -> Data:
    inject = room.injects.get(_need(data, "inject")["inject"])
    if inject is None:
        raise refuse("no_inject", "inject", 404, n=data["inject"])
    if inject.status != "waiting":
        raise refuse("inject_shown", "inject", 409, n=inject.n)
    return {"inject": inject.n}


def _retract(room: Room, plan: Scenario, command: Command) -> None:
    room.injects[command.data["inject"]].status = "retracted"


def _can_judge(room: Room, plan: Scenario, data: Data) -> Data:
    move = room.moves.get(_need(data, "move", "probability")["move"])
    if move is None:
        raise refuse("no_move", "move", 404, n=data["move"])
    if move.probability is not None:
        raise refuse("move_judged", "move", 409, n=move.n)
    event = data.get("event")
    if event is not None:
        _phase(room, OPEN)
        event = _event(plan, event)
    return {"move": move.n, "probability": data["probability"], "why": data.get("why", ""),
            "event": event}  # fmt: skip


def _judge(room: Room, plan: Scenario, command: Command) -> None:
    data = command.data
    move = room.moves[data["move"]]
    move.probability, move.why = data["probability"], data["why"]
    move.die = turns.lot(room.seed, f"move {move.n}")
    move.success = move.die < move.probability
    if move.success and data["event"] is not None:
        n = room.next_number()
        room.injects[n] = Inject(
            n, command.who, room.turn, data["event"], [ALL], command.at, "shown", move.n
        )


# --- people and seats ---------------------------------------------------------------------------


def _can_assign(room: Room, plan: Scenario, data: Data) -> Data:
    person = room.people.get(_need(data, "person")["person"])
    if person is None:
        raise refuse("no_person", "person", 404)
    seat = data.get("seat") or ""
    return {"person": person.who, "seat": _seat(room, seat) if seat else ""}


def _assign(room: Room, plan: Scenario, command: Command) -> None:
    person, seat = room.people[command.data["person"]], command.data["seat"]
    before, person.seat, person.gone = person.seat, seat or person.seat, not seat
    if seat and not room.chairs[seat].handed:
        room.chairs[seat].played_by = PERSON
    left = [p for p in room.people.values() if p.seat == before and not p.gone]
    if not left and room.chairs[before].played_by == PERSON:
        room.chairs[before].played_by = CARETAKER


def _can_hand(room: Room, plan: Scenario, data: Data) -> Data:
    return {"seat": _seat(room, _need(data, "seat")["seat"])}


def _to_ai(room: Room, plan: Scenario, command: Command) -> None:
    chair = room.chairs[command.data["seat"]]
    chair.played_by, chair.handed, chair.submitted = AI, True, False
    chair.orders = {}


def _to_person(room: Room, plan: Scenario, command: Command) -> None:
    chair = room.chairs[command.data["seat"]]
    chair.handed, chair.open = False, True
    here = any(p.seat == chair.seat and not p.gone for p in room.people.values())
    chair.played_by = PERSON if here else chair.played_by


def _can_admit(room: Room, plan: Scenario, data: Data) -> Data:
    request = room.requests.get(_need(data, "request")["request"])
    if request is None or request["admitted"]:
        raise refuse("nobody_asks", "request", 404)
    person = room.people[request["person"]]
    return {"request": data["request"], "person": person.who, "key": person.key + 1}


def _admit(room: Room, plan: Scenario, command: Command) -> None:
    person = room.people[command.data["person"]]
    person.key, person.gone = command.data["key"], False
    room.requests[command.data["request"]] |= {"admitted": True, "key": person.key}
    if not room.chairs[person.seat].handed:
        room.chairs[person.seat].played_by = PERSON


# --- orders, messages, rights -------------------------------------------------------------------


def _can_override(room: Room, plan: Scenario, data: Data) -> Data:
    _phase(room, OPEN)
    needed = _need(data, "seat", "lever", "why")
    seat, value = _seat(room, needed["seat"]), data.get("value")
    if value is None:
        if needed["lever"] not in room.chairs[seat].orders:
            raise refuse("no_order", "lever", lever=needed["lever"])
    else:
        order = Order(room.week, seat, needed["lever"], value)
        if (refused := order_refused(plan, order, room.week, "value")) is not None:
            raise refused
    return {**needed, "value": value}


def _override(room: Room, plan: Scenario, command: Command) -> None:
    data = command.data
    orders = room.chairs[data["seat"]].orders
    if data["value"] is None:
        orders.pop(data["lever"], None)
    else:
        orders[data["lever"]] = Draft(data["value"], data["why"], "facilitator", command.at)


def _can_say(room: Room, plan: Scenario, data: Data) -> Data:
    needed = _need(data, "text")
    to = data.get("to") or ALL
    to = [to] if isinstance(to, str) else list(to)
    for seat in to:
        if seat != ALL:
            _seat(room, seat)
    return {**needed, "to": to}


def _say(room: Room, plan: Scenario, command: Command) -> None:
    data = command.data
    n = len(room.messages) + 1
    room.messages.append(
        Message(n, CONTROL, data["to"], data["text"], room.turn, command.at, command.who)
    )


def _can_appoint(room: Room, plan: Scenario, data: Data) -> Data:
    needed = _need(data, "name", "rights")
    for right in needed["rights"]:
        if right not in RIGHTS:
            raise Refused(f"{right!r} is no right: {guess(right, RIGHTS)}", "rights")
    if len(room.facilitators) >= 20:
        raise refuse("facilitators_most", None, 409)
    return {**needed, "who": f"f{len(room.facilitators) + 1}"}


def _appoint(room: Room, plan: Scenario, command: Command) -> None:
    data = command.data
    room.facilitators[data["who"]] = {"name": data["name"], "rights": list(data["rights"])}


def _can_show(room: Room, plan: Scenario, data: Data) -> Data:
    return _need(data, "shown")


def _show(room: Room, plan: Scenario, command: Command) -> None:
    room.names_shown = command.data["shown"]


ACTIONS: dict[str, Action] = {
    "start": Action("time", _can_start, _start),
    "pause": Action("time", _can_pause, _pause),
    "resume": Action("time", _can_resume, _resume),
    "extend": Action("time", _can_extend, _extend),
    "close_turn": Action("time", _can_close, _close),
    "undo_turn": Action("record", _can_undo, _undo),
    "reveal": Action("record", _can_reveal, _reveal),
    "end": Action("record", _can_end, _end),
    "inject": Action("inject", _can_inject, _inject),
    "card": Action("inject", _can_draw, _inject),
    "retract": Action("inject", _can_retract, _retract),
    "adjudicate": Action("orders", _can_judge, _judge),
    "override": Action("orders", _can_override, _override),
    "assign": Action("people", _can_assign, _assign),
    "to_ai": Action("people", _can_hand, _to_ai),
    "to_person": Action("people", _can_hand, _to_person),
    "admit": Action("people", _can_admit, _admit),
    "names": Action("people", _can_show, _show),
    "message": Action("message", _can_say, _say),
    "facilitator": Action("rights", _can_appoint, _appoint),
}
