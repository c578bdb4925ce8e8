"""Charts whose titles are findings; what titles claim is worked out again in `test_trial`."""

from __future__ import annotations

from runs.story.findings import MOST
from runs.story.lead import tiles
from tests.story.conftest import Played


def test_seven_charts_at_most_stand_beside_the_lead(twenty: list[Played]) -> None:
    assert max(len(one.whole["findings"]["multiples"]) for one in twenty) <= MOST


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


def test_every_market_has_its_charts_and_tiles_the_coercers_too() -> None:
    played = Played("gallium-2023", 2)
    run = played.story.run
    assert run.scene.coercer in run.zones
    for zone in run.zones:
        for good in run.goods:
            whole = played.story.whole(good, zone)
            assert whole["lead"]["zone"] == zone
            for week in (0, run.weeks - 1):
                assert len(tiles(run, week, good, zone)) == 5
