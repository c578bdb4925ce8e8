"""The map of all pages as a still picture: the same land, windows and places of names, drawn once
for a page and used as often as it has maps."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

OUTLINE = Path(__file__).parents[1] / "pages" / "static" / "kit" / "world_outline.json"
NEAR = ("CHN", "JPN", "KOR", "VNM", "THA", "MYS", "TWN")  # whom the windows of the wall show
BARE = ("IND", "USA", "EUU", "AUS", "CHN")  # the name alone marks the place
LANE = 26.0  # width of the widest lane
STYLE = """
.map{background:var(--sea);border-radius:10px} .map .land{stroke:var(--coast);stroke-width:1.4;
stroke-linejoin:round} .map text{paint-order:stroke;stroke:var(--sea);stroke-linejoin:round}
.map .node{fill:var(--card);stroke:var(--ink);stroke-width:1.8}
.map .on{fill:var(--ink)} .map .way{fill:none;stroke:var(--other)} .map .tip{fill:var(--other)}
"""


class Tint(NamedTuple):
    """A colour token over the land, and how much of it."""

    colour: str
    part: float


@cache
def world() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(OUTLINE.read_text(encoding="utf-8"))
    return found


def land() -> str:
    """The coasts that maps of the same page use, seen nowhere by themselves."""
    drawn = "".join(f'<path id="land-{zone}" d="{d}"/>' for zone, d in world()["main"].items())
    return f'<svg width="0" height="0" aria-hidden="true" style="display:none">{drawn}</svg>'


def map_picture(
    window: str, says: str, name: Callable[[str], str], tint: Mapping[str, Tint],
    facts: Mapping[str, str], *, only: Iterable[str] | None = None, focus: str = "",
    hubs: Sequence[str] = (), lanes: Iterable[tuple[str, str]] = (),
) -> str:  # fmt: skip
    """A window of the map: land tinted by zone, lanes, and places by their names with a fact."""
    frame = world()["windows"][window]
    shown = list(only if only is not None else frame.get("only", NEAR))
    parts = [
        f'<g transform="scale(.5)">{"".join(_land(zone, tint) for zone in world()["main"])}</g>'
    ]
    parts += [_lane(*ends) for ends in lanes]
    parts += [
        _node(zone, frame, name(zone), facts.get(zone, ""), zone == focus, zone in hubs)
        for zone in world()["nodes"] if zone in shown
    ]  # fmt: skip
    box = " ".join(map(str, frame["view"]))
    told = f'role="img" aria-label="{escape(says)}"'
    return f'<svg class="map" viewBox="{box}" {told}>{"".join(parts)}</svg>'


def _land(zone: str, tint: Mapping[str, Tint]) -> str:
    ground = "land" if zone == "ROW" else "land2"
    drawn = f'<use href="#land-{zone}" class="land" fill="var(--{ground})"/>'
    if zone in tint and tint[zone].part > 0:
        colour, part = tint[zone]
        drawn += (f'<use href="#land-{zone}" class="land" fill="var(--{colour})" '
                  f'fill-opacity="{part:.2f}" data-tint="{zone}"/>')  # fmt: skip
    return drawn


def _lane(sender: str, to: str) -> str:
    d = world()["lanes"].get(f"{sender}-{to}")
    if d is None:
        return ""
    ax, ay, bx, by = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", d)][-4:]
    turn, size = math.degrees(math.atan2(by - ay, bx - ax)), LANE * 0.85
    back, side = f"{-size * 0.2:.1f}", size * 0.8
    tip = f"M{back} {-side:.1f}L{size * 1.05:.1f} 0L{back} {side:.1f}z"
    return (f'<path class="way" d="{d}" stroke-width="{LANE:g}"/><path class="tip" d="{tip}" '
            f'transform="translate({bx:g} {by:g}) rotate({turn:.1f})"/>')  # fmt: skip


def _node(zone: str, frame: Mapping[str, Any], name: str, fact: str, focus: bool, hub: bool) -> str:
    x, y = world()["nodes"][zone]
    dx, dy, anchor = frame["ports"][zone]
    k, size, mark = frame["k"], (18 if focus else 14) * frame["k"], ""
    if hub and zone not in ("EUU", "KOR"):
        mark = f'<path class="node" d="M{x - 6} {y}l3 -5.2h6l3 5.2 -3 5.2h-6z"/>'
    elif zone not in BARE:
        kind, r = ("node on", 6) if focus else ("node", 4)
        mark = f'<circle class="{kind}" cx="{x}" cy="{y}" r="{r}"/>'

    def text(words: str, at: float, style: str) -> str:
        return (f'<text x="{x + dx}" y="{at:.1f}" text-anchor="{anchor}" stroke-width="{4 * k:g}" '
                f'style="{style}">{escape(words)}</text>')  # fmt: skip

    below = (15 if focus else 12.5) * k
    return (
        f'<g data-zone="{zone}">{mark}'
        + text(name, y + dy, f"font-size:{size:.1f}px;font-weight:700;fill:var(--ink)")
        + (text(fact, y + dy + size * 1.15, f"font-size:{below:.1f}px") if fact else "")
        + "</g>"
    )
