"""A sweep: every combination of varied values, each played with the same firms and many lucks.

A cell is one combination; its runs are lucks ``seed`` to ``seed + runs - 1``, played as one batch,
and run r of a batch equals the same run alone bit for bit. Finished cells are kept one by one
(``runs.sweep_folder``), so a sweep that was ended, however roughly, goes on with those that are
missing. Cells know nothing of one another: their values do not depend on how many processes there
are, nor on which cell came first.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

import numpy as np

from runs.headline import ENDS, MEASURES, STOPS, spans
from runs.outcome import GAUGES, outcomes
from runs.seats import Seats
from runs.turn import play_week
from world.draws import Draws
from world.facts import DataError
from world.reading import TableError
from world.scenario import Scenario, ScenarioError, SetValue, load_scenario

MOST_RUNS = 100_000  # of all cells together
MOST_ROWS = 200_000  # users that are played at once, all lucks together
BATCH = 20  # lucks that are played at once; more are hardly faster
USERS = 2_000
Row = dict[str, Any]


class SweepError(ValueError):
    """A sweep that cannot be made as asked for; the text is one sentence."""


# --- what is asked for ------------------------------------------------------------------------


@dataclass(frozen=True)
class Sweep:
    """A checked grid; cells count from 0, and the last target changes fastest."""

    base: Scenario
    vary: dict[str, tuple[SetValue, ...]]
    runs: int  # lucks of a cell
    seed: int  # the first luck

    @property
    def cells(self) -> int:
        return math.prod(len(values) for values in self.vary.values())

    def values(self, cell: int) -> dict[str, SetValue]:
        """What the cell sets, by target."""
        out = []
        for target, values in reversed(self.vary.items()):
            cell, place = divmod(cell, len(values))
            out.append((target, values[place]))
        return dict(reversed(out))

    def plan(self, cell: int) -> Scenario:
        return self.base.override(self.values(cell))

    @property
    def figures(self) -> list[str]:
        """Names of the measured columns: those of ``entrepot run``, then gauges by seat."""
        names = [f"{name}_{end}" for name in MEASURES for end in ENDS]
        seats = self.plan(0).actors
        names += [*STOPS, "gdp_loss_usd_total"]
        return [*names, *(f"{g}_{seat}" for seat in seats for g in GAUGES)]


def make_sweep(
    scenario: str,
    vary: Sequence[tuple[str, str]],
    set: Mapping[str, SetValue] | None = None,
    runs: int = 20,
    seed: int = 1,
) -> Sweep:
    """A sweep whose targets and values have been checked; raises SweepError or ScenarioError.

    ``vary`` holds targets as ``load_scenario(set=...)`` takes them, with ``low:high:count`` or
    ``a,b,c``; ``set`` holds for every cell, with 2,000 users unless it says otherwise.
    """
    fixed = dict(set or {})
    grid: dict[str, tuple[SetValue, ...]] = {}
    for target, text in vary:
        if target in grid or target in fixed:
            where = "varied twice" if target in grid else "both set and varied"
            raise SweepError(f"{target} is {where}; name it once.")
        grid[target] = spread(target, text)
    if "users" not in grid:
        fixed.setdefault("users", USERS)
    if not grid:
        raise SweepError("nothing is varied; name a target with --vary.")
    cells = math.prod(len(values) for values in grid.values())
    if cells * runs > MOST_RUNS:
        raise SweepError(
            f"{cells} cells of {runs} runs are {cells * runs} runs, above the limit of {MOST_RUNS}."
        )
    sweep = Sweep(load_scenario(scenario, fixed), grid, runs, seed)
    for cell in _every_value_once(grid):
        plan = sweep.plan(cell)
        Seats(plan)  # says which policy there is not
    return sweep


def _every_value_once(grid: Mapping[str, Sequence[SetValue]]) -> Iterator[int]:
    """Cells in which each value stands with the first values of the other targets."""
    yield 0
    step = math.prod(len(values) for values in grid.values())
    for values in grid.values():
        step //= len(values)
        yield from range(step, step * len(values), step)


def spread(target: str, text: str) -> tuple[SetValue, ...]:
    """Values of ``low:high:count``, ends included, or of ``a,b,c``; raises SweepError."""
    if ":" in text:
        return _evenly(f"{target}={text}", text.split(":"))
    words = [word.strip() for word in text.split(",")]
    values: list[SetValue] = list(words)
    try:
        values = [float(word) for word in words]
    except ValueError:  # names, as of policies
        if "" in words:
            raise SweepError(f"{target}={text}: there is an empty value.") from None
    for place, value in enumerate(values):
        if value in values[:place]:
            raise SweepError(f"{target}={text}: {words[place]} stands there twice.")
    return tuple(values)


def _evenly(said: str, words: Sequence[str]) -> tuple[float, ...]:
    try:
        low, high, wanted = (float(word) for word in words)
    except ValueError:
        raise SweepError(f"{said}: a range is LOW:HIGH:COUNT, such as 0:10:11.") from None
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise SweepError(f"{said}: the range is empty; its low end must lie below its high end.")
    if not 2 <= wanted <= MOST_RUNS or wanted != int(wanted):
        raise SweepError(f"{said}: the count must be a whole number from 2 to {MOST_RUNS}.")
    steps = int(wanted) - 1
    # to twelve digits, so that tenths are written as tenths
    return tuple(float(f"{low + (high - low) * i / steps:.12g}") for i in range(steps + 1))


# --- playing ----------------------------------------------------------------------------------


def play_cell(sweep: Sweep, cell: int) -> list[Row]:
    """A row for each luck of a cell; raises SweepError where its values do not go together."""
    try:
        plan = sweep.plan(cell)
        size = max(1, min(BATCH, MOST_ROWS // plan.users))
        rows: list[Row] = []
        for start in range(0, sweep.runs, size):
            rows += _play(plan, sweep.seed + start, min(size, sweep.runs - start))
    except (ScenarioError, TableError, DataError) as error:
        told = ", ".join(f"{name}={value}" for name, value in sweep.values(cell).items())
        raise SweepError(f"cell {cell} ({told}): {error}") from None
    known = {"cell": cell, "weeks": plan.weeks, "target": plan.target, **plan.options}
    return [known | row | sweep.values(cell) for row in rows]


def _play(plan: Scenario, seed: int, lucks: int) -> list[Row]:
    """Headline figures of a batch, a row for each luck."""
    from agents.warmup import build_world

    world, seats, draws = build_world(plan, replicates=lucks), Seats(plan), Draws(seed, lucks)
    setting = world.setting
    weeks: dict[str, list[Any]] = {name: [] for name in MEASURES}
    lost = np.zeros(lucks)
    while world.week < plan.weeks:
        account = play_week(world, draws, seats).account
        lost += account.zones["gdp_loss_usd"][:, setting.target]
        for name, measure in MEASURES.items():
            weeks[name].append(measure(setting, account).copy())
    columns = {name: np.array(values) for name, values in weeks.items()}  # (weeks, lucks)
    ends = outcomes(world)
    rows: list[Row] = []
    for luck in range(lucks):
        row: Row = {"seed": seed + luck, "gdp_loss_usd_total": float(lost[luck])}
        row |= spans(
            {name: values[:, luck] for name, values in columns.items()}, setting.par.stop_felt
        )
        for place, seat in enumerate(plan.actors):
            row |= {f"{gauge}_{seat}": float(ends[gauge][luck, place]) for gauge in GAUGES}
        rows.append(row)
    return rows


def play_cells(
    sweep: Sweep, cells: Sequence[int], jobs: int, keep: Callable[[int, list[Row]], None]
) -> None:
    """Plays cells in ``jobs`` processes and hands each to ``keep`` as it is finished.

    With one job there is no other process. Whatever ends this one, also a kill, ends the others.
    """
    jobs = min(jobs, len(cells))
    if jobs <= 1:
        for cell in cells:
            keep(cell, play_cell(sweep, cell))
        return
    context = multiprocessing.get_context("spawn")
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, context, initializer=_stay_with_parent)
    try:
        with _interrupts_wait():
            futures = {pool.submit(play_cell, sweep, cell): cell for cell in cells}
        for future in as_completed(futures):
            keep(futures.pop(future), future.result())
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _end(set(multiprocessing.active_children()) - before)
        raise
    finally:
        pool.shutdown()


def _end(children: Iterable[Any]) -> None:
    for child in children:
        child.terminate()


def _stay_with_parent() -> None:
    """A process that plays cells leaves Ctrl-C to the one that started it, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Holds Ctrl-C back; processes started meanwhile never hear it, not even while they load.

    They inherit the mask of this thread. Other threads, such as those of NumPy, may still take
    the signal, and Python would raise it here: so it is only noted until the end.
    """
    main = threading.current_thread() is threading.main_thread()
    if not hasattr(signal, "pthread_sigmask") or not main:  # Windows
        yield
        return
    heard = False

    def note(*_: object) -> None:
        nonlocal heard
        heard = True

    handler = signal.signal(signal.SIGINT, note)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
    if heard:
        raise KeyboardInterrupt
