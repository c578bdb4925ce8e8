"""A room out of its rows. What this version cannot read concerns that room alone.

A log may hold what a later version wrote: a kind of command, an action, a lever, an event that
there is not here. Whoever opens such a room is told which command it is, in one sentence; the log
and the other rooms are as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from runs.room.commands import Command, Refused
from runs.room.control import ACTIONS
from runs.room.fold import APPLY, apply
from runs.room.log import Row
from runs.room.say import Say
from runs.room.setup import plan_of
from runs.room.state import Room
from world.events import KINDS
from world.levers import LEVERS

if TYPE_CHECKING:
    from world.scenario import Scenario

MOST_TOLD = 60  # characters of what is not known
PARTS = (KeyError, TypeError, ValueError, AttributeError, IndexError)  # of data that is not ours


class Unreadable(Refused):
    """A room that this version cannot read, with the command that it does not know."""

    def __init__(self, code: str, n: int, what: str) -> None:
        shown = "".join(c for c in what if c.isprintable())[:MOST_TOLD]
        say = Say("refuse.unreadable", {"code": code, "n": n, "what": shown})
        super().__init__(say.english, "code", 409, say)


class Opened(NamedTuple):
    """A room with the commands and the scenario that it is made from."""

    commands: list[Command]
    room: Room
    plan: Scenario


def opened(code: str, rows: Iterable[Row]) -> Opened:
    """The room of these rows; raises Unreadable, or ScenarioError for a scenario that is gone."""
    commands = commands_of(code, rows)
    plan = plan_from(code, commands)
    return Opened(commands, room_of(code, commands, plan), plan)


def commands_of(code: str, rows: Iterable[Row]) -> list[Command]:
    """The commands of a room's rows; raises Unreadable."""
    commands = []
    for n, row in enumerate(rows, start=1):
        try:
            command = Command.of(row.body)
        except PARTS:
            raise Unreadable(code, n, str(row.body.get("kind", "?"))) from None
        if (what := unknown_in(command)) is not None:
            raise Unreadable(code, n, what)
        commands.append(command)
    return commands


def plan_from(code: str, commands: list[Command]) -> Scenario:
    """The scenario of a room; raises Unreadable or ScenarioError."""
    if not commands or commands[0].kind != "create":
        raise Unreadable(code, 1, commands[0].kind if commands else "?")
    setup = commands[0].data.get("setup")
    if not isinstance(setup, dict) or not {"scenario", "users", "seed"} <= set(setup):
        raise Unreadable(code, 1, "setup")
    return plan_of(setup)


def room_of(code: str, commands: Iterable[Command], plan: Scenario) -> Room:
    """The room after all commands; raises Unreadable for one that cannot be done here."""
    room = Room()
    for n, command in enumerate(commands, start=1):
        try:
            apply(room, plan, command)
        except Exception as fault:  # whatever another version has put there
            action = command.data.get("action") if command.kind == "control" else None
            raise Unreadable(code, n, str(action or command.kind)) from fault
    return room


def unknown_in(command: Command) -> str | None:
    """What of a command this version does not know: its kind, an action, a lever, an event."""
    if command.kind not in APPLY:
        return command.kind
    if command.kind == "control" and command.data.get("action") not in ACTIONS:
        return str(command.data.get("action"))
    return None if command.kind == "create" else next(_unknown(command.data), None)


def _unknown(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for one in data:
            yield from _unknown(one)
    if not isinstance(data, dict):
        return
    lever, event = data.get("lever"), data.get("event")
    if lever is not None:
        if str(lever).partition(".")[0] not in LEVERS:
            yield str(lever)
        value = data.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float | None):
            yield f"{lever} = {value}"
    if isinstance(event, dict) and event.get("kind") not in KINDS:
        yield str(event.get("kind"))
    for name, one in data.items():
        if name != "event":  # its data are words of its own
            yield from _unknown(one)
