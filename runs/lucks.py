"""An ensemble: one scenario with the same firms and many lucks, medians and bands week by week.

It is a sweep that varies nothing, cut into batches of lucks instead of cells: a batch that is
finished is kept, so an ensemble that was ended goes on with those that are missing, and neither the
number of processes nor the order in which batches come changes a byte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from runs.asked import MOST_SEED, whole
from runs.recorder import digest_of
from runs.sweep import BATCH, MOST_JOBS, MOST_RUNS, USERS, Sweep
from runs.sweep_folder import (
    CELLS_FILE,
    QUANTILE_FILES,
    SUMMARY_FILE,
    Folder,
    parquet,
    play_missing,
    summary,
)
from runs.weekly import BANDED, Array, Weeks, quantile_table, side_by_side
from world.scenario import Scenario, SetValue, load_scenario

if TYPE_CHECKING:
    import pandas as pd

    from runs.charts.plot import Picture
    from world.setting import Setting

WEEKS_FILES = {table: f"{table}_weeks.parquet" for table in BANDED}


@dataclass(frozen=True, repr=False)
class Ensemble(Sweep):
    """A checked ensemble; its "cells" are batches of at most ``batch`` lucks."""

    batch: int = BATCH

    kind: ClassVar[str] = "ensemble"
    a_kind: ClassVar[str] = "an ensemble"

    def __repr__(self) -> str:
        return (
            f"<Ensemble of {self.base.id}: {self.runs} runs from seed {self.seed}, "
            f"{self.base.users:,} users>"
        )

    @property
    def cells(self) -> int:
        return -(-self.runs // self.batch)

    def lucks(self, cell: int) -> range:
        first = self.seed + cell * self.batch
        return range(first, min(first + self.batch, self.seed + self.runs))

    def values(self, cell: int) -> dict[str, SetValue]:
        return {}

    def plan(self, cell: int) -> Scenario:
        return self.base


def make_ensemble(
    scenario: str, set: Mapping[str, SetValue] | None = None, runs: int = 100, seed: int = 1
) -> Ensemble:
    """A checked ensemble, with 2,000 users unless ``set`` says otherwise; raises ScenarioError."""
    from runs.seats import Seats

    fixed: dict[str, SetValue] = {"users": USERS, **(set or {})}
    made = Ensemble(
        load_scenario(scenario, fixed), {}, whole("runs", runs, 1, MOST_RUNS),
        whole("seed", seed, 0, MOST_SEED), BATCH,
    )  # fmt: skip
    Seats(made.base)  # says which policy there is not
    return made


def weeks_of(setting: Setting, batches: Sequence[Weeks]) -> dict[str, bytes]:
    """The weeks of a batch as they are, a file for each table, a column for each measure."""
    weeks = side_by_side(batches)
    return {
        file: parquet(pa.table({name: values.ravel() for name, values in weeks[table].items()}))
        for table, file in WEEKS_FILES.items()
    }


class EnsembleFolder(Folder):
    """The folder of an ensemble; the weeks of batches make way for their quantiles at the end."""

    def __init__(self, path: str | Path, asked: Ensemble) -> None:
        super().__init__(path, asked)
        # once there are quantiles the weeks are gone and a batch needs none
        done = all((self.path / file).exists() for file in QUANTILE_FILES.values())
        self.weekly = () if done else tuple(WEEKS_FILES.values())

    def finish(self) -> str:
        """Writes the tables of all lucks; the SHA-256 of the values of ``cells.parquet``."""
        parts = (self.parts[cell] for cell in range(self.sweep.cells))
        table = pa.concat_tables(parts).combine_chunks()
        nothing = pa.array(np.zeros(len(table), dtype=np.int64))
        table = table.set_column(table.schema.get_field_index("cell"), "cell", nothing)
        with self._telling():
            if self.weekly:
                self._bands()
            self.write(self.path / CELLS_FILE, parquet(table))
            self.write(self.path / SUMMARY_FILE, summary(self.sweep, table))
            for rest in self.path.glob("parts/*/*_weeks.parquet"):
                rest.unlink()
        return digest_of({"cells": table.to_pandas()})

    def _bands(self) -> None:
        from agents.warmup import build_world

        setting = build_world(self.sweep.base).setting
        for table, file in QUANTILE_FILES.items():
            self.write(self.path / file, parquet(quantile_table(setting, table, self._all(table))))

    def _all(self, table: str) -> Callable[[str], Array]:
        """Reads a measure of all batches as (weeks, rows, lucks), one column of each file."""

        def measured(name: str) -> Array:
            read = []
            for cell in range(self.sweep.cells):
                file = pq.read_table(self.beside(cell, WEEKS_FILES[table]), columns=[name])
                lucks, weeks = len(self.sweep.lucks(cell)), self.sweep.base.weeks
                read.append(file[name].to_numpy().reshape(weeks, -1, lucks))
            return np.concatenate(read, axis=-1)

        return measured


def ensemble_into(
    folder: str | Path, asked: Ensemble, jobs: int, bar: Callable[[int], Any] | None = None
) -> tuple[int, str]:
    """Plays the batches that are missing: (lucks that were there before, digest of the values)."""
    with EnsembleFolder(folder, asked) as kept:
        return play_missing(kept, jobs, weeks_of, bar, lambda cell: len(asked.lucks(cell)))


@dataclass(frozen=True, repr=False)
class Lucks:
    """An ensemble that was played: ``cells`` has a row for each seed, the others weekly bands."""

    asked: Ensemble
    cells: pd.DataFrame
    markets: pd.DataFrame
    zones: pd.DataFrame
    hubs: pd.DataFrame

    def __repr__(self) -> str:
        return repr(self.asked)

    def _repr_html_(self) -> str:
        from runs.in_short import ensemble_html

        return ensemble_html(self)

    def plot(
        self, measure: str = "price", material: str | None = None, zone: str | None = None
    ) -> Picture:
        """A measure by week: the median and the band of 8 of 10 lucks. ValueError for none."""
        from runs.charts.plot import plot
        from runs.compare.shown import lucks_shown

        return plot(lucks_shown(self), measure, material, zone)


def ensemble(
    scenario: str = "japan-2026",
    set: Mapping[str, SetValue] | None = None,
    runs: int = 100,
    seed: int = 1,
    jobs: int = 1,
    out: str | Path | None = None,
) -> Lucks:
    """Plays many lucks of a scenario and bands them by week, as ``entrepot ensemble`` does.

    ``out`` keeps the folder and goes on with what stands there. Raises SweepError, ScenarioError,
    or ValueError for numbers out of range.
    """
    import tempfile

    import pandas as pd

    asked = make_ensemble(scenario, set, runs, seed)
    with tempfile.TemporaryDirectory(prefix="entrepot-") as spare:
        folder = Path(out) if out is not None else Path(spare) / "ensemble"
        ensemble_into(folder, asked, whole("jobs", jobs, 1, MOST_JOBS))
        frames = [pd.read_parquet(folder / name) for name in (CELLS_FILE, *QUANTILE_FILES.values())]
    return Lucks(asked, *frames)
