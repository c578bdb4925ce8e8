"""Reference runs: how each seat ends each turn when AI plays everybody, over many lucks.

    python -m runs.room.reference japan-2026 --runs 200

writes `runs/room/data/<scenario>.json`, which scores are read against; two hundred runs take about
two minutes. It is data, made once for a version of the model: `probe` holds how its first luck
stood after `PROBE_TURNS` turns, and a test plays that luck again, so that a model that has moved on
is noticed. Then the command above is run once more and its file committed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runs.about import package_version
from runs.outcome import GAUGES, outcomes
from runs.room.score import REFERENCE
from runs.room.state import QUARTER
from runs.seats import Seats
from runs.turn import play_week
from world.draws import Draws
from world.scenario import Scenario, load_scenario
from world.sums import add_up

POINTS = 41  # quantiles that are kept
BATCH = 20  # lucks that are played at once
PROBE_TURNS = 3


def measure(scenario: str, runs: int, users: int, turns: int, first_seed: int) -> dict[str, Any]:
    """Quantiles by turn, seat and gauge; the world's loss by turn."""
    from agents.warmup import build_world

    plan = load_scenario(scenario, {"users": users})
    turns = min(turns, -(-plan.weeks // QUARTER))
    values = np.zeros((turns, len(plan.actors), len(GAUGES), runs))
    losses = np.zeros((turns, runs))
    base = build_world(plan)
    for start in range(0, runs, BATCH):
        size = min(BATCH, runs - start)
        world, seats = base.spread(size), Seats(plan)
        draws = Draws(first_seed + start, size)
        here = slice(start, start + size)
        lost = np.zeros(size)
        for turn in range(turns):
            for _ in range(min(QUARTER, plan.weeks - world.week)):
                week = play_week(world, draws, seats).account.zones["gdp_loss_usd"]
                lost += add_up(np.nan_to_num(week), axis=1)
            losses[turn, here] = lost
            found = outcomes(world)
            for g, name in enumerate(GAUGES):
                values[turn, :, g, here] = found[name].T
        print(f"{start + size} of {runs} runs", file=sys.stderr, flush=True)
    grid = np.linspace(0, 1, POINTS)
    ranks = np.quantile(values, grid, axis=-1)  # (POINTS, turns, seats, gauges)
    return {
        "scenario": plan.id, "version": plan.version, "scenario_digest": plan.digest,
        "package_version": package_version(), "runs": runs, "users": users,
        "first_seed": first_seed,
        "probe": _by_seat(plan, values[min(PROBE_TURNS, turns) - 1, :, :, 0]),
        "turns": {
            str(t + 1): {
                seat: {
                    name: [round(float(v), 5) for v in ranks[:, t, s, g]]
                    for g, name in enumerate(GAUGES)
                }
                for s, seat in enumerate(plan.actors)
            }
            for t in range(turns)
        },
        "world_loss_usd": {
            str(t + 1): [round(float(v)) for v in np.quantile(losses[t], grid)]
            for t in range(turns)
        },
    }  # fmt: skip


def probe(scenario: str, users: int, first_seed: int) -> dict[str, dict[str, float]]:
    """How the first luck of reference runs stands after `PROBE_TURNS` turns, by seat and gauge."""
    from agents.warmup import build_world

    plan = load_scenario(scenario, {"users": users})
    world, seats, draws = build_world(plan).spread(1), Seats(plan), Draws(first_seed)
    while world.week < min(PROBE_TURNS * QUARTER, plan.weeks):
        play_week(world, draws, seats)
    found = outcomes(world)
    return _by_seat(plan, np.stack([found[name][0] for name in GAUGES], axis=-1))


def _by_seat(plan: Scenario, rows: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    """(A, 3) gauges by name, to six digits."""
    return {
        seat: {name: round(float(rows[s, g]), 6) for g, name in enumerate(GAUGES)}
        for s, seat in enumerate(plan.actors)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the reference runs of a scenario.")
    parser.add_argument("scenario")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument("--seed", type=int, default=100_001, help="first luck")
    args = parser.parse_args()
    found = measure(args.scenario, args.runs, args.users, args.turns, args.seed)
    body = json.dumps(found, sort_keys=True)
    found["digest"] = hashlib.sha256(body.encode()).hexdigest()
    REFERENCE.mkdir(exist_ok=True)
    path = REFERENCE / f"{found['scenario']}.json"
    path.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path}: {args.runs} runs, digest {found['digest'][:12]}")


if __name__ == "__main__":
    main()
