"""What checks of a facilitator's actions share. All raise Refused with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runs.room.commands import Refused
from runs.room.refusals import refuse
from runs.room.state import ALL, Room
from world.events import Event, check_event
from world.levers import guess

if TYPE_CHECKING:
    from world.scenario import Scenario

Data = dict[str, Any]


def need(data: Data, *names: str) -> Data:
    """The named fields; refused where one is not filled in."""
    for name in names:
        if data.get(name) in (None, ""):
            raise refuse("needs", name, name=name)
    return {name: data[name] for name in names}


def in_phase(room: Room, *phases: str) -> None:
    if room.phase not in phases:
        raise refuse("not_now", None, 409, phase=room.phase)


def this_turn(room: Room, data: Data) -> None:
    """Refused where another turn is spoken of than the open one."""
    if data.get("turn") not in (None, room.turn):
        raise refuse("other_turn", "turn", 409, now=room.turn, turn=data["turn"])


def seat_of(room: Room, name: str) -> str:
    if name not in room.chairs:
        raise Refused(f"{name!r} is no seat of this room: {guess(name, room.chairs)}", "seat")
    return name


def readers(room: Room, to: str | list[str] | None) -> list[str]:
    """Who is to read something: seats, or everybody where nobody is named."""
    wanted = to or ALL
    named = [wanted] if isinstance(wanted, str) else list(wanted)
    for seat in named:
        if seat != ALL:
            seat_of(room, seat)
    return named


def event_of(plan: Scenario, event: Data) -> Data:
    """An inject's event with its week counted from the start of its turn; raises Refused."""
    made = Event(0, event["kind"], event["actor"], event["target"], event["text"], event["data"])
    if fault := check_event(made, plan):
        raise Refused(fault, "event")
    return dict(event)
