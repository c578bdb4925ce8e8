"""Are dilemmas worth an answer? Their best ready answers against an order at random.

    python -m runs.room.trial.dilemmas --games 20 japan-2026

plays games of AI alone, and in every turn asks every seat its dilemma. From the same week and with
the same luck two worlds go on for two quarters: in one the seat gives the answer whose shown
effects on its three goals are best, in the other one order at random, a lever and a value that its
forms would take. The answer wins where the seat's goals stand higher at the end. Also counted: how
many dilemmas that were asked more than once had answers that differed with the state of the world.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from runs.abreast import play_abreast
from runs.outcome import GAUGES, outcomes
from runs.room.state import AI, QUARTER
from runs.room.table import Inputs, Table
from runs.room.trial.client import tell
from runs.turn import Act
from world.decisions import Order
from world.levers import LEVERS, full_name

SEED = 950_001
USERS, TURNS = 500, 6
AHEAD = 2 * QUARTER  # weeks that are played on
WANTED, DIFFER = 0.7, 0.8  # shares of cases won, and of dilemmas that differ with the state
ALIKE = 1e-9  # of the sum of gauges

Sets = Sequence[Mapping[str, Any]]


class Case(NamedTuple):
    """One dilemma of one seat in one turn."""

    dilemma: str
    seat: str
    turn: int
    lead: float  # of the best ready answer over the order at random, in the sum of gauges
    shown: str  # what its answers set and would do, to see whether they differ


def cases(scenario: str, seed: int, turns: int = TURNS, users: int = USERS) -> Iterator[Case]:
    """The cases of one game."""
    setup = {"scenario": scenario, "id": scenario, "text": "", "seed": seed, "users": users,
             "set": {}}  # fmt: skip
    table = Table(setup)
    table.play([silent(table, turn) for turn in range(1, turns + 1)])
    luck = np.random.default_rng(seed)
    for turn, result in enumerate(table.results[:turns]):
        asked = {seat: own["briefing"]["dilemma"] for seat, own in result["seats"].items()}
        chosen = {seat: best(one)["sets"] for seat, one in asked.items()}
        random = {seat: at_random(own["values"], luck) for seat, own in result["seats"].items()}
        leads = compare(table, turn, [*chosen.items()], [*random.items()])
        for seat, one in asked.items():
            shown = repr([(answer["sets"], answer["effects"]) for answer in one["answers"]])
            yield Case(one["id"], seat, turn + 1, leads[seat], shown)


def silent(table: Table, turn: int) -> Inputs:
    """A turn in which nobody but AI plays."""
    return {
        "turn": turn, "week": QUARTER * (turn - 1), "seats": dict.fromkeys(table.plan.actors, AI),
        "orders": [], "held": [], "bounds": [], "events": [],
    }  # fmt: skip


def best(dilemma: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer with the best shown effects; the first of equals."""
    answers: list[Mapping[str, Any]] = dilemma["answers"]
    return max(answers, key=lambda one: sum(one["effects"][name] for name in GAUGES))


def at_random(values: Mapping[str, Mapping[str, float]], luck: np.random.Generator) -> Sets:
    """One order that moves something: any lever of the seat, at any value on its step."""
    places = [(name, index) for name, held in values.items() for index in held]
    name, index = places[luck.integers(len(places))]
    lever, was = LEVERS[name], values[name][index]
    steps = np.arange(round((lever.high - lever.low) / lever.step) + 1)
    found = [one for one in (lever.low + lever.step * steps).tolist() if abs(one - was) > ALIKE]
    value = float(found[luck.integers(len(found))])
    return [{"lever": full_name(name, index), "value": round(value, 6)}]


def compare(
    table: Table, turn: int, chosen: Sequence[tuple[str, Sets]], random: Sequence[tuple[str, Sets]]
) -> dict[str, float]:
    """By seat how much higher its goals stand with the first orders than with the second."""
    start, both = table.starts[turn], [*chosen, *random]
    told = []
    for row, (seat, sets) in enumerate(both):
        hears = np.arange(len(both)) == row
        for one in sets:
            order = Order(start.world.week, seat, one["lever"], one["value"], "script", "trial")
            told.append((Act(order.week, seat, order=order), hears))
    world = start.world.spread(len(both))
    until = min(start.world.week + AHEAD, table.game.horizon)
    for _ in play_abreast(start, table.game.luck, told, len(both), until, world):
        pass
    level = np.sum([*outcomes(world).values()], axis=0)
    place = {seat: n for n, seat in enumerate(table.plan.actors)}
    return {
        seat: float(level[row, place[seat]] - level[row + len(chosen), place[seat]])
        for row, (seat, _) in enumerate(chosen)
    }


def summed(found: Sequence[Case]) -> dict[str, Any]:
    """Shares won, in all and by dilemma (a tie is half a win), and how many differ with state."""
    groups: defaultdict[str, list[Case]] = defaultdict(list)
    for one in found:
        groups[one.dilemma].append(one)
    again = {name: rows for name, rows in groups.items() if len(rows) > 1}
    differ = [name for name, rows in again.items() if len({one.shown for one in rows}) > 1]
    return {
        "cases": len(found), "won": _won(found),
        "by_dilemma": {name: [len(rows), _won(rows)] for name, rows in sorted(groups.items())},
        "asked_again": len(again), "differ": len(differ),
    }  # fmt: skip


def _won(rows: Sequence[Case]) -> float:
    won = sum(1.0 if one.lead > ALIKE else 0.5 * (abs(one.lead) <= ALIKE) for one in rows)
    return round(won / len(rows), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description="Best ready answers against orders at random.")
    parser.add_argument("scenario", nargs="?", default="japan-2026")
    parser.add_argument("--games", type=int, default=20)
    parser.add_argument("--turns", type=int, default=TURNS)
    asked = parser.parse_args()
    found = [
        case for game in range(asked.games)
        for case in cases(asked.scenario, SEED + game, asked.turns)
    ]  # fmt: skip
    figures = summed(found)
    tell(figures, figures["won"] >= WANTED and figures["differ"] >= DIFFER * figures["asked_again"])


if __name__ == "__main__":
    main()
