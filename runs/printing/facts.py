"""What a role card says of a seat: goals, gauges, dated acts, private figures, levers.

Figures are what `agents.view` shows the seat in the model's own base world, before the first week:
the same that its page shows when a room opens. None is written by hand.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from runs.printing.speech import Speech
from runs.room.roster import lever_table, lever_unit, open_seats, roster, seat_name
from world.decisions import Order
from world.events import Event
from world.scenario import Scenario, load_scenario

USERS = 2000  # firms of a class room
GAUGES = ("supply", "autonomy", "standing")
MOST_GOODS = 5  # of the private table: the largest by value
# private facts of a state's and a firm's picture, in the order of the card
STATE_FACTS = ("coercer_approval", "alliance_approval")
FIRM_FACTS = ("line_rate", "stock_weeks", "fill", "grey_share", "profit_usd")
BY_PLACE = ("leverage", "anomaly", "rents_usd")
STATE_COLUMNS = ("stock_days", "cover_weeks", "declared_share", "need_t", "usd_per_kg")
COERCER_COLUMNS = ("stock_days", "cover_weeks", "capacity_t", "need_t", "usd_per_kg")
FIRM_COLUMNS = ("stock_t", "stock_china_share", "under_way_t", "need_t", "usd_per_kg")
PRODUCT_COLUMNS = ("capacity_t", "output_t", "product_stock_t")
SHARES = frozenset(
    {"declared_share", "stock_china_share", "fill", "grey_share", "coercer_approval",
     "alliance_approval", "concession_probability", "line_rate"}
)  # fmt: skip


@dataclass(frozen=True)
class LeverLine:
    """One lever of a seat with its texts; `now` is what stands at the start."""

    name: str
    group: str
    title: str
    meaning: str
    cost: str
    span: str
    now: str
    brief: str  # the same in few words: whether it differs by place
    places: str  # "", or what it is given for: each material, each place
    delay_weeks: int


@dataclass(frozen=True)
class Table:
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class SeatFacts:
    """A seat's card, in words."""

    seat: str
    name: str
    role: str  # coercer | target | hub | state | firm | refiner
    aims: list[str]
    gauges: list[tuple[str, str, str]]  # name, value at the start, what it measures
    acts: list[tuple[str, str]]  # date, what
    private: list[tuple[str, str]]
    tables: list[Table] = field(default_factory=list)
    levers: list[LeverLine] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """A scenario with the opening reports of its seats; `seats` are those people may take."""

    plan: Scenario
    seats: list[str]
    opening: dict[str, Any]

    @property
    def model(self) -> str:
        """Which model the figures are of."""
        return f"{self.plan.id}@{self.plan.version}, {self.plan.digest[:12]}"


@lru_cache(maxsize=4)
def open_book(scenario: str, users: int = USERS) -> Book:
    """The opening of a scenario (id or path); raises ScenarioError. About four seconds."""
    from runs.play import Play
    from runs.room.reports import seat_reports

    plan = load_scenario(scenario, {"users": users})
    return Book(plan, open_seats(plan, None), seat_reports(Play(plan, seed=1), 0))


def name_of(book: Book, seat: str, say: Speech) -> str:
    """A seat's name in this language; of a firm without one, that of the scenario."""
    if seat not in book.plan.firms:
        return say.t(f"seat.{seat}")
    own = f"firm.{book.plan.id}.{seat}"
    return say.t(own) if say.has(own) else seat_name(book.plan, seat)


def role_of(plan: Scenario, seat: str) -> str:
    if seat == plan.coercer:
        return "coercer"
    if seat == plan.target:
        return "target"
    kind = next(row.kind for row in roster(plan) if row.seat == seat)
    return "hub" if kind == "state" and seat in plan.hubs else kind


def seat_facts(book: Book, seat: str, say: Speech) -> SeatFacts:
    """All that the card of a seat says."""
    role, own = role_of(book.plan, seat), book.opening[seat]
    return SeatFacts(
        seat, name_of(book, seat, say), role, aims(book.plan, seat, role, say),
        _gauges(role, own["gauges"], say), acts(book.plan, seat, say),
        _private(book.plan, seat, role, own["report"], say), _tables(role, own["report"], say),
        lever_lines(book, seat, say),
    )  # fmt: skip


def aims(plan: Scenario, seat: str, role: str, say: Speech) -> list[str]:
    """Three goals where the scenario's seats have goals of their own, else that of the role."""
    own = [f"aim.{plan.id}.{seat}.{n}" for n in (1, 2, 3)]
    return [say.t(key) for key in own] if say.has(own[0]) else [say.t(f"objective.{role}")]


def _gauges(role: str, values: dict[str, float], say: Speech) -> list[tuple[str, str, str]]:
    usual = "firm" if role in ("firm", "refiner") else "state"
    rows = []
    for name in GAUGES:
        own = f"meaning.{name}.{role}"
        meaning = own if say.has(own) else f"meaning.{name}.{usual}"
        rows.append((say.t(f"gauge.{name}"), say.percent(values[name]), say.t(meaning)))
    return rows


def acts(plan: Scenario, seat: str, say: Speech) -> list[tuple[str, str]]:
    """Dated acts of the seat, and events that it sets off or that hit it, by date."""
    rows: list[tuple[datetime.date, str]] = []
    for order, date in zip(plan.history, _dates(plan, "history", plan.history), strict=True):
        if order.actor == seat:
            unit = lever_unit(order.lever)
            said = f"{say.lever(order.lever)}: {say.amount(unit, order.value)}"
            rows.append((date, _told(order.why, said, say)))
    for event, date in zip(plan.events, _dates(plan, "events", plan.events), strict=True):
        if seat in (event.actor, event.target):
            rows.append((date, _told(event.text, say.t(f"kind.{event.kind}"), say)))
    return [(say.day(date), text) for date, text in sorted(rows, key=lambda row: row[0])]


def _dates(plan: Scenario, entry: str, rows: Sequence[Order | Event]) -> list[datetime.date]:
    """The days that the scenario's file gives, or else the Mondays of the weeks."""
    given = [row["date"] for row in plan.source.get(entry, ()) if "date" in row]
    given = [day for day in given if plan.week_of(day) >= 0]  # what was before, nobody plays
    given.sort(key=plan.week_of)  # as the scenario sorts its rows
    fits = [plan.week_of(day) for day in given] == [row.week for row in rows]
    return given if fits else [plan.date(row.week) for row in rows]


def _told(english: str, plain: str, say: Speech) -> str:
    """The scenario's sentence in this language, or what the tables alone can say."""
    if say.language == "en":
        return english or plain
    return say.t(f"said.{english}") if say.has(f"said.{english}") else plain


def _value(name: str, value: float | None, say: Speech) -> str:
    if value is None:
        return "–"
    if name in SHARES:
        return say.percent(value)
    if name.endswith("_usd"):
        return say.usd(value)
    return say.num(value, 0) if name == "stock_days" else say.significant(value)


def label(name: str, say: Speech) -> str:
    return say.t(f"report.{name}" if say.has(f"report.{name}") else f"fact.{name}")


def _private(
    plan: Scenario, seat: str, role: str, report: dict[str, Any], say: Speech
) -> list[tuple[str, str]]:
    names: tuple[str, ...] = FIRM_FACTS if role in ("firm", "refiner") else STATE_FACTS
    if role == "coercer":
        names = ()
    if role == "target":
        names = (*names, "concession_probability")
    rows = [(label(n, say), _value(n, report[n], say)) for n in names if n in report]
    for name in BY_PLACE:
        found = report.get(name) or {}
        top = sorted(found, key=lambda place: -(found[place] or 0.0))[:4]
        told = ", ".join(
            f"{say.place(place)} {_by_place(name, found[place], say)}" for place in top
        )
        if told:
            rows.append((label(name, say), told))
    return rows


def _by_place(name: str, value: float | None, say: Speech) -> str:
    if value is None:
        return "–"
    return say.usd(value) if name == "rents_usd" else say.num(value, 2)


def _tables(role: str, report: dict[str, Any], say: Speech) -> list[Table]:
    goods = report["materials"]
    columns = FIRM_COLUMNS if role in ("firm", "refiner") else STATE_COLUMNS
    columns = COERCER_COLUMNS if role == "coercer" else columns

    def worth(good: str) -> float:
        return float(goods[good]["need_t"] or 0.0) * float(goods[good]["usd_per_kg"] or 0.0)

    top = sorted(goods, key=worth, reverse=True)[:MOST_GOODS]
    tables = []
    if top:
        head = [say.t("world.good"), *(label(name, say) for name in columns)]
        rows = [[say.place(g), *(_value(n, goods[g].get(n), say) for n in columns)] for g in top]
        tables.append(Table(head, rows))
    made = report.get("output_t") or {}
    if made:
        head = [say.t("fact.product"), *(label(name, say) for name in PRODUCT_COLUMNS)]
        rows = [
            [say.place(g), *(_value(n, report[n][g], say) for n in PRODUCT_COLUMNS)] for g in made
        ]
        tables.append(Table(head, rows))
    return tables


def lever_lines(book: Book, seat: str, say: Speech) -> list[LeverLine]:
    """Every lever of the seat, in the order of the table."""
    lines = []
    for row in lever_table(book.plan, seat):
        name = row["lever"]
        values = book.opening[seat]["values"][name]
        lines.append(
            LeverLine(
                name, say.t(f"group.{row['group']}"), say.t(f"lever.{name}.name"),
                say.t(f"lever.{name}.meaning"), say.t(f"lever.{name}.cost"), say.span(name),
                _standing(row, values, say), _brief(row, values, say),
                say.t(f"sheet.each_{row['index']}") if row["index"] else "", row["delay_weeks"],
            )
        )  # fmt: skip
    return lines


def _standing(row: dict[str, Any], values: dict[str, float], say: Speech) -> str:
    """What is in force: one value, and what differs from it."""
    count = Counter(values.values())
    usual = max(count, key=lambda value: (count[value], value == row["default"]))
    other = {place: value for place, value in values.items() if value != usual}
    told = _bare(row["unit"], usual, say)
    if not other:
        return told
    by_value: dict[float, list[str]] = {}
    for place, value in other.items():
        by_value.setdefault(value, []).append(say.place(place))
    more = "; ".join(
        f"{_bare(row['unit'], value, say)}: {', '.join(places)}"
        for value, places in by_value.items()
    )
    return f"{told}; {more}"


def _brief(row: dict[str, Any], values: dict[str, float], say: Speech) -> str:
    low, high = min(values.values()), max(values.values())
    if low == high:
        return _bare(row["unit"], low, say)
    return f"{_bare(row['unit'], low, say)} – {_bare(row['unit'], high, say)}"


def _bare(unit: str, value: float, say: Speech) -> str:
    """A value beside its range, which names the unit."""
    if unit == "flag":
        return say.amount(unit, value)
    return say.percent(value, 1) if unit.startswith("share") else say.num(value, 3)
