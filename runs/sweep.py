"""A sweep: every combination of varied values, each played with the same firms and many lucks.

A cell is one combination; its runs are lucks ``seed`` to ``seed + runs - 1``, played as one batch,
and run r of a batch equals the same run alone bit for bit. Finished cells are kept one by one
(``runs.sweep_folder``), so a sweep that was ended, however roughly, goes on with those that are
missing. Cells know nothing of one another: their values do not depend on how many processes there
are, nor on which cell came first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from runs.asked import MOST_SEED, whole
from runs.headline import ENDS, MEASURES, STOPS, spans
from runs.outcome import GAUGES, outcomes
from runs.processes import in_processes
from runs.seats import Seats
from runs.turn import play_week
from world.draws import Draws
from world.facts import DataError
from world.reading import TableError
from world.scenario import Scenario, ScenarioError, SetValue, load_scenario

if TYPE_CHECKING:
    import pandas as pd

    from runs.weekly import Weeks
    from world.setting import Setting

MOST_RUNS = 100_000  # of all cells together
MOST_ROWS = 200_000  # users that are played at once, all lucks together
BATCH = 20  # lucks that are played at once; more are hardly faster
USERS = 2_000
MOST_JOBS = 256
Row = dict[str, Any]
# makes files from the weeks of a cell, batch after batch
WeeklyFiles = Callable[["Setting", Sequence["Weeks"]], dict[str, bytes]]


class SweepError(ValueError):
    """A sweep that cannot be made as asked for; the text is one sentence."""


# --- what is asked for ------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Sweep:
    """A checked grid; cells count from 0, and the last target changes fastest."""

    base: Scenario
    vary: dict[str, tuple[SetValue, ...]]
    runs: int  # lucks of a cell
    seed: int  # the first luck

    def __repr__(self) -> str:
        grid = ", ".join(f"{name} over {len(values)} values" for name, values in self.vary.items())
        return (
            f"<Sweep of {self.base.id}: {grid}; {self.cells} cells of {self.runs} runs from seed "
            f"{self.seed}, {self.base.users:,} users>"
        )

    kind: ClassVar[str] = "sweep"
    a_kind: ClassVar[str] = "a sweep"

    def lucks(self, cell: int) -> range:
        """The lucks of a cell."""
        return range(self.seed, self.seed + self.runs)

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
    for target in grid:
        _check_meanings(sweep, target)
    return sweep


def _check_meanings(sweep: Sweep, target: str) -> None:
    """Raises SweepError where two texts mean one value, as ``true`` and ``1`` do."""
    values = sweep.vary[target]
    if not any(isinstance(value, str) for value in values):
        return  # numbers have been compared
    others = {name: held[0] for name, held in sweep.vary.items() if name != target}
    known: dict[str, SetValue] = {}
    for value in values:
        meaning = sweep.base.override(others | {target: value}).digest
        if meaning in known:
            raise SweepError(f"{target}: {known[meaning]} and {value} mean the same; name it once.")
        known[meaning] = value


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


@dataclass(frozen=True)
class Played:
    """A cell that has been played: a row for each luck, and the weeks where they were wanted."""

    rows: list[Row]
    tables: dict[str, bytes]  # Parquet files by name


def play_cell(sweep: Sweep, weekly: WeeklyFiles | None, cell: int) -> Played:
    """Plays the lucks of a cell; raises SweepError where its values do not go together.

    ``weekly`` makes tables from the weeks of a cell; without it no weeks are kept.
    """
    lucks = sweep.lucks(cell)
    try:
        plan = sweep.plan(cell)
        size = max(1, min(BATCH, MOST_ROWS // plan.users))
        batches = [
            _play(plan, first, min(size, lucks.stop - first), weekly is not None)
            for first in lucks[::size]
        ]
    except (ScenarioError, TableError, DataError) as error:
        told = ", ".join(f"{name}={value}" for name, value in sweep.values(cell).items())
        raise SweepError(f"cell {cell} ({told}): {error}") from None
    known = {"cell": cell, "weeks": plan.weeks, "target": plan.target, **plan.options}
    rows = [known | row | sweep.values(cell) for batch in batches for row in batch.rows]
    setting = batches[0].setting
    weeks = [batch.weeks for batch in batches if batch.weeks is not None]
    return Played(rows, weekly(setting, weeks) if weekly is not None else {})


@dataclass(frozen=True)
class Batch:
    """Lucks that were played side by side."""

    rows: list[Row]
    weeks: Weeks | None
    setting: Setting


def _play(plan: Scenario, seed: int, lucks: int, weekly: bool) -> Batch:
    """Headline figures of a batch, a row for each luck, with the weeks if they are wanted."""
    from agents.warmup import build_world
    from runs.weekly import Weekly

    world, seats, draws = build_world(plan, replicates=lucks), Seats(plan), Draws(seed, lucks)
    setting = world.setting
    weeks: dict[str, list[Any]] = {name: [] for name in MEASURES}
    banded = Weekly() if weekly else None
    lost = np.zeros(lucks)
    while world.week < plan.weeks:
        account = play_week(world, draws, seats).account
        lost += account.zones["gdp_loss_usd"][:, setting.target]
        for name, measure in MEASURES.items():
            weeks[name].append(measure(setting, account).copy())
        if banded is not None:
            banded.add(account)
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
    return Batch(rows, banded.columns() if banded is not None else None, setting)


def play_sweep(
    scenario: str,
    vary: Mapping[str, Sequence[SetValue] | str],
    set: Mapping[str, SetValue] | None = None,
    runs: int = 20,
    seed: int = 1,
    jobs: int = 1,
) -> pd.DataFrame:
    """A row for each cell and luck, as ``cells.parquet`` has them, without a folder.

    ``vary`` holds values by target, or a text such as ``0:10:11``; the rest is as in the command
    ``entrepot sweep``. Raises SweepError, ScenarioError, or ValueError for numbers out of range.
    """
    import pandas as pd

    whole("jobs", jobs, 1, MOST_JOBS)
    texts = [
        (target, values if isinstance(values, str) else ",".join(map(str, values)))
        for target, values in vary.items()
    ]
    sweep = make_sweep(
        scenario, texts, set, whole("runs", runs, 1, MOST_RUNS), whole("seed", seed, 0, MOST_SEED)
    )
    cells: dict[int, Played] = {}
    play_cells(sweep, range(sweep.cells), jobs, cells.__setitem__)
    return pd.DataFrame([row for cell in sorted(cells) for row in cells[cell].rows])


def play_cells(
    sweep: Sweep, cells: Sequence[int], jobs: int, keep: Callable[[int, Played], None],
    weekly: WeeklyFiles | None = None,
) -> None:  # fmt: skip
    """Plays cells in ``jobs`` processes and hands each to ``keep`` as it is finished."""
    in_processes(partial(play_cell, sweep, weekly), cells, jobs, keep)
