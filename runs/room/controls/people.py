"""People and their seats, and who else may be facilitator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.room.commands import Command, Refused
from runs.room.controls.checks import Data, need, seat_of
from runs.room.refusals import refuse
from runs.room.state import AI, CARETAKER, PERSON, Room
from runs.room.tokens import RIGHTS
from world.levers import guess

if TYPE_CHECKING:
    from world.scenario import Scenario

MOST_FACILITATORS = 20
FIRST = "f1"  # the facilitator who made the room


def can_assign(room: Room, plan: Scenario, data: Data) -> Data:
    person = room.people.get(need(data, "person")["person"])
    if person is None:
        raise refuse("no_person", "person", 404)
    seat = data.get("seat") or ""
    return {"person": person.who, "seat": seat_of(room, seat) if seat else ""}


def assign(room: Room, plan: Scenario, command: Command) -> None:
    person, seat = room.people[command.data["person"]], command.data["seat"]
    before, person.seat, person.gone = person.seat, seat or person.seat, not seat
    if seat and not room.chairs[seat].handed:
        room.chairs[seat].played_by = PERSON
    left = [p for p in room.people.values() if p.seat == before and not p.gone]
    if not left and room.chairs[before].played_by == PERSON:
        room.chairs[before].played_by = CARETAKER


def can_hand(room: Room, plan: Scenario, data: Data) -> Data:
    return {"seat": seat_of(room, need(data, "seat")["seat"])}


def can_look(room: Room, plan: Scenario, data: Data) -> Data:
    return {"seat": seat_of(room, need(data, "seat")["seat"])}


def look(room: Room, plan: Scenario, command: Command) -> None:
    """That control looks at what a seat sees stands in the log of each turn in which it does;
    before that the view is not given (`runs.room.control.check_look`)."""
    room.looks.setdefault(command.who, {})[command.data["seat"]] = room.turn


def to_ai(room: Room, plan: Scenario, command: Command) -> None:
    chair = room.chairs[command.data["seat"]]
    chair.played_by, chair.handed, chair.submitted = AI, True, False
    chair.orders = {}


def to_person(room: Room, plan: Scenario, command: Command) -> None:
    chair = room.chairs[command.data["seat"]]
    chair.handed, chair.open = False, True
    here = any(p.seat == chair.seat and not p.gone for p in room.people.values())
    chair.played_by = PERSON if here else chair.played_by


def can_appoint(room: Room, plan: Scenario, data: Data) -> Data:
    needed = need(data, "name", "rights")
    for right in needed["rights"]:
        if right not in RIGHTS:
            raise Refused(f"{right!r} is no right: {guess(right, RIGHTS)}", "rights")
    if not needed["rights"]:
        raise refuse("rights_none", "rights")
    if sum(bool(one["rights"]) for one in room.facilitators.values()) >= MOST_FACILITATORS:
        raise refuse("facilitators_most", None, 409)
    return {**needed, "who": f"f{len(room.facilitators) + 1}"}


def appoint(room: Room, plan: Scenario, command: Command) -> None:
    data = command.data
    room.facilitators[data["who"]] = {"name": data["name"], "rights": list(data["rights"])}


def can_dismiss(room: Room, plan: Scenario, data: Data) -> Data:
    who = need(data, "helper")["helper"]
    if who == FIRST:
        raise refuse("dismiss_first", "helper", 409)
    if not room.facilitators.get(who, {}).get("rights"):
        raise refuse("no_helper", "helper", 404)
    return {"helper": who}


def dismiss(room: Room, plan: Scenario, command: Command) -> None:
    """Who has no right left is out: the link counts no more."""
    room.facilitators[command.data["helper"]]["rights"] = []


def can_show(room: Room, plan: Scenario, data: Data) -> Data:
    return need(data, "shown")


def show(room: Room, plan: Scenario, command: Command) -> None:
    room.names_shown = command.data["shown"]
