"""Which point is measured next.

First the parameters as shipped, then each free parameter alone at both ends of its range: this is
the table of who identifies whom (Morris 1991 calls it one at a time). Then a tree-structured
Parzen estimator (Bergstra et al. 2011; the library optuna) proposes sets of those parameters that
moved a target at all. Every proposal is drawn with a key of its own, so the points depend on the
seed and on the points before, not on where the work was broken off.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from runs.calibrate.points import AS_SHIPPED, END, SEARCH, CalibrationError, Point
from runs.calibrate.told import identified
from runs.validate.targets import Target
from world.parameters import Parameter, load_parameters

WIDE = 10.0  # a range over so many times its lower end is searched by its logarithm


def plan_of(free: Sequence[str]) -> list[tuple[str, dict[str, float]]]:
    """The points that are measured whatever comes out: as shipped, then ends alone."""
    table = load_parameters()
    points: list[tuple[str, dict[str, float]]] = [(AS_SHIPPED, {})]
    for name in free:
        row = table[name]
        points += [(END, {name: end}) for end in (row.low, row.high) if end != row.default]
    return points


def by_logarithm(row: Parameter) -> bool:
    """True for a range that spans orders of magnitude."""
    return row.low > 0 and row.high / row.low >= WIDE


def moving(points: Sequence[Point], targets: Sequence[Target], free: Sequence[str]) -> list[str]:
    """Free parameters that moved some target; the others are left as they are."""
    found = {row.parameter for row in identified(points, targets)}
    return [name for name in free if name in found]


def proposed(
    points: Sequence[Point], targets: Sequence[Target], free: Sequence[str], seed: int
) -> dict[str, float]:
    """The next set to measure; raises CalibrationError without optuna."""
    try:
        import optuna
    except ModuleNotFoundError:
        raise CalibrationError(
            "the search needs optuna, which is not installed; install entrepot[calibrate]."
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    table = load_parameters()
    space: dict[str, optuna.distributions.BaseDistribution] = {
        name: optuna.distributions.FloatDistribution(
            table[name].low, table[name].high, log=by_logarithm(table[name])
        )
        for name in moving(points, targets, free)
    }
    if not space:
        raise CalibrationError("no free parameter moves any target; there is nothing to search.")
    sampler = optuna.samplers.TPESampler(
        seed=seed * 1_000_003 + len(points), multivariate=True, n_startup_trials=1
    )
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for point in points:
        if set(point.values) <= set(space):
            here = {name: point.values.get(name, table[name].default) for name in space}
            study.add_trial(
                optuna.trial.create_trial(
                    params=here, distributions=space, value=point.score(targets)
                )
            )
    asked = study.ask(space)
    return {
        name: float(f"{value:.4g}")
        for name, value in asked.params.items()
        if not math.isclose(value, table[name].default, rel_tol=1e-9)
    }


def todo(
    points: list[Point], targets: Sequence[Target], free: Sequence[str], evaluations: int, seed: int
) -> Iterator[tuple[int, str, dict[str, float]]]:
    """Number, stage and values of each point still to be measured; ``points`` grows meanwhile."""
    fixed = plan_of(free)
    while len(points) < evaluations:
        number = len(points)
        if number < len(fixed):
            stage, values = fixed[number]
        else:
            stage, values = SEARCH, proposed(points, targets, free, seed)
        yield number, stage, values
