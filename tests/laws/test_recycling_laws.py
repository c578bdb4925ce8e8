"""What is collected follows what was sold a product's life ago, and no mass is lost on the way."""

from __future__ import annotations

import numpy as np
import pytest

from world.laws.recycling import STAGES, gather, grow_old, in_use_at_start, retired, weight_of

LIFE = 520.0  # weeks
USE = np.array([3.0, 0.0])


def test_what_is_sold_today_comes_back_about_a_life_later() -> None:
    """Half of one week's sales is back after nine tenths of the life on the mean, next to nothing
    in the first year."""
    held = grow_old(np.zeros((1, STAGES, 1)), np.array([[1.0]]), LIFE)
    back = [0.0]
    while back[-1] < 0.5:
        back.append(back[-1] + float(retired(held, LIFE)[0, 0]))
        held = grow_old(held, np.zeros((1, 1)), LIFE)
        if len(back) == 52:
            assert back[-1] < 0.01
    assert 0.8 * LIFE < len(back) < LIFE


def test_no_material_is_lost_while_it_is_in_use() -> None:
    held = in_use_at_start(USE, LIFE, 0.001)[None]
    after = grow_old(held, USE[None], LIFE)
    gone = retired(held, LIFE)
    assert after.sum(axis=1) == pytest.approx(held.sum(axis=1) + USE - gone)


def test_less_is_given_up_than_sold_where_use_has_grown() -> None:
    steady, grown = (retired(in_use_at_start(USE, LIFE, g)[None], LIFE)[0] for g in (0.0, 0.001))
    assert steady == pytest.approx(USE)
    assert grown[0] == pytest.approx(3.0 / (1.0 + 0.001 * LIFE / 3.0) ** 3)


def test_no_price_brings_back_more_than_is_given_up() -> None:
    """Full support, twenty times the price and plants that grow fast: all of it, not a tonne more,
    and less again as soon as less is given up."""
    held, given_up = np.zeros((1, 1)), np.array([[2.0]])
    for _ in range(400):
        held = gather(held, given_up, 0.8 * given_up, np.array([[4.5]]), np.array([[9.0]]), 0.1)
    assert held == pytest.approx(given_up)
    less = 0.5 * given_up
    assert gather(held, less, 0.8 * less, np.array([[4.5]]), np.array([[9.0]]), 0.1) == less


def test_the_weight_of_recyclers_is_what_they_can_deliver() -> None:
    """With the weights of all channels at 1 in the base year, the recycled part of purchases is
    what was recycled before and what is collected."""
    before, collected = np.array([0.1, 0.0]), np.array([[0.6, 0.2]])
    more = weight_of(collected, np.array([3.0, 1.0]), before, 0.5)
    assert (before + more) / (1.0 + more) == pytest.approx(np.array([[0.3, 0.2]]))
    assert (weight_of(0.0 * collected, np.array([3.0, 1.0]), before, 0.5) == 0.0).all()


def test_recyclers_who_can_deliver_all_that_is_bought_have_a_weight() -> None:
    """With no cap on what is recycled, and where all of it was recycled in the base year."""
    base, collected = np.array([0.1, 1.0, 0.0]), np.array([[5.0, 5.0, 0.5]])
    more = weight_of(collected, np.ones(3), base, 1.0)
    assert more == pytest.approx(np.array([[90.0, 0.0, 1.0]]))
