"""A run as the story reads it: its scene, its recorded columns and its log, live or stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runs.web.scene import Record, Scene, scene_of
from world.levers import LADDER, LEVERS, ladder

if TYPE_CHECKING:
    from runs.play import Play
    from runs.web.stored import Stored
    from world.scenario import Scenario

Array = NDArray[np.float64]
Row = Mapping[str, Any]

MONTH = 4  # weeks over which what is lumpy is averaged
QUARTER = 13  # weeks of a turn
HALF_DAY = 0.5  # of stock: less is nothing left


@dataclass
class Run:
    """The weeks that were played; ``player`` is whose country counts more ("" for nobody's).

    A snapshot: make a new one when weeks have been added. ``plan`` is None where the scenario is
    not known to this model; ``game`` is None for what cannot be played on.
    """

    scene: Scene
    record: Record
    player: str = ""
    plan: Scenario | None = None
    game: Play | None = None
    model: str = ""  # of a stored run of another model
    kept: dict[str, Any] = field(default_factory=dict, repr=False)  # what was worked out already

    @property
    def weeks(self) -> int:
        return len(self.grid("zones", "gdp_loss_share"))

    def date(self, week: int) -> str:
        """The Monday of a week."""
        return self.scene.date(week).isoformat()

    @property
    def zones(self) -> list[str]:
        return [place.code for place in self.scene.places]

    @property
    def others(self) -> list[str]:
        """Zones but the coercer."""
        return [code for code in self.zones if code != self.scene.coercer]

    @property
    def hubs(self) -> list[str]:
        return [place.code for place in self.scene.places if place.shape == "hub"]

    @property
    def goods(self) -> list[str]:
        return [good.id for good in self.scene.goods]

    # --- columns ----------------------------------------------------------------------------------

    def grid(self, table: str, column: str) -> Array:
        """(weeks, rows) of a column; NaN where the record does not have it."""
        name = f"{table}.{column}"
        if name not in self.kept:
            self.kept[name] = np.asarray(self.record.array(table, column), dtype=float)
        found: Array = self.kept[name]
        return found

    def rows(self, table: str, **keys: str) -> NDArray[np.bool_]:
        """Which rows of a table have these keys."""
        names = self.record.rows(table)
        count = len(next(iter(names.values()))) if names else 0
        found = np.ones(count, dtype=bool)
        for key, wanted in keys.items():
            found &= np.array([one == wanted for one in names[key]], dtype=bool)
        return found

    def series(self, table: str, column: str, **keys: str) -> Array:
        """One row's values by week; NaN where there is no such row."""
        columns, row = self.grid(table, column), self._places(table, tuple(keys)).get(
            tuple(keys.values())
        )
        return np.full(len(columns), np.nan) if row is None else np.asarray(columns[:, row])

    def _places(self, table: str, keys: tuple[str, ...]) -> dict[tuple[str, ...], int]:
        """The row of each combination of these keys."""
        name = f"{table} by {' '.join(keys)}"
        if name not in self.kept:
            rows = self.record.rows(table)
            places = zip(*(rows[key] for key in keys), strict=True)
            self.kept[name] = {place: row for row, place in enumerate(places)}
        found: dict[tuple[str, ...], int] = self.kept[name]
        return found

    def total(self, table: str, column: str, **keys: str) -> Array:
        """Sum by week over all rows with these keys; unknown values count as 0."""
        picked = np.nan_to_num(self.grid(table, column)[:, self.rows(table, **keys)])
        return np.asarray(picked.sum(axis=1))

    def market(self, column: str, good: str, zone: str) -> Array:
        return self.series("markets", column, material=good, zone=zone)

    def zone(self, column: str, zone: str) -> Array:
        return self.series("zones", column, zone=zone)

    # --- the log ----------------------------------------------------------------------------------

    @property
    def events(self) -> list[dict[str, Any]]:
        """The log with readable data: week, kind, actor, target, text, data."""
        if "events" not in self.kept:
            self.kept["events"] = [
                {**one, "data": plain(one.get("data"))} for one in self.record.events
            ]
        found: list[dict[str, Any]] = self.kept["events"]
        return found

    @property
    def at_start(self) -> dict[tuple[str, str], float]:
        """Levers that the scenario sets before the first week, by actor and full name."""
        found: dict[tuple[str, str], float] = {}
        for text, value in (self.plan.levers if self.plan else {}).items():
            actor, _, full = text.partition(".")
            found |= {(actor, one): two for one, two in settings_of(full, float(value)).items()}
        return found


def run_of(game: Play, player: str = "") -> Run:
    """A game that is played here."""
    return Run(scene_of(game), game.recorder, player, game.plan, game)


def run_of_stored(stored: Stored, player: str = "") -> Run:
    """A run of another model, as far as its weeks are shown."""
    return Run(stored.scene, stored.recorder, player, model=str(stored.model))


def plain(data: object) -> dict[str, Any]:
    """The data of an event as a dict, empty where they cannot be read."""
    if isinstance(data, Mapping):
        return dict(data)
    try:
        found = json.loads(str(data or "{}"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def settings_of(full: str, value: float) -> dict[str, float]:
    """The single levers that an order moves: a step of the ladder stands for several."""
    name, _, index = full.partition(".")
    if name != LADDER:
        return {full: value}
    steps = ladder()
    step = steps[min(max(round(value), 0), len(steps) - 1)]
    of = {f"{one}.{index}" if index else one: two for one, two in step.settings.items()}
    return {**of, full: value}


def default_of(full: str) -> float:
    """The value of a lever that nobody has set."""
    lever = LEVERS.get(full.partition(".")[0])
    return lever.default if lever else 0.0


def recent(values: Array, week: int) -> float:
    """The mean of the month up to a week; what is not known does not count, NaN for nothing."""
    part = values[max(0, week + 1 - MONTH) : week + 1]
    known = part[np.isfinite(part)]
    return float(known.mean()) if len(known) else float("nan")


def average(values: Array) -> float:
    """The mean with what is not known as 0; 0 of nothing."""
    return float(np.nan_to_num(values).mean()) if len(values) else 0.0


def number(value: float) -> float | None:
    """A figure as JSON has it: None where it is not known."""
    return float(value) if np.isfinite(value) else None


def numbers(values: Array) -> list[float | None]:
    known = np.isfinite(values).tolist()
    return [one if fine else None for one, fine in zip(values.tolist(), known, strict=True)]


def or_zero(value: float) -> float:
    """A figure, 0 where it is not known."""
    return float(value) if np.isfinite(value) else 0.0
