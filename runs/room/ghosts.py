"""The ghost of a draft: what an order would bring beside the others, before anything is sent.

It is played beside the server, by what the seat may know alone (`runs.room.foresight`). A seat has
one ghost under way: a newer question overtakes those that wait. Who was overtaken, or asks while a
turn is being played, hears ``later``, which is no refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runs.room.child import ChildFailed, ChildRefused, Overtaken, Rank
from runs.room.commands import Refused
from runs.room.deals import bounds_on
from runs.room.known import drafted, known_turns
from runs.room.log import NotSaved
from runs.room.purse import Desk
from runs.room.refusals import check_setting
from runs.room.turns import bound_rows

if TYPE_CHECKING:
    from runs.room.host import Host

LATER = {"later": True}


async def ghost_of(
    host: Host, seat: str, lever: str, value: float, ahead: bool = False
) -> dict[str, Any]:
    """Effects by gauge, cost, and what it takes of the purse; ``beside`` are the orders that are
    saved now, so that who asked can tell whether they still stand. What a page asks ``ahead`` is
    played after all that people have moved."""
    check_setting(host.plan, seat, lever, value, "lever")
    if host.other is not None:
        raise Refused(host.other.english, None, 409, host.other)
    room = host.room
    if len(host.stage.results) <= len(room.played):
        return dict(LATER)
    known = known_turns(room, host.stage.results, seat)
    without, drafts = drafted(room, host.plan, seat, lever, value)
    saved = room.chairs[seat].orders
    told = {"turn": room.turn, "beside": [[full, saved[full].value] for full in saved]}
    if (purses := host.purses()) and seat in purses:
        told["purse"] = Desk(room, host.plan, seat, purses).preview(lever, value)
    host.stage.child_for(Rank.GHOST).overtake(seat)
    try:
        found: dict[str, Any] = await host.stage.ghost(
            seat, Rank.STORY if ahead else Rank.GHOST,
            seat=seat, known=known, without=without, drafted=drafts, lever=lever, value=value,
            playing={name: room.chairs[name].played_by for name in sorted(room.chairs)},
            bounds=bound_rows(seat, bounds_on(room, host.plan, seat, room.turn)),
        )  # fmt: skip
    except Overtaken:
        return dict(LATER)
    except ChildRefused as problem:
        raise Refused(str(problem), None) from None
    except ChildFailed as problem:
        raise NotSaved(str(problem), "refuse.model") from None
    return found | told
