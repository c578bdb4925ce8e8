"""What a measure reads of a run: columns of its tables as arrays, a week a row.

The values are those of the run's frames; only the shape differs, since flows of fifteen years are a
frame of a million rows. Where a selection holds several rows, masses, sums of money and counts are
added within the week; prices and shares are averaged, markets weighted by the value of what is
needed, zones by the value added at risk, plants by capacity, all others evenly.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runs.recorder import Recorder
from runs.tables import AGENTS, WEEKLY
from runs.validate.grammar import MeasureError, Select, Span, show
from world.levers import guess
from world.network.build import network_of
from world.network.failures import systemic_share
from world.scenario import Scenario

if TYPE_CHECKING:
    from runs.play import Play

Array = NDArray[np.float64]

PANEL = "agents"
TABLES = {**WEEKLY, PANEL: AGENTS}
ADDED = ("t", "t per week", "persons", "USD in the week", "USD since the start")
THURSDAY = datetime.timedelta(days=3)


def columns_of(table: str) -> list[str]:
    """Columns of a table that hold numbers."""
    spec = TABLES[table]
    return [name for name in spec.always if name not in spec.texts]


def adds(table: str, column: str) -> bool:
    """True for what is added over rows: masses, money and counts."""
    unit = TABLES[table].values[column].split(";")[0].split(",")[0]
    return unit in ADDED or column in TABLES[table].whole


# --- what can be told before anything is played ------------------------------------------------


def check_select(one: Select, plan: Scenario) -> None:
    """Raises MeasureError for a name or date that the tables or the scenario do not have."""
    text = show(one)
    if one.table not in TABLES:
        raise MeasureError(f"{one.table!r} is no table: {guess(one.table, TABLES)}")
    columns = columns_of(one.table)
    if one.column not in columns:
        known_columns = guess(one.column, columns)
        raise MeasureError(f"{one.column!r} is no column of {one.table}: {known_columns}")
    for part in one.filters:
        keys = TABLES[one.table].keys
        if part.key not in keys:
            raise MeasureError(f"{part.key!r} is no key of {one.table}: {guess(part.key, keys)}")
        known = names_of(part.key, plan)
        for name in part.names:
            if known and name not in known:
                raise MeasureError(
                    f"{part.key}={name}: {plan.id} has no such {part.key}: {guess(name, known)}"
                )
    if one.span is not None and not chosen_weeks(one.span, plan.start, plan.weeks).any():
        last = plan.date(plan.weeks) - datetime.timedelta(days=1)
        raise MeasureError(f"{text}: {plan.id} runs from {plan.start} to {last}.")


def names_of(key: str, plan: Scenario) -> tuple[str, ...]:
    """What a key may be in a scenario; nothing where only the run knows (plants, actors)."""
    if key == "material":
        return plan.materials
    if key in ("zone", "from_zone", "to_zone"):
        return plan.zones
    if key == "hub":
        return (*plan.hubs, plan.coercer)  # smugglers of the coercer stand beside the hubs
    if key == "channel":
        return ("china", "grey", "other", "recycled", "stockpile")
    if key == "kind":
        return ("user", "trader", "plant")
    if key == "firm":
        return tuple(plan.firms)
    return ()


def chosen_weeks(span: Span, start: datetime.date, weeks: int) -> NDArray[np.bool_]:
    """(weeks,) those whose Thursday lies in a span; of a single day the week that holds it."""
    mondays = [start + datetime.timedelta(days=7 * week) for week in range(weeks)]
    if span.first == span.last:
        return np.array([0 <= (span.first - day).days < 7 for day in mondays], dtype=bool)
    return np.array([span.first <= day + THURSDAY <= span.last for day in mondays], dtype=bool)


@lru_cache(maxsize=4)
def _systemic(firms: int, seed: int, values: tuple[tuple[str, float], ...], least: float) -> float:
    """Kept: it takes half a minute, and runs that differ in luck share a network."""
    return systemic_share(network_of(firms, seed, values), least)


def systemic(plan: Scenario, least: float) -> float:
    """Share of firms in a scenario's network whose failure costs at least a part of output."""
    values = tuple(plan.parameters.items())
    return _systemic(plan.network_firms, plan.network_seed, values, least)


# --- a run that has been played ----------------------------------------------------------------


@dataclass
class Chosen:
    """The cells of a selection: (weeks, rows), what its rows are, their weights, the Thursdays."""

    select: Select
    values: Array
    keys: dict[str, NDArray[Any]]
    weights: Array | None  # None: rows are added
    days: list[datetime.date]

    def weekly(self) -> Array:
        """(weeks,) rows added or averaged; null where all are."""
        return reduce_rows(self.values, self.weights)


def reduce_rows(values: Array, weights: Array | None) -> Array:
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    if weights is None:
        return np.where(known.any(axis=1), filled.sum(axis=1), np.nan)
    part = np.where(known, np.nan_to_num(weights), 0.0)
    total = part.sum(axis=1)
    out = np.divide((filled * part).sum(axis=1), total, out=np.full(len(total), np.nan),
                    where=total > 0)  # fmt: skip
    return np.asarray(out)


class Run:
    """The columns of a played game; ``still`` repeats one of its weeks for ever."""

    def __init__(self, game: Play, still: int | None = None) -> None:
        self.plan: Scenario = game.plan
        self.recorder: Recorder = game.recorder
        self.weeks = len(game.recorder.weeks)
        self.still = still
        setting = game.setting
        self._played = game.world.network
        self._at_risk = np.asarray(setting.base.value_at_risk_usd.sum(axis=0), dtype=float)

    def days(self) -> list[datetime.date]:
        """The Thursday of every week."""
        return [self.plan.date(week) + THURSDAY for week in range(self.weeks)]

    def column(self, table: str, column: str) -> Array:
        """(weeks, rows) of a table."""
        if table == PANEL:
            parts = [week.agents for week in self.recorder.weeks if week.agents is not None]
            values = np.array([np.asarray(part[column], dtype=float) for part in parts])
        else:
            values = self.recorder.array(table, column)
        if self.still is not None:
            values = np.repeat(values[self.still : self.still + 1], len(values), axis=0)
        return np.asarray(values)

    def keys(self, table: str) -> dict[str, NDArray[Any]]:
        """What the rows of a table stand for."""
        if table == PANEL:
            first = self.recorder.weeks[0].agents
            assert first is not None
            return {name: first[name] for name in AGENTS.keys}
        rows = self.recorder.rows(table)
        return {name: np.array(values, dtype=object) for name, values in rows.items()}

    def lost_without_inputs(self) -> Array:
        """Share of the target's production lost in each week without all inputs from the coercer,
        luck 0; the scenario counts losses by the network of firms."""
        played = self._played
        if played is None or self.still is not None:
            return np.zeros(1)
        coming = np.array([week[0] for week in played.coming])
        made = np.array([week[0] for week in played.made])
        return np.asarray(1.0 - made[coming < 1])

    def systemic(self, least: float) -> float:
        """Share of the network's firms whose failure costs at least a part of production."""
        return systemic(self.plan, least)

    def weights(self, table: str) -> Array:
        """(weeks or 1, rows) by which prices and shares of a table are averaged."""
        if table == "markets":
            column = self.column(table, "demand_t") * self.column(table, "price_usd_per_t")
            return np.asarray(column)
        if table == "zones":
            return self._at_risk[None, :]
        if table == "producers":
            return self.column(table, "capacity_t_per_week")
        return np.ones((1, len(next(iter(self.keys(table).values())))))

    def choose(self, one: Select) -> Chosen:
        """The cells of a selection; raises MeasureError where no row has the names it wants."""
        keys = self.keys(one.table)
        rows = np.ones(len(next(iter(keys.values()))), dtype=bool)
        for part in one.filters:
            for name in part.names:
                if name not in keys[part.key]:
                    known = list(dict.fromkeys(map(str, keys[part.key])))
                    raise MeasureError(
                        f"{part.key}={name}: {self.plan.id} has no such {part.key}: "
                        f"{guess(name, known)}"
                    )
            rows &= np.isin(keys[part.key].astype(str), part.names) == part.inside
        if not rows.any():
            raise MeasureError(f"{show(one)} chooses no row of {one.table}.")
        weeks = np.ones(self.weeks, dtype=bool)
        if one.span is not None:
            weeks = chosen_weeks(one.span, self.plan.start, self.weeks)
        weights = None
        if not adds(one.table, one.column):
            whole = self.weights(one.table)
            weights = np.broadcast_to(whole, (self.weeks, whole.shape[1]))[np.ix_(weeks, rows)]
        values = self.column(one.table, one.column)[np.ix_(weeks, rows)]
        days = [day for day, wanted in zip(self.days(), weeks, strict=True) if wanted]
        return Chosen(one, values, {k: v[rows] for k, v in keys.items()}, weights, days)
