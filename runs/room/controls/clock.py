"""The clock and the turns: start, pause, resume, extend, close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.room import turns
from runs.room.commands import Command
from runs.room.controls.checks import Data, in_phase
from runs.room.refusals import refuse
from runs.room.state import LOBBY, OPEN, Room

if TYPE_CHECKING:
    from world.scenario import Scenario

EXTENSION_SECONDS = 60  # where a facilitator names no number


def can_start(room: Room, plan: Scenario, data: Data) -> Data:
    if room.phase != LOBBY:
        raise refuse("started", None, 409)
    return {"practice": bool(data.get("practice"))}


def start(room: Room, plan: Scenario, command: Command) -> None:
    room.practice = command.data["practice"]
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


def can_close(room: Room, plan: Scenario, data: Data) -> Data:
    in_phase(room, OPEN)
    if data.get("turn") not in (None, room.turn):
        raise refuse("other_turn", "turn", 409, now=room.turn, turn=data["turn"])
    return {}


def close(room: Room, plan: Scenario, command: Command) -> None:
    turns.close_turn(room, plan, command.at, "facilitator", command.data.get("absent"))
