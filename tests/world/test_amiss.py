"""What others take amiss: a cap aimed at the coercer, stores and contracts beyond the own need."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from agents.warmup import build_world
from world.decisions import HISTORY, Order
from world.phases.calendar import diplomatic_echo, taken_amiss
from world.scenario import load_scenario
from world.state import World

FEW = 100


@cache
def calm() -> World:
    return build_world(load_scenario("japan-2026", {"users": FEW}))


def shifts(lever: str, before: float, after: float, by: str = "person") -> tuple[float, float]:
    """By how much coercer and allies change their minds about Korea, all materials together."""
    world = calm().spread(1)
    zone = world.setting.zone_index["KOR"]
    places = range(world.setting.M) if lever != "dependence_ceiling" else range(1)
    for where in places:
        order = Order(0, "KOR", lever, after, by)
        diplomatic_echo(world, order, where, np.array([before]), np.array([after]))
    return (float(world.zones.coercer_approval[0, zone]) - 0.5,
            float(world.zones.alliance_approval[0, zone]) - 0.5)  # fmt: skip


@pytest.mark.parametrize(
    ("lever", "fair", "far", "side"),
    [("dependence_ceiling", 0.65, 0.3, 0), ("stockpile_target_days", 180.0, 360.0, 1)],
)
def test_within_what_others_do_nobody_minds_and_beyond_it_they_do(
    lever: str, fair: float, far: float, side: int
) -> None:
    usual = 1.0 if lever == "dependence_ceiling" else 0.0
    assert shifts(lever, usual, fair) == (0.0, 0.0)
    assert shifts(lever, fair, far)[side] < -0.1
    assert shifts(lever, far, fair)[side] > 0.1  # and they forget it when it ends


def test_contracts_for_the_own_need_are_fair_and_for_twice_of_it_are_not() -> None:
    world = calm()
    zone, m = world.setting.zone_index["KOR"], 0
    need = 52.0 * world.setting.base_demand.reshape(world.setting.M, -1)[m, zone]
    assert need > 0
    felt = [float(taken_amiss(world, zone, "offtake", m, np.array([x * need]))[0])
            for x in (0.5, 1.0, 1.5, 2.0, 4.0)]  # fmt: skip
    assert felt[:2] == [0.0, 0.0]
    assert 0.0 < felt[2] < felt[3] == felt[4]


def test_dated_acts_are_not_held_against_anybody() -> None:
    assert shifts("dependence_ceiling", 1.0, 0.3, HISTORY) == (0.0, 0.0)
    assert shifts("dependence_ceiling", 1.0, 0.3)[0] < -0.1
