"""The state of a room from its log: `fold(commands, plan)`.

Every function here is pure in the log: no clock but the one in the commands, no luck but what
follows from the logged seed. A command that comes twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from runs.outcome import GAUGES
from runs.room import control, returns, trouble, turns
from runs.room.commands import Command
from runs.room.deals import drop_breaches
from runs.room.drafts import cover
from runs.room.roster import open_seats, roster
from runs.room.say import Say
from runs.room.state import (
    CARETAKER,
    CONTROL,
    OPEN,
    PERSON,
    VOTE,
    Chair,
    Deal,
    Draft,
    Forecast,
    Message,
    Move,
    Note,
    Person,
    Room,
)
from runs.room.tokens import RIGHTS

if TYPE_CHECKING:
    from world.scenario import Scenario

WAKES = frozenset({"order", "submit", "reopen", "offer", "sign", "withdraw", "say", "forecast"})


def fold(commands: Iterable[Command], plan: Scenario) -> Room:
    """The room after all commands."""
    room = Room()
    for command in commands:
        apply(room, plan, command)
    return room


def apply(room: Room, plan: Scenario, command: Command) -> dict[str, Any]:
    """Changes the room by one admitted command and answers with what its sender is told."""
    if command.key in room.seen:
        return room.seen[command.key]
    _hear(room, command)
    told = APPLY[command.kind](room, plan, command) or {}
    room.version += 1
    reply = {"saved_at": command.at, "version": room.version, **told}
    room.seen[command.key] = reply
    room.asked[command.key] = f"{command.kind} {command.asked}"
    return reply


def _hear(room: Room, command: Command) -> None:
    """Somebody at a seat does something: who was played by a caretaker plays again."""
    chair = room.chairs.get(room.seat_of(command.who))
    if chair is None:
        return
    chair.heard = True
    if command.kind in WAKES and chair.played_by == CARETAKER and not chair.handed:
        chair.played_by = PERSON


Told = dict[str, Any] | None


def _create(room: Room, plan: Scenario, command: Command) -> Told:
    data = command.data
    room.code, room.scenario, room.seed = data["code"], data["scenario"], data["seed"]
    room.turns, room.turn_seconds = data["turns"], data["turn_seconds"]
    room.salt = data.get("salt", "")  # "" in logs from before there was one
    room.language, room.users, room.made = data["language"], data["users"], command.at
    room.options, room.model = data["options"], data.get("model", 1)
    room.machine = data.get("machine", {})
    room.last_turn = room.turns
    if room.options.get("random_end"):
        room.last_turn = turns.drawn_end(room.seed, room.turns)
    offered = open_seats(plan, data["seats"])
    room.offered = len(offered)
    rows = {row.seat: row for row in roster(plan)}
    for seat in [*offered, *(seat for seat in rows if seat not in offered)]:
        room.chairs[seat] = Chair(seat, rows[seat].kind, seat in offered)
    room.facilitators["f1"] = {"name": "", "rights": list(RIGHTS)}
    return None


def _join(room: Room, plan: Scenario, command: Command) -> Told:
    data = command.data
    who, seat = data["person"], data["seat"]
    room.people[who] = Person(who, data["name"], seat, data.get("job", ""), command.at)
    if not room.chairs[seat].handed:
        room.chairs[seat].played_by = PERSON
    return {"seat": seat, "person": who}


def _order(room: Room, plan: Scenario, command: Command) -> Told:
    data = command.data
    orders = room.chairs[data["seat"]].orders
    if data["value"] is None:
        orders.pop(data["lever"], None)
    else:
        cover(orders, plan, data["lever"])
        orders[data["lever"]] = Draft(data["value"], data["why"], PERSON, command.at)
    return None


def _submit(room: Room, plan: Scenario, command: Command) -> Told:
    chair = room.chairs[command.data["seat"]]
    chair.submitted, chair.submits = True, chair.submits + 1
    return None


def _reopen(room: Room, plan: Scenario, command: Command) -> Told:
    room.chairs[command.data["seat"]].submitted = False
    return None


def _offer(room: Room, plan: Scenario, command: Command) -> Told:
    data, n = command.data, room.next_number()
    room.deals[n] = Deal(
        n, data["seat"], data["to"], data["gives"], data["gets"], data["from_turn"],
        data["turns"], data["secret"], data["exit"], data["text"], command.at,
        signed=[data["seat"]],
    )  # fmt: skip
    return {"deal": n}


def _sign(room: Room, plan: Scenario, command: Command) -> Told:
    deal = room.deals[command.data["deal"]]
    deal.signed.append(command.data["seat"])
    if deal.signed_by_all:
        deal.status, deal.signed_turn = "in force", room.turn
        deal.start = command.data["start"]
        deal.last = deal.start + deal.turns - 1
        for seat, lever in drop_breaches(room, plan, deal) if room.phase == OPEN else ():
            say = Say("told.order_dropped", {"lever": lever, "n": deal.n})
            number = len(room.messages) + 1
            room.messages.append(
                Message(number, CONTROL, [seat], say.english, room.turn, command.at, say=say.row)
            )
    return {"deal": deal.n, "status": deal.status}


def _withdraw(room: Room, plan: Scenario, command: Command) -> Told:
    deal = room.deals[command.data["deal"]]
    if deal.status == "offered":
        deal.status = "withdrawn"
    else:
        assert deal.exit is not None  # a deal without a way out is not admitted
        deal.left_by = command.data["seat"]
        deal.last = min(deal.last, max(room.turn, deal.start - 1) + deal.exit)
        if deal.last < deal.start:  # left before it began
            deal.status = "over"
    return {"deal": deal.n, "status": deal.status}


def _say(room: Room, plan: Scenario, command: Command) -> Told:
    data, n = command.data, len(room.messages) + 1
    room.messages.append(
        Message(n, data["seat"], data["to"], data["text"], room.turn, command.at, command.who)
    )
    return {"message": n}


def _forecast(room: Room, plan: Scenario, command: Command) -> Told:
    data = command.data
    key = f"{command.turn}/{command.who}/{data['question']}"
    room.forecasts[key] = Forecast(
        data["seat"], command.who, command.turn, data["question"], data["p"], command.at
    )
    return None


def _weights(room: Room, plan: Scenario, command: Command) -> Told:
    room.chairs[command.data["seat"]].weights = {name: command.data[name] for name in GAUGES}
    return None


def _note(room: Room, plan: Scenario, command: Command) -> Told:
    data = command.data
    if data["kind"] == VOTE:  # a person has one, which can be changed
        room.notes = [one for one in room.notes if (one.kind, one.who) != (VOTE, command.who)]
    room.notes.append(
        Note(data["seat"], command.who, data["turn"], data["kind"], data["text"], command.at)
    )
    return None


def _move(room: Room, plan: Scenario, command: Command) -> Told:
    data, n = command.data, room.next_number()
    room.moves[n] = Move(
        n, data["seat"], room.turn, data["claim"], data["pro"], data["con"], command.at
    )
    return {"move": n}


def _control(room: Room, plan: Scenario, command: Command) -> Told:
    before = room.count
    control.apply(room, plan, command)
    told: dict[str, Any] = {"turn": room.turn, "phase": room.phase}
    if room.count > before:
        told["inject"] = room.count
    if command.data["action"] == "facilitator":
        told["facilitator"] = command.data["who"]
    return told


def _close(room: Room, plan: Scenario, command: Command) -> Told:
    turns.close_turn(room, plan, command.at, command.data["why"], command.data.get("absent"))
    return None


def _resolved(room: Room, plan: Scenario, command: Command) -> Told:
    data, turn = command.data, command.turn
    room.machine = data.get("machine", room.machine)
    if room.machine:
        room.machines[turn] = room.machine
    room.figures[turn] = data.get("figures", {})
    turns.settle_turn(room, turn, data["digest"], command.at, data.get("undone"))
    return None


def _clock(room: Room, plan: Scenario, command: Command) -> Told:
    room.deadline = command.data["deadline"]
    return None


def _branched(room: Room, plan: Scenario, command: Command) -> Told:
    room.branch = command.data
    return None


def _trouble(room: Room, plan: Scenario, command: Command) -> Told:
    trouble.tell(room, plan, command)
    return None


APPLY: dict[str, Callable[[Room, Scenario, Command], Told]] = {
    "create": _create, "join": _join, "request": returns.ask, "order": _order, "submit": _submit,
    "reopen": _reopen, "offer": _offer, "sign": _sign, "withdraw": _withdraw, "say": _say,
    "forecast": _forecast, "weights": _weights, "note": _note, "move": _move,
    "control": _control, "close": _close, "resolved": _resolved, "clock": _clock,
    "trouble": _trouble, "branched": _branched,
}  # fmt: skip
