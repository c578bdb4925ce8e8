"""What a record says was told: what came from outside is checked before it is played again, and all
orders and events are compared with those of the game that was played again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs.recorder import RecordError
from runs.seats import OUTSIDE, SeatError, Seats
from runs.turn import READY
from world.decisions import Order, check_order
from world.events import Event, check_event
from world.levers import name_fault, value_fault
from world.reading import short

if TYPE_CHECKING:
    import pandas as pd

    from world.scenario import Scenario

HELD = "held"  # kind of event: which levers policies leave alone
SEAT = "seat"  # kind of event: who plays a seat from then on
Row = Mapping[str, Any]


# --- before it is played ----------------------------------------------------------------------


def check_told(plan: Scenario, frames: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Raises RecordError where an order, an inject or a change of seats could not have been."""
    for row in rows_of(frames["events"]):
        fault = event_fault(plan, row)
        if fault:
            raise RecordError(f"{folder / 'events'}.parquet, week {row['week']}: {fault}")
    weeks = int(frames["zones"]["week"].max()) + 1 if len(frames["zones"]) else 0
    for row in rows_of(frames["orders"]):
        if not row["accepted"]:
            continue
        week = int(row["week"])
        order = Order(week, row["actor"], row["lever"], row["value"], row["by"], row["why"])
        refusal = check_order(order, plan, max(0, min(week, weeks - 1)))
        if refusal is not None:
            raise RecordError(
                f"{folder / 'orders'}.parquet, week {week}: it says that an order was accepted "
                f"which cannot be: {refusal.reason}"
            )


def event_fault(plan: Scenario, row: Row) -> str | None:
    """What is wrong with an event of a record, as the end of a sentence, or None."""
    try:
        data = json.loads(row["data"])
    except (ValueError, RecursionError):
        return f"the data of an event are no JSON: {short(row['data'])}."
    if not isinstance(data, dict):
        return f"the data of an event are no JSON object: {short(row['data'])}."
    if row["kind"] == SEAT:
        return seat_fault(plan, row["actor"], data.get("player"))
    if row["kind"] == HELD:
        return held_fault(plan, data.get("levers"))
    if "inject" in data:
        return check_event(event_of(row, data), plan)
    return None


def event_of(row: Row, data: Mapping[str, Any]) -> Event:
    """The inject that an event row of a record tells of."""
    fields = {name: value for name, value in data.items() if name != "inject"}
    return Event(int(row["week"]), row["kind"], row["actor"], row["target"], row["text"], fields)


def seat_fault(plan: Scenario, actor: str, player: object) -> str | None:
    if not isinstance(player, str):
        return f"an event says that {short(player)} plays {short(actor)}, which is nobody's name."
    try:
        seats = Seats(plan)
        seats.check_actor(actor)
        if player != READY:
            seats.seat(actor, player)
    except SeatError as error:
        return f"an event cannot have been: {error}"
    return None


def held_fault(plan: Scenario, levers: object) -> str | None:
    if not isinstance(levers, str):
        return f"an event names {short(levers)} as levers that are left alone."
    for name in levers.split():
        actor, _, full = name.partition(".")
        if fault := name_fault(plan, actor, full):
            return f"an event names a lever that cannot be: {fault}"
    return None


def rows_of(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """The rows of a table as plain dicts."""
    for row in frame.to_dict(orient="records"):
        yield {str(name): value for name, value in row.items()}


# --- after it was played ----------------------------------------------------------------------


def told_difference(
    was: Mapping[str, pd.DataFrame], now: Mapping[str, pd.DataFrame], tolerance: float
) -> str | None:
    """The first week in which an order or an event differs, and how, or None.

    Refusals of what came from outside are not given again, so they are only judged by themselves.
    """
    found = []
    for table, again in (("orders", was_repeated), ("events", bool)):
        old = [row for row in rows_of(was[table]) if again(row)]
        new = [row for row in rows_of(now[table]) if again(row)]
        for before, after in zip(old, new, strict=False):
            name = next((n for n in after if unlike(n, before[n], after[n], tolerance)), None)
            if name is not None:
                found.append((int(before["week"]), in_words(table, before, name, after)))
                break
        else:
            if len(old) != len(new):
                row = max(old, new, key=len)[min(len(old), len(new))]
                text = f"week {row['week']}, table {table}: {len(old)} rows, now {len(new)}"
                found.append((int(row["week"]), text))
    return min(found)[1] if found else None


def was_repeated(order: Row) -> bool:
    """False for a refusal of what came from outside."""
    return bool(order["accepted"]) or order["by"] not in OUTSIDE


def unlike(name: str, old: Any, new: Any, tolerance: float) -> bool:
    """True where two cells differ: numbers by more than a tolerance, and texts in any sign unless
    there is a tolerance, since texts hold rounded numbers."""
    if name == "date":
        return False  # follows from the week
    if name == "data":
        old, new = json.loads(old), json.loads(new)
        if old.keys() != new.keys():
            return True
        return any(unlike("", old[key], new[key], tolerance) for key in new)
    if isinstance(new, float) and isinstance(old, int | float):
        if math.isnan(new) or math.isnan(old):
            return math.isnan(new) is not math.isnan(old)
        return not math.isclose(old, new, rel_tol=tolerance, abs_tol=tolerance)
    return bool(old != new) and not (tolerance and name in ("text", "reason"))


def in_words(table: str, before: Row, name: str, after: Row) -> str:
    return (
        f"week {before['week']}, table {table}, column {name}, {before['actor'] or 'nobody'}: "
        f"recorded {short(before[name])}, played {short(after[name])}"
    )


def refusal_difference(plan: Scenario, orders: pd.DataFrame) -> str | None:
    """The first refusal of what came from outside whose reason does not fit its order, or None.

    The week in which it was said is not recorded, so of a reason that speaks of the week only the
    rest is judged; nor is what no table can hold, of which the reason alone tells.
    """
    for row in rows_of(orders):
        actor, lever, reason = row["actor"], row["lever"], row["reason"]
        if was_repeated(row) or name_fault(plan, actor, lever) or not math.isfinite(row["value"]):
            continue
        known = value_fault(actor, lever, row["value"], plan)
        said = f"{lever} of {actor}"
        fits = reason == known if known else reason.startswith(f"{said} is ordered for")
        fits = fits or (plan.allowance and reason.startswith(f"{said} at "))  # beyond its purse
        if not fits:
            return (
                f"week {row['week']}, table orders, column reason, {actor}: recorded "
                f"{short(reason)}, played {short(known or 'no refusal')}"
            )
    return None
