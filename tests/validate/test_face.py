"""What a run of `japan-2026` should look like to somebody who knows the case (ODD 5, 7.14)."""

from __future__ import annotations

import numpy as np
import pytest

from runs.validate.face import QUARTER, YEAR, Course, ban_week, joined, measure, play, table
from world.scenario import load_scenario

SEEDS, USERS = 2, 500


@pytest.fixture(scope="module")
def held() -> Course:
    """The coercer does what is dated and nothing else."""
    return play((True, 1, SEEDS, {"users": USERS}))


def test_the_ban_begins_on_its_date() -> None:
    plan = load_scenario("japan-2026")
    assert plan.date(ban_week(plan)).isoformat() == "2026-01-05"


def test_dysprosium_is_dear_and_scarce_at_the_start(held: Course) -> None:
    """About 910 $/kg in Europe against 240 before April 2025 (world/data/prices_history.csv)."""
    assert 2.5 < held.price["EUU"][0] < 5.0
    assert held.price["JPN"][0] > 2.5
    assert min(held.cover, key=lambda name: held.cover[name]) == "dy_oxide"
    assert held.cover["dy_oxide"] < 0.5 * held.cover["graphite"]


def test_minerals_are_most_of_what_a_held_ban_costs_japan(held: Course) -> None:
    year = held.loss["JPN", YEAR, "all"]
    assert (year > 0.1).all()
    assert (held.loss["JPN", YEAR, "minerals"] > 0.4 * year).all()
    assert (held.loss["JPN", YEAR, "minerals"] > held.loss["JPN", YEAR, "ladder"]).all()
    assert (held.loss["JPN", QUARTER, "all"] < year).all()
    assert (year > held.loss["KOR", YEAR, "all"]).all()
    assert (held.in_force == 1).all()


def test_the_first_lines_stop_where_stocks_are_thinnest(held: Course) -> None:
    thin = sorted(held.cover, key=lambda name: held.cover[name])[:3]
    assert set(held.first) <= set(thin)


def test_the_table_has_a_band_for_what_the_record_says(held: Course) -> None:
    rows = table(held, held)
    wanted = [row for row in rows if row.band is not None]
    assert len(wanted) >= 8
    assert not any(np.isnan(row.value) for row in rows)


def test_a_batch_is_its_lucks_one_by_one(held: Course) -> None:
    alone = joined([play((True, seed, 1, {"users": USERS})) for seed in (1, 2)])
    for key, values in held.loss.items():
        np.testing.assert_array_equal(values, alone.loss[key], err_msg=str(key))
    assert held.first == alone.first


def test_both_ways_are_measured() -> None:
    free, still = measure(1, 200)
    assert len(free.ended) == len(still.ended) == 1
    assert np.isinf(still.ended).all()
