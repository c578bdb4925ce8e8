"""Laws that firms live by: use, sums over groups, stocks, capacity (7.1-7.4, 7.11, 7.17)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from world.laws.capacity import (
    commission,
    hurdle,
    overbuilding,
    revenue_under_floor,
    wanted_utilisation,
    worth_building,
)
from world.laws.flows import Groups, ratio, receive, sigmoid, smooth
from world.laws.stockpiles import purchase, raise_lowest
from world.laws.use import draw_down, research_rate, save_material, staying, thrift

tonnes = st.floats(0.0, 1e6)
rows = arrays(float, (2, 6), elements=tonnes)


# --- use --------------------------------------------------------------------------------------


@given(need=rows, chinese=rows, other=rows)
def test_a_line_uses_what_it_has_up_to_its_need_in_the_mix_it_holds(need, chinese, other) -> None:
    stock = np.stack([chinese, other], axis=1)
    taken, total = draw_down(need, stock)
    held = chinese + other
    assert (taken >= 0).all()
    assert (taken <= stock).all()
    assert np.allclose(total, np.minimum(need, held), rtol=1e-12)
    assert np.allclose(taken.sum(axis=1), total, rtol=1e-9, atol=1e-9)
    share = ratio(chinese, held, 0.0)
    assert np.allclose(taken[:, 0], share * total, rtol=1e-9, atol=1e-9)


def test_nothing_is_shed_at_the_base_price_and_all_that_can_be_far_above() -> None:
    shed = thrift(np.log(np.array([0.5, 1.0, 2.0, 4.0, 1e4])), 0.7, 2.0)
    assert shed[0] == 0.0
    assert shed[1] == pytest.approx(0.0, abs=1e-12)
    assert (np.diff(shed[1:]) > 0).all()
    assert shed[-1] == pytest.approx(1.0, abs=1e-4)


def test_a_user_leaves_around_its_reservation_price() -> None:
    log_v, width = np.log(25.0), 0.25
    at_base = 1.0 / (1.0 + np.exp(-log_v / width))
    price = np.log(np.array([0.3, 1.0, 10.0, 25.0, 60.0]))
    stays = staying(price, np.full(5, log_v), np.full(5, at_base), width)
    assert stays[:2] == pytest.approx([1.0, 1.0])
    assert stays[2] > 0.95
    assert stays[3] == pytest.approx(0.5, rel=1e-3)
    assert stays[4] < 0.05


@given(
    a=arrays(float, 5, elements=st.floats(0.4, 1.0)),
    price=arrays(float, 5, elements=st.floats(-2.0, 5.0)),
)
def test_saving_is_a_ratchet(a, price) -> None:
    after = save_material(a, price, 0.25, 0.4, 2.0)
    assert (after <= a + 1e-15).all()
    assert (after >= 0.4).all()
    assert (after[price <= 0] == a[price <= 0]).all(), "low prices undo nothing"


def test_a_year_at_e_times_the_price_saves_a_quarter_of_it() -> None:
    a = np.ones(1)
    for _ in range(52):
        a = save_material(a, np.ones(1), 0.25, 0.4, 2.0)
    assert a[0] == pytest.approx(np.exp(-0.25), rel=1e-9)


def test_research_gives_half_its_effect_at_the_half_sum() -> None:
    assert research_rate(np.array([1e6]), np.array([1e9]), 1e-3)[0] == pytest.approx(0.5)
    assert research_rate(np.zeros(1), np.zeros(1), 1e-3)[0] == 0.0


# --- sums and pipelines -----------------------------------------------------------------------


@given(seed=st.integers(0, 10**6), n=st.integers(1, 9000), groups=st.integers(1, 12))
def test_sums_by_group_do_not_depend_on_how_many_lucks_run_together(seed, n, groups) -> None:
    rng = np.random.default_rng(seed)
    sums = Groups(rng.integers(0, groups, n), groups)
    values = rng.lognormal(size=(3, 2, n))
    together = sums.sum(values)
    for r in range(3):
        assert together[r].tobytes() == sums.sum(values[r : r + 1])[0].tobytes()
    assert np.allclose(together.sum(axis=-1), values.sum(axis=-1), rtol=1e-12)
    assert (sums.spread(together)[..., 0] == together[..., sums.index[0]]).all()


def test_what_is_due_arrives_once() -> None:
    pipe = np.arange(24.0).reshape(1, 3, 2, 4)
    stock, total = np.zeros((1, 2, 4)), pipe.sum()
    came = receive(stock, pipe, 1)
    assert stock.sum() + pipe.sum() == total
    assert (came == stock).all()
    assert receive(stock, pipe, 1).sum() == 0.0


def test_helpers_are_safe_at_the_edges() -> None:
    assert ratio(np.ones(2), np.array([0.0, 2.0]), 7.0).tolist() == [7.0, 0.5]
    assert sigmoid(np.array([-1e9, 0.0, 1e9])) == pytest.approx([0.0, 0.5, 1.0])
    assert smooth(np.ones(1), np.full(1, 3.0), 0.25)[0] == 1.5


# --- public stocks ----------------------------------------------------------------------------


@given(
    stock=arrays(float, (2, 8), elements=st.floats(0.0, 100.0)),
    use=arrays(float, (2, 8), elements=st.floats(0.1, 10.0)),
    offered=arrays(float, (2, 2), elements=st.floats(0.0, 200.0)),
)
def test_releases_lift_the_lowest_covers_first(stock, use, offered) -> None:
    users = Groups(np.array([0, 0, 0, 0, 1, 1, 1, 1]), 2)
    got = raise_lowest(stock, use, offered, 4.0, users)
    assert (got >= 0).all()
    assert (users.sum(got) <= offered * (1 + 1e-9) + 1e-9).all(), "no more than is released"
    cover = (stock + got) / use
    assert (cover[got > 0] <= 4.0 + 1e-9).all(), "nobody is lifted above the trigger"
    for r in range(2):
        for market, part in ((0, slice(0, 4)), (1, slice(4, 8))):
            served = got[r, part] > 1e-9
            if served.any() and not served.all():
                level = cover[r, part][served].max()
                above = stock[r, part][~served] / use[r, part][~served]
                assert (above >= level - 1e-6).all(), market


def test_a_state_buys_what_is_missing_over_the_time_it_gives_itself() -> None:
    buys = purchase(np.array([260.0, 100.0]), np.array([0.0, 150.0]), 26.0)
    assert buys.tolist() == [10.0, 0.0]


# --- capacity ---------------------------------------------------------------------------------


@given(
    price=st.floats(0.1, 5.0), floor=st.floats(0.1, 5.0), volatility=st.floats(0.1, 0.6)
)
def test_a_floor_adds_revenue_and_takes_risk_away(price, floor, volatility) -> None:
    value, left = revenue_under_floor(np.array([price]), np.array([floor]), volatility, 10.0)
    assert value[0] >= max(price, floor) - 1e-9
    assert 0.0 <= left[0] <= volatility
    bare, risk = revenue_under_floor(np.array([price]), np.zeros(1), volatility, 10.0)
    assert bare[0] == price
    assert risk[0] == volatility
    more, _ = revenue_under_floor(np.array([price]), np.array([floor * 1.1]), volatility, 10.0)
    assert more[0] >= value[0]


def test_risk_makes_investors_wait() -> None:
    wait = hurdle(np.array([0.0, 0.1, 0.3, 0.6]), 0.1)
    assert wait[0] == 1.0
    assert (np.diff(wait) > 0).all()


def test_subsidy_and_distrust_of_the_coercer_let_a_project_start() -> None:
    value, wait, cost = np.full(1, 1.7), np.full(1, 1.0), np.full(1, 1.8)

    def builds(subsidy: float, distrust: float) -> bool:
        support, felt = np.full(1, subsidy), np.full(1, distrust)
        return bool(worth_building(value, wait, cost, support, felt, 0.4, 0.15)[0])

    assert not builds(0.0, 0.0)
    assert builds(0.2, 0.0)
    assert builds(0.0, 0.5)


@given(signal=st.floats(0.01, 20.0), normal=st.floats(0.3, 0.95), elasticity=st.floats(0.0, 1.0))
def test_utilisation_is_normal_at_the_base_price_and_bounded(signal, normal, elasticity) -> None:
    def aim(x: float) -> float:
        return float(
            wanted_utilisation(
                np.array([normal]), np.array([x]), np.array([elasticity]), 0.3, np.ones(1)
            )[0]
        )

    assert aim(1.0) == pytest.approx(normal)
    assert 0.3 * normal - 1e-12 <= aim(signal) <= 1.0
    assert aim(signal * 1.1) >= aim(signal) - 1e-12


def test_commissioning_is_a_straight_line_up_to_full_use() -> None:
    full, step = np.array([0.85, 0.85, 0.4]), np.array([0.1, 0.85, 0.1])
    normal = np.array([0.0, 0.0, 0.4])  # a slow start, one that is ready at once, one that is old
    path = [normal := commission(normal, full, step) for _ in range(10)]
    assert np.allclose(path[0], [0.1, 0.85, 0.4])
    assert np.allclose(path[7][0], 0.8)
    assert np.allclose(path[-1], full)


def test_a_plant_in_its_commissioning_makes_no_more_for_a_better_price() -> None:
    normal = np.array([0.2])
    dear = wanted_utilisation(normal, np.array([5.0]), np.array([0.5]), 0.3, normal)
    cheap = wanted_utilisation(normal, np.array([0.5]), np.array([0.5]), 0.3, normal)
    assert dear == normal
    assert cheap < normal


def test_capacity_is_added_after_dear_years_only_and_not_faster_than_it_can_be_built() -> None:
    growth = overbuilding(np.log(np.array([0.5, 1.0, 1.5, 2.0, 30.0, 60.0])), 0.4, 0.7)
    assert (growth[:2] == 0.0).all()
    assert (np.diff(growth[1:5]) > 0).all()
    assert growth[5] == growth[4] == pytest.approx(0.4 * 0.7 / 52)


def test_added_capacity_makes_no_more_at_the_same_price() -> None:
    """It lowers utilisation one for one and raises what could be made at most."""
    signal, elasticity, top = np.array([0.7]), np.array([0.5]), np.ones(1)
    before = 100.0 * wanted_utilisation(np.array([0.7]), signal, elasticity, 0.3, top)
    after = 150.0 * wanted_utilisation(np.array([0.7 / 1.5]), signal, elasticity, 0.3, top)
    assert after == pytest.approx(before)
    boom = np.array([9.0])
    assert 150.0 * wanted_utilisation(np.array([0.7 / 1.5]), boom, elasticity, 0.3, top) > 100.0
