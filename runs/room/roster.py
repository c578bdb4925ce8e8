"""Which seats a scenario has: one table, so that further kinds of actor are further rows.

A seat is an actor of the scenario with levers. Offered to people are the states that a policy of
their own plays, of the hubs the first, and the firms; the others are seats for a room that asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runs.room.commands import Refused
from world.levers import COERCER, LEVERS, STATE, guess, indices, kind_of, levers_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from world.levers import Lever
    from world.scenario import Scenario


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat: `title` is the key of its name in the catalogue of strings."""

    seat: str
    kind: str  # state | firm | refiner
    title: str
    usual: bool  # offered to people unless the room says otherwise


def roster(plan: Scenario) -> list[SeatRow]:
    """Every seat of a scenario in the order of its actors."""
    rows = []
    for actor in plan.actors:
        kind = kind_of(plan, actor)
        if levers_of(plan, actor):
            kind = STATE if kind == COERCER else kind
            rows.append(SeatRow(actor, kind, f"seat.{actor}", _usual(plan, actor, kind)))
    return rows


def _usual(plan: Scenario, actor: str, kind: str) -> bool:
    if kind != STATE or actor in (plan.coercer, plan.target):
        return True
    return actor in plan.policies and actor not in plan.hubs[1:]


def seat_name(plan: Scenario, seat: str) -> str:
    """A firm's own name; a state's stands in the catalogue of strings."""
    return plan.firms[seat].title if seat in plan.firms else seat


def is_state(plan: Scenario, seat: str) -> bool:
    return seat in plan.zones


def open_seats(plan: Scenario, wanted: Iterable[str] | None) -> list[str]:
    """The seats that people may take; raises Refused for one that there is not."""
    known = [row.seat for row in roster(plan)]
    if wanted is None:
        return [row.seat for row in roster(plan) if row.usual]
    chosen = list(dict.fromkeys(wanted))
    for seat in chosen:
        if seat not in known:
            raise Refused(f"{seat!r} is no seat of {plan.id}: {guess(seat, known)}", "seats")
    if not chosen:
        raise Refused("A room needs at least one seat.", "seats")
    return chosen


def lever_table(plan: Scenario, seat: str) -> list[dict[str, Any]]:
    """A seat's levers, one row each, with the places they may be aimed at."""
    return [_row(plan, lever) for lever in levers_of(plan, seat).values()]


def _row(plan: Scenario, lever: Lever) -> dict[str, Any]:
    taken: dict[str, Any] = {}
    if plan.allowance:  # what it takes of a purse: kind of money, points for every such change
        step = lever.capital_step if lever.capital else None
        taken = {"money": lever.money, "capital": lever.capital, "capital_step": step}
    return taken | {
        "lever": lever.name, "group": lever.group, "unit": lever.unit, "low": lever.low,
        "high": lever.high, "step": lever.step, "whole": lever.whole, "default": lever.default,
        "delay_weeks": lever.delay_weeks, "cost": lever.cost, "meaning": lever.meaning,
        "index": lever.index, "places": list(indices(plan, lever)),
    }  # fmt: skip


def lever_unit(full: str) -> str:
    """The unit of a lever by full name, "" for an unknown one."""
    lever = LEVERS.get(full.partition(".")[0])
    return lever.unit if lever else ""
