"""Does every lever of every seat move something that the seat's own card shows?

    python -m runs.room.trial.levers japan-2026
    python -m runs.room.trial.levers japan-2026 --places    every place of a lever by itself

For each seat, worlds of the same luck stand side by side: one in which the seat does nothing but
bring about a situation, and one for each of its levers, in which that lever is moved after the
first quarter to the end of its range that lies farther away. Two quarters later the cards are
compared: gauges, and every number of the seat's picture except the lever's own setting. What takes
years to build is looked at again a year after that.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.firm_view import FirmView
from agents.players import Luck, Wish
from agents.view import StateView, firm_view, state_view
from agents.warmup import build_world
from runs.outcome import GAUGES, outcome
from runs.room.reach import reached
from runs.room.reports import TOLD_ELSEWHERE
from runs.room.state import QUARTER
from runs.room.trial.audit import core_seats
from runs.room.trial.players import Constant, Player
from runs.seats import Seats
from runs.turn import play_week
from world.decisions import Order, check_order
from world.draws import Draws
from world.levers import LADDER, LEVERS, get_lever, indices, ladder, levers_of
from world.scenario import Scenario, load_scenario
from world.state import World

Array = NDArray[np.float64]

SEEN_GAUGE, SEEN_SHARE = 0.001, 0.005  # of a gauge; of any other number that a card shows
SOON, LATE = 3 * QUARTER, 8 * QUARTER  # weeks at the end of which cards are compared

# What has been done before, so that each lever has something to act on: a floor's form needs a
# floor, a release needs a stock, project support needs a project, which in a country without one
# comes with a contract, so large that new plants stand behind it; licences and threats need a ban
# and a clause, and so do the fears of firms.
STATE_SITUATION = {
    "stockpile_target_days": 90.0, "floor_usd_per_kg.ndpr_oxide": 110.0,
    "offtake.ndpr_oxide": 5000.0,
}  # fmt: skip
COERCER_SITUATION = {
    "rung.{target}": 7.0, "third_country_clause": 1.0, "threat": 0.6, "enforcement": 4.0,
}  # fmt: skip


class Shown(NamedTuple):
    """What moving a lever from one value to another has changed most on its seat's card."""

    seat: str
    lever: str
    value: float
    weeks: int  # played when cards were compared
    field: str  # "" where nothing has changed
    change: float  # of a gauge, or relative to the number that stood there
    gauges: tuple[float, ...]  # changes of the three gauges


class OneLuck:
    """The luck of one seed for every world of a batch."""

    def __init__(self, seed: int, worlds: int) -> None:
        self._draws, self.seed, self.replicates = Draws(seed), seed, worlds

    def uniform(self, week: int, purpose: str, n: int) -> Array:
        return np.broadcast_to(self._draws.uniform(week, purpose, n), (self.replicates, n))


class Apart(Player):
    """Gives each world of a batch its own order in week 13; all have the same in week 0."""

    name = "apart"

    def __init__(
        self, plan: Scenario, seat: str, before: Mapping[str, float], moves: list[tuple[str, float]]
    ) -> None:
        super().__init__(plan, seat)
        self.before, self.moves = before, moves

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        if view.week == 0:
            return [Wish(full, value, "the situation") for full, value in self.before.items()]
        if view.week != QUARTER:
            return []
        wishes: dict[str, Array] = {}
        for world, (full, value) in enumerate(self.moves, start=1):
            column = wishes.setdefault(full, np.full(view.replicates, np.nan))
            column[world] = value
        return [Wish(full, column, "one lever") for full, column in wishes.items()]


def shown(plan: Scenario, seat: str, seed: int = 7, places: bool = False) -> list[Shown]:
    """One row for every lever of a seat, in the first situation in which it moves something.

    With ``places`` one for every place of a lever that the seat is offered.
    """
    found: list[Shown] = []
    for pressure in pressures(plan, seat):
        if not found or not all(row.field for row in found):
            rows = _shown(plan, seat, pressure, seed, places)
            found = [
                old if old.field else new for old, new in zip(found or rows, rows, strict=True)
            ]
    return found


def _shown(
    plan: Scenario, seat: str, pressure: Mapping[str, float], seed: int, places: bool
) -> list[Shown]:
    before = situation(plan, seat)
    start = build_world(plan)
    moves = far_moves(plan, seat, start, before, places)
    world = start.spread(len(moves) + 1)
    wanted: dict[str, Any] = {seat: Apart(plan, seat, before, moves)}
    if pressure:
        wanted[plan.coercer] = Constant(plan, plan.coercer, "pressure", dict(pressure))
    seats = Seats(plan, wanted)
    luck: Any = OneLuck(seed, world.replicates)
    found: list[Shown] = []
    for weeks in (SOON, LATE):
        if found and all(row.field for row in found):
            break
        while world.week < weeks:
            play_week(world, luck, seats)
        cards = [card(world, seat, r) for r in range(world.replicates)]
        rows = [
            _compare(seat, *move, weeks, cards[0], cards[r])
            for r, move in enumerate(moves, start=1)
        ]
        found = [old if old.field else new for old, new in zip(found or rows, rows, strict=True)]
    return found


def pressures(plan: Scenario, seat: str) -> list[dict[str, float]]:
    """How the coercer acts: as AI plays it; for firms, whose fears need a cause, harder too."""
    if seat not in plan.firms:
        return [{}]
    orders = situation(plan, plan.coercer)
    return [{}, orders, orders | {"threat": 1.0, "enforcement": 12.0}]


def situation(plan: Scenario, seat: str) -> dict[str, float]:
    if seat in plan.firms:
        return {}
    if seat == plan.coercer:
        return {k.format(target=plan.target): v for k, v in COERCER_SITUATION.items()}
    return dict(STATE_SITUATION)


def far_moves(
    plan: Scenario, seat: str, world: World, before: Mapping[str, float], places: bool = False
) -> list[tuple[str, float]]:
    """Each lever, at the allowed end of its range that lies farther from where it will stand."""
    moves = []
    for full in _aims(plan, seat, world, places):
        lever = LEVERS[full.partition(".")[0]]
        where = full if "." in full or not lever.index else f"{full}.{indices(plan, lever)[0]}"
        stands = _stands(plan, seat, world, before, full, where)
        ends = sorted((lever.low, lever.high), key=lambda end: -abs(end - stands))
        allowed = [v for v in ends if check_order(Order(0, seat, full, v), plan, 0) is None]
        moves.append((full, allowed[0]))
    return moves


def _aims(plan: Scenario, seat: str, world: World, places: bool) -> list[str]:
    """Full names: each lever at the target or everywhere, or at each place that it is offered."""
    aims = []
    for lever in levers_of(plan, seat).values():
        if places and lever.index:
            aims += [f"{lever.name}.{place}" for place in reached(world, seat, lever)]
        else:
            aims.append(f"{lever.name}.{plan.target}" if lever.index == "zone" else lever.name)
    return aims


def _stands(
    plan: Scenario, seat: str, world: World, before: Mapping[str, float], full: str, where: str
) -> float:
    """Where a lever stands after the situation: as ordered, as a step of the ladder sets it, or
    as ever."""
    name, _, index = full.partition(".")
    step = before.get(f"{LADDER}.{plan.target}") if index == plan.target else None
    if full in before or name in before:
        return before.get(full, before.get(name, 0.0))
    if name == LADDER:
        return 0.0
    if step is not None and name in ladder()[int(step)].settings:
        return ladder()[int(step)].settings[name]
    return float(get_lever(world.regime, plan, seat, where)[0])


def card(world: World, seat: str, replicate: int) -> dict[str, Array]:
    """All numbers of a seat's card by name; gauges under their own."""
    view: StateView | FirmView = (
        firm_view(world, seat) if seat in world.setting.scenario.firms else state_view(world, seat)
    ).luck(replicate)
    numbers: dict[str, Array] = {}
    for entry in fields(view):
        if entry.name in TOLD_ELSEWHERE:
            continue
        value = getattr(view, entry.name)
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        for key, part in parts:
            if isinstance(part, np.ndarray | np.generic):
                name = f"{entry.name}.{key}" if key else entry.name
                numbers[name] = np.atleast_1d(np.asarray(part, dtype=float))
    for name, figure in outcome(world, seat, replicate).items():
        numbers[f"gauge {name}"] = np.array([figure])
    return numbers


def _compare(
    seat: str,
    lever: str,
    value: float,
    weeks: int,
    was: dict[str, Array],
    now: dict[str, Array],
) -> Shown:
    best, field = 0.0, ""
    moved = tuple(float((now[f"gauge {n}"] - was[f"gauge {n}"])[0]) for n in GAUGES)
    for name, old in was.items():
        gap = np.abs(np.nan_to_num(now[name]) - np.nan_to_num(old))
        if name.startswith("gauge"):
            size = float(gap.max()) if gap.max() >= SEEN_GAUGE else 0.0
        else:  # a number near 0 is measured against 1, as shares are
            size = float((gap / np.maximum(np.abs(np.nan_to_num(old)), 1.0)).max())
            size = size if size >= SEEN_SHARE else 0.0
        if size and (not field or (name.startswith("gauge"), size) > (field[:5] == "gauge", best)):
            best, field = size, name
    return Shown(seat, lever, value, weeks, field, best, moved)


def main() -> None:
    parser = argparse.ArgumentParser(description="What each lever moves on its seat's card.")
    parser.add_argument("scenario")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--seats", default="", help="only these, by comma")
    parser.add_argument("--places", action="store_true", help="every place of a lever by itself")
    args = parser.parse_args()
    plan = load_scenario(args.scenario, {"users": args.users})
    idle = 0
    for seat in [s for s in args.seats.split(",") if s] or core_seats(plan):
        for row in shown(plan, seat, args.seed, args.places):
            idle += not row.field
            gauges = " ".join(f"{change:+.4f}" for change in row.gauges)
            what = f"{row.field} {row.change:.3g}" if row.field else "MOVES NOTHING"
            order = f"{row.lever} = {row.value:g}"
            print(f"{seat:<13}{order:<34}{row.weeks:>4} weeks  {gauges}   {what}")
    sys.exit(1 if idle else 0)


if __name__ == "__main__":
    main()
