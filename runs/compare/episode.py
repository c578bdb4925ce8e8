"""An episode of the record beside its published points: ``entrepot compare senkaku-2010``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runs.compare.shown import CompareError
from runs.validate.measure import measure
from runs.validate.report import page, sentence
from runs.validate.targets import Target, read_targets
from runs.validate.verdict import Verdict
from world.levers import guess
from world.reading import short

SEEDS = 8


def episodes() -> list[str]:
    """Scenarios for which something was published."""
    return sorted({target.scenario for target in read_targets()})


def targets_of(scenario: str) -> list[Target]:
    """The published points of a scenario; raises CompareError where there are none."""
    found = [target for target in read_targets() if target.scenario == scenario]
    if not found:
        raise CompareError(
            f"{short(scenario)} is neither a folder nor an episode with published points: "
            f"{guess(scenario, episodes())}"
        )
    return found


def against_record(
    scenario: str, seeds: int, jobs: int, watch: Callable[[int, int], None]
) -> Verdict:
    """Plays an episode and judges it; raises CompareError."""
    return measure(targets_of(scenario), seeds, jobs, charts=True, watch=watch)


def finding(scenario: str, verdict: Verdict) -> str:
    """How many points are met, and which is missed by most."""
    results = verdict.results
    inside = [one for one in results if one.inside]
    text = f"{scenario}: {len(inside)} of {len(results)} published points are met"
    missed = sorted((one for one in results if not one.inside), key=lambda one: one.score)
    return f"{text}; furthest off is {missed[0].target.name}" if missed else text


def lines(scenario: str, verdict: Verdict) -> list[str]:
    """What a terminal shows: points that are missed first, the worst on top."""
    ranked = sorted(verdict.results, key=lambda one: (one.inside, one.score))
    return [
        f"{finding(scenario, verdict)}.",
        *(f"  {one.target.name}: {sentence(one)}" for one in ranked),
    ]


def as_json(scenario: str, verdict: Verdict) -> dict[str, Any]:
    return {"kind": "episode", "names": [scenario], "finding": finding(scenario, verdict),
            **verdict.as_json()}  # fmt: skip


def html(scenario: str, verdict: Verdict, seeds: int) -> str:
    """The page on validation, of this episode alone, under its finding."""
    return page(verdict, seeds, finding(scenario, verdict))
