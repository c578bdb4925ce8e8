"""A warm-up can play what was done before the start (ODD 5)."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.warmup import build_world
from runs.game import Game
from world.draws import Draws
from world.levers import get_lever
from world.scenario import SHIPPED, Scenario, resolve
from world.state import World, snapshot

USERS = 200
SHUT = """
warmup_from = 2024-12-02

[[history]]
date = 2025-01-13
actor = "CHN"
lever = "licence_duty.dy_oxide"
value = 1
why = "A licence before the start."
source = "a test"

[[history]]
date = 2025-01-13
actor = "CHN"
lever = "licence_approval"
value = 0
why = "None is given."
source = "a test"
"""


def plan_of(past: str = "", **changes: Any) -> Scenario:
    """Three materials from 7 July 2025 on, with or without a past."""
    raw = tomllib.loads((SHIPPED / "magnets-2025.toml").read_text("utf-8"))
    raw |= {"start": datetime.date(2025, 7, 7), "history": [], "events": [], "what_if": []}
    raw |= {"materials": ["dy_oxide", "ndpr_oxide", "ndfeb_magnet"], "levers": {}}
    return resolve(raw | tomllib.loads(past), {"users": USERS, **changes})


def dy(world: World, column: str, zone: str = "JPN") -> float:
    setting = world.setting
    k = setting.material_index["dy_oxide"] * setting.Z + setting.zone_index[zone]
    return float(getattr(world.markets, column)[0, k])


@pytest.fixture(scope="module")
def shut() -> World:
    return build_world(plan_of(SHUT))


def test_acts_before_the_start_are_in_force_at_week_0_and_no_longer_dated(shut: World) -> None:
    plan = shut.setting.scenario
    assert (len(plan.history), len(plan.before)) == (0, 2)
    assert {plan.date(act.week) for act in plan.before} == {datetime.date(2025, 1, 13)}
    assert shut.week == 0
    assert get_lever(shut.regime, plan, "CHN", "licence_duty.dy_oxide")[0] == 1


def test_prices_stocks_and_distrust_carry_over_as_ratios_to_the_quiet_year(shut: World) -> None:
    still = build_world(plan_of())
    assert dy(still, "price") == pytest.approx(1.0, abs=0.02)
    assert dy(shut, "price") > 2.0
    assert dy(shut, "licences") < 0.1 * shut.setting.base_demand.max()
    assert shut.users.stock.sum() < still.users.stock.sum()
    zone = shut.setting.zone_index["JPN"]
    assert shut.zones.reputation[0, zone] > still.zones.reputation[0, zone]
    assert shut.users.intensity.min() < still.users.intensity.min()


def test_books_start_at_week_0_and_normal_trade_is_that_of_the_quiet_year(shut: World) -> None:
    assert (shut.zones.loss_total_usd == 0).all()
    assert (shut.zones.budget_usd == 0).all()
    quiet = build_world(plan_of("warmup_from = 2024-12-02"))
    np.testing.assert_array_equal(shut.lanes.normal_exports, quiet.lanes.normal_exports)
    game = Game(plan_of(SHUT), seed=1).run(2)
    assert sorted(set(game.frames["markets"]["week"])) == [0, 1]


def test_a_past_without_acts_moves_no_price() -> None:
    world = build_world(plan_of("warmup_from = 2025-04-07"))
    assert np.abs(world.markets.price - 1.0).max() < 0.03


def test_all_lucks_share_the_past_and_a_batch_has_the_same_bytes(shut: World) -> None:
    one, many = snapshot(build_world(shut.setting.scenario)), snapshot(shut.spread(3))
    for name, values in one.items():
        np.testing.assert_array_equal(values[0], many[name][2], err_msg=name)
    assert Draws(1).uniform(-43, "refiner terms", 2).shape == (1, 2)


def test_what_a_run_sets_the_past_leaves_alone() -> None:
    plan = plan_of(SHUT, **{"CHN.licence_approval.JPN": 1.0})
    world = build_world(plan)
    levers = {zone: get_lever(world.regime, plan, "CHN", f"licence_approval.{zone}")[0]
              for zone in ("JPN", "KOR")}  # fmt: skip
    assert levers == {"JPN": 1.0, "KOR": 0.0}
    assert dy(world, "price", "JPN") < dy(world, "price", "KOR")


def test_only_a_scenario_with_a_past_has_another_digest() -> None:
    text = {path.stem: path.read_text("utf-8") for path in Path(SHIPPED).glob("*.toml")}
    past = sorted(name for name, body in text.items() if "\nwarmup_from" in body)
    assert past == ["japan-2026", "korea-next"]
    assert plan_of().digest != plan_of("warmup_from = 2025-04-07").digest
