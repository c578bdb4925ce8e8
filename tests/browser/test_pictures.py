"""The pictures as pure functions: what is drawn follows from the numbers; no browser needed."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs import Game
from runs.web import numbers
from runs.web.board import build_board
from runs.web.draw.axes import Frame, date_ticks, nice_top, spread, value_ticks
from runs.web.draw.lines import Line, draw_lines
from runs.web.draw.portrait import HEIGHT, WIDTH, portrait
from runs.web.draw.schematic import Band, Node, draw_map, legend
from runs.web.draw.stack import ORIGINS, draw_stack
from runs.web.draw.svg import STROKES, Stroke, as_text
from runs.web.reading import Reading, lanes_of
from runs.web.scene import Look, scene_of
from runs.web.sources import figures, free_parameters, overview

START = datetime.date(2025, 11, 3)
FRAME = Frame(START, 10, 4.0)


def parsed(svg: str) -> ElementTree.Element:
    """The picture as XML; fails where the markup is not well formed."""
    return ElementTree.fromstring(svg)


@given(st.floats(1e-9, 1e12))
def test_axes_cover_their_values_in_round_steps(value: float) -> None:
    top = nice_top(value, 1e-12)
    assert 0.995 * value <= top <= 2 * value * 1.01
    ticks = value_ticks(top)
    assert ticks[0] == 0
    assert ticks[-1] == pytest.approx(top)
    assert 4 <= len(ticks) <= 6
    lead = (ticks[1] / 10 ** math.floor(math.log10(ticks[1]) + 1e-9)).__round__(6)
    assert lead in (1, 2, 3, 4, 5, 1.5, 2.5, 7.5)


@given(st.integers(2, 1000))
def test_dates_on_an_axis_are_few_and_inside(weeks: int) -> None:
    ticks = date_ticks(START, weeks)
    assert len(ticks) <= 9
    assert all(0 <= week <= weeks for week, _ in ticks)


@given(st.lists(st.floats(0, 200), max_size=12))
def test_labels_keep_apart_and_inside(wanted: list[float]) -> None:
    placed = sorted(spread(wanted, 13, 0, 200))
    assert all(b - a >= 13 - 1e-9 for a, b in pairwise(placed))
    assert all(position <= 200 for position in placed)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (0, "0"),
        (1234.5, "1,234"),
        (0.04217, "0.0422"),
        (12.34, "12.3"),
    ],
)
def test_three_digits_that_matter(value: float | None, said: str) -> None:
    assert numbers.plain(value) == said


def test_shares_and_money_are_said_with_their_unit() -> None:
    assert [numbers.percent(x) for x in (0, 0.00001, 0.00432, 0.0432, 0.432, 1)] == [
        "0%", "under 0.01%", "0.43%", "4.3%", "43%", "100%",
    ]  # fmt: skip
    assert numbers.usd(73.4e6) == "USD 73.4 million"
    assert numbers.usd_per_kg(239_000) == "239 USD/kg"
    assert numbers.weeks(3.14159) == "3.1 weeks"


def test_a_gap_in_a_series_is_a_gap_in_the_line() -> None:
    values = np.array([1.0, 2.0, np.nan, 3.0, 4.0])
    svg = draw_lines(FRAME, [Line("JPN", values, STROKES[0])], "Price", "JPN 4")
    lines = [e for e in parsed(svg).iter() if e.tag.endswith("polyline")]
    assert [len(str(line.get("points")).split()) for line in lines] == [2, 2]


def test_a_floor_is_level_until_it_is_changed() -> None:
    floor = Line("floor", np.array([1.0, 1.0, 2.0]), Stroke("#000"), stepped=True)
    svg = draw_lines(FRAME, [floor], "Price", "")
    pairs = [p.split(",") for p in str(parsed(svg).find(".//polyline").get("points")).split()]  # type: ignore[union-attr]
    for (x0, y0), (x1, y1) in pairwise(pairs):
        assert x0 == x1 or y0 == y1, "a floor does not slope"


def test_no_two_lines_differ_by_colour_alone() -> None:
    looks = [(stroke.colour, stroke.dash) for stroke in STROKES]
    assert len(set(looks)) == len(looks)
    board = build_board(*played(2))
    for chart in board["charts"]:
        svg = parsed(chart["svg"])
        lines = [e for e in svg.iter("polyline") if "line" in str(e.get("class"))]
        named = [e for e in svg.iter("text") if e.get("class") == "name"]
        assert named or not lines


def contrast_on_white(colour: str) -> float:
    """The contrast ratio of the web's accessibility guidelines."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 1.05 / (float(np.dot(linear, (0.2126, 0.7152, 0.0722))) + 0.05)


def test_words_and_lines_stand_out_from_the_paper() -> None:
    for stroke in STROKES:
        assert contrast_on_white(stroke.colour) >= 3
        assert contrast_on_white(as_text(stroke.colour)) >= 4.5
    for origin in ORIGINS:
        assert contrast_on_white(as_text(origin.colour)) >= 4.5


def test_every_origin_has_a_pattern_of_its_own() -> None:
    patterns = [origin.pattern for origin in ORIGINS]
    assert len(set(patterns)) == len(patterns)
    layers = [(origin, np.full(3, 1.0)) for origin in ORIGINS]
    svg = draw_stack(Frame(START, 3, 5.0), layers, np.full(3, 5.0), "Deliveries", "")
    areas = list(parsed(svg).iter("polygon"))
    assert len({e.get("fill") for e in areas}) == len(ORIGINS)
    heights = [_height(str(e.get("points"))) for e in areas]
    assert heights == pytest.approx([heights[0]] * len(ORIGINS), abs=0.2)


def _height(points: str) -> float:
    ys = [float(pair.split(",")[1]) for pair in points.split()]
    return max(ys) - min(ys)


def test_a_band_is_as_wide_as_its_tonnes_and_patterned_by_origin() -> None:
    nodes = [
        Node("CHN", "China", 100, 100, "coercer", 9.0),
        Node("VNM", "Viet Nam", 300, 300, "hub", 9.0),
        Node("JPN", "Japan", 600, 100, "target", 2.0),
    ]
    bands = [
        Band("CHN", "JPN", "china", 8.0),
        Band("VNM", "JPN", "grey", 4.0),
        Band("CHN", "VNM", "other", 2.0),
    ]
    svg = parsed(draw_map(nodes, bands, 8.0, "JPN", "A map"))
    groups = [g for g in svg.iter("g") if g.get("class") == "band"]
    widths, dashes = [], []
    for group in groups:
        line = group.findall("polyline")[-1]
        widths.append(float(str(line.get("stroke-width"))))
        dashes.append((line.get("stroke-dasharray"), line.get("stroke-linecap")))
    assert widths == pytest.approx([22, 11, 5.5])
    assert dashes[0][0]
    assert dashes[1][1] == "round"
    assert dashes[2][0] is None
    assert "8 t a week" in ElementTree.tostring(groups[0], encoding="unicode")
    assert {row["text"] for row in legend(8.0)} >= {"Chinese origin", "grey route through a hub"}


def test_the_upright_map_keeps_nodes_apart_and_who_lies_where() -> None:
    game = Game("japan-2026", seed=1)
    places = scene_of(game).places
    points = portrait(tuple((place.x, place.y) for place in places))
    at = {place.code: point for place, point in zip(places, points, strict=True)}
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    apart = [math.dist(a, b) for i, a in enumerate(points) for b in points[:i]]
    assert min(apart) > 52  # two rings side by side
    assert at["USA"][0] < at["EUU"][0] < at["CHN"][0] < at["JPN"][0]
    assert at["JPN"][1] < at["VNM"][1] < at["AUS"][1]


def played(weeks: int, seed: int = 1) -> tuple[Reading, Look]:
    game = Game("japan-2026", seed=seed)
    game.run(weeks)
    return Reading(scene_of(game), game.recorder), Look("dy_oxide", "JPN")


def test_bands_carry_what_was_shipped_between_zones() -> None:
    reading, look = played(30)
    bands, widest = reading.bands(look)
    rows = reading.record.rows("flows")
    mine = [
        i
        for i, material in enumerate(rows["material"])
        if material == "dy_oxide" and rows["from_zone"][i] != rows["to_zone"][i]
    ]
    shipped = reading.record.array("flows", "shipped_t")[-4:, mine].sum() / 4
    assert sum(band.tonnes_ for band in bands) == pytest.approx(shipped, rel=1e-9)
    assert max(band.tonnes_ for band in bands) <= widest
    assert len(lanes_of(reading.record, "no such material").rows) == 0


@pytest.mark.parametrize("weeks", [0, 1, 15])
def test_a_board_is_whole_from_the_first_moment_on(weeks: int) -> None:
    """Well-formed pictures, no nan in the words, a name for who cannot see."""
    reading, look = played(weeks)
    opened = {"map", "price", "deliveries", "cover", "stopped", "gdp", "origin"}
    board = build_board(reading, look, opened)
    assert len(board["kpis"]) == 6
    assert len(board["charts"]) == (6 if weeks else 0)
    for svg in (board["map"]["svg"], *(chart["svg"] for chart in board["charts"])):
        assert parsed(svg).get("aria-label")
        assert not re.search(r"\bnan\b|\binf\b", svg)
    for chart in board["charts"]:
        assert chart["table"].count("<tr>") == weeks + 1


def test_looking_back_shows_what_was_shown_then() -> None:
    long, look = played(20)
    short, _ = played(9)
    then = build_board(long, Look("dy_oxide", "JPN", week=8))
    assert then["kpis"] == build_board(short, look)["kpis"]


def test_odd_names_cannot_break_the_page() -> None:
    nodes = [Node("<b>", '"&', 0, 0, "zone", None), Node("B", "<script>", 90, 50, "zone", 1.0)]
    svg = draw_map(nodes, [Band("<b>", "B", "other", 1.0)], 1.0, "B", '"<&>')
    assert "<script>" not in svg
    parsed(svg)


def test_sources_name_price_share_and_basis() -> None:
    goods = scene_of(Game("japan-2026", seed=1)).goods
    table: Mapping[str, Any] = overview(goods, "CHN")
    assert len(table["rows"]) == len(goods)
    for row in table["rows"]:
        assert row["cells"][0]["text"].endswith("USD/t")
        assert len(row["cells"]) == len(table["columns"]) - 1
    rows: Sequence[Mapping[str, str]] = figures("dy_oxide")["rows"]
    assert len(rows) > 20
    assert all(row["source"] and row["basis"] and row["what"] for row in rows)
    free: Sequence[Mapping[str, str]] = free_parameters()["rows"]
    assert len(free) > 200
    assert all(row["range"] and row["source"] and row["basis"] for row in free)
