"""Firms with a seat in a scenario, in the population, in the regime and in the world's laws."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np
import pytest

from world.base_tables import Plant
from world.decisions import Order, check_order
from world.firm_rows import blacklisted, cover_weeks, of_users
from world.levers import (
    LEVERS,
    default_regime,
    get_lever,
    lever_rows,
    levers_of,
    name_fault,
    place,
    set_lever,
)
from world.scenario import Scenario, ScenarioError, load_scenario, resolve
from world.setting import Setting, make_setting
from world.state import start_world

FIRMS = ("KOR_BATTERY", "JPN_MAGNETS", "VNM_REFINER")


def source() -> dict[str, Any]:
    return dict(load_scenario("japan-2026").source)


def changed(firm: str, **keys: Any) -> Scenario:
    """japan-2026 with other keys of one firm; None takes a key out."""
    raw = source()
    table = {k: v for k, v in {**raw["firms"].get(firm, {}), **keys}.items() if v is not None}
    return resolve({**raw, "firms": {**raw["firms"], firm: table}}, {"users": 200})


@cache
def setting(firms: bool = True) -> Setting:
    raw = source()
    if not firms:
        del raw["firms"]
    return make_setting(resolve(raw, {"users": 600}))


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return load_scenario("japan-2026")


# --- the scenario ---------------------------------------------------------------------------------


def test_the_default_scenario_has_three_fictional_firms(plan: Scenario) -> None:
    assert tuple(plan.firms) == FIRMS
    assert plan.actors == (*plan.zones, *FIRMS)
    assert plan.seat_kinds == dict(zip(FIRMS, ("firm", "refiner", "refiner"), strict=True))
    assert all(firm.fictional for firm in plan.firms.values())
    assert [firm.evader for firm in plan.firms.values()] == [False, False, True]


def test_other_scenarios_have_none_and_keep_their_digest() -> None:
    plan = load_scenario("no-controls")
    assert plan.firms == {}
    assert plan.actors == plan.zones
    assert "firms" in {entry.name for entry in fields(plan)}
    raw = {**plan.source, "firms": source()["firms"]}
    assert resolve(raw, {}).digest != plan.digest


@pytest.mark.parametrize(
    ("firm", "keys", "words"),
    [
        ("kor", {"kind": "firm"}, "firms.kor.title: is missing"),
        ("KOR", source()["firms"]["KOR_BATTERY"], "firms.KOR: must be capitals with an underscore"),
        ("KOR_BATTERY", {"kind": "bank"}, "firms.KOR_BATTERY.kind: must be"),
        ("KOR_BATTERY", {"colour": "red"}, "firms.KOR_BATTERY.colour: is an unknown key"),
        ("KOR_BATTERY", {"title": "Real Cells"}, r"firms.KOR_BATTERY.title: must say \(fictional"),
        ("KOR_BATTERY", {"zone": "KRO"}, "firms.KOR_BATTERY.zone: 'KRO' is unknown: .*KOR"),
        ("KOR_BATTERY", {"zone": "CHN"}, "firms.KOR_BATTERY.zone: CHN is the coercer"),
        ("KOR_BATTERY", {"material": None}, "firms.KOR_BATTERY.material: is missing"),
        ("KOR_BATTERY", {"material": "graphit"}, "firms.KOR_BATTERY.material: .*mean graphite"),
        ("KOR_BATTERY", {"share": 0}, "firms.KOR_BATTERY.share: must lie between 0 and 0.9"),
        ("KOR_BATTERY", {"share": 1.2}, "firms.KOR_BATTERY.share: must lie between 0 and 0.9"),
        ("KOR_BATTERY", {"share": "much"}, "firms.KOR_BATTERY.share: must be a finite number"),
        (
            "KOR_BATTERY", {"share": {"value": 0.3, "unit": "t"}},
            "firms.KOR_BATTERY.share.unit: 't' is the wrong unit",
        ),
        ("KOR_BATTERY", {"plant": "Nolans"}, "firms.KOR_BATTERY.plant: is no key of a firm"),
        ("VNM_REFINER", {"plant": None}, "firms.VNM_REFINER.plant: is missing"),
        ("VNM_REFINER", {"plant": "Song Hung"}, "firms.VNM_REFINER.plant: 'Song Hung' is unknown"),
        ("VNM_REFINER", {"zone": "KOR"}, "firms.VNM_REFINER.zone: .* stands in VNM, not in KOR"),
        ("VNM_REFINER", {"title": "Song"}, r"firms.VNM_REFINER.title: must say \(fictional\)"),
        ("VNM_REFINER", {"share": 0.2}, "firms.VNM_REFINER.share: is no key of a refiner"),
        (
            "KOR_OTHER", source()["firms"]["KOR_BATTERY"],
            "firms.KOR_OTHER.material: KOR_BATTERY has that seat already",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_key(firm: str, keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        changed(firm, **keys)


def test_a_scenario_cut_down_keeps_the_seats_it_has_a_market_for() -> None:
    raw = source()
    raw |= {"materials": ["ndpr_oxide", "ndpr_ore"], "chart": {}, "levers": {}, "history": []}
    raw["what_if"] = []
    assert tuple(resolve(raw, {}).firms) == ("VNM_REFINER",)
    raw |= {"zones": [z for z in raw["zones"] if z != "VNM"], "hubs": []}
    raw["policies"] = {}
    assert resolve(raw, {}).firms == {}


def test_a_plant_that_is_not_there_at_the_start_is_refused() -> None:
    raw = source()
    raw["firms"] = {"AUS_PROJECT": {
        "kind": "refiner", "title": "x", "zone": "AUS", "plant": "Nolans",
    }}  # fmt: skip
    raw |= {"history": [], "events": []}
    del raw["warmup_from"]
    early = resolve(raw, {"start": "2012-01-02", "users": 200})
    with pytest.raises(ScenarioError, match=r"firms\.AUS_PROJECT\.plant: Nolans makes nothing"):
        make_setting(early)


# --- the rows -------------------------------------------------------------------------------------


def test_a_firm_has_just_its_share_of_the_industrial_demand() -> None:
    world, plain = setting(), setting(firms=False)
    market = world.material_index["graphite"] * world.Z + world.zone_index["KOR"]
    rows = np.flatnonzero(world.users.market[world.users.industrial] == market)
    row = int(world.firms.users[0])
    need, before = world.users.need, plain.users.need
    assert row == rows[-1]
    assert need[row] / need[rows].sum() == pytest.approx(0.3, rel=1e-12)
    assert need[row] == need[rows].max()
    assert need[rows].sum() == pytest.approx(before[rows].sum(), rel=1e-12)
    others = need[rows[:-1]] / before[rows[:-1]]
    assert others == pytest.approx(others[0])
    elsewhere = np.delete(np.arange(len(need)), rows)
    assert (need[elsewhere] == before[elsewhere]).all()
    assert (world.users.cover[elsewhere] == plain.users.cover[elsewhere]).all()


def test_it_is_the_typical_firm_of_its_market_in_all_but_size() -> None:
    world, plain = setting(), setting(firms=False)
    row = int(world.firms.users[0])
    rows = np.flatnonzero(world.users.market == world.users.market[row])[:-1]
    industrial = rows[rows < world.users.industrial.stop]
    for name in ("cover", "exposure", "tolerance", "log_reservation", "sheddable"):
        mine, drawn = getattr(world.users, name), getattr(plain.users, name)
        assert sorted(mine[industrial]) == sorted(drawn[industrial])
        below = (mine[industrial] < mine[row]).sum()
        assert below == len(industrial) // 2, name
    assert (world.users.taste[:, row] == 1).all()


def test_a_refiner_is_its_plants_and_their_feed_desks() -> None:
    world = setting()
    firms, plants = world.firms, world.base.plants

    def owned(firm: str) -> list[Plant]:
        return [plants[k] for k in firms.plants[firms.plant_firm == firms.index[firm]]]

    assert {p.company for p in owned("VNM_REFINER")} == {"Song Hong Separation (fictional)"}
    assert [p.material for p in owned("VNM_REFINER")] == ["dy_oxide", "tb_oxide", "ndpr_oxide"]
    assert [(p.name, p.zone) for p in owned("JPN_MAGNETS")] == [
        ("Existing ex-China magnet plants", "JPN")
    ]
    desks = firms.users[firms.user_firm == firms.index["JPN_MAGNETS"]]
    inputs = {world.base.materials[m].id for m in world.users.market[desks] // world.Z}
    assert inputs == {"ndpr_oxide", "dy_oxide", "tb_oxide"}
    assert {firm.id: len(owned(firm.id)) for firm in firms.firms}["KOR_BATTERY"] == 0


# --- levers ---------------------------------------------------------------------------------------


def test_levers_of_firms_stand_in_rows_of_firms(plan: Scenario) -> None:
    regime = default_regime(plan, 2)
    for name, lever in LEVERS.items():
        if lever.of_firms:
            assert regime[name].shape == (2, 3, 1)
            assert (regime[name] == lever.default).all()
    assert place(plan, "VNM_REFINER", "run_rate") == (2, [0])
    set_lever(regime, plan, "VNM_REFINER", "run_rate", np.array([0.5, 0.7]))
    assert regime["run_rate"][:, :, 0].tolist() == [[1, 1, 0.5], [1, 1, 0.7]]
    assert get_lever(regime, plan, "VNM_REFINER", "run_rate").tolist() == [0.5, 0.7]
    assert default_regime(load_scenario("no-controls"))["run_rate"].shape == (1, 1, 1)


def test_every_seat_has_the_levers_that_can_matter_to_it(plan: Scenario) -> None:
    battery, magnets, refiner = (set(levers_of(plan, firm)) for firm in FIRMS)
    assert battery == {
        "cover_factor", "coercer_share_cap", "supply_contract", "target_customers", "heed_threat",
        "saving_usd_m",
    }  # fmt: skip
    assert magnets == {
        "cover_factor", "coercer_feed_cap", "grey_appetite", "run_rate", "target_sales",
        "expansion", "saving_usd_m",
    }  # fmt: skip
    assert refiner == {
        "cover_factor", "coercer_feed_cap", "heed_threat", "licence_terms", "run_rate",
        "target_sales", "expansion",
    }  # fmt: skip
    assert battery | magnets | refiner == {n for n, lever in LEVERS.items() if lever.of_firms}
    rows = {(row["actor"], row["lever"]) for row in lever_rows(plan)}
    assert {(firm, lever) for firm in FIRMS for lever in levers_of(plan, firm)} <= rows
    # where another zone is aimed at, the same firm stands on the other side
    korea = resolve({**source(), "target": "KOR", "history": []}, {})
    assert "grey_appetite" in levers_of(korea, "KOR_BATTERY")
    assert "target_customers" not in levers_of(korea, "KOR_BATTERY")


@pytest.mark.parametrize(
    ("actor", "lever", "words"),
    [
        ("KOR_BATTERY", "grey_appetite", "does not have the lever grey_appetite: only buyers in J"),
        ("KOR_BATTERY", "run_rate", "run_rate, which belongs to refiners"),
        ("KOR_BATTERY", "hub_policing", "hub_policing, which belongs to states but CHN"),
        ("KOR_BATTERY", "enforcement", "enforcement, which belongs to CHN"),
        ("JPN_MAGNETS", "licence_terms", "licence_terms: terms bind refiners outside JPN"),
        ("VNM_REFINER", "saving_usd_m", "saving_usd_m: what it refines cannot be redesigned"),
        ("KOR", "cover_factor", "cover_factor, which belongs to firms and refiners"),
        ("KOR_BATTERY", "cover_factor.graphite", "takes no index"),
        ("KOR_BATERY", "cover_factor", "is no actor of japan-2026: did you mean KOR_BATTERY"),
    ],
)
def test_a_lever_of_somebody_else_is_refused(
    plan: Scenario, actor: str, lever: str, words: str
) -> None:
    fault = name_fault(plan, actor, lever)
    assert fault is not None
    assert words in fault


def refusal(plan: Scenario, firm: str, lever: str, value: float) -> str:
    found = check_order(Order(0, firm, lever, value), plan, 0)
    return found.reason if found else ""


def test_only_fictional_plants_may_be_told_to_evade(plan: Scenario) -> None:
    assert refusal(plan, "VNM_REFINER", "licence_terms", 2) == ""
    assert "whole numbers" in refusal(plan, "VNM_REFINER", "licence_terms", 0.5)
    real = changed(
        "MYS_REFINER", kind="refiner", title="Kuantan", zone="MYS",
        plant="Lynas Malaysia (Kuantan) light separation",
    )  # fmt: skip
    assert "only fictional ones evade" in refusal(real, "MYS_REFINER", "licence_terms", 2)
    assert refusal(real, "MYS_REFINER", "licence_terms", 1) == ""
    with pytest.raises(ScenarioError, match="only fictional ones evade"):
        real.override({"MYS_REFINER.licence_terms": 2})


def test_only_fictional_firms_may_look_for_grey_goods(plan: Scenario) -> None:
    assert refusal(plan, "JPN_MAGNETS", "grey_appetite", 5) == ""
    real = changed("JPN_MAGNETS", title="The magnet makers of Japan")
    assert "only fictional firms" in refusal(real, "JPN_MAGNETS", "grey_appetite", 2)
    assert refusal(real, "JPN_MAGNETS", "grey_appetite", 0) == ""


# --- laws -----------------------------------------------------------------------------------------


def test_the_cover_of_a_firm_counts_in_its_own_rows_only() -> None:
    world = start_world(setting())
    usual = setting().users.cover
    assert cover_weeks(world) is usual
    set_lever(world.regime, setting().scenario, "JPN_MAGNETS", "cover_factor", 3.0)
    factor = cover_weeks(world)[0] / usual
    rows = setting().firms.users[setting().firms.user_firm == 1]
    assert factor[rows] == pytest.approx(3.0)
    assert np.delete(factor, rows) == pytest.approx(1.0)
    assert of_users(world, "cover_factor")[0].tolist() == [1.0, 3.0, 3.0, 3.0, 1.0, 1.0, 1.0]


def test_a_firm_is_on_the_list_with_one_of_its_plants() -> None:
    world = start_world(setting())
    assert not blacklisted(world).any()
    firms = setting().firms
    world.plants.blacklist_weeks[0, firms.plants[-1]] = 5
    assert blacklisted(world)[0].tolist() == [False, False, True]
    world.firms.blacklist_weeks[0, 0] = 1
    assert blacklisted(world)[0].tolist() == [True, False, True]
