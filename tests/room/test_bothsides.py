"""What an umpire reads of those whom a move touches: law, agreements, figures and voices."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from room_play import SETUP, Play, keeps

from runs.room.bothsides import _names
from runs.room.table import Table
from runs.room.view import Picture, control_view, projector_view, seat_view

FEW = {**SETUP, "users": 300}
CALL = "We invite both embassies to Seoul and agree a list of civilian goods that pass"


@pytest.fixture(scope="module")
def made() -> tuple[Play, Picture]:
    """The second turn: Japan moves outside the levers after a quarter under Beijing's ban, with a
    deal with Korea in force."""
    play = Play(setup=FEW, users=300)
    korea, japan = play.join("KOR"), play.join("JPN", "Lee")
    play.control("start")
    gives = [keeps("stance", "at_least", 0.5)]
    deal = play.offer(korea, "JPN", gives=gives, gets=[], turns=3, exit=0)
    play.say(japan, "sign", deal=deal)
    play.close()
    for claim in (CALL, "東京は韓国とマレーシアに呼びかける", "Washington mediates"):
        play.say(japan, "move", claim=claim, pro=["they want to"], con=["they do not"])
    table = Table(FEW)
    return play, Picture(play.room, play.plan, play.at, table.play(play.room.played))


def of(picture: Picture, n: int) -> dict[str, Any]:
    move = list(control_view(picture, "f1")["moves"])[n]
    return {one["seat"]: one for one in move["sides"]}


def keys(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row["values"] for row in rows}


def test_who_is_named_in_any_language_is_asked_and_else_the_two_sides(
    made: tuple[Play, Picture],
) -> None:
    _, picture = made
    assert list(of(picture, 0)) == ["KOR", "CHN"]  # Seoul; Beijing is always concerned
    assert list(of(picture, 1)) == ["KOR", "MYS"]
    assert list(of(picture, 2)) == ["USA", "CHN"]


@pytest.mark.parametrize(
    ("text", "seats"),
    [("Vietnam waits", {"VNM"}), ("the US and the EU", {"USA", "EUU"}),
     ("EU와 미국", {"USA", "EUU"}),
     ("ベトナムとEU", {"VNM", "EUU"}), ("it would help us all", set())],
)  # fmt: skip
def test_names_are_found_as_people_write_them(
    text: str, seats: set[str], made: tuple[Play, Picture]
) -> None:
    play, _ = made
    found = {one for one in play.room.chairs if re.search(_names(one, ""), text)}
    assert found & {"VNM", "USA", "EUU", "KOR", "CHN", "JPN"} == seats


def test_law_figures_agreements_and_voices_speak_for_and_against(
    made: tuple[Play, Picture],
) -> None:
    _, picture = made
    now = picture.results[1]
    china, korea = of(picture, 0)["CHN"], of(picture, 0)["KOR"]
    step = keys(china["con"])["side.step"]
    assert step == {"seat": "CHN", "target": "JPN", "n": now["public"]["law"]["CHN"]["rung.JPN"]}
    assert keys(korea["pro"])["side.deal"] == {"seat": "KOR", "target": "JPN", "n": 1}
    loss = now["seats"]["KOR"]["report"]["gdp_loss"]
    assert keys(korea["pro"])["side.hurt"]["n"] == round(100 * loss, 2)
    voice = next(one for one in now["seats"]["JPN"]["briefing"]["voices"] if one["seat"] == "CHN")
    assert china["known"] == {"say": voice["say"], "why": voice["why"]}
    before = picture.results[0]["seats"]["CHN"]["gauges"]
    gauges = now["seats"]["CHN"]["gauges"]
    moved = {name: gauges[name] - before[name] for name in gauges}
    most = max(moved, key=lambda name: abs(moved[name]))
    told = keys(china["pro"] if moved[most] < 0 else china["con"])
    way = "side.fell" if moved[most] < 0 else "side.rose"
    assert told[way]["n"] == round(100 * abs(moved[most]), 1)


def test_who_has_left_a_deal_speaks_against_a_move(made: tuple[Play, Picture]) -> None:
    play, picture = made
    deal = next(iter(play.room.deals.values()))
    last, deal.left_by = deal.last, "KOR"
    try:
        assert "side.deal" in keys(of(picture, 0)["KOR"]["pro"])  # it bound until after the move
        deal.last = 1
        told = of(picture, 0)["KOR"]
    finally:
        deal.left_by, deal.last = "", last
    assert keys(told["con"])["side.left"] == {"seat": "KOR", "target": "JPN", "n": deal.n}
    assert "side.deal" not in keys(told["pro"])


def test_only_control_reads_it(made: tuple[Play, Picture]) -> None:
    _, picture = made
    for seat in ("JPN", "KOR", "CHN"):
        assert '"side.' not in json.dumps(seat_view(picture, seat))
    assert '"side.' not in json.dumps(projector_view(picture))
