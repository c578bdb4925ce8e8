"""Orders and refusals: one seat's wish for one lever, and why it is not allowed.

A person, a script, a file, an AI policy and a replay all speak in orders, so the same check stands
between any of them and the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from world.levers import name_fault, value_fault

if TYPE_CHECKING:
    from world.scenario import Scenario
    from world.setting import Setting


HISTORY = "history"  # the speaker of a scenario's dated acts


@dataclass(frozen=True, slots=True)
class Order:
    """``lever`` (full name, without the actor) to ``value`` in ``week``, counted from 0.

    The order is given in that week and binds from the next, or after the lever's stated delay; one
    by ``history`` is a dated act and binds in the week itself.
    ``by`` says who spoke: person, history, a file, or the name of a policy.
    """

    week: int
    actor: str
    lever: str
    value: float
    by: str = "person"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An order that the rules do not allow, with the reason as one sentence."""

    order: Order
    reason: str


def check_order(order: Order, place: Setting | Scenario, week: int) -> Refusal | None:
    """None if the order may stand, else its refusal.

    ``place`` is a scenario or whatever carries one as ``scenario``; ``week`` is the first week
    that has not been played. Refused are unknown actors, levers and indices, levers of somebody
    else, values that are no number, out of range or not whole where they must be, past weeks.
    """
    scenario: Scenario = getattr(place, "scenario", place)  # type: ignore[arg-type]
    reason = name_fault(scenario, order.actor, order.lever)
    reason = reason or value_fault(order.actor, order.lever, order.value, scenario)
    if reason is None and order.week < week:
        reason = (
            f"{order.lever} of {order.actor} is ordered for week {order.week}, which has been "
            f"played: the earliest is week {week}."
        )
    return None if reason is None else Refusal(order, reason)
