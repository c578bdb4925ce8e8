"""What a room allows: every command is checked here before it is put on disk.

`admit` answers with the command as it goes into the log, with everything settled that was left
open (the seat that a newcomer gets, the first turn of a deal), or raises Refused with a sentence.
Pure: it reads the room and the command, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from runs.outcome import GAUGES
from runs.room import control, means, purse, returns, trouble
from runs.room.commands import REASON, Command, Refused
from runs.room.controls import wall
from runs.room.deals import bounds_on, breach, check_clause, check_signature
from runs.room.drafts import set_by_control
from runs.room.forecasts import QUESTIONS
from runs.room.refusals import order_refused, refuse
from runs.room.state import ALL, CONTROL, ENDED, LOBBY, OPEN, RESOLVING, VOTE, Chair, Room
from runs.room.turns import absent, rehearsed, weights_open
from world.decisions import Order
from world.levers import guess

if TYPE_CHECKING:
    from world.scenario import Scenario

MOST_PEOPLE, MOST_OF_A_SEAT = 500, 100
MOST_MESSAGES, MOST_OFFERS, MOST_NOTES = 400, 60, 200  # of one seat in one room
MOST_BETWEEN = 12  # deals of two seats that are offered or in force
MOST_MOVES = 3  # of one seat in one turn; the refusal says the number in words
WHOLE_WITHIN = 1e-6  # by how much weights may miss a sum of 1

Check = Callable[[Room, "Scenario", Command], Command]


def admit(
    room: Room, plan: Scenario, command: Command, live: Collection[str] = (),
    purses: purse.Purses | None = None, held: means.Held | None = None,
) -> Command:  # fmt: skip
    """The command as it goes into the log; raises Refused.

    ``live`` are the seats that had a device in the open turn, ``purses`` what the table said of
    each seat's allowance for it, where the room has one, and ``held`` of its public stock.
    """
    check = CHECKS.get(command.kind)
    if check is None:
        raise Refused(f"{command.kind!r} is no command.", "kind")
    found = check(room, plan, command)
    if plan.allowance:
        purse.check(room, plan, found, purses)
    means.check(room, plan, found, purses, held)
    closes = found.kind == "close" or found.data.get("action") == "close_turn"
    return replace(found, data={**found.data, "absent": absent(room, live)}) if closes else found


# --- who speaks ---------------------------------------------------------------------------------


def chair_of(room: Room, command: Command) -> Chair:
    """The seat that a person speaks for; raises Refused for who has none any more."""
    person = room.people.get(command.who)
    if person is None or person.gone or person.seat not in room.chairs:
        raise refuse("no_seat", None, 403)
    return room.chairs[person.seat]


def _playing(room: Room, command: Command) -> Chair:
    chair = chair_of(room, command)
    if chair.handed:
        raise refuse("handed", None, 403, seat=chair.seat)
    return chair


def _open(room: Room, turn: int | None) -> None:
    """Raises Refused unless the turn that is spoken of is open."""
    if room.phase == LOBBY:
        raise refuse("not_started", "turn", 409)
    if room.phase == ENDED:
        raise refuse("over", "turn", 409)
    if room.phase == RESOLVING:
        raise refuse("closed", "turn", 409, turn=room.turn)
    if turn is not None and turn != room.turn:
        word = "turn_over" if turn < room.turn else "turn_ahead"
        raise refuse(word, "turn", 409, turn=turn, now=room.turn)


# --- joining ------------------------------------------------------------------------------------


def _join(room: Room, plan: Scenario, command: Command) -> Command:
    data = command.data
    here = [person for person in room.people.values() if not person.gone]
    if room.phase == ENDED:
        raise refuse("room_over", None, 409)
    if len(here) >= MOST_PEOPLE:
        raise refuse("room_full", None, 409, n=MOST_PEOPLE)
    seat = data.get("seat") or _emptiest(room)
    _check_place(room, seat)
    who = f"p{len(room.people) + 1}"
    return replace(command, data={**data, "seat": seat, "person": who})


def _check_place(room: Room, seat: str) -> None:
    offered = [chair.seat for chair in room.chairs.values() if chair.open]
    if seat not in offered:
        raise Refused(f"{seat!r} is no seat of this room: {guess(seat, offered)}", "seat")
    if _people_at(room, seat) >= _team_size(room):
        raise refuse("seat_full", "seat", 409, seat=seat)


def _people_at(room: Room, seat: str) -> int:
    return sum(p.seat == seat and not p.gone for p in room.people.values())


def _team_size(room: Room) -> int:
    return int(room.options.get("team_size") or MOST_OF_A_SEAT)


def _emptiest(room: Room) -> str:
    """The first of the seats with the fewest people; raises Refused if all are full."""
    places = [
        (_people_at(room, chair.seat), number, chair.seat)
        for number, chair in enumerate(room.chairs.values())
        if chair.open and not chair.handed
    ]
    if not places or min(places)[0] >= _team_size(room):
        raise refuse("seats_full", None, 409)
    return min(places)[2]


# --- orders -------------------------------------------------------------------------------------


def _order(room: Room, plan: Scenario, command: Command) -> Command:
    data = command.data
    chair = _playing(room, command)
    _open(room, command.turn)
    if chair.submitted:
        raise refuse("submitted", "turn", 409)
    check_value(room, plan, chair, data)
    value = data["value"]
    if (held := set_by_control(chair, plan, data["lever"])) is not None:
        raise refuse("set_by_control", "lever", 409, lever=held)
    if value is not None and (
        fault := breach(plan, bounds_on(room, plan, chair.seat, room.turn), data["lever"], value)
    ):
        raise Refused(fault.text, "lever", 422, fault.say)
    return replace(command, data={**data, "seat": chair.seat})


def check_value(room: Room, plan: Scenario, chair: Chair, data: dict[str, Any]) -> None:
    """Raises Refused for an order that the rules of the world do not allow."""
    full, value = data["lever"], data["value"]
    if value is None:
        if full not in chair.orders:
            raise refuse("no_order", "lever", lever=full)
        return
    refused = order_refused(plan, Order(room.week, chair.seat, full, value), room.week, None)
    if refused is not None:
        raise refused


def _submit(room: Room, plan: Scenario, command: Command) -> Command:
    chair = _playing(room, command)
    _open(room, command.turn)
    return replace(command, data={"seat": chair.seat})


# --- deals --------------------------------------------------------------------------------------


def _offer(room: Room, plan: Scenario, command: Command) -> Command:
    chair, data = _playing(room, command), dict(command.data)
    to = [data["to"]] if isinstance(data["to"], str) else list(dict.fromkeys(data["to"]))
    for seat in to:
        if seat not in room.chairs or seat == chair.seat:
            others = [name for name in room.chairs if name != chair.seat]
            raise Refused(f"{seat!r} cannot be offered a deal: {guess(seat, others)}", "to")
    if not data["gives"] and not data["gets"]:
        raise refuse("deal_empty", "gives")
    for clause in data["gives"]:
        check_clause(plan, chair.seat, to, clause, "gives")
    for clause in data["gets"]:
        for seat in to:
            check_clause(plan, seat, [chair.seat], clause, "gets")
    now = max(1, room.turn) if not room.practice else 0
    start = now if data.get("from_turn") is None else data["from_turn"]
    if start < now or (room.phase == ENDED):
        raise refuse("deal_late", "from_turn", 409, turn=start)
    if start > room.turns:
        raise refuse("deal_beyond", "from_turn", turns=room.turns, turn=start)
    most = room.turns - start + 1 if start else room.turns
    if data["turns"] > most:
        raise refuse("deal_turns", "turns", turn=start, most=most, n=data["turns"])
    mine = sum(d.by == chair.seat for d in room.deals.values())
    if mine >= MOST_OFFERS:
        raise refuse("offers_most", None, 409, seat=chair.seat, n=MOST_OFFERS)
    for other in to:
        open_deals = (d for d in room.deals.values() if d.status in ("offered", "in force"))
        if sum({chair.seat, other} <= set(d.parties) for d in open_deals) >= MOST_BETWEEN:
            raise refuse("deals_between", None, 409, seat=chair.seat, other=other, n=MOST_BETWEEN)
    leave = data.get("exit")
    if isinstance(leave, str):  # a clause in words binds nobody
        data["text"] = f"{data['text']} {leave}".strip()[:REASON]
        leave = None
    return replace(
        command, data={**data, "to": to, "from_turn": start, "exit": leave, "seat": chair.seat}
    )


def _deal(room: Room, command: Command, seat: str) -> Any:
    deal = room.deals.get(command.data["deal"])
    if deal is None or seat not in deal.parties:  # who is no party learns nothing of it
        raise refuse("no_deal", "deal", 404, n=command.data["deal"], seat=seat)
    return deal


def _sign(room: Room, plan: Scenario, command: Command) -> Command:
    chair = _playing(room, command)
    deal = _deal(room, command, chair.seat)
    if deal.status != "offered":
        raise refuse("deal_status", "deal", 409, n=deal.n, stands=deal.status)
    if chair.seat in deal.signed:
        raise refuse("deal_signed", "deal", 409, seat=chair.seat, n=deal.n)
    if room.phase == ENDED:
        raise refuse("over", "deal", 409)
    start = max(deal.from_turn, room.turn + (room.phase == RESOLVING), 0 if room.practice else 1)
    check_signature(room, plan, deal, start)
    return replace(command, data={"deal": deal.n, "seat": chair.seat, "start": start})


def _withdraw(room: Room, plan: Scenario, command: Command) -> Command:
    """Before the last signature an offer is taken back; after it only notice can be given."""
    chair = _playing(room, command)
    deal = _deal(room, command, chair.seat)
    if deal.status == "in force":
        if deal.exit is None:
            raise refuse("deal_no_exit", "deal", 409, n=deal.n)
        if deal.left_by:
            raise refuse("deal_notice", "deal", 409, n=deal.n)
    elif deal.status != "offered":
        raise refuse("deal_status", "deal", 409, n=deal.n, stands=deal.status)
    return replace(command, data={"deal": deal.n, "seat": chair.seat})


# --- talk ---------------------------------------------------------------------------------------


def _say(room: Room, plan: Scenario, command: Command) -> Command:
    chair, data = chair_of(room, command), command.data
    to = [data["to"]] if isinstance(data["to"], str) else list(dict.fromkeys(data["to"]))
    for seat in to:
        if seat not in room.chairs and seat not in (ALL, CONTROL):
            known = [*room.chairs, CONTROL, ALL]
            raise Refused(f"{seat!r} is nobody to write to: {guess(seat, known)}", "to")
    if sum(m.by == chair.seat for m in room.messages) >= MOST_MESSAGES:
        raise refuse("messages_most", None, 409, seat=chair.seat, n=MOST_MESSAGES)
    return replace(command, data={"to": to, "text": data["text"], "seat": chair.seat})


def _forecast(room: Room, plan: Scenario, command: Command) -> Command:
    chair = chair_of(room, command)
    _open(room, command.turn)
    question = command.data["question"]
    if question not in QUESTIONS:
        raise Refused(f"{question!r} is no question: {guess(question, QUESTIONS)}", "question")
    return replace(command, data={**command.data, "seat": chair.seat})


def _weights(room: Room, plan: Scenario, command: Command) -> Command:
    chair = _playing(room, command)
    if not weights_open(room, chair):
        raise refuse("weights_sealed", None, 409)
    total = sum(command.data[name] for name in GAUGES)
    if abs(total - 1.0) > WHOLE_WITHIN:
        raise refuse("weights_sum", "supply", total=total)
    return replace(command, data={**command.data, "seat": chair.seat})


def _note(room: Room, plan: Scenario, command: Command) -> Command:
    chair, turn = chair_of(room, command), command.data.get("turn")
    if command.data["kind"] == VOTE:  # one of a person, which can be changed: it fills nothing up
        if not room.revealed or turn is None or not 1 <= turn <= len(room.played):
            raise refuse("vote", "turn", 409, n=len(room.played))
    elif sum(n.seat == chair.seat and n.kind != VOTE for n in room.notes) >= MOST_NOTES:
        raise refuse("notes_most", None, 409, seat=chair.seat, n=MOST_NOTES)
    turn = room.turn if turn is None else min(turn, room.turn)
    return replace(command, turn=turn, data={**command.data, "turn": turn, "seat": chair.seat})


def _move(room: Room, plan: Scenario, command: Command) -> Command:
    chair = _playing(room, command)
    _open(room, None)
    mine = [m for m in room.moves.values() if m.seat == chair.seat and m.turn == room.turn]
    if len(mine) >= MOST_MOVES:
        raise refuse("moves_most", None, 409)
    return replace(command, turn=room.turn, data={**command.data, "seat": chair.seat})


# --- the server itself --------------------------------------------------------------------------


def _close(room: Room, plan: Scenario, command: Command) -> Command:
    _open(room, command.turn)
    return command


def _resolved(room: Room, plan: Scenario, command: Command) -> Command:
    if room.phase != RESOLVING or command.turn != room.turn:
        raise Refused(f"Turn {command.turn} is not being played.", "turn", 409)
    if room.practice:
        return replace(command, data={**command.data, "undone": rehearsed(room)})
    return command


def _clock(room: Room, plan: Scenario, command: Command) -> Command:
    if room.phase != OPEN or room.deadline is None or command.turn != room.turn:
        raise Refused("There is no clock to set.", None, 409)
    return command


def _control(room: Room, plan: Scenario, command: Command) -> Command:
    return control.admit(room, plan, command)


CHECKS: dict[str, Check] = {
    "join": _join, "request": returns.can_ask, "order": _order, "submit": _submit,
    "reopen": _submit, "offer": _offer, "sign": _sign, "withdraw": _withdraw, "say": _say,
    "forecast": _forecast, "weights": _weights, "note": _note, "move": _move, "control": _control,
    "close": _close, "resolved": _resolved, "clock": _clock, "trouble": trouble.can_tell,
    "branched": wall.can_branch,
}  # fmt: skip
