"""Policies in their seats: who is asked when, what becomes an order, and readers' own policies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.decide import decide
from agents.players import (
    Hold,
    Luck,
    PerLuck,
    Replay,
    Scripted,
    Turn,
    Wish,
    is_due,
    policies,
    policy_by_name,
    register,
)
from agents.states import default_players, state_wishes
from agents.view import StateView, state_view
from agents.warmup import build_world
from world.decisions import Order, check_order
from world.draws import Draws
from world.events import Event
from world.phases.calendar import enact, happen
from world.scenario import load_scenario
from world.state import World
from world.week import advance

Array = NDArray[np.float64]
Picture = Callable[..., StateView]
KINDS = ("cautious", "calibrated", "maximal")


class Plain:
    """A policy as a beginner writes it: `if` on numbers."""

    name = "plain"
    source = "a test"
    traits = ("any seat",)

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        if view.gdp_loss > 0.01:
            return [Wish("stockpile_release", 0.5, f"loss of {view.gdp_loss:.1%}")]
        if draws.uniform(view.week, "plain", 1)[0] < 0.5:
            return [Wish("stance", 0.3, "a coin")]
        return []


class Rash:
    """Orders what the rules do not allow, beside what they do."""

    name = "rash"
    source = "a test"
    traits = ("any seat",)

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        return [
            Wish("stance", 7.0, "out of range"),
            Wish("ban_breadth.JPN", 1.0, "not its lever"),
            Wish("protest", 1.0, "fine"),
            Wish("joint_statement", np.full(view.replicates, np.nan), "no change"),
        ]


@cache
def settled(replicates: int) -> World:
    return build_world(load_scenario("japan-2026"), users=400, replicates=replicates, weeks=4)


def stormy(replicates: int) -> World:
    world = settled(replicates).copy()
    world.zones.provocation[:, world.setting.coercer] = 0.8
    return world


def test_policies_decide_three_times_a_quarter() -> None:
    assert [week for week in range(27) if is_due(policy_by_name("hub_open"), week)] == [
        0, 4, 9, 13, 17, 22, 26,
    ]  # fmt: skip


def test_nobody_acts_between() -> None:
    world = stormy(1)
    players = default_players(world.setting.scenario)
    assert state_wishes(world, Draws(1), players)
    world.week = 2
    assert state_wishes(world, Draws(1), players) == []


def test_every_seat_of_the_default_scenario_is_played() -> None:
    players = default_players(load_scenario("japan-2026"))
    assert players["CHN"].name == "china_calibrated"
    assert {"JPN", "KOR", "USA", "EUU", "AUS", "VNM", "MYS", "THA", "MEX"} <= set(players)


def test_orders_are_valid_and_say_who_and_why() -> None:
    world = stormy(3)
    given = state_wishes(world, Draws(1, 3), default_players(world.setting.scenario))
    assert "rung.JPN" in {order.lever for order, _ in given if order.actor == "CHN"}
    for order, value in given:
        assert check_order(order, world.setting, world.week) is None
        assert order.by in policies()
        assert order.why
        assert value.shape == (3,)
        assert order.value in value


def test_a_luck_in_a_batch_decides_as_it_would_alone() -> None:
    together = state_wishes(stormy(3), Draws(5, 3), default_players(load_scenario("japan-2026")))
    for r in range(3):
        alone = state_wishes(stormy(1), Draws(5 + r), default_players(load_scenario("japan-2026")))
        batch = [
            (order.actor, order.lever, value[r])
            for order, value in together
            if value[r] == value[r]
        ]
        assert batch == [(order.actor, order.lever, value[0]) for order, value in alone]


def test_what_is_not_allowed_is_left_out() -> None:
    given = state_wishes(stormy(2), Draws(1, 2), {"KOR": Rash()})
    assert [order.lever for order, _ in given] == ["protest"]


def test_levers_that_a_run_holds_are_left_alone() -> None:
    world = stormy(1)
    held = replace(world.setting.scenario, held=("KOR.protest",))
    world.setting = replace(world.setting, scenario=held)
    assert state_wishes(world, Draws(1), {"KOR": Rash()}) == []


def test_where_states_hold_nobody_plays() -> None:
    assert default_players(replace(load_scenario("japan-2026"), states_hold=True)) == {}
    assert state_wishes(stormy(1), Draws(1), {"CHN": Hold()}) == []


# --- the ladder in the world --------------------------------------------------------------------


def climb(strength: float, persona: str = "china_calibrated", weeks: int = 14) -> Array:
    """Steps towards the target by week and luck when nobody but the policies acts."""
    world = settled(6).copy()
    setup = world.setting.scenario
    players = default_players(setup) | {"CHN": policy_by_name(persona)}
    draws, steps = Draws(1, 6), []
    if strength:
        happen(world, Event(0, "remarks", "JPN", "CHN", "", {"strength": strength}))
    for _ in range(weeks):
        for order, value in state_wishes(world, draws, players):
            enact(world, order, value)
        advance(world, decide(world, draws), draws)
        steps.append(state_view(world, "CHN").rung["JPN"])
    return np.array(steps)


def test_remarks_make_the_coercer_climb_without_any_calendar() -> None:
    steps = climb(0.8)
    assert np.all(steps[5] >= 3)
    assert (steps.max(axis=0) >= 5).mean() >= 0.5, "a ban follows in most lucks"


def test_without_remarks_nothing_happens() -> None:
    assert climb(0.0).max() == 0


def test_personas_differ_in_how_far_they_go() -> None:
    heights = [climb(0.8, f"china_{kind}").max(axis=0).mean() for kind in KINDS]
    assert heights == sorted(heights)
    assert heights[0] < 5 < 7 < heights[2]


# --- scripts, records and readers' policies -----------------------------------------------------


def test_a_script_keeps_to_its_calendar_and_seat(picture: Picture) -> None:
    script = Scripted(
        [Order(3, "KOR", "stance", 0.5, why="as agreed"), Order(3, "JPN", "stance", 1)]
    )
    assert is_due(script, 3)
    assert not is_due(script, 4)
    assert script.decide(picture("KOR", week=3), Draws(1)) == [Wish("stance", 0.5, "as agreed")]
    assert script.decide(picture("KOR", week=2), Draws(1)) == []


def test_a_record_gives_back_what_its_seat_ordered(picture: Picture) -> None:
    record = Replay([Order(9, "CHN", "rung.JPN", 6, by="china_calibrated", why="then")])
    assert record.decide(picture("CHN", week=9), Draws(1)) == [Wish("rung.JPN", 6, "then")]


def test_a_plain_policy_is_asked_once_a_luck(picture: Picture) -> None:
    view = picture("JPN", 3, gdp_loss=np.array([0.0, 0.02, 0.0]))
    draws = Draws(2, 3)
    wishes = {wish.lever: wish for wish in PerLuck(Plain()).decide(view, draws)}
    coins = draws.uniform(0, "plain", 1)[:, 0]
    stance = np.where(coins < 0.5, 0.3, np.nan)
    stance[1] = np.nan
    np.testing.assert_array_equal(wishes["stockpile_release"].value, [np.nan, 0.5, np.nan])
    assert wishes["stockpile_release"].why == "loss of 2.0%"
    if not np.isnan(stance).all():
        np.testing.assert_array_equal(wishes["stance"].value, stance)


def test_a_readers_policy_is_known_by_name() -> None:
    register(PerLuck(Plain()))
    assert policy_by_name("plain").source == "a test"
    with pytest.raises(ValueError, match="already a policy 'plain'"):
        register(Hold.__new__(type("Other", (Hold,), {"name": "plain"})))


def test_an_unknown_policy_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"no policy 'china_calm'.*china_"):
        policy_by_name("china_calm")


# --- a turn -------------------------------------------------------------------------------------


def test_a_turn_leaves_out_what_changes_nothing(picture: Picture) -> None:
    turn = Turn(picture("KOR", 2, levers={"KOR.stance": np.array([0.5, 0.0])}))
    turn.set("stance", 0.5, True, "leans {:.1f}", 0.5)
    (wish,) = turn.wishes
    np.testing.assert_array_equal(wish.value, [np.nan, 0.5])
    assert wish.why == "leans 0.5"


def test_the_first_wish_for_a_lever_stands_and_so_do_the_first_few(picture: Picture) -> None:
    turn = Turn(picture("KOR"), most=2)
    turn.set("stance", 0.5, True, "first")
    turn.set("stance", -0.5, True, "second")
    turn.set("protest", 1, True, "third")
    turn.set("joint_statement", 1, True, "too many")
    assert [(wish.lever, wish.why) for wish in turn.wishes] == [
        ("stance", "first"),
        ("protest", "third"),
    ]


def test_values_keep_to_the_range_and_whole_where_they_must(picture: Picture) -> None:
    turn = Turn(picture("KOR"))
    turn.set("stance", 3.0)
    turn.set("concession", 1.4)
    values: dict[str, Any] = {wish.lever: float(np.ravel(wish.value)[0]) for wish in turn.wishes}
    assert values == {"stance": 1.0, "concession": 1.0}


def test_the_most_urgent_material_comes_first(picture: Picture) -> None:
    view = picture("USA", 2)
    urgency = np.array([[1.0, 3.0, 2.0], [5.0, 0.0, 4.0]])
    turn = Turn(view)
    turn.set_most("offtake", 100.0, urgency > 0.5, urgency, "{material} by {:.0f}", urgency)
    found = {wish.lever: wish.value for wish in turn.wishes}
    np.testing.assert_array_equal(found["offtake.dy_oxide"], [np.nan, 100])
    np.testing.assert_array_equal(found["offtake.ndpr_oxide"], [100, np.nan])
    assert {wish.why for wish in turn.wishes} == {"dy_oxide by 5", "ndpr_oxide by 3"}
