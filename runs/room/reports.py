"""What a turn has brought: for everybody, and for each seat what only it may know.

A seat's report is cut from `agents.view.StateView`, where fog of war lives. Reasons that somebody
gave for an order never leave the seat that gave them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.firm_view import FirmView, firm_view
from agents.view import SECRET, StateView, state_view, survey
from runs.room.deals import SAME
from runs.room.news import loudest, traders_in_one
from runs.room.reach import missing, reached
from runs.room.tidings import row_of, say_of
from runs.story.orders import COURT, moved, sentence
from runs.story.run import run_of
from world.levers import (
    LADDER,
    LEVERS,
    current_rungs,
    full_name,
    get_lever,
    indices,
    ladder,
    levers_of,
)
from world.purse import budget_of, purse_of, to_plain

if TYPE_CHECKING:
    from runs.play import Play
    from world.scenario import Scenario

# Kinds of happening that everybody hears of; orders are told without their reasons.
PUBLIC_KINDS = frozenset(
    {"detection", "plant", "remarks", "announcement", "disaster", "discovery", "price_shock",
     "demand_shock", "concession", "refused_customers", "case"}
)  # fmt: skip
ORDER_KINDS = frozenset({"order", "rung"})
MOST_LINES = 60
# of a view: what the payload holds at another place, and what is constant
TOLD_ELSEWHERE = frozenset(
    {"actor", "coercer", "target", "parties", "zones", "materials", "hubs", "week", "replicates",
     "regime", "parameters", "prices", "losses", "rallies", "distrusts", "allied_trust",
     "exports_usd", "weight", "risk_weight", "halted_share", "kind", "title", "products",
     "all_materials"}
)  # fmt: skip
STOCK_DAYS = (0, 15, 30, 60, 90, 180, 360)  # between which a stock is known in public
SMALL = 0.005  # flows below this share of the largest are left out of the picture


def number(value: Any, digits: int = 6) -> float | None:
    """A float for JSON; None for what is no number."""
    found = float(value)
    return float(f"{found:.{digits}g}") if math.isfinite(found) else None


def gauges_of(game: Play, seat: str) -> dict[str, float]:
    return {name: round(value, 6) for name, value in game.gauges(seat).items()}


# --- for everybody ------------------------------------------------------------------------------


def public_report(game: Play, first: int) -> dict[str, Any]:
    """What a projector may show of the weeks from ``first`` to the last one played."""
    plan = game.plan
    material, zone = plan.options["material"], plan.options["zone"]
    zones = game.world.last["zones"]
    places = [(m, z) for m in plan.materials for z in plan.zones]
    prices: dict[str, dict[str, float | None]] = {}
    for row, (good, place) in enumerate(places):
        prices.setdefault(good, {})[place] = number(game.world.markets.price[0, row], 4)
    return {
        "week": game.week, "date": plan.date(game.week).isoformat(), "from_week": first,
        "material": material, "zone": zone, "target": plan.target, "coercer": plan.coercer,
        "prices": prices,
        "zones": {
            place: {
                "gdp_loss_share": number(zones["gdp_loss_share"][0, z], 4),
                "output_loss": number(zones["output_loss"][0, z], 4),
                "distrust": number(game.world.zones.reputation[0, z], 3),
                "rally": number(game.world.zones.rally[0, z], 3),
            }
            for z, place in enumerate(plan.zones)
        },
        "law": public_law(game), "series": _series(game), "flows": _flows(game, first),
        "headline": loudest(happenings(game, first)), "outcomes": _outcomes(game, first),
        "world_loss_usd": number(_world_loss(game, first)),
    }  # fmt: skip


def public_law(game: Play) -> dict[str, dict[str, float]]:
    """Public levers that do not stand at their default, by actor and full name."""
    plan, regime = game.plan, game.world.regime
    law: dict[str, dict[str, float]] = {}
    for actor in plan.actors:
        for lever in levers_of(plan, actor).values():
            if lever.name in SECRET or lever.name == LADDER:
                continue
            for index in indices(plan, lever) if lever.index else ("",):
                full = full_name(lever.name, index)
                value = float(get_lever(regime, plan, actor, full)[0])
                if abs(value - lever.default) > SAME:
                    law.setdefault(actor, {})[full] = round(value, 6)
    for zone, step in _announced_rungs(regime, plan).items():
        if step:
            law.setdefault(plan.coercer, {})[f"{LADDER}.{zone}"] = step
    return law


def _announced_rungs(regime: Mapping[str, Any], plan: Scenario) -> dict[str, int]:
    """By zone the step of the ladder that public measures amount to: approvals of licences are
    nobody's business but Beijing's and of whom they concern, so any step takes them as met, and
    of steps that differ in nothing else the lowest is told."""
    harshest = {name: np.zeros_like(regime[name]) for name in SECRET & set(regime)}
    met = current_rungs({**regime, **harshest}, plan)[0]
    asked = {step.rung: {n: x for n, x in step.settings.items() if n not in SECRET}
             for step in ladder()}  # fmt: skip
    told = {rung: min(other for other, public in asked.items() if public == asked[rung])
            for rung in asked}  # fmt: skip
    return {zone: told[int(step)] for zone, step in zip(plan.zones, met, strict=True)}


def _series(game: Play) -> dict[str, list[float | None]]:
    """By week: the price of the chart's market and the target's loss."""
    plan = game.plan
    if not game.week:
        return {"price": [], "gdp_loss_share": []}
    row = plan.materials.index(plan.options["material"]) * len(plan.zones)
    row += plan.zones.index(plan.options["zone"])
    price = game.recorder.array("markets", "price")[:, row]
    loss = game.recorder.array("zones", "gdp_loss_share")[:, plan.zones.index(plan.target)]
    return {
        "price": [number(value, 4) for value in price],
        "gdp_loss_share": [number(value, 4) for value in loss],
    }


def _flows(game: Play, first: int) -> list[dict[str, Any]]:
    """Customs records between zones since ``first``: millions of USD, and tonnes of the material
    that the charts show."""
    weeks = game.recorder.weeks[first:]
    if not weeks:
        return []
    keys = game.recorder.rows("flows")
    place = {zone: z for z, zone in enumerate(game.plan.zones)}
    origin = np.array([place[zone] for zone in keys["from_zone"]])
    to = np.array([place[zone] for zone in keys["to_zone"]])
    good = np.array([game.plan.materials.index(m) for m in keys["material"]])
    total = np.zeros(len(origin))
    for week in weeks:
        total[week.lanes] += week.flows["recorded_t"]
    size = len(place)
    pair = origin * size + to
    value = np.bincount(pair, total * game.setting.base_price[good] / 1e6, size * size)
    shown = good == game.plan.materials.index(game.plan.options["material"])
    tonnes = np.bincount(pair[shown], total[shown], size * size)
    places = np.arange(size * size)
    keep = (value > SMALL * value.max()) & (places // size != places % size)
    return [
        {
            "from": game.plan.zones[k // size], "to": game.plan.zones[k % size],
            "usd_m": number(value[k], 4), "tonnes": number(tonnes[k], 4),
        }
        for k in np.flatnonzero(keep).tolist()
    ]  # fmt: skip


def happenings(game: Play, first: int) -> list[dict[str, Any]]:
    """All public happenings since ``first``, in the order of weeks; an order says what it does in
    the words of the story."""
    run, weeks = run_of(game), game.recorder.weeks
    place = {id(one): i for i, one in enumerate(run.events)}
    said = {place[id(one.event)]: sentence(run, one) for one in moved(run)
            if one.event["week"] >= first and id(one.event) in place}  # fmt: skip
    found, at = [], sum(len(week.events) for week in weeks[:first])
    for event in (event for week in weeks[first:] for event in week.events):
        untold = event["kind"] in ORDER_KINDS and event["data"]["lever"] in COURT and at not in said
        if not untold and (line := public_line(event, game.plan)) is not None:
            found.append(line | row_of(said.get(at)))
        at += 1
    return found


def public_line(event: dict[str, Any], plan: Scenario) -> dict[str, Any] | None:
    """A happening as everybody may read it, or None."""
    kind, data = event["kind"], event["data"]
    line = {name: event[name] for name in ("week", "date", "kind", "actor", "target")}
    line |= row_of(say_of(event, plan))
    if kind in ORDER_KINDS:
        lever = str(data["lever"])
        name = lever.partition(".")[0]
        if name in SECRET:
            return None
        value = float(data["value"])
        text = f"{event['actor']} sets {lever} to {value:g} {LEVERS[name].unit}."
        return {**line, "lever": lever, "value": value, "text": text}
    if kind not in PUBLIC_KINDS or "inject" in data:
        return None  # control says itself who reads an inject
    return {**line, "text": event["text"]}


def _outcomes(game: Play, first: int) -> dict[str, bool]:
    """What became of the questions of a turn."""
    series = _series(game)
    price, loss = series["price"], series["gdp_loss_share"]
    if game.week <= first:
        return {}
    before = first - 1 if first else 0
    caught = any(e["kind"] == "detection" for w in game.recorder.weeks[first:] for e in w.events)
    return {
        "price_up": (price[-1] or 0.0) > (price[before] or 0.0),
        "loss_up": (loss[-1] or 0.0) > (loss[before] or 0.0),
        "caught": caught,
    }


def _world_loss(game: Play, first: int) -> float:
    if game.week <= first:
        return 0.0
    return float(np.nansum(game.recorder.array("zones", "gdp_loss_usd")[first:]))


def stock_known(game: Play, reports: Mapping[str, Any]) -> dict[str, list[int]]:
    """Public stock of the chart's material by state as the world knows it: between how many days.

    The figure itself is the seat's own secret; a range such as half a year to a year is what
    governments say in public.
    """
    material, known = game.plan.options["material"], {}
    for zone in game.plan.zones:
        days = reports[zone]["report"]["materials"].get(material, {}).get("stock_days") or 0.0
        above = [step for step in STOCK_DAYS if step > days]
        known[zone] = [max((s for s in STOCK_DAYS if s <= days), default=0), min(above, default=0)]
    return {zone: span if span[0] else [0, 0] for zone, span in known.items()}


# --- for one seat -------------------------------------------------------------------------------


def seat_reports(game: Play, first: int) -> dict[str, dict[str, Any]]:
    """By seat: gauges, report, values of levers and what they lack, and orders under way."""
    seen = survey(game.world)
    reports = {}
    for seat in game.plan.actors:
        firm = seat in game.plan.firms
        view = (firm_view(game.world, seat) if firm else state_view(game.world, seat, seen)).luck(0)
        reports[seat] = purse_told(game, seat) | {
            "gauges": gauges_of(game, seat), "report": _report(game, view, first),
            "values": lever_values(game, seat), "under_way": _under_way(game, seat),
            "lacks": {full: say.row for full, say in missing(game.world, seat).items()},
        }  # fmt: skip
    return reports


def purse_told(game: Play, seat: str) -> dict[str, Any]:
    """The seat's purse of the turn to come, where an allowance binds it (`runs.room.purse`)."""
    budget = budget_of(game.world)
    if budget is None or seat not in game.plan.zones:
        return {}
    return {"purse": to_plain(purse_of(game.world, seat, budget))}


def lever_values(game: Play, seat: str) -> dict[str, dict[str, float]]:
    """Values in force by lever and index that it reaches ("" where it has none)."""
    plan, regime = game.plan, game.world.regime
    values: dict[str, dict[str, float]] = {}
    for lever in levers_of(plan, seat).values():
        for index in reached(game.world, seat, lever) if lever.index else ("",):
            found = get_lever(regime, plan, seat, full_name(lever.name, index))
            values.setdefault(lever.name, {})[index] = round(float(found[0]), 6)
    return values


def _under_way(game: Play, seat: str) -> list[dict[str, Any]]:
    """Own orders that wait for their delay."""
    return [
        {"lever": order.lever, "value": number(value[0]), "week": week}
        for week, order, value in game.world.pending
        if order.actor == seat and not math.isnan(float(value[0]))
    ]


def _report(game: Play, view: StateView | FirmView, first: int) -> dict[str, Any]:
    """All that the seat's picture holds: numbers, numbers by material, and numbers by place."""
    report: dict[str, Any] = {"materials": {material: {} for material in view.materials}}
    for entry in fields(view):
        value = getattr(view, entry.name)
        if entry.name in TOLD_ELSEWHERE:
            continue
        if isinstance(value, Mapping):
            report[entry.name] = {place: _numbers(v) for place, v in value.items()}
        elif np.ndim(value) == 1 and np.size(value) == len(view.materials):
            for material, one in zip(view.materials, value, strict=True):
                report["materials"][material][entry.name] = number(one, 4)
        elif isinstance(value, np.ndarray | np.generic) and np.ndim(value) == 0:
            report[entry.name] = number(value, 5)
    report["happenings"] = _own_lines(game, view.actor, first)
    return report


def _numbers(value: Any) -> Any:
    """A number, or a list of them."""
    return number(value, 4) if np.ndim(value) == 0 else [number(one, 4) for one in value]


def _own_lines(game: Play, seat: str, first: int) -> list[dict[str, Any]]:
    """Happenings that concern the seat; another seat's reasons are left out."""
    lines: list[dict[str, Any]] = []
    for week in game.recorder.weeks[first:]:
        for event in week.events:
            if event["kind"] == "seat":  # who plays, which the room says itself
                continue
            own = event["actor"] == seat and "inject" not in event["data"]
            line = public_line(event, game.plan) if own or event["target"] == seat else None
            if own:
                told = {name: event[name] for name in ("week", "date", "kind", "text")}
                lines.append(told | row_of(say_of(event, game.plan)))
            elif line is not None:
                kept = ("week", "date", "kind", "text", "say")
                lines.append({name: line[name] for name in kept if name in line})
    if seat == game.plan.coercer:  # which would read of hardly anything else
        lines = traders_in_one(lines)
    return lines[-MOST_LINES:]
