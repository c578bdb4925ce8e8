"""The folder of a sweep: what is swept, one part for each finished cell, and the tables of all.

``sweep.toml`` says what is swept, ``parts/cell-000012/`` holds a finished cell: ``cells.parquet``
with a row for each seed, and ``markets_quantiles.parquet`` (zones, hubs) with its weeks. Every file
is written beside its place, brought to the disk and then renamed: whatever ends the program, a
file is whole or not there. ``cells.parquet`` (a row for each cell and seed) and ``summary.csv``
(a row for each cell) come last and are made from the parts alone.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tomllib
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import agents
import runs
import world
from runs.about import features_apart, instruction_set, machine_features, package_version
from runs.recorder import SCENARIO_FILE, digest_of, to_toml
from runs.sweep import Played, Sweep, SweepError, WeeklyFiles, play_cells
from runs.weekly import BANDED, Weeks, quantile_table, side_by_side
from world.toml_text import TomlError, tables_of

if TYPE_CHECKING:
    from world.setting import Setting

try:
    import fcntl
except ImportError:  # Windows has no such lock; there two sweeps in one folder are not noticed
    fcntl = None  # type: ignore[assignment]

CELLS_FILE, SUMMARY_FILE, PARTS, LOCK = "cells.parquet", "summary.csv", "parts", ".lock"
QUANTILE_FILES = {table: f"{table}_quantiles.parquet" for table in BANDED}
OURS = {SCENARIO_FILE, CELLS_FILE, SUMMARY_FILE, PARTS, LOCK, *QUANTILE_FILES.values()}
UNFINISHED = ".tmp"
TEXTS = ("target", "material", "zone")
DIGESTS = {
    "scenario_digest": "its scenario or a table behind it has",
    "model_digest": "code or tables of the model have",
}
BANDS = {"p10": 0.1, "median": 0.5, "p90": 0.9}


class Folder:
    """A sweep's folder while it is worked on; ``parts`` holds the finished cells by number.

    Raises SweepError for a folder that cannot be written, that holds something else, and that
    another sweep is working on.
    """

    def __init__(self, path: str | Path, sweep: Sweep) -> None:
        if not str(path).strip():
            raise SweepError(f"the folder for the {sweep.kind} has no name; name one.")
        self.path, self.sweep = Path(path), sweep
        self.schema = schema(sweep)
        self.weekly = tuple(QUANTILE_FILES.values())  # what stands beside each part
        self.parts: dict[int, pa.Table] = {}
        self._guard = -1

    def __enter__(self) -> Folder:
        with self._telling():
            self._claim()
            try:
                self._settle()
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._guard)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SweepError(f"{self.path} cannot be written: {error.strerror}.") from error

    def _claim(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise SweepError(
                f"{self.path} is a file, and {self.sweep.a_kind} needs a folder; choose another "
                "name."
            )
        if self.path.exists():
            held = sorted(
                one.name
                for one in self.path.iterdir()
                if one.name not in {*OURS, self.mark} and one.suffix != UNFINISHED
            )
            if held:
                raise SweepError(
                    f"{self.path} holds something else ({held[0]}); choose another folder."
                )
        self.path.mkdir(parents=True, exist_ok=True)
        self._guard = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(self._guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._guard)
            raise SweepError(
                f"another {self.sweep.kind} is at work in {self.path}; wait for it."
            ) from None

    def _settle(self) -> None:
        """Writes down what is swept, or checks that the same was swept before."""
        said = about(self.sweep)
        file = self.path / self.mark
        if file.exists():
            try:
                was = tables_of(file.read_text(encoding="utf-8"))
            except (TomlError, UnicodeDecodeError) as error:
                raise SweepError(f"{file} is damaged: {error}.") from None
            fault = difference(was, tomllib.loads(to_toml(said)))
            if fault:
                raise SweepError(
                    f"{self.path} holds another {self.sweep.kind}: {fault}; choose another folder."
                )
        (self.path / PARTS).mkdir(exist_ok=True)
        for place in ("*", f"{PARTS}/*/*"):
            for rest in self.path.glob(place + UNFINISHED):
                rest.unlink()
        if not file.exists():
            self.write(self.path / SCENARIO_FILE, self.sweep.base.text.encode())
            self.write(file, to_toml(said).encode())
        for cell in range(self.sweep.cells):
            part = self._read(cell)
            if part is not None:
                self.parts[cell] = part

    @property
    def mark(self) -> str:
        """The file that says what is swept."""
        return f"{self.sweep.kind}.toml"

    @property
    def missing(self) -> list[int]:
        """Cells that have not been finished."""
        return [cell for cell in range(self.sweep.cells) if cell not in self.parts]

    # --- parts ----------------------------------------------------------------------------------

    def _part(self, cell: int) -> Path:
        return self.path / PARTS / f"cell-{cell:06}" / CELLS_FILE

    def beside(self, cell: int, name: str) -> Path:
        """A file of the weeks of a cell."""
        return self._part(cell).with_name(name)

    def _read(self, cell: int) -> pa.Table | None:
        """A finished cell, or None where there is none that is whole."""
        path = self._part(cell)
        if not path.exists():
            return None
        try:
            part = pq.read_table(path, page_checksum_verification=True)
        except Exception:  # pyarrow has many ways to dislike a file
            return None
        lucks = list(self.sweep.lucks(cell))
        if not all(self.beside(cell, name).exists() for name in self.weekly):
            return None
        if not part.schema.equals(self.schema) or part["seed"].to_pylist() != lucks:
            return None
        return part if set(part["cell"].to_pylist()) == {cell} else None

    def keep(self, cell: int, played: Played) -> None:
        """Puts a finished cell on the disk, its part last: what has a part is whole."""
        columns = {name: [row.get(name) for row in played.rows] for name in self.schema.names}
        part = pa.table(columns, self.schema)
        with self._telling():
            self._part(cell).parent.mkdir(exist_ok=True)
            for name, data in played.tables.items():
                self.write(self.beside(cell, name), data)
            self.write(self._part(cell), parquet(part))
        self.parts[cell] = part

    def write(self, path: Path, data: bytes) -> None:
        """Writes a whole file or none: beside its place, to the disk, then renamed."""
        beside = path.with_name(path.name + UNFINISHED)
        with beside.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(beside, path)

    # --- all cells ------------------------------------------------------------------------------

    def finish(self) -> str:
        """Writes the tables of all cells; the SHA-256 of the values of ``cells.parquet``."""
        table = pa.concat_tables(self.parts[cell] for cell in range(self.sweep.cells))
        with self._telling():
            self.write(self.path / CELLS_FILE, parquet(table.combine_chunks()))
            self.write(self.path / SUMMARY_FILE, summary(self.sweep, table))
        return digest_of({"cells": table.to_pandas()})


def schema(sweep: Sweep) -> pa.Schema:
    """Columns of ``cells.parquet``: cell, seed, what was varied, what the charts show, figures."""
    numbers = {
        target: all(isinstance(value, float) for value in values)
        for target, values in sweep.vary.items()
    }
    kinds = {"cell": pa.int64(), "seed": pa.int64()}
    kinds |= {name: pa.float64() if number else pa.string() for name, number in numbers.items()}
    kinds |= {"weeks": pa.int64()} if "weeks" not in kinds else {}
    kinds |= {name: pa.string() for name in TEXTS} | {n: pa.float64() for n in sweep.figures}
    return pa.schema(list(kinds.items()))


def parquet(table: pa.Table) -> bytes:
    """A table as a Parquet file whose pages carry checksums."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue())


def summary(sweep: Sweep, table: pa.Table) -> bytes:
    """CSV with a row for each cell: median, 10 and 90% over its lucks; empty where no value."""
    frame = table.to_pandas()
    figures = sweep.figures
    head = [name for name in frame.columns if name not in figures and name != "seed"]
    out = frame.loc[:: sweep.runs, head].reset_index(drop=True)
    out["runs"] = sweep.runs
    columns: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "All-NaN", RuntimeWarning)
        for name in figures:
            values = frame[name].to_numpy(float).reshape(-1, sweep.runs)
            bands = np.nanquantile(values, list(BANDS.values()), axis=1)
            columns |= {f"{name}_{band}": bands[i] for i, band in enumerate(BANDS)}
    out = pd.concat([out, pd.DataFrame(columns)], axis=1)
    text: str = out.to_csv(index=False, lineterminator="\n")
    return text.encode()


def about(sweep: Sweep) -> dict[str, Any]:
    """What makes a sweep the same sweep: all that its numbers depend on."""
    base = sweep.base
    return {
        "scenario": base.id, "version": base.version, "scenario_digest": base.digest,
        "runs": sweep.runs, "seed": sweep.seed, "users": base.users, "weeks": base.weeks,
        "package_version": package_version(), "numpy_version": np.__version__,
        "instruction_set": instruction_set(), "cpu_features": list(machine_features()),
        "system": platform.system(), "model_digest": model_digest(),
        "vary": sweep.vary, "overrides": base.overrides,
    }  # fmt: skip


def model_digest() -> str:
    """SHA-256 of the model's code and tables, so that no sweep is half of one model."""
    total = hashlib.sha256()
    for room, names in ((world, "**/*"), (agents, "**/*"), (runs, "*.py")):
        top = Path(room.__path__[0])
        for file in sorted(one for one in top.glob(names) if one.suffix in (".py", ".csv")):
            total.update(f"{file.relative_to(top)}:{file.stat().st_size};".encode())
            total.update(file.read_bytes())
    return total.hexdigest()


def difference(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Where two sweeps first differ, in words; empty if they are the same."""
    # digests last: they do not say what they are about
    for name in sorted(now, key=DIGESTS.__contains__):
        old, new = was.get(name), now[name]
        if name == "cpu_features":  # not noted by early versions, whose model was another
            if isinstance(old, list) and set(old) != set(new):
                return features_apart(old)
            continue
        if isinstance(new, dict):
            old = old if isinstance(old, dict) else {}
            for key in (*new, *old):
                if old.get(key) != new.get(key):
                    told = _said(old.get(key)), _said(new.get(key))
                    what = "varied" if name == "vary" else "set"
                    return f"{key} is {what} there as {told[0]}, and here as {told[1]}"
            if list(old) != list(new):
                return f"{name} has another order there, {', '.join(old)}"
        elif old != new and name in DIGESTS:
            return f"{DIGESTS[name]} changed since"
        elif old != new:
            return f"{name} is {_said(old)} there, and {_said(new)} here"
    return ""


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_said, value))
    if value is None:
        return "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)


def cells_in(folder: str | Path) -> int:
    """How many parts a folder holds."""
    return len(list((Path(folder) / PARTS).glob(f"cell-*/{CELLS_FILE}")))


def bands_of(setting: Setting, batches: Sequence[Weeks]) -> dict[str, bytes]:
    """The weekly quantiles of a cell, a Parquet file for each table."""
    weeks = side_by_side(batches)
    return {
        file: parquet(quantile_table(setting, table, weeks[table].__getitem__))
        for table, file in QUANTILE_FILES.items()
    }


def sweep_into(
    folder: str | Path, sweep: Sweep, jobs: int, bar: Callable[[int], Any] | None = None
) -> tuple[int, str]:
    """Plays the cells that are missing: (cells that were there before, digest of the values).

    ``bar`` makes what is called with the number of cells played, from how many there are to play.
    """
    with Folder(folder, sweep) as kept:
        return play_missing(kept, jobs, bands_of, bar, lambda cell: 1)


def play_missing(
    kept: Folder, jobs: int, weekly: WeeklyFiles, bar: Callable[[int], Any] | None,
    size: Callable[[int], int],
) -> tuple[int, str]:  # fmt: skip
    """Plays what is missing: (what was there before, digest of the values).

    ``size`` says for how much a cell counts.
    """
    before = sum(size(cell) for cell in kept.parts)
    watch = bar(sum(size(cell) for cell in kept.missing)) if bar else None

    def keep(cell: int, played: Played) -> None:
        kept.keep(cell, played)
        if watch:
            watch(sum(size(one) for one in kept.parts) - before)

    try:
        play_cells(kept.sweep, kept.missing, jobs, keep, weekly)
    finally:
        if watch:
            watch.close()
    return before, kept.finish()
