"""The headline of a week and the news of a span."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from runs.room.say import Say
from runs.story.lead import lead
from runs.story.run import HALF_DAY, Run, recent
from runs.story.tidings import STOPPED, Item, grouped, raw

LOUD = 2.0  # an event must weigh more to be the headline
MOST = 5
FROM_RESERVE = 0.3  # of what arrives: factories live on it
LOW_STOCK, DEAR, NOTABLE = 0.6, 1.5, 2e-5  # of the first week's stock, of the price, of GDP
FELT = 1e-6  # of GDP: less is nobody's loss
CALM = ("story.state.calm", "story.state.holds", "story.state.flow")
GRANTED = 0.95  # of licences: with fewer goods do not flow as before
OF_A_KIND = 2  # of the first five


def headline(run: Run, week: int) -> dict[str, Any]:
    """``say``, ``second`` (a sentence below it or None), ``week``, ``date``, ``weight``."""
    items = [one for one in grouped(run, week, week + 1) if one.weight > LOUD]
    states = state(run, week)
    others = [one for one in states if one.key != states[0].key]
    if items:
        first = Say("story.join", {"first": items[0].say.row, "second": states[0].row})
        rest = [one.say for one in items[1:2]] or others
    else:
        quiet = states[0].key in CALM
        first = Say("story.quiet", {"text": states[0].row}) if quiet else states[0]
        rest = others
    return {
        "week": week, "date": run.date(week), "weight": items[0].weight if items else 0.0,
        "say": first.row, "second": rest[0].row if rest else None,
    }  # fmt: skip


def any_yet(run: Run, week: int) -> bool:
    """Whether anything but routine was told up to a week: the first of its kind is always loud."""
    if "first told" not in run.kept:
        loud = (one.week for one in raw(run) if one.weight > 0)
        run.kept["first told"] = min(loud, default=run.weeks)
    return bool(run.kept["first told"] <= week)


def hurt_most(run: Run, week: int) -> str:
    """The zone that lost the largest part of its GDP in the last weeks, the coercer left out; the
    lead's where nobody lost."""
    loss = {zone: recent(run.zone("gdp_loss_share", zone), week) for zone in run.others}
    known = {zone: float(one) for zone, one in loss.items() if one >= FELT}
    return max(known, key=lambda zone: known[zone]) if known else lead(run).zone


def state(run: Run, week: int) -> list[Say]:
    """How the zone stands that is hurt most, the gravest fact first; never empty."""
    if not any_yet(run, week):
        return [Say("story.state.before")]
    zone = hurt_most(run, week)
    found: list[tuple[float, Say]] = []
    for good in run.goods:
        found += of_market(run, good, zone, week)
    usd = float(np.nan_to_num(recent(run.zone("gdp_loss_usd", zone), week)))
    share = float(np.nan_to_num(recent(run.zone("gdp_loss_share", zone), week)))
    refused = float(np.nan_to_num(recent(run.zone("refused_usd", zone), week)))
    values = {"zone": zone, "capital": run.scene.coercer, "usd": usd, "share": share}
    if refused > 0.5 * usd and share >= NOTABLE:
        found.append((2.5, Say("story.state.fear", {**values, "usd": min(usd, refused)})))
    elif share >= NOTABLE:
        found.append((1.0, Say("story.state.loss", values)))
    says = [say for _, say in sorted(found, key=lambda one: -one[0])]
    return says or [Say(f"story.state.{stillness(run, week)}", {"zone": zone})]


def stillness(run: Run, week: int) -> str:
    """What to call it that nothing is grave: after trouble, under bans, or with neither."""
    if troubled(run, week):
        return "calm"
    return "holds" if bound(run, week) else "flow"


def bound(run: Run, week: int) -> bool:
    """Whether a ban or licences that are refused stand between the coercer and any other zone."""
    own = np.array([one in run.others for one in run.record.rows("law")["zone"]], dtype=bool)
    ban, duty = (np.nan_to_num(run.grid("law", name)[week]) for name in (
        "ban_breadth", "licence_duty",
    ))  # fmt: skip
    granted = np.nan_to_num(run.grid("law", "licence_approval")[week], nan=1.0)
    return bool((own & ((ban > 0) | ((duty > 0) & (granted < GRANTED)))).any())


def troubled(run: Run, week: int) -> bool:
    """Whether any zone but the coercer lost a notable part of its GDP up to a week."""
    lost = [run.zone("gdp_loss_share", zone)[: week + 1] for zone in run.others]
    return any((one >= NOTABLE).any() for one in lost)


def of_market(run: Run, good: str, zone: str, week: int) -> list[tuple[float, Say]]:
    """What is grave in a zone's market for a good, with how grave it is."""
    values: dict[str, Any] = {"zone": zone, "whose": zone, "good": good}
    stopped = float(np.nan_to_num(run.market("stopped_line_share", good, zone)[week]))
    found = []
    if stopped >= STOPPED:
        values["share"] = stopped
        found.append((4.0 + stopped, Say("story.state.stopped", values)))
    came = recent(run.market("delivered_t", good, zone), week)
    reserve = recent(run.market("from_stockpile_t", good, zone), week)
    if came > 0 and reserve / came >= FROM_RESERVE:
        part = min(1.0, float(reserve / came))
        found.append((3.0 + part, Say("story.state.reserve", {**values, "share": part})))
    cover = run.market("cover_weeks", good, zone)
    if np.isfinite(cover[week]) and cover[week] < LOW_STOCK * cover[0]:
        lack = 1.0 - float(cover[week] / cover[0])
        days = 7.0 * float(cover[week])
        key = "story.state.stock_out" if days < HALF_DAY else "story.state.stock"
        found.append((2.0 + lack, Say(key, {**values, "days": days})))
    price = float(run.market("price", good, zone)[week])
    if price >= DEAR:
        weight = 1.0 + min(price, 10.0) / 5.0
        found.append((weight, Say("story.state.price", {**values, "times": price})))
    return found


def news(run: Run, first: int, until: int) -> dict[str, Any]:
    """At most five ``items`` of the span, and what is folded below them in ``routine``."""
    items = grouped(run, first, until)
    loud = varied([one for one in items if one.weight > 0])
    quiet = [one for one in items if one.weight <= 0]
    return {
        "from_week": first, "until_week": until,
        "items": [row_of(run, one) for one in loud[:MOST]],
        "more": [row_of(run, one) for one in loud[MOST:]],
        "routine": routine(quiet),
        "nothing": None if items else state(run, until - 1)[0].row,
    }  # fmt: skip


def varied(items: list[Item]) -> list[Item]:
    """The same with what is the third of its kind after the first of others."""
    seen: Counter[str] = Counter()
    first: list[Item] = []
    later: list[Item] = []
    for one in items:
        seen[one.kind] += 1
        (first if seen[one.kind] <= OF_A_KIND else later).append(one)
    return first + later


def row_of(run: Run, one: Item) -> dict[str, Any]:
    return {
        "kind": one.kind, "week": one.week, "date": run.date(one.week), "weight": one.weight,
        "say": one.say.row, "why": one.why.row if one.why else None, "zones": list(one.zones),
        "count": one.count,
    }  # fmt: skip


def routine(items: list[Item]) -> dict[str, Any]:
    """Orders of routine by group of levers."""
    groups = Counter(one.group for one in items)
    return {
        "n": len(items),
        "say": Say("story.routine_one" if len(items) == 1 else "story.routine",
                   {"n": len(items)}).row,
        "groups": [
            {"group": group, "n": n, "say": Say(f"group.{group}").row}
            for group, n in groups.most_common() if group
        ],
        "items": [{"week": one.week, "say": one.say.row} for one in items],
    }  # fmt: skip


def last_of(run: Run, zone: str, week: int, most: int = 3) -> list[dict[str, Any]]:
    """The last pieces of news of a zone up to a week, for the panel of the map."""
    items = [one for one in grouped(run, 0, week + 1) if zone in one.zones and one.weight > 0]
    return [row_of(run, one) for one in sorted(items, key=lambda one: -one.week)[:most]]

