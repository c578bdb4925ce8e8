"""What happened in a run as sentences with weights: the log, and what the figures say first.

Weights are those of the stage, section 5. `raw` lists everything, `grouped` joins what is one piece
of news (thirteen traders caught in a week), and adds what is first of its kind or the player's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from runs.room.say import Say
from runs.room.tidings import own_text
from runs.story.orders import CLUB, family, firm_of, moved, sentence, weight
from runs.story.run import Array, Row, Run
from world.levers import LEVERS

SILENT = frozenset({"seat", "held", "refusal", "stand-in"})  # told to the seats they concern
FIRST, OWN = 3.0, 2.0
STOPPED = 0.01  # of need: a smaller standstill is nobody's news
OPENED_T = 1e-6
COLLECTED = 0.1  # of need, beside what was recycled at the start
INJECTED = 6.0
DEALS = frozenset({"transfer_stock", "transfer_money"})  # what changes hands under one
PAYS, DEARER = ("start", "build", "restart"), 1.15  # a price near the old one is no reason
KINDS = {  # weights of what the world itself tells
    "remarks": 1.0, "announcement": 5.0, "disaster": 6.0, "input_cut": 6.0, "price_shock": 5.0,
    "chair": 2.0, "demand_shock": 4.0, "transfer_stock": 3.0, "transfer_money": 3.0, "news": 4.0,
    "plant": 2.0, "terms": 2.0, "detection": 2.0, "refused_customers": 4.0, "concession": 6.0,
    "case": 5.0,
}  # fmt: skip
TERMS = ("accept", "quit", "evade")
CASE = {2: "panel", 3: "report", 4: "appeal", 5: "binding", 6: "void"}
FEWEST_AFRAID = 3  # zones whose firms begin to refuse together are one piece of news
PARTS = (", Dy", ", Tb", ", NdPr")  # of one plant that makes several oxides
NAMELESS, REST = ("Ex-China", "Existing ex-China"), "Other "
FICTIONAL = " (fictional)"
MINE = " mine"  # the one word of real plants' names that is no name


@dataclass(frozen=True)
class Item:
    """One piece of news; ``kind`` is what it is the first of, ``zones`` whom it concerns."""

    week: int
    kind: str
    weight: float
    say: Say
    zones: tuple[str, ...] = ()
    why: Say | None = None
    group: str = ""  # of levers, for routine orders
    count: int = 1
    share: float = 0.0  # of a hub's trade that was caught, of a zone's firms that refuse


def raw(run: Run) -> list[Item]:
    """Everything that could be told, by week."""
    if "raw" not in run.kept:
        found = [*from_log(run), *_stops(run), *_reserves(run), *_collected(run)]
        run.kept["raw"] = sorted(found, key=lambda one: one.week)
    items: list[Item] = run.kept["raw"]
    return items


def grouped(run: Run, first: int, until: int) -> list[Item]:
    """The news of the weeks from ``first`` to before ``until``, the loudest first."""
    all_ = raw(run)
    if "firsts" not in run.kept:
        run.kept["firsts"] = {one.kind: one.week for one in reversed(all_)}
    begin, end = (bisect_left(all_, week, key=lambda one: one.week) for week in (first, until))
    items = _one_news(run, all_[begin:end])
    new = {kind for kind, week in run.kept["firsts"].items() if first <= week < until}
    told = []
    for one in sorted(items, key=lambda one: (-one.weight, one.week)):
        extra = FIRST * (one.kind in new) + OWN * (run.player != "" and run.player in one.zones)
        told.append(replace(one, weight=one.weight + extra) if one.weight > 0 else one)
        new.discard(one.kind)
    return sorted(told, key=lambda one: (-one.weight, one.week))


# --- where it comes from ------------------------------------------------------------------------


def from_log(run: Run) -> list[Item]:
    """What the log tells, without what only figures say."""
    return [*_orders(run), *_happenings(run)]


def _orders(run: Run) -> list[Item]:
    found = []
    for told in moved(run):
        index = told.aim if LEVERS[told.lever].index == "zone" else ""
        zones = tuple(dict.fromkeys(one for one in (told.event["actor"], index) if one))
        found.append(
            Item(
                told.event["week"], family(told), weight(told), sentence(run, told), zones,
                group=LEVERS[told.lever].group,
            )
        )  # fmt: skip
    return found


def _happenings(run: Run) -> list[Item]:
    found = []
    for event in run.events:
        if event["kind"] in ("order", "rung", *SILENT):
            continue
        item = _happening(run, event)
        if item is not None:
            found.append(item)
    return found


def _happening(run: Run, event: Row) -> Item | None:
    kind, data = str(event["kind"]), event["data"]
    zones = tuple(one for one in (event["actor"], event["target"]) if one in run.zones)
    base = Item(event["week"], kind, KINDS.get(kind, 1.0), Say("story.news.text"), zones)
    if kind == "plant" and "change" in data:
        values = {**plant_of(event["actor"], data["material"]), "zone": event["target"],
                  "good": data["material"], "times": float(data["price"])}  # fmt: skip
        told = values["times"] >= DEARER or data["change"] not in PAYS
        why = Say(f"story.reason.plant_{data['change']}", values) if told else None
        say = Say(f"story.news.plant_{data['change']}", values)
        return replace(base, kind=f"plant_{data['change']}", say=say, why=why)
    if kind == "terms" and "terms" in data:
        values = {**plant_of(event["actor"]), **sides(run), "zone": run.scene.target,
                  "share": float(data["premium"])}  # fmt: skip
        name = f"terms_{TERMS[int(data['terms'])]}"
        why = Say("story.reason.terms", values) if values["share"] > 0 else None
        return replace(base, kind=name, say=Say(f"story.news.{name}", values), why=why)
    if kind == "detection":
        return _caught(run, event, base)
    if kind == "refused_customers" and "share" in data:
        values = {**sides(run), "share": float(data["share"]), "whose": event["actor"],
                  "zone": run.scene.target, "zone_b": event["actor"], "good": data["material"]}
        say, why = Say("story.news.fear", values), Say("story.reason.fear", values)
        return replace(base, kind="fear", say=say, why=why, share=values["share"])
    if kind == "case" and "stage" in data:
        values = {"capital": event["actor"], "capital_b": run.scene.coercer}
        step = CASE[int(data["stage"])]
        return replace(base, kind=f"case_{step}", say=Say(f"story.news.case_{step}", values))
    if kind == "concession":
        values = {"capital": event["actor"], "capital_b": run.scene.coercer}
        return replace(base, say=Say("story.lever.concession.up", values))
    own = own_say(run, event)
    if own is None:
        return None
    card = bool(data.get("inject")) and kind not in DEALS
    return replace(base, say=own, weight=base.weight + INJECTED * card)


def own_say(run: Run, event: Row) -> Say | None:
    """An event from outside: the words of its scenario or card, else what its fields say."""
    kind, data = str(event["kind"]), event["data"]
    own = own_text(event, run.plan) if run.plan else None
    if own is not None:
        return own
    if event["text"] and (data.get("inject") or kind == "news"):
        return Say("story.news.text", {"text": event["text"]})
    if kind not in KINDS:
        return None
    values: dict[str, Any] = {
        "capital": event["actor"] or run.scene.coercer, "zone": event["target"] or "all",
        "good": data.get("material") or "all", "capital_b": run.scene.coercer,
        "zone_b": event["actor"] or "all", "zone_d": run.scene.coercer,
    }  # fmt: skip
    places = {"cut": "share", "factor": "times", "tonnes": "tonnes", "usd_m": "usd"}
    for name, place in places.items():
        if name in data:
            values[place] = float(data[name]) * (1e6 if name == "usd_m" else 1.0)
    if kind in ("price_shock", "demand_shock"):
        kind += "_up" if values.get("times", 1.0) >= 1 else "_down"
        values["share"] = abs(1.0 - values.get("times", 1.0))
    if kind in ("announcement", "chair") and not data.get("strength", 1.0):
        kind += "_off"
    return Say(f"story.news.{kind}", values)


def _caught(run: Run, event: Row, base: Item) -> Item:
    data, scene = event["data"], run.scene
    values = {"capital": scene.coercer, "zone_b": scene.target, "zone": event["target"]}
    values |= {"good": data.get("material", "all"), "weeks": float(data.get("weeks", 52.0))}
    share = float(data.get("hub_share", 0.0))
    if "firm" in data:
        values["firm"] = firm_of(run, str(data["firm"]))
        return replace(base, kind="caught_firm", say=Say("story.news.caught_firm", values))
    if "plant" in data:
        values |= plant_of(str(data["plant"]))
        return replace(base, kind="caught_plant", say=Say("story.news.caught_plant", values))
    say, why = Say("story.news.caught", values), Say("story.reason.caught", values)
    return replace(base, kind="caught", say=say, why=why, share=share, weight=base.weight + share)


def _stops(run: Run) -> list[Item]:
    """When a zone's lines for a good first stand still; the first in a zone is louder. What stood
    still when the run began is nobody's news."""
    share, found = run.grid("markets", "stopped_line_share"), []
    rows = run.record.rows("markets")
    stands = np.nan_to_num(share) >= STOPPED
    seen = {rows["zone"][row] for row in np.flatnonzero(stands[:1].any(axis=0)).tolist()}
    starts = [(int(stands[:, r].argmax()), r) for r in np.flatnonzero(stands.any(axis=0)).tolist()
              if not stands[0, r]]  # fmt: skip
    for week, row in sorted(starts):
        zone, good = rows["zone"][row], rows["material"][row]
        key = "stop_more" if zone in seen else "stop"
        loud = 4.0 if zone in seen else 6.0
        seen.add(zone)
        say = Say(f"story.news.{key}", {"good": good, "zone": zone})
        found.append(Item(week, "stop", loud, say, (zone,), share=float(share[week, row])))
    return found


def _reserves(run: Run) -> list[Item]:
    found = []
    for zone in run.others:
        paid = run.total("markets", "from_stockpile_t", zone=zone) > OPENED_T
        if paid.any():
            week = int(paid.argmax())
            if not week:  # it was open when the run began
                continue
            found.append(Item(week, "reserve", 4.0, Say("story.news.reserve", {"zone": zone}),
                              (zone,)))  # fmt: skip
    return found


def _collected(run: Run) -> list[Item]:
    """When recyclers first serve a tenth more of a zone's need for a good than at the start."""
    rows, found = run.record.rows("markets"), []
    part = part_of(run.grid("markets", "from_recycled_t"), run.grid("markets", "demand_t"))
    grown = part >= part[:1] + COLLECTED if len(part) else part > 0
    seen: set[str] = set()
    starts = [(int(grown[:, r].argmax()), r) for r in np.flatnonzero(grown.any(axis=0)).tolist()]
    for week, row in sorted(starts):
        zone, good = rows["zone"][row], rows["material"][row]
        if zone in seen or zone not in run.others:
            continue
        seen.add(zone)
        values = {"good": good, "zone": zone, "share": float(part[week, row])}
        found.append(Item(week, "collected", 3.0, Say("story.news.collected", values), (zone,)))
    return found


def part_of(some: Array, all_: Array) -> Array:
    """Share by week and row, 0 of nothing."""
    some, all_ = np.nan_to_num(some), np.nan_to_num(all_)
    return np.divide(some, all_, out=np.zeros_like(some), where=all_ > 0)


def sides(run: Run) -> dict[str, Any]:
    """The coercer as a value of sentences: its capital and its country."""
    return {"capital": run.scene.coercer, "zone_b": run.scene.coercer}


def plant_of(name: str, good: str = "") -> dict[str, Any]:
    """A plant as a value: its name without the oxide, or "gallium plants outside China"."""
    if name.startswith(REST) and good:
        return {"plant": Say("story.plants_rest", {"good": good}).row}
    if name.startswith(NAMELESS):
        if not good:
            return {"plant": Say("story.plants").row}
        return {"plant": Say("story.plants_of", {"good": good}).row}
    for part in (FICTIONAL, *PARTS):
        name = name.removesuffix(part)
    if name.endswith(MINE):
        return {"plant": Say("story.mine", {"name": name.removesuffix(MINE)}).row}
    return {"plant": name}


# --- one piece of news --------------------------------------------------------------------------


def _one_news(run: Run, items: Sequence[Item]) -> list[Item]:
    caught = [one for one in items if one.kind == "caught"]
    afraid = [one for one in items if one.kind == "fear"]
    joined = [one for one in items if one.kind == CLUB and one.say.key.endswith(".up")]
    stopped = [one for one in items if one.kind == "stop"]
    climbed = [one for one in items if one.kind == "ladder"]
    kept = list(items)
    for some, fewest, join in (
        (caught, 2, _traders), (afraid, FEWEST_AFRAID, _afraid), (joined, 2, _club),
        (stopped, 2, _stopped), (climbed, 2, _climbed),
    ):  # fmt: skip
        if len(some) >= fewest:
            kept = [one for one in kept if one not in some] + join(run, some)
    return _plants(kept)


def _zones(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(zone for one in items for zone in one.zones))


def _traders(run: Run, items: Sequence[Item]) -> list[Item]:
    share = sum(one.share for one in items)
    values = {**items[-1].say.values, "n": len(items), "share": max(one.share for one in items)}
    key = "caught_week" if items[0].week == items[-1].week else "caught_many"
    say, why = Say(f"story.news.{key}", values), Say("story.reason.caught_many", values)
    return [Item(items[-1].week, "caught", KINDS["detection"] + share, say, _zones(items), why,
                 count=len(items), share=share)]  # fmt: skip


def _afraid(run: Run, items: Sequence[Item]) -> list[Item]:
    most = max(items, key=lambda one: one.share)
    say = Say("story.news.fear_many", {**most.say.values, "n": len(items)})
    why = Say("story.reason.fear_many", most.say.values)
    return [Item(items[0].week, "fear", KINDS["refused_customers"], say, _zones(items), why,
                 count=len(items), share=most.share)]  # fmt: skip


def _club(run: Run, items: Sequence[Item]) -> list[Item]:
    values = {"zone": items[0].zones[0], "n": len(items) - 1}
    say = Say("story.news.club_many" if len(items) > 2 else "story.news.club_two",
              {**values, "zone_b": items[1].zones[0]})  # fmt: skip
    return [Item(items[0].week, CLUB, items[0].weight, say, _zones(items), count=len(items))]


def _stopped(run: Run, items: Sequence[Item]) -> list[Item]:
    """Stops by zone: the first, and how many more goods ran out with it."""
    found = []
    for zone in _zones(items):
        own = [one for one in items if zone in one.zones]
        first = max(own, key=lambda one: one.weight)
        if len(own) > 1:
            other = next(one for one in own if one is not first)
            values = {**first.say.values, "n": len(own) - 1, "good_b": other.say.values["good"]}
            key = "stop_two" if len(own) == 2 else "stop_several"
            first = replace(first, say=Say(f"story.news.{key}", values), count=len(own))
        found.append(first)
    return found


def _climbed(run: Run, items: Sequence[Item]) -> list[Item]:
    """Of a ladder that is climbed, the last step towards each zone is the news."""
    found = []
    for zone in dict.fromkeys(one.zones[-1] for one in items):
        own = [one for one in items if one.zones[-1] == zone]
        found.append(replace(own[-1], weight=sum(one.weight for one in own), count=len(own)))
    return found


def _plants(items: Sequence[Item]) -> list[Item]:
    """A plant that makes several oxides opens once."""
    seen: set[tuple[str, Any]] = set()
    kept = []
    for one in items:
        name = one.say.values.get("plant") if one.kind.startswith("plant_") else None
        name = name["values"].get("name") if isinstance(name, dict) else name
        if name:
            if (one.kind, name) in seen:
                continue
            seen.add((one.kind, name))
        kept.append(one)
    return kept
