"""The ghost of a draft: what an order would bring beside the others, before anything is sent.

It is played beside the server, by what the seat may know alone (`runs.room.foresight`). A person
has one ghost under way: a newer question overtakes those of the same person that wait, but for one
that somebody has moved, which none that a page asks ahead overtakes; a seat has a few. Who was
overtaken, comes when a seat has enough, or asks while a turn is being played, hears ``later``,
which is no refusal.
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
MOST = 4  # questions of a seat's people that are played or wait


async def ghost_of(
    host: Host, seat: str, lever: str, value: float, ahead: bool = False, who: str = ""
) -> dict[str, Any]:
    """Effects by gauge, cost, and what it takes of the purse; ``beside`` are the orders that are
    saved now, so that who asked can tell whether they still stand. What a page asks ``ahead`` is
    played after all that people have moved. ``who`` of the seat asks."""
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
    asker, rank = who or seat, Rank.STORY if ahead else Rank.GHOST
    side = host.stage.child_for(Rank.GHOST)
    side.overtake(asker, rank)
    team = {one.who for one in room.people.values() if one.seat == seat} | {asker}
    if sum(side.asked_by(one) for one in team) >= MOST:
        return dict(LATER)
    try:
        found: dict[str, Any] = await host.stage.ghost(
            asker, rank,
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
