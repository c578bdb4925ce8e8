"""Measures `policy_scales.csv`: how far each term of the coercer's utility ranges in base runs.

    python -m agents.policies.scales --runs 100 --weeks 156 [--write]

Every term is taken in the decision weeks of `runs` lucks of a scenario in which policies play all
seats and dated acts happen; a term's scale is the distance from its 10th to its 90th percentile
(ODD 7a).
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agents.decide import decide
from agents.players import DECISION_WEEKS
from agents.policies.choice import SCALES
from agents.policies.coercer import assess, posture
from agents.states import default_players, state_wishes
from agents.view import QUARTER, state_view
from agents.warmup import build_world
from world.draws import Draws
from world.levers import read_rows
from world.phases.calendar import enact, happen
from world.scenario import load_scenario
from world.week import advance

Array = NDArray[np.float64]


def sample(scenario: str, runs: int, weeks: int, users: int, seed: int = 1) -> dict[str, Array]:
    """Values of every term in all decision weeks and lucks, (weeks x runs,) each."""
    setup = load_scenario(scenario)
    world = build_world(setup, users, replicates=runs)
    draws = Draws(seed, runs)
    players = default_players(setup)
    found: dict[str, list[Array]] = {}
    for week in range(weeks):
        for event in setup.events:
            if event.week == week:
                happen(world, event)
        if week % QUARTER in DECISION_WEEKS:
            view = state_view(world, setup.coercer)
            stand = posture(view)
            for term, value in assess(view, stand, stand).items():
                found.setdefault(term, []).append(np.broadcast_to(value, (runs,)).copy())
        for order, value in state_wishes(world, draws, players):
            enact(world, order, value)
        for act in setup.history:  # dated acts come last, so they stand
            if act.week == week:
                enact(world, act)
        advance(world, decide(world, draws), draws)
    return {term: np.concatenate(values) for term, values in found.items()}


def spread(values: Array) -> float:
    """Distance from the 10th to the 90th percentile."""
    low, high = np.percentile(values, [10, 90])
    return float(high - low)


def write(measured: dict[str, float], note: str, path: Path = SCALES) -> None:
    """Puts the measured scales into the table; a term that did not move keeps its old one."""
    rows = read_rows(path, ("term", "scale", "source", "basis"))
    for row in rows:
        if measured.get(row["term"], 0.0) > 0:
            row |= {"scale": f"{measured[row['term']]:.3g}", "source": note, "basis": "measured"}
    with path.open("w", newline="", encoding="utf-8") as handle:
        table = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="japan-2026")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=156)
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--write", action="store_true", help="put them into the table")
    wanted = parser.parse_args()
    values = sample(wanted.scenario, wanted.runs, wanted.weeks, wanted.users)
    measured = {term: spread(column) for term, column in values.items()}
    for term, scale in measured.items():
        print(f"{term:12s} {scale:.3g}")
    if wanted.write:
        write(measured, f"{wanted.runs} lucks of {wanted.scenario}, {wanted.weeks} weeks")


if __name__ == "__main__":
    main()
