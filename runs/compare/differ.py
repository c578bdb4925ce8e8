"""Where two runs or ensembles differ: by week and market, ranked, and in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runs.compare.shown import BAND, Array, CompareError, Rows, Shown, model_told
from runs.compare.words import MEASURES, first_up, lever, name, noun, say, week_of
from runs.seats import OUTSIDE
from runs.tables import WEEKLY
from world.sums import mean_known

SMALL = 0.02  # of a difference that people would notice
FIRST_TO_SAY = 2.0  # what a scenario is about comes first
OF_A_KIND = 2  # rows of one measure among the first
MOST = 6


@dataclass(frozen=True)
class Difference:
    """One measure of one market or zone: means over the weeks, and the week furthest apart."""

    table: str
    measure: str
    material: str
    zone: str
    a: float
    b: float
    week: int
    a_then: float
    b_then: float
    size: float  # mean distance, 1 is what people would notice
    outside: int = 0  # weeks in which the run lies outside the band of the ensemble
    first_outside: int = -1
    weeks: int = 0

    @property
    def key(self) -> tuple[str, ...]:
        return (self.material, self.zone) if self.table == "markets" else (self.zone,)

    @property
    def noun(self) -> str:
        return noun(MEASURES[self.table, self.measure], self.material, self.zone)

    def said(self, value: float) -> str:
        return say(MEASURES[self.table, self.measure].form, value)

    def row(self) -> dict[str, Any]:
        return {
            "table": self.table, "measure": self.measure, "material": self.material,
            "zone": self.zone, "a": self.a, "b": self.b, "change": self.b - self.a,
            "week": self.week, "a_then": self.a_then, "b_then": self.b_then, "size": self.size,
            "weeks_outside_band": self.outside,
        }  # fmt: skip


def differences(a: Shown, b: Shown) -> list[Difference]:
    """All measures that both have, the largest difference first; raises CompareError."""
    found = [one for table, measure in MEASURES for one in _of(a, b, table, measure)]
    if not found:
        raise CompareError(
            f"{a.name} and {b.name} have no market, zone or week in common, so there is nothing "
            "to compare."
        )
    material, zone = a.lead

    def rank(one: Difference) -> float:
        about = (one.material in ("", material)) + (one.zone == zone)
        return one.size * float(FIRST_TO_SAY**about)

    return sorted(found, key=lambda one: -rank(one))


def _of(a: Shown, b: Shown, table: str, measure: str) -> Iterator[Difference]:
    if not (a.has(table, measure) and b.has(table, measure)):
        return
    one, two = a.values(table, measure), b.values(table, measure)
    low, high = (_band(a, b, table, measure, part) for part in BAND)
    unit, weeks = MEASURES[table, measure].size, min(a.weeks, b.weeks)
    for key in one:
        if key not in two or not weeks:
            continue
        was, now = one[key][:weeks], two[key][:weeks]
        distance = np.abs(now - was)
        if not np.isfinite(distance).any():
            continue
        most = int(np.nanargmax(distance))
        beyond = np.zeros(weeks, dtype=bool)
        if low and high:
            run = was if a.kind == "run" else now
            beyond = _beyond(run, low[key][:weeks], high[key][:weeks])
        material, zone = (key[0], key[1]) if table == "markets" else ("", key[0])
        yield Difference(
            table, measure, material, zone, _mean(was), _mean(now), most,
            float(was[most]), float(now[most]), _mean(distance) / unit,
            int(np.count_nonzero(beyond)), int(beyond.argmax()) if beyond.any() else -1, weeks,
        )  # fmt: skip


def _mean(values: Array) -> float:
    return float(mean_known(values[None], axis=1)[0])


def _band(a: Shown, b: Shown, table: str, measure: str, part: str) -> Rows:
    """A quantile of the ensemble where a run stands beside one."""
    if {a.kind, b.kind} != {"run", "ensemble"}:
        return {}
    return (a if a.kind == "ensemble" else b).values(table, measure, part)


def _beyond(run: Array, low: Array, high: Array) -> NDArray[np.bool_]:
    """Weeks outside the band by more than the last digits of a number."""
    spare = 1e-9 * np.maximum(1.0, np.abs(run))
    return np.asarray((run < low - spare) | (run > high + spare))


def first(found: list[Difference], most: int = MOST) -> list[Difference]:
    """The largest differences, few of one kind, so that they say more than one thing."""
    kept: list[Difference] = []
    for one in found:
        alike = [other for other in kept if other.measure == one.measure]
        if one.size >= SMALL and len(alike) < OF_A_KIND:
            kept.append(one)
    return kept[:most]


# --- in words -----------------------------------------------------------------------------------


def finding(a: Shown, b: Shown, found: list[Difference], same: bool) -> str:
    """The title: the largest difference with both numbers, or that there is none."""
    if same:
        return f"No difference: {a.name} and {b.name} are equal in every value"
    largest = first(found, 1)
    if not largest:
        return f"No difference to speak of between {a.name} and {b.name}"
    if {a.kind, b.kind} == {"run", "ensemble"} and not any(one.outside for one in found):
        return "No difference beyond luck: the run stays inside the bands throughout"
    one = largest[0]
    return (
        f"{first_up(one.noun)}: {one.said(one.b)} in {b.name} instead of {one.said(one.a)} in "
        f"{a.name}, on average"
    )


def sentence(one: Difference, a: Shown, b: Shown) -> str:
    """A difference with its figures, and in which weeks it lies."""
    return (
        f"{first_up(one.noun)}: {one.said(one.a)} in {a.name}, {one.said(one.b)} in {b.name} on "
        f"average; {where(one, a, b)}."
    )


def where(one: Difference, a: Shown, b: Shown) -> str:
    """The week in which the two are furthest apart; and how often a run leaves a band."""
    then = f"{one.said(one.a_then)} and {one.said(one.b_then)}"
    text = f"furthest apart in {week_of(a.date(one.week))}, {then}"
    if {a.kind, b.kind} != {"run", "ensemble"}:
        return text
    lucks = f"what 8 of 10 of {max(a.lucks, b.lucks)} lucks have"
    if not one.outside:
        return f"{text}; always inside {lucks}"
    return (
        f"{text}; outside {lucks} in {one.outside} of {one.weeks} weeks, first in "
        f"{week_of(a.date(one.first_outside))}"
    )


def equal(a: Shown, b: Shown) -> bool:
    """True if two runs, or two ensembles, hold the same values in every weekly table of both."""
    if a.kind != b.kind or a.weeks != b.weeks:
        return False
    for table in WEEKLY:
        one, two = a.tables.get(table), b.tables.get(table)
        if one is not None and two is not None and not one.equals(two):
            return False
    return True


def apart(a: Shown, b: Shown) -> list[str]:
    """What differs in how the two were made, a sentence each; empty where nothing is known to."""
    out = []
    if a.scenario != b.scenario:
        out.append(
            f"They are of two scenarios, {a.scenario} and {b.scenario}: week is compared with "
            "week, and only what both have."
        )
    elif a.said.get("version") != b.said.get("version"):
        out.append(
            f"The scenario has version {a.said.get('version')} in {a.name} and "
            f"{b.said.get('version')} in {b.name}."
        )
    models = model_told(a), model_told(b)
    if None not in models and models[0] != models[1]:
        out.append(
            f"{a.name} was made by model {models[0]} and {b.name} by model {models[1]}, in which "
            "the same orders come out otherwise: part of the difference is the model's."
        )
    if a.weeks != b.weeks:
        out.append(f"Compared are the first {min(a.weeks, b.weeks)} weeks, which both have.")
    for key, words in (("seed", "seed"), ("users", "number of users")):
        if a.kind == b.kind and a.said.get(key) != b.said.get(key):
            own, other = a.said.get(key), b.said.get(key)
            out.append(f"The {words} is {own} in {a.name}, {other} in {b.name}.")
    return out + _set_apart(a, b) + _ordered_apart(a, b)


def _set_apart(a: Shown, b: Shown) -> list[str]:
    own, other = dict(a.said.get("overrides", {})), dict(b.said.get("overrides", {}))
    out = []
    for key in dict.fromkeys((*own, *other)):
        if key not in ("users", "weeks") and own.get(key) != other.get(key):
            values = [_value(one.get(key)) for one in (own, other)]
            out.append(
                f"{first_up(lever(key))} is {values[0]} in {a.name}, {values[1]} in {b.name}."
            )
    seats, others = dict(a.said.get("seats", {})), dict(b.said.get("seats", {}))
    for seat in dict.fromkeys((*seats, *others)):
        if seats and others and seats.get(seat) != others.get(seat):
            out.append(
                f"{name(seat)} is played by {seats.get(seat, 'nobody')} in {a.name}, by "
                f"{others.get(seat, 'nobody')} in {b.name}."
            )
    return out


def _value(value: Any) -> str:
    if value is None:
        return "not set"
    return f"set to {value:g}" if isinstance(value, float | int) else f"set to {value}"


def _ordered_apart(a: Shown, b: Shown) -> list[str]:
    """Orders from outside that only one of two runs has."""
    if (a.kind, b.kind) != ("run", "run") or "orders" not in a.tables or "orders" not in b.tables:
        return []
    own, other = _given(a), _given(b)
    out = []
    for mine, more in ((a, own - other), (b, other - own)):
        if more:
            told = [
                f"{lever(f'{actor}.{full}')} {value:g} in week {week}"
                for week, actor, full, value in sorted(more)[:3]
            ]
            rest = f" and {len(more) - 3} more" if len(more) > 3 else ""
            out.append(f"Ordered in {mine.name} alone: {'; '.join(told)}{rest}.")
    return out


def _given(one: Shown) -> set[tuple[int, str, str, float]]:
    orders = one.tables["orders"]
    mine = orders[orders["accepted"] & orders["by"].isin(OUTSIDE)]
    columns = (mine["week"], mine["actor"], mine["lever"], mine["value"])
    return {(int(w), str(s), str(full), float(v)) for w, s, full, v in zip(*columns, strict=True)}


def why_none(a: Shown, b: Shown, reasons: list[str]) -> str:
    """Why two equal runs are equal, as far as it is known."""
    if not reasons:
        return "They were made alike: the same scenario, seed, settings and orders."
    return f"What differs in how they were made moved nothing: {' '.join(reasons)}"
