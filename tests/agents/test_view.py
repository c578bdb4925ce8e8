"""What a seat sees: its own zone, what is public, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
import pytest

from agents.view import SECRET, Hidden, StateView, state_view, survey
from agents.warmup import build_world
from world.decisions import Order
from world.phases.calendar import enact
from world.scenario import load_scenario
from world.state import World, snapshot

FLOOR = {"USA.floor_usd_per_kg.ndpr_oxide": 110.0}


@cache
def settled() -> World:
    plan = load_scenario("japan-2026", FLOOR).at_rest()
    return build_world(plan, users=400, replicates=2, weeks=4)


@pytest.fixture
def world() -> World:
    return settled().copy()


def numbers(view: StateView) -> dict[str, Any]:
    """Every array of a view, by name and place; the regime only where the seat may look."""
    found: dict[str, Any] = {}
    for entry in fields(view):
        value = getattr(view, entry.name)
        if isinstance(value, np.ndarray):
            found[entry.name] = value
        elif isinstance(value, Mapping) and entry.name not in ("regime", "parameters"):
            found |= {f"{entry.name}.{place}": array for place, array in value.items()}
    return found


def same(one: StateView, other: StateView) -> bool:
    a, b = numbers(one), numbers(other)
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


def test_the_view_repeats_the_tables(world: World) -> None:
    view = state_view(world, "KOR")
    setting = world.setting
    z = setting.zone_index["KOR"]
    np.testing.assert_array_equal(view.price, world.markets.price[:, z :: setting.Z])
    used = view.need_t[0] > 0
    held = view.stock_days[:, used]
    np.testing.assert_allclose(held, [setting.base.stock_days[used, z]] * 2, rtol=0.05)
    assert view.mean(view.cover_weeks) == pytest.approx(
        [setting.par.cover_weeks_median] * 2, rel=0.5
    )
    assert view.weight.sum(axis=-1) == pytest.approx([1.0, 1.0])
    assert np.all((view.declared_share >= 0) & (view.declared_share <= 1 + 1e-9))
    assert view.idle_share.min() >= 0


def test_everything_has_the_lucks_first(world: World) -> None:
    view = state_view(world, "CHN")
    for name, value in numbers(view).items():
        assert value.shape in ((2,), (2, world.setting.M)), name
    assert view.own("enforcement").shape == (2,)
    assert view.own("ban_breadth").shape == (2, world.setting.Z)
    assert view.of("USA", "floor_usd_per_kg.ndpr_oxide") == pytest.approx([110, 110])


def test_one_luck_is_plain_numbers(world: World) -> None:
    world.zones.gdp_loss[1] = 0.02
    view = state_view(world, "JPN").luck(1)
    assert float(view.gdp_loss) == 0.02
    assert view.price.shape == (world.setting.M,)
    assert float(view.own("stance")) == 0.0
    assert view.replicates == 1


def test_looking_changes_nothing(world: World) -> None:
    before = {name: values.copy() for name, values in snapshot(world).items()}
    regime = {name: values.copy() for name, values in world.regime.items()}
    enact(world, Order(0, "JPN", "hub_policing", 0.5))
    for actor in world.setting.zone_index:
        state_view(world, actor)
    after = snapshot(world)
    assert all(np.array_equal(before[name], after[name]) for name in before)
    assert all(np.array_equal(regime[name], world.regime[name]) for name in regime)


@pytest.mark.parametrize("lever", sorted(SECRET))
def test_what_is_ordered_behind_closed_doors_is_hidden(world: World, lever: str) -> None:
    owner = "MYS" if lever == "hub_policing" else "CHN"
    with pytest.raises(Hidden, match=f"JPN cannot see {lever} of {owner}"):
        state_view(world, "JPN").of(owner, lever)
    state_view(world, owner).own(lever)


def test_applicants_know_how_their_own_applications_fare(world: World) -> None:
    view = state_view(world, "KOR")
    assert view.of("CHN", "licence_approval.KOR").shape == (2,)
    with pytest.raises(Hidden):
        view.of("CHN", "licence_approval.JPN")


def test_only_hubs_and_the_coercer_see_what_passes_through(world: World) -> None:
    assert state_view(world, "JPN").anomaly == {}
    assert set(state_view(world, "VNM").anomaly) == {"VNM"}
    assert set(state_view(world, "VNM").rents_usd) == {"VNM"}
    assert set(state_view(world, "CHN").anomaly) == {"VNM", "THA", "MYS", "MEX", "CHN"}
    assert state_view(world, "CHN").rents_usd == {}
    assert set(state_view(world, "JPN").listed_firms) == {"VNM", "THA", "MYS", "MEX", "CHN"}


def test_the_coercer_sees_its_leverage_over_all_others_theirs(world: World) -> None:
    assert set(state_view(world, "CHN").leverage) == set(world.setting.zone_index)
    assert set(state_view(world, "KOR").leverage) == {"KOR"}
    assert state_view(world, "CHN").leverage["JPN"][0] > 0


def test_a_flow_that_grows_stands_out_and_crumbs_do_not(world: World) -> None:
    m, h = world.setting.material_index["dy_oxide"], 0
    lane = h * world.setting.M + m
    hub = list(world.setting.zone_index)[world.setting.hub_zones[h]]
    assert state_view(world, "CHN").anomaly[hub][0] < 0.05
    world.lanes.seen_exports[:, lane] = 5 * world.lanes.normal_exports[:, lane]
    assert 0.3 < state_view(world, "CHN").anomaly[hub][0] < np.log(5)


def test_nobody_sees_true_origin_or_what_firms_think(world: World) -> None:
    """Change everything that is hidden: no picture changes."""
    before = {actor: state_view(world, actor) for actor in world.setting.zone_index}
    world.markets.true_share[:] = 0.123
    world.users.stock[:] = world.users.stock[:, ::-1]  # other origin, same tonnes
    world.traders.stock[:] += 7.0
    world.hubs.belief[:] = 0.5
    world.hubs.credibility[:] = 0.1
    for actor, view in before.items():
        assert same(view, state_view(world, actor)), actor


def test_nobody_sees_anothers_stocks(world: World) -> None:
    before = {actor: state_view(world, actor) for actor in world.setting.zone_index}
    zones = world.setting.users.market % world.setting.Z
    world.users.stock[:, :, zones == world.setting.zone_index["KOR"]] *= 0.5
    for actor, view in before.items():
        assert same(view, state_view(world, actor)) == (actor != "KOR"), actor


def test_published_figures_are_coarse(world: World) -> None:
    world.zones.stock_lost_weeks[:] = 9.0
    assert state_view(world, "CHN").stock_lost["JPN"] == pytest.approx([13, 13])


def test_own_orders_under_way_are_known_and_others_are_not(world: World) -> None:
    enact(world, Order(0, "KOR", "hub_policing", 0.8), np.array([0.8, np.nan]))
    assert state_view(world, "KOR").own("hub_policing") == pytest.approx([0.8, 0.1])
    enact(world, Order(0, "EUU", "dependence_ceiling", 0.65))
    assert state_view(world, "KOR").of("EUU", "dependence_ceiling") == pytest.approx([1, 1])


def test_one_survey_serves_all_seats(world: World) -> None:
    seen = survey(world)
    for actor in ("CHN", "JPN", "VNM"):
        assert same(state_view(world, actor, seen), state_view(world, actor))
