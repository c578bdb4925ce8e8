"""Columns of the record as the page gets them: one material in all zones, and its flows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runs.web.scene import Record, Scene

Array = NDArray[np.float64]
FLOW_KEYS = ("material", "from_zone", "to_zone", "channel")
FLOW_MEAN_WEEKS = 4  # single shipments are lumpy: the map shows a month's mean
LEAST = 0.0017  # of the widest lane's tonnes: a thinner one is not drawn
DIGITS = 4
MARKET = ("price", "price_usd_per_t", "cover_weeks", "stopped_line_share", "china_share_true",
          "china_share_declared")  # fmt: skip
ZONE = ("gdp_loss_usd", "gdp_loss_share", "refused_customers_share", "rung")


@dataclass
class Reading:
    """A record seen from a scene; series have one value a played week.

    A recorder assembles a column from all weeks on every call, so columns are kept until
    `refresh` says that weeks were added.
    """

    scene: Scene
    record: Record
    _columns: dict[tuple[str, str], Array] = field(default_factory=dict)
    _read: int = 0

    def refresh(self, weeks: int) -> Reading:
        """So many weeks are played now."""
        if weeks != self._read:
            self._columns.clear()
        self._read = weeks
        return self

    @property
    def weeks(self) -> int:
        return len(self.column("zones", "gdp_loss_share"))

    def columns(self, material: str) -> dict[str, dict[str, list[float | None]]]:
        """By column and zone, the weeks of a material's markets and of the zones themselves."""
        markets, zones = self.record.rows("markets"), self.record.rows("zones")["zone"]
        own = [i for i, good in enumerate(markets["material"]) if good == material]
        found = {
            name: {markets["zone"][i]: plain(self.column("markets", name)[:, i]) for i in own}
            for name in MARKET
        }
        for name in ZONE:
            grid = self.column("zones", name)
            found[name] = {zone: plain(grid[:, i]) for i, zone in enumerate(zones)}
        return found

    def flows(self, material: str) -> list[dict[str, Any]]:
        """Lanes that are ever wide enough to be drawn: ``from``, ``to``, ``kind`` (grey for what
        goes by grey routes, else china or other by true origin), tonnes a week as the mean of a
        month and the ``most`` of them, and of a grey lane the true Chinese share."""
        table = self.record.rows("flows")
        shipped = np.nan_to_num(self.column("flows", "shipped_t"))
        chinese = np.nan_to_num(self.column("flows", "shipped_china_origin_t"))
        sums: dict[tuple[str, str, str], list[Array]] = {}
        for row, (good, sender, to, channel) in enumerate(
            zip(*(table[key] for key in FLOW_KEYS), strict=True)
        ):
            if good != material or sender == to:
                continue
            all_, own = shipped[:, row], chinese[:, row]
            kinds = {"grey": all_} if channel == "grey" else {"china": own, "other": all_ - own}
            for kind, tonnes in kinds.items():
                sums.setdefault((sender, to, kind), []).append(np.stack([tonnes, own]))
        found = []
        for (sender, to, kind), parts in sums.items():
            tonnes, own = (trailing_mean(one) for one in np.sum(parts, axis=0))
            if not len(tonnes) or not tonnes.any():
                continue
            lane: dict[str, Any] = {
                "from": sender, "to": to, "kind": kind, "t": plain(tonnes, 3),
                "most": float(tonnes.max()),
            }  # fmt: skip
            if kind == "grey":
                lane["share"] = plain(np.where(tonnes > 0, own / np.maximum(tonnes, 1e-9), 0.0), 3)
            found.append(lane)
        widest = max((lane["most"] for lane in found), default=0.0)
        return [lane for lane in found if lane["most"] >= LEAST * widest]

    def column(self, table: str, column: str) -> Array:
        """(weeks, rows) of a recorded column."""
        if (table, column) not in self._columns:
            self._columns[table, column] = self.record.array(table, column)
        return self._columns[table, column]


def trailing_mean(tonnes: Array) -> Array:
    """Means over the last weeks."""
    sums = np.concatenate([[0.0], np.cumsum(tonnes)])
    ends = np.arange(1, len(sums))
    starts = np.maximum(ends - FLOW_MEAN_WEEKS, 0)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts), dtype=float)


def plain(values: Array, digits: int = DIGITS) -> list[float | None]:
    """Numbers with few digits, as JSON has them: None for what is not known."""
    known = np.isfinite(values)
    size = np.abs(np.where(known & (values != 0), values, 1.0))
    places = digits - 1 - np.floor(np.log10(size)).astype(int)
    up, down = 10.0 ** np.maximum(places, 0), 10.0 ** np.maximum(-places, 0)
    short = (np.rint(np.where(known, values, 0.0) * up / down) / up * down).tolist()
    return [one if fine else None for one, fine in zip(short, known.tolist(), strict=True)]
