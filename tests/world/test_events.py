"""The table of kinds of events is what checks them."""

from __future__ import annotations

from pathlib import Path

import pytest

from world.events import KINDS, Event, check_event, event_value
from world.plant_names import named_plants
from world.scenario import SHIPPED, Scenario, ScenarioError, load_scenario


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return load_scenario("japan-2026")


GOOD = [
    Event(0, "remarks", "JPN", "CHN", "words", {"strength": 0.5}),
    Event(0, "announcement", "CHN", "", "a rule", {"strength": 0}),
    Event(0, "disaster", "", "MYS", "a fire", {"cut": 0.9, "weeks": 6, "material": "ndpr_oxide"}),
    Event(0, "price_shock", "", "", "a squeeze", {"factor": 2, "material": "gallium"}),
    Event(0, "demand_shock", "", "KOR", "a slump", {"factor": 0.5}),
    Event(0, "chair", "", "KOR", "Korea in the chair", {"strength": 1}),
    Event(0, "input_cut", "", "JPN", "ships stay away", {"cut": 0.8, "weeks": 9}),
    Event(0, "transfer_stock", "KOR", "JPN", "a loan", {"tonnes": 5, "material": "dy_oxide"}),
    Event(0, "transfer_money", "USA", "JPN", "a grant", {"usd_m": 1}),
    Event(0, "transfer_stock", "JPN", "KOR", "a loan", {"tonnes": 5, "material": "dy_oxide"}),
    Event(0, "transfer_money", "KOR", "JPN", "its price", {"usd_m": 20}),
    Event(0, "news", "", "", "read this"),
]


def test_every_kind_has_a_good_example(plan: Scenario) -> None:
    assert {event.kind for event in GOOD} == set(KINDS)
    for event in GOOD:
        assert check_event(event, plan) is None, event
        for name in KINDS[event.kind].fields:
            event_value(event, name)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Event(0, "fire"), "'fire' is no kind of event"),
        (Event(0, "remarks", "JPN", "CHN"), "strength is missing"),
        (Event(0, "remarks", "JPN", "", "", {"strength": 0.5}), "target '' is no zone"),
        (Event(0, "remarks", "JPX", "CHN", "", {"strength": 0.5}), "actor 'JPX' is no actor"),
        (Event(0, "disaster", "", "MYS", "", {"cut": 1.5}), "cut must lie between 0 and 1"),
        (Event(0, "disaster", "", "MYS", "", {"cut": float("nan")}), "cut nan is not a number"),
        (Event(0, "disaster", "", "MYS", "", {"cut": 0.5, "size": 1}), "size is no field"),
        (Event(0, "transfer_stock", "KOR", "JPN", "", {"tonnes": -5, "material": "gallium"}),
         "tonnes must lie between 0 and"),
        (Event(0, "price_shock", "", "", "", {"factor": 2, "material": "gold"}),
         "'gold' is no material"),
        (Event(0, "transfer_stock", "", "JPN", "", {"tonnes": 5, "material": "gallium"}),
         "actor is missing: who gives"),
        (Event(0, "transfer_money", "", "JPN", "", {"usd_m": 5}), "actor is missing: who gives"),
        (Event(0, "disaster", "", "", "", {"cut": 0.5, "plant": "Nowhere Works"}),
         "plant 'Nowhere Works' is no plant of japan-2026: known are "),
        (Event(0, "disaster", "", "USA", "", {"cut": 0.5, "plant": "Mountain Pass mines"}),
         "in USA: did you mean Mountain Pass mine?"),
        (Event(0, "disaster", "", "JPN", "", {"cut": 0.5, "plant": "Mountain Pass mine"}),
         "plant 'Mountain Pass mine' stands in USA, not in JPN"),
        (Event(0, "disaster", "", "USA", "",
               {"cut": 0.5, "plant": "Mountain Pass mine", "material": "gallium"}),
         "plant 'Mountain Pass mine' makes ndpr_ore, not gallium"),
        (Event(0, "disaster", "", "USA", "", {"cut": 0.5, "plant": 7}),
         "plant 7 is not the name of a plant"),
    ],
)  # fmt: skip
def test_a_bad_event_is_told_with_its_field(plan: Scenario, event: Event, words: str) -> None:
    fault = check_event(event, plan)
    assert fault is not None
    assert words in fault


def test_every_plant_of_the_first_week_can_be_struck(plan: Scenario) -> None:
    for plant in named_plants(plan):
        data = {"cut": 0.5, "plant": plant.name, "material": plant.material}
        assert check_event(Event(0, "disaster", "", plant.zone, "", data), plan) is None, plant


def test_a_scenario_file_with_a_fire_nowhere_is_one_sentence(tmp_path: Path) -> None:
    fire = """[[events]]
date = 2025-12-01
kind = "disaster"
target = "MYS"
text = "A fire."
cut = 0.9
plant = "Nowhere Works"
"""
    text = (SHIPPED / "japan-2026.toml").read_text(encoding="utf-8")
    file = tmp_path / "fire.toml"
    file.write_text(f"{text}\n{fire}", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"plant: 'Nowhere Works' is no plant of .* in MYS"):
        load_scenario(file)


def test_what_is_left_out_has_its_default() -> None:
    event = Event(0, "disaster", "", "MYS", "", {"cut": 0.5})
    assert event_value(event, "weeks") == 13
    assert event_value(event, "material") == ""
