"""A game from a notebook, from Mesa, and from a seat."""

from __future__ import annotations

import inspect
import signal
import threading
import time

import mesa
import numpy as np
import pytest

from agents.cast import IndustrialUser, Refiner, State, Trader
from runs import Game as Exported
from runs.game import Game
from runs.seats import SeatError
from world.events import Event
from world.levers import get_lever
from world.scenario import Scenario, ScenarioError
from world.state import World

WEEKS = 30  # as conftest plays it


def prices(game: Game) -> np.ndarray:  # type: ignore[type-arg]
    return game.recorder.array("markets", "price")


def test_the_package_offers_the_game() -> None:
    assert Exported is Game


def test_step_by_step_is_the_same_as_in_one_go(plan: Scenario) -> None:
    a, b = Game(plan, seed=2), Game(plan, seed=2)
    a.run(weeks=5)
    for _ in range(5):
        b.step()
    assert a.week == b.week == 5
    assert a.recorder.digest() == b.recorder.digest()


def test_luck_and_levers_change_a_run_and_mesas_luck_does_not(plan: Scenario) -> None:
    base = Game(plan, seed=2).run(weeks=20)
    stirred = Game(plan, seed=2)
    stirred.random.random()
    stirred.rng.random()
    assert stirred.run(weeks=20).recorder.digest() == base.recorder.digest()
    other = Game(plan, seed=2, **{"CHN.ban_breadth.JPN": 1.0}).run(weeks=20)
    assert other.recorder.digest() != base.recorder.digest()


def test_keywords_and_set_override_levers_alike(plan: Scenario) -> None:
    a = Game(plan, KOR__hub_policing=0.8)
    b = Game(plan, set={"KOR.hub_policing": 0.8})
    assert a.lever("KOR", "hub_policing") == b.lever("KOR", "hub_policing") == 0.8
    assert a.plan.digest == b.plan.digest
    assert Game(plan, users=300).plan.users == 300


@pytest.mark.parametrize("seed", [-1, 1.5, True, 2**63, float("inf"), float("nan")])
def test_a_seed_that_is_none_is_refused(plan: Scenario, seed: float) -> None:
    with pytest.raises(ScenarioError, match="seed"):
        Game(plan, seed=seed)  # type: ignore[arg-type]


def test_an_order_binds_and_the_policy_leaves_it_alone(plan: Scenario) -> None:
    game = Game(plan)
    assert game.submit(actor="VNM", lever="hub_policing", value=0.9) is None
    game.run(weeks=20)
    assert game.lever("VNM", "hub_policing") == 0.9
    refusal = game.submit(actor="VNM", lever="hub_policing", value=0.9, week=3)
    assert refusal is not None
    assert "has been played" in refusal.reason


def test_a_lever_that_is_set_is_left_alone_by_history_and_policies(plan: Scenario) -> None:
    game = Game(plan, set={"CHN.rung.JPN": 8})
    game.run(weeks=25)
    assert game.lever("CHN", "rung.JPN") == 8


def test_history_gives_way_to_another_player(plan: Scenario) -> None:
    held = Game(plan, seats={"CHN": "hold"}).run(weeks=15)
    assert held.lever("CHN", "ban_breadth.JPN") == 0
    assert held.seats["CHN"] == "ai:hold"
    played_out = Game(plan).run(weeks=15)
    assert played_out.lever("CHN", "ban_breadth.JPN") == 0.5
    told = played_out.frames["events"]
    steps = told[told["kind"] == "rung"]
    assert steps["text"].str.contains("ambiguous dual-use ban: Announcement 1").any()


def test_a_seat_waits_at_quarters_and_is_stood_in_for(plan: Scenario) -> None:
    game = Game(plan, seats={"JPN": "person"})
    assert game.seats["JPN"] == "person"
    assert game.awaiting_orders == ["JPN"]
    game.ready("JPN")
    assert game.awaiting_orders == []
    game.run(weeks=13)
    orders = game.frames["orders"]
    assert orders[orders["actor"] == "JPN"].empty
    assert game.awaiting_orders == ["JPN"]
    game.run(weeks=13)
    told = game.frames["events"]
    assert told[told["kind"] == "stand-in"]["week"].tolist() == [13]
    game.submit(actor="JPN", lever="protest", value=1)
    assert game.awaiting_orders == []
    game.release_seat("JPN")
    assert game.seats["JPN"] == "ai:japan_diversifier"


def test_a_seat_that_is_none_is_refused(plan: Scenario) -> None:
    game = Game(plan)
    with pytest.raises(SeatError, match="did you mean JPN"):
        game.take_seat("JNP")
    with pytest.raises(SeatError, match="no policy"):
        Game(plan, seats={"CHN": "nobody"})


def test_an_inject_is_recorded_like_an_event_of_the_file(played: Game) -> None:
    told = played.frames["events"]
    assert told[told["kind"] == "disaster"]["week"].tolist() == [4]
    assert told[told["kind"] == "remarks"]["week"].tolist() == [1]
    with pytest.raises(ValueError, match="has been played"):
        played.inject(Event(0, "news"))
    with pytest.raises(ValueError, match="no kind of event"):
        played.inject(Event(99, "fire"))


def test_levers_of_a_seat_carry_their_value_in_force(played: Game) -> None:
    rows = {row["lever"]: row for row in played.levers("KOR")}
    assert rows["hub_policing"]["value"] == 0.8
    assert {"low", "high", "unit", "meaning", "group", "step"} <= set(rows["hub_policing"])


def test_gauges_lie_between_0_and_1(played: Game) -> None:
    for actor in played.plan.zones:
        gauges = played.gauges(actor)
        assert set(gauges) == {"supply", "autonomy", "standing"}
        assert all(0 <= value <= 1 for value in gauges.values())


def test_every_lever_can_be_estimated(played: Game) -> None:
    for actor in ("CHN", "JPN"):
        for row in played.levers(actor):
            told = played.estimate(actor, row["lever"], row["high"])
            assert set(told) == {"cost_usd", "text"}
            assert told["text"].endswith(".")
            assert told["cost_usd"] is None or told["cost_usd"] >= 0
    assert played.estimate("JPN", "research_usd_m", 100)["cost_usd"] == 4e8
    with pytest.raises(ValueError, match="did you mean"):
        played.estimate("JPN", "research_usd", 100)


@pytest.mark.parametrize(
    ("parameter", "lever", "value"),
    [
        ("tracing_cost", "origin_tracing", 1.0),
        ("policing_cost", "hub_policing", 0.8),
        ("recycling_cost", "recycling_support", 1.0),
        ("stock_holding_cost", "stockpile_target_days.dy_oxide", 0.0),
    ],
)
def test_estimates_follow_the_parameters(
    plan: Scenario, parameter: str, lever: str, value: float
) -> None:
    base = Game(plan)
    price = getattr(base.setting.par, parameter)
    dear = Game(plan, set={f"parameters.{parameter}": 2.0 * price})
    if not value:  # what is held already costs no more than its holding
        value = base.lever("JPN", lever)
    costs = [game.estimate("JPN", lever, value)["cost_usd"] for game in (base, dear)]
    assert costs[0] > 0
    assert costs[1] == pytest.approx(2.0 * costs[0])


def test_mesa_finds_its_agents(played: Game) -> None:
    kinds = played.agents_by_type
    assert set(kinds) == {State, Refiner, Trader, IndustrialUser}
    states = kinds[State]
    assert [state.name for state in list(states)] == list(played.plan.zones)
    losses = played.recorder.array("zones", "gdp_loss_share")[-1]
    assert states.agg("gdp_loss", max) == pytest.approx(losses.max())
    assert [s.name for s in states.select(lambda s: s.is_coercer)] == ["CHN"]
    sizes = played.agents.groupby(lambda agent: type(agent).__name__).count()
    assert sizes["State"] == 13
    japan = kinds[IndustrialUser].select(lambda user: user.zone == "JPN")
    assert len(japan) > 0
    assert all(user.need_t > 0 for user in japan)
    assert {r.stage for r in kinds[Refiner]} <= {"mine", "refine", "magnet"}
    assert {t.zone for t in kinds[Trader]} <= {*played.plan.hubs, "CHN"}
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        _ = next(iter(states)).colour


def test_views_look_at_the_world_as_it_is(plan: Scenario) -> None:
    game = Game(plan)
    korea = next(s for s in game.agents_by_type[State] if s.name == "KOR")
    game.submit(actor="KOR", lever="protest", value=1)
    game.run(weeks=3)
    assert korea.lever("protest") == 1
    assert korea.played_by == "ai:korea_neutral"


def test_nobody_is_made_before_somebody_looks(plan: Scenario) -> None:
    game = Game(plan).run(weeks=1)
    assert not game._cast_made
    assert not getattr(mesa.Agent, "_ids", {}).get(game)


def test_the_data_collector_has_a_row_a_week(played: Game) -> None:
    frame = played.datacollector.get_model_vars_dataframe()
    assert len(frame) == WEEKS
    assert frame["week"].tolist() == list(range(WEEKS))
    markets = played.frames["markets"]
    mine = markets[(markets.zone == "JPN") & (markets.material == "dy_oxide")]
    assert np.array_equal(frame["price"], mine["price"])


def test_mesa_runs_batches() -> None:
    parameters = {
        "scenario": "gallium-2023", "users": 60,
        "set": [{"weeks": 4, "CHN.licence_approval": 0.5}],
    }  # fmt: skip
    if "rng" in inspect.signature(mesa.batch_run).parameters:  # Mesa 3.5 keeps seeds apart
        rows = mesa.batch_run(Game, parameters, rng=[1, 2], display_progress=False)
    else:
        rows = mesa.batch_run(Game, parameters | {"seed": [1, 2]}, display_progress=False)
    assert len(rows) == 2
    assert {row["seed"] for row in rows} == {1, 2}
    assert all(row["week"] == 3 for row in rows)
    assert all(np.isfinite(row["price"]) for row in rows)


def test_a_game_ends_at_its_horizon(plan: Scenario) -> None:
    game = Game(plan, set={"weeks": 3})
    game.run_model()
    assert (game.week, game.horizon, game.steps, game.running) == (3, 3, 3, False)


def test_an_interrupt_waits_for_the_end_of_the_week(plan: Scenario) -> None:
    game = Game(plan)

    def interrupt() -> None:
        time.sleep(0.05)
        signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        game.run(weeks=2000)
    thread.join()
    weeks = game.week
    assert game.world.week == weeks
    assert len(game.frames["zones"]) == weeks * 13
    game.step()
    assert game.week == weeks + 1


def test_what_if_starts_from_the_game_as_it_was_played(plan: Scenario) -> None:
    game = Game(plan, seed=3, seats={"JPN": "person"})
    game.submit(actor="JPN", lever="stockpile_release", value=0.3, week=9)
    game.run(weeks=22)
    before = game.recorder.digest()
    answer = game.what_if(set={"CHN.ban_breadth.JPN": 1.0}, from_week=15, lucks=2, weeks=7)
    assert answer.base["price"].shape == answer.branch["price"].shape == (7, 2)
    rows = game.recorder.rows("markets")
    japan = [
        i for i, z in enumerate(rows["zone"]) if (z, rows["material"][i]) == ("JPN", "dy_oxide")
    ]
    assert np.array_equal(answer.base["price"][:, 0], prices(game)[15:22, japan[0]])
    # a shut channel gets no orders, so a total ban need not be dearer than one that serves a part
    assert abs(np.log(answer.branch["price"][-1, 0] / answer.base["price"][-1, 0])) > 0.01
    assert game.recorder.digest() == before
    assert set(answer.table["measure"]) == set(answer.base)
    assert answer.to_dict()["weeks"] == list(range(15, 22))
    with pytest.raises(ScenarioError):
        game.what_if(set={"CHN.ban_breadth.JPN": 2.0}, from_week=15)
    with pytest.raises(ValueError, match="from_week"):
        game.what_if(set={}, from_week=999)


def test_what_if_stands_against_the_games_own_orders(
    plan: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = Game(plan, seed=3)
    game.submit(actor="CHN", lever="ban_breadth.JPN", value=1.0, week=3)  # waits at the branch
    game.submit(actor="CHN", lever="ban_breadth", value=0.9, week=5)
    game.submit(actor="KOR", lever="hub_policing", value=0.7, week=2)
    game.run(weeks=8)
    seen: list[tuple[float, ...]] = []

    def look(world: World, *_: object) -> None:
        held = (("CHN", "ban_breadth.JPN"), ("CHN", "ban_breadth.KOR"), ("KOR", "hub_policing"))
        seen.append(
            tuple(float(get_lever(world.regime, plan, actor, full)[0]) for actor, full in held)
        )

    monkeypatch.setattr("runs.whatif._measure", look)
    game.what_if(set={"CHN.ban_breadth.JPN": 0.0}, from_week=4, lucks=1, weeks=4)
    base, branch = seen[:4], seen[4:]
    assert [week[0] for week in base] == [1.0, 1.0, 0.9, 0.9]
    assert [week[0] for week in branch] == [0.0] * 4
    assert [week[1:] for week in branch] == [week[1:] for week in base]  # the rest of an order
    assert base[-1][1:] == (0.9, 0.7)


@pytest.mark.parametrize("name", ["china_maximal", "china_cautious"])
def test_a_policy_for_the_coercer_plays_no_other_seat(plan: Scenario, name: str) -> None:
    with pytest.raises(SeatError, match=f"{name} plays the coercer, which is CHN .*KOR"):
        Game(plan, seats={"KOR": name})
    assert Game(plan, seats={"CHN": name}).seats["CHN"] == f"ai:{name}"
    assert Game(plan, seats={"CHN": "korea_ally"}).run(weeks=5).week == 5


@pytest.mark.parametrize(
    ("name", "words"), [("nobody", "there is no policy 'nobody'"), ("china_maximal", "the coercer")]
)
def test_a_policy_of_a_file_is_named_by_its_key(plan: Scenario, name: str, words: str) -> None:
    with pytest.raises(SeatError, match=rf"^policies\.KOR: .*{words}"):
        Game(plan, set={"policies.KOR": name})
