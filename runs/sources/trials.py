"""Lowers every figure that is said to be read by a tenth and sees that an outcome moves.

    python -m runs.sources.trials --seeds 20 --users 500 [--only S01,S42]

``trials.toml`` says what is played, which outcome is looked at (in the language of ``entrepot
validate``) and whether it rises or falls. A seed is luck and population. A figure that moves its
outcome the other way, or not at all, in the median is told, and the command then ends with 1.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from runs.sources.lowered import Cell, changed
from runs.sources.statements import TABLE, Place, place, statements
from runs.systems.play import plan_from
from world.facts import DATA_FOLDER
from world.reading import TableError
from world.scenario import Scenario, resolve, shipped
from world.taken import Wanted
from world.toml_text import tables_of

TRIALS = Path(__file__).parent / "trials.toml"
SEEDS, USERS = 20, 500
TENTH = 0.9
WAYS = {"rises": 1.0, "falls": -1.0}


class Trial(NamedTuple):
    """One figure: its cells, and the outcome that moves when they are lowered."""

    name: str  # of a statement, or a place in a table
    measure: str
    way: str
    to: str = ""  # what is put there where a tenth of it is nothing


class Course(NamedTuple):
    """What is played for some figures."""

    name: str
    play: Mapping[str, Any]
    run: Mapping[str, Any]
    trials: tuple[Trial, ...]
    luck: int = 0  # the one in which it comes to pass; 0 leaves it to the seed


@cache
def courses(path: Path = TRIALS) -> tuple[Course, ...]:
    """What the file says; raises TableError."""
    found = []
    for name, row in tables_of(path.read_text(encoding="utf-8")).items():
        asked = tuple(Trial(who, *what) for who, what in row["moves"].items())
        if wrong := [one.name for one in asked if one.way not in WAYS]:
            raise TableError(f"{path.name}: {name}, {wrong[0]} neither rises nor falls.")
        play = {key: value for key, value in row.items() if key not in ("moves", "run", "luck")}
        found.append(Course(name, play, row.get("run", {}), asked, row.get("luck", 0)))
    return tuple(found)


def places_of(trial: Trial) -> tuple[Place, ...]:
    """Where the figure stands that is lowered: numbers only, no dates."""
    if trial.name not in statements():
        return (place(trial.name),)
    own = Place(TABLE, "value", (("statement", (trial.name,)),))
    told = statements()[trial.name].places or (own,)
    return tuple(one for one in told if one.column != "date")


def cells_of(trial: Trial) -> list[Cell]:
    """The cells of tables that are changed, with what is put there."""
    return [
        Cell(one.table, line, one.column, trial.to or f"{TENTH * float(row[one.column]):.12g}")
        for one in places_of(trial) if one.table not in shipped() for line, row in one.rows
    ]  # fmt: skip


def plan_of(course: Course, trials: Iterable[Trial], users: int) -> Scenario:
    """The scenario, with lower figures in the acts that a trial names."""
    plan = plan_from(course.play, course.run, users, course.name)
    named = [one for trial in trials for one in places_of(trial) if one.table == plan.id]
    if not named:
        return plan
    raw = copy.deepcopy(dict(plan.source))
    for one in named:
        for act in raw["history"]:
            if _meant(act, one.where):
                given = act[one.column]
                number = given["value"] if isinstance(given, Mapping) else given
                act[one.column] = TENTH * number
    return resolve(raw, {"users": users})


def _meant(act: Mapping[str, Any], where: Wanted) -> bool:
    return all(str(act.get(key)) in values for key, values in where)


def outcomes(course: Course, lowered: Sequence[Trial], seed: int, users: int) -> dict[str, float]:
    """The outcome of each trial of a course in a run with the figures of some of them lowered."""
    from runs.play import Play
    from runs.validate.frames import Run
    from runs.validate.functions import check, measured
    from runs.validate.grammar import parse

    cells = [cell for trial in lowered for cell in cells_of(trial)]
    with changed(cells) if cells else nullcontext():
        plan = plan_of(course, lowered, users).override({"population": seed})
        trees = {trial.name: parse(trial.measure) for trial in course.trials}
        for tree in trees.values():
            check(tree, plan, None)
        game = Play(plan, seed=course.luck or seed)
        game.run()
        runs = {False: Run(game)}
        return {name: measured(tree, runs) for name, tree in trees.items()}


def moves_of(
    course: Course, seeds: Iterable[int], users: int, together: bool = False
) -> dict[str, list[float]]:
    """How far each outcome moves the expected way, as a share of what it was, by seed.

    ``together`` lowers all figures of a course in one run, as good where each is looked at in an
    outcome of its own and many times as fast; those that share an outcome still go one by one.
    """
    found: dict[str, list[float]] = {trial.name: [] for trial in course.trials}
    for seed in seeds:
        before = outcomes(course, (), seed, users)
        for batch in _batches(course.trials) if together else [[one] for one in course.trials]:
            after = outcomes(course, batch, seed, users)
            for trial in batch:
                old, new = before[trial.name], after[trial.name]
                found[trial.name].append(WAYS[trial.way] * (new - old) / (abs(old) or 1.0))
    return found


def _batches(trials: Iterable[Trial]) -> list[list[Trial]]:
    """Trials by runs, no outcome twice in one."""
    batches: list[list[Trial]] = []
    for trial in trials:
        free = (one for one in batches if all(trial.measure != other.measure for other in one))
        batch = next(free, None)
        if batch is None:
            batches.append([trial])
        else:
            batch.append(trial)
    return batches


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--only", default="", help="figures or courses, with commas")
    asked = parser.parse_args()
    only, failed = set(filter(None, asked.only.split(","))), 0
    for whole in courses():
        chosen = tuple(one for one in whole.trials if not only or {one.name, whole.name} & only)
        course = whole._replace(trials=chosen)
        for name, moves in moves_of(course, range(1, asked.seeds + 1), asked.users).items():
            trial = next(one for one in chosen if one.name == name)
            middle, held = float(np.median(moves)), sum(move > 0 for move in moves)
            print(f"{course.name} {name}: {trial.measure} {trial.way} by {abs(middle):.2%} "
                  f"({held} of {asked.seeds} seeds){'' if middle > 0 else ' NOT SO'}",
                  flush=True)  # fmt: skip
            failed += middle <= 0
    print(f"{failed} figures move nothing, or the wrong way." if failed else "All move it.")
    print(f"tables: {DATA_FOLDER}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
