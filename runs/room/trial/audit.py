"""Is the game fair? Scripted players in every seat, on the same lucks, against the reference runs.

    python -m runs.room.trial.audit japan-2026 --games 50

plays each seat by each scripted player, everybody else by AI, and prints the score that the room
would give (median and 80% band), its lead over doing nothing and over AI on the same lucks, and
how often it leads. `--extremes` adds constant players: every lever of the seat alone at either end
of its range, and all at once, over fewer lucks. Games are played side by side in one batch.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.players import Luck, Wish
from agents.warmup import build_world
from runs.outcome import GAUGES, outcomes
from runs.room import score
from runs.room.roster import roster
from runs.room.state import QUARTER
from runs.room.trial.players import Player, extremes, players
from runs.seats import Seats
from runs.turn import play_week
from world.draws import Draws
from world.scenario import Scenario, load_scenario

Array = NDArray[np.float64]

FIRST_SEED = 700_001  # of the lucks that players are judged by; reference runs have others
NOISE = 5.0  # points by which a score may be ahead without being better
EXTREME_LIMIT = 75.0
WANTED_SEATS = 0.8  # of seats in which a thoughtful player has to be ahead of doing nothing
EXTREME_GAMES = 5  # lucks of a constant player; there are dozens of them in a seat


class Trial(NamedTuple):
    """One player in one seat over some lucks: what is sent to a worker."""

    scenario: str
    users: int
    turns: int
    games: int
    first_seed: int
    seat: str = ""  # "" for AI in every seat
    player: str = ""
    constant: bool = False  # all constant players of the seat, one after the other


class SameLucks:
    """The lucks of a first player again for each further one of a batch."""

    def __init__(self, draws: Draws, times: int) -> None:
        self._draws, self._times = draws, times
        self.seed, self.replicates = draws.seed, draws.replicates * times

    def uniform(self, week: int, purpose: str, n: int) -> Array:
        return np.tile(self._draws.uniform(week, purpose, n), (self._times, 1))


class SideBySide(Player):
    """Constant players of one seat, each in its own lucks of a batch."""

    name = "side by side"

    def __init__(self, plan: Scenario, seat: str, games: int) -> None:
        super().__init__(plan, seat)
        self.games = games
        self.each = extremes(plan, seat)

    def decide(self, view: Any, draws: Luck) -> list[Wish]:
        columns: dict[str, Array] = {}
        for n, orders in enumerate(self.each.values()):
            for full, value in orders.items():
                column = columns.setdefault(full, np.full(view.replicates, np.nan))
                column[n * self.games : (n + 1) * self.games] = value
        return [Wish(full, column, "as ever") for full, column in columns.items()]


def play(trial: Trial) -> dict[str, Array]:
    """By player the outcome after the last turn, (A, 3, R) by seat, gauge and luck."""
    plan = load_scenario(trial.scenario, {"users": trial.users})
    wanted: dict[str, Any] = {}
    names = [trial.player]
    if trial.constant:
        side = SideBySide(plan, trial.seat, trial.games)
        wanted[trial.seat], names = side, list(side.each)
    elif trial.seat:
        wanted[trial.seat] = players(plan, trial.seat)[trial.player]
    draws: Any = SameLucks(Draws(trial.first_seed, trial.games), len(names))
    world, seats = build_world(plan).spread(draws.replicates), Seats(plan, wanted)
    for _ in range(min(QUARTER * trial.turns, plan.weeks)):
        play_week(world, draws, seats)
    found = outcomes(world)
    gauges = np.stack([found[name].T for name in GAUGES], axis=1)
    return dict(zip(names, np.split(gauges, len(names), axis=-1), strict=True))


def scores(plan: Scenario, turns: int, seat: str, gauges: Array) -> Array:
    """(R,) totals with equal weights of one seat's (3, R) gauges; NaN without reference runs."""
    found = []
    for values in gauges.T:
        now = dict(zip(GAUGES, map(float, values), strict=True))
        found.append(score.total(plan.id, turns, seat, now, {})["score"])
    return np.array(found)


def audit(trials: Iterable[Trial], workers: int) -> list[tuple[Trial, Array]]:
    """The trials with their gauges (A, 3, R), in the order given; says how far it is."""
    every = list(trials)
    done = []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for n, (trial, found) in enumerate(zip(every, pool.map(play, every), strict=True), 1):
            done += [(trial._replace(player=name), gauges) for name, gauges in found.items()]
            label = f"{trial.seat} {trial.player}" if trial.seat else "AI in every seat"
            print(f"{n} of {len(every)}: {label}", file=sys.stderr, flush=True)
    return done


def core_seats(plan: Scenario) -> list[str]:
    return [row.seat for row in roster(plan) if row.usual]


def trials_of(plan: Scenario, args: argparse.Namespace, seats: Iterable[str]) -> list[Trial]:
    common = (plan.id, args.users, args.turns, args.games, args.seed)
    few = (*common[:3], min(EXTREME_GAMES, args.games), args.seed)
    made = [Trial(*common)]
    for seat in seats:
        made += [Trial(*common, seat, name) for name in players(plan, seat)]
        if args.extremes:
            made.append(Trial(*few, seat, "constant", constant=True))
    return made


def rows(plan: Scenario, turns: int, done: list[tuple[Trial, Array]]) -> list[dict[str, Any]]:
    """One row a player and seat: scores, gauges, leads on common lucks."""
    ai = done[0][1]
    still: dict[str, Array] = {}
    for trial, gauges in done[1:]:
        if trial.player == "do nothing":
            place = plan.actors.index(trial.seat)
            still[trial.seat] = scores(plan, turns, trial.seat, gauges[place])
    found = []
    for trial, gauges in done[1:]:
        place = plan.actors.index(trial.seat)
        lucks = slice(0, gauges.shape[-1])  # players of fewer games had the first of them
        mine = scores(plan, turns, trial.seat, gauges[place])
        theirs = scores(plan, turns, trial.seat, ai[place, :, lucks])
        low, middle, high = np.quantile(mine, (0.1, 0.5, 0.9))
        nothing = still[trial.seat][lucks]
        found.append(
            {
                "seat": trial.seat, "player": trial.player, "constant": trial.constant,
                "median": middle, "p10": low, "p90": high, "ai_median": float(np.median(theirs)),
                "over_ai": float(np.mean(mine - theirs)),
                "over_nothing": float(np.mean(mine - nothing)),
                "leads_nothing": float(np.mean(mine > nothing)),
                "percentiles": [
                    float(np.median([
                        score.rank_of(plan.id, turns, trial.seat, name, v) or 0.0
                        for v in gauges[place, g]
                    ])) for g, name in enumerate(GAUGES)
                ],
                "gauges": [round(float(v), 4) for v in gauges[place].mean(axis=-1)],
            }
        )  # fmt: skip
    return found


def verdicts(table: list[dict[str, Any]]) -> list[tuple[bool, str]]:
    """What is wanted of a fair game, each with whether it holds."""
    seats = list(dict.fromkeys(row["seat"] for row in table))
    by = {(row["seat"], row["player"]): row for row in table}
    ahead = [s for s in seats if by[s, "thoughtful"]["over_nothing"] > 0]
    behind = [s for s in seats if s not in ahead]
    enough = len(ahead) >= WANTED_SEATS * len(seats)
    lazy = [s for s in seats if by[s, "do nothing"]["over_ai"] > NOISE]
    steady = [r for r in table if r["constant"] or r["player"] in ("copy last", "always defect")]
    strong = [f"{r['seat']} {r['player']}" for r in steady if r["median"] > EXTREME_LIMIT]
    blind = [s for s in seats if by[s, "random"]["median"] > EXTREME_LIMIT]
    return [
        (enough, f"thoughtful is ahead of doing nothing in {len(ahead)} of {len(seats)} seats"
                 + (f"; not in {', '.join(behind)}" if behind else "")),
        (not lazy, f"doing nothing beats AI by more than {NOISE:g} points in: "
                   + (", ".join(lazy) or "no seat")),
        (not strong, f"unthinking players above {EXTREME_LIMIT:g}: {', '.join(strong) or 'none'}"),
        (not blind, f"random players above {EXTREME_LIMIT:g}: {', '.join(blind) or 'none'}"),
    ]  # fmt: skip


def show(table: list[dict[str, Any]]) -> None:
    print(f"{'seat':<13}{'player':<32}{'median':>7}{'80% band':>14}{'AI':>6}{'over AI':>9}"
          f"{'over 0':>8}{'leads':>7}   percentiles      gauges")  # fmt: skip
    for row in table:
        band = f"{row['p10']:.0f} to {row['p90']:.0f}"
        ranks = " ".join(f"{value:4.0f}" for value in row["percentiles"])
        gauges = " ".join(f"{value:.3f}" for value in row["gauges"])
        print(
            f"{row['seat']:<13}{row['player']:<32}{row['median']:>7.1f}{band:>14}"
            f"{row['ai_median']:>6.0f}{row['over_ai']:>+9.1f}{row['over_nothing']:>+8.1f}"
            f"{row['leads_nothing']:>7.0%}   {ranks}   {gauges}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Scripted players in every seat.")
    parser.add_argument("scenario")
    parser.add_argument("--games", type=int, default=50)
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="first luck")
    parser.add_argument("--seats", default="", help="only these, by comma")
    parser.add_argument("--extremes", action="store_true", help="constant players too")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    plan = load_scenario(args.scenario, {"users": args.users})
    seats = [s for s in args.seats.split(",") if s] or core_seats(plan)
    table = rows(plan, args.turns, audit(trials_of(plan, args, seats), args.workers))
    if args.json:
        print(json.dumps(table))
    else:
        show(table)
    held = verdicts(table)
    for good, text in held:
        print(("holds: " if good else "FAILS: ") + text, file=sys.stderr if args.json else None)
    sys.exit(0 if all(good for good, _ in held) else 1)


if __name__ == "__main__":
    main()
