"""A run as its tables have it, read without the story: who ordered what, what stood still when."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from world.levers import DATA, LEVERS

if TYPE_CHECKING:
    from runs.play import Play

Table = Any  # a row a week and a column for each key, or one column; pandas' types miss half
STANDS = 0.01  # of need: less is no standstill
OUTSIDE = {"person", "file", "script"}


class Move(NamedTuple):
    """An order that changed a lever."""

    week: int
    actor: str
    lever: str
    aim: str  # its index, "" for every one
    was: float
    value: float
    by: str

    @property
    def up(self) -> bool:
        return self.value > self.was

    @property
    def part(self) -> float:
        """The move as a share of the lever's range."""
        lever = LEVERS[self.lever]
        return abs(self.value - self.was) / (lever.high - lever.low)


@dataclass
class Seen:
    """The tables of a run, and what its scenario says of sides and of the start."""

    name: str
    frames: Mapping[str, pd.DataFrame]
    coercer: str
    target: str
    at_start: Mapping[str, float]
    first_market: tuple[str, str]
    player: str = ""
    kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, game: Play, folder: Path | None = None, player: str = "") -> Seen:
        """A game's tables; with a folder they are written there and read back."""
        frames: Mapping[str, pd.DataFrame] = game.frames
        if folder is not None:
            game.save(folder)
            frames = {one.stem: pd.read_parquet(one) for one in folder.glob("*.parquet")}
        plan = game.plan
        market = (plan.options.get("material", ""), plan.options.get("zone", plan.target))
        return cls(f"{plan.id}, seed {game.luck}", frames, plan.coercer, plan.target,
                   dict(plan.levers), market, player)  # fmt: skip

    # --- tables -----------------------------------------------------------------------------------

    @property
    def weeks(self) -> int:
        return int(self.frames["zones"]["week"].max()) + 1

    @cached_property
    def zones(self) -> list[str]:
        return list(dict.fromkeys(self.frames["zones"]["zone"]))

    @property
    def others(self) -> list[str]:
        return [zone for zone in self.zones if zone != self.coercer]

    @cached_property
    def goods(self) -> list[str]:
        return list(dict.fromkeys(self.frames["markets"]["material"]))

    def date(self, week: int) -> str:
        zones = self.frames["zones"]
        day = pd.Timestamp(zones["date"].iloc[0]) + datetime.timedelta(weeks=week)
        return str(day.date())

    def wide(self, table: str, column: str) -> Table:
        """A column with a row a week and a column for each key."""
        keys = {"markets": ["material", "zone"], "hubs": ["hub", "material"], "zones": ["zone"],
                "law": ["material", "zone"]}[table]  # fmt: skip
        if (table, column) not in self.kept:
            frame = self.frames[table]
            self.kept[table, column] = frame.pivot(index="week", columns=keys, values=column)
        return self.kept[table, column]

    def market(self, column: str, good: str, zone: str) -> Table:
        return self.wide("markets", column)[good, zone]

    def zone(self, column: str, zone: str) -> Table:
        return self.wide("zones", column)[zone]

    def month(self, series: Table, week: int) -> float:
        """The mean of what is known of the four weeks up to a week."""
        return float(series.loc[max(0, week - 3) : week].mean())

    # --- the log ----------------------------------------------------------------------------------

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        rows: Any = self.frames["events"].to_dict(orient="records")
        return [{**row, "data": json.loads(row["data"] or "{}")} for row in rows]

    def told(self, week: int, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.events if one["week"] == week and one["kind"] == kind]

    @cached_property
    def moves(self) -> list[Move]:
        """Accepted orders of the table of orders that changed a lever, in order."""
        held: dict[tuple[str, str, str], float] = {}
        for name, value in self.at_start.items():
            actor, _, full = name.partition(".")
            lever, _, index = full.partition(".")
            _set(held, actor, lever, index, float(value))
        found = []
        for row in self.frames["orders"].query("accepted").to_dict(orient="records"):
            lever, _, index = row["lever"].partition(".")
            if lever not in LEVERS:
                continue
            actor, value = row["actor"], float(row["value"])
            whole = held.get((actor, lever, ""), LEVERS[lever].default)
            was = held.get((actor, lever, index), whole)
            if not index:
                for key in [key for key in held if key[:2] == (actor, lever)]:
                    del held[key]
            _set(held, actor, lever, index, value)
            if value != was:
                found.append(Move(row["week"], actor, lever, index, was, value, row["by"]))
        return found

    @cached_property
    def stops(self) -> list[tuple[int, str, str]]:
        """Week, zone and good of each first standstill of a zone's lines for a good; what stood
        still in week 0 did so before the run began."""
        share = self.wide("markets", "stopped_line_share").fillna(0.0) >= STANDS
        return sorted(
            (int(share[good, zone].idxmax()), zone, good)
            for good, zone in share.columns if share[good, zone].any()
        )  # fmt: skip

    @property
    def new_stops(self) -> list[tuple[int, str, str]]:
        """Those that come in the run."""
        return [one for one in self.stops if one[0]]

    @cached_property
    def opened(self) -> dict[str, int]:
        """The first week in which a zone's reserve gave anything."""
        given = self.wide("markets", "from_stockpile_t").fillna(0.0).T.groupby("zone").sum().T
        return {zone: int((given[zone] > 1e-6).idxmax()) for zone in self.others
                if (given[zone] > 1e-6).any()}  # fmt: skip

    @cached_property
    def caught(self) -> Table:
        """Traders caught, a row a week and a column for each hub."""
        if self.frames["hubs"].empty:
            return pd.DataFrame(index=range(self.weeks))
        return self.wide("hubs", "detections").fillna(0.0).T.groupby("hub").sum().T


def _set(held: dict[tuple[str, str, str], float], actor: str, lever: str, index: str,
         value: float) -> None:  # fmt: skip
    held[actor, lever, index] = value
    if lever == "rung":
        steps = pd.read_csv(DATA / "rungs.csv").set_index("rung").loc[round(value)]
        for name in set(steps.index) & set(LEVERS):
            held[actor, name, index] = float(steps[name])


def near(told: float | None, found: float | None) -> bool:
    """Whether two figures are the same but for the last bits."""
    if told is None or found is None:
        return told is None and (found is None or not np.isfinite(found))
    return bool(np.isclose(told, found, rtol=1e-7, atol=1e-12))
