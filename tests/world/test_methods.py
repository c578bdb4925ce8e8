"""Losses by the methods of others come out as published; the model's own need material to stop."""

from __future__ import annotations

import pytest

from agents.warmup import build_world
from runs.seats import Seats
from runs.turn import play_week
from world.draws import Draws
from world.facts import load_facts
from world.network.figures import chain_value
from world.phases.methods import yearly_shares
from world.scenario import LOSSES, ScenarioError, load_scenario


def loss(losses: str, variant: str) -> float:
    """Loss of the target in `japan-stop`, per cent of a year's GDP."""
    plan = load_scenario("japan-stop", {"losses": losses, "variant": variant, "users": 300})
    world, draws, seats = build_world(plan), Draws(1), Seats(plan)
    weeks = [play_week(world, draws, seats).account.zones for _ in range(plan.weeks)]
    lost = sum(float(zones["gdp_loss_share"][0, world.setting.target]) for zones in weeks)
    return 100.0 * lost / 52


def published(scenario: str) -> float:
    rows = load_facts().rows("macro", indicator="gdp_change", scenario=scenario)
    return -next(rows).number("value")


@pytest.mark.parametrize(
    ("losses", "variant", "study"),
    [
        ("nri", "quarter", "NRI_ree_3m"), ("nri", "year", "NRI_ree_12m"),
        ("dir", "year", "DIR_ree_12m"), ("dir", "minerals", "DIR_raremetals_12m"),
    ],
)  # fmt: skip
def test_a_study_is_met_by_its_own_method(losses: str, variant: str, study: str) -> None:
    assert loss(losses, variant) == pytest.approx(published(study), rel=0.05)


def test_without_buffers_a_short_stop_costs_what_buffers_save() -> None:
    bare, buffered = loss("no-buffers", "quarter"), loss("model", "quarter")
    assert 0.05 < bare < 0.2
    assert buffered < 0.5 * bare


def test_suppliers_of_lines_that_stand_still_lose_too() -> None:
    """Leontief's method costs two to four times the proportional one, by what a line buys."""
    value = chain_value()
    assert all(1.0 < one < 4.0 for one in value.values())
    assert value["vehicles"] > value["electronics"] > value["services"]
    ratio = loss("leontief", "year") / loss("no-buffers", "year")
    assert 1.9 < ratio < 3.2


def test_the_shares_are_those_of_the_table() -> None:
    assert yearly_shares("nri") == (pytest.approx(0.0043), 0.0)
    assert yearly_shares("dir") == (pytest.approx(0.013), pytest.approx(0.019))


def test_a_method_that_is_none_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match=r"losses: 'niri' is no method: .*nri"):
        load_scenario("japan-stop", {"losses": "niri"})
    assert LOSSES == ("model", "no-buffers", "leontief", "nri", "dir", "network")
