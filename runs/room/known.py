"""What a seat may know of the turns that were played: the only thing that its ghosts are made from.

Public orders and cards, its own orders, and deals that it is told of. Figures of the game, secret
levers of others and cards for others are not among it, so a ghost cannot tell them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runs.room.drafts import cover
from runs.room.state import ALL, PERSON, Draft, Room
from runs.room.turns import in_their_order

if TYPE_CHECKING:
    from world.scenario import Scenario

Known = list[dict[str, Any]]
Orders = list[tuple[str, float]]


def known_turns(room: Room, results: Sequence[Mapping[str, Any]], seat: str) -> Known:
    """By turn: who played, orders (week, actor, lever, value) and events that the seat knows of,
    and what its own deals bound of its levers."""
    turns = zip(room.played, results[1:], strict=False)
    return [
        {
            "seats": inputs["seats"], "orders": _orders(inputs, result, seat),
            "events": [one for one in inputs["events"] if _told_of(room, one, seat)],
            "bounds": [one for one in inputs["bounds"] if one["actor"] == seat],
        }
        for inputs, result in turns
    ]  # fmt: skip


def _orders(
    inputs: Mapping[str, Any], result: Mapping[str, Any], seat: str
) -> list[tuple[int, str, str, float]]:
    names = ("actor", "lever", "value")
    own = [(inputs["week"], *(one[n] for n in names)) for one in inputs["orders"]
           if one["actor"] == seat]  # fmt: skip
    own += [(one["week"], *(one[n] for n in names)) for one in result["ordered"]
            if one["actor"] == seat]  # fmt: skip
    public = [(one["week"], *(one[n] for n in names)) for one in result["happenings"]
              if "lever" in one and one["actor"] != seat]  # fmt: skip
    return sorted([*own, *public], key=lambda one: one[0])


def _told_of(room: Room, event: Mapping[str, Any], seat: str) -> bool:
    if "inject" in event:
        readers = room.injects[event["inject"]].to
        return ALL in readers or seat in readers
    deal = room.deals[event["deal"]]
    return seat in deal.parties or not deal.secret


def drafted(
    room: Room, plan: Scenario, seat: str, full: str, value: float
) -> tuple[Orders, Orders]:
    """The seat's saved orders without one on a lever, and with it at a value, as they are given."""
    chair = room.chairs[seat]
    kept = dict(chair.orders)
    cover(kept, plan, full)
    kept.pop(full, None)
    new = {**kept, full: Draft(value, "", PERSON, room.opened)}

    return _given(kept), _given(new)


def _given(orders: Mapping[str, Draft]) -> Orders:
    return [(lever, draft.value) for lever, draft in in_their_order(orders)]
