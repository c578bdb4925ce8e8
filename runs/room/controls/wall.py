"""The wall: a facilitator turns its page, forward, back, or to a scene or part by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.room import scenes
from runs.room.commands import Command, Refused
from runs.room.controls.checks import Data, need
from runs.room.controls.record import reveal
from runs.room.refusals import refuse
from runs.room.state import ENDED, Room

if TYPE_CHECKING:
    from world.scenario import Scenario

NEXT, BACK = "next", "back"
OPENS = "record"  # the right that going on from the end into the reveal needs besides


def can_turn(room: Room, plan: Scenario, data: Data) -> Data:
    """What is shown from now on is settled here, so that the log needs no clock: the ``scene``, the
    ``step`` of the reveal, what it was laid ``over``, and whether the record opens with it."""
    to, now = need(data, "to")["to"], data["at"]
    after, before = scenes.around(room, now)
    page = after if to == NEXT else before if to == BACK else None
    if isinstance(to, str) and to not in (NEXT, BACK):
        page = scenes.named(room, to)
    if page is None:
        raise refuse("no_scene", "to", 409)
    opens = page.scene == scenes.REVEAL and not room.revealed
    if opens and OPENS not in data["may"]:
        raise refuse("no_right", "action", 403, right=OPENS)
    return {"scene": page.scene, "step": scenes.number(room, page), "opens": opens,
            "over": scenes.ground(room, now)}  # fmt: skip


def turn(room: Room, plan: Scenario, command: Command) -> None:
    data = command.data
    if data["opens"] and room.phase == ENDED:
        reveal(room, plan, command)
        return
    room.scene, room.scene_over, room.step = data["scene"], data["over"], data["step"]


def can_branch(room: Room, plan: Scenario, command: Command) -> Command:
    """What if, played from the record: it is for the wall once the record is open."""
    if not room.revealed:
        raise Refused("The record is closed.", None, 409)
    return command


def branch_told(asked: Data, found: Data) -> Data:
    """What the log keeps of a branch: what was changed from which week on, and what came of it."""
    changed = {name: asked[name] for name in ("orders", "set")}
    return changed | {name: found[name] for name in ("from_week", "zones", "world_loss_usd")}
