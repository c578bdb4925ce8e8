"""What a run remembers: every week's columns, the log in words and the orders given.

Arrays are kept week by week as they come and become tables only when somebody asks. Of several
lucks only the first is recorded. A run's folder holds one Parquet file a table and ``run.toml``,
which is written last: a folder with a ``run.toml`` is complete.
"""

from __future__ import annotations

import copy
import datetime
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runs.datapackage import FILE as PACKAGE_FILE
from runs.datapackage import datapackage
from runs.tables import TABLES, WEEKLY, TableSpec
from world.laws.capacity import STATUS
from world.reading import shortened

if TYPE_CHECKING:
    import pandas as pd

    from world.account import Account
    from world.decisions import Order
    from world.setting import Setting

Array = NDArray[np.float64]

STATUSES = np.array(STATUS, object)
DATE: Final = "datetime64[ms]"  # in nanoseconds a calendar would end in 2262
TOLD = ("orders", "events")
RUN_FILE, SCENARIO_FILE = "run.toml", "scenario.toml"


class RecordError(ValueError):
    """A folder that cannot take or does not hold a run; the text is one sentence."""


class Week(NamedTuple):
    """One recorded week: dense columns by table, and the lanes on which something moved."""

    week: int
    columns: dict[str, dict[str, Array]]
    lanes: NDArray[np.int64]
    flows: dict[str, Array]
    events: list[dict[str, Any]]
    agents: dict[str, NDArray[Any]] | None


class Recorder:
    """The record of one game, luck 0; ``frames`` are its tables in the layout of a run's folder.

    What it hands out are copies. ``attrs`` are those of every frame: which run it is.
    """

    def __init__(self, setting: Setting, attrs: Mapping[str, Any] | None = None) -> None:
        self.setting = setting
        self.attrs: dict[Any, Any] = dict(attrs or {})
        self.weeks: list[Week] = []
        self._orders: list[dict[str, Any]] = []
        self._keys = {table: row_keys(setting, table) for table in WEEKLY}
        self._frames: dict[str, tuple[int, pd.DataFrame]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What pickle keeps: all but the tables, which are made again when they are asked for."""
        return {**self.__dict__, "_frames": {}}

    # --- writing ----------------------------------------------------------------------------------

    def record(
        self,
        account: Account,
        events: list[dict[str, Any]],
        agents: dict[str, NDArray[Any]] | None = None,
    ) -> None:
        """Adds a week; one append at the end, so that an interrupt never leaves half of it."""
        dense = {
            table: {
                name: np.array(getattr(account, table)[name][0])
                for name in WEEKLY[table].values
                if name in getattr(account, table)
            }
            for table in WEEKLY
            if table != "flows"
        }
        moved = np.zeros(len(self._keys["flows"]["material"]), dtype=bool)
        for name in ("shipped_t", "arrived_t", "recorded_t"):
            if name in account.flows:
                moved |= account.flows[name][0] != 0.0
        lanes = np.flatnonzero(moved)
        flows = {name: values[0][lanes] for name, values in account.flows.items()}
        self.weeks.append(Week(account.week, dense, lanes, flows, events, agents))

    def note_order(self, order: Order, reason: str = "") -> None:
        """Keeps an order, with the reason where it was refused."""
        self._orders.append(
            {
                "week": order.week, "actor": order.actor, "lever": order.lever,
                "value": float(order.value), "by": order.by, "why": order.why,
                "accepted": not reason, "reason": reason,
            }
        )  # fmt: skip

    # --- reading ----------------------------------------------------------------------------------

    def date(self, week: int) -> str:
        return self.setting.scenario.date(week).isoformat()

    def rows(self, table: str) -> dict[str, list[str]]:
        """What each row of ``array(table, ...)`` stands for, by key column."""
        return {name: list(values) for name, values in self._keys[table].items()}

    def array(self, table: str, column: str) -> Array:
        """One column of all weeks played, (weeks, rows); zeros where nothing moved in ``flows``."""
        if table not in WEEKLY or column not in WEEKLY[table].values:
            raise KeyError(f"there is no column {column!r} in the table {table!r}")
        rows = len(next(iter(self._keys[table].values())))
        out = np.zeros((len(self.weeks), rows))
        for i, week in enumerate(self.weeks):
            if table == "flows":
                out[i, week.lanes] = week.flows[column]
            else:
                out[i] = week.columns[table].get(column, np.nan)
        return out

    @property
    def events(self) -> list[dict[str, Any]]:
        """The log so far, each a dict(week, date, kind, actor, target, text, data)."""
        return [{**one, "data": dict(one["data"])} for week in self.weeks for one in week.events]

    @property
    def orders(self) -> list[dict[str, Any]]:
        """Orders and refusals so far, each a dict with the columns of the table but the date."""
        return [dict(order) for order in self._orders]

    @property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        return Frames(self)

    def frame(self, table: str) -> pd.DataFrame:
        """A copy of a table of the weeks played."""
        return self._frame(table).copy()

    def _frame(self, table: str) -> pd.DataFrame:
        """The same, made once for each number of weeks; for nobody to change."""
        size = len(self._orders) if table == "orders" else len(self.weeks)
        kept = self._frames.get(table)
        if kept is None or kept[0] != size:
            kept = (size, self._build(table))
            kept[1].attrs = dict(self.attrs)
            self._frames[table] = kept
        return kept[1]

    def _build(self, table: str) -> pd.DataFrame:
        import pandas as pd  # half a second that a caller of arrays does not pay

        spec = TABLES[table]
        if table == "events":
            rows = [{**event, "data": json.dumps(event["data"])} for event in self.events]
            return finish(pd.DataFrame(rows, columns=spec.columns), spec)
        if table == "orders":
            rows = [{**order, "date": self.date(order["week"])} for order in self._orders]
            return finish(pd.DataFrame(rows, columns=spec.columns), spec)
        if table == "agents":
            parts = [week.agents for week in self.weeks if week.agents is not None]
            columns: dict[str, Any] = {
                name: np.concatenate([part[name] for part in parts]) if parts else []
                for name in spec.columns
                if name != "date"
            }
            columns["date"] = self._dates(np.asarray(columns["week"], dtype=int))
            return finish(pd.DataFrame(columns, columns=spec.columns), spec)
        return self._weekly(table, spec)

    def _weekly(self, table: str, spec: TableSpec) -> pd.DataFrame:
        import pandas as pd

        keys = self._keys[table]
        width = len(next(iter(keys.values())))
        width = width if self._has(table) else 0
        places = [w.lanes if table == "flows" else np.arange(width) for w in self.weeks]
        place = np.concatenate(places) if places else np.zeros(0, dtype=int)
        week = np.repeat([w.week for w in self.weeks], [len(p) for p in places]).astype(int)
        columns: dict[str, Any] = {"week": week, "date": self._dates(week)}
        columns |= {name: values[place] for name, values in keys.items()}
        for name in spec.values:
            source = [w.flows if table == "flows" else w.columns[table] for w in self.weeks]
            if name in spec.optional and not any(name in part for part in source):
                continue
            if all(name in part for part in source):
                parts = [part[name][:width] if table == "goods" else part[name] for part in source]
                columns[name] = np.concatenate([np.zeros(0), *parts])
            else:
                columns[name] = np.full(len(place), np.nan)
        if table == "producers":
            columns["status"] = STATUSES[np.nan_to_num(columns["status"]).astype(int)]
        if table == "flows":
            codes, sender = columns["declared_from"], columns["from_zone"]
            columns["declared_from"] = self._declared(codes, sender)
        names = [name for name in spec.columns if name in columns]
        return finish(pd.DataFrame(columns, columns=names), spec)

    def _declared(self, codes: Array, sender: NDArray[Any]) -> NDArray[Any]:
        """Names of declared origins from zone numbers; the sender where none is given."""
        zones = np.array(self.setting.scenario.zones, dtype=object)
        named = np.isfinite(codes)
        out = sender.copy()
        out[named] = zones[codes[named].astype(int)]
        return out

    def _dates(self, weeks: NDArray[np.int64]) -> NDArray[Any]:
        start = np.datetime64(self.setting.scenario.start, "D")
        return (start + 7 * weeks.astype("timedelta64[D]")).astype(DATE)

    # --- the folder -------------------------------------------------------------------------------

    def digest(self) -> str:
        """SHA-256 of the values of every weekly table that has rows (not of file bytes)."""
        return digest_of({table: self._frame(table) for table in WEEKLY if self._has(table)})

    def told_digest(self) -> str:
        """The same of orders, refusals and events."""
        return digest_of({table: self._frame(table) for table in TOLD})

    @property
    def held(self) -> list[str]:
        """The tables that a folder of this run has."""
        return [table for table in TABLES if self._has(table)]

    def part(self, first: int, until: int) -> Recorder:
        """The record of the weeks from ``first`` to before ``until`` alone."""
        part = copy.copy(self)
        part.weeks, part._frames = self.weeks[first:until], {}
        part._orders = [order for order in self._orders if first <= order["week"] < until]
        return part

    def _has(self, table: str) -> bool:
        """False for what a run need not have: firms with a seat, goods under a ban, a panel."""
        if table == "firms":
            return len(self.setting.firms) > 0
        if table == "goods":
            return any(week.columns[table]["held_usd"].any() for week in self.weeks)
        return table != "agents" or any(week.agents for week in self.weeks)

    def save(self, folder: str | Path, about: Mapping[str, Any]) -> Path:
        """Writes the tables and then ``run.toml`` with ``about``; raises RecordError."""
        path = claim(folder)
        try:
            for table in self.held:
                self._frame(table).to_parquet(
                    path / f"{table}.parquet", engine="pyarrow", compression="zstd", index=False
                )
            text = self.setting.scenario.text
            (path / SCENARIO_FILE).write_text(text, encoding="utf-8")
            tables = {table: list(self._frame(table).columns) for table in self.held}
            package = json.dumps(datapackage(tables, about), indent=1, ensure_ascii=False)
            (path / PACKAGE_FILE).write_text(package + "\n", encoding="utf-8")
            (path / RUN_FILE).write_text(to_toml(about), encoding="utf-8")
        except OSError as error:
            raise RecordError(f"{path} cannot be written: {error.strerror}.") from error
        return path


class Frames(Mapping[str, "pd.DataFrame"]):
    """The tables of a game by name, built when they are looked up."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in TABLES:
            raise KeyError(f"there is no table {table!r}; known are {', '.join(TABLES)}")
        return self._recorder.frame(table)

    def __iter__(self) -> Any:
        return iter(TABLES)

    def __repr__(self) -> str:
        return f"<tables of {len(self._recorder.weeks)} weeks: {', '.join(TABLES)}>"

    def __len__(self) -> int:
        return len(TABLES)


def row_keys(setting: Setting, table: str) -> dict[str, NDArray[Any]]:
    """Names by key column for each row of a weekly table, as object arrays."""
    base = setting.base
    zones = [zone.code for zone in base.zones]
    materials = [material.id for material in base.materials]
    if table in ("markets", "law"):
        keys = {
            "material": [m for m in materials for _ in zones],
            "zone": [z for _ in materials for z in zones],
        }
    elif table == "zones":
        keys = {"zone": zones}
    elif table == "hubs":
        hubs = [zones[z] for z in setting.hub_zones]
        keys = {"hub": [h for h in hubs for _ in materials], "material": materials * len(hubs)}
    elif table == "firms":
        keys = {"firm": [firm.id for firm in setting.firms.firms]}
    elif table == "goods":
        groups = [group for group, _, _ in setting.goods_groups]
        buyers = [zone for _, zone, _ in setting.goods_groups]
        keys = {"group": groups, "from_zone": [setting.scenario.coercer] * len(groups),
                "to_zone": buyers}  # fmt: skip
    elif table == "producers":
        keys = {
            "producer": [plant.name for plant in base.plants],
            "zone": [plant.zone for plant in base.plants],
            "material": [plant.material for plant in base.plants],
            "stage": [plant.stage for plant in base.plants],
        }
    else:
        flows = setting.flow_map
        keys = {
            "material": [materials[m] for m in flows.material],
            "from_zone": [zones[z] for z in flows.origin],
            "to_zone": [zones[z] for z in flows.to],
            "channel": list(flows.channel),
        }
    return {name: np.array(values, dtype=object) for name, values in keys.items()}


def finish(frame: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Types that do not depend on how many rows there are, so that folders read alike."""
    for name in frame.columns:
        if name == "week" or name in spec.whole:
            frame[name] = frame[name].astype("int64")
        elif name == "accepted":
            frame[name] = frame[name].astype("bool")
        elif name == "date":
            frame[name] = as_dates(frame[name])
        elif name in spec.keys or name in spec.texts:
            frame[name] = frame[name].astype("str")
        else:
            frame[name] = frame[name].astype("float64")
    return frame


def as_dates(column: pd.Series[Any]) -> pd.Series[Any]:
    """Days as pandas has them, also from text as older records have it; ValueError or TypeError."""
    import pandas as pd

    if isinstance(column.dtype, pd.DatetimeTZDtype) or pd.api.types.is_numeric_dtype(column):
        raise ValueError("no dates")
    plain = pd.api.types.is_datetime64_dtype(column)
    days = column if plain else pd.to_datetime(column, format="%Y-%m-%d")
    typed: pd.Series[Any] = days.astype(DATE)
    return typed


def digest_of(frames: Mapping[str, pd.DataFrame]) -> str:
    """SHA-256 over names and values of all columns, table by table in the order given."""
    import pandas as pd

    total = hashlib.sha256()
    for table, frame in frames.items():
        for name in frame.columns:
            total.update(f"{table}.{name}:{len(frame)};".encode())
            column = frame[name]
            if name == "date":  # as text, which it once was: a digest outlives a type
                column = column.dt.strftime("%Y-%m-%d").astype("str")
            if pd.api.types.is_float_dtype(column):
                values = column.to_numpy(dtype="<f8", copy=True)
                values[np.isnan(values)] = np.nan  # one bit pattern for null
                total.update(values.tobytes())
            elif pd.api.types.is_integer_dtype(column):
                total.update(column.to_numpy(dtype="<i8").tobytes())
            else:
                codes, words = pd.factorize(column)
                total.update(codes.astype("<i8").tobytes())
                total.update("\0".join(map(str, words)).encode())
    return total.hexdigest()


def claim(folder: str | Path) -> Path:
    """A folder that can take a run, made if it is not there; raises RecordError."""
    if not str(folder).strip():
        raise RecordError("the folder for the record has no name; name one.")
    path = Path(folder)
    if os.path.exists(path) and not os.path.isdir(path):
        raise RecordError(f"{path} is a file, and a record needs a folder; choose another name.")
    files = (RUN_FILE, SCENARIO_FILE, PACKAGE_FILE, *(f"{table}.parquet" for table in TABLES))
    held = [name for name in files if os.path.exists(path / name)]
    if held:
        raise RecordError(f"{path} already holds a run ({held[0]}); choose another folder.")
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".writable"
        probe.touch()
        probe.unlink()
    except (OSError, ValueError) as error:  # a NUL is no part of a name
        reason = getattr(error, "strerror", None) or str(error)
        raise RecordError(f"{shortened(str(path))} cannot be written: {reason}.") from error
    return path


def to_toml(values: Mapping[str, Any]) -> str:
    """A flat table with at most one level of tables below, as TOML."""

    def word(value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, datetime.date):
            return value.isoformat()
        if isinstance(value, int | float):
            return repr(value)
        if isinstance(value, list | tuple):
            return f"[{', '.join(word(one) for one in value)}]"
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")

    flat = {name: value for name, value in values.items() if not isinstance(value, Mapping)}
    lines = [f"{name} = {word(value)}" for name, value in flat.items()]
    for name, table in values.items():
        if isinstance(table, Mapping):
            lines += ["", f"[{name}]", *(f"{json.dumps(k)} = {word(v)}" for k, v in table.items())]
    return "\n".join(lines) + "\n"
