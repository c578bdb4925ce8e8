"""Laws between firms and states: licences, allocation, prices, detection, floors, leverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from world.laws.diplomacy import distrust, felt_distrust
from world.laws.floors import border_tariff, difference_payment, leak
from world.laws.flows import Groups
from world.laws.inspection import (
    announce_risk,
    believe,
    detection_probability,
    perceived_hazard,
)
from world.laws.licensing import (
    accepted_orders,
    applications,
    breadth_in_force,
    clearance,
    desk_share,
    fill_quota,
    is_closed,
    without_retries,
)
from world.laws.market import (
    allocate_outside,
    fall_speed,
    move_price,
    price_level,
    reference_log_price,
    threat_premium,
)
from world.laws.output import concession_odds, leverage, supply_gauge

share = st.floats(0.0, 1.0)
four_shares = arrays(float, 4, elements=share)
four = arrays(float, 4, elements=st.floats(0.0, 1e4))


def one(x: float) -> np.ndarray:
    return np.array([x])


# --- licences (7.6) ---------------------------------------------------------------------------


@given(orders=four, licences=four, duty=four_shares, breadth=four_shares)
def test_no_more_clears_than_is_ordered_licensed_and_allowed(
    orders, licences, duty, breadth
) -> None:
    some, none = np.ones(4), np.zeros(4)
    most, licensed = clearance(orders, licences, duty, breadth, some)
    assert (most <= orders * (1 - breadth) * (1 + 1e-12) + 1e-12).all()
    assert (licensed <= licences + 1e-9).all()
    assert (most >= licensed - 1e-9).all()
    assert clearance(orders, licences, duty, np.ones(4), some)[0].max() == 0.0
    free, _ = clearance(orders, licences, np.zeros(4), np.zeros(4), some)
    assert np.allclose(free, orders)
    held, used = clearance(orders, licences, duty, breadth, none)
    assert used.max() == 0.0
    assert np.allclose(held, (1 - breadth) * (1 - duty) * orders)


def test_applications_ask_for_orders_and_for_the_missing_balance() -> None:
    asked = applications(one(10.0), one(0.0), one(10.0), one(1.0), 4.0, 10.0)
    assert asked[0] == pytest.approx(10.0 + 40.0 / 10.0)
    assert applications(one(10.0), one(99.0), one(10.0), one(1.0), 4.0, 10.0)[0] == 10.0
    assert applications(one(10.0), one(0.0), one(10.0), one(0.0), 4.0, 10.0)[0] == 0.0


def test_a_ban_reaches_only_what_is_in_scope_and_listing_adds_to_it() -> None:
    held = breadth_in_force(np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.2, 0.2]), np.ones(3))
    assert held == pytest.approx([0.5, 0.6, 0.2])
    assert breadth_in_force(one(1.0), one(1.0), one(0.0))[0] == 0.0


@given(four, st.floats(0.0, 1e4))
def test_exporters_take_on_the_same_part_of_every_order(orders: np.ndarray, most: float) -> None:
    taken = accepted_orders(orders.reshape(1, 1, 4), np.array([[most]]))[0, 0]
    assert taken.sum() <= max(most, 1e-9) * (1 + 1e-9) or np.allclose(taken, orders)
    assert (taken <= orders * (1 + 1e-12)).all()
    assert np.allclose(taken * orders.sum(), orders * taken.sum())


def test_a_desk_decides_a_small_pile_whole_and_of_a_large_one_what_its_staff_can() -> None:
    pile = np.array([[[0.0, 2.0, 4.0], [0.0, 20.0, 40.0]]])
    share = desk_share(pile, np.array([[12.0, 12.0]]))
    assert share[0].tolist() == [1.0, 0.2]


def test_who_was_refused_does_not_ask_again_at_once() -> None:
    """At an approval of a half a steady gap gets a half of the need, not all of it later."""
    refused, approved = one(0.0), 0.0
    for _ in range(200):
        asked = without_retries(one(1.6), refused, 6.0)
        refused = (1.0 - 1.0 / 13.0) * refused + 0.5 * asked
        approved = float(0.5 * asked[0])
    assert 0.3 < approved < 0.5
    assert without_retries(one(1.0), one(99.0), 6.0)[0] == 0.0
    assert without_retries(one(1.0), one(0.0), 6.0)[0] == 1.0


def test_a_channel_is_closed_by_a_full_ban_or_a_duty_without_any_licence() -> None:
    closed = is_closed(
        np.array([1.0, 0.99, 0.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0, 1.0, 0.9]),
        np.array([1.0, 1.0, 0.0, 0.0, 0.0]), np.array([5.0, 5.0, 0.0, 1.0, 0.0]),
    )  # fmt: skip
    assert closed.tolist() == [True, False, True, False, False]


@given(
    wanted=st.floats(0.0, 1e3), left=st.floats(0.0, 1e4), held=st.floats(0.0, 1e4),
    weeks=st.floats(0.0, 52.0),
)  # fmt: skip
def test_a_quota_is_never_exceeded(wanted, left, held, weeks) -> None:
    scale = float(fill_quota(one(wanted), one(left), one(held), one(weeks), 2.0)[0])
    assert 0.0 <= scale <= 1.0
    assert scale * wanted <= left * (1 + 1e-9) + 1e-9
    # what customs held may leave besides, so it never makes an exporter wait longer
    assert scale >= float(fill_quota(one(wanted), one(left), one(0.0), one(weeks), 2.0)[0])


# --- allocation and prices (7.8) --------------------------------------------------------------


@given(
    supply=arrays(float, (2, 3), elements=st.just(0.0) | st.floats(1e-6, 100.0)),
    weight=arrays(float, (2, 3, 4), elements=st.just(0.0) | st.floats(1e-6, 5.0)),
    orders=arrays(float, (2, 2, 4), elements=st.just(0.0) | st.floats(1e-6, 50.0)),
)
def test_plants_ship_no_more_than_they_have_and_zones_get_no_more_than_they_ask(
    supply, weight, orders
) -> None:
    pool = Groups(np.array([0, 0, 1]), 2)
    sent = allocate_outside(supply, weight, orders, pool)
    assert (sent >= 0).all()
    assert (sent.sum(axis=-1) <= supply * (1 + 1e-9) + 1e-9).all()
    got = pool.sum(np.ascontiguousarray(sent.swapaxes(-1, -2))).swapaxes(-1, -2)
    assert (got <= orders * (1 + 1e-9) + 1e-9).all()
    assert (sent[weight == 0] == 0).all()


def test_what_one_zone_cannot_take_goes_to_the_others() -> None:
    sent = allocate_outside(
        np.array([[10.0]]), np.array([[[9.0, 1.0]]]), np.array([[[2.0, 20.0]]]),
        Groups(np.array([0]), 1),
    )  # fmt: skip
    assert sent[0, 0] == pytest.approx([2.0, 8.0])


def test_the_reference_is_the_chinese_price_until_the_channel_closes() -> None:
    chinese, outside, base = np.full(3, 1.0), np.full(3, 2.0), np.array([0.9, 0.9, 0.0])
    log = reference_log_price(chinese, outside, base, np.array([1.0, 0.0, 0.0]))
    assert log[0] == 0.0
    assert log[1] == pytest.approx(0.9 * np.log(2.0))
    assert log[2] == 0.0, "who buys nothing from the coercer does not feel a ban"


def test_unfilled_orders_and_thin_cover_raise_the_price_and_plenty_lowers_it() -> None:
    def level(orders: float, filled: float, cover: float) -> float:
        ratios = one(orders), one(filled), one(cover)
        return float(price_level(one(0.0), *ratios, 0.5, 0.5, -1.0, 3.0)[0])

    assert level(10.0, 10.0, 1.0) == 0.0
    assert level(0.0, 0.0, 1.0) == 0.0
    assert level(10.0, 5.0, 1.0) == pytest.approx(0.5 * np.log(2.0))
    assert level(10.0, 0.0, 1.0) == pytest.approx(1.5), "capped: quotes do not go to infinity"
    assert level(10.0, 10.0, 2.0) > 0 > level(10.0, 10.0, 0.5)


@given(price=st.floats(0.1, 60.0), level=st.floats(-50.0, 50.0))
def test_a_price_moves_towards_its_level_by_at_most_a_step(price, level) -> None:
    new = float(move_price(one(price), one(level), 0.35, 0.35, 0.3, 0.1, 60.0)[0])
    assert 0.1 <= new <= 60.0
    assert abs(np.log(new / price)) <= 0.3 + 1e-12
    toward = level - np.log(price)
    assert np.log(new / price) * toward >= -1e-12


# --- detection and belief (7.9) ---------------------------------------------------------------


@given(
    effort=st.floats(0.0, 20.0), anomaly=st.floats(-3.0, 3.0), trace=share, help_=share,
    size=st.floats(0.01, 12.0),
)  # fmt: skip
def test_detection_grows_with_everything_that_exposes(effort, anomaly, trace, help_, size) -> None:
    def caught(**more: float) -> float:
        x = {"effort": effort, "anomaly": anomaly, "trace": trace, "help_": help_, "size": size}
        x |= more
        return float(
            detection_probability(
                one(x["effort"]), one(x["anomaly"]), one(x["trace"]), one(x["help_"]),
                one(x["size"]), 0.004, 0.03, 0.01,
            )[0]
        )  # fmt: skip

    assert 0.0 <= caught() <= 1.0
    assert caught(effort=0.0) == 0.0
    for name, value in {
        "effort": effort + 1, "anomaly": anomaly + 1, "trace": trace + 0.1, "help_": help_ + 0.1,
        "size": size + 1,
    }.items():  # fmt: skip
        assert caught(**{name: value}) >= caught() - 1e-12


def test_fear_comes_fast_and_goes_slowly() -> None:
    up = believe(one(0.01), one(0.2), one(1.0), one(True), 0.002, 0.3, one(0.02))
    down = believe(one(0.2), one(0.01), one(1.0), one(True), 0.002, 0.3, one(0.02))
    assert up[0] - 0.01 == pytest.approx(0.3 * 0.19)
    assert 0.2 - down[0] == pytest.approx(0.02 * 0.19)
    # where nobody diverts fear fades to what was believed at first, and never rises to it
    unseen = one(0.0), one(1.0), one(False), 0.002, 0.3, one(0.02)
    idle = [believe(one(belief), *unseen) for belief in (0.2, 0.0)]
    assert 0.2 - idle[0][0] == pytest.approx(0.02 * (0.2 - 0.002))
    assert idle[1][0] == 0.0
    named = believe(one(0.01), one(0.2), one(3.0), one(True), 0.002, 0.3, one(0.02))
    assert named[0] > up[0]
    assert believe(one(0.5), one(0.9), one(3.0), one(True), 0.002, 1.0, one(0.02))[0] == 1.0


def test_an_announcement_counts_as_far_as_it_is_believed() -> None:
    assert announce_risk(one(0.002), one(0.7), one(1.0), 0.05)[0] == pytest.approx(0.035)
    assert announce_risk(one(0.002), one(0.0), one(1.0), 0.05)[0] == 0.002
    assert announce_risk(one(0.1), one(1.0), one(1.0), 0.05)[0] == 0.1


def test_a_large_trader_sees_a_larger_risk() -> None:
    risk = perceived_hazard(np.full(3, 0.05), np.array([0.1, 1.0, 7.0]))
    assert (np.diff(risk) > 0).all()
    assert risk[1] == pytest.approx(0.05)


# --- distrust (7.10), floors (7.12), leverage (7.13) ------------------------------------------


def test_distrust_grows_with_dependence_and_with_what_is_withheld_and_fades() -> None:
    start = np.array([[0.2, 0.2, 0.2, 0.2]])
    withheld, dependence = np.array([[1.0, 1.0, 0.1, 0.0]]), np.array([[0.9, 0.1, 0.9, 0.9]])
    after = distrust(start, withheld, dependence, 0.08, 78.0)[0]
    assert after[0] > after[1] > 0.2 > after[3]
    assert after[0] > after[2] > after[3]


def test_a_small_part_withheld_for_years_teaches_little_and_all_of_it_nearly_everything() -> None:
    held = np.zeros((1, 3))
    for _ in range(520):
        held = distrust(held, np.array([[0.02, 0.3, 1.0]]), np.full((1, 3), 0.8), 0.08, 78.0)
    assert held[0, 0] < 0.1 < 0.5 < held[0, 1] < 0.7 < held[0, 2] < 1.0


@given(r=arrays(float, (2, 5), elements=share))
def test_coercing_one_teaches_all(r) -> None:
    felt = felt_distrust(r, 0.3)
    for luck in range(2):
        for zone in range(5):
            others = np.delete(r[luck], zone).max()
            assert felt[luck, zone] == pytest.approx(min(1.0, r[luck, zone] + 0.3 * others))


@given(price=st.floats(0.1, 5.0), floor=st.floats(0.0, 5.0))
def test_both_forms_of_a_floor_bring_the_seller_to_it(price, floor) -> None:
    assert price + border_tariff(one(price), one(floor))[0] == pytest.approx(max(price, floor))
    assert price + difference_payment(one(price), one(floor))[0] == pytest.approx(max(price, floor))


def test_a_floor_leaks_through_parts_and_the_leak_closes_with_the_gap() -> None:
    leaked = np.zeros(1)
    for _ in range(104):
        leaked = leak(leaked, one(1.4), one(0.4), 0.02, 0.5)
    assert 0.3 < leaked[0] <= 0.5
    assert leak(leaked, one(0.0), one(0.4), 0.02, 0.5)[0] < leaked[0]
    assert leak(np.zeros(1), one(1.4), one(1.5), 0.02, 0.5)[0] == 0.0


def test_the_last_points_of_dependence_carry_most_of_the_leverage() -> None:
    power = leverage(
        np.full(4, 0.03), np.full(4, 2.0), np.array([0.99, 0.9, 0.5, 0.0]), np.zeros(4), 26.0,
        0.995, 1.1,
    )  # fmt: skip
    assert (np.diff(power) < 0).all()
    assert power[-1] == 0.0
    assert power[0] - power[1] > power[1] - power[2]
    stocked = leverage(one(0.03), one(2.0), one(0.9), one(26.0), 26.0, 0.995, 1.1)
    assert stocked[0] == pytest.approx(power[1] * np.exp(-1.0))
    assert np.isfinite(leverage(one(0.03), one(1.0), one(1.0), one(0.0), 26.0, 0.995, 1.1)[0])


@given(loss=st.floats(0.0, 10.0), stock=st.floats(0.0, 52.0), rally=share)
def test_pressure_moves_a_target_to_concede_and_a_rally_holds_it(loss, stock, rally) -> None:
    def odds(x: float, y: float, z: float) -> float:
        return float(concession_odds(one(x), one(y), one(z), -5.0, 1.5, 0.02, 1.0)[0])

    assert 0.0 <= odds(loss, stock, rally) <= 1.0
    calm = odds(loss, stock, rally)
    assert odds(loss + 1, stock, rally) > calm or calm > 0.99
    assert odds(loss, stock, rally + 0.5) <= odds(loss, stock, rally)


def test_the_supply_gauge_is_empty_at_5_percent_of_gdp() -> None:
    losses = np.array([0.0, 0.025, 0.05, 0.2])
    assert supply_gauge(losses, 0.05) == pytest.approx([1.0, 0.5, 0.0, 0.0])


def test_a_threat_counts_in_the_price_only_until_it_is_felt() -> None:
    """The more a market depends on the coercer, the more; nothing once orders go unfilled."""
    share, fill = np.array([0.2, 0.9, 0.9]), np.array([1.0, 1.0, 0.1])
    premium = threat_premium(np.ones(3), share, fill, 0.5)
    assert premium.tolist() == pytest.approx([0.1, 0.45, 0.0])
    assert threat_premium(one(0.0), one(1.0), one(1.0), 0.5)[0] == 0.0


def test_prices_fall_slowly_where_buyers_are_short_and_at_once_where_all_are_served() -> None:
    speed = fall_speed(np.array([0.0, 0.8, 0.9, 1.0]), 0.35, 0.05, 0.8)
    assert speed.tolist() == pytest.approx([0.05, 0.05, 0.2, 0.35])
    short = move_price(one(3.0), one(0.0), 0.35, fall_speed(one(0.5), 0.35, 0.05, 0.8), 1, 0.1, 60)
    rising = move_price(one(1.0), np.log(one(3.0)), 0.35, 0.05, 1, 0.1, 60)
    assert np.log(3.0 / short[0]) < np.log(rising[0]) / 5.0
