"""Why a zone lost, as steps that add up.

The same luck is played with the recorded orders of actors added one after another, in the fixed
order of `GROUPS`, to a world in which nobody orders anything. Each step is a world less the world
before it, so the steps add up to the run by construction; what does not, because the run cannot be
repeated to the last bit, is the rest. All worlds begin with the run's first week, also where a
part of the run is asked for: nothing has to be undone at the start of a turn, neither refusals that
last a quarter nor a threat that firms have heard already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from runs.room.say import Say
from runs.story.run import Array, Run
from runs.story.side_by_side import given, play
from world.account import Account
from world.decisions import Order

GROUPS = ("travel", "bans", "prices", "clause", "hubs", "others", "firms", "own", "reserve")
TONES = {"travel": "coercer", "bans": "coercer", "prices": "coercer", "clause": "fear",
         "reserve": "stock"}  # fmt: skip
TRAVEL = frozenset({"travel_advice", "culture_ban", "seafood_ban"})
CLAUSE = frozenset({"third_country_clause", "threat", "enforcement", "collective_punishment"})
PRICES = frozenset({"flood", "export_quota", "export_tax"})
LEAST_USD = 1e5
Measure = Callable[[Account], Array]  # (worlds,) of a week


def why(
    run: Run, zone: str, first: int = 0, until: int | None = None, material: str = "",
    watch: Callable[[int], None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The steps of what a zone lost in the weeks from ``first`` to before ``until``, in dollars.

    With a material, of its highest price in the zone. ``{"say"}`` where it cannot be told.
    ``watch`` is called with the number of weeks played after each.
    """
    if run.game is None:
        return {"say": Say("story.why.other_model").row}
    last = run.weeks if until is None else min(until, run.weeks)
    if last <= first:
        return {"say": Say("story.why.not_yet").row}
    orders = given(run.game)
    named = [group_of(run, order, zone) for order in orders]
    groups = [one for one in GROUPS if one in named]
    worlds = len(groups) + 1
    # world k has the orders of the first k groups
    places = {one: np.arange(worlds) > k for k, one in enumerate(groups)}
    gets = [(order, places[name]) for order, name in zip(orders, named, strict=True)]
    bans = places.get("bans", np.zeros(worlds, dtype=bool))
    measure = _price(run, material, zone) if material else _lost(run, zone)
    weeks: list[Array] = []
    for account in play(run.game, gets, bans, last):
        weeks.append(measure(account))
        if watch is not None:
            watch(len(weeks))
    span = np.array(weeks[first:last])
    levels = span.max(axis=0) if material else span.sum(axis=0)
    return _waterfall(run, zone, material, (first, last), groups, levels)


def group_of(run: Run, order: Order, zone: str) -> str:
    """Whose step an order belongs to, where the loss of ``zone`` is explained."""
    name, actor = order.lever.partition(".")[0], order.actor
    if actor == run.scene.coercer:
        if name in TRAVEL:
            return "travel"
        if name in CLAUSE:
            return "clause"
        return "prices" if name in PRICES else "bans"
    if actor not in run.zones:
        return "firms"
    if actor == zone:
        return "reserve" if name.startswith("stockpile") else "own"
    return "hubs" if actor in run.hubs else "others"


def _lost(run: Run, zone: str) -> Measure:
    place = run.zones.index(zone)
    return lambda account: account.zones["gdp_loss_usd"][:, place].copy()


def _price(run: Run, material: str, zone: str) -> Measure:
    row = int(np.flatnonzero(run.rows("markets", material=material, zone=zone))[0])
    return lambda account: account.markets["price"][:, row].copy()


def _waterfall(
    run: Run, zone: str, material: str, span: tuple[int, int], groups: list[str], levels: Array
) -> dict[str, Any]:
    whole = slice(*span)
    recorded = float(
        run.market("price", material, zone)[whole].max() if material
        else np.nan_to_num(run.zone("gdp_loss_usd", zone))[whole].sum()
    )  # fmt: skip
    values = {"zone": zone, "whose": zone, "capital": run.scene.coercer}
    steps = [
        {
            "id": one, "say": Say(f"story.why.{one}", values).row,
            "change": float(levels[k + 1] - levels[k]), "level": float(levels[k + 1]),
            "tone": TONES.get(one, "worse" if levels[k + 1] > levels[k] else "better"),
        }
        for k, one in enumerate(groups)
    ]  # fmt: skip
    about = {**values, "good": material, "usd": recorded, "times": recorded}
    title = Say("story.why.title_price" if material else "story.why.title", about)
    if not material and recorded < LEAST_USD:
        title = Say("story.why.none", values)
    return {
        "zone": zone, "material": material or None, "measure": "price" if material else "lost_usd",
        "unit": "ratio" if material else "usd", "from_week": span[0], "until_week": span[1],
        "title": title.row, "note": Say("story.why.note", {"n": len(levels)}).row,
        "start": float(levels[0]), "start_say": Say("story.why.start").row, "steps": steps,
        "rest": recorded - float(levels[-1]), "rest_say": Say("story.why.rest").row,
        "end": recorded, "end_say": Say("story.why.end").row,
        "most": _most(steps, bool(material)),
    }  # fmt: skip


def _most(steps: list[dict[str, Any]], price: bool) -> list[dict[str, Any]]:
    """What cost most, and what saved most, as sentences; for money alone."""
    if price:
        return []
    says = []
    worst = max(steps, key=lambda one: float(one["change"]), default=None)
    best = min(steps, key=lambda one: float(one["change"]), default=None)
    if worst and worst["change"] >= LEAST_USD:
        values = {"text": worst["say"], "usd": worst["change"]}
        says.append(Say("story.why.most", values).row)
    if best and best["change"] <= -LEAST_USD:
        values = {"text": best["say"], "usd": -best["change"]}
        says.append(Say("story.why.saved", values).row)
    return says
