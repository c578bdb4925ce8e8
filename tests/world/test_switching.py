"""Who changes sources, how fast, and what is left of a crisis (ODD 7.5, 7.8, 7.10, 7.17)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.refiners import price_seen
from agents.users import CHINA, OTHER, adjustment, contracted, new_shares
from agents.warmup import build_world
from runs.game import Game
from world.laws.capacity import RUNNING
from world.laws.diplomacy import fear
from world.laws.market import reference_log_price
from world.regime import buyers_gap
from world.scenario import load_scenario
from world.state import World

part = st.floats(0.0, 1.0)


def one(x: float) -> np.ndarray:
    return np.array([x])


# --- laws ---------------------------------------------------------------------------------------


@given(before=part, denied=part)
def test_fear_stays_between_none_and_all_and_grows_with_what_is_denied(before, denied) -> None:
    after = fear(one(before), one(denied), 0.25, 52.0)[0]
    assert 0.0 <= after <= 1.0
    assert after >= fear(one(before), one(0.0), 0.25, 52.0)[0]


def test_a_quarter_of_denial_is_remembered_and_two_years_of_calm_forget_it() -> None:
    level = one(0.0)
    for _ in range(13):
        level = fear(level, one(1.0), 0.25, 52.0)
    assert level[0] > 0.7
    for _ in range(104):
        level = fear(level, one(0.0), 0.25, 52.0)
    assert level[0] < 0.15


def test_bulk_goods_change_hands_faster_and_nothing_beyond_the_cap() -> None:
    slow, usual, fast = (adjustment(one(0.8), 0.01, 0.1, 0.5, pace)[0] for pace in (0.7, 1.0, 4.0))
    assert slow < usual < fast
    assert adjustment(one(0.0), 0.01, 0.1, 0.5, 100.0)[0] == 0.5


def test_a_small_seller_does_not_set_the_price() -> None:
    dearer, cost, let_go = one(1.1), one(2.0), one(1.0)
    small, large = (
        reference_log_price(dearer, cost, one(share), let_go, min(1.0, share / 0.5))[0]
        for share in (0.08, 0.9)
    )
    assert large == pytest.approx(np.log(1.1))
    assert 0.0 < small < 0.2 * large


def test_nobody_wants_more_than_is_left_by_contracts_and_ceilings() -> None:
    share = np.array([0.9, 0.1, 0.0]).reshape(1, 3, 1)
    wanted, open_ = share.copy(), np.ones((1, 3, 1))
    for _ in range(400):
        share = new_shares(share, wanted, open_, np.full((1, 1), 0.05), 0.75, np.full((1, 1), 0.3))
    assert share[0, CHINA, 0] == pytest.approx(0.3, abs=1e-6)
    assert share[0, OTHER, 0] == pytest.approx(0.7, abs=1e-6)


# --- what buyers bought before it was built -----------------------------------------------------


@pytest.fixture
def restarted() -> tuple[World, int]:
    """2009, with the one plant to come that sold ahead at work; (world, its place)."""
    world = build_world(load_scenario("senkaku-2010").override({"users": 200}))
    setting = world.setting
    plant = int(np.flatnonzero(setting.sold_ahead > 0)[0])
    world.plants.status[:, plant] = RUNNING
    world.plants.output[:, plant] = 0.2 * world.plants.capacity[:, plant]
    return world, plant


def test_plants_have_promised_what_the_tables_say() -> None:
    setting = build_world(load_scenario("japan-2026").override({"users": 200})).setting
    published = [plant.offtake_share for plant in setting.base.plants]
    assert setting.plants.offtake_share.tolist() == published
    assert 3 < np.count_nonzero(published) < len(published) / 4
    assert setting.sold_ahead.any()


def test_what_was_sold_ahead_binds_its_buyers_as_far_as_the_plant_delivers(restarted) -> None:
    world, plant = restarted
    traits = world.setting.plants
    buyer = traits.material[plant] * world.setting.Z + traits.offtake_zone[plant]
    few = contracted(world)[0]
    assert 0.0 < few[buyer] < 1.0
    assert np.count_nonzero(few) == 1
    world.plants.output[:, plant] = world.plants.capacity[:, plant]
    assert contracted(world)[0, buyer] > few[buyer]
    world.plants.output[:, plant] = 0.0
    assert not contracted(world).any()


def test_no_tonne_is_bound_twice_where_the_state_contracts_the_plant_too(restarted) -> None:
    world, plant = restarted
    traits, setting = world.setting.plants, world.setting
    zone, material = traits.offtake_zone[plant], traits.material[plant]
    buyer = material * setting.Z + zone
    need = setting.user_markets.sum(world.users.expected_need)[0, buyer]
    able, sold = world.plants.capacity[0, plant], traits.offtake_share[plant]
    world.plants.output[:] = 0.0
    world.plants.output[:, plant] = 0.5 * able
    for state, bound in ((0.0, sold), (0.1, sold), (0.4, sold), (0.49, 0.49), (1.0, 0.5)):
        world.regime["offtake"][:, zone, material] = 52.0 * state * able
        assert contracted(world)[0, buyer] == pytest.approx(bound * able / need)


def test_buyers_pay_up_to_the_agreed_price_and_only_for_what_they_bought(restarted) -> None:
    world, plant = restarted
    agreed = world.setting.ahead_price[plant]
    prices = [0.5 * agreed, 0.9 * agreed, agreed, 2.0 * agreed]
    paid = [buyers_gap(world, np.full_like(world.plants.cost, p))[0] for p in prices]
    assert paid[0][plant] > paid[1][plant] > paid[2][plant] == paid[3][plant] == 0.0
    others = np.delete(paid[0], np.flatnonzero(world.setting.sold_ahead > 0))
    assert not others.any()
    assert price_seen(world, world.law)[0][0, plant] > world.markets.price[0].min()


# --- a crisis in a bulk good --------------------------------------------------------------------


def shares_after(*weeks: int, **parameters: float) -> list[float]:
    """The coercer's share in Korea's orders so many weeks after the hold of October 2021."""
    plan = load_scenario("urea-2021").override(
        {"users": 60, "weeks": 41 + weeks[-1]}
        | {f"parameters.{name}": value for name, value in parameters.items()}
    )
    game = Game(plan, seed=1)
    setting, found = game.setting, []
    here = setting.users.zone == setting.target
    orders = setting.users.need[here]
    for _ in range(game.horizon):
        game.step()
        if game.world.week - 41 in weeks:
            bought = game.world.users.share[0, CHINA, here] * orders
            found.append(float(bought.sum() / orders.sum()))
    return found


def test_who_was_denied_deliveries_buys_elsewhere_and_comes_back_as_the_fear_fades() -> None:
    before, after_a_season, later = shares_after(-1, 26, 84)
    assert before == pytest.approx(0.97, abs=0.01)
    assert after_a_season < 0.75
    assert later > after_a_season + 0.05
    assert shares_after(26, fear_premium=0.0)[0] > after_a_season + 0.1
