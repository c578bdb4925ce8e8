"""Do ghosts tell the way? What they promised against what the quarter brought, luck and all.

    python -m runs.room.trial.ghosts --turns 200

plays games of AI, and in every turn every state drags one of its six levers, and every firm one of
its own, to a step at random. The ghost is made from what the seat may know, as in a room. Then the
quarter is played twice with the room's own world and luck, with the order and without it, while AI
goes on. Where the middle of a ghost promised more than a point of 100, its sign must be that of the
difference in `WANTED` of the cases; how often the difference fell into the band is told too.
"""

from __future__ import annotations

import argparse
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import numpy as np

from runs.otherwise import Branch, Start
from runs.outcome import GAUGES, outcomes
from runs.room.foresight import Foresight
from runs.room.known import known_turns
from runs.room.relevance import six_levers
from runs.room.state import PERSON, QUARTER, Room
from runs.room.table import Table
from runs.room.trial.client import tell
from runs.room.trial.dilemmas import silent
from runs.seats import Seats
from runs.turn import READY, Act
from world.decisions import Order
from world.levers import LEVERS, full_name
from world.state import World

SEED, USERS, TURNS = 970_001, 500, 6
POINT = 0.01  # of a gauge from 0 to 1
WANTED = 0.8  # of the promises above a point
SHOWN = 0.0005  # half of the last digit of a gauge that a page shows


class Case(NamedTuple):
    """What one ghost promised for one gauge, and what came."""

    seat: str
    lever: str
    gauge: str
    low: float
    middle: float
    high: float
    came: float

    @property
    def right(self) -> bool:
        """Whether the sign is that of what came."""
        return self.middle * self.came > 0


def cases(
    scenario: str, seed: int, turns: int = TURNS, users: int = USERS, seats: Sequence[str] = ()
) -> Iterator[Case]:
    """The promises of one game, three for each seat (``seats`` alone, if given) and turn."""
    setup = {"scenario": scenario, "id": scenario, "text": "", "seed": seed, "users": users,
             "set": {}}  # fmt: skip
    table, desk, luck = Table(setup), Foresight(), np.random.default_rng(seed)
    inputs = [silent(table, turn) for turn in range(1, turns + 1)]
    table.play(inputs)
    for turn in range(turns):
        results = table.results[: turn + 1]
        room = cast(Room, SimpleNamespace(played=inputs[:turn], injects={}, deals={}))
        for row, seat in enumerate(table.plan.actors):
            if seats and seat not in seats:
                continue
            lever, value = dragged(table, results, seat, luck)
            told = desk.ghost({
                "setup": setup, "seat": seat, "known": known_turns(room, results, seat),
                "without": [], "drafted": [[lever, value]], "lever": lever, "value": value,
                "playing": inputs[turn]["seats"], "bounds": [],
            })  # fmt: skip
            start = table.starts[turn]
            with_it = quarter(table, start, seat, [(lever, value)])
            without = quarter(table, start, seat, [])
            for gauge in GAUGES:
                one = told["effects"][gauge]
                came = float(with_it[gauge][0, row] - without[gauge][0, row])
                yield Case(seat, lever, gauge, one["low"], one["middle"], one["high"], came)


def dragged(
    table: Table, results: Sequence[Mapping[str, Any]], seat: str, luck: np.random.Generator
) -> tuple[str, float]:
    """One of the levers that the seat's page shows first, and a step of it that moves something."""
    held = results[-1]["seats"][seat]["values"]
    shown = [one["lever"] for one in six_levers(table.plan, seat, results)] or [
        full_name(name, index) for name, places in held.items() for index in places
    ]
    full = shown[luck.integers(len(shown))]
    name, _, index = full.partition(".")
    lever, was = LEVERS[name], held.get(name, {}).get(index, LEVERS[name].default)
    steps = np.arange(round((lever.high - lever.low) / lever.step) + 1)
    found = [one for one in (lever.low + lever.step * steps).tolist() if abs(one - was) > 1e-9]
    return full, round(float(found[luck.integers(len(found))]), 6)


def quarter(
    table: Table, start: Start, seat: str, orders: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    """All gauges after the quarter in the room's own world and luck, the seat with a person who
    gives these orders and no more."""
    seats, week = start.seats.copy(), start.world.week
    seats.seat(seat, PERSON)
    acts = [Act(week, seat, player=READY)]
    acts += [Act(week, seat, order=Order(week, seat, lever, value, "person", ""))
             for lever, value in orders]  # fmt: skip

    def told(world: World, _: Seats) -> list[Act]:
        return acts if world.week == week else []

    branch = Branch(Start(start.world, seats), table.game.luck, told)
    for _ in branch.play(min(week + QUARTER, table.game.horizon)):
        pass
    return outcomes(branch.world)


def summed(found: Sequence[Case]) -> dict[str, Any]:
    """How many promises were large, how many of them had the right sign, and how many differences
    fell into their bands, in all and by gauge."""
    groups: defaultdict[str, list[Case]] = defaultdict(list)
    for one in found:
        groups["all"].append(one)
        groups[one.gauge].append(one)
    return {name: _of(groups[name]) for name in ("all", *GAUGES) if groups[name]}


def _of(found: Sequence[Case]) -> dict[str, float]:
    large = [one for one in found if abs(one.middle) > POINT]
    held = [one.low - SHOWN <= one.came <= one.high + SHOWN for one in large]
    return {
        "promises": len(found), "above_a_point": len(large),
        "right_sign": round(float(np.mean([one.right for one in large])), 3) if large else 1.0,
        "in_band": round(float(np.mean(held)), 3) if large else 1.0,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="What ghosts promised and what came.")
    parser.add_argument("scenario", nargs="?", default="japan-2026")
    parser.add_argument("--turns", type=int, default=200, help="of a seat, in games of six turns")
    asked = parser.parse_args()
    games = (cases(asked.scenario, SEED + n) for n in itertools.count())
    promises = itertools.chain.from_iterable(games)
    found = list(itertools.islice(promises, asked.turns * len(GAUGES)))
    figures = summed(found)
    tell(figures, figures["all"]["right_sign"] >= WANTED)


if __name__ == "__main__":
    main()
