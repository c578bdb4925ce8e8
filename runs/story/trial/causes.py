"""Causes that add up and branches that are runs, over many runs, weeks and zones that nobody chose.

    python -m runs.story.trial.causes --runs 200

plays shipped scenarios in turn with seeds from 1001 on. Of each run it takes a zone that lost
something and weeks of its own drawing, and asks *why* as the watch page does: the steps must lead
from the first level to the sum of what the tables recorded. It tells how much of what was lost has
no step: what is lost where nobody orders anything and nothing is in force. Then a week and a lever
are drawn, the branch of the page is played from that week, and a second game is played that was
ordered so from its start: every column that the page shows must be the same to the last bit, and
the record must be what it was.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator

from runs import Game
from runs.story import run_of
from runs.story.trial.__main__ import FIRST_SEED, play, plays
from runs.story.why import why
from runs.terminal import whole
from runs.web import fork
from world.levers import LADDER, full_name, indices, levers_of

LEAST_USD = 1e6  # a zone that lost less has nothing to take apart
LARGE_REST = 0.25  # of what was lost
WATERFALLS = 3  # of a run
TRIES = 30  # levers drawn until one may be ordered


@dataclass
class Found:
    """What came out: ``wrong`` in sentences; ``rests``, what has no step as a share of what was
    lost."""

    waterfalls: int = 0
    branches: int = 0
    moved: int = 0  # branches that differ from the record
    wrong: list[str] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)

    def add(self, other: Found) -> None:
        self.waterfalls += other.waterfalls
        self.branches += other.branches
        self.moved += other.moved
        self.wrong += other.wrong
        self.rests += other.rests


def looked_at(game: Game, lot: Generator, waterfalls: int = WATERFALLS) -> Found:
    """Waterfalls of some weeks and one branch of a played game."""
    found = Found()
    for _ in range(waterfalls):
        _waterfall(game, lot, found)
    for fault in _branch(game, lot, found):
        found.wrong.append(f"{game.plan.id}, seed {game.luck}: {fault}")
    return found


def _waterfall(game: Game, lot: Generator, found: Found) -> None:
    losses = game.recorder.array("zones", "gdp_loss_usd")
    first = int(lot.integers(0, max(1, game.week // 2)))
    until = int(lot.integers(first + 1, game.week + 1))
    hurt = [zone for k, zone in enumerate(game.plan.zones)
            if zone != game.plan.coercer and losses[first:until, k].sum() >= LEAST_USD]  # fmt: skip
    if not hurt:
        return
    zone = str(lot.choice(hurt))
    told = why(run_of(game), zone, first, until)
    lost = float(losses[first:until, game.plan.zones.index(zone)].sum())
    where = f"{game.plan.id}, seed {game.luck}, {zone}, weeks {first} to {until - 1}"
    found.waterfalls += 1
    found.wrong += [f"{where}: {one}" for one in faults(told, lost)]
    found.rests.append(abs(told["start_usd"]) / max(abs(told["end_usd"]), LEAST_USD))


def faults(told: dict[str, Any], lost: float) -> Iterator[str]:
    """What does not add up in a told waterfall: to the dollar, and to what is written beside it."""
    level = told["start_usd"]
    for step in told["steps"]:
        level += step["usd"]
        if not np.isclose(level, step["total_usd"], rtol=1e-9, atol=1.0):
            yield f"after {step['id']} stands {step['total_usd']:.0f}, added up {level:.0f}"
    if not np.isclose(told["end_usd"], lost, rtol=1e-9, atol=1.0):
        yield f"the last level is {told['end_usd']:.0f}, the tables have {lost:.0f}"
    sizes = [told["start_usd"], told["end_usd"], *(one["usd"] for one in told["steps"])]
    unit = 1e9 if max(map(abs, sizes)) >= 1e9 else 1e6
    if not np.isclose(level, told["end_usd"], rtol=1e-9, atol=0.05 * unit):
        yield f"{level / unit:.1f} is written beside {told['end_usd'] / unit:.1f}"


def _branch(game: Game, lot: Generator, found: Found) -> Iterator[str]:
    week = int(lot.integers(1, game.week))
    other = Game(game.plan, seed=game.luck)
    for act in game.acts:
        other.submit(act.order)
    other.run(week)
    for _ in range(TRIES):
        name, value = drawn(game, lot)
        actor, _, lever = name.partition(".")
        if other.submit(actor=actor, lever=lever, value=value) is None:
            break
    else:
        return
    other.run(weeks=game.week - week)
    before = game.recorder.digest()
    changes = fork.changes_of(game, week, {name: value})
    branch = fork.weeks_of(game, week, changes, game.luck, 1, lambda lucks: None)
    found.branches += 1
    found.moved += other.recorder.digest() != before
    for column, table in fork.COLUMNS.items():
        wanted = other.recorder.array(table, column)[week:]
        if not np.array_equal(branch.columns[column][:, :, 0], wanted, equal_nan=True):
            yield f"{name} = {value:g} from week {week}: {column} differs from the run ordered so"
    if game.recorder.digest() != before:
        yield f"{name} = {value:g} from week {week} changed the record"


def drawn(game: Game, lot: Generator) -> tuple[str, float]:
    """A lever by its full name, and a value in its range on its step."""
    actor = str(lot.choice([one for one in game.plan.actors if levers_of(game.plan, one)]))
    levers = levers_of(game.plan, actor)
    lever = levers[str(lot.choice([name for name in levers if name != LADDER] or list(levers)))]
    places = indices(game.plan, lever)
    full = full_name(lever.name, str(lot.choice(places)) if places else "")
    steps = int((lever.high - lever.low) / lever.step)
    value = lever.low + lever.step * int(lot.integers(0, steps + 1))
    return f"{actor}.{full}", float(value)


def told(found: Found, runs: int) -> str:
    few = sum(one < LARGE_REST for one in found.rests)
    return (
        f"{runs} runs: {found.waterfalls} waterfalls and {found.branches} branches "
        f"({found.moved} moved something), {len(found.wrong)} wrong. What has no step is under "
        f"{LARGE_REST:.0%} of what was lost in {few} of {found.waterfalls}."
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m runs.story.trial.causes", description=__doc__)
    parser.add_argument("--runs", type=whole(1), default=20)
    parser.add_argument("--users", type=whole(1), default=300)
    parser.add_argument("--weeks", type=whole(4), default=60, help="of a run, at most")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="of the first run")
    args = parser.parse_args(argv)
    found = Found()
    for name, seed in plays(args.runs, args.seed):
        game = play(name, seed, args.users, args.weeks, "KOR" if seed % 2 else "")
        found.add(looked_at(game, np.random.default_rng(seed)))
    for one in found.wrong:
        print(f"  {one}")
    print(told(found, args.runs))
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
