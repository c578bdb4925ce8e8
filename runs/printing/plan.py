"""The facilitator's plans as data: the class step by step, the half day, the inject cards.

The guide prints them and `runs.room.trial.rehearse` plays the class from the same file through the
real door, so a step that cannot be done cannot stay in the guide.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from runs.printing.speech import Speech
from runs.room.roster import lever_unit
from world.decisions import Order, check_order
from world.events import KINDS, Event, check_event, event_value
from world.scenario import Scenario

DATA = Path(__file__).parent / "data"
VOTE = "vote"  # in a step: any card that the class draws


@dataclass(frozen=True)
class Step:
    """One step of the class: minutes, screens, what the facilitator and the seats do."""

    id: str
    start: int
    end: int
    screens: tuple[str, ...]
    host: tuple[dict[str, Any], ...]
    seats: tuple[str, ...]


@dataclass(frozen=True)
class ClassPlan:
    turns: int
    turn_seconds: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Part:
    """A part of the half day; `at` is "" for what lies before or after it."""

    id: str
    at: str
    minutes: int


@dataclass(frozen=True)
class Card:
    """An inject card; `turn` 0 may be drawn in any turn."""

    id: str
    turn: int
    to: tuple[str, ...]
    event: dict[str, Any]
    override: dict[str, Any] = field(default_factory=dict)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def class_plan() -> ClassPlan:
    found = _read("class.toml")
    steps = tuple(
        Step(one["id"], one["from"], one["to"], tuple(one["screens"]), tuple(one["host"]),
             tuple(one["seats"]))
        for one in found["step"]
    )  # fmt: skip
    return ClassPlan(found["turns"], found["turn_seconds"], steps)


@cache
def half_day() -> tuple[Part, ...]:
    return tuple(Part(**one) for one in _tabletop()["part"])


def reveal_minutes(table: bool) -> tuple[dict[str, int], list[int]]:
    """Minutes of the parts of the Reveal, and of the rounds that belong to it."""
    found = _tabletop() if table else _read("class.toml")
    return found["reveal"]["parts"], found["reveal"]["rounds"]


def teams(seats: list[str]) -> list[list[str]]:
    """The seats of each team of the half day, of those that people may take."""
    found = ([seat for seat in one["seats"] if seat in seats] for one in _tabletop()["team"])
    return [team for team in found if team]


@cache
def _tabletop() -> dict[str, Any]:
    return _read("tabletop.toml")


@cache
def all_cards() -> tuple[Card, ...]:
    return tuple(
        Card(one["id"], one["turn"], tuple(one["to"]), {"data": {}, **one["event"]},
             one.get("override", {}))
        for one in _read("cards.toml")["card"]
    )  # fmt: skip


def cards_for(plan: Scenario, seats: list[str]) -> list[Card]:
    """The cards that a scenario with these seats can play, those of a fixed turn first."""
    fit = [card for card in all_cards() if card_fault(card, plan, seats) is None]
    return sorted(fit, key=lambda card: card.turn or 99)


def card_fault(card: Card, plan: Scenario, seats: list[str]) -> str | None:
    """Why a card does not fit a scenario, or None."""
    for seat in card.to:
        if seat != "all" and seat not in seats:
            return f"card {card.id}: to: {seat!r} is no seat of {plan.id}."
    event = card.event
    made = Event(0, event["kind"], event["actor"], event["target"], "", event["data"])
    if fault := check_event(made, plan):
        return fault
    order = card.override
    if order:
        if order["seat"] not in seats:
            return f"card {card.id}: override: {order['seat']!r} is no seat of {plan.id}."
        wrong = check_order(Order(0, order["seat"], order["lever"], order["value"]), plan, 0)
        return wrong.reason if wrong else None
    return None


def inject_of(card: Card, say: Speech) -> dict[str, Any]:
    """The fields of the console's `inject` for a card, with its text in one language."""
    text = say.t(f"inject_card.{card.id}.text")
    return {"event": {**card.event, "text": text}, "to": list(card.to)}


def effect_of(card: Card, say: Speech) -> list[str]:
    """What a card changes, in the words of the console's own form."""
    event = card.event
    lines = [say.t(f"inject.{event['kind']}")]
    told = [f"{say.t('inject.kind')}: {say.t('kind.' + event['kind'])}"]
    if event["target"]:
        told.append(f"{say.t('inject.target')}: {say.place(event['target'])}")
    made = Event(0, event["kind"], event["actor"], event["target"], "", event["data"])
    for name, entry in KINDS[event["kind"]].fields.items():
        if name not in event["data"]:
            continue
        value = event_value(made, name)
        shown = say.place(str(value)) if entry.names else say.num(float(value), 2)
        if entry.unit == "share":
            shown = say.percent(float(value))
        told.append(f"{say.t(f'field.{name}')}: {shown}")
    lines.append("; ".join(told))
    if card.override:
        order = card.override
        lines.append(
            f"{say.t('do.override')}: {say.place(order['seat'])}, {say.lever(order['lever'])} "
            f"{say.amount(lever_unit(order['lever']), order['value'])}"
        )
    return lines
