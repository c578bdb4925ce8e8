"""Saved orders of the open turn: what a later word takes back, and what control has set.

What control sets in a seat's name stands for the turn until control takes it back. It is played
after the seat's own orders, so that whatever they say beside it, it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.room.state import CONTROL, Chair, Draft
from runs.seats import parts

if TYPE_CHECKING:
    from world.scenario import Scenario


def cover(orders: dict[str, Draft], plan: Scenario, full: str) -> None:
    """Takes back saved orders on parts of what is ordered now, since the later word counts."""
    whole = set(parts(plan, full))
    for other in [o for o in orders if o != full and set(parts(plan, o)) <= whole]:
        del orders[other]


def set_by_control(chair: Chair, plan: Scenario, full: str) -> str | None:
    """What control has set of a lever or a part of it, by full name; None for nothing."""
    asked = set(parts(plan, full))
    return next(
        (o for o, draft in chair.orders.items()
         if draft.by == CONTROL and asked & set(parts(plan, o))), None,
    )  # fmt: skip
