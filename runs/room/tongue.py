"""Sentences of a room in one language, as the pages write them: for reports made by the server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runs.outcome import GAUGES
from runs.printing.speech import Speech
from runs.room.causes import SMALLEST
from runs.room.roster import lever_unit
from runs.story.speak import money, write
from world.levers import LEVERS

if TYPE_CHECKING:
    from world.scenario import Scenario

SEATS = frozenset({"seat", "target", "zone"})
OF_LEVER = frozenset({"low", "high", "value"})
CAUSES = {
    "quiet": "quiet", "earlier": "earlier", "measures": "measures", "own measures": "measures",
    "own threat": "fear", "refusals": "refusals", "fear": "fear", "hubs": "hubs", "rest": "rest",
    "orders": "orders", "own orders": "orders", "inject": "inject",
    "deal": "deal", "event": "event", "something hidden": "hidden",
}  # fmt: skip


def without_brackets(name: str) -> str:
    """A name without what stands in brackets behind it."""
    return re.sub(r"\s*[(（][^)）]*[)）]$", "", name)


def _sense(lever: str, sense: str, value: float) -> str:
    """The key of a clause's sentence: what is on or off is kept so, and not "at no"."""
    binds = sense == "equals" or (value > 0 if sense == "at_least" else value < 1)
    flag = lever_unit(lever) == "flag" and binds
    return ("on" if value > 0 else "off") if flag else sense


class Tongue:
    """One language and the names of one scenario; what has no name there keeps its code."""

    def __init__(self, language: str, plan: Scenario) -> None:
        self.say, self.plan = Speech(language), plan

    def t(self, key: str, **fill: object) -> str:
        return self.say.t(key, **fill)

    def seat(self, code: str) -> str:
        if self.say.has(f"seat.{code}"):
            return self.say.t(f"seat.{code}")
        return self.plan.firms[code].title if code in self.plan.firms else code

    def lever(self, full: str) -> str:
        known = LEVERS.get(full.partition(".")[0])
        return self.say.lever(full) if known else full

    def amount(self, full: str, value: float) -> str:
        return self.say.amount(lever_unit(full), value)

    def title(self) -> str:
        key = f"scenario.{self.plan.id}.title"
        return self.say.t(key) if self.say.has(key) else self.plan.title

    def phrase(self, say: Mapping[str, Any] | None, other: str) -> str:
        """A sentence of the room, or ``other`` where it is no sentence of the catalogues."""
        if not say or not self.say.has(say["key"]):
            return other
        if say["key"].startswith("story."):
            return write(say, self.say.language)
        values = say["values"]
        fill = {name: self._write(name, value, values) for name, value in values.items()}
        return self.say.t(say["key"], **fill)

    def _write(self, name: str, value: Any, values: Mapping[str, Any]) -> str:
        if name in SEATS:
            return self.seat(value)
        if name in ("usd", "usd_b"):
            return money(value, self.say.language)
        if name == "gauge":
            return self.t(value, coercer=self.seat(self.plan.coercer))
        if name == "what" and isinstance(value, Mapping):
            return self.phrase({**value, "values": {}}, str(value["text"]))
        if name == "good":
            return self.say.place(value)
        if name == "lever":
            return self.lever(value)
        if name in OF_LEVER and "lever" in values:
            return self.amount(values["lever"], value)
        if name == "share":
            return self.say.percent(value)
        if isinstance(value, list | tuple):
            return ", ".join(map(str, value))
        return self.say.num(value) if isinstance(value, int | float) else str(value)

    def cause(self, row: Mapping[str, Any]) -> str:
        """What brought a result, from a row of `runs.room.causes`."""
        key = row.get("key")
        what = self.say.t(key) if key and self.say.has(key) else row["what"]
        actor = self.seat(row["actor"]) if row["actor"] else ""
        name = CAUSES.get(row["kind"], "event")
        if row.get("lever"):
            return self.say.t("cause.lever", seat=actor, lever=self.lever(row["lever"]))
        return self.say.t(f"cause.{name}", seat=actor, n=row["n"], what=what)

    def effect(self, row: Mapping[str, Any]) -> str:
        """What a cause did to a seat's gauges, in points as on the seat's page."""
        told = [
            f"{self.say.t(f'gauge.{name}')} {100 * row[name]:+.2f} {self.say.t('unit.points')}"
            for name in GAUGES
            if abs(row[name]) >= SMALLEST
        ]
        return " · ".join(told)

    def clause(self, giver: str, clause: Mapping[str, Any]) -> str:
        """What one side of a deal gives."""
        seat = self.seat(giver)
        if clause["kind"] == "lever":
            value = self.amount(clause["lever"], clause["value"])
            lever = self.lever(clause["lever"])
            sense = _sense(clause["lever"], clause["sense"], clause["value"])
            return self.say.t(f"clause.{sense}", seat=seat, lever=lever, value=value)
        if clause["kind"] == "stock":
            tonnes, good = clause["tonnes_per_turn"], self.say.place(clause["material"])
            return self.say.t("clause.stock", seat=seat, tonnes=self.say.num(tonnes), good=good)
        return self.say.t(
            "clause.money", seat=seat, usd=self.say.usd(1e6 * clause["usd_m_per_turn"])
        )
