"""Does anything depend on the number of users but noise? The same worlds at several sizes.

    python -m runs.room.trial.users --users 500,2000,10000,50000 --seeds 10

plays `japan-2026` and `magnets-2025` at each size, luck and population varied together and states
holding, since a dice of theirs (whether Japan opens its reserve) hides what firms do, and prints
medians over the seeds, and by how much each differs from the one at the largest size. The first
stop is that of `runs.stops`: the moment at which more than a hundredth of the value at risk outside
the coercer stands still, in weeks after the first dated act, infinite where it never does. Half of
the populations pass that hundredth, so the median of few seeds jumps; the most that stood still in
a week is the steady figure. Exits 1 where a median differs by more than `--within`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.warmup import build_world
from runs.seats import Seats
from runs.stops import first_stop
from runs.turn import play_week
from world.account import Account
from world.draws import Draws
from world.scenario import load_scenario
from world.state import World

Array = NDArray[np.float64]

WITHIN = 0.1
TABLE = {
    "price_w26": "price of dysprosium in Japan, mean of weeks 22-26",
    "price_w52": "the same in weeks 48-52",
    "delivered": "delivered over demand, the same market, weeks 22-26",
    "loss_target": "Japan's loss in the first year, % of GDP",
    "loss_korea": "Korea's loss in the first year, % of GDP",
    "first_stop": "magnets-2025: first stop, weeks after the first act",
    "stop_weeks": "magnets-2025: weeks in which lines stand still",
    "stopped": "magnets-2025: most of the value at risk that stands still, %",
}


def play(scenario: str, users: int, seed: int, weeks: int) -> tuple[World, list[Account]]:
    """A run of firms and dated acts; the seed is the luck and the population."""
    plan = load_scenario(scenario, {"users": users, "population": seed, "states_hold": True})
    world, draws, seats = build_world(plan), Draws(seed), Seats(plan)
    return world, [play_week(world, draws, seats).account for _ in range(weeks)]


def of_japan(users: int, seed: int) -> dict[str, float]:
    world, books = play("japan-2026", users, seed, 52)
    setting = world.setting
    zone = setting.zone_index
    k = setting.material_index["dy_oxide"] * setting.Z + zone["JPN"]

    def market(column: str) -> Array:
        return np.array([book.markets[column][0, k] for book in books])

    price, half = market("price"), slice(22, 26)
    loss = 100.0 * np.array([book.zones["gdp_loss_share"][0] for book in books]).mean(axis=0)
    return {
        "price_w26": float(price[half].mean()), "price_w52": float(price[48:].mean()),
        "delivered": float(market("delivered_t")[half].sum() / market("demand_t")[half].sum()),
        "loss_target": float(loss[zone["JPN"]]), "loss_korea": float(loss[zone["KOR"]]),
    }  # fmt: skip


def of_magnets(users: int, seed: int) -> dict[str, float]:
    world, books = play("magnets-2025", users, seed, 40)
    setting = world.setting
    risk = setting.lines_at_risk.copy()
    risk[setting.coercer] = 0.0
    share = [float((book.zones["stopped_value_share"][0] * risk).sum()) for book in books]
    begins, lasts = first_stop(np.array(share) / risk.sum(), setting.par.stop_felt)
    weeks = begins - setting.scenario.history[0].week
    return {
        "first_stop": float("inf") if np.isnan(weeks) else weeks, "stop_weeks": lasts,
        "stopped": 100.0 * max(share) / float(risk.sum()),
    }  # fmt: skip


def medians(sizes: Sequence[int], seeds: int) -> dict[int, dict[str, float]]:
    """Median of every figure by number of users."""
    found = {}
    for users in sizes:
        runs = [of_japan(users, seed) | of_magnets(users, seed) for seed in range(1, seeds + 1)]
        found[users] = {name: float(np.median([run[name] for run in runs])) for name in TABLE}
    return found


def differences(found: dict[int, dict[str, float]]) -> dict[int, dict[str, float]]:
    """By how much each median differs from that at the largest size, relative to it.

    Infinite where one is 0 or never comes and the other is not so.
    """
    best = found[max(found)]

    def off(value: float, of: float) -> float:
        if value == of:
            return 0.0
        return value / of - 1.0 if of and np.isfinite(of) else float("inf")

    return {users: {n: off(row[n], best[n]) for n in TABLE} for users, row in found.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", default="500,2000,10000", help="sizes, with commas")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--within", type=float, default=WITHIN, help="largest difference")
    wanted = parser.parse_args()
    sizes = [int(text) for text in wanted.users.split(",")]
    found = medians(sizes, wanted.seeds)
    off = differences(found)
    print(f"{'':58s}" + "".join(f"{users:>18,}" for users in sizes))
    for name, text in TABLE.items():
        cells = [f"{found[users][name]:9.3f} {off[users][name]:+8.1%}" for users in sizes]
        print(f"{text:58s}" + "".join(cells))
    worst = max(abs(value) for row in off.values() for value in row.values())
    print(f"The largest difference of a median is {worst:.1%}.")
    return int(not worst <= wanted.within)


if __name__ == "__main__":
    sys.exit(main())
