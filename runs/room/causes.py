"""Why a turn came out as it did: the same turn again without one thing, with the same luck.

For every seat that ordered something, for the coercer's measures as a whole, and for each event
and deal, the turn is played again from the same start without it. What a cause did to a seat is
what the seat had less what it would have had. So the figures are true by construction: they are
differences between two plays of the model, not a judgement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runs.headline import gauges
from runs.otherwise import Branch, Changes, Less, Start
from runs.outcome import GAUGES
from runs.room.state import QUARTER
from runs.room.table import Table, acts_of
from runs.room.tidings import event_say
from world.levers import LADDER, levers_of
from world.state import World

Array = NDArray[np.float64]

LARGEST = 3
SMALLEST = 5e-5  # of a gauge: below it nothing is a cause
OF_A_DOLLAR = 1e-15  # of a gauge: money orders causes that move gauges alike, and no others
MOST = 24  # causes that are looked into in one turn


class Cause(NamedTuple):
    """One thing to leave out. `actor` is whose it is, `n` the number of an inject or deal."""

    kind: str  # orders | measures | inject | deal | event
    actor: str
    n: int = 0
    what: str = ""
    key: str = ""  # of ``what`` in the catalogues


class Outcome(NamedTuple):
    """What seats have at the end of a turn: gauges, and money lost in it."""

    gauges: dict[str, dict[str, float]]
    loss_usd: dict[str, float]


def causes(table: Table, turn: int) -> dict[str, Any]:
    """By seat: its change in the turn, and the largest causes of how it stands, with numbers."""
    start, inputs = table.starts[turn - 1], table.inputs[turn - 1]
    weeks = range(start.world.week, min(start.world.week + QUARTER, table.game.horizon))
    real = _real(table, turn, weeks)
    without = {
        cause: _replay(table, start, inputs, weeks, cause)
        for cause in candidates(table, inputs, weeks)
    }
    before = table.results[turn - 1]["seats"]
    found = {}
    for seat in table.plan.actors:
        had = {name: before[seat]["gauges"][name] for name in GAUGES}
        now = real.gauges[seat]
        rows = [_effect(seat, cause, real, other) for cause, other in without.items()]
        rows = _distinct(sorted(rows, key=lambda row: -row["size"]))
        change = {name: round(now[name] - had[name], 6) for name in GAUGES}
        found[seat] = {
            "change": change | {"score": round(math.fsum(change.values()) / len(GAUGES), 6)},
            "loss_usd": round(real.loss_usd[seat]),
            "causes": [{k: v for k, v in row.items() if k != "size"} for row in rows[:LARGEST]],
        }  # fmt: skip
    return {"turn": turn, "seats": found}


def candidates(table: Table, inputs: Mapping[str, Any], weeks: range) -> list[Cause]:
    """What may have mattered in a turn, the most general first."""
    recorded = table.game.recorder.orders
    acted = {o["actor"] for o in recorded if o["accepted"] and o["week"] in weeks}
    found = [Cause("measures", table.plan.coercer)]
    found += [Cause("orders", actor) for actor in table.plan.actors if actor in acted]
    events = inputs["events"]
    injects = [e for e in events if "inject" in e]
    found += [Cause("inject", "", e["inject"], e["text"], e.get("key", "")) for e in injects]
    found += [Cause("deal", "", n) for n in sorted({e["deal"] for e in events if "deal" in e})]
    own = [e for e in table.plan.events if e.week in weeks]
    for i, e in enumerate(own):
        say = event_say(table.plan, table.plan.events.index(e))
        found.append(Cause("event", e.actor, i, e.text, say.key if say else ""))
    return found[:MOST]


def _real(table: Table, turn: int, weeks: range) -> Outcome:
    seats, recorder = table.results[turn]["seats"], table.game.recorder
    span = slice(weeks.start, weeks.stop)
    earned = np.zeros(0)
    if table.plan.firms:
        earned = recorder.array("firms", "profit_usd")[span].sum(axis=0)
    return Outcome(
        {seat: seats[seat]["gauges"] for seat in table.plan.actors},
        _lost(table, recorder.array("zones", "gdp_loss_usd")[span].sum(axis=0), earned),
    )


def _lost(table: Table, lost: Array, earned: Array) -> dict[str, float]:
    """Money lost by seat: output of states, and profit of firms with its sign turned."""
    found = {zone: float(lost[z]) for z, zone in enumerate(table.plan.zones)}
    return found | {firm: -float(earned[f]) for f, firm in enumerate(table.plan.firms)}


def _distinct(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what changed next to nothing, and without a cause that is another by a wider name:
    the coercer's orders of the turn are a part of its measures."""
    kept: list[dict[str, Any]] = []
    for row in rows:
        figures = [row[name] for name in (*GAUGES, "loss_usd")]
        twin = any(figures == [other[name] for name in (*GAUGES, "loss_usd")] for other in kept)
        if row["size"] >= SMALLEST and not twin:
            kept.append(row)
    return kept


def _effect(seat: str, cause: Cause, real: Outcome, other: Outcome) -> dict[str, Any]:
    """What a cause gave a seat: real less what would have been without it."""
    gave = {name: round(real.gauges[seat][name] - other.gauges[seat][name], 6) for name in GAUGES}
    score = math.fsum(gave.values()) / len(GAUGES)
    lost = real.loss_usd[seat] - other.loss_usd[seat]
    return {
        "kind": "own orders" if cause.kind == "orders" and cause.actor == seat else cause.kind,
        "actor": cause.actor, "n": cause.n, "what": cause.what, "key": cause.key, **gave,
        "score": round(score, 6), "loss_usd": round(lost),
        "size": max(abs(value) for value in gave.values()) + abs(lost) * OF_A_DOLLAR,
    }  # fmt: skip


# --- the turn again -----------------------------------------------------------------------------


def _replay(
    table: Table, start: Start, inputs: Mapping[str, Any], weeks: range, cause: Cause | None
) -> Outcome:
    """How the turn ends without one cause, or as it was for None."""
    told = _less(inputs, cause)
    other = Branch(
        _lifted(start, cause), table.game.luck,
        lambda world, seats: (
            acts_of(seats, world, told, table.held) if world.week == weeks.start else []
        ),
        _changes(table, weeks, cause),
    )  # fmt: skip
    lost, earned = np.zeros(other.world.setting.Z), np.zeros(len(table.plan.firms))
    for account in other.play(weeks.stop):
        lost += account.zones["gdp_loss_usd"][0]
        if table.plan.firms:
            earned += account.firms["profit_usd"][0]
    return Outcome(
        {seat: gauges(other.world, seat) for seat in table.plan.actors},
        _lost(table, lost, earned),
    )


def _changes(table: Table, weeks: range, cause: Cause | None) -> Changes:
    """What a branch without the cause leaves out, beside what it is not told."""
    if cause is not None and cause.kind in ("orders", "measures"):
        return Changes(less=[Less(cause.actor, weeks=weeks)])
    if cause is not None and cause.kind == "event":
        return Changes(missed=[[e for e in table.plan.events if e.week in weeks][cause.n]])
    return Changes()


def _lifted(start: Start, cause: Cause | None) -> Start:
    """The start of the turn, without the coercer's measures where these are the cause."""
    if cause is None or cause.kind != "measures":
        return start
    world = start.world.copy()
    lift_measures(world)
    return Start(world, start.seats)


def _less(inputs: Mapping[str, Any], cause: Cause | None) -> dict[str, Any]:
    """The inputs of a turn without one inject, or without what changes hands under one deal."""
    told = dict(inputs)
    if cause is not None and cause.kind in ("inject", "deal"):
        for part in ("events", "orders"):
            told[part] = [one for one in inputs[part] if one.get(cause.kind) != cause.n]
    return told


def lift_measures(world: World) -> None:
    """Sets every lever of the coercer to its default and forgets what it has under way."""
    plan = world.setting.scenario
    row = plan.zones.index(plan.coercer)
    for lever in levers_of(plan, plan.coercer).values():
        if lever.name != LADDER:
            world.regime[lever.name][:, row] = lever.default
    world.pending = [entry for entry in world.pending if entry[1].actor != plan.coercer]
    world.markets.announced[:] = 0.0
    world.refresh_law()
