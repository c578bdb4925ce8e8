"""The base year is a steady week: masses agree exactly and known trade comes out as known."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from world.base_tables import Array
from world.base_year import BaseYear, Plant, build_base_year
from world.facts import Facts, load_facts

ASIA = ["CHN", "JPN", "KOR", "VNM", "MYS", "THA", "IND", "TWN"]
ZONES = [*ASIA, "USA", "EUU", "AUS", "MEX", "ROW"]
ORES = ["ndpr_ore", "dy_ore", "tb_ore"]
OXIDES = ["dy_oxide", "tb_oxide", "ndpr_oxide", "lace_oxide"]
METALS = ["gallium", "germanium", "tungsten", "magnesium", "antimony", "lithium", "cobalt"]
MATERIALS = [*OXIDES, "ndfeb_magnet", *METALS, "graphite", "hpmsm", "urea", *ORES]
STARTS = [2010.5, 2012.9, 2021.7, 2023.5, 2025.25, 2025.85]
WEEKS_PER_YEAR = 365.25 / 7
EXACT = 1e-9


@cache
def facts() -> Facts:
    return load_facts()


@cache
def world(start: float = 2025.85) -> BaseYear:
    return build_base_year(facts(), MATERIALS, ZONES, "CHN", start_year=start)


def sales(base: BaseYear, material: str) -> Array:
    """(from, to) in t/week."""
    return np.asarray(base.trade_t[MATERIALS.index(material)])


def share(base: BaseYear, material: str, buyer: str, seller: str = "CHN") -> float:
    """Share of ``seller`` in all mass that ``buyer`` buys."""
    bought = sales(base, material)[:, ZONES.index(buyer)]
    return float(bought[ZONES.index(seller)] / bought.sum())


def plants(base: BaseYear, material: str, zone: str | None = None) -> list[Plant]:
    return [p for p in base.plants if p.material == material and zone in (None, p.zone)]


# ---- exact identities


@pytest.mark.parametrize("start", STARTS)
def test_what_a_zone_buys_and_recycles_is_what_it_uses(start: float) -> None:
    base = world(start)
    supply = base.trade_t.sum(axis=1) + base.recycled_t
    np.testing.assert_allclose(supply, base.demand_t, rtol=EXACT, atol=0)


@pytest.mark.parametrize("start", STARTS)
def test_what_a_zone_sells_is_what_its_plants_make(start: float) -> None:
    base = world(start)
    made = np.zeros(base.demand_t.shape)
    for plant in base.plants:
        made[MATERIALS.index(plant.material), ZONES.index(plant.zone)] += plant.base_output_t
    np.testing.assert_allclose(base.trade_t.sum(axis=2), made, rtol=EXACT, atol=0)


@pytest.mark.parametrize("start", STARTS)
def test_feed_is_what_plants_use_and_never_more_than_demand(start: float) -> None:
    base = world(start)
    feed = np.zeros(base.demand_t.shape)
    for plant in base.plants:
        for needed, tonnes in plant.inputs:
            row = MATERIALS.index(needed)
            feed[row, ZONES.index(plant.zone)] += tonnes * plant.base_output_t
    np.testing.assert_allclose(base.feed_t, feed, rtol=EXACT, atol=0)
    assert (base.feed_t <= base.demand_t * (1 + EXACT)).all()


@pytest.mark.parametrize("start", STARTS)
def test_masses_are_finite_and_not_negative_and_no_demand_means_no_trade(start: float) -> None:
    base = world(start)
    for table in (base.demand_t, base.feed_t, base.trade_t, base.recycled_t):
        assert np.isfinite(table).all()
        assert (table >= 0).all()
    assert (base.trade_t.sum(axis=1)[base.demand_t == 0] == 0).all()


@pytest.mark.parametrize("start", STARTS)
def test_plants_stay_within_capacity(start: float) -> None:
    for plant in world(start).plants:
        assert plant.capacity_t > 0
        assert 0 <= plant.base_output_t <= plant.capacity_t, plant
        assert (plant.base_output_t > 0) == (plant.status == "running"), plant
        assert plant.stage in ("mine", "refine", "magnet")
        assert plant.status in ("running", "building", "planned", "mothballed")
        assert 0 <= plant.offtake_share <= 1


def test_only_plants_buy_ore() -> None:
    base = world()
    for ore in ORES:
        row = MATERIALS.index(ore)
        np.testing.assert_allclose(base.feed_t[row], base.demand_t[row], rtol=EXACT, atol=0)
        assert (base.value_at_risk_usd[row] == 0).all()


# ---- trade as it is known


@pytest.mark.parametrize(
    ("material", "buyer", "known"),
    [
        ("dy_oxide", "JPN", 0.99),
        ("ndpr_oxide", "JPN", 0.60),
        ("ndfeb_magnet", "KOR", 0.901),
        ("gallium", "KOR", 0.98),
        ("graphite", "KOR", 0.97),
        ("graphite", "JPN", 0.90),
        ("tungsten", "JPN", 0.55),
    ],
)
def test_the_chinese_share_is_the_published_one(material: str, buyer: str, known: float) -> None:
    assert share(world(), material, buyer) == pytest.approx(known, abs=0.02)


def test_every_published_chinese_share_of_2023_to_2025_stands() -> None:
    base = world()
    own_supply = {("JPN", "ndfeb_magnet"), ("USA", "ndfeb_magnet")}  # shares are of imports
    checked = 0
    for row in facts().rows("trade", origin="CHN", metric="import_share", series="base"):
        zone, material = row.text("importer"), row.text("material")
        newest = max(
            float(other.text("year"))
            for other in facts().rows(
                "trade", origin="CHN", metric="import_share", importer=zone, material=material
            )
        )
        if material not in MATERIALS or zone not in ZONES or (zone, material) in own_supply:
            continue
        if float(row.text("year")) == newest and (zone, material) != ("USA", "gallium"):
            assert share(base, material, zone) == pytest.approx(row.number("value"), abs=0.02)
            checked += 1
    assert checked > 25


def test_japan_declares_vietnamese_and_french_rare_earths() -> None:
    base = world()
    assert share(base, "ndpr_oxide", "JPN", "VNM") == pytest.approx(0.25, abs=0.01)
    assert share(base, "ndpr_oxide", "JPN", "EUU") == pytest.approx(0.09, abs=0.01)


def test_vietnamese_separation_runs_on_chinese_feed_and_is_fictional() -> None:
    base = world()
    refiners = plants(base, "ndpr_oxide", "VNM")
    assert [p.name for p in refiners] == ["Song Hong Separation (fictional)"]
    assert refiners[0].fictional
    assert refiners[0].chinese_feed_share == pytest.approx(0.8, abs=0.02)
    assert sales(base, "ndpr_ore")[ZONES.index("CHN"), ZONES.index("VNM")] > 0


def test_feed_shares_of_plants_agree_with_the_trade_in_what_they_use() -> None:
    base = world()
    for plant in base.plants:
        weighted = [
            (tonnes, share(base, needed, plant.zone))
            for needed, tonnes in plant.inputs
            if base.demand_t[MATERIALS.index(needed), ZONES.index(plant.zone)] > 0
        ]
        if weighted:
            mean = sum(t * s for t, s in weighted) / sum(t for t, _ in weighted)
            assert plant.chinese_feed_share == pytest.approx(mean, abs=1e-9), plant


def test_firms_that_stand_for_evaders_say_that_they_are_fictional() -> None:
    for plant in world().plants:
        assert plant.fictional == ("(fictional)" in plant.name), plant


def test_china_refines_nine_tenths_and_makes_most_magnets() -> None:
    base = world()
    for material, least in (("dy_oxide", 0.98), ("ndpr_oxide", 0.85), ("ndfeb_magnet", 0.9)):
        made = sales(base, material).sum(axis=1)
        assert made[0] / made.sum() > least
    mined = sales(base, "ndpr_ore").sum(axis=1)
    assert mined[0] / mined.sum() == pytest.approx(0.69, abs=0.1)


def test_chinese_heavy_oxides_come_half_from_foreign_ore() -> None:
    assert share(world(), "dy_ore", "CHN") == pytest.approx(0.45, abs=0.01)


def test_japan_uses_500_t_of_dysprosium_mostly_in_its_own_magnets() -> None:
    base = world()
    for material, tonnes in (("dy_oxide", 500), ("tb_oxide", 100)):
        place = (MATERIALS.index(material), ZONES.index("JPN"))
        assert base.demand_t[place] * WEEKS_PER_YEAR == pytest.approx(tonnes, rel=0.02)
        assert 0.5 < base.feed_t[place] / base.demand_t[place] < 0.95


def test_lynas_is_known_by_its_published_capacity() -> None:
    kuantan = next(p for p in world().plants if p.name.startswith("Lynas Malaysia (Kuantan)"))
    assert kuantan.capacity_t * WEEKS_PER_YEAR == pytest.approx(10500)
    assert kuantan.offtake_zone == "JPN"
    assert kuantan.chinese_feed_share == 0


def test_every_hub_has_a_small_market_of_every_material_that_industry_uses() -> None:
    base = world()
    for material in MATERIALS:
        if material in ORES:
            continue
        for hub in ("VNM", "THA", "MYS", "MEX"):
            assert base.demand_t[MATERIALS.index(material), ZONES.index(hub)] > 0


# ---- money and stocks


def test_the_rare_earth_chain_of_japan_carries_two_percent_of_gdp() -> None:
    base = world()
    japan = base.zones[ZONES.index("JPN")]
    chain = [row for row, good in enumerate(base.materials) if good.scope_tier < 3]
    value = base.value_at_risk_usd[chain, ZONES.index("JPN")]
    assert value.sum() / japan.gdp_usd == pytest.approx(0.02, rel=1e-6)
    magnets = base.value_at_risk_usd[MATERIALS.index("ndfeb_magnet"), ZONES.index("JPN")]
    assert magnets / value.sum() == pytest.approx(0.9, rel=1e-6)


def test_other_minerals_carry_at_most_three_percent_and_none_more_than_two_fifths() -> None:
    base = world()
    japan = base.zones[ZONES.index("JPN")]
    other = [i for i, good in enumerate(base.materials) if good.scope_tier == 3]
    value = base.value_at_risk_usd[other, ZONES.index("JPN")]
    assert 0 < value.sum() <= 0.03 * japan.gdp_usd * (1 + EXACT)
    assert value.max() <= 0.4 * 0.03 * japan.gdp_usd * (1 + EXACT)


@pytest.mark.parametrize("listed", [["gallium"], ["dy_oxide", "gallium"], ["antimony", "gallium"]])
def test_what_hangs_on_a_material_does_not_depend_on_what_else_is_listed(listed: list[str]) -> None:
    """Gallium alone used to carry two fifths of all other minerals' part."""
    few = build_base_year(facts(), listed, ZONES, "CHN")
    for row, material in enumerate(listed):
        whole = world().value_at_risk_usd[MATERIALS.index(material)]
        np.testing.assert_array_equal(few.value_at_risk_usd[row], whole)


def test_running_plants_abroad_cover_their_avoidable_cost() -> None:
    for plant in world().plants:
        if plant.status == "running" and plant.zone != "CHN":
            assert 0.6 * plant.cost <= 0.85


def test_new_plants_abroad_cost_more_than_the_base_price() -> None:
    for plant in world().plants:
        if plant.status in ("planned", "building"):
            assert plant.cost > 1.2, plant


def test_the_world_is_the_sum_of_its_zones() -> None:
    base = world()
    assert sum(zone.gdp_usd for zone in base.zones) == pytest.approx(117.17e12, rel=1e-6)
    japan = base.zones[ZONES.index("JPN")]
    assert japan.manufacturing_share == pytest.approx(0.206, abs=0.002)
    assert base.zones[ZONES.index("MEX")].manufacturing_usd == pytest.approx(322e9, rel=0.01)


def test_forge_met_without_china_and_viet_nam() -> None:
    members = {zone.code for zone in world().zones if zone.forge_member}
    assert {"JPN", "KOR", "USA", "EUU", "AUS", "IND", "MEX", "MYS", "THA"} == members


def test_the_base_price_is_that_before_the_controls() -> None:
    now = {good.id: good.base_price_usd_per_t for good in world().materials}
    assert now["ndpr_oxide"] == 52_000
    assert 230_000 <= now["dy_oxide"] <= 250_000
    assert 900_000 <= now["tb_oxide"] <= 1_010_000
    before_senkaku = {good.id: good.base_price_usd_per_t for good in world(2010.5).materials}
    assert before_senkaku["dy_oxide"] == pytest.approx(115_700)


def test_materials_have_sensible_numbers() -> None:
    for good in world().materials:
        assert good.long_run_elasticity >= 1.1
        assert 0 <= good.traceability_after_processing <= good.traceability <= 1
        assert good.cost_ratio > 1
        assert good.lead_weeks_new_plant >= 52
        assert 0 <= good.recycled_share < 1


def test_japan_and_korea_hold_the_largest_public_stocks_of_heavy_rare_earths() -> None:
    base = world()
    days = dict(zip(ZONES, base.stock_days[MATERIALS.index("dy_oxide")], strict=True))
    assert days["JPN"] > days["KOR"] > days["EUU"]
    assert (base.stock_target_days >= base.stock_days).all()
    lithium = base.stock_days[MATERIALS.index("lithium"), ZONES.index("KOR")]
    assert lithium == pytest.approx(5.8)


# ---- other times, other scenarios


def status(start: float, name: str) -> str | None:
    return next((p.status for p in world(start).plants if p.name.startswith(name)), None)


def test_in_2010_lynas_and_mountain_pass_are_building_sites() -> None:
    assert status(2010.5, "Lynas Malaysia (Kuantan)") == "building"
    assert status(2010.5, "Mountain Pass separation (Molycorp)") == "building"
    assert status(2010.5, "Caremag") is None


def test_lynas_runs_from_the_end_of_2012_and_molycorp_is_gone_by_2023() -> None:
    assert status(2012.9, "Lynas Malaysia (Kuantan)") == "running"
    assert status(2023.5, "Mountain Pass separation (Molycorp)") is None
    assert status(2023.4, "Mountain Pass NdPr separation") == "building"
    assert status(2025.25, "Mountain Pass NdPr separation") == "running"


def named(start: float, name: str) -> Plant:
    return next(p for p in world(start).plants if p.name.startswith(name))


def test_a_plant_at_the_start_stands_where_its_age_puts_it() -> None:
    """Mountain Pass began in the third quarter of 2023 and made 718 t late in 2025."""
    young, older = named(2024.0, "Mountain Pass NdPr"), named(2025.85, "Mountain Pass NdPr")
    assert 0 < young.reached < older.reached < 1
    able = older.capacity_t * (older.full_use or 0.0) * older.reached
    assert able == pytest.approx(718 / 13, rel=0.1)
    assert older.base_output_t <= able * (1 + EXACT)
    assert named(2025.85, "Lynas Malaysia (Kuantan)").reached == 1
    assert named(2010.5, "Lynas Malaysia (Kuantan)").reached == 0


def test_a_plant_without_feed_runs_at_a_small_part_of_its_capacity() -> None:
    mill = named(2025.85, "White Mesa Phase 1")
    assert mill.feed_limited
    assert 0 < mill.base_output_t <= 0.04 * mill.capacity_t * (1 + EXACT)


def test_works_beside_their_mine_buy_no_ore() -> None:
    assert named(2025.85, "Mountain Pass NdPr").inputs == ()
    assert named(2025.85, "White Mesa Phase 1").inputs


def test_heavy_separation_outside_china_begins_in_2025() -> None:
    assert status(2025.25, "Lynas Malaysia heavy circuit") == "building"
    assert status(2025.85, "Lynas Malaysia heavy circuit") == "running"
    assert status(2025.85, "Caremag") == "building"


def test_a_plant_has_its_floor_only_once_it_is_agreed() -> None:
    floors = {p.name: p.floor_usd_per_t for p in world(2025.85).plants if p.floor_usd_per_t}
    assert floors == {"Mountain Pass NdPr separation": 110_000}
    assert not any(p.floor_usd_per_t for p in world(2025.25).plants)


def test_before_the_dispute_of_2010_japan_bought_nine_tenths_from_china() -> None:
    assert share(world(2010.5), "ndpr_oxide", "JPN") == pytest.approx(0.9, abs=0.02)


def test_korean_urea_came_almost_only_from_china_in_2021() -> None:
    assert share(world(2021.7), "urea", "KOR") == pytest.approx(0.976, abs=0.01)


def test_a_scenario_may_set_the_chinese_share() -> None:
    base = build_base_year(
        facts(), MATERIALS, ZONES, "CHN", china_share={("ndpr_oxide", "JPN"): 0.85}
    )
    assert share(base, "ndpr_oxide", "JPN") == pytest.approx(0.85, abs=1e-9)
    assert share(base, "ndpr_oxide", "KOR") == pytest.approx(share(world(), "ndpr_oxide", "KOR"))
    assert any("JPN" in sentence and "0.850" in sentence for sentence in base.corrections)


def test_without_its_ore_a_refiner_needs_no_feed() -> None:
    base = build_base_year(facts(), ["dy_oxide", "ndfeb_magnet"], ZONES, "CHN")
    for plant in base.plants:
        assert {needed for needed, _ in plant.inputs} <= {"dy_oxide"}


def test_a_refiner_knows_where_its_feed_is_from_even_if_no_ore_is_traded() -> None:
    base = build_base_year(facts(), ["ndpr_oxide"], ZONES, "CHN")
    shares = {p.name: p.chinese_feed_share for p in base.plants}
    assert shares["Song Hong Separation (fictional)"] == pytest.approx(0.8, abs=0.02)
    assert shares["Lynas Malaysia (Kuantan) light separation"] == 0
    assert [good.id for good in base.materials] == ["ndpr_oxide"]
    assert base.demand_t.shape == (1, len(ZONES))


def test_zones_that_a_scenario_leaves_out_join_the_rest_of_the_world() -> None:
    few = ["CHN", "JPN", "KOR", "VNM", "ROW"]
    base = build_base_year(facts(), ["ndpr_oxide", "gallium"], few, "CHN")
    assert sum(zone.gdp_usd for zone in base.zones) == pytest.approx(117.17e12, rel=1e-6)
    assert any(p.zone == "ROW" and p.name.startswith("Lynas") for p in base.plants)


def test_another_state_can_be_the_coercer() -> None:
    base = build_base_year(facts(), ["gallium", "ndfeb_magnet"], ZONES, "USA")
    supply = base.trade_t.sum(axis=1) + base.recycled_t
    np.testing.assert_allclose(supply, base.demand_t, rtol=EXACT, atol=0)


def test_every_default_is_told_in_a_sentence() -> None:
    told = world().corrections
    assert len(told) == len(set(told)) > 10
    assert all(sentence.endswith(".") for sentence in told)


def test_plants_have_names_of_their_own() -> None:
    names = [plant.name for plant in world().plants]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"materials": ["unobtainium"]}, "Material 'unobtainium' is unknown"),
        ({"zones": ["CHN", "ATL"]}, "Zone 'ATL' is unknown"),
        ({"coercer": "IDN"}, "unknown"),
        ({"zones": ["JPN", "ROW"]}, "must be one of the zones"),
        ({"china_share": {("gallium", "JPN"): 1.2}}, "allowed is 0 to 1"),
        ({"china_share": {("urea", "JPN"): 0.2}}, "no market"),
    ],
)
def test_what_cannot_be_built_is_refused_in_a_sentence(
    changed: dict[str, object], words: str
) -> None:
    asked: dict[str, object] = {"materials": ["gallium"], "zones": ZONES, "coercer": "CHN"}
    asked |= changed
    with pytest.raises(ValueError, match=words) as problem:
        build_base_year(facts(), **asked)  # type: ignore[arg-type]
    assert str(problem.value).endswith(".")
