"""Where two runs or ensembles differ: by week and market, ranked, and in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runs.compare.shown import BAND, Array, CompareError, Rows, Shown, model_told
from runs.compare.words import MEASURES, Tongue, first_up, plain
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

    def noun(self, to: Tongue) -> str:
        return to.noun(MEASURES[self.table, self.measure], good=self.material, place=self.zone)

    def said(self, value: float, to: Tongue) -> str:
        return to.say(MEASURES[self.table, self.measure].form, value)

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


def still(found: list[Difference], lead: tuple[str, str], most: int) -> list[Difference]:
    """Measures of what the scenario is about in which the two do not differ."""
    material, zone = lead
    return [one for one in found if one.size < SMALL and one.zone == zone
            and one.material in ("", material)][:most]  # fmt: skip


# --- in words -----------------------------------------------------------------------------------


def finding(a: Shown, b: Shown, found: list[Difference], same: bool, to: Tongue) -> str:
    """The title: the largest difference with both numbers, or that there is none."""
    if same:
        return to.t("compare.same", a=a.name, b=b.name)
    largest = first(found, 1)
    if not largest:
        return to.t("compare.little", a=a.name, b=b.name)
    if {a.kind, b.kind} == {"run", "ensemble"} and not any(one.outside for one in found):
        return to.t("compare.inside")
    one = largest[0]
    text = to.t("compare.finding", noun=one.noun(to), a=a.name, b=b.name,
                now=one.said(one.a, to), then=one.said(one.b, to))  # fmt: skip
    return first_up(text)


def sentence(one: Difference, a: Shown, b: Shown, to: Tongue) -> str:
    """A difference with its figures, and in which weeks it lies."""
    text = to.t("compare.sentence", noun=one.noun(to), a=a.name, b=b.name,
                now=one.said(one.a, to), then=one.said(one.b, to),
                where=where(one, a, b, to))  # fmt: skip
    return first_up(text)


def where(one: Difference, a: Shown, b: Shown, to: Tongue) -> str:
    """The week in which the two are furthest apart; and how often a run leaves a band."""
    text = to.t("compare.where", week=to.week_of(a.date(one.week)),
                now=one.said(one.a_then, to), then=one.said(one.b_then, to))  # fmt: skip
    if {a.kind, b.kind} != {"run", "ensemble"}:
        return text
    lucks = max(a.lucks, b.lucks)
    if not one.outside:
        return to.t("compare.always_inside", where=text, lucks=lucks)
    return to.t("compare.outside", where=text, lucks=lucks, k=one.outside, n=one.weeks,
                week=to.week_of(a.date(one.first_outside)))  # fmt: skip


def equal(a: Shown, b: Shown) -> bool:
    """True if two runs, or two ensembles, hold the same values in every weekly table of both."""
    if a.kind != b.kind or a.weeks != b.weeks:
        return False
    for table in WEEKLY:
        one, two = a.tables.get(table), b.tables.get(table)
        if one is not None and two is not None and not one.equals(two):
            return False
    return True


def apart(a: Shown, b: Shown, to: Tongue, same: bool = False) -> list[str]:
    """What differs in how the two were made, a sentence each; empty where nothing is known to.

    Where the two are the ``same`` in every value, nothing is said to have come of it.
    """
    out = []
    if a.scenario != b.scenario:
        out.append(
            to.t("compare.two_scenarios", a=to.scenario(a.scenario), b=to.scenario(b.scenario))
        )
    elif a.said.get("version") != b.said.get("version"):
        own, other = a.said.get("version"), b.said.get("version")
        out.append(to.t("compare.two_versions", a=a.name, b=b.name, version=own, version_b=other))
    models = model_told(a), model_told(b)
    if None not in models and models[0] != models[1]:
        key = "compare.two_models_alike" if same else "compare.two_models"
        out.append(to.t(key, a=a.name, b=b.name, model=models[0], model_b=models[1]))
    if a.weeks != b.weeks:
        out.append(to.t("compare.common_weeks", n=min(a.weeks, b.weeks)))
    for key, words in (("seed", "seeds"), ("users", "users"), ("runs", "lucks")):
        if a.kind == b.kind and a.said.get(key) != b.said.get(key):
            x, y = a.said.get(key), b.said.get(key)
            out.append(to.t(f"compare.{words}", a=a.name, b=b.name, x=x, y=y))
    return out + _set_apart(a, b, to) + _ordered_apart(a, b, to)


def _set_apart(a: Shown, b: Shown, to: Tongue) -> list[str]:
    own, other = dict(a.said.get("overrides", {})), dict(b.said.get("overrides", {}))
    out = []
    for key in dict.fromkeys((*own, *other)):
        if key not in ("users", "weeks") and own.get(key) != other.get(key):
            x, y = (_value(one.get(key), to) for one in (own, other))
            what = first_up(to.lever(key))
            out.append(to.t("compare.set_apart", what=what, a=a.name, b=b.name, x=x, y=y))
    seats, others = dict(a.said.get("seats", {})), dict(b.said.get("seats", {}))
    for seat in dict.fromkeys((*seats, *others)):
        if seats and others and seats.get(seat) != others.get(seat):
            x, y = (one.get(seat, to.t("compare.nobody")).replace("_", " ")
                    for one in (seats, others))  # fmt: skip
            out.append(to.t("compare.played_by", seat=first_up(to.name(seat)), a=a.name,
                            b=b.name, x=x, y=y))  # fmt: skip
    return out


def _value(value: Any, to: Tongue) -> str:
    if value is None:
        return to.t("compare.not_set")
    return to.t("compare.set_to", value=plain(value))


def _ordered_apart(a: Shown, b: Shown, to: Tongue) -> list[str]:
    """Orders from outside that only one of two runs has."""
    if (a.kind, b.kind) != ("run", "run") or "orders" not in a.tables or "orders" not in b.tables:
        return []
    own, other = _given(a), _given(b)
    out = []
    for mine, more in ((a, own - other), (b, other - own)):
        if more:
            told = to.listed([
                to.t("compare.order", lever=to.lever(f"{actor}.{full}"), value=plain(value),
                     week=to.week_of(mine.date(week)))
                for week, actor, full, value in sorted(more)[:3]
            ])  # fmt: skip
            if len(more) > 3:
                told = to.t("compare.and_more", list=told, n=len(more) - 3)
            out.append(to.t("compare.ordered", name=mine.name, list=told))
    return out


def _given(one: Shown) -> set[tuple[int, str, str, float]]:
    orders = one.tables["orders"]
    mine = orders[orders["accepted"] & orders["by"].isin(OUTSIDE)]
    columns = (mine["week"], mine["actor"], mine["lever"], mine["value"])
    return {(int(w), str(s), str(full), float(v)) for w, s, full, v in zip(*columns, strict=True)}


def why_none(reasons: list[str], to: Tongue) -> str:
    """Why two equal runs are equal, as far as it is known."""
    if not reasons:
        return to.t("compare.alike")
    return to.t("compare.moved_nothing", reasons=" ".join(reasons))
