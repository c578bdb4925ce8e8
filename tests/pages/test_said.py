"""What the room says has a key in every language, and no page is left with English by accident."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runs.pages.words import LANGUAGES, catalogue
from runs.room.refusals import bound_say, breach_say, check_setting, order_refused, refuse
from runs.room.say import Say
from runs.room.table import Table
from runs.room.tidings import event_say
from world.decisions import Order
from world.scenario import load_scenario, shipped

ROOM = Path(__file__).parents[2] / "runs" / "room"
SETUP = {
    "scenario": "japan-2026", "id": "japan-2026", "text": "", "seed": 7, "users": 300, "set": {},
}  # fmt: skip
PLAN = load_scenario("japan-2026", {"users": 300})
INF = float("inf")


def filled(say: Say) -> str:
    """The sentence with every place filled; fails for a place without a value."""
    places = set(re.findall(r"\{(\w+)\}", catalogue("en")[say.key]))
    assert places <= set(say.values), say
    return say.english


def test_every_key_that_the_room_names_is_in_all_catalogues() -> None:
    named: set[str] = set()
    for path in ROOM.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= {f"refuse.{key}" for key in re.findall(r'\brefuse\(\s*"(\w+)"', text)}
        named |= set(re.findall(r'\bSay\(\s*"([\w.]+)"', text))
    assert len(named) > 60
    for language in LANGUAGES:
        assert named <= set(catalogue(language)), language


def test_refusals_fill_every_place() -> None:
    """As they are raised: the places of a sentence are the names of its values."""
    for path in ROOM.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for key, rest in re.findall(r'\brefuse\(\s*"(\w+)"((?:[^()]|\([^()]*\))*)\)', text):
            given = set(re.findall(r"\b(\w+)=", rest))
            places = set(re.findall(r"\{(\w+)\}", catalogue("en")[f"refuse.{key}"]))
            assert places == given, (path.name, key)


@pytest.mark.parametrize(
    ("seat", "lever", "value", "key"),
    [
        ("KOR", "stance", 5.0, "refuse.range"),
        ("JPN", "concession", 0.5, "refuse.whole"),
        ("KOR", "ban_breadth.JPN", 0.5, "refuse.not_yours"),
        ("VNM_REFINER", "saving_usd_m", 1.0, "refuse.not_yours"),
    ],
)
def test_the_common_refusals_of_the_model_have_a_key(
    seat: str, lever: str, value: float, key: str
) -> None:
    found = order_refused(PLAN, Order(0, seat, lever, value), 0, None)
    assert found is not None
    assert found.say is not None
    assert found.say.key == key
    assert filled(found.say)
    assert found.body["say"]["key"] == key
    with pytest.raises(type(found)):
        check_setting(PLAN, seat, lever, value)


def test_a_week_that_is_over_and_names_that_there_are_not() -> None:
    late = order_refused(PLAN, Order(0, "KOR", "stance", 0.5), 13, None)
    assert late is not None
    assert late.say is not None
    assert late.say.key == "refuse.week_played"
    unknown = order_refused(PLAN, Order(0, "KOR", "stanze", 0.5), 0, None)
    assert unknown is not None
    assert (unknown.say, unknown.field) == (None, "lever")  # a guess in English; no page sends it
    assert "say" not in unknown.body


def test_bounds_in_words() -> None:
    shapes = {(0.5, 0.5): "at", (0.5, INF): "least", (-INF, 0.5): "most", (0.1, 0.5): "between"}
    for (low, high), kind in shapes.items():
        bound = bound_say("stance", low, high)
        assert bound.key == f"bound.{kind}"
        assert filled(bound)
        assert filled(breach_say(0.9, bound, [1, 2]))


def test_texts_of_shipped_scenarios_are_translated() -> None:
    for name in shipped():
        plan = load_scenario(name, {"users": 100})
        for language in LANGUAGES:
            words = catalogue(language)
            assert {f"scenario.{name}.title", f"scenario.{name}.summary"} <= set(words)
        assert catalogue("en")[f"scenario.{name}.title"] == plan.title
        for place in range(len(plan.events)):
            assert event_say(plan, place) is not None, (name, place)


def test_what_happens_in_two_turns_is_said_in_keys() -> None:
    table = Table(SETUP)
    seats = dict.fromkeys(table.plan.actors, "ai")
    empty: dict[str, list[object]] = {"orders": [], "held": [], "bounds": [], "events": []}
    turns = [{"turn": n + 1, "week": 13 * n, "seats": seats, **empty} for n in range(3)]
    lines = []
    for result in table.play(turns):
        lines += result["public"]["headline"]
        for own in result["seats"].values():
            lines += own["report"]["happenings"]
    assert len({line["kind"] for line in lines}) >= 4
    for line in lines:
        assert "say" in line, line
        filled(Say(line["say"]["key"], line["say"]["values"]))


def test_a_refusal_in_english_keeps_its_sentence() -> None:
    assert refuse("closed", turn=3).text == "Turn 3 is closed and is being played."
