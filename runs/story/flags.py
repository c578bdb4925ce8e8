"""Flags on the time line, first of their kind, and how far the coercer has gone by week."""

from __future__ import annotations

from typing import Any

import numpy as np

from runs.room.say import Say
from runs.seats import OUTSIDE
from runs.story.run import QUARTER, Run, numbers
from runs.story.tidings import Item, raw

ROWS = 3
FLAGS = {  # kinds of news, and the flag that the first of them raises
    "ladder": "step", "bans": "ban", "licences": "licences", "quota": "quota",
    "announcement": "announcement", "stop": "stop", "caught": "caught", "caught_plant": "caught",
    "caught_firm": "caught", "reserve": "reserve", "easing": "easing", "floor": "floor",
    "clause": "clause", "clause_dropped": "clause_dropped", "concession": "concession",
    "disaster": "disaster", "input_cut": "disaster",
}  # fmt: skip
EXPORTS = 4  # the step of the ladder from which exports are touched


def flags(run: Run) -> list[dict[str, Any]]:
    """``kind, week, date, row, say`` (a few words), ``news`` (the sentence of that week)."""
    first: dict[str, Item] = {}
    for one in raw(run):
        name = FLAGS.get(one.kind)
        if name is None or one.weight <= 0:
            continue
        if one.kind == "ladder" and touches_exports(one):
            name = "ban"
        if name not in first:
            first[name] = one
    found = [(one.week, name, one.say) for name, one in first.items()]
    found += [(week, "turn", Say("story.flag.turn", {"n": week // QUARTER + 1}))
              for week in turns(run)]  # fmt: skip
    found.sort(key=lambda one: (one[0], one[1]))
    return [
        {
            "kind": name, "week": week, "date": run.date(week), "row": at % ROWS,
            "say": Say(f"story.flag.{words_of(name, say)}", say.values).row, "news": say.row,
        }
        for at, (week, name, say) in enumerate(found)
    ]  # fmt: skip


def words_of(name: str, say: Say) -> str:
    """A first stop is none where lines stood still before the run began."""
    return "stop_more" if name == "stop" and say.key.endswith("stop_more") else name


def touches_exports(one: Item) -> bool:
    step = one.say.key.rpartition("_")[2]
    return step.isdigit() and int(step) >= EXPORTS


def turns(run: Run) -> list[int]:
    """The first week of each turn in which somebody outside gave orders."""
    found: dict[int, int] = {}
    for one in run.events:
        if one["kind"] in ("order", "rung") and one["data"].get("by") in OUTSIDE:
            found.setdefault(one["week"] // QUARTER, one["week"])
    return sorted(found.values())


def steps(run: Run) -> dict[str, Any]:
    """The ladder towards the zone against which it went highest: a step a week."""
    by_zone = {zone: run.zone("rung", zone) for zone in run.others}
    top = {zone: float(np.nan_to_num(one).max(initial=0.0)) for zone, one in by_zone.items()}
    target = run.scene.target
    zone = max(top, key=lambda code: (top[code], code == target)) if top else target
    series = by_zone.get(zone, np.zeros(0))
    reached = sorted({int(one) for one in series if np.isfinite(one)})
    return {
        "zone": zone, "steps": numbers(series), "highest": int(top.get(zone, 0.0)),
        "names": {str(one): Say(f"rung.{one}").row for one in reached},
    }  # fmt: skip
