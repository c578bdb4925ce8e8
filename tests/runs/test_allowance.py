"""A game with an allowance: what binds whom, and what stays as it was."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.means import within
from runs.cli import main
from runs.game import Game
from runs.orders_file import read_orders
from runs.replay import replay
from runs.seats import Seats
from runs.turn import play_week
from world import allowances
from world.afford import fitting, ordered
from world.decisions import HISTORY
from world.draws import Draws
from world.events import Event
from world.levers import LEVERS, indices, levers_of
from world.outlay import COSTS, cost
from world.purse import (
    budget_of,
    coming,
    from_plain,
    own,
    points_of,
    purse_of,
    settings_of,
    to_plain,
)
from world.scenario import Scenario, resolve

WITHIN = 1.0  # USD


@pytest.fixture(scope="module")
def bound(plan: Scenario) -> Game:
    """Two quarters with an allowance; not to be changed."""
    return Game(plan, seed=5, allowance=True).run(weeks=26)


def purse(game: Game, seat: str) -> Any:
    budget = budget_of(game.world)
    assert budget is not None
    return purse_of(game.world, seat, budget)


def money(game: Game, seat: str) -> float:
    return float(purse(game, seat).money(settings_of(game.world, seat))[0])


# --- who is bound --------------------------------------------------------------------------------


def test_without_the_switch_nothing_is_bound_and_nothing_recorded(plan: Scenario) -> None:
    game = Game(plan, seed=5)
    assert game.submit(actor="KOR", lever="research_usd_m", value=500) is None
    assert game.purse("KOR") is None
    game.run(weeks=14)
    assert game.world.budget is None
    assert "allowance_usd" not in game.frames["zones"].columns
    assert plan.digest == plan.override({"allowance": "false"}).digest


def test_where_nobody_meets_its_bounds_the_run_is_the_same(plan: Scenario) -> None:
    """An allowance moves nothing by itself: it only holds back orders."""
    quiet = plan.override({"states_hold": "true"})
    free, tied = (Game(quiet, seed=3, allowance=on).run(weeks=20) for on in (False, True))
    ours, theirs = tied.frames["zones"], free.frames["zones"]
    assert ours[theirs.columns].equals(theirs)
    assert set(ours.columns) - set(theirs.columns) == {"allowance_usd", "political_capital"}
    assert tied.frames["markets"].equals(free.frames["markets"])


def test_dated_acts_are_never_refused(plan: Scenario) -> None:
    game = Game(plan, seed=5, allowance=True).run(weeks=20)
    acts = [order for order in plan.history if order.week < 20]
    assert len(acts) > 3
    told = [o for o in game.recorder.orders if o["by"] == HISTORY]
    assert len(told) == len(acts)
    assert all(o["accepted"] for o in told)


def test_who_would_spend_more_is_told_what_fits_and_that_is_taken(bound: Game) -> None:
    game = copy.deepcopy(bound)
    for lever, value in (
        ("research_usd_m", 500.0), ("stockpile_target_days.dy_oxide", 360.0),
        ("stockpile_target_days", 360.0), ("diversification_credit", 0.5),
    ):  # fmt: skip
        free = game.purse("AUS")["money"]["free"]  # type: ignore[index]
        refusal = game.submit(actor="AUS", lever=lever, value=value)
        if refusal is None:
            continue
        assert refusal.reason.startswith(f"{lever} of AUS at {value:g} would bind ")
        assert f"{free / 1e6:,.1f} million USD are free" in refusal.reason
        if "it can stay as it is" in refusal.reason:
            continue
        fits = float(refusal.reason.rpartition(": ")[2].split()[0])
        step = LEVERS[lever.partition(".")[0]].step
        more = game.submit(actor="AUS", lever=lever, value=fits + step)
        assert more is not None, lever
        assert game.submit(actor="AUS", lever=lever, value=fits) is None
    assert len([o for o in game.recorder.orders if not o["accepted"]]) >= 2
    assert money(game, "AUS") <= purse(game, "AUS").allowance + WITHIN


def test_what_lowers_a_cost_always_fits(bound: Game) -> None:
    """Also of who is bound beyond its allowance, as after a rise of prices."""
    game = copy.deepcopy(bound)
    own_purse = purse(game, "KOR")
    poor = replace(own_purse, allowance=0.0)
    stands = settings_of(game.world, "KOR")
    dear = ordered(game.plan, "KOR", stands, "research_usd_m", 50.0)
    less = ordered(game.plan, "KOR", dear, "research_usd_m", 20.0)
    assert poor.fits(dear, less).all()
    assert not poor.fits(less, dear).any()


def test_a_what_if_hears_what_was_ordered_ahead(plan: Scenario) -> None:
    """Asked in the middle of a game, with an allowance as without one."""
    for bound in (False, True):
        game = Game(plan, seed=5, allowance=bound).run(weeks=3)
        asked = [game.what_if({"AUS.hub_policing": 0.1}, from_week=3, lucks=1, weeks=6)]
        game.submit(actor="CHN", lever="material_approval", value=0.0, week=4)
        asked.append(game.what_if({"AUS.hub_policing": 0.1}, from_week=3, lucks=1, weeks=6))
        first, second = (one.base["price"] for one in asked)
        assert first.shape == second.shape
        assert (first != second).any(), bound


def test_orders_given_ahead_meet_the_purse_of_their_own_week(plan: Scenario) -> None:
    game = Game(plan, seed=5, allowance=True)
    for week in (3, 4):
        usd_m = 10.0 if week == 3 else 40.0
        assert game.submit(actor="AUS", lever="research_usd_m", value=usd_m, week=week) is None
    game.run(weeks=6)
    mine = [o for o in game.recorder.orders if o["actor"] == "AUS" and o["by"] == "script"]
    assert [(o["week"], o["value"], o["accepted"]) for o in mine] == [
        (3, 10.0, True), (4, 40.0, False)
    ]  # fmt: skip
    assert game.lever("AUS", "research_usd_m") == 10.0


def test_an_orders_file_is_bound_only_where_it_is_asked_for(
    plan: Scenario, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("week,actor,lever,value\n2,AUS,research_usd_m,400\n", encoding="utf-8")
    accepted = {}
    for on in (None, True):
        game = Game(plan, seed=5, allowance=on)
        for order in read_orders(path, plan):
            game.submit(order)
        game.run(weeks=4)
        (accepted[on],) = [o["accepted"] for o in game.recorder.orders if o["by"] == "file"]
    assert accepted == {None: True, True: False}


def test_a_bound_run_is_replayed_to_the_byte(plan: Scenario, tmp_path: Path) -> None:
    game = Game(plan, seed=5, allowance=True)
    game.submit(actor="KOR", lever="research_usd_m", value=500)
    game.submit(actor="KOR", lever="research_usd_m", value=20)
    game.submit(actor="KOR", lever="research_usd_m", value=400, week=7)
    game.run(weeks=16)
    assert len([o for o in game.recorder.orders if not o["accepted"]]) >= 2
    verdict = replay(game.save(tmp_path / "run"))
    assert verdict.same, verdict.text
    world, _ = game.state_at(10)
    assert world.regime["research_usd_m"][0, plan.zones.index("KOR"), 0] == 20


# --- nobody spends more --------------------------------------------------------------------------

SEATS = ("JPN", "KOR", "AUS", "CHN", "VNM")


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_nobody_binds_more_than_the_allowance_whatever_is_ordered(bound: Game, data: Any) -> None:
    game = copy.copy(bound)
    game.seating = bound.seating.copy()
    game.recorder = copy.deepcopy(bound.recorder)
    game.acts = []
    seat = data.draw(st.sampled_from(SEATS))
    levers = [one for one in levers_of(game.plan, seat).values() if one.money or one.capital]
    before = money(game, seat)
    for _ in range(data.draw(st.integers(1, 8))):
        lever = data.draw(st.sampled_from(levers))
        index = data.draw(st.sampled_from(("", *indices(game.plan, lever))))
        value = data.draw(st.floats(lever.low, lever.high))
        value = round(value) if lever.whole else value
        full = f"{lever.name}.{index}" if lever.index and index else lever.name
        game.submit(actor=seat, lever=full, value=value)
    row = game.purse(seat)
    assert row is not None
    bound_usd = row["money"]["bound"] + row["money"]["new"]
    assert bound_usd <= max(row["money"]["allowance"], before) + WITHIN
    assert row["capital"]["bound"] <= max(row["capital"]["points"], 0.0) + 1e-9


# --- the purse itself ----------------------------------------------------------------------------


def test_dearer_settings_bind_more(bound: Game) -> None:
    """Every lever with a cost: more of it never binds less, and the highest binds something."""
    nothing = {"trial_usd_m", "customer_cover"}  # nothing to try here, nobody of Japan's to cover
    for seat, idle in (("JPN", nothing), ("KOR", set(COSTS) - {"customer_cover"}), ("CHN", set())):
        mine = purse(bound, seat)
        stands = settings_of(bound.world, seat)
        if "floor_form" in stands:  # at the border a floor costs the budget nothing
            stands = ordered(bound.plan, seat, stands, "floor_form", 1.0)
        for name in COSTS:
            if name not in stands or name in idle:
                continue
            lever = LEVERS[name]
            steps = np.linspace(lever.low, lever.high, 7)
            found = [
                float(cost(name, mine.facts, ordered(bound.plan, seat, stands, name, v))[0])
                for v in steps
            ]
            assert found == sorted(found), name
            assert found[-1] > found[0] >= 0.0, name


def test_the_bill_of_the_stock_by_hand(bound: Game) -> None:
    """Half of the gap is bought in a quarter, as a state fills its stock in half a year."""
    world, seat = bound.world, "KOR"
    zone, m = world.setting.zone_index[seat], world.setting.material_index["gallium"]
    market = m * world.setting.Z + zone
    par = world.setting.par
    day = (
        world.markets.price[0, market] * world.setting.base_price[m]
        * 52.0 * world.setting.base_demand[market] / 365.0
    )  # fmt: skip
    mine = purse(bound, seat)
    held = mine.facts["held_days"][0, m]
    stands = settings_of(world, seat)
    nothing = ordered(bound.plan, seat, stands, "stockpile_target_days", 0.0)
    full = ordered(bound.plan, seat, nothing, "stockpile_target_days.gallium", 300.0)
    more = cost("stockpile_target_days", mine.facts, full)[0]
    assert 0.0 < held < 300.0
    by_hand = day * (0.5 * (300.0 - held) + 0.25 * par.stock_holding_cost * 300.0)
    assert more == pytest.approx(by_hand, rel=1e-9)


def test_the_preview_and_the_purse_agree_on_what_a_year_costs(bound: Game) -> None:
    mine, stands = purse(bound, "JPN"), settings_of(bound.world, "JPN")
    for lever, value in (
        ("diversification_credit", 0.2), ("origin_tracing", 1.0), ("hub_policing", 0.6),
        ("research_usd_m", 40.0), ("recycling_support", 0.5), ("project_subsidy", 0.3),
        ("trial_usd_m", 20.0), ("offtake.gallium", 500.0),
    ):  # fmt: skip
        name = lever.partition(".")[0]
        none = ordered(bound.plan, "JPN", stands, name, 0.0)
        after = ordered(bound.plan, "JPN", none, lever, value)
        quarter = float(cost(name, mine.facts, after)[0])
        year = bound.estimate("JPN", lever, value)["cost_usd"]
        assert 4.0 * quarter == pytest.approx(year or 0.0, rel=1e-9), lever


def test_a_purse_follows_from_what_its_seat_knows(bound: Game) -> None:
    """Nothing of other zones' levers, firms' beliefs or true origins is in it."""
    game = copy.deepcopy(bound)
    before = to_plain(purse(game, "KOR"))
    world, kor = game.world, game.world.setting.zone_index["KOR"]
    world.hubs.belief[:] *= 2.0
    world.markets.true_share[:] = 0.5
    others = [z for z in range(world.setting.Z) if z != kor]
    world.regime["research_usd_m"][:, others] = 77.0
    world.zones.provocation[:] = 1.0
    world.budget = None if world.week % 13 else world.budget
    assert to_plain(purse(game, "KOR"))["facts"] == before["facts"]
    assert to_plain(purse(game, "KOR"))["opening"] == before["opening"]


def test_a_purse_is_the_same_after_json(bound: Game) -> None:
    mine, stands = purse(bound, "JPN"), settings_of(bound.world, "JPN")
    assert from_plain(to_plain(mine)).row(stands) == mine.row(stands)


def test_money_that_is_handed_over_is_bound_and_the_others_to_bind(plan: Scenario) -> None:
    game = Game(plan, seed=5, allowance=True)
    was = {seat: money(game, seat) for seat in ("JPN", "KOR")}
    game.inject(Event(0, "transfer_money", "JPN", "KOR", "", {"usd_m": 50.0}))
    game.step()
    assert money(game, "JPN") >= was["JPN"] + 50e6 - WITHIN
    assert game.world.budget is not None
    assert game.world.budget.handed[0].sum() == pytest.approx(0.0)
    game.run(weeks=12)
    assert budget_of(game.world).handed[0].max() == 0.0  # type: ignore[union-attr]


def test_a_policy_orders_only_what_is_left_beside_what_was_handed_over(plan: Scenario) -> None:
    """As a caretaker does whose seat pays under a deal."""
    game = Game(plan, seed=5, allowance=True, set={"follow_history": "false"})
    game.inject(Event(0, "transfer_money", "KOR", "JPN", "", {"usd_m": 900.0}))
    for _ in range(13):
        game.step()
        budget = game.world.budget
        assert budget is not None
        mine = purse_of(game.world, "KOR", budget)
        now = mine.money(settings_of(game.world, "KOR"))
        assert now[0] <= mine.money(mine.opening)[0] + WITHIN
    assert [o for o in game.recorder.orders if o["actor"] == "KOR"]


# --- from outside --------------------------------------------------------------------------------


def test_the_command_and_the_scenario_file_have_the_switch(
    tmp_path: Path, plan: Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("week,actor,lever,value\n1,AUS,research_usd_m,400\n", encoding="utf-8")
    common = ["run", "gallium-2023", "--weeks", "3", "--users", "100", "--orders", str(orders)]
    for name, more in (("free", []), ("bound", ["--allowance"])):
        assert main([*common, *more, "--out", str(tmp_path / name)]) == 0
        told = pd.read_parquet(tmp_path / name / "orders.parquet").query("by == 'file'")
        assert told["accepted"].tolist() == [name == "free"]
    package = json.loads((tmp_path / "bound" / "datapackage.json").read_text("utf-8"))
    (zones,) = (one for one in package["resources"] if one["name"] == "zones")
    assert zones["schema"]["fields"][-2]["name"] == "allowance_usd"
    assert replay(tmp_path / "bound").same
    raw = {**plan.source, "allowance": True}
    assert resolve(raw, {}).allowance
    assert resolve(raw, {}).digest != plan.digest
    assert main(["run", "gallium-2023", "--set", "allowance=perhaps"]) == 2
    assert "allowance: must be true or false, not 'perhaps'." in capsys.readouterr().err


# --- political capital ---------------------------------------------------------------------------


def test_capital_comes_back_one_a_turn_up_to_three(plan: Scenario) -> None:
    game = Game(plan, seed=5, allowance=True, set={"states_hold": "true"})
    left = []
    assert game.submit(actor="KOR", lever="stance", value=-1.0) is None  # two halves
    refusal = game.submit(actor="KOR", lever="concession", value=2.0)
    assert refusal is not None
    assert "would take 2 of political capital, and 1 is free: 1 (step) would fit" in refusal.reason
    assert game.submit(actor="KOR", lever="concession", value=1.0) is None
    for _ in range(5):
        game.run(weeks=13)
        left.append(game.purse("KOR")["capital"]["free"])  # type: ignore[index]
    assert left == [1.0, 1.0, 2.0, 3.0, 3.0]  # the second is that in which it joins FORGE, as dated
    told = game.frames["zones"].query("zone == 'KOR'")["political_capital"].tolist()
    assert told[5] == 0.0
    assert told[-1] == 3.0


def test_small_changes_of_words_cost_nothing_and_large_ones_by_their_size() -> None:
    stance = LEVERS["stance"]
    found = [float(points_of(stance, np.array([[x]]))[0]) for x in (0.4, 0.5, -0.9, 1.0, -2.0)]
    assert found == [0.0, 1.0, 1.0, 2.0, 4.0]


def test_contracts_for_many_materials_are_one_decision() -> None:
    change = np.array([[0.0, 400.0, 2000.0]])
    assert points_of(LEVERS["offtake"], change).tolist() == [1.0]
    bans = np.array([[0.0, 1.0, 0.5]])
    assert points_of(LEVERS["ban_breadth"], bans).tolist() == [3.0]  # each zone by itself


# --- policies ------------------------------------------------------------------------------------


def test_proposals_are_cut_in_the_order_of_the_page(bound: Game) -> None:
    mine, stands = purse(bound, "AUS"), settings_of(bound.world, "AUS")
    first, second, cheap = within(
        bound.plan, mine, stands,
        [("research_usd_m", np.array([10.0])), ("trial_usd_m", np.array([0.0])),
         ("recycling_support", np.array([0.0]))],
    )  # fmt: skip
    assert (first[0], second[0], cheap[0]) == (10.0, 0.0, 0.0)
    wanted = [("research_usd_m", np.array([60.0])), ("stance", np.array([0.3]))]
    research, stance = within(bound.plan, mine, stands, wanted)
    assert 0.0 < research[0] < 60.0  # to the nearest step that fits
    assert stance[0] == 0.3  # what takes nothing is not held back
    after = ordered(bound.plan, "AUS", stands, "research_usd_m", research)
    dearer = ordered(bound.plan, "AUS", stands, "research_usd_m", research + 10.0)
    assert mine.fits(stands, after).all()
    assert not mine.fits(stands, dearer).any()


def test_lucks_are_cut_each_by_itself(bound: Game) -> None:
    """A batch gives what each of its lucks gives alone."""
    world = bound.world.spread(4)
    world.markets.price *= np.array([[1.0], [2.0], [0.5], [5.0]])
    budget = budget_of(world)
    assert budget is not None
    wanted = np.array([360.0, 360.0, np.nan, 200.0])
    together = purse_of(world, "KOR", budget)
    all_of = fitting(
        bound.plan, together, settings_of(world, "KOR"), "stockpile_target_days.dy_oxide", wanted
    )
    alone = []
    for r in range(4):
        one = bound.world.spread(1)
        one.markets.price *= [1.0, 2.0, 0.5, 5.0][r]
        single = budget_of(one)
        assert single is not None
        alone.append(
            fitting(bound.plan, purse_of(one, "KOR", single), settings_of(one, "KOR"),
                    "stockpile_target_days.dy_oxide", wanted[r : r + 1])[0]
        )  # fmt: skip
    assert np.array_equal(all_of, alone, equal_nan=True)
    assert len({x for x in all_of.tolist() if x == x}) > 1


@pytest.fixture
def poor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has a fiftieth of the money and no political capital."""

    def row(seat: str, measure: str) -> allowances.Row:
        found = allowances.row_of(seat, measure)
        part = {"money": 0.06, "part": 1.0}.get(measure, 0.0)
        return replace(found, value=found.value * part)

    monkeypatch.setattr("world.purse.row_of", row)


@pytest.mark.usefixtures("poor")
def test_a_bound_batch_is_its_lucks(plan: Scenario, bound: Game) -> None:
    tied = plan.override({"allowance": "true"})
    one = Game(tied, seed=6)
    world, draws, seats = one.world.spread(2), Draws(5, 2), Seats(tied)
    for _ in range(15):
        play_week(world, draws, seats)
    one.run(weeks=15)
    rich = [o for o in bound.recorder.orders if o["week"] < 15]
    assert len(one.recorder.orders) != len(rich)  # it does hold policies back
    for name, values in world.regime.items():
        assert np.array_equal(values[1], one.world.regime[name][0]), name
    assert np.array_equal(world.markets.price[1], one.world.markets.price[0])
    assert world.budget is not None
    assert one.world.budget is not None
    assert np.array_equal(world.budget.points[1], one.world.budget.points[0])


@pytest.mark.usefixtures("poor")
def test_no_policy_binds_more_than_its_seats_allowance(plan: Scenario) -> None:
    """Where no dated act does, nobody passes the allowance, or what was bound when the quarter
    began and has become dearer."""
    game = Game(plan, seed=5, allowance=True, set={"follow_history": "false"})
    used = 0.0
    for _ in range(26):
        game.step()
        budget, now = game.world.budget, coming(game.world)
        assert budget is not None
        for seat in plan.zones:
            mine, stands = purse_of(game.world, seat, budget), own(game.world, seat, now)
            most = max(mine.allowance, float(mine.money(mine.opening)[0]))
            assert mine.money(stands)[0] <= most + WITHIN, seat
            assert mine.used(stands)[0] == 0.0, seat
            used = max(used, float(mine.money(stands)[0]) / mine.allowance)
    assert used > 0.5  # somebody comes close
