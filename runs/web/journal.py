"""The log of a run: what states, firms and refiners did and why, the latest first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from runs.web.scene import Scene
from runs.web.seat import label
from world.levers import LEVERS

Event = Mapping[str, Any]
MOST_ROWS = 100
FOLD_FROM = 3  # so many of a kind by one actor in a week become one row that unfolds
FIRMS = "firms"  # the filter's word for every actor that is no zone
# Names with an underscore or an index are ours and nobody's words, so they can be told from prose.
_LEVER = re.compile(rf"\b({'|'.join(LEVERS)})(?:\.(\w+))?\b(?!\.\w)")
_MARKS = {
    "order": "◆", "rung": "◆", "refusal": "✕", "seat": "◇", "detection": "!", "blacklist": "!",
    "plant": "▲", "terms": "⇄", "diversion": "↷", "remarks": "●", "announcement": "●",
}  # fmt: skip


def say(text: str, scene: Scene) -> str:
    """A text of the record with names of levers and materials as a person says them."""
    return _say(text, tuple((good.id, good.inside) for good in scene.goods))


@lru_cache(maxsize=4096)
def _say(text: str, goods: tuple[tuple[str, str], ...]) -> str:
    def spoken(found: re.Match[str]) -> str:
        lever, index = found.group(1), found.group(2) or ""
        if "_" not in lever and not index:
            return lever
        name = label(lever)
        if name[1:2].islower():  # FORGE stays as it is
            name = name[:1].lower() + name[1:]
        return name + (f" for {index}" if index else "")

    text = _LEVER.sub(spoken, text)
    for code, name in goods:
        if code in text:
            text = re.sub(rf"\b{re.escape(code)}\b", name, text)
    return text


def actors(events: Sequence[Event], scene: Scene) -> list[dict[str, str]]:
    """Who appears in the log, for its filter: zones in the scenario's order, then firms."""
    present = {str(event["actor"]) for event in events}
    zones = [place for place in scene.places if place.code in present]
    rows = [{"id": place.code, "name": f"{place.code} {place.name}"} for place in zones]
    if present - {place.code for place in scene.places} - {""}:
        rows.append({"id": FIRMS, "name": "firms and refiners"})
    return rows


def journal(
    events: Sequence[Event], scene: Scene, actor: str = "", until: int | None = None
) -> list[dict[str, Any]]:
    """Rows of the log for one actor, all firms or all, up to and with week `until`."""
    zones = {place.code for place in scene.places}
    groups: dict[tuple[int, str, str], list[tuple[int, Event]]] = {}
    for number in range(len(events) - 1, -1, -1):
        event = events[number]
        if until is not None and int(event["week"]) > until:
            continue
        if not _wanted(event, actor, zones):
            continue
        key = (int(event["week"]), str(event["kind"]), str(event["actor"]))
        if key not in groups and len(groups) >= MOST_ROWS:
            break
        groups.setdefault(key, []).append((number, event))
    rows = []
    for group in groups.values():
        if len(group) >= FOLD_FROM:
            rows.append(_row(group, scene))
        else:
            rows += [_row([one], scene) for one in group]
    return rows


def _wanted(event: Event, actor: str, zones: set[str]) -> bool:
    if not actor:
        return True
    if actor == FIRMS:
        return str(event["actor"]) not in zones
    return actor in (event["actor"], event.get("target"))


def _row(group: Sequence[tuple[int, Event]], scene: Scene) -> dict[str, Any]:
    """One event, or several of a kind with the rest unfolding under the first."""
    number, first = group[0]
    target = str(first.get("target") or "") if len(group) == 1 else ""
    kind = str(first["kind"])
    return {
        "id": number, "week": int(first["week"]), "date": str(first["date"]),
        "actor": str(first["actor"]), "target": target, "kind": kind.replace("_", " "),
        "mark": _MARKS.get(kind, "·"), "text": say(str(first["text"]), scene),
        "more": [say(str(event["text"]), scene) for _, event in group[1:]],
    }  # fmt: skip
