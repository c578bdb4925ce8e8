"""Branches: bit for bit what a game ordered so would have been, and causes that add up."""

from __future__ import annotations

import numpy as np
import pytest

from agents.decide import decide
from runs.abreast import OneLuck, play_abreast
from runs.game import Game
from runs.otherwise import Branch, Changes, Less, Start, acts_told
from runs.waterfall import STEPS, _memory, _played, heard, quiet_start, waterfall
from runs.whatif import MEASURES
from world.account import Account
from world.decisions import Order
from world.draws import Draws
from world.levers import get_lever
from world.phases.calendar import enact
from world.scenario import Scenario
from world.state import snapshot
from world.week import advance

WEEK, UNTIL = 26, 34
GALLIUM = Order(WEEK, "USA", "floor_usd_per_kg.gallium", 900.0, "script")


@pytest.fixture(scope="module")
def game(plan: Scenario) -> Game:
    """A run with a person, orders of a program that wait for their delay, and AI elsewhere."""
    made = Game(plan, seed=4, seats={"JPN": "person"})
    made.submit(actor="JPN", lever="stockpile_release", value=0.3, week=9)
    made.submit(actor="KOR", lever="hub_policing", value=0.7, week=WEEK - 2)
    made.submit(actor="CHN", lever="rung.JPN", value=8.0, week=WEEK + 2)
    return made.run(weeks=UNTIL)


def branch(game: Game, changes: Changes, lucks: int = 1, week: int = WEEK) -> Branch:
    start = Start(*game.state_at(week))
    return Branch(start, game.luck, acts_told(game.acts, week), changes, lucks)


def same_weeks(branch: Branch, game: Game) -> bool:
    """True if the weeks of a branch up to ``UNTIL`` are, bit for bit, those of a game."""
    found = list(branch.play(UNTIL))
    assert len(found) >= UNTIL - WEEK
    return all(
        np.array_equal(getattr(account, table)[name][0], values, equal_nan=True)
        for account in found
        for table, columns in game.recorder.weeks[account.week].columns.items()
        for name, values in columns.items()
    )


def again(plan: Scenario, game: Game, *orders: Order) -> Game:
    """A game to which all was said that was said to the other, and some orders more."""
    made = Game(plan, seed=game.luck, seats={"JPN": "person"})
    for act in game.acts:
        assert act.order is not None
        made.submit(act.order)
    for order in orders:
        assert made.submit(order) is None
    return made.run(weeks=UNTIL)


def test_a_branch_without_changes_is_the_run(game: Game) -> None:
    assert same_weeks(branch(game, Changes()), game)


def test_a_branch_is_bit_for_bit_the_run_that_was_ordered_so_from_the_start(
    plan: Scenario, game: Game
) -> None:
    other = again(plan, game, GALLIUM)
    assert other.recorder.digest() != game.recorder.digest()
    assert same_weeks(branch(game, Changes(orders=[GALLIUM])), other)
    held = Changes(held={(GALLIUM.actor, GALLIUM.lever): GALLIUM.value})
    assert same_weeks(branch(game, held), other)
    assert not same_weeks(branch(game, Changes()), other)


def test_a_branch_that_leaves_an_order_out_is_the_run_without_it(
    plan: Scenario, game: Game
) -> None:
    other = again(plan, game, GALLIUM)
    less = Less("USA", "floor_usd_per_kg", range(WEEK, WEEK + 1))
    assert same_weeks(branch(other, Changes(less=[less])), game)


def test_lucks_side_by_side_are_those_alone(game: Game) -> None:
    held = Changes(held={("KOR", "hub_policing"): 0.0})
    for luck in range(2):
        start = Start(*game.state_at(WEEK))
        alone = Branch(start, game.luck + luck, acts_told(game.acts, WEEK), held)
        both = branch(game, held, lucks=2)
        for one, two in zip(alone.play(WEEK + 4), both.play(WEEK + 4), strict=True):
            for name, values in one.markets.items():
                assert np.array_equal(values[0], two.markets[name][luck], equal_nan=True), name


def test_what_is_left_out_of_a_step_of_the_ladder_leaves_the_rest(
    plan: Scenario, game: Game
) -> None:
    other = branch(game, Changes(less=[Less("CHN", "ban_breadth.JPN")]))
    was = branch(game, Changes())
    for one in (other, was):
        for _ in one.play(WEEK + 5):
            pass
    ban, culture = (
        [float(get_lever(one.world.regime, plan, "CHN", full)[0]) for one in (was, other)]
        for full in ("ban_breadth.JPN", "culture_ban.JPN")
    )
    assert ban[0] > ban[1]
    assert culture[0] == culture[1] == 1.0


def test_a_hold_outlasts_what_the_game_said_later_about_holds(plan: Scenario) -> None:
    made = Game(plan, seed=4)
    made.run(weeks=4)
    made.hold([("KOR", "stance")])
    made.run(weeks=16)
    lever = ("CHN", "ban_breadth.JPN")
    was, other = (branch(made, change, week=2) for change in (Changes(), Changes({lever: 0.0})))
    bans = [
        [float(get_lever(one.world.regime, plan, *lever)[0]) for _ in one.play(16)]
        for one in (was, other)
    ]
    assert max(bans[0]) > 0
    assert max(bans[1]) == 0


# --- what if ------------------------------------------------------------------------------------


def test_a_change_is_the_median_of_differences_luck_by_luck(game: Game) -> None:
    found = game.what_if({"CHN.ban_breadth.JPN": 0.0}, from_week=WEEK, lucks=3, weeks=6)
    frame = found.frame
    assert list(frame.columns) == [
        "week", "date", "measure", "unit", "seed", "base", "branch", "change"
    ]  # fmt: skip
    assert len(frame) == 6 * 3 * len(MEASURES)
    assert list(frame["date"].dt.strftime("%Y-%m-%d").unique()) == [
        game.plan.date(week).isoformat() for week in range(WEEK, WEEK + 6)
    ]
    assert (frame["seed"].unique() == [4, 5, 6]).all()
    price = frame[frame["measure"] == "price"]
    by_luck = price.groupby("seed")[["base", "branch", "change"]].mean()
    row = found.table.set_index("measure").loc["price"]
    assert row["n"] == 3
    for name in ("base", "branch", "change"):
        assert row[name] == pytest.approx(by_luck[name].median())
    told = found.to_dict()
    at_week = price[price["week"] == WEEK + 5]
    assert told["change"]["price"][5] == pytest.approx(at_week["change"].median())
    assert told["lucks"] == 3


def test_lucks_without_a_value_in_a_branch_count_in_neither(game: Game) -> None:
    found = game.what_if({}, from_week=WEEK, lucks=3, weeks=2)
    found.branch["price"][:, 1] = np.nan
    row = found.table.set_index("measure").loc["price"]
    assert row["n"] == 2
    assert row["change"] == 0.0
    assert row["base"] == row["branch"]


# --- the waterfall ------------------------------------------------------------------------------


def test_all_recorded_orders_repeated_are_the_run(game: Game) -> None:
    acts = [act for act, _ in heard(game, "JPN")]
    assert same_weeks(Branch(quiet_start(game), game.luck, acts_told(acts, 0)), game)


def assert_alone(together: list[Account], world: int, alone: Branch) -> None:
    """All that a world of a batch tells is, bit for bit, what it tells alone."""
    for one, all_ in zip(alone.play(len(together)), together, strict=True):
        for table in ("markets", "zones", "flows", "hubs"):
            for name, values in getattr(one, table).items():
                own = getattr(all_, table)[name][world]
                assert np.array_equal(values[0], own, equal_nan=True), (world, one.week, name)


def test_worlds_side_by_side_are_those_alone(game: Game) -> None:
    told, start = heard(game, "JPN"), quiet_start(game)
    groups = [step for step in STEPS if any(one == step for _, one in told)]
    assert {"export_ban", "hubs", "reserve"} <= set(groups)
    worlds = [{"", *groups[:n]} for n in range(len(groups) + 1)]
    hears = [(act, np.array([step in world for world in worlds])) for act, step in told]
    together = list(play_abreast(start, game.luck, hears, len(worlds), UNTIL))
    ends = {together[-1].markets["price"][n].tobytes() for n in range(len(worlds))}
    assert len(ends) > 4, "what is heard moves nothing"
    for n, world in enumerate(worlds):
        acts = [act for act, step in told if step in world]
        assert_alone(together, n, Branch(start, game.luck, acts_told(acts, 0)))


def test_an_order_for_all_places_that_one_world_does_not_hear_is_to_the_others_as_alone(
    game: Game
) -> None:
    """Also in the anger that it stirs up, which goes by the mean of the places."""
    world = game.state_at(WEEK)[0]
    banned = world.regime["ban_breadth"][0, world.setting.coercer]
    assert len(set(banned.tolist())) > 1
    order = Order(WEEK, "CHN", "ban_breadth", 0.5, "script")
    alone, both = world.copy(), world.spread(2)
    enact(alone, order)
    enact(both, order, np.array([0.5, np.nan]))
    for one, draws in ((world, Draws(4)), (alone, Draws(4)), (both, OneLuck(4, 2))):
        for _ in range(2):
            advance(one, decide(one, draws), draws)
    assert not np.array_equal(alone.zones.rally, world.zones.rally)
    for n, one in enumerate((alone, world)):
        for name, values in snapshot(one).items():
            assert np.array_equal(values[0], snapshot(both)[name][n], equal_nan=True), name


def test_the_steps_of_a_waterfall_add_up(game: Game) -> None:
    found = waterfall(game, "JPN", "gdp_loss_usd")
    assert [one.key for one in found.steps] == list(STEPS)
    assert found.start + sum(one.change for one in found.steps) == pytest.approx(found.end)
    zone = game.plan.zones.index("JPN")
    lost = game.recorder.array("zones", "gdp_loss_usd")[:, zone]
    assert found.end == pytest.approx(lost.sum())
    ban = next(one for one in found.steps if one.key == "export_ban")
    assert ban.actors == ("CHN",)
    assert abs(ban.change) > 0
    assert all(one.change == 0 for one in found.steps if not one.orders)
    assert game.week == UNTIL


def test_other_weeks_and_measures_cost_no_further_play(
    game: Game, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = waterfall(game, "JPN", "price")
    monkeypatch.setattr("runs.waterfall._played", None)
    late = found.at(UNTIL - 1)
    rows = game.recorder.rows("markets")
    market = list(zip(rows["material"], rows["zone"], strict=True)).index(("dy_oxide", "JPN"))
    assert late.end == game.recorder.array("markets", "price")[-1, market]
    assert waterfall(game, "JPN", "cover_weeks", weeks=range(20, 30)).how == "mean"
    assert waterfall(game, "JPN", "budget_usd").how == "last"
    assert set(late.to_dict()["steps"][0]) >= {"key", "actors", "orders", "change"}


def test_a_second_zone_costs_only_the_worlds_that_differ(
    game: Game, monkeypatch: pytest.MonkeyPatch
) -> None:
    plays: list[int] = []

    def counted(game: Game, told: object, hears: list[object], watch: object) -> object:
        plays.append(len(hears))
        return _played(game, told, hears, watch)  # type: ignore[arg-type]

    _memory.clear()
    monkeypatch.setattr("runs.waterfall._played", counted)
    for zone in ("JPN", "KOR"):
        found = waterfall(game, zone)
        lost = game.recorder.array("zones", "gdp_loss_usd")[:, game.plan.zones.index(zone)]
        assert found.end == pytest.approx(lost.sum())
    assert plays[0] > 4
    assert 0 < plays[1] < plays[0] - 2
    zone = waterfall(game, "KOR")
    _memory.clear()
    assert np.array_equal(zone.levels, waterfall(game, "KOR").levels)


def test_a_waterfall_that_cannot_be_is_one_sentence(plan: Scenario, game: Game) -> None:
    for asked, words in (
        ({"zone": "JAP"}, "JPN"), ({"measure": "prise"}, "price"),
        ({"material": "gold"}, "gold"), ({"weeks": range(5, 900)}, "not among the 34"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            waterfall(game, **asked)
    with pytest.raises(ValueError, match="nothing has been played"):
        waterfall(Game(plan))
