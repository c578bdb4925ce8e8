"""A seat on the watch page: its order form, what the rules say to a wish, and how it ended."""

from __future__ import annotations

import math
from typing import Any

from runs.pages.words import catalogue
from runs.web.scene import Scene
from world.decisions import Order, check_order
from world.levers import LEVERS

GAUGES = {
    "supply": "Output and money kept so far: half at a cost of .25% of GDP a year.",
    "autonomy": "What does not hang on the coercer after stocks and contracts (for the coercer: "
    "its leverage, half where it began).",
    "standing": "Approval by allies and by the coercer (for the coercer: trust abroad and the "
    "opinion of its own public).",
}
_BANDS = ((0.4, "struggling"), (0.7, "holding"), (math.inf, "strong"))
_UNITS_SAID = {"flag": "yes or no", "form": "0 border, 1 difference payment"}


def band(value: float) -> str:
    return next(word for limit, word in _BANDS if value < limit)


def label(lever: str) -> str:
    """`floor_usd_per_kg` as a person says it: as on the room's pages."""
    return catalogue("en")[f"lever.{lever}.name"]


def spoken(full: str, scene: Scene) -> str:
    """`ban_breadth.KOR` as a person says it: Ban breadth for Korea."""
    name, _, index = full.partition(".")
    return (
        f"{label(name)} for {_index_name(LEVERS[name].index, index, scene)}"
        if index
        else label(name)
    )


def order_form(game: Any, actor: str, scene: Scene) -> list[dict[str, Any]]:
    """The seat's levers by group, with the value in force for every index."""
    groups: dict[str, dict[str, dict[str, Any]]] = {}
    for row in game.levers(actor):
        name, _, index = str(row["lever"]).partition(".")
        lever = LEVERS[name]
        group = groups.setdefault(lever.group, {})
        entry = group.setdefault(name, {
            "lever": name, "label": label(name), "meaning": _sentence(lever.meaning),
            "cost": _sentence(lever.cost), "unit": _UNITS_SAID.get(lever.unit, lever.unit),
            "low": lever.low, "high": lever.high, "step": lever.step, "flag": lever.unit == "flag",
            "index": lever.index, "choices": [], "values": {},
        })  # fmt: skip
        entry["values"][index] = round(float(row["value"]), 6)
        if index:
            entry["choices"].append({"id": index, "name": _index_name(lever.index, index, scene)})
    return [{"group": g, "levers": list(levers.values())} for g, levers in groups.items()]


def _index_name(kind: str, index: str, scene: Scene) -> str:
    return scene.name(index) if kind == "zone" else scene.good(index).name


def _sentence(words: str) -> str:
    words = words.strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", ")")) else ".")


def answer(game: Any, actor: str, lever: str, value: float) -> dict[str, str]:
    """What a wish would cost and do, or the refusal's sentence."""
    order = Order(int(game.week), actor, lever, value)
    refusal = check_order(order, game.setting, int(game.week))
    if refusal is not None:
        return {"refusal": refusal.reason}
    return {"estimate": str(game.estimate(actor, lever, value)["text"])}


def gauges(game: Any, actor: str, before: dict[str, float]) -> list[dict[str, Any]]:
    """The three gauges, each with its band and what it was when the seat was taken."""
    now = game.gauges(actor)
    return [
        {"id": name, "label": name.capitalize(), "meaning": meaning, "value": float(now[name]),
         "before": float(before.get(name, now[name])), "band": band(float(now[name]))}
        for name, meaning in GAUGES.items()
    ]  # fmt: skip


def verdict(name: str, rows: list[dict[str, Any]]) -> str:
    """What became of the seat, in words."""
    parts = []
    for row in rows:
        change = row["value"] - row["before"]
        move = "held at" if abs(change) < 0.02 else "rose to" if change > 0 else "fell to"
        before = f" from {100 * row['before']:.0f}%" if abs(change) >= 0.02 else ""
        parts.append(f"{row['id']} {move} {100 * row['value']:.0f}%{before} ({row['band']})")
    return f"{name} at the end: " + "; ".join(parts) + "."
