"""When the world fails a room: a turn that cannot be played, or that came out otherwise.

The server puts it into the log, so that everybody in the room is told once, and so that a
facilitator has a way out of a turn that cannot be played: take it back, or end the game.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.room import turns
from runs.room.commands import Command, Refused
from runs.room.say import Say
from runs.room.state import ALL, CARETAKER, CONTROL, OPEN, PERSON, RESOLVING, Message, Room

if TYPE_CHECKING:
    from world.scenario import Scenario

STUCK, DIFFERS = "stuck", "differs"


def can_tell(room: Room, plan: Scenario, command: Command) -> Command:
    """Refused for what is not so any more, or has been told."""
    turn = command.turn
    if command.data["what"] == STUCK:
        fresh = room.phase == RESOLVING and turn == room.turn and not room.stuck
    else:
        fresh = turn in room.digests and room.differing.get(turn) != command.data["digest"]
    if not fresh:
        raise Refused(f"Turn {turn} is not in trouble, or it has been told.", "turn", 409)
    return command


def tell(room: Room, plan: Scenario, command: Command) -> None:
    if command.data["what"] == STUCK:
        room.stuck = True
    else:
        room.differing[command.turn] = command.data["digest"]
    say = Say(f"told.{command.data['what']}", {"turn": command.turn})
    n = len(room.messages) + 1
    room.messages.append(
        Message(n, CONTROL, [ALL], say.english, room.turn, command.at, say=say.row)
    )


def seats_back(room: Room) -> list[str]:
    """Seats that the closing of the stuck turn gave to a caretaker."""
    if not room.practice:
        return turns.seats_back(room)
    here = {person.seat for person in room.people.values() if not person.gone}
    return [c.seat for c in room.chairs.values() if c.played_by == CARETAKER and c.seat in here]


def reopen(room: Room, at: int, why: str, back: list[str]) -> None:
    """The turn that cannot be played is open again, with the orders that it had."""
    room.stuck = False
    if not room.practice:
        turns.step_back(room, at, why, back)
        return
    room.rehearsal = None
    room.closed.pop(room.turn, None)
    for inject in room.injects.values():
        if inject.turn == room.turn and inject.status == "done":
            inject.status = "shown"
    for chair in room.chairs.values():
        chair.submitted = False
    for seat in back:
        room.chairs[seat].played_by = PERSON
    room.phase = OPEN
    turns.start_clock(room, at)
