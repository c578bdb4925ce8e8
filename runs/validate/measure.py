"""Measures all targets: plays what is missing, keeps it, and judges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from runs.asked import whole
from runs.processes import in_processes
from runs.validate import kept
from runs.validate.play import Found, Job, jobs_of, play, rehearse, settled
from runs.validate.targets import SHIPPED, Target, TargetError, changed, read_targets
from runs.validate.verdict import Verdict, judge
from world.levers import guess
from world.reading import short
from world.scenario import SetValue

MOST_SEEDS, MOST_JOBS = 1_000, 256


def measure(
    targets: Sequence[Target],
    seeds: int = 20,
    jobs: int = 1,
    fresh: bool = False,
    charts: bool = False,
    watch: Callable[[int, int], None] = lambda done, total: None,
    file: str | Path | None = None,
    rehearsed: bool = False,
    apart: bool = False,
) -> Verdict:
    """Plays every episode with so many seeds and judges the targets; raises TargetError.

    ``jobs`` is the number of processes, ``fresh`` plays again what the cache holds, ``charts``
    keeps the series for pictures, ``watch`` hears weeks done and weeks in all, ``file`` is named
    in faults; ``rehearsed`` says that these measures have been read from a run of ones before,
    ``apart`` that they are played in processes of lower priority.
    """
    if not rehearsed:
        rehearse(targets, Path(file or SHIPPED).name)
    work = jobs_of(targets, seeds, charts)
    total = sum(job.weeks for job in work)
    found: dict[tuple[str, int], Found] = {}
    done = 0

    def take(job: Job, values: dict[str, Found]) -> None:
        nonlocal done
        found.update({(name, job.seed): value for name, value in values.items()})
        done += job.weeks
        watch(done, total)

    missing: list[Job] = []
    for job in work:
        known = None if fresh else kept.recall(job)
        if known is None:
            missing.append(job)
        else:
            take(job, known)

    def keep(job: Job, values: dict[str, Found]) -> None:
        kept.keep(job, values)
        take(job, values)

    in_processes(play, missing, jobs, keep, apart)
    kept.prune()
    played = {target.id: 1 if settled(target) else seeds for target in targets}
    by_target = {
        name: [found[name, min(seed, last)] for seed in range(1, seeds + 1)]
        for name, last in played.items()
    }
    return judge(targets, by_target)


def validate(
    targets: str | Path | None = None,
    seeds: int = 20,
    jobs: int = 1,
    scenario: str | None = None,
    set: Mapping[str, SetValue] | None = None,
) -> Verdict:
    """Plays the episodes and judges their published points, as ``entrepot validate`` does.

    ``targets`` is a CSV (those shipped if left out), ``scenario`` one episode alone, ``set``
    changes parameters (``parameters.NAME``). What was measured is kept. Raises TargetError, or
    ValueError for numbers out of range.
    """
    whole("seeds", seeds, 1, MOST_SEEDS)
    asked = changed(read_targets(targets), set or {})
    if scenario is not None:
        episodes = sorted({target.scenario for target in asked})
        asked = [target for target in asked if target.scenario == scenario]
        if not asked:
            raise TargetError(f"{short(scenario)} is no episode: {guess(scenario, episodes)}")
    return measure(asked, seeds, whole("jobs", jobs, 1, MOST_JOBS), charts=True, file=targets)
