"""Reading a run's folder, which anybody may have changed: what cannot be played is told first.

``read_run`` reads the tables in the types that this version writes, and ``check_record`` says
whether they can be played again. Nothing is played here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs.about import MODEL
from runs.asked import MOST_SEED, MOST_WEEKS
from runs.recorder import RUN_FILE, SCENARIO_FILE, TOLD, RecordError, as_dates, digest_of
from runs.tables import TABLES, WEEKLY, TableSpec
from world.reading import short
from world.toml_text import TomlError, tables_of

if TYPE_CHECKING:
    import pandas as pd

    from world.scenario import Scenario

READ = (*WEEKLY, "events", "orders")
DENSE = ("markets", "zones", "producers")  # every week has rows here
NEEDED = {
    "scenario": "text", "scenario_digest": "text", "digest": "text", "seed": MOST_SEED,
    "weeks": MOST_WEEKS, "overrides": "table", "seats": "table",
}  # fmt: skip


class OtherModel(RecordError):
    """A run that another model has made; no fault of the record."""


def model_of(about: Mapping[str, Any]) -> int:
    """The model that made a run; 1 where the record is from before models were counted."""
    return int(about.get("model", 1))


def check_model(about: Mapping[str, Any]) -> None:
    """Raises OtherModel, with a sentence on what can be done, where this model did not make it."""
    made, version = model_of(about), about.get("package_version", "")
    if made != MODEL:
        of = f" (entrepot {version})" if version else ""
        raise OtherModel(
            f"was made by model {made}{of}; this is model {MODEL}, in which the same orders come "
            "out otherwise, so its weeks are read as they stand and not played again."
        )


def read_run(folder: str | Path) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """``run.toml`` and the tables of a run's folder; raises RecordError."""
    path = Path(folder)
    about = read_about(path)
    if model_of(about) != MODEL:  # its tables may have other columns, and are not played again
        return about, as_they_stand(path)
    frames = {
        table: read_table(path / f"{table}.parquet", TABLES[table])
        for table in READ
        # without such seats there is no table of firms, without such a ban none of goods
        if table not in ("firms", "goods") or (path / f"{table}.parquet").exists()
    }
    check_weeks(path, int(about["weeks"]), frames)
    return about, frames


def as_they_stand(path: Path) -> dict[str, pd.DataFrame]:
    """The tables of a run that another model has made; raises RecordError."""
    found = ((table, path / f"{table}.parquet") for table in READ)
    return {table: plain_table(file) for table, file in found if file.exists()}


def read_about(path: Path) -> dict[str, Any]:
    """What ``run.toml`` says, with the keys that a replay needs; raises RecordError."""
    file = path / RUN_FILE
    try:
        about = tables_of(file.read_text(encoding="utf-8"))
    except (TomlError, UnicodeDecodeError) as error:
        raise RecordError(f"{file} is damaged: {error}.") from None
    except (OSError, ValueError):  # a name may hold what no name of a file can
        raise RecordError(f"{path} holds no run: there is no readable {RUN_FILE}.") from None
    for key, kind in NEEDED.items():
        if key not in about:
            raise RecordError(f"{file} has no key {key}.")
        value = about[key]
        if isinstance(kind, int):
            if type(value) is not int or not 0 <= value <= kind:
                raise RecordError(
                    f"{file}: {key} must be a whole number of 0 or more and at most {kind}, "
                    f"not {short(value)}."
                )
        elif not isinstance(value, dict if kind == "table" else str):
            raise RecordError(f"{file}: {key} must be a {kind}, not {short(value)}.")
    if type(about.get("model", 1)) is not int or about.get("model", 1) < 0:
        raise RecordError(
            f"{file}: model must be a whole number of 0 or more, not {short(about['model'])}."
        )
    for actor, label in about["seats"].items():
        if not isinstance(label, str):
            raise RecordError(f"{file}: seats.{actor} must be a text, not {short(label)}.")
    return about


def plain_table(file: Path) -> pd.DataFrame:
    """A table as it is on the disk; raises RecordError."""
    import pandas as pd

    try:
        return pd.read_parquet(file)
    except Exception as error:  # pyarrow has many ways to dislike a file
        what = "is missing" if isinstance(error, FileNotFoundError) else "is damaged"
        raise RecordError(f"{file} {what}.") from None


def read_table(file: Path, spec: TableSpec) -> pd.DataFrame:
    """A table in this version's columns and types; raises RecordError."""
    import pandas as pd

    frame = plain_table(file)
    for name in spec.columns:
        if name not in frame.columns and name not in spec.optional:
            raise RecordError(f"{file} has no column {name}.")
    for name in frame.columns:
        if name not in spec.columns:
            raise RecordError(f"{file} has a column {short(name)} that this version does not know.")
    there = [name for name in spec.columns if name in frame.columns]
    for name in there:
        if isinstance(frame[name], pd.DataFrame):
            raise RecordError(f"{file} has two columns {name}.")
        fault = type_fault(frame[name], name, spec)
        if fault:
            raise RecordError(f"{file}, column {name}: must hold {fault}.")
    frame["date"] = as_dates(frame["date"])
    return frame[there]


def type_fault(column: pd.Series[Any], name: str, spec: TableSpec) -> str | None:
    """What a column should hold and does not, or None."""
    from pandas.api import types

    if name == "date":
        try:
            return "a date in every row" if as_dates(column).isna().any() else None
        except (ValueError, TypeError, OverflowError):
            return "dates"
    if name == "week" or name in spec.whole:
        return None if types.is_integer_dtype(column) and column.notna().all() else "whole numbers"
    if name == "accepted":
        return None if types.is_bool_dtype(column) and column.notna().all() else "true or false"
    if name in spec.keys or name in spec.texts:
        kind = types.infer_dtype(column, skipna=False)
        return None if kind == "string" or (kind == "empty" and not len(column)) else "texts"
    plain = types.is_float_dtype(column) or types.is_integer_dtype(column)
    return None if plain else "numbers"


def check_weeks(path: Path, weeks: int, frames: Mapping[str, pd.DataFrame]) -> None:
    """Raises RecordError unless the tables hold the weeks that ``run.toml`` names."""
    for table, frame in frames.items():
        if table == "orders" or not len(frame):
            continue  # a refused order may name any week
        first, last = int(frame["week"].min()), int(frame["week"].max())
        if first < 0 or last >= weeks:
            raise RecordError(
                f"{path / table}.parquet has a row of week {first if first < 0 else last}, and "
                f"{RUN_FILE} says that {weeks} weeks were played."
            )
    for table in DENSE:
        held = frames[table]["week"].nunique()
        if held != weeks:
            raise RecordError(
                f"{path / table}.parquet holds {held} weeks, and {RUN_FILE} says that {weeks} "
                "were played."
            )


def plan_of_run(folder: Path, about: Mapping[str, Any]) -> Scenario:
    """The scenario of a record as it was then; raises RecordError or ScenarioError."""
    from world.scenario import load_scenario

    copy = folder / SCENARIO_FILE
    plan = load_scenario(copy if copy.exists() else about["scenario"], about["overrides"])
    if plan.digest != about["scenario_digest"]:
        raise RecordError(
            f"{folder}: the scenario {plan.id} or a table behind it has changed since the run, "
            "so it cannot be played again as it was."
        )
    return plan


def check_record(folder: str | Path) -> None:
    """Says without playing it whether a record can be played again, and as it was.

    Raises RecordError, ScenarioError or SeatError: for all that ``replay`` refuses, and for tables
    that are not those with which ``run.toml`` was written.
    """
    from runs.replay import players
    from runs.seats import Seats
    from runs.told import check_told

    path = Path(folder)
    about, frames = read_run(path)
    try:
        check_model(about)
    except OtherModel as why:
        raise OtherModel(f"{path} {why}") from None
    plan = plan_of_run(path, about)
    check_firms(path, plan, frames)
    check_told(plan, frames, path)
    Seats(plan, players(about, frames["orders"]))
    values = {table: frames[table] for table in WEEKLY if table in frames}
    if about["digest"] != digest_of(values) or not told_as_written(about, frames):
        raise RecordError(f"{path}: a table has changed since the run; entrepot replay says where.")


def told_as_written(about: Mapping[str, Any], frames: Mapping[str, pd.DataFrame]) -> bool:
    """True if orders and events are those with which ``run.toml`` was written, or it is older than
    the digest that tells."""
    told = digest_of({table: frames[table] for table in TOLD})
    return about.get("told_digest") in (None, told)


def check_firms(path: Path, plan: Scenario, frames: Mapping[str, Any]) -> None:
    """Raises RecordError where a scenario has firms with seats and the record no table of them."""
    if plan.firms and "firms" not in frames:
        raise RecordError(f"{path / 'firms'}.parquet is missing.")
