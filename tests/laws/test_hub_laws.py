"""Traders of hubs: who enters and leaves, what a bank weighs, and whom routine policing spares."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.traders import banked, choose, hazard_seen
from agents.warmup import build_world
from world.laws.entry import enter, entrants
from world.population import Traders
from world.regime import grey_margin, standing_threat
from world.scenario import load_scenario
from world.setting import CHINA, OTHER
from world.state import World

Array = NDArray[np.float64]


@cache
def settled() -> World:
    return build_world(load_scenario("antimony-2024").override({"users": 200}))


def under_ban(threat: float = 0.0, credibility: float = 1.0) -> World:
    """The hubs' world of 2024 under a full ban on a dear target, before anything else happens."""
    world = settled().copy()
    setting = world.setting
    world.regime["ban_breadth"][:, setting.coercer, setting.target] = 1.0
    world.regime["third_country_clause"][:, setting.coercer] = 1.0
    world.regime["threat"][:, setting.coercer] = threat
    world.hubs.credibility[:] = credibility
    world.markets.grey_open[:] = 1.0
    world.markets.price[:, setting.target :: setting.Z] = 2.0
    world.refresh_law()
    return world


def traders() -> Traders:
    return settled().setting.traders


# --- entry and exit -------------------------------------------------------------------------------


def test_entry_rises_with_the_margin_more_than_in_proportion_and_stops_without_one() -> None:
    margin = np.array([-0.5, 0.0, 0.2, 0.4, 0.8])
    come = entrants(0.1, 3.0, np.ones(5), np.full(5, 100.0), margin)
    assert come[0] == come[1] == 0.0
    assert come[3] == pytest.approx(8 * come[2])
    assert come[4] == pytest.approx(8 * come[3])


def test_entry_rises_with_what_the_target_lost() -> None:
    come = entrants(0.1, 3.0, np.ones(2), np.array([50.0, 100.0]), np.full(2, 0.5))
    assert come[1] == pytest.approx(2 * come[0])
    assert come[0] > 0


def test_capacity_grows_to_its_most_where_traders_divert_and_falls_back_where_not() -> None:
    q, start, most = np.full(2, 10.0), np.full(2, 2.0), np.full(2, 11.0)
    active = np.array([True, False])
    after = enter(q, start, most, active, np.full(2, 5.0), 0.03)
    assert after[0] == 11.0
    assert after[1] == pytest.approx(10.0 - 0.03 * 8.0)
    for _ in range(300):
        after = enter(after, start, most, ~active, np.zeros(2), 0.03)
    assert after[0] == pytest.approx(2.0, abs=0.01)


def test_parts_of_entry_add_up_over_foreign_hubs() -> None:
    setting = settled().setting
    for m in range(setting.M):
        rows = traders().material == m
        if rows.any():
            assert traders().entry[rows].sum() == pytest.approx(1.0)
    inside = np.array(setting.hub_zones)[traders().hub] == setting.coercer
    assert inside.any()
    assert (traders().entry[inside] == 0).all()
    assert (traders().start <= traders().capacity + 1e-12).all()


# --- banks ----------------------------------------------------------------------------------------


def test_no_bank_refuses_without_a_threat_and_nearly_all_do_under_one_that_is_believed() -> None:
    abroad = np.array(settled().setting.hub_zones)[traders().hub] != settled().setting.coercer
    served = [banked(under_ban(threat))[0, abroad].mean() for threat in (0.0, 0.3, 0.6, 1.0)]
    assert served[0] == 1.0
    assert served == sorted(served, reverse=True)
    assert served[3] < 0.05


def test_an_empty_threat_stops_few_banks() -> None:
    abroad = np.array(settled().setting.hub_zones)[traders().hub] != settled().setting.coercer
    believed, empty = (banked(under_ban(1.0, cred))[0, abroad].mean() for cred in (0.7, 0.1))
    assert believed < 0.1 < 0.6 < empty


def test_smugglers_need_no_bank() -> None:
    inside = np.array(settled().setting.hub_zones)[traders().hub] == settled().setting.coercer
    assert banked(under_ban(1.0))[0, inside].all()


def test_a_trader_without_a_bank_orders_goods_of_neither_origin() -> None:
    """The threat covers whoever serves the target, whatever it sells."""
    quiet, loud = under_ban(), under_ban(1.0)
    _, before, _, _ = choose(quiet, quiet.law)
    active, after, _, serves = choose(loud, loud.law)
    refused = serves[0] == 0
    assert refused.any()
    assert (before[0][:, refused].sum(axis=1) > 0).all()  # both were ordered
    assert after[0][CHINA, refused].sum() == after[0][OTHER, refused].sum() == 0.0
    assert active[0, refused].sum() == 0


# --- affiliates -----------------------------------------------------------------------------------


def test_a_producers_own_plant_is_one_more_trader_of_its_lane() -> None:
    setting = settled().setting
    own = np.flatnonzero(traders().affiliate)
    assert len(own) == 1
    place = own[0]
    assert setting.scenario.zones[setting.hub_zones[traders().hub[place]]] == "THA"
    lane = setting.lane == setting.lane[place]
    assert traders().hub_share[lane].sum() == pytest.approx(1.0)
    bought = setting.base_china[traders().material[place] * setting.Z + setting.target]
    assert traders().start[place] == pytest.approx(setting.par.affiliate_share * bought)


def test_a_scenario_without_affiliates_has_none() -> None:
    plan = load_scenario("hub-2022")
    assert plan.affiliates == ()


def test_it_pays_the_price_at_home_and_is_spared_until_a_threat_stands() -> None:
    world = under_ban()
    own = traders().affiliate
    setting = world.setting
    world.markets.price[:, setting.trader_market[own]] = 1.9  # its hub is dear, its firm is not
    world.hubs.belief[:] = 0.02
    lane = (setting.lane == setting.lane[own]) & ~own
    assert (grey_margin(world)[0, lane] < 0).all()
    assert (grey_margin(world)[0, own] > 0.5).all()
    assert hazard_seen(world, world.law)[0, own] < 0.3 * 0.02
    threatened = under_ban(1.0)
    threatened.hubs.belief[:] = 0.02
    assert standing_threat(threatened).max() == 1.0
    assert hazard_seen(threatened, threatened.law)[0, own] == pytest.approx(0.02)
