"""What is refused, and in which words."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from world.decisions import Order, check_order
from world.scenario import Scenario, load_scenario


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return load_scenario("japan-2026")


def test_an_allowed_order_passes(plan: Scenario) -> None:
    assert check_order(Order(3, "KOR", "hub_policing", 0.8), plan, 3) is None
    assert check_order(Order(3, "CHN", "rung.JPN", 6), plan, 0) is None
    assert check_order(Order(3, "KOR", "stockpile_target_days", 100), plan, 0) is None


def test_whatever_carries_a_scenario_will_do(plan: Scenario) -> None:
    setting = SimpleNamespace(scenario=plan)
    assert check_order(Order(0, "KOR", "hub_policing", 0.8), setting, 0) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("actor", "lever", "value", "words"),
    [
        ("KOR", "hub_policing", 1.7, "hub_policing of KOR must lie between 0 and 1 (share)"),
        ("KOR", "hub_polcing", 0.7, "did you mean hub_policing?"),
        ("KOR", "flood.gallium", 0.1, "KOR does not have the lever flood, which belongs to CHN"),
        ("CHN", "hub_policing", 0.1, "which belongs to states but CHN"),
        ("KRO", "hub_policing", 0.1, "'KRO' is no actor of japan-2026: did you mean KOR?"),
        ("CHN", "ban_breadth.CHN", 0.1, "aims at an unknown zone"),
        ("KOR", "floor_usd_per_kg.gold", 1, "aims at an unknown material"),
        ("KOR", "protest.JPN", 1, "takes no index"),
        ("CHN", "travel_advice.JPN", 0.5, "takes whole numbers between 0 and 1 (flag)"),
        ("KOR", "hub_policing", math.nan, "needs a number between 0 and 1"),
        ("KOR", "offtake.ndpr_oxide", -5, "between 0 and 20000 (t/yr), -5 was given"),
    ],
)
def test_a_refusal_names_the_lever_and_the_range(
    plan: Scenario, actor: str, lever: str, value: float, words: str
) -> None:
    refusal = check_order(Order(0, actor, lever, value), plan, 0)
    assert refusal is not None
    assert words in refusal.reason
    assert refusal.reason.count(". ") == 0  # one sentence


def test_a_week_that_was_played_is_refused(plan: Scenario) -> None:
    refusal = check_order(Order(2, "KOR", "hub_policing", 0.5), plan, 3)
    assert refusal is not None
    assert "week 2, which has been played: the earliest is week 3" in refusal.reason
