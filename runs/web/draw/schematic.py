"""The schematic map: zones as nodes, flows as bands, weeks of cover as rings.

A band's width is tonnes a week on one scale for the whole run; its pattern is the true origin of
what it carries, whatever is declared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise

from runs.web.draw.svg import BLUE, GREEN, GREY, VERMILION, element, number, points, text
from runs.web.numbers import tonnes, weeks

RADIUS = 19.0
RING = RADIUS + 6.5
FULL_RING_WEEKS = 26.0
LOW_COVER_WEEKS = 4.0
WIDEST = 22.0
MARGIN = 62.0  # around the outermost nodes, for rings, figures and bands that bend outwards
WIDE_ROOM = 2.0
SHARE_TOO_THIN_TO_SHOW = 0.004


@dataclass(frozen=True)
class Node:
    """A zone on the map; `cover` in weeks, None where nothing is used."""

    code: str
    name: str
    x: float
    y: float
    shape: str  # coercer | hub | target | zone
    cover: float | None
    stockpile_days: float | None = None


@dataclass(frozen=True)
class Band:
    """A flow of `tonnes_` a week; `kind` is its true origin or route: china | grey | other."""

    origin: str
    to: str
    kind: str
    tonnes_: float


# Bands of one pair lie side by side: how far each bends away from the straight line.
_BEND = {"china": 0.12, "grey": 0.24, "other": -0.14}
_COLOUR = {"china": VERMILION, "grey": "#3d4650", "other": BLUE}
_WORD = {"china": "Chinese origin", "grey": "grey route", "other": "other origin"}


def draw_map(
    nodes: Sequence[Node],
    bands: Sequence[Band],
    widest_t: float,
    chosen: str,
    summary: str,
    side: float = MARGIN,
) -> str:
    """The map as SVG text; a band of `widest_t` tonnes a week has the greatest width."""
    place = {node.code: node for node in nodes}
    scale = WIDEST / widest_t if widest_t > 0 else 0.0
    shown = [
        band
        for band in sorted(bands, key=lambda one: -one.tonnes_)
        if band.tonnes_ > SHARE_TOO_THIN_TO_SHOW * widest_t
        and band.origin != band.to
        and band.origin in place
        and band.to in place
    ]
    body = [_band(place, band, scale) for band in shown]
    body += [_node(node, node.code == chosen) for node in nodes]
    left = min((n.x for n in nodes), default=0) - side
    right = max((n.x for n in nodes), default=1000) + side
    top = min((n.y for n in nodes), default=0) - MARGIN
    foot = max((n.y for n in nodes), default=560) + MARGIN
    box = f"{number(left)} {number(top)} {number(right - left)} {number(foot - top)}"
    return (
        f'<svg class="map" viewBox="{box}" role="group" aria-label="{escape(summary, quote=True)}">'
        f"{''.join(body)}</svg>"
    )


Point = tuple[float, float]


@lru_cache(maxsize=4096)
def _curve(
    a: Point, b: Point, bend: float, others: frozenset[Point], room: float
) -> tuple[list[Point], float]:
    """Points of a curve between the rims of two nodes, and its direction at the end.

    Bends further, or to the other side, where it would run through a third node or off the map.
    """
    # Only a wide band is worth a wide way around.
    factors = (1.0, 1.9, -1.0, 2.8, -1.9, -2.8) + ((4.4, -4.4) if room > WIDE_ROOM else ())
    tried = [_bent(a, b, bend * factor) for factor in factors]
    path = min(tried, key=lambda one: _crowding(one, others, a, b, room))
    (x0, y0), (x1, y1) = path[-2], path[-1]
    return path, math.atan2(y1 - y0, x1 - x0)


def _crowding(path: list[Point], nodes: frozenset[Point], a: Point, b: Point, room: float) -> float:
    """How far a path that needs `room` to each side intrudes on nodes and their figures.

    Ways around cost a little.
    """
    near = 0.0
    for x, y in nodes - {a, b}:
        near += max(0.0, RING + 5 + room - min(math.dist(p, (x, y)) for p in path))
        near += max(0.0, 14 + room - min(math.dist(p, (x, y + RING + 10)) for p in path))
    top, foot = min(y for _, y in nodes), max(y for _, y in nodes)
    outside = sum(max(0.0, top - MARGIN + 14 - y, y - foot - MARGIN + 14) for _, y in path)
    length = sum(math.dist(p, q) for p, q in pairwise(path))
    return near + 2 * outside + 0.05 * (length - math.dist(a, b))


def _bent(a: Point, b: Point, bend: float) -> list[Point]:
    (ax, ay), (bx, by) = a, b
    middle = (ax + bx) / 2 - (by - ay) * bend, (ay + by) / 2 + (bx - ax) * bend
    path = []
    for step in range(1, 32):
        t = step / 32
        u = 1 - t
        point = (
            u * u * ax + 2 * u * t * middle[0] + t * t * bx,
            u * u * ay + 2 * u * t * middle[1] + t * t * by,
        )
        # From rim to rim, with room for the arrow's head.
        if math.dist(point, a) >= RING + 2 and math.dist(point, b) >= RING + 9:
            path.append(point)
    return path if len(path) > 1 else [a, b]


def _band(place: Mapping[str, Node], band: Band, scale: float) -> str:
    a, b = place[band.origin], place[band.to]
    width = max(0.9, band.tonnes_ * scale)
    # In steps, so that a band does not jump about while its tonnes change a little.
    room = WIDE_ROOM if width < 6 else 6.0 if width < 14 else 11.0
    nodes = frozenset((node.x, node.y) for node in place.values())
    path, angle = _curve((a.x, a.y), (b.x, b.y), _BEND[band.kind], nodes, room)
    colour = _COLOUR[band.kind]
    line = points(path)
    parts = []
    if band.kind == "china":
        parts.append(_stroke(line, colour, width, opacity=0.28))
        parts.append(_stroke(line, colour, width, dash=f"{number(4 + width / 4)} 4"))
    elif band.kind == "grey":
        parts.append(_stroke(line, "#ffffff", width + 2, opacity=0.7))
        parts.append(
            _stroke(line, colour, width, dash=f"0.1 {number(width * 1.6 + 1)}", round_=True)
        )
    else:
        parts.append(_stroke(line, colour, width, opacity=0.8 if width > 1.5 else 0.5))
    x, y = path[-1]
    half, ahead = max(3.2, width * 0.62), max(6.0, width * 0.7)
    tip = (x + ahead * math.cos(angle), y + ahead * math.sin(angle))
    across = (half * math.sin(angle), -half * math.cos(angle))
    head = points([(x + across[0], y + across[1]), tip, (x - across[0], y - across[1])])
    parts.append(element("polygon", points=head, fill=colour))
    words = f"{a.name} to {b.name}, {_WORD[band.kind]}: {tonnes(band.tonnes_)} a week"
    return element("g", f"<title>{escape(words)}</title>{''.join(parts)}", class_="band")


def _stroke(
    line: str, colour: str, width: float, dash: str = "", opacity: float = 1.0, round_: bool = False
) -> str:
    return element(
        "polyline", points=line, fill="none", stroke=colour, stroke_width=width,
        stroke_dasharray=dash, stroke_opacity="" if opacity == 1 else f"{opacity:.2f}",
        stroke_linecap="round" if round_ else "butt",
    )  # fmt: skip


def _node(node: Node, chosen: bool) -> str:
    shape, r = node.shape, RADIUS
    kind = f"node {shape}" + (" chosen" if chosen else "")
    parts = [_ring(node)]
    if shape == "coercer":
        parts.append(
            element("rect", x=-r + 1, y=-r + 1, width=2 * r - 2, height=2 * r - 2, rx=4,
                    class_="body")
        )  # fmt: skip
    elif shape == "hub":
        corners = [math.radians(60 * k) for k in range(6)]
        outline = points((r * math.cos(a), r * math.sin(a)) for a in corners)
        parts.append(element("polygon", points=outline, class_="body"))
    else:
        parts.append(element("circle", r=r - 1, class_="body"))
        if shape == "target":
            parts.append(element("circle", r=r - 4.5, class_="inner"))
    parts.append(text(0, 4.5, node.code, class_="code", text_anchor="middle"))
    parts.append(_under(node))
    stock = "" if node.stockpile_days is None else f", {node.stockpile_days:.0f} days in stockpile"
    words = node.name if node.cover is None else f"{node.name}: {weeks(node.cover)} of cover{stock}"
    return (
        f'<g class="{kind}" data-zone="{escape(node.code)}" tabindex="0" role="button" '
        f'aria-label="{escape(words, quote=True)}" aria-pressed="{str(chosen).lower()}" '
        f'transform="translate({number(node.x)} {number(node.y)})">'
        f'<title>{escape(words)}</title><g class="zoom" aria-hidden="true">{"".join(parts)}</g></g>'
    )


def _under(node: Node) -> str:
    if node.cover is None or not math.isfinite(node.cover):
        return ""
    low = node.cover < LOW_COVER_WEEKS
    words = f"{'▼ ' if low else ''}{node.cover:.0f} wk"
    return text(0, RING + 14, words, class_="cover low" if low else "cover", text_anchor="middle")


def _ring(node: Node) -> str:
    """A track, and on it an arc as long as the cover; both ends of the scale are in the legend."""
    track = element("circle", r=RING, class_="track")
    if node.cover is None or not math.isfinite(node.cover) or node.cover <= 0:
        return track
    share = min(0.999, node.cover / FULL_RING_WEEKS)
    angle = 2 * math.pi * share
    x, y = RING * math.sin(angle), -RING * math.cos(angle)
    colour = VERMILION if node.cover < LOW_COVER_WEEKS else GREEN
    arc = (
        f"M0 {number(-RING)}A{number(RING)} {number(RING)} 0 {int(share > 0.5)} 1 "
        f"{number(x)} {number(y)}"
    )
    return track + element("path", d=arc, class_="arc", stroke=colour)


def _round_below(value: float) -> float:
    """The greatest of 1, 2 or 5 times a power of ten that is not above the value."""
    if value <= 0:
        return 0.0
    unit = 10.0 ** math.floor(math.log10(value))
    return max(factor * unit for factor in (1, 2, 5) if factor * unit <= value)


def legend(widest_t: float) -> list[dict[str, str]]:
    """What the patterns, shapes and rings mean, as small pictures with a word each."""

    def sample(inner: str, words: str) -> dict[str, str]:
        return {"svg": f'<svg viewBox="0 0 44 20" aria-hidden="true">{inner}</svg>', "text": words}

    line = "2,10 42,10"
    solid = _stroke(line, BLUE, 7, opacity=0.8)
    dashed = _stroke(line, VERMILION, 7, opacity=0.28) + _stroke(line, VERMILION, 7, dash="6 4")
    dotted = _stroke("5,10 40,10", "#3d4650", 6, dash="0.1 11", round_=True)
    sample_t = _round_below(widest_t / 2)
    width = WIDEST * sample_t / widest_t if widest_t > 0 else 1.0
    return [
        sample(dashed, "Chinese origin"),
        sample(dotted, "grey route through a hub"),
        sample(solid, "other origin"),
        sample(_stroke(line, GREY, width), f"{tonnes(sample_t)} a week"),
        sample('<rect x="13" y="1" width="18" height="18" rx="3" class="key"/>', "coercer"),
        sample('<circle cx="22" cy="10" r="9" class="key"/><circle cx="22" cy="10" r="5.5" '
               'class="key"/>', "target"),
        sample('<polygon points="32,10 27,18.6 17,18.6 12,10 17,1.4 27,1.4" class="key"/>', "hub"),
        sample(f'<circle cx="22" cy="10" r="7.5" class="track"/><path d="M22 2.5A7.5 7.5 0 0 1 '
               f'22 17.5" class="arc" stroke="{GREEN}"/>', "ring: weeks of cover, full = 26"),
    ]  # fmt: skip
