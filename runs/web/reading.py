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
FLOW_MEAN_WEEKS = 4  # single shipments are lumpy: the map shows a month's mean


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

    def refresh(self) -> Reading:
        self._columns.clear()
        return self

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
        rows = self.record.rows("flows")
        mine = [i for i, m in enumerate(rows["material"]) if m == look.material]
        mine = [i for i in mine if rows["from_zone"][i] != rows["to_zone"][i]]
        shipped = self._column("flows", "shipped_t")[:, mine]
        chinese = self._column("flows", "shipped_china_origin_t")[:, mine]
        if not len(shipped):
            return [], 0.0
        bands: dict[tuple[str, str, str], Array] = {}
        for column, i in enumerate(mine):
            pair = (rows["from_zone"][i], rows["to_zone"][i])
            for kind, tonnes in _by_kind(
                rows["channel"][i], shipped[:, column], chinese[:, column]
            ):
                key = (*pair, kind)
                bands[key] = bands[key] + tonnes if key in bands else tonnes
        week = len(shipped) - 1 if look.week is None else min(look.week, len(shipped) - 1)
        means = {key: _trailing_mean(tonnes) for key, tonnes in bands.items()}
        widest = max((float(mean.max()) for mean in means.values()), default=0.0)
        now = [Band(*key, float(mean[week])) for key, mean in means.items() if mean[week] > 0]
        return now, widest

    def nodes(self, look: Look) -> list[Node]:
        """The zones, with cover and public stock at the week looked at."""
        nodes = []
        for place in self.scene.places:
            cover = at(self.market("cover_weeks", look.material, place.code), look.week)
            days = at(self.zone("stockpile_days", place.code), look.week)
            nodes.append(Node(place.code, place.name, place.x, place.y, place.shape, cover, days))
        return nodes


def _by_kind(channel: str, shipped: Array, chinese: Array) -> Iterable[tuple[str, Array]]:
    """A channel's tonnes as the map shows them: by route if grey, else by true origin."""
    if channel == "grey":
        yield "grey", shipped
        return
    yield "china", chinese
    yield "other", np.maximum(shipped - chinese, 0.0)


def _trailing_mean(tonnes: Array) -> Array:
    sums = np.concatenate([[0.0], np.cumsum(np.nan_to_num(tonnes))])
    ends = np.arange(1, len(sums))
    starts = np.maximum(ends - FLOW_MEAN_WEEKS, 0)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts), dtype=float)


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
