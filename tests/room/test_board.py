"""What the wall says of a turn, and what it keeps up for a table."""

from __future__ import annotations

import re

import pytest
from room_play import PLAN, SETUP, Play

from runs.room.table import Table
from runs.room.tongue import Tongue
from runs.room.view import Picture, projector_view


def test_the_headline_speaks_of_the_zone_that_stands_first_among_the_hurt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where another one is worse off in the last week than over the turn."""
    monkeypatch.setattr("runs.story.headlines.hurt_most", lambda run, week: "TWN")
    play = Play(users=300, turns=1)
    play.control("start", practice=False)
    play.close()
    result = Table({**SETUP, "users": 300}).play(play.room.played)[1]
    assert result["wall"]["hurt"][0]["zone"] == "JPN" == result["public"]["zone"]
    assert re.search(r"Japan pays [\w.]+ times the old price", result["wall"]["say"]["en"])


def test_the_situation_is_a_board_where_control_opens_every_turn() -> None:
    for auto_next in (True, False):
        play = Play(turns=2, options={"auto_next": auto_next})
        play.control("start", practice=False)
        seen = projector_view(Picture(play.room, play.plan, play.at))
        assert (seen["wall"]["scene"], seen["show"]["board"]) == ("situation", not auto_next)


@pytest.mark.parametrize(
    ("sense", "value", "kept"),
    [("equals", 0, "off"), ("at_most", 0, "off"), ("at_least", 1, "on"), ("equals", 1, "on")],
)
def test_a_report_says_of_what_is_on_or_off_that_it_is_kept_so(
    sense: str, value: float, kept: str
) -> None:
    clause = {"kind": "lever", "lever": "protest", "sense": sense, "value": value}
    assert Tongue("en", PLAN).clause("KOR", clause) == f"Korea keeps this {kept}: Protest."
