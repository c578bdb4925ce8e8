"""The record: a turn taken back, the game ended, the review opened, what the umpires note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.room import trouble, turns
from runs.room.commands import Command
from runs.room.controls.checks import Data, in_phase, need
from runs.room.refusals import refuse
from runs.room.state import CONTROL, ENDED, LOBBY, OPEN, UMPIRE, Note, Room

if TYPE_CHECKING:
    from world.scenario import Scenario


def can_undo(room: Room, plan: Scenario, data: Data) -> Data:
    """What undo opens is settled here: the turn in which the game was ended, or the last played."""
    if turns.cut_short(room):
        return {**need(data, "why"), "go_on": True}
    if room.stuck:
        return {**need(data, "why"), "stuck": True, "back": trouble.seats_back(room)}
    if not turns.can_step_back(room):
        raise refuse("no_undo", None, 409)
    return {**need(data, "why"), "back": turns.seats_back(room)}


def undo(room: Room, plan: Scenario, command: Command) -> None:
    """Logs that were written before an end could be taken back, or seats be given back, say neither
    and are read as they were meant."""
    if command.data.get("go_on"):
        turns.go_on(room, command.at)
        return
    if command.data.get("stuck"):
        trouble.reopen(room, command.at, command.data["why"], command.data["back"])
        return
    turns.step_back(room, command.at, command.data["why"], command.data.get("back", ()))


def can_reveal(room: Room, plan: Scenario, data: Data) -> Data:
    in_phase(room, ENDED)
    return {}


def reveal(room: Room, plan: Scenario, command: Command) -> None:
    room.revealed, room.step = True, 0


def can_end(room: Room, plan: Scenario, data: Data) -> Data:
    """Not while a turn is played, unless it cannot be; that one is then no part of the game."""
    why = data.get("why", "")
    if room.stuck:
        return {"why": why, "stuck": True, "back": trouble.seats_back(room)}
    if room.phase not in (LOBBY, OPEN):
        raise refuse("over_or_playing", None, 409)
    return {"why": why}


def end(room: Room, plan: Scenario, command: Command) -> None:
    if command.data.get("stuck"):
        trouble.reopen(room, command.at, command.data["why"], command.data["back"])
    room.phase, room.deadline, room.left, room.paused = ENDED, None, None, False


def can_note(room: Room, plan: Scenario, data: Data) -> Data:
    return need(data, "text")


def note(room: Room, plan: Scenario, command: Command) -> None:
    """For control alone: no seat is called that, so no seat's view holds it."""
    text = command.data["text"]
    room.notes.append(Note(CONTROL, command.who, room.turn, UMPIRE, text, command.at))
