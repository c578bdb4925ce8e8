"""Lanes of the map: one for every two places, from the one to the other, and by sea."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from world.scenario import load_scenario, shipped
from world.setting import make_setting

OUTLINE = Path(__file__).parents[2] / "runs/pages/static/kit/world_outline.json"
STEP = 3.0  # units of the stage between two looks at a lane
SHORES = 6.0  # units over the land of others: shores that are drawn coarser than straits are wide
PORT = 30.0  # units over the land of its own ends: a lane begins at a port, not inland
WINDOW = (-100.0, 1530.0, 0.0, 640.0)  # what windows show of the stage and beside it
LANDINGS = 130.0  # from a place to where its lanes begin and end: ports stand far from the name
Point = tuple[float, float]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@cache
def world() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(OUTLINE.read_text("utf-8"))
    return found


def points(lane: str) -> Iterator[tuple[Point, float]]:
    """Points along a lane, and how far each is from the one before; 0 where a stretch begins."""
    for stretch in re.findall("M[^M]*", lane):
        found = [float(number) for number in NUMBER.findall(stretch)]
        path = list(zip(found[::2], found[1::2], strict=True))
        last = path[0]
        yield last, 0.0
        for k in range(1, len(path), 3):
            a, b, c, d = path[k - 1 : k + 3]
            long = math.dist(a, b) + math.dist(b, c) + math.dist(c, d)
            n = max(2, int(long / STEP))
            for i in range(1, n + 1):
                t, u = i / n, 1 - i / n
                weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
                spot = (sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                        sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)))
                yield spot, math.dist(last, spot)
                last = spot


@cache
def shores() -> list[tuple[str, list[Point], tuple[float, float, float, float]]]:
    """Rings of the land with the zone of each and the box around it; drawn in half units."""
    found = []
    for zone, drawing in world()["main"].items():
        for part in re.findall("M[^M]*", drawing):
            numbers = [float(number) / 2 for number in NUMBER.findall(part)]
            x, y, ring = 0.0, 0.0, []
            for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
                x, y = x + dx, y + dy
                ring.append((x, y))
            xs, ys = [p[0] for p in ring], [p[1] for p in ring]
            found.append((zone, ring, (min(xs), max(xs), min(ys), max(ys))))
    return found


def land_at(spot: Point) -> str | None:
    """The zone whose land is there, None at sea."""
    x, y = spot
    inside: dict[str, int] = {}
    for zone, ring, (left, right, top, foot) in shores():
        if left <= x <= right and top <= y <= foot:
            crossed = sum(
                (a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]
                for a, b in zip(ring, [ring[-1], *ring], strict=False)
            )
            inside[zone] = inside.get(zone, 0) + crossed
    return next((zone for zone, crossed in inside.items() if crossed % 2), None)


def in_inset(spot: Point) -> bool:
    boxes = [inset["box"] for inset in world()["insets"].values()]
    return any(
        box["x"] <= spot[0] <= box["x"] + box["w"] and box["y"] <= spot[1] <= box["y"] + box["h"]
        for box in boxes
    )


def over_land(lane: str) -> dict[str, float]:
    """Units of a lane that run over land, by zone; what an inset shows is not asked."""
    found: dict[str, float] = {}
    left, right, top, foot = WINDOW
    for spot, far in points(lane):
        if left <= spot[0] <= right and top <= spot[1] <= foot and not in_inset(spot):
            zone = land_at(spot)
            if zone is not None:
                found[zone] = found.get(zone, 0.0) + far
    return found


def test_the_outline_is_read_as_it_is_drawn() -> None:
    for zone in ("CHN", "JPN", "KOR", "THA", "MYS", "IND", "TWN"):
        x, y = world()["nodes"][zone]
        assert land_at((x, y)) == zone
    assert land_at((840.0, 300.0)) is None  # between Okinawa and Kyushu
    straight = "M642 248C700 240 780 210 877 196"  # from China's name to Japan's, over land
    assert over_land(straight)["KOR"] > SHORES
    assert over_land(straight)["CHN"] > PORT


def test_every_two_places_have_a_lane_each_way() -> None:
    places = set(world()["nodes"])
    for name in shipped():
        base = make_setting(load_scenario(name, {"users": 100})).base
        assert {zone.code for zone in base.zones} <= places, name
    pairs = {f"{one}-{other}" for one in places for other in places if one != other}
    assert set(world()["lanes"]) == pairs


@pytest.mark.parametrize("name", sorted(world()["lanes"]))
def test_a_lane_leads_from_one_place_to_the_other_by_sea(name: str) -> None:
    lane, ends = world()["lanes"][name], name.split("-")
    spots = [spot for spot, _ in points(lane)]
    frames = {"EUU": "EUU", "USA": "NAM", "MEX": "NAM", "AUS": "AUS"}
    for zone, spot in zip(ends, (spots[0], spots[-1]), strict=True):
        if zone in frames:  # at the frame or within it
            box = world()["insets"][frames[zone]]["box"]
            assert box["x"] - 3 <= spot[0] <= box["x"] + box["w"] + 3, zone
            assert box["y"] - 3 <= spot[1] <= box["y"] + box["h"] + 3, zone
        else:
            assert math.dist(spot, world()["nodes"][zone]) < LANDINGS, zone
    crossed = over_land(lane)
    own = sum(far for zone, far in crossed.items() if zone in ends and zone != "ROW")
    # "ROW" is all other land: its lanes begin at a sign at sea
    others = sum(far for zone, far in crossed.items() if zone not in ends or zone == "ROW")
    assert own < PORT
    assert others < SHORES
