"""What happens without a seat deciding it: remarks, disasters, discoveries, shocks, news.

A dated event of a scenario and a facilitator's live inject are the same record. ``KINDS`` is the
one table of what may happen: validation, help texts and forms are made from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from world.levers import guess
from world.plant_names import plant_fault
from world.units import QUARTER

if TYPE_CHECKING:
    from world.scenario import Scenario

Data = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class Event:
    """One happening from outside in ``week`` (counted from 0).

    ``actor`` is who acts or speaks ("" if nobody does), ``target`` whom it hits ("" for all
    zones); ``data`` holds the fields of the kind.
    """

    week: int
    kind: str
    actor: str = ""
    target: str = ""
    text: str = ""
    data: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventField:
    """A field of a kind: a number in [low, high], or a material or a plant where ``names`` says."""

    unit: str
    meaning: str
    low: float = 0
    high: float = math.inf
    default: float | None = None  # None: must be given
    names: str = ""  # "" | material | plant

    def fault(self, value: object, scenario: Scenario) -> str | None:
        if self.names == "material":
            if value in scenario.materials:
                return None
            return f"{value!r} is no material of {scenario.id}: " + guess(
                str(value), scenario.materials
            )
        if self.names:  # which ones there are `plant_fault` says
            return (
                None if isinstance(value, str) else f"{value!r} is not the name of a {self.names}."
            )
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            return f"{value!r} is not a number ({self.unit})."
        if not self.low <= value <= self.high:
            return f"must lie between {self.low:g} and {self.high:g} ({self.unit}), not {value:g}."
        return None


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event: what it means, what its ``target`` is and which fields it has."""

    meaning: str
    target: str  # "" (none), zone (needed) or zones ("" means all)
    fields: dict[str, EventField]
    giver: bool = False  # whether nothing happens without an ``actor``


MATERIAL = EventField("material", "material that it concerns", names="material")
EVERY_MATERIAL = EventField("material", "material; all if left out", default=0, names="material")
WEEKS = EventField("weeks", "how long it lasts", 1, 2600, QUARTER)

KINDS: dict[str, EventKind] = {
    "remarks": EventKind(
        "a statement that provokes the coercer, to which its policy reacts",
        "zone",
        {"strength": EventField("share", "how strong the provocation is", 0, 1)},
    ),
    "announcement": EventKind(
        "a measure is announced before it binds, or without a date; firms prepare for it",
        "zones",
        {
            "strength": EventField("share", "breadth that firms read into it; 0 withdraws", 0, 1),
            "material": EVERY_MATERIAL,
            "weeks": EventField("weeks", "until it binds; 0 where no date is said", 0, 2600, 0),
        },
    ),
    "disaster": EventKind(
        "a fire, flood or strike takes capacity out for a while",
        "zones",
        {
            "cut": EventField("share", "part of the capacity that is lost", 0, 1),
            "weeks": WEEKS,
            "material": EVERY_MATERIAL,
            "plant": EventField(
                "plant", "one plant; all of the zone if left out", 0, 0, 0, "plant"
            ),
        },
    ),
    "price_shock": EventKind(
        "a price jumps for reasons outside the model",
        "zones",
        {
            "factor": EventField("ratio", "price after over price before", 0.1, 10),
            "material": MATERIAL,
        },
    ),
    "demand_shock": EventKind(
        "industry needs more or less of a material for a while",
        "zones",
        {
            "factor": EventField("ratio", "need over normal need", 0, 10),
            "weeks": WEEKS,
            "material": EVERY_MATERIAL,
        },
    ),
    "input_cut": EventKind(
        "inputs of all kinds from the coercer stay away for a while; felt in the firm network only",
        "zone",
        {
            "cut": EventField("share", "part of the inputs that does not come", 0, 1),
            "weeks": WEEKS,
        },
    ),
    "chair": EventKind(
        "a state takes the chair of FORGE, or gives it up: what it states counts for more",
        "zone",
        {"strength": EventField("flag", "1 takes the chair, 0 gives it up", 0, 1)},
    ),
    "transfer_stock": EventKind(
        "a state hands a part of its public stock to another, under a deal",
        "zone",
        {"tonnes": EventField("t", "quantity; at most what the giver holds"), "material": MATERIAL},
        giver=True,
    ),
    "transfer_money": EventKind(
        "a state pays another, under a deal",
        "zone",
        {"usd_m": EventField("USD m", "sum")},
        giver=True,
    ),
    "news": EventKind("a message to read; it changes no number", "zones", {}),
}


def event_fault(event: Event, scenario: Scenario) -> tuple[str, str] | None:
    """The field of an event that is wrong and what is wrong with it, or None."""
    kind = KINDS.get(event.kind)
    if kind is None:
        return "kind", f"{event.kind!r} is no kind of event: {guess(event.kind, KINDS)}"
    if event.actor and event.actor not in scenario.zones:
        return "actor", f"{event.actor!r} is no actor: {guess(event.actor, scenario.zones)}"
    if kind.giver and not event.actor:
        return "actor", f"is missing: who gives, one of {', '.join(scenario.zones)}."
    if (event.target or kind.target == "zone") and event.target not in scenario.zones:
        return "target", f"{event.target!r} is no zone: {guess(event.target, scenario.zones)}"
    for name in event.data:
        if name not in kind.fields:
            return name, f"is no field of {event.kind}: {guess(name, kind.fields)}"
    for name, entry in kind.fields.items():
        if name not in event.data:
            if entry.default is None:
                return name, f"is missing: {entry.meaning} ({entry.unit})."
        elif fault := entry.fault(event.data[name], scenario):
            return name, fault
    if plant := event.data.get("plant"):
        fault = plant_fault(scenario, plant, event.target, event.data.get("material", ""))
        return ("plant", fault) if fault else None
    return None


def event_value(event: Event, name: str) -> float | str:
    """A field of an event, or its default ("" where a material or plant is left out)."""
    if name in event.data:
        return event.data[name]
    entry = KINDS[event.kind].fields[name]
    return "" if entry.names else (entry.default or 0.0)


def check_event(event: Event, scenario: Scenario) -> str | None:
    """What is wrong with a live inject as one sentence, or None."""
    fault = event_fault(event, scenario)
    return f"event {event.kind}: {fault[0]} {fault[1]}" if fault else None
