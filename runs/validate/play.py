"""Plays the runs that targets need and reads them.

A job is a scenario and a seed: all variants of the scenario that some target asks for, each played
once, luck and population both from the seed. Jobs know nothing of one another, so figures do not
depend on how many processes there are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from runs.validate.frames import PANEL, Run, chosen_weeks
from runs.validate.functions import NoValue, Reading, measured, needs_panel, number_of, series_of
from runs.validate.grammar import MeasureError, Select, selections
from runs.validate.quiet import first_act, unrest
from runs.validate.targets import Target, TargetError
from world.scenario import NETWORK, Scenario

NEAR = 1e-6  # of a straight line


@dataclass(frozen=True)
class Found:
    """What a target came to in one seed; a reason where it has no value."""

    value: float | None
    reason: str = ""
    still: float | None = None  # in a world in which nothing happens
    series: list[float] = field(default_factory=list)  # first selection, all weeks
    level: dict[str, float] = field(default_factory=dict)  # its factor at low, high and value


@dataclass(frozen=True)
class Job:
    targets: tuple[Target, ...]
    seed: int
    charts: bool

    @property
    def weeks(self) -> int:
        """Weeks to be played, for the order of jobs and for the progress."""
        return sum(plan.weeks for plan in plans_of(self.targets))


def plans_of(targets: Sequence[Target]) -> list[Scenario]:
    """Every scenario with its changes that some target asks for, once."""
    found: dict[str, Scenario] = {}
    for target in targets:
        for plan in (target.plan, target.base_plan):
            if plan is not None:
                found.setdefault(plan.digest, plan)
    return list(found.values())


def panels_of(targets: Sequence[Target]) -> set[str]:
    """Digests of the scenarios whose runs keep every actor's row."""
    wanting = [target for target in targets if needs_panel(target.tree)]
    both = [plan for target in wanting for plan in (target.plan, target.base_plan)]
    return {plan.digest for plan in both if plan is not None}


def jobs_of(targets: Sequence[Target], seeds: int, charts: bool) -> list[Job]:
    """A job for every scenario and seed, the longest first so that no process ends alone."""
    groups: dict[str, list[Target]] = {}
    for target in targets:
        groups.setdefault(target.scenario, []).append(target)
    jobs = [
        Job(tuple(group), seed, charts)
        for group in groups.values() for seed in range(1, (1 if settled(group[0]) else seeds) + 1)
    ]  # fmt: skip
    return sorted(jobs, key=lambda job: -job.weeks)


def settled(target: Target) -> bool:
    """True where neither luck nor population has a part: a shock imposed on the network of firms,
    which is drawn by a seed of its own. Its runs take longest and are all the same; one is played.
    """
    return target.plan.losses == NETWORK and target.plan.states_hold


def peopled(plan: Scenario, seed: int) -> Scenario:
    """The scenario with the population of a seed, unless the target sets one."""
    return plan if "population" in plan.overrides else plan.override({"population": seed})


def play(job: Job) -> dict[str, Found]:
    """What every target of a job came to; raises TargetError for a measure that does not fit."""
    from runs.play import Play

    panels = panels_of(job.targets)
    played: dict[str, tuple[Run, Run, str]] = {}
    for plan in plans_of(job.targets):
        game = Play(peopled(plan, job.seed), seed=job.seed, panel=plan.digest in panels)
        game.run()
        run = Run(game)
        still = Run(game, still=max(0, min(first_act(game.plan), run.weeks) - 1))
        played[plan.digest] = (run, still, unrest(game.plan, run))
    return {target.id: _found(target, played, job.charts) for target in job.targets}


def _found(target: Target, played: dict[str, tuple[Run, Run, str]], charts: bool) -> Found:
    plans = {False: target.plan} | ({True: target.base_plan} if target.base_plan else {})
    parts = {base: played[plan.digest] for base, plan in plans.items()}
    still = _value(target, {base: part[1] for base, part in parts.items()})[0]
    restless = [part[2] for part in parts.values() if part[2]]
    if restless:
        return Found(None, f"the run is void: {restless[0]}", still)
    runs = {base: part[0] for base, part in parts.items()}
    value, reason = _value(target, runs)
    found = Found(value, reason, still)
    return _charted(found, target, runs) if charts else found


def found_in(target: Target, run: Run, still: Run) -> Found:
    """What a target that needs no second run comes to in one that was played already; no value
    where the run ended before the last week that the target speaks of."""
    spans = [one.span for one in selections(target.tree) if one.span is not None]
    start, whole = target.plan.start, target.plan.weeks
    if any(chosen_weeks(one, start, whole)[run.weeks :].any() for one in spans):
        return Found(None, "the run ended before")
    found = Found(*_value(target, {False: run}), _value(target, {False: still})[0])
    return _charted(found, target, {False: run})


def _value(target: Target, runs: dict[bool, Run]) -> tuple[float | None, str]:
    try:
        return measured(target.tree, runs), ""
    except NoValue as error:
        return None, str(error)


def first_selection(target: Target) -> Select | None:
    """What a chart of the target shows: the first selection of its own run, no panel."""
    own = [one for one in selections(target.tree) if not one.base and one.table != PANEL]
    return own[0] if own else None


def _charted(found: Found, target: Target, runs: dict[bool, Run]) -> Found:
    """Adds the series of the chart, and at which multiple of it the target would be met.

    Where the measure is a straight line in its first selection the multiple is exact; where it is
    not (a rank, a week that comes first) none is given.
    """
    select = first_selection(target)
    if select is None:
        return found
    whole = series_of(dataclasses.replace(select, span=None), Reading(runs)).values
    series = [float(value) for value in whole]
    level: dict[str, float] = {}
    try:
        one, two, three = (
            number_of(target.tree, Reading(runs, select, factor)) for factor in (1.0, 2.0, 3.0)
        )
        slope = two - one
        if slope and abs(three - two - slope) < NEAR * max(1.0, abs(slope)):
            wanted = {"low": target.low, "high": target.high}
            if target.value is not None:
                wanted["value"] = target.value
            level = {name: 1.0 + (at - one) / slope for name, at in wanted.items()}
    except NoValue:
        pass
    return dataclasses.replace(found, series=series, level=level)


# --- before and beside --------------------------------------------------------------------------


def rehearse(targets: Sequence[Target], file: str) -> None:
    """Reads every measure from a run of ones, so that what cannot be read is told before work.

    Raises TargetError; what merely has no value passes.
    """
    worlds: dict[str, Run] = {}
    panels = panels_of(targets)
    for plan in plans_of(targets):
        worlds[plan.digest] = blank(plan, plan.digest in panels)
    for target in targets:
        runs = {False: worlds[target.plan.digest]}
        if target.base_plan is not None:
            runs[True] = worlds[target.base_plan.digest]
        try:
            measured(target.tree, runs)
        except NoValue:
            pass
        except MeasureError as error:
            raise TargetError(f"{file}, row {target.line}, column measure: {error}") from None


class Blank(Run):
    """The rows of a scenario without any week played; every value is 1."""

    def lost_without_inputs(self) -> np.ndarray:
        return np.ones(1)

    def systemic(self, least: float) -> float:
        return 1.0

    def column(self, table: str, column: str) -> np.ndarray:
        rows = len(next(iter(self.keys(table).values())))
        return np.ones((self.weeks, rows))


def blank(plan: Scenario, panel: bool) -> Blank:
    """A run of ones of the scenario's length; one week is played where actors are asked for."""
    from runs.play import Play

    game = Play(plan, seed=1, panel=panel)
    if panel:
        game.step()
    run = Blank(game)
    run.weeks = plan.weeks
    return run
