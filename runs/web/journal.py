"""The log of a run: what states, firms and refiners did and why, the latest first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from runs.web.scene import Scene
from runs.web.seat import label
from world.levers import LEVERS

MOST_ROWS = 120
# Names with an underscore are ours and nobody's words, so that they can be told from prose.
_LEVER = re.compile(rf"\b({'|'.join(name for name in LEVERS if '_' in name)})(?:\.(\w+))?\b")
_MARKS = {
    "order": "◆", "refusal": "✕", "history": "◆", "state": "◆", "detection": "!", "blacklist": "!",
    "plant": "▲", "diversion": "↷", "compliance": "✓", "stop": "■", "event": "●",
}  # fmt: skip


def say(text: str, scene: Scene) -> str:
    """A text of the record with names of levers and materials as a person says them."""

    def spoken(found: re.Match[str]) -> str:
        lever, index = found.group(1), found.group(2) or ""
        return label(lever).lower().replace("usd", "USD") + (f" for {index}" if index else "")

    text = _LEVER.sub(spoken, text)
    for good in scene.goods:
        text = re.sub(rf"\b{re.escape(good.id)}\b", good.name[:1].lower() + good.name[1:], text)
    return text


def actors(events: Sequence[Mapping[str, Any]], scene: Scene) -> list[dict[str, str]]:
    """Who appears in the log, zones first in the scenario's order, for the filter."""
    present = {str(event["actor"]) for event in events}
    zones = [place.code for place in scene.places if place.code in present]
    others = sorted(present - set(zones) - {""})
    named = [{"id": code, "name": f"{code} {scene.name(code)}"} for code in zones]
    return named + [{"id": one, "name": one} for one in others]


def journal(
    events: Sequence[Mapping[str, Any]], scene: Scene, actor: str = "", until: int | None = None
) -> list[dict[str, Any]]:
    """Rows of the log for one actor or all, up to and with week `until`."""
    wanted = (
        event
        for event in reversed(events)
        if (not actor or event["actor"] == actor or event.get("target") == actor)
        and (until is None or int(event["week"]) <= until)
    )
    return [
        {
            "week": int(event["week"]), "date": str(event["date"]),
            "actor": str(event["actor"]), "target": str(event.get("target") or ""),
            "kind": str(event["kind"]).replace("_", " "), "text": say(str(event["text"]), scene),
            "mark": _MARKS.get(str(event["kind"]), "·"),
        }
        for event in islice(wanted, MOST_ROWS)
    ]  # fmt: skip
