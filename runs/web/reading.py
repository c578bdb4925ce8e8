"""Columns of the record as series: one material, one zone or one pair of zones at a time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from runs.web.draw.schematic import Band, Node
from runs.web.scene import Look, Record, Scene

Array = NDArray[np.float64]
FLOW_KEYS = ("material", "from_zone", "to_zone", "channel")
FLOW_MEAN_WEEKS = 4  # single shipments are lumpy: the map shows a month's mean


@dataclass(frozen=True)
class Lanes:
    """Rows of `flows` of one material between zones, and the bands (keys) that they feed."""

    rows: list[int]
    keys: list[tuple[str, str, str]]  # from, to, kind of band
    grey: NDArray[np.bool_]  # (L,)
    first: Array  # (L, K): 1 where a lane's grey or Chinese-origin tonnes go
    second: Array  # (L, K): 1 where the rest goes


def lanes_of(record: Record, material: str) -> Lanes:
    """The lanes of a material; flows inside a zone are no bands of a map."""
    table = record.rows("flows")
    rows: list[int] = []
    keys: dict[tuple[str, str, str], int] = {}
    fed: list[tuple[int, int]] = []
    for row, (good, sender, to, channel) in enumerate(
        zip(*(table[key] for key in FLOW_KEYS), strict=True)
    ):
        if good != material or sender == to:
            continue
        kinds = ("grey", "grey") if channel == "grey" else ("china", "other")
        one, two = (keys.setdefault((sender, to, kind), len(keys)) for kind in kinds)
        rows.append(row)
        fed.append((one, two))
    first, second = np.zeros((2, len(rows), len(keys)))
    for lane, (one, two) in enumerate(fed):
        first[lane, one] = second[lane, two] = 1.0
    grey = np.array([table["channel"][row] == "grey" for row in rows], dtype=bool)
    return Lanes(rows, list(keys), grey, first, second)


@dataclass
class Reading:
    """A record seen from a scene; series have one value a played week.

    A recorder assembles a column from all weeks on every call, so columns are kept until
    `refresh` says that weeks may have been added.
    """

    scene: Scene
    record: Record
    _columns: dict[tuple[str, str], Array] = field(default_factory=dict)
    _rows: dict[str, dict[tuple[str, ...], int]] = field(default_factory=dict)
    _lanes: dict[str, Lanes] = field(default_factory=dict)

    def refresh(self) -> Reading:
        self._columns.clear()
        return self

    @property
    def weeks(self) -> int:
        return len(self._column("zones", "gdp_loss_share"))

    def market(self, column: str, material: str, zone: str) -> Array:
        """A column of `markets`, NaN where it is null."""
        return self._series("markets", column, ("material", "zone"), (material, zone))

    def zone(self, column: str, zone: str) -> Array:
        """A column of `zones`."""
        return self._series("zones", column, ("zone",), (zone,))

    def _series(
        self, table: str, column: str, keys: tuple[str, ...], wanted: tuple[str, ...]
    ) -> Array:
        if table not in self._rows:
            rows = self.record.rows(table)
            places = zip(*(rows[key] for key in keys), strict=True)
            self._rows[table] = {place: row for row, place in enumerate(places)}
        values = self._column(table, column)
        row = self._rows[table].get(wanted)
        if row is None:
            return np.full(len(values), np.nan)
        return np.asarray(values[:, row], dtype=float)

    def _column(self, table: str, column: str) -> Array:
        if (table, column) not in self._columns:
            self._columns[table, column] = self.record.array(table, column)
        return self._columns[table, column]

    def bands(self, look: Look) -> tuple[list[Band], float]:
        """Flows of a material around the week looked at, and the widest of the whole run."""
        lanes = self._lanes_of(look.material)
        shipped = np.nan_to_num(self._column("flows", "shipped_t")[:, lanes.rows])
        chinese = np.nan_to_num(self._column("flows", "shipped_china_origin_t")[:, lanes.rows])
        if not shipped.size:
            return [], 0.0
        # A grey lane is shown whole, any other by the true origin of what it carries.
        first = np.where(lanes.grey, shipped, chinese)
        second = np.where(lanes.grey, 0.0, np.maximum(shipped - chinese, 0.0))
        means = _trailing_means(first @ lanes.first + second @ lanes.second)
        week = len(means) - 1 if look.week is None else min(look.week, len(means) - 1)
        shown = np.flatnonzero(means[week] > 0).tolist()
        return [Band(*lanes.keys[i], float(means[week, i])) for i in shown], float(means.max())

    def _lanes_of(self, material: str) -> Lanes:
        if material not in self._lanes:
            self._lanes[material] = lanes_of(self.record, material)
        return self._lanes[material]

    def nodes(self, look: Look) -> list[Node]:
        """The zones, with cover and public stock at the week looked at."""
        nodes = []
        for place in self.scene.places:
            cover = at(self.market("cover_weeks", look.material, place.code), look.week)
            days = at(self.zone("stockpile_days", place.code), look.week)
            nodes.append(Node(place.code, place.name, place.x, place.y, place.shape, cover, days))
        return nodes


def _trailing_means(tonnes: Array) -> Array:
    """Means over the last weeks, column by column."""
    sums = np.vstack([np.zeros(tonnes.shape[1]), np.cumsum(tonnes, axis=0)])
    ends = np.arange(1, len(sums))
    starts = np.maximum(ends - FLOW_MEAN_WEEKS, 0)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts)[:, None], dtype=float)


def at(series: Array, week: int | None) -> float | None:
    """The value in a week, the latest if None; None where there is none."""
    if not len(series):
        return None
    value = float(series[-1 if week is None else min(week, len(series) - 1)])
    return value if math.isfinite(value) else None


def highest(series: Iterable[Array]) -> float:
    """The greatest finite value of several series, 0 if there is none."""
    tops = [float(np.nanmax(one)) for one in series if len(one) and np.isfinite(one).any()]
    return max(tops, default=0.0)
