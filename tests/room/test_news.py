"""News of a turn: the loudest stand first, traders who were caught are one line."""

from __future__ import annotations

from typing import Any

import pytest
from room_play import SETUP

from runs.pages.words import LANGUAGES, catalogue
from runs.room.news import MOST, loudest
from runs.room.table import Table


@pytest.fixture(scope="module")
def results() -> list[dict[str, Any]]:
    """Three turns that AI plays alone."""
    table = Table(SETUP)
    seats = dict.fromkeys(table.plan.actors, "ai")
    empty: dict[str, Any] = {"orders": [], "held": [], "bounds": [], "events": []}
    return table.play(
        [{"turn": n, "week": 13 * (n - 1), "seats": seats, **empty} for n in (1, 2, 3)]
    )


def order(lever: str, week: int) -> dict[str, Any]:
    return {"week": week, "kind": "order", "actor": "KOR", "target": "", "lever": lever}


def trader(week: int, share: float) -> dict[str, Any]:
    values = {"target": "JPN", "weeks": 52, "share": share}
    say = {"key": "happening.caught_trader", "values": values}
    return {"week": week, "kind": "detection", "actor": "CHN", "target": "MEX", "say": say}


def test_the_ban_on_dual_use_goods_is_the_first_news_of_its_turn(
    results: list[dict[str, Any]],
) -> None:
    lines = results[1]["public"]["headline"]
    assert [(one["lever"], one["value"]) for one in lines[:2]] == [
        ("rung.JPN", 6.0), ("third_country_clause", 1.0),
    ]  # fmt: skip
    kinds = [one["kind"] for one in lines]
    assert kinds[2] == "remarks"  # and the steps of the ladder before the ban come last
    assert [one["value"] for one in lines if one["kind"] == "rung"] == [6.0, 1.0, 2.0, 3.0]
    assert kinds.index("plant") < next(
        k for k, one in enumerate(lines) if one.get("lever", "").startswith("stockpile")
    )


def test_traders_who_were_caught_are_one_line_and_the_export_has_each(
    results: list[dict[str, Any]],
) -> None:
    for result in results[2:]:
        news = result["public"]["headline"]
        each = [one for one in result["happenings"] if one["kind"] == "detection"]
        told = [one for one in news if one["kind"] == "detection"]
        assert len(each) > 3  # a formal threat ends most trade of hubs: few are left to be caught
        assert [one["say"]["values"]["n"] for one in told] == [len(each)]
        assert str(len(each)) in told[0]["text"]
        assert news.index(told[0]) < 12  # as many as a seat's page shows
        own = result["seats"]["CHN"]["report"]["happenings"]
        assert len([one for one in own if one["kind"] == "detection"]) == 1
        weeks = [one["week"] for one in result["happenings"]]
        assert weeks == sorted(weeks)


def test_news_go_from_bans_over_floors_to_orders_and_the_newest_first() -> None:
    lines = [order("offtake.tungsten", 1), order("listing.JPN", 2), order("floor_form", 3)]
    lines += [order("forge_member", 4), order("rung.JPN", 5), order("threat", 6), trader(7, 0.1)]
    found = loudest(lines)
    assert [one.get("lever", "traders") for one in found] == [
        "rung.JPN", "listing.JPN", "threat", "floor_form", "traders", "forge_member",
        "offtake.tungsten",
    ]  # fmt: skip
    assert found[4]["say"]["key"] == "happening.caught_trader"  # one alone keeps its sentence


def test_however_many_are_caught_the_ban_is_told() -> None:
    lines = [trader(week, week / 100) for week in range(2 * MOST)]
    lines += [order("offtake.tungsten", week) for week in range(2 * MOST)] + [order("rung.JPN", 0)]
    found = loudest(lines)
    assert (len(found), found[0]["lever"]) == (MOST, "rung.JPN")
    assert found[1]["say"] == {
        "key": "happening.caught_traders",
        "values": {"n": 2 * MOST, "target": "JPN", "share": (2 * MOST - 1) / 100, "weeks": 52},
    }
    for language in LANGUAGES:
        assert "{n}" in catalogue(language)["happening.caught_traders"]
