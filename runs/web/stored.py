"""A run of another model as the watch page shows it: its stored tables, week after week.

Such a run is not played again, since the same orders would come out otherwise, so nothing here
needs the model, nor a scenario or a table of facts that it knows. `Stored` has the part of a game
that the page asks for; a column that the tables lack is null.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runs.asked import MOST_WEEKS
from runs.recorder import SCENARIO_FILE, RecordError, as_dates
from runs.run_folder import model_of
from runs.seats import OUTSIDE
from runs.tables import WEEKLY, TableSpec
from runs.web.scene import Good, Place, Scene, shape_of
from world.toml_text import TomlError, tables_of

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Tables = Mapping[str, "pd.DataFrame"]

SHOWN = ("markets", "zones", "flows", "hubs", "law", "goods", "producers")  # what is read
NEEDED = ("markets", "zones")
MOST_CELLS = 2**25  # of a column over all weeks and rows; the largest runs have some millions
TELLING = ("week", "date", "kind", "actor", "target", "text")  # columns of an event
ORDERED = ("order", "rung")  # events whose text may end with the reason that a person wrote
MAP_WIDTH, UNPLACED_Y = 1000.0, 520.0  # where zones stand that the map of today does not have


class Stored:
    """The stored weeks of a run, of which ``week`` are shown; raises RecordError."""

    def __init__(
        self, folder: Path, about: Mapping[str, Any], tables: Tables, for_guest: bool = False
    ) -> None:
        self.weeks = int(about["weeks"])
        self.model = model_of(about)
        self.recorder = StoredTables(folder, self.weeks, tables, for_guest)
        self.scene = scene_of_tables(folder, about, self.recorder)
        self.step()  # before the first week there is nothing stored to be shown

    def forget_past(self) -> None:
        """It has no states."""

    @property
    def week(self) -> int:
        """Weeks shown so far."""
        return self.recorder.shown

    def step(self) -> None:
        """One week more is shown."""
        self.recorder.shown = min(self.recorder.shown + 1, self.weeks)


class StoredTables:
    """A `runs.web.scene.Record` over tables as they stand on the disk."""

    def __init__(self, folder: Path, weeks: int, tables: Tables, for_guest: bool = False) -> None:
        self.shown = 0
        self._grids: dict[str, Grid] = {}
        self._columns: dict[tuple[str, str], Array] = {}
        for table in SHOWN:
            file = folder / f"{table}.parquet"
            if table in tables:
                self._grids[table] = Grid(file, tables[table], WEEKLY[table], weeks)
            elif table in NEEDED:
                raise RecordError(f"{file} is missing.")
            else:
                self._grids[table] = Grid.empty(WEEKLY[table], weeks)
        if not self._grids["zones"].rows_of("zone") or not self._grids["markets"].rows_of("zone"):
            raise RecordError(f"{folder} holds no week that could be shown.")
        self._events = (
            events_of(folder / "events.parquet", tables["events"], for_guest)
            if "events" in tables else []
        )  # fmt: skip

    @property
    def events(self) -> list[dict[str, Any]]:
        """What has happened in the weeks that are shown."""
        return [event for event in self._events if event["week"] < self.shown]

    def rows(self, table: str) -> dict[str, list[str]]:
        """Key columns, one entry a row of ``array``."""
        grid = self._grids[table]
        return {key: grid.rows_of(key) for key in grid.keys}

    def array(self, table: str, column: str) -> Array:
        """(weeks shown, rows): null where the tables have nothing, 0 in ``flows``."""
        if (table, column) not in self._columns:
            missing = 0.0 if table == "flows" else np.nan
            self._columns[table, column] = self._grids[table].column(column, missing)
        return self._columns[table, column][: self.shown]


class Grid:
    """A weekly table with its rows in places: weeks down, what a row is about across."""

    def __init__(self, file: Path, frame: pd.DataFrame, spec: TableSpec, weeks: int) -> None:
        from pandas.api import types

        keys = spec.keys
        for name in ("week", *keys):
            if name not in frame.columns:
                raise RecordError(f"{file} has no column {name}.")
        if not frame.columns.is_unique:
            raise RecordError(f"{file} has two columns of one name.")
        self.file, self.frame, self.keys, self.weeks = file, frame, keys, weeks
        self._week = whole_weeks(file, frame, weeks)
        for name in set(frame.columns) & (set(spec.values) - spec.texts):
            if len(frame) and not types.is_numeric_dtype(frame[name]):
                raise RecordError(f"{file}, column {name}: must hold numbers.")
        names = [frame[key].astype("str") for key in keys]
        places = dict.fromkeys(zip(*names, strict=True))
        self.places = list(places)
        if weeks * len(self.places) > MOST_CELLS:
            raise RecordError(f"{file} is too large to be shown.")
        number = {place: n for n, place in enumerate(self.places)}
        self._row = np.array([number[one] for one in zip(*names, strict=True)], dtype=np.int64)

    @classmethod
    def empty(cls, spec: TableSpec, weeks: int) -> Grid:
        """A table without a row."""
        import pandas as pd

        return cls(Path(), pd.DataFrame(columns=["week", *spec.keys]), spec, weeks)

    def rows_of(self, key: str) -> list[str]:
        """The name under ``key`` of each row."""
        at = self.keys.index(key)
        return [place[at] for place in self.places]

    def column(self, name: str, missing: float) -> Array:
        """(weeks, rows) of one column."""
        out = np.full((self.weeks, len(self.places)), missing)
        if name in self.frame.columns:
            values = self.frame[name].to_numpy(float, na_value=np.nan)
            out[self._week, self._row] = np.where(np.isfinite(values), values, np.nan)
        return out


def whole_weeks(file: Path, frame: pd.DataFrame, weeks: int) -> NDArray[np.int64]:
    """The week of every row; raises RecordError for one that ``run.toml`` does not have."""
    from pandas.api import types

    column = frame["week"]
    if len(column) and not (types.is_integer_dtype(column) and column.notna().all()):
        raise RecordError(f"{file}, column week: must hold whole numbers.")
    found = column.to_numpy(dtype=np.int64)
    wrong = found[(found < 0) | (found >= weeks)]
    if len(wrong):
        raise RecordError(
            f"{file} has a row of week {wrong[0]}, and "
            f"run.toml says that {weeks} weeks were played."
        )
    return found


def events_of(file: Path, frame: pd.DataFrame, for_guest: bool) -> list[dict[str, Any]]:
    """The log in the order of its weeks; a guest does not get the reasons that people wrote."""
    for name in ("week", "kind", "text"):
        if name not in frame.columns:
            raise RecordError(f"{file} has no column {name}.")
    if len(frame) and int(whole_weeks(file, frame, MOST_WEEKS).min()) < 0:
        raise RecordError(f"{file} has a week before the first.")
    told = frame.reindex(columns=[*TELLING, "data"], fill_value="").fillna("")
    told = told.sort_values("week", kind="stable")
    events = [{str(name): value for name, value in row.items()} for row in told.to_dict("records")]
    for event in events:
        event["week"], event["date"] = int(event["week"]), str(event["date"])[:10]
        if for_guest and event["kind"] in ORDERED and by_people(event["data"]):
            event["text"] = str(event["text"]).partition(":")[0].rstrip(".") + "."
    return events


def by_people(data: object) -> bool:
    """Whether an order came from outside; also where its data cannot be read."""
    try:
        found = json.loads(str(data))
    except (ValueError, RecursionError):
        return True
    return not isinstance(found, dict) or found.get("by") in (*OUTSIDE, None)


# --- what stays the same from week to week ------------------------------------------------------


def scene_of_tables(folder: Path, about: Mapping[str, Any], record: StoredTables) -> Scene:
    """The scene by the tables and the scenario's text; raises RecordError without a start."""
    plan = plan_as_text(folder, about)
    start = about.get("start")
    try:
        first = start if isinstance(start, datetime.date) else as_day(start)
        first + datetime.timedelta(weeks=int(about["weeks"]) + 1)  # a calendar ends
    except (TypeError, ValueError, OverflowError):
        raise RecordError(f"{folder / 'run.toml'}: start must be a date.") from None
    codes = list(dict.fromkeys(record.rows("zones")["zone"]))
    coercer = word(plan, "coercer", codes, "CHN")
    target = word(plan, "target", codes, next((c for c in codes if c != coercer), codes[0]))
    hubs = plan.get("hubs")
    goods = goods_of(record)
    chart = plan.get("chart")
    chart = chart if isinstance(chart, dict) else {}
    return Scene(
        title=words(plan.get("title")) or words(about.get("scenario")),
        summary=words(plan.get("summary")),
        start=first,
        horizon=int(about["weeks"]),
        goods=goods,
        places=tuple(
            place_of(code, n, len(codes), shape_of(code, coercer, target, hubs or ()))
            for n, code in enumerate(codes)
        ),
        coercer=coercer,
        target=target,
        first_material=word(chart, "material", [good.id for good in goods], goods[0].id),
        first_zone=word(chart, "zone", codes, target),
        base=None,
    )


def plan_as_text(folder: Path, about: Mapping[str, Any]) -> dict[str, Any]:
    """What the scenario's copy says, whether or not this model could play it; raises nothing."""
    try:
        told = tables_of((folder / SCENARIO_FILE).read_text(encoding="utf-8"))
    except (OSError, TomlError, UnicodeDecodeError):
        told = {}
    changed = about.get("overrides")
    return {**told, **changed} if isinstance(changed, dict) else told


def as_day(value: object) -> datetime.date:
    import pandas as pd

    day: datetime.date = as_dates(pd.Series([value], dtype="str")).iloc[0].date()
    return day


def words(value: object) -> str:
    return value if isinstance(value, str) else ""


def word(table: Mapping[str, Any], key: str, known: Sequence[str], else_: str) -> str:
    """What stands under ``key`` where it is one of the ``known``."""
    found = table.get(key)
    return found if isinstance(found, str) and found in known else else_


def goods_of(record: StoredTables) -> tuple[Good, ...]:
    """The materials by their first weeks' prices, with names where the facts of today have them."""
    named = record.rows("markets")["material"]
    record.shown = 1
    price, ratio = (record.array("markets", name)[0] for name in ("price_usd_per_t", "price"))
    record.shown = 0
    with np.errstate(divide="ignore", invalid="ignore"):
        base = np.where(ratio > 0, price / ratio, price)
    goods = []
    for material in dict.fromkeys(named):
        own = base[np.array([one == material for one in named])]
        known = own[np.isfinite(own)]
        usd = float(np.median(known)) if len(known) else 0.0
        unit = fact(material, "unit_of_account", "t")
        goods.append(Good(material, fact(material, "name", material), unit, usd))
    return tuple(goods)


def place_of(code: str, n: int, of: int, shape: str) -> Place:
    """A zone on the map of today; one that the map does not have stands at its foot."""
    from runs.web.sources import facts

    axes = []
    for axis in ("map_x", "map_y"):
        rows = list(facts().rows("model_zones", zone=code, attribute=axis))
        axes.append(rows[0].number("value") if rows and rows[0].has("value") else None)
    x, y = axes
    if x is None or y is None:
        x, y = MAP_WIDTH * (n + 1) / (of + 1), UNPLACED_Y
    name = next((row.text("name") for row in facts().rows("countries", code=code)), code)
    return Place(code, name, x, y, shape)


def fact(material: str, attribute: str, without: str) -> str:
    """A word of the facts about a material; ``without`` where there is none."""
    from runs.web.sources import facts

    rows = [
        row for table in ("minerals", "model_materials")
        for row in facts().rows(table, material=material, attribute=attribute)
    ]  # fmt: skip
    return (rows[-1].text("text") or rows[-1].text("unit") if rows else "") or without
