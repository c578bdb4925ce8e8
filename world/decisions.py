"""Orders and refusals: one seat's wish for one lever, and why it is not allowed.

A person, a script, a file, an AI policy and a replay all speak in orders, so the same check stands
between any of them and the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING

from world.levers import name_fault, value_fault
from world.reading import short

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
    else, values that are no number, out of range or not whole where they must be, weeks that have
    been played, that the scenario does not have or that are no whole number.
    """
    scenario: Scenario = getattr(place, "scenario", place)  # type: ignore[arg-type]
    reason = name_fault(scenario, order.actor, order.lever)
    reason = reason or value_fault(order.actor, order.lever, order.value, scenario)
    reason = reason or week_fault(order, scenario, week)
    return None if reason is None else Refusal(order, reason)


def week_fault(order: Order, scenario: Scenario, week: int) -> str | None:
    """What is wrong with the week of an order, as one sentence that names the range.

    A game that is played on after the scenario's last week takes orders for its next week.
    """
    when: object = order.week
    last = max(week, scenario.weeks - 1)
    said = f"{order.lever} of {order.actor} is ordered for week"
    if isinstance(when, bool) or not isinstance(when, Integral):
        return f"{said} {short(when)}, which is no whole number between {week} and {last}."
    number = int(when)
    if number < week:
        return f"{said} {short(number)}, which has been played: the earliest is week {week}."
    if number > last:
        return f"{said} {short(number)}, after the last one: weeks are {week} to {last}."
    return None
