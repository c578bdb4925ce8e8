"""What firms take a ban to cover: readings, learning and what passes (ODD 7.6)."""

from __future__ import annotations

import numpy as np
import pytest

from world.laws.scope import carried_over, learned, reading, share_stopped
from world.phases.scope import ambiguity

ONE = np.ones(1)


def test_a_vague_text_leaves_more_room_than_a_narrow_or_a_broad_one() -> None:
    narrow, vague, broad, none = ambiguity(np.array([0.2, 0.5, 0.9, 0.0]))
    assert 0 == none < narrow < vague
    assert broad < vague
    assert ambiguity(np.array([0.35]))[0] == pytest.approx((narrow + vague) / 2)


def test_what_says_what_it_means_is_not_talked_away() -> None:
    assert reading(0.5 * ONE, ONE, 0 * ONE) == 0
    assert reading(0.5 * ONE, ONE, ONE) == 0.5
    assert reading(0.5 * ONE, 0 * ONE, 0.6 * ONE) == pytest.approx(-0.3)


def test_a_belief_that_is_the_text_stops_exactly_the_text() -> None:
    for share in (0.0, 0.1, 0.3, 0.95, 1.0):
        assert share_stopped(share * ONE, share * ONE + 0.0, 0.5 * ONE)[0] == share


def test_customs_find_a_part_of_what_leaves_against_the_text() -> None:
    stopped = [share_stopped(0.5 * ONE, 0.2 * ONE, found * ONE)[0] for found in (0.0, 0.5, 1.0)]
    assert stopped == pytest.approx([0.2, 0.35, 0.5])
    assert share_stopped(0.5 * ONE, 0.8 * ONE, ONE)[0] == 0.8  # nobody makes firms trade


def test_who_does_not_try_does_not_learn() -> None:
    steps = [learned(0.4 * ONE, 0 * ONE, tried * ONE, 13.0)[0] for tried in (0.0, 0.3, 1.0)]
    assert steps[0] == 0.4
    assert steps[0] > steps[1] > steps[2] > 0


def test_a_belief_stands_when_the_text_eases_and_ends_with_the_ban() -> None:
    kept = carried_over(0.2 * ONE, 0.5 * ONE, 0.3 * ONE, 0 * ONE)
    assert 0.3 + kept[0] == pytest.approx(0.7)
    wider = carried_over(0.2 * ONE, 0.5 * ONE, 0.9 * ONE, 0 * ONE)
    assert wider[0] == 0
    assert carried_over(0.2 * ONE, 0.5 * ONE, 0 * ONE, 0.3 * ONE)[0] == 0
