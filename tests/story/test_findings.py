"""Each number of a title is worked out again from the frames, by other code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

from runs.story.findings import MOST, MULTIPLES, price_chart
from tests.story.conftest import Played

Frames = Mapping[str, pd.DataFrame]
Values = Mapping[str, Any]


def market(frames: Frames, good: str, zone: str) -> pd.DataFrame:
    return frames["markets"].query("material == @good and zone == @zone").set_index("week")


def top(frame: pd.DataFrame, column: str, by: str) -> pd.Series[Any]:
    found: pd.Series[Any] = frame.groupby(by)[column].max()
    return found


def check_price(frames: Frames, v: Values, chart: Values, _: Played) -> dict[str, float]:
    price = market(frames, v["good"], v["zone"])["price"].max()
    of_good = frames["markets"].query("material == @v['good'] and zone not in ['CHN', @v['zone']]")
    other = top(of_good, "price", "zone").max()
    return {"times": price, "times_b": other, "share": price - 1, "share_b": other - 1}


def check_supply(frames: Frames, v: Values, chart: Values, _: Played) -> dict[str, float]:
    own = market(frames, chart["material"], chart["zone"])
    came = own[[c for c in own.columns if c.startswith("from_")]].fillna(0)
    total = came.to_numpy().sum()
    which = {"story.find.reserve": "from_stockpile_t", "story.find.grey": "from_grey_t"}
    column = which.get(chart["title"]["key"])
    if column:
        return {"tonnes": came[column].sum(), "share": came[column].sum() / total}
    part = came["from_china_t"] / came.sum(axis=1)
    return {"share": part.head(13).mean(), "share_b": part.tail(13).mean()}


def check_stops(frames: Frames, v: Values, chart: Values, _: Played) -> dict[str, float]:
    own = frames["markets"].query("zone == @chart['zone']")
    return {"share": own["stopped_line_share"].max()}


def check_fear(frames: Frames, v: Values, chart: Values, played: Played) -> dict[str, float]:
    out = ["CHN", played.game.plan.target]
    assert out
    others = frames["zones"].query("zone not in @out")
    return {"share": others["refused_customers_share"].max()}


def check_loss(frames: Frames, v: Values, chart: Values, played: Played) -> dict[str, float]:
    zones = frames["zones"].query("zone != 'CHN'")
    mean = zones.groupby("zone")["gdp_loss_share"].mean()
    usd = zones.groupby("zone")["gdp_loss_usd"].sum()
    assert mean.idxmax() == v["zone"]
    return {"usd": usd[v["zone"]], "share": mean.max(), "share_b": mean[played.game.plan.target]}


def check_papers(frames: Frames, v: Values, chart: Values, _: Played) -> dict[str, float]:
    own = market(frames, chart["material"], chart["zone"])
    return {"points": 100 * (own["china_share_true"] - own["china_share_declared"]).max()}


def check_stock(frames: Frames, v: Values, chart: Values, _: Played) -> dict[str, float]:
    return {"days": 7 * market(frames, chart["material"], chart["zone"])["cover_weeks"].min()}


def check_floors(frames: Frames, v: Values, chart: Values, _: Played) -> dict[str, float]:
    paid = frames["zones"].groupby("zone")["floor_cost_usd"].sum().nlargest(2)
    return {"usd": paid.iloc[0], "usd_b": paid.iloc[1]}


def check_traders(frames: Frames, v: Values, chart: Values, _: Played) -> dict[str, float]:
    hubs = frames["hubs"].groupby("hub")["detections"].sum()
    return {"n": hubs.sum(), "n_b": hubs.max()}


def check_exports(frames: Frames, v: Values, chart: Values, _: Played) -> dict[str, float]:
    own = frames["markets"].query("material == @v['good'] and zone != 'CHN'")
    month = own.groupby("week")["from_china_t"].sum().rolling(4).mean()
    return {"share": (month / month[3]).min()}


def check_wedge(frames: Frames, v: Values, chart: Values, _: Played) -> dict[str, float]:
    here, there = (market(frames, v["good"], v[zone])["price_usd_per_t"]
                   for zone in ("zone", "zone_b"))  # fmt: skip
    return {"times": (here / there).max()}


def check_second(frames: Frames, v: Values, chart: Values, played: Played) -> dict[str, float]:
    lead = played.story.lead.material
    others = frames["markets"].query("material != @lead and zone != 'CHN'")
    assert lead != v["good"]
    return {"times": others["price"].max()}


CHECKS: dict[str, Callable[[Frames, Values, Values, Played], dict[str, float]]] = {
    "price": check_price, "supply": check_supply, "stops": check_stops, "fear": check_fear,
    "loss": check_loss, "papers": check_papers, "stock": check_stock, "floors": check_floors,
    "traders": check_traders, "exports": check_exports, "wedge": check_wedge,
    "second": check_second,
}  # fmt: skip
NUMBERS = {"times", "share", "tonnes", "usd", "points", "days", "n"}


def test_each_title_of_twenty_runs_is_recomputed(twenty: list[Played]) -> None:
    seen: dict[str, int] = {}
    for played in twenty:
        frames = {name: played.game.frames[name] for name in ("markets", "zones", "hubs")}
        assert len(played.whole["findings"]["multiples"]) <= MOST
        story = played.story
        made = [make(story.run, story.lead) for make in (price_chart, *MULTIPLES)]
        for chart in [one for one in made if one]:
            values = chart["title"]["values"]
            again = CHECKS[chart["id"]](frames, values, chart, played)
            for name in values:
                if name.split("_")[0] in NUMBERS:
                    assert values[name] == pytest.approx(again[name], rel=1e-9), (
                        played.name, chart["id"], name)  # fmt: skip
            seen[chart["id"]] = seen.get(chart["id"], 0) + 1
    assert set(seen) == set(CHECKS), seen


def test_a_short_crisis_that_hurts_nobody_much_shows_its_trade_and_its_prices(
    twenty: list[Played]
) -> None:
    gallium = next(one for one in twenty if one.name.startswith("gallium-2023"))
    ids = [one["id"] for one in gallium.whole["findings"]["multiples"]]
    assert {"exports", "wedge", "second"} <= set(ids)
    second = next(one for one in gallium.whole["findings"]["multiples"] if one["id"] == "second")
    assert second["material"] == "germanium"


def test_a_chart_without_change_is_not_shown(twenty: list[Played]) -> None:
    flat = next(one for one in twenty if one.name.startswith("no-controls"))
    ids = {one["id"] for one in flat.whole["findings"]["multiples"]}
    assert not ids - {"supply", "floors"}


def test_lines_have_a_value_for_every_week_and_one_is_the_main(twenty: list[Played]) -> None:
    for played in twenty:
        found = played.whole["findings"]
        for chart in [one for one in (found["lead"], *found["multiples"]) if one]:
            assert 1 <= len(chart["lines"]) <= 6
            assert sum(line["role"] == "main" for line in chart["lines"]) == 1, chart["id"]
            assert {len(line["values"]) for line in chart["lines"]} == {played.game.week}
