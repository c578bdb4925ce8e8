"""Columns that the page gets, and the tables of its sources; no browser needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from runs import Game
from runs.web.numbers import plain
from runs.web.reading import Reading
from runs.web.scene import scene_of
from runs.web.sources import overview


def test_lanes_carry_what_was_shipped_between_zones() -> None:
    game = Game("japan-2026", seed=1)
    game.run(30)
    reading = Reading(scene_of(game), game.recorder)
    flows = reading.flows("dy_oxide")
    rows = game.recorder.rows("flows")
    mine = [
        i for i, material in enumerate(rows["material"])
        if material == "dy_oxide" and rows["from_zone"][i] != rows["to_zone"][i]
    ]  # fmt: skip
    shipped = game.recorder.array("flows", "shipped_t")[-4:, mine].sum() / 4
    # what is too thin to be drawn, and the digits that are left out
    assert sum(flow["t"][-1] for flow in flows) == pytest.approx(shipped, rel=0.02)
    assert {flow["kind"] for flow in flows} == {"china", "grey", "other"}
    assert all(0 <= flow["share"][-1] <= 1 for flow in flows if flow["kind"] == "grey")
    assert reading.flows("no such material") == []


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (float("nan"), "–"), (0.0, "0"), (0.0421, "0.0421"), (12.34, "12.3"),
     (1234.5, "1,234"), (1e-9, "0")],
)  # fmt: skip
def test_three_digits_that_matter(value: float | None, said: str) -> None:
    assert plain(value) == said


def test_sources_name_price_share_and_basis() -> None:
    goods = scene_of(Game("japan-2026", seed=1)).goods
    table: Mapping[str, Any] = overview(goods, "CHN")
    assert len(table["rows"]) == len(goods)
    for row in table["rows"]:
        assert row["cells"][0]["text"].endswith("USD/t")
        assert len(row["cells"]) == len(table["columns"])
