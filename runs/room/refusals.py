"""Refusals as keys and values: those of the room, and the common ones of the world's own checks.

What a page can cause has a key and is read in the language of the reader: a value out of range or
not whole, a lever of another seat, a week that is over, what only fictional firms may do, a deal
in the way. What no page sends (names of seats, levers or kinds that there are not, each with a
guess at what was meant) is told in the model's English sentence alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from runs.room.commands import Refused
from runs.room.say import Say
from world.decisions import Order, check_order
from world.levers import LEVERS, levers_of, name_fault, value_fault

if TYPE_CHECKING:
    from world.scenario import Scenario


def refuse(key: str, field: str | None = None, status: int = 422, **values: Any) -> Refused:
    """A refusal of the room; ``key`` is one of ``refuse`` in the catalogues."""
    say = Say(f"refuse.{key}", values)
    return Refused(say.english, field, status, say)


def check_setting(
    plan: Scenario, seat: str, full: str, value: float, field: str | None = None
) -> None:
    """Raises Refused for a setting that the seat may not order or promise."""
    fault = name_fault(plan, seat, full) or value_fault(seat, full, value, plan)
    if fault:
        raise Refused(fault, field, 422, _setting(plan, seat, full, value))


def order_refused(plan: Scenario, order: Order, week: int, field: str | None) -> Refused | None:
    """The refusal of an order by the rules of the world, or None. Names the field at fault."""
    found = check_order(order, plan, week)
    if found is None:
        return None
    named = name_fault(plan, order.actor, order.lever)
    place = field or ("lever" if named else "value")
    say = _setting(plan, order.actor, order.lever, order.value)
    if say is None and not named and order.week < week:
        say = Say("refuse.week_played", {"lever": order.lever, "week": order.week, "now": week})
    return Refused(found.reason, place, 422, say)


def _setting(plan: Scenario, seat: str, full: str, value: float) -> Say | None:
    """Why a seat may not set a lever to a value, where that is one of the common reasons."""
    lever = LEVERS.get(full.partition(".")[0])
    if lever is None or seat not in plan.actors:
        return None
    if lever.name not in levers_of(plan, seat):
        return Say("refuse.not_yours", {"seat": seat, "lever": lever.name})
    if name_fault(plan, seat, full):
        return None
    if lever.fault(value, full):
        inside = lever.low <= value <= lever.high
        values = {"lever": full, "low": lever.low, "high": lever.high, "value": value}
        return Say("refuse.whole" if inside else "refuse.range", values)
    if value_fault(seat, full, value, plan):
        return Say("refuse.only_fictional", {"seat": seat})
    return None


def bound_say(full: str, low: float, high: float) -> Say:
    """Where deals keep a lever; infinite bounds are left out."""
    values = {n: v for n, v in (("low", low), ("high", high)) if math.isfinite(v)}
    kind = "at" if low == high else "least" if math.isinf(high) else "between"
    return Say(f"bound.{'most' if math.isinf(low) else kind}", {"lever": full, **values})


def breach_say(value: float, bound: Say, deals: Sequence[int]) -> Say:
    """Why an order would break deals."""
    kind = bound.key.rpartition(".")[2]
    return Say(f"refuse.bound_{kind}", {**bound.values, "value": value, "deals": list(deals)})
