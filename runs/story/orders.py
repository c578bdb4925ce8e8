"""What an order says: up or down from what was in force, in the words of its lever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runs.room.say import Say
from runs.story.run import Row, Run, default_of, settings_of
from world.cases import may_be_measure
from world.levers import LADDER, LEVERS, full_name

CLAUSE = "third_country_clause"
BANS = frozenset({"ban_breadth", "listing"})
WORDS_ONLY = frozenset({"protest", "joint_statement", "stance", "threat"})
FLOORS = frozenset({"floor_usd_per_kg"})
CLUB = "forge_member"
HELP = frozenset({"hub_policing", "customer_cover"})  # of the clause, and against it
COURT = ("legal_frame", "wto_case")
# Weights of orders that are no routine, up and down (stage, section 5).
STEP, CLAUSE_WEIGHT, CLIMB_DOWN, FLOOR, POLICING, LAW = 5.0, 7.0, 6.0, 3.0, 2.0, 4.0
LICENCES = frozenset({"licence_duty", "licence_approval", "material_approval"})
QUOTAS = frozenset({"export_quota", "export_tax"})
MEASURES = BANS | LICENCES | QUOTAS
# lower is harsher
HARSHER_DOWN = frozenset({"licence_approval", "material_approval", "export_quota"})
FRAMES = {0: "none", 1: "conservation", 2: "security"}
TERMS = {-1: "own", 0: "accept", 1: "quit", 2: "evade"}
SMALL = 1e-9
SLIGHT = 0.05  # of a lever's range: a smaller move is routine whatever the lever


class Told(NamedTuple):
    """An order that moved something."""

    event: Row
    lever: str  # without its index
    aim: str  # its index, "" for all
    was: float
    value: float

    @property
    def full(self) -> str:
        return full_name(self.lever, self.aim)

    @property
    def up(self) -> bool:
        return self.value > self.was

    @property
    def size(self) -> float:
        """The move as a share of the lever's range."""
        lever = LEVERS[self.lever]
        return abs(self.value - self.was) / (lever.high - lever.low)


def moved(run: Run) -> list[Told]:
    """The orders of a run's log that changed a lever, in order.

    A case, and the reason for measures, is about measures: it is told in the week in which one
    stands, not at all where there is none, and its end only where its beginning was told.
    """
    if "moved" not in run.kept:
        run.kept["moved"] = _founded(run, list(_moved(run)))
    found: list[Told] = run.kept["moved"]
    return found


def _moved(run: Run) -> Iterator[Told]:
    held = run.at_start
    for event in run.events:
        if event["kind"] not in ("order", "rung") or "lever" not in event["data"]:
            continue
        full, value = str(event["data"]["lever"]), float(event["data"]["value"])
        name, _, index = full.partition(".")
        if name not in LEVERS:
            continue
        actor = event["actor"]
        was = held.get((actor, full), held.get((actor, name), default_of(full)))
        if not index:  # every index at once: what was set by name no longer stands
            held = {k: v for k, v in held.items() if k[0] != actor or k[1].split(".")[0] != name}
        held |= {(actor, one): two for one, two in settings_of(full, value).items()}
        if value != was:
            yield Told(event, name, index, was, value)


def _founded(run: Run, every: list[Told]) -> list[Told]:
    """The orders but those about measures that there are none of, which are told when one comes."""
    if not any(one.lever in COURT for one in every):
        return every
    stand = measures(run)
    found, open_ = [], set()
    for place, one in enumerate(every):
        who, week = (one.event["actor"], one.lever), int(one.event["week"])
        if one.lever not in COURT:
            found.append(one)
        elif one.value <= 0:
            if who in open_:
                open_.discard(who)
                found.append(one)
        else:
            after = (two for two in every[place + 1 :] if (two.event["actor"], two.lever) == who)
            until = next((int(two.event["week"]) for two in after), len(stand))
            if (when := _first(stand, week, until)) is not None:
                open_.add(who)
                late = one._replace(event={**one.event, "week": when})
                found.append(late if when > week else one)
    return sorted(found, key=lambda one: int(one.event["week"]))


def _first(stand: NDArray[np.bool_], week: int, until: int) -> int | None:
    """The week of the order where a measure stands in it or in the next, in which an order binds;
    else the first week before ``until`` in which one does, or None."""
    if stand[week : week + 2].any():
        return week
    later = np.flatnonzero(stand[week:until])
    return week + int(later[0]) if later.size else None


def measures(run: Run) -> NDArray[np.bool_]:
    """By week, whether an export measure of the coercer stands: by the table of law, by the levers
    that it does not hold, and where a case is heard. True where a record does not tell."""
    law = {name: run.grid("law", name) for name in ("ban_breadth", "licence_duty")}
    if not law["ban_breadth"].size or np.isnan(law["ban_breadth"]).all():
        return np.ones(run.weeks, dtype=bool)
    foreign = ~run.rows("law", zone=run.scene.coercer)
    refused = law["licence_duty"] * (1.0 - run.grid("law", "licence_approval"))
    held = np.nan_to_num(np.maximum(law["ban_breadth"], refused))[:, foreign]
    heard = np.nan_to_num(run.grid("zones", "case_stage")) > 0
    stand: NDArray[np.bool_] = np.asarray((held > SMALL).any(axis=1) | heard.any(axis=1))
    quotas = [(0, name, value) for (actor, name), value in run.at_start.items()
              if actor == run.scene.coercer and _holds_back(name)]  # fmt: skip
    quotas += [(int(one.event["week"]), one.full, one.value) for one in _moved(run)
               if one.event["actor"] == run.scene.coercer and _holds_back(one.lever)]  # fmt: skip
    now: dict[str, float] = {}
    for place, (week, full, value) in enumerate(quotas):
        name, _, index = full.partition(".")
        now = {k: v for k, v in now.items() if index or k.partition(".")[0] != name} | {full: value}
        until = quotas[place + 1][0] if place + 1 < len(quotas) else len(stand)
        stand[week:until] |= any(may_be_measure(*setting) for setting in now.items())
    return stand


def _holds_back(lever: str) -> bool:
    return lever.partition(".")[0] in ("export_quota", "ban_breadth", "listing")


def weight(told: Told) -> float:
    """How loud an order is; 0 for routine."""
    name, up = told.lever, told.up
    if name == LADDER:
        return STEP * (told.value - told.was) if up else CLIMB_DOWN
    if name == CLAUSE:
        return CLAUSE_WEIGHT
    if name == "concession":
        return CLIMB_DOWN if up else 1.0
    if name in WORDS_ONLY:
        return 1.0
    if name in FLOORS or name in (CLUB, *COURT):
        return FLOOR
    if told.size < SLIGHT:
        return 0.0
    if name in MEASURES:
        return CLIMB_DOWN if up == (name in HARSHER_DOWN) else LAW
    return POLICING if name in HELP and told.size >= 0.2 else 0.0


def family(told: Told) -> str:
    """What the first of its kind is counted by."""
    name, up = told.lever, told.up
    if name == LADDER:
        return "ladder" if up else "easing"
    if name == CLAUSE:
        return "clause" if up else "clause_dropped"
    if name in MEASURES:
        harsher = "bans" if name in BANS else "licences" if name in LICENCES else "quota"
        return "easing" if up == (name in HARSHER_DOWN) else harsher
    if name in FLOORS:
        return "floor" if up else "floor_down"
    return name


def sentence(run: Run, told: Told) -> Say:
    """The order in words."""
    actor, name = told.event["actor"], told.lever
    scene = run.scene
    values: dict[str, Any] = {
        "capital": actor, "zone": actor, "capital_b": scene.coercer, "zone_b": scene.coercer,
        "zone_c": scene.target,
    }  # fmt: skip
    if LEVERS[name].of_firms:
        values["firm"] = firm_of(run, actor)
    kind = LEVERS[name].index
    if kind == "zone":
        values["zone"] = told.aim or "all"
    if kind == "material":
        values["good"] = told.aim or "all"
    if name == "floor_usd_per_kg" and told.value > 0:
        values["usd"] = told.value
    if name == CLAUSE or name == "threat":
        values["zone"] = scene.target
    way = "up" if told.up else "down"
    if name == LADDER:
        return Say(f"story.rung.{way}_{round(told.value)}", values)
    if name in ("floor_usd_per_kg", "scope_notice") and told.value <= 0:
        way = "off"
    if name == "licence_terms":
        way = TERMS[round(told.value)]
    if name == "legal_frame":
        way = FRAMES[round(told.value)]
    return Say(f"story.lever.{name}.{way}", values)


def firm_of(run: Run, actor: str) -> Any:
    """The name of a firm with a seat, in the reader's language where the catalogues have it."""
    from runs.pages.words import catalogue

    if f"seat.{actor}" in catalogue("en"):
        return Say(f"seat.{actor}").row
    firm = run.plan.firms.get(actor) if run.plan else None
    return firm.title if firm else actor.replace("_", " ").title()
