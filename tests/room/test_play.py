"""Is the game of the room fair and honest: levers that show, players, causes that are true."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from agents.warmup import build_world
from runs.outcome import GAUGES, outcome, outcomes
from runs.pages.words import LANGUAGES, catalogue
from runs.room.reach import missing, reached
from runs.room.trial import audit, levers, results
from runs.room.trial.players import Constant, extremes, options, players
from runs.seats import Seats
from runs.turn import play_week
from world.decisions import Order, check_order
from world.draws import Draws
from world.levers import LEVERS, levers_of, set_lever
from world.scenario import Scenario, load_scenario
from world.state import World

PLAN = load_scenario("japan-2026", {"users": 500})
SEATS = audit.core_seats(PLAN)
FULL = load_scenario("japan-2026", {"users": 1000})  # enough firms for the fears of a refiner
LUCKS, TURNS = 5, 5


def test_the_ten_seats_of_the_default_scenario_are_open() -> None:
    assert SEATS == [
        "CHN", "JPN", "KOR", "USA", "EUU", "AUS", "VNM", "KOR_BATTERY", "JPN_MAGNETS",
        "VNM_REFINER",
    ]  # fmt: skip


# --- every lever shows on its seat's card ---------------------------------------------------------


@pytest.mark.parametrize("seat", SEATS)
def test_every_lever_moves_something_that_its_own_card_shows(seat: str) -> None:
    rows = levers.shown(FULL, seat)
    assert {row.lever.partition(".")[0] for row in rows} == set(levers_of(PLAN, seat))
    idle = {row.lever for row in rows if not row.field}
    known = {"heed_threat"} if seat == "VNM_REFINER" else set()  # its margins are wide
    if seat != "JPN":
        known |= {"trial_usd_m"} & set(missing(build_world(FULL), seat))  # said where none is
    assert idle <= known


def test_fear_is_heeded_where_there_is_some_and_a_firm_without_is_told_so() -> None:
    """Where officials take more legal deals for violations, also the refiner in Viet Nam fears."""
    anxious = load_scenario("japan-2026", {"users": 1000, "parameters.false_positive_share": 0.5})
    heeding = {row.lever: row.field for row in levers.shown(anxious, "VNM_REFINER")}
    assert heeding["heed_threat"]
    pressed = levers.pressures(PLAN, "VNM_REFINER")[-1]
    for plan, fears in ((FULL, False), (anxious, True)):
        world, draws = build_world(plan), Draws(7)
        assert missing(world, "VNM_REFINER")["heed_threat"].key == "lacks.fear"  # no clause yet
        seats = Seats(plan, {"CHN": Constant(plan, "CHN", "pressure", dict(pressed))})
        for _ in range(26):
            play_week(world, draws, seats)
        assert ("heed_threat" not in missing(world, "VNM_REFINER")) == fears


def test_what_reaches_nothing_is_not_offered() -> None:
    """Nobody in Japan uses ore, so a stock of ore in days of use is no lever; Viet Nam has ore."""
    world = build_world(PLAN)
    ore = {"ndpr_ore", "dy_ore", "tb_ore"}
    stock = LEVERS["stockpile_target_days"]
    assert set(PLAN.materials) - set(reached(world, "JPN", stock)) == ore
    assert set(reached(world, "VNM", stock)) == set(PLAN.materials)
    for lever in ("licence_duty", "material_approval", "flood", "export_quota"):
        assert "dy_oxide" in reached(world, "CHN", LEVERS[lever])


def test_support_without_a_project_says_what_it_lacks_until_there_is_a_contract() -> None:
    world = build_world(PLAN)
    assert "project_subsidy" not in missing(world, "JPN")
    assert missing(world, "VNM")["project_subsidy"].key == "lacks.project"
    set_lever(world.regime, PLAN, "VNM", "offtake.ndpr_oxide", 500.0)
    assert "project_subsidy" not in missing(world, "VNM")
    assert "trial_usd_m" in missing(world, "VNM")  # only Japan has something to try
    assert "trial_usd_m" not in missing(world, "JPN")


def test_a_difference_payment_without_a_plant_says_so_and_a_border_floor_does_not() -> None:
    world = build_world(PLAN)
    set_lever(world.regime, PLAN, "KOR", "floor_form", 1.0)
    lacks = missing(world, "KOR")
    assert "floor_usd_per_kg.graphite" in lacks  # Korea makes none
    assert "floor_usd_per_kg.ndfeb_magnet" not in lacks
    set_lever(world.regime, PLAN, "KOR", "floor_form", 0.0)
    assert not any(full.startswith("floor_usd") for full in missing(world, "KOR"))


def test_what_acts_on_another_setting_says_so_until_there_is_one() -> None:
    world = build_world(PLAN)
    for lever, need, value in (
        ("floor_form", "floor_usd_per_kg.ndpr_oxide", 90.0),
        ("vault_restraint", "stockpile_target_days.gallium", 30.0),
    ):
        assert lever in missing(world, "VNM")
        set_lever(world.regime, PLAN, "VNM", need, value)
        assert lever not in missing(world, "VNM")
    assert missing(world, "VNM")["stockpile_release"].key == "lacks.stock"  # nothing is bought yet
    assert "stockpile_release" not in missing(world, "JPN")


def test_a_case_and_a_reason_say_that_there_is_no_measure_until_one_stands() -> None:
    calm = load_scenario("no-controls", {"users": 60})
    world = build_world(calm)
    assert missing(world, "JPN")["wto_case"].key == "lacks.measure"
    assert missing(world, "CHN")["legal_frame"].key == "lacks.reason"
    set_lever(world.regime, calm, "CHN", "export_quota.gallium", 0.5)
    assert "wto_case" not in missing(world, "JPN")
    assert missing(world, "CHN") == {}
    for language in LANGUAGES:
        assert {"lacks.measure", "lacks.reason"} <= set(catalogue(language)), language


# --- players --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seat", SEATS)
def test_players_order_only_what_a_form_would_take(seat: str) -> None:
    world, draws = build_world(PLAN).spread(2), Draws(3, 2)
    seats = Seats(PLAN, {seat: players(PLAN, seat)["random"]})
    refused, ordered = [], 0
    for _ in range(27):
        for given in play_week(world, draws, seats).given:
            if given.order.actor == seat:
                ordered += 1
                refused += [given.reason] if given.reason else []
    assert ordered > 3
    assert not refused


def test_constant_players_stand_at_either_end_of_every_lever() -> None:
    for seat in SEATS:
        for name, orders in extremes(PLAN, seat).items():
            for full, value in orders.items():
                assert check_order(Order(0, seat, full, value), PLAN, 0) is None, (seat, name)
        assert {"all lowest", "all highest"} <= set(extremes(PLAN, seat))
        assert len(options(PLAN, seat)) >= len(levers_of(PLAN, seat))


@pytest.fixture(scope="module")
def table() -> list[dict[str, Any]]:
    """A small audit: two kinds of player in every seat on common lucks."""
    common = (PLAN.id, PLAN.users, TURNS, LUCKS, 41)
    trials = [audit.Trial(*common)]
    trials += [
        audit.Trial(*common, seat, name)
        for seat in SEATS for name in ("thoughtful", "do nothing")
    ]  # fmt: skip
    return audit.rows(PLAN, TURNS, [(trial, audit.play(trial)[trial.player]) for trial in trials])


def test_a_thoughtful_player_is_ahead_of_one_who_does_nothing(table: list[dict[str, Any]]) -> None:
    leads = {r["seat"]: r["over_nothing"] for r in table if r["player"] == "thoughtful"}
    ahead = [seat for seat, lead in leads.items() if lead > 0]
    assert len(ahead) >= 8, leads


def test_doing_nothing_does_not_beat_ai(table: list[dict[str, Any]]) -> None:
    """Five lucks are noisier than the fifty of the audit, so the limit is wider here."""
    lazy = {r["seat"]: r["over_ai"] for r in table if r["player"] == "do nothing"}
    assert max(lazy.values()) < 3 * audit.NOISE, lazy


def test_the_same_trial_is_the_same_game() -> None:
    trial = audit.Trial(PLAN.id, PLAN.users, 2, 2, 41, "KOR", "random")
    assert np.array_equal(audit.play(trial)["random"], audit.play(trial)["random"])


def test_constant_players_side_by_side_play_as_each_would_alone() -> None:
    trial = audit.Trial(PLAN.id, PLAN.users, 2, 2, 41, "VNM_REFINER", constant=True)
    found = audit.play(trial)
    assert set(found) == set(extremes(PLAN, "VNM_REFINER"))
    name = "run_rate lowest"
    world, draws = build_world(PLAN).spread(2), Draws(41, 2)
    alone = Constant(PLAN, "VNM_REFINER", name, {"run_rate": 0.0})
    seats = Seats(PLAN, {"VNM_REFINER": alone})
    for _ in range(26):
        play_week(world, draws, seats)
    for g, gauge in enumerate(GAUGES):
        assert found[name][:, g] == pytest.approx(outcomes(world)[gauge].T, abs=1e-12)


def test_verdicts_fail_where_the_game_is_unfair() -> None:
    row = {"seat": "KOR", "constant": False, "median": 50.0, "over_ai": 0.0, "over_nothing": 5.0}
    fair = [{**row, "player": name} for name in ("thoughtful", "do nothing", "random")]
    assert all(good for good, _ in audit.verdicts(fair))
    for n, change in enumerate(
        ({"over_nothing": -1.0}, {"over_ai": 9.0}, {"median": 90.0, "constant": True},
         {"median": 90.0})
    ):  # fmt: skip
        at = (0, 1, 2, 2)[n]
        unfair = [*fair[:at], {**fair[at], **change}, *fair[at + 1 :]]
        assert not audit.verdicts(unfair)[n][0]


# --- outcomes: what is left behind counts ---------------------------------------------------------


def later(orders: dict[str, float], seat: str, weeks: int, plan: Scenario = PLAN) -> World:
    """The world after some weeks in which a seat gave orders at the start and nothing else."""
    world, draws = build_world(plan).spread(1), Draws(11)
    seats = Seats(plan, {seat: "hold"})
    seats.past.discard(seat)
    for full, value in orders.items():
        order = Order(0, seat, full, value, "script")
        assert seats.submit(order, 0) is None
    for _ in range(weeks):
        play_week(world, draws, seats)
    return world


def test_a_calm_world_leaves_every_gauge_where_it_was() -> None:
    plan = load_scenario("no-controls", {"users": 500})
    start, world = build_world(plan), build_world(plan)
    seats, draws = Seats(plan), Draws(1)
    for _ in range(52):
        play_week(world, draws, seats)
    assert np.abs(world.zones.income_usd / world.setting.gdp).max() < 1e-6
    for name, values in outcomes(world).items():
        assert values == pytest.approx(outcomes(start)[name], abs=0.01)


def test_a_stock_that_was_paid_for_is_worth_its_price_at_the_end() -> None:
    """Stores for a year are money in another form: supply loses little, autonomy gains."""
    idle = outcome(later({}, "AUS", 52), "AUS")
    full = outcome(later({"stockpile_target_days": 180.0}, "AUS", 52), "AUS")
    assert full["autonomy"] > idle["autonomy"] + 0.05
    assert full["supply"] > idle["supply"] - 0.03


def test_contracts_count_as_supply_secured_and_as_payments_to_come() -> None:
    idle, bound = later({}, "AUS", 26), later({"offtake": 500.0}, "AUS", 26)
    assert outcome(bound, "AUS")["autonomy"] > outcome(idle, "AUS")["autonomy"] + 0.05
    assert outcome(bound, "AUS")["supply"] < outcome(idle, "AUS")["supply"]


FLOOR = {"floor_usd_per_kg": 5000.0, "forge_member": 1.0}
TARIFF = {"tariff_on_coercer": 1.0}


@pytest.mark.parametrize("scenario", ["no-controls", "japan-2026"])
def test_a_tariff_is_paid_by_the_own_users_and_enriches_nobody(scenario: str) -> None:
    """Money that a treasury takes from its own industry is no gain: users pay more than it gets."""
    plan = load_scenario(scenario, {"users": 500})
    zone = plan.zones.index("JPN")
    idle, floor, tariff = (later(orders, "JPN", 26, plan).zones for orders in ({}, FLOOR, TARIFF))
    for dear in (floor, tariff):
        assert dear.budget_usd[0, zone] > idle.budget_usd[0, zone] + 100e6
        taken = dear.budget_usd[0, zone] - idle.budget_usd[0, zone]
        paid = idle.income_usd[0, zone] - dear.income_usd[0, zone]
        assert paid > taken


def test_in_a_calm_world_a_tariff_and_a_floor_cost_supply() -> None:
    """Under a ban dear goods are also spared and drawn home, and fewer lines stand still."""
    calm = load_scenario("no-controls", {"users": 500})
    idle, floor, tariff = (
        outcome(later(orders, "JPN", 26, calm), "JPN") for orders in ({}, FLOOR, TARIFF)
    )
    assert floor["supply"] < tariff["supply"] - 0.1
    assert tariff["supply"] < idle["supply"] - 0.02


def test_giving_in_costs_standing_and_soothes_the_coercers_public() -> None:
    idle, conceded = later({}, "JPN", 26), later({"concession": 2.0}, "JPN", 26)
    assert outcome(conceded, "JPN")["standing"] < outcome(idle, "JPN")["standing"] - 0.1
    assert outcome(conceded, "CHN")["standing"] > outcome(idle, "CHN")["standing"]


def test_the_coercers_public_wants_an_answer_and_an_end_of_it() -> None:
    never = later({}, "CHN", 52)
    answered = later({"rung.JPN": 6.0}, "CHN", 52)
    calm = replace(PLAN, events=())  # nobody provokes
    needless = later({"rung.JPN": 6.0}, "CHN", 52, calm)
    c = never.setting.coercer
    assert answered.zones.opinion[0, c] > 0.7
    assert never.zones.opinion[0, c] < 0.3
    assert needless.zones.opinion[0, c] < 0.5


def test_capacity_that_a_refiner_has_paid_for_is_not_lost_at_the_end() -> None:
    grown = later({"expansion": 0.2}, "JPN_MAGNETS", 65)
    row = grown.setting.firms.index["JPN_MAGNETS"]
    plants = grown.setting.firms.plants[grown.setting.firms.plant_firm == row]
    base = sum(grown.setting.base.plants[k].capacity_t for k in plants)
    assert grown.plants.capacity[0, plants].sum() > base
    kept = outcome(grown, "JPN_MAGNETS")["supply"]
    grown.plants.capacity[:, plants] *= base / grown.plants.capacity[0, plants].sum()
    assert outcome(grown, "JPN_MAGNETS")["supply"] < kept


def test_gauges_of_many_lucks_are_those_of_each() -> None:
    world, seats, draws = build_world(PLAN).spread(3), Seats(PLAN), Draws(5, 3)
    for _ in range(14):
        play_week(world, draws, seats)
    found = outcomes(world)
    alone, other = build_world(PLAN).spread(1), Seats(PLAN)
    for _ in range(14):
        play_week(alone, Draws(7), other)
    for name in GAUGES:
        assert found[name].shape == (3, len(PLAN.actors))
        assert found[name][2] == pytest.approx(outcomes(alone)[name][0], abs=1e-12)


# --- causes ---------------------------------------------------------------------------------------


def test_results_add_up_and_largest_causes_are_so_in_a_second_play() -> None:
    """Three turns of a game with people at random in all usual seats.

    Where two causes work only together, leaving one out and adding them one by one differ: over
    200 turns `python -m runs.room.trial.results` has nine in ten, of thirty a few more may differ.
    """
    checks = [check for found in results.trial("japan-2026", 3, users=300) for check in found]
    found = results.summary(checks)
    assert found["results"] == 30
    assert found["add_up"] == 1.0, [c for c in checks if c.gap > 1.0]
    assert found["rest_small"] >= 0.8
    assert found["with_cause"] > 20
    assert found["largest"] >= 0.8, [c for c in checks if not c.first]
    assert found["same_sign"] >= 0.9


def test_an_event_is_left_out_also_where_worlds_share_a_scenario() -> None:
    """The remarks that provoke the coercer are a cause although another game was set up before."""
    setup = {"scenario": "japan-2026", "seed": 29, "users": 500}
    results.play_room(setup, {}, 1)
    game = results.play_room({**setup, "seed": 30}, {"CHN": "do nothing"}, 1)
    told = results.causes(game, 1)["seats"]["CHN"]["causes"]
    assert any(row["kind"] == "event" and row["standing"] < 0 for row in told)
