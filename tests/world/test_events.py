"""The table of kinds of events is what checks them."""

from __future__ import annotations

import pytest

from world.events import KINDS, Event, check_event, event_value
from world.scenario import Scenario, load_scenario


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
    ],
)  # fmt: skip
def test_a_bad_event_is_told_with_its_field(plan: Scenario, event: Event, words: str) -> None:
    fault = check_event(event, plan)
    assert fault is not None
    assert words in fault


def test_what_is_left_out_has_its_default() -> None:
    event = Event(0, "disaster", "", "MYS", "", {"cut": 0.5})
    assert event_value(event, "weeks") == 13
    assert event_value(event, "material") == ""
