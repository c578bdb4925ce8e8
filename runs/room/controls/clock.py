"""The clock and the turns: start, pause, resume, extend, close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.room import turns
from runs.room.commands import Command, Refused
from runs.room.controls.checks import Data, in_phase, need, this_turn
from runs.room.refusals import refuse
from runs.room.state import LOBBY, OPEN, Room
from world.levers import guess

if TYPE_CHECKING:
    from world.scenario import Scenario

EXTENSION_SECONDS = 60  # where a facilitator names no number


def can_start(room: Room, plan: Scenario, data: Data) -> Data:
    if room.phase != LOBBY:
        raise refuse("started", None, 409)
    return {"practice": bool(data.get("practice"))}


def start(room: Room, plan: Scenario, command: Command) -> None:
    room.practice, room.began = command.data["practice"], command.at
    turns.open_turn(room, 0 if room.practice else 1, command.at)


def can_pause(room: Room, plan: Scenario, data: Data) -> Data:
    in_phase(room, OPEN)
    if room.paused:
        raise refuse("clock_stands", None, 409)
    return {}


def pause(room: Room, plan: Scenario, command: Command) -> None:
    room.paused = True
    room.left = None if room.deadline is None else max(0, room.deadline - command.at)
    room.deadline = None


def can_resume(room: Room, plan: Scenario, data: Data) -> Data:
    in_phase(room, OPEN)
    if not room.paused:
        raise refuse("clock_runs", None, 409)
    return {}


def resume(room: Room, plan: Scenario, command: Command) -> None:
    room.paused = False
    room.deadline = None if room.left is None else command.at + room.left
    room.left = None


def can_extend(room: Room, plan: Scenario, data: Data) -> Data:
    in_phase(room, OPEN)
    if room.deadline is None and room.left is None:
        raise refuse("no_clock", None, 409)
    seconds = data.get("seconds")
    return {"seconds": EXTENSION_SECONDS if seconds is None else seconds}


def extend(room: Room, plan: Scenario, command: Command) -> None:
    more = 1000 * command.data["seconds"]
    if room.deadline is not None:
        room.deadline = max(command.at, room.deadline + more)
    elif room.left is not None:
        room.left = max(0, room.left + more)


def can_move_on(room: Room, plan: Scenario, data: Data) -> Data:
    """To a later part of the turn; what is left of the parts before is given up."""
    in_phase(room, OPEN)
    this_turn(room, data)
    to = need(data, "to")["to"]
    later = [name for name, _ in turns.SEGMENTS[1:]]
    if to not in later:
        raise Refused(f"{to!r} is no part of a turn to go on to: {guess(str(to), later)}", "to")
    if room.deadline is None and room.left is None:
        raise refuse("no_clock", None, 409)
    return {"to": to}


def move_on(room: Room, plan: Scenario, command: Command) -> None:
    names = [name for name, _ in turns.SEGMENTS]
    share = sum(part for _, part in turns.SEGMENTS[names.index(command.data["to"]) :])
    most = round(1000 * share * (room.turn_seconds or 0))
    if room.deadline is not None:
        room.deadline = min(room.deadline, command.at + most)
    elif room.left is not None:
        room.left = min(room.left, most)


def can_close(room: Room, plan: Scenario, data: Data) -> Data:
    in_phase(room, OPEN)
    this_turn(room, data)
    return {}


def close(room: Room, plan: Scenario, command: Command) -> None:
    turns.close_turn(room, plan, command.at, "facilitator", command.data.get("absent"))
