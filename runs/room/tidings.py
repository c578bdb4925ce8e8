"""Happenings as keys and values, so that pages tell them in the language of the reader.

The log of the world keeps one English sentence a line; its data say the same in numbers. What a
scenario's file tells in a text of its own is in the catalogues for the shipped scenarios, by its
place in the file, and stays as it was written for others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runs.pages.words import catalogue
from runs.room.say import Say
from world.laws.court import APPEAL, BINDING, PANEL, REPORT, VOID

if TYPE_CHECKING:
    from world.events import Event
    from world.scenario import Scenario

TERMS = ("accept", "quit", "evade")  # of a plant, as the column counts them
CASE = {PANEL: "panel", REPORT: "report", APPEAL: "appeal", BINDING: "binding", VOID: "void"}


def say_of(event: Mapping[str, Any], plan: Scenario) -> Say | None:
    """A line of the log as a key with values, or None for what has only its text."""
    kind, data = event["kind"], event["data"]
    if kind in ("order", "rung"):
        values = {"seat": event["actor"], "lever": data["lever"], "value": float(data["value"])}
        return Say("headline.order", values)
    if kind == "plant" and "change" in data:
        values = {"plant": event["actor"], "good": data["material"]}
        values |= {name: round(float(data[name]), 2) for name in ("price", "cost")}
        return Say(f"happening.plant_{data['change']}", values)
    if kind == "terms" and "terms" in data:
        values = {"plant": event["actor"], "target": event["target"], "share": data["premium"]}
        return Say(f"happening.terms_{TERMS[int(data['terms'])]}", values)
    if kind == "detection" and "weeks" in data:
        return _caught(event, plan)
    if kind == "refused_customers":
        values = {"zone": event["actor"], "target": event["target"], "good": data["material"]}
        return Say("happening.refused_customers", values | {"share": float(data["share"])})
    if kind == "case" and "stage" in data:
        step = CASE[int(data["stage"])]
        return Say(f"happening.case_{step}", {"seat": event["actor"], "target": event["target"]})
    if kind == "stand-in":
        return Say("told.stand_in", {"seat": event["actor"]})
    if kind == "concession":
        return Say("happening.concession", {"seat": event["actor"]})
    return own_text(event, plan)


def _caught(event: Mapping[str, Any], plan: Scenario) -> Say:
    data = event["data"]
    values: dict[str, Any] = {"target": plan.target, "weeks": int(data["weeks"])}
    if "firm" in data:
        return Say("happening.caught_firm", values | {"seat": data["firm"]})
    values["good"] = data["material"]
    if "plant" in data:
        return Say("happening.caught_plant", values | {"plant": data["plant"]})
    more = {"trader": int(data["trader"]), "zone": event["target"], "share": data["hub_share"]}
    return Say("happening.caught_trader", values | more)


def own_text(event: Mapping[str, Any], plan: Scenario) -> Say | None:
    """A dated event of a shipped scenario, by its place among the scenario's events."""
    if not event["text"]:
        return None
    for place, one in enumerate(plan.events):
        if one.text == event["text"] and one.kind == event["kind"]:
            return event_say(plan, place)
    return None


def event_say(plan: Scenario, place: int) -> Say | None:
    """The text of a scenario's event in the catalogues, where the English one is the same."""
    key = f"scenario.{plan.id}.event_{place}"
    event: Event = plan.events[place]
    return Say(key) if catalogue("en").get(key) == event.text else None


def row_of(say: Say | None) -> dict[str, Any]:
    """The part of a payload's line that holds a sentence of ours; empty without one."""
    return {} if say is None else {"say": say.row}
