"""The law in a small world of the default scenario: who pays, what a border lets through."""

from __future__ import annotations

import numpy as np
import pytest

from agents.decide import decide
from agents.users import channel_appeal, contracted, outside_ask, undercut
from agents.warmup import build_world
from world.draws import Draws
from world.levers import set_lever
from world.regime import (
    contract_floor,
    duty_at_border,
    offtake_shares,
    plant_backers,
)
from world.scenario import load_scenario, shipped
from world.setting import OTHER
from world.state import World
from world.week import advance


def settled(*orders: tuple[str, str, float], scenario: str = "japan-2026") -> World:
    """A world at week 0 with orders already in force."""
    world = build_world(load_scenario(scenario).at_rest(), 300)
    for actor, lever, value in orders:
        set_lever(world.regime, world.setting.scenario, actor, lever, value)
    world.refresh_law()
    return world


def market(world: World, material: str, zone: str) -> int:
    setting = world.setting
    return setting.material_index[material] * setting.Z + setting.zone_index[zone]


@pytest.mark.parametrize("scenario", sorted(shipped()))
def test_every_scenario_starts_at_the_prices_of_the_base_year(scenario: str) -> None:
    """Whatever is in force at the start, the index is 1 and shares stand where facts put them."""
    world = settled(scenario=scenario)
    assert np.abs(world.markets.price - 1.0).max() < 1e-9
    used = world.setting.base_demand > 0
    assert np.abs(world.markets.fill[0, used] - 1.0).max() < 1e-9


def test_who_offers_most_pays_for_a_new_plant() -> None:
    """Its own state, its buyer or those that contracted it: the best offer, and only that one."""
    calm = settled()
    plants, zones = calm.setting.plants, calm.setting.zone_index
    assert not plant_backers(calm).any()
    home = int(np.flatnonzero(calm.setting.new_plants & (plants.offtake_zone < 0))[0])
    code = next(zone for zone, z in zones.items() if z == plants.zone[home])
    own = plant_backers(settled((code, "project_subsidy", 0.3)))
    assert own[0, home, zones[code]] == 0.3
    assert own[0, home].sum() == pytest.approx(0.3)
    old = np.flatnonzero(~calm.setting.new_plants)
    assert not own[:, old].any()

    sold = [p for p in np.flatnonzero(calm.setting.new_plants & (plants.offtake_zone >= 0))
            if plants.offtake_zone[p] != plants.zone[p]]  # fmt: skip
    if sold:
        buyer = next(zone for zone, z in zones.items() if z == plants.offtake_zone[sold[0]])
        paid = plant_backers(settled((buyer, "project_subsidy", 0.4)))
        assert paid[0, sold[0], zones[buyer]] == 0.4

    tonnes = 1000.0
    both = settled(("JPN", "offtake.ndpr_oxide", tonnes), ("JPN", "project_subsidy", 0.5),
                   ("KOR", "offtake.ndpr_oxide", tonnes))  # fmt: skip
    kind = plants.material == both.setting.material_index["ndpr_oxide"]
    taken = np.flatnonzero(kind & both.setting.new_plants & (offtake_shares(both)[0] > 0)
                           & (plants.offtake_zone != zones["JPN"])
                           & (plants.zone != zones["JPN"]))  # fmt: skip
    assert len(taken), "the contracts reach a plant that is still to be built"
    shares = plant_backers(both)[0, taken[0]]
    assert shares[zones["JPN"]] == pytest.approx(0.25)  # half of the contract at a rate of .5
    assert shares.sum() == pytest.approx(0.25)


def test_states_share_what_contracted_plants_make_by_their_parts() -> None:
    """Two states that contract more than there is do not both get all of it."""
    alone = contracted(settled(("JPN", "offtake.ndpr_oxide", 40_000.0)))
    both_world = settled(("JPN", "offtake.ndpr_oxide", 40_000.0),
                         ("USA", "offtake.ndpr_oxide", 40_000.0))  # fmt: skip
    both = contracted(both_world)
    japan = market(both_world, "ndpr_oxide", "JPN")
    setting = both_world.setting
    tonnes = (both * setting.base_demand)[0].reshape(setting.M, setting.Z)
    plants = both_world.plants
    made = setting.plant_pool.sum(
        np.minimum(offtake_shares(both_world) * plants.capacity, plants.output)
    )[0]
    assert both[0, japan] < alone[0, japan]
    assert (tonnes.sum(axis=1) <= made + 1e-9).all()


def test_traced_goods_pay_at_the_border_what_the_coercers_own_pay() -> None:
    """A tariff on the coercer reaches its material in processed goods once origin is traced."""
    levers = [("JPN", "tariff_on_coercer", 0.5)]
    loose, strict = settled(*levers), settled(*levers, ("JPN", "origin_tracing", 1.0))
    here = market(loose, "ndpr_oxide", "JPN")
    assert strict.markets.outside_origin[0, here] > 0.1
    duty = duty_at_border(strict, strict.law)[0, here]
    assert duty == pytest.approx(0.5, rel=1e-9)
    before = channel_appeal(loose, loose.law)[0][0, OTHER, here]
    after = channel_appeal(strict, strict.law)[0][0, OTHER, here]
    elasticity = loose.setting.par.source_elasticity
    asked = max(undercut(loose, loose.law)[0, here], outside_ask(loose)[0, here])
    dearer = 1.0 + duty * strict.markets.outside_origin[0, here] / asked
    assert after / before == pytest.approx(dearer**-elasticity, rel=1e-9)


def test_contract_floors_are_silent_while_a_world_settles() -> None:
    """The base year is observed without them; from week 0 they bind the whole output or a part."""
    world = settled()
    promised, share = contract_floor(world.setting, world.law)
    own = world.setting.plants.own_floor
    assert (own > 0).any()
    assert (promised[0] >= own - 1e-12).all()
    assert ((share > 0) == (world.setting.plants.offtake_share > 0) | (own > 0))[own > 0].all()
    world.warming = True
    world.refresh_law()
    assert not contract_floor(world.setting, world.law)[0].any()


def test_a_plant_in_commissioning_gets_to_its_curve_and_follows_it() -> None:
    """It starts at what the base year sells and makes after a year what its age allows."""
    world = build_world(load_scenario("first-floor-2025"), 300)
    plants, traits = world.plants, world.setting.plants
    k = [plant.name for plant in world.setting.base.plants].index("Mountain Pass NdPr separation")
    assert plants.output[0, k] == pytest.approx(world.setting.base.plants[k].base_output_t)
    at_start = plants.normal[0, k]
    draws = Draws(1, 1)
    for _ in range(52):
        advance(world, decide(world, draws), draws)
    assert plants.normal[0, k] == pytest.approx(at_start + 52 * traits.ramp_step[k])
    assert 0.9 < plants.output[0, k] / (plants.capacity[0, k] * plants.normal[0, k]) <= 1.0
    old = [plant.name for plant in world.setting.base.plants].index("Silmet")
    assert plants.normal[0, old] == traits.base_use[old]


def test_after_dear_years_abroad_the_coercer_has_more_capacity_and_makes_no_more() -> None:
    """The same world with and without a year of high export prices behind it."""
    made, most = [], []
    for dear in (0.0, 1.0):
        world = build_world(load_scenario("first-floor-2025"), 300)
        world.markets.price_year[:] = dear
        draws = Draws(1, 1)
        for _ in range(8):
            advance(world, decide(world, draws), draws)
        home = world.setting.plants.coercer
        made.append(world.plants.output[0, home].sum())
        most.append(world.plants.capacity[0, home].sum())
    assert most[1] > 1.03 * most[0]
    assert made[1] <= 1.001 * made[0]
