"""What can be shown and compared: runs, ensembles and sweeps, from folders or from a notebook."""

from __future__ import annotations

import datetime
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runs.about import about
from runs.asked import MOST_WEEKS
from runs.compare.words import Tongue
from runs.recorder import RUN_FILE, SCENARIO_FILE, as_dates
from runs.run_folder import model_of, read_run
from runs.sweep_folder import CELLS_FILE, QUANTILE_FILES
from runs.tables import WEEKLY
from world.reading import TableError, short
from world.scenario import ScenarioError, load_scenario
from world.toml_text import TomlError, tables_of

if TYPE_CHECKING:
    import pandas as pd

    from runs.lucks import Lucks
    from runs.play import Play
    from world.scenario import Scenario

Array = NDArray[np.float64]
Rows = dict[tuple[str, ...], Array]  # by key of a table, a value for each week, NaN for none
ENSEMBLE_FILE, SWEEP_FILE = "ensemble.toml", "sweep.toml"
BAND = ("p10", "p90")
QUANTILES = ("p10", "p25", "p50", "p75", "p90")


class CompareError(ValueError):
    """What cannot be compared or shown; the text is one sentence."""


@dataclass(frozen=True)
class Shown:
    """A run or an ensemble: what it says of itself, and its tables by week.

    A run has one luck and its own values, an ensemble medians with the band of 8 of 10.
    """

    kind: str  # run | ensemble
    name: str
    said: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    folder: Path | None = None
    plan: Scenario | None = None

    @property
    def lucks(self) -> int:
        return int(self.said["runs"]) if self.kind == "ensemble" else 1

    @property
    def scenario(self) -> str:
        return str(self.said["scenario"])

    def title(self, to: Tongue) -> str:
        """What it is, for people."""
        return to.t(
            f"compare.{self.kind}", name=self.name, scenario=to.scenario(self.scenario),
            seed=self.said["seed"], lucks=self.lucks, n=self.weeks,
        )  # fmt: skip

    @cached_property
    def weeks(self) -> int:
        return int(self.tables["zones"]["week"].max()) + 1 if len(self.tables["zones"]) else 0

    @cached_property
    def start(self) -> datetime.date:
        zones = self.tables["zones"]
        first = int(zones["week"].argmin())
        day: datetime.date = as_dates(zones["date"]).iloc[first].date()
        return day - datetime.timedelta(weeks=int(zones["week"].iloc[first]))

    def date(self, week: int) -> datetime.date:
        return self.start + datetime.timedelta(weeks=week)

    def has(self, table: str, measure: str) -> bool:
        frame = self.tables.get(table)
        if frame is None:
            return False
        if self.kind == "ensemble":
            return bool((frame["measure"] == measure).any())
        return measure in frame.columns

    def values(self, table: str, measure: str, part: str = "p50") -> Rows:
        """A series for each row of the table; ``part`` is a quantile of an ensemble."""
        frame, keys = self.tables[table], list(WEEKLY[table].keys)
        if self.kind == "ensemble":
            frame, measure = frame[frame["measure"] == measure], part
        rows: Rows = {}
        for key, series in frame.groupby(keys, sort=False, observed=True):
            values = np.full(self.weeks, np.nan)
            values[series["week"].to_numpy(int)] = as_numbers(series[measure])
            rows[tuple(map(str, key if isinstance(key, tuple) else (key,)))] = values
        return rows

    @cached_property
    def first_stops(self) -> list[int]:
        """The week in which lines of the target first stand still, of each luck in which they do;
        empty for a run, and where the ensemble does not say."""
        cells = self.tables.get("cells")
        if cells is None or "first_stop_week" not in cells.columns:
            return []
        weeks = as_numbers(cells["first_stop_week"])
        return sorted(int(one) for one in weeks[np.isfinite(weeks)])

    @cached_property
    def lead(self) -> tuple[str, str]:
        """Material and zone of the scenario's charts, or where the price rose highest; raises
        CompareError where no price is known."""
        highest = {
            key: float(np.nanmax(values))
            for key, values in self.values("markets", "price").items()
            if np.isfinite(values).any()
        }
        if not highest:
            raise CompareError(f"{self.name} holds no price.")
        options = self._options()
        asked = options.get("material", ""), options.get("zone", "")
        if asked in highest:
            return asked
        material, zone = max(highest, key=highest.__getitem__)
        return material, zone

    def _options(self) -> Mapping[str, str]:
        """What the scenario's charts show; nothing where the scenario is not to be had."""
        if self.plan is not None:
            return self.plan.options
        source = self.folder / SCENARIO_FILE if self.folder is not None else Path(self.scenario)
        try:
            return load_scenario(source, dict(self.said["overrides"])).options
        except (ScenarioError, TableError, OSError, ValueError):
            return {}


@dataclass(frozen=True)
class ShownSweep:
    """A sweep: the values of each varied target, and a row for each cell and luck."""

    name: str
    said: Mapping[str, Any]
    vary: dict[str, list[Any]]
    cells: pd.DataFrame

    @property
    def runs(self) -> int:
        return int(self.said["runs"])

    def title(self, to: Tongue) -> str:
        """What it is, for people."""
        return to.t(
            "compare.sweep", name=self.name, scenario=to.scenario(str(self.said["scenario"])),
            seed=self.said["seed"], lucks=self.runs, cells=self.cells["cell"].nunique(),
        )  # fmt: skip

    def grid(self, figure: str, part: float = 0.5) -> Array:
        """A quantile over the lucks of each cell, an axis for each varied target."""
        by_cell = self.cells.groupby("cell")[figure].quantile(part)
        return by_cell.to_numpy(float).reshape([len(values) for values in self.vary.values()])

    @property
    def figures(self) -> list[str]:
        known = {"cell", "seed", "weeks", "target", "material", "zone", *self.vary}
        return [name for name in self.cells.columns if name not in known]


def shown(what: str | Path | Play | Lucks | Shown | ShownSweep) -> Shown | ShownSweep:
    """A folder, a game or an ensemble as it can be compared; raises CompareError or RecordError."""
    if isinstance(what, Shown | ShownSweep):
        return what
    if not isinstance(what, str | Path):
        return _played(what)
    path = Path(what)
    if not os.path.isdir(path):
        there = "is a file" if os.path.exists(path) else "is not there"
        raise CompareError(
            f"{short(str(what))} {there}; name the folder of a run, an ensemble or a sweep."
        )
    marks = [name for name in (RUN_FILE, ENSEMBLE_FILE, SWEEP_FILE) if (path / name).exists()]
    if len(marks) != 1:
        held = f"holds both {' and '.join(marks)}" if marks else "holds no run, ensemble or sweep"
        raise CompareError(f"{path} {held}.")
    if marks == [RUN_FILE]:
        said, frames = read_run(path)
        if not _tells_orders(frames.get("orders")):
            frames.pop("orders", None)
        return _whole(Shown("run", path.name, said, frames, path))
    return _ensemble(path) if marks == [ENSEMBLE_FILE] else _sweep(path)


def _played(what: object) -> Shown:
    from runs.lucks import Lucks
    from runs.play import Play

    if isinstance(what, Play):
        return run_shown(what)
    if isinstance(what, Lucks):
        return lucks_shown(what)
    raise CompareError(f"{short(what)} is no run, ensemble or folder of one.")


def run_shown(game: Play) -> Shown:
    """A game as it stands; raises CompareError where nothing has been played."""
    tables = {name: game.frames[name] for name in game.recorder.held if name != "flows"}
    return _whole(Shown("run", f"seed {game.luck}", about(game), tables, plan=game.plan))


def lucks_shown(found: Lucks) -> Shown:
    asked, base = found.asked, found.asked.base
    said = {
        "scenario": base.id, "seed": asked.seed, "runs": asked.runs, "users": base.users,
        "overrides": base.overrides, "version": base.version,
    }  # fmt: skip
    tables = {name: getattr(found, name) for name in ("markets", "zones")}
    return Shown("ensemble", f"{asked.runs} lucks", said, tables, plan=base)


def _whole(one: Shown) -> Shown:
    """The run or ensemble, if it has what is compared; raises CompareError."""
    from pandas.api import types

    for table in ("markets", "zones"):
        frame = one.tables.get(table)
        if frame is None or not len(frame):
            raise CompareError(f"{one.name} has no weeks in its table {table}.")
        for column in ("week", "date", *WEEKLY[table].keys):
            if column not in frame.columns:
                raise CompareError(f"the table {table} of {one.name} has no column {column}.")
        for key in WEEKLY[table].keys:
            if types.infer_dtype(frame[key], skipna=False) != "string":
                raise CompareError(f"the column {key} of the table {table} holds no names.")
        week = frame["week"]
        if not types.is_integer_dtype(week) or not 0 <= week.min() <= week.max() < MOST_WEEKS:
            raise CompareError(f"the table {table} of {one.name} has weeks that cannot be.")
        try:
            dated = not as_dates(frame["date"]).isna().any()
        except (ValueError, TypeError, OverflowError):
            dated = False
        if not dated:
            raise CompareError(f"the table {table} of {one.name} has dates that cannot be.")
    return one


def _tells_orders(orders: pd.DataFrame | None) -> bool:
    """True for a table of orders as this version writes it; another model's may have another."""
    from pandas.api import types

    if orders is None or not {"week", "actor", "lever", "value", "by"} <= {*orders.columns}:
        return False
    return "accepted" in orders.columns and types.is_bool_dtype(orders["accepted"])


def as_numbers(column: pd.Series[Any]) -> Array:
    """A column as numbers, NaN for what is none: a record may be damaged."""
    import pandas as pd

    return np.asarray(pd.to_numeric(column, errors="coerce"), dtype=float)


def _said(path: Path, name: str, needed: Mapping[str, type]) -> dict[str, Any]:
    try:
        said = tables_of((path / name).read_text(encoding="utf-8"))
    except (TomlError, UnicodeDecodeError, OSError) as error:
        raise CompareError(f"{path / name} is damaged: {error}.") from None
    for key, kind in needed.items():
        if not isinstance(said.get(key), kind):
            raise CompareError(f"{path / name} is damaged: it has no {key}.")
    return said


SAID: dict[str, type] = {"scenario": str, "runs": int, "seed": int, "overrides": dict}


def _parquet(path: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    if not (path / name).exists():
        raise CompareError(
            f"{path} has not been finished ({name} is missing); the command that made it goes on."
        )
    try:
        frame = pd.read_parquet(path / name)
    except Exception:  # pyarrow has many ways to dislike a file
        raise CompareError(f"{path / name} is damaged.") from None
    lacking = [column for column in columns if column not in frame.columns]
    if lacking or not len(frame):
        what = f"it has no column {lacking[0]}" if lacking else "it has no rows"
        raise CompareError(f"{path / name} is damaged: {what}.")
    return frame


def _ensemble(path: Path) -> Shown:
    said = _said(path, ENSEMBLE_FILE, SAID)
    tables = {
        table: _parquet(
            path, name,
            ("week", "date", *WEEKLY[table].keys, "measure", *QUANTILES, "n"),
        )
        for table, name in QUANTILE_FILES.items()
        if table != "hubs"  # a scenario may have none
    }
    if (path / CELLS_FILE).exists():
        tables["cells"] = _parquet(path, CELLS_FILE, ("seed",))
    return _whole(Shown("ensemble", path.name, said, tables, path))


def _sweep(path: Path) -> ShownSweep:
    said = _said(path, SWEEP_FILE, SAID | {"vary": dict})
    vary = {str(name): values for name, values in said["vary"].items()}
    if not vary or not all(isinstance(values, list) and values for values in vary.values()):
        raise CompareError(f"{path / SWEEP_FILE} is damaged: it does not say what was varied.")
    cells = _parquet(path, CELLS_FILE, ("cell", "seed", *vary))
    size = math.prod(len(values) for values in vary.values())
    if set(cells["cell"]) != set(range(size)):
        raise CompareError(f"{path / CELLS_FILE} is damaged: it does not hold the {size} cells.")
    return ShownSweep(path.name, said, vary, cells)


def model_told(one: Shown) -> int | None:
    """The model that made a run; ensembles do not count theirs."""
    return model_of(one.said) if one.kind == "run" else None
