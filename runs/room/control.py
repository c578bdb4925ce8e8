"""What facilitators do: each action with the right that it needs, its check and its effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from runs.room import returns
from runs.room.commands import Command, Refused
from runs.room.controls import clock, injects, orders, people, record, rulings, wall
from runs.room.controls.checks import Data
from runs.room.refusals import refuse
from runs.room.sameness import other_model
from runs.room.state import Room
from world.levers import guess

if TYPE_CHECKING:
    from world.scenario import Scenario


class Action(NamedTuple):
    """`check` answers with the data for the log; `apply` changes the room. A check also gets when
    the command came (``at``) and what its sender ``may`` do."""

    right: str
    check: Callable[[Room, Scenario, Data], Data]
    apply: Callable[[Room, Scenario, Command], None]


def admit(room: Room, plan: Scenario, command: Command) -> Command:
    """A facilitator's command as it goes into the log; raises Refused."""
    name = command.data.get("action", "")
    action = ACTIONS.get(name)
    if action is None:
        raise Refused(f"{name!r} is no action: {guess(name, ACTIONS)}", "action")
    rights = _rights(room, command.who, action, "action")
    data = action.check(room, plan, {**command.data, "at": command.at, "may": rights})
    return replace(command, turn=room.turn, data={"action": name, **data})


def _rights(room: Room, who: str, action: Action, field: str) -> Sequence[str]:
    """What a facilitator may do; raises Refused where the action is not in it."""
    rights: Sequence[str] = room.facilitators.get(who, {}).get("rights", ())
    if action.right not in rights:
        raise refuse("no_right", field, 403, right=action.right)
    return rights


def check_look(room: Room, who: str, seat: str) -> None:
    """Raises Refused where a facilitator may not see what a seat sees, or where the log does not
    say of this turn that it is looked at; the log of another model's room takes nothing more."""
    _rights(room, who, ACTIONS["look"], "seat")
    if room.looks.get(who, {}).get(seat) != room.turn and other_model(room) is None:
        raise refuse("look_first", "seat", 409)


def apply(room: Room, plan: Scenario, command: Command) -> None:
    ACTIONS[command.data["action"]].apply(room, plan, command)


ACTIONS: dict[str, Action] = {
    "start": Action("time", clock.can_start, clock.start),
    "pause": Action("time", clock.can_pause, clock.pause),
    "resume": Action("time", clock.can_resume, clock.resume),
    "extend": Action("time", clock.can_extend, clock.extend),
    "phase": Action("time", clock.can_move_on, clock.move_on),
    "close_turn": Action("time", clock.can_close, clock.close),
    "scene": Action("time", wall.can_turn, wall.turn),
    "undo_turn": Action("record", record.can_undo, record.undo),
    "reveal": Action("record", record.can_reveal, record.reveal),
    "end": Action("record", record.can_end, record.end),
    "note": Action("record", record.can_note, record.note),
    "look": Action("people", people.can_look, people.look),
    "inject": Action("inject", injects.can_inject, injects.inject),
    "card": Action("inject", injects.can_draw, injects.inject),
    "retract": Action("inject", injects.can_retract, injects.retract),
    "adjudicate": Action("orders", rulings.can_judge, rulings.judge),
    "override": Action("orders", orders.can_override, orders.override),
    "assign": Action("people", people.can_assign, people.assign),
    "to_ai": Action("people", people.can_hand, people.to_ai),
    "to_person": Action("people", people.can_hand, people.to_person),
    "admit": Action("people", returns.can_admit, returns.admit),
    "decline": Action("people", returns.can_decline, returns.decline),
    "names": Action("people", people.can_show, people.show),
    "message": Action("message", orders.can_say, orders.say),
    "facilitator": Action("rights", people.can_appoint, people.appoint),
    "dismiss": Action("rights", people.can_dismiss, people.dismiss),
}
