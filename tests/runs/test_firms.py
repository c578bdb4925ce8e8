"""The seats of firms in a game: sitting down, orders, gauges, books, records and replays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.players import Scripted
from runs.game import Game
from runs.recorder import RecordError
from runs.replay import replay
from runs.seats import SeatError
from world.decisions import Order
from world.scenario import Scenario, load_scenario, resolve

BATTERY, MAGNETS, REFINER = FIRMS = ("KOR_BATTERY", "JPN_MAGNETS", "VNM_REFINER")
MATERIALS = ("dy_oxide", "ndpr_oxide", "ndfeb_magnet", "graphite", "ndpr_ore", "dy_ore")
ORDERS = {
    BATTERY: {"coercer_share_cap": 0.3, "saving_usd_m": 5},
    MAGNETS: {"cover_factor": 2, "grey_appetite": 3},
    REFINER: {"licence_terms": 2, "expansion": 0.1},
}


@pytest.fixture(scope="module")
def seats_plan() -> Scenario:
    """japan-2026 with the markets of its three firms."""
    whole = load_scenario("japan-2026")
    keep = ("ndpr_oxide", "dy_oxide", "ndfeb_magnet", "graphite")
    raw: dict[str, Any] = {**whole.source, "materials": list(MATERIALS)}
    raw["levers"] = {
        actor: {
            lever: {m: v for m, v in value.items() if m in keep}
            if lever in ("licence_duty", "floor_usd_per_kg")
            else value
            for lever, value in levers.items()
        }
        for actor, levers in whole.source["levers"].items()
    }
    known = ("", *keep, *raw["zones"])
    raw["history"] = [act for act in raw["history"] if act["lever"].partition(".")[2] in known]
    return resolve(raw, {"users": 200})


@pytest.fixture(scope="module")
def ordered(seats_plan: Scenario) -> Game:
    """Half a year in which persons hold all three firms; not to be changed."""
    game = Game(seats_plan, seed=3)
    for firm in FIRMS:
        game.take_seat(firm)
        for lever, value in ORDERS[firm].items():
            assert game.submit(actor=firm, lever=lever, value=value, why="told to") is None
    assert game.submit(actor=BATTERY, lever="grey_appetite", value=0) is not None
    return game.run(weeks=28)


def test_firms_hold_until_somebody_sits_down(seats_plan: Scenario) -> None:
    game = Game(seats_plan)
    assert {game.seats[firm] for firm in FIRMS} == {"ai:hold"}
    game.take_seat(BATTERY)
    assert game.seats[BATTERY] == "person"
    assert game.awaiting_orders == [BATTERY]
    assert game.submit(actor=BATTERY, lever="cover_factor", value=2) is None
    assert game.awaiting_orders == []
    game.step()
    game.step()
    assert game.lever(BATTERY, "cover_factor") == 2
    game.release_seat(BATTERY)
    assert game.seats[BATTERY] == "ai:hold"
    with pytest.raises(SeatError, match="no seat of japan-2026: did you mean KOR_BATTERY"):
        game.take_seat("KOR_BATERY")


def test_a_person_who_gives_no_orders_leaves_the_firm_to_its_rules(seats_plan: Scenario) -> None:
    silent, empty = Game(seats_plan, seed=2), Game(seats_plan, seed=2)
    silent.take_seat(REFINER)
    silent.run(weeks=14)
    empty.run(weeks=14)
    assert silent.recorder.digest() == empty.recorder.digest()
    assert any(e["kind"] == "stand-in" and e["actor"] == REFINER for e in silent.recorder.events)


def test_levers_gauges_and_estimates_of_a_firm(ordered: Game) -> None:
    for firm in FIRMS:
        rows = {row["lever"]: row for row in ordered.levers(firm)}
        for lever, value in ORDERS[firm].items():
            under_way = lever == "expansion"
            assert rows[lever]["value"] == (0 if under_way else value)
        assert set(ordered.gauges(firm)) == {"supply", "autonomy", "standing"}
        assert all(0 <= value <= 1 for value in ordered.gauges(firm).values())
        for lever, row in rows.items():
            told = ordered.estimate(firm, lever, float(row["high"]))
            assert row["cost"] in told["text"]
            assert told["cost_usd"] is None or told["cost_usd"] >= 0
    assert ordered.estimate(BATTERY, "saving_usd_m", 10)["cost_usd"] == 40e6
    assert "Binds in 39 weeks" in ordered.estimate(REFINER, "expansion", 0.1)["text"]
    with pytest.raises(ValueError, match="does not have the lever"):
        ordered.estimate(BATTERY, "run_rate", 1)
    assert set(ordered.summary()["gauges"]) == set(ordered.plan.actors)


def test_refusals_are_recorded_with_their_reason(ordered: Game) -> None:
    orders = ordered.frames["orders"]
    refused = orders[~orders["accepted"]]
    assert list(refused["actor"]) == [BATTERY]
    assert "only buyers in JPN" in refused["reason"].iloc[0]
    assert (orders[orders["accepted"] & orders["actor"].isin(FIRMS)]["by"] == "person").all()


def test_the_frame_of_firms_has_a_row_a_week_and_firm(ordered: Game) -> None:
    frame = ordered.frames["firms"]
    assert len(frame) == 28 * 3
    assert set(frame["firm"]) == set(FIRMS)
    for column in ("supply", "autonomy", "standing", "fill", "grey_share"):
        assert frame[column].between(0, 1).all(), column
    assert set(frame["blacklisted"]) <= {0, 1}
    for firm in FIRMS:
        own = frame[frame["firm"] == firm]
        assert np.allclose(own["profit_usd"].cumsum(), own["profit_total_usd"])
    assert Game("no-controls", users=100).run(weeks=1).frames["firms"].empty


def test_a_person_who_buys_less_from_china_makes_korea_freer(seats_plan: Scenario) -> None:
    games = [Game(seats_plan, seed=1) for _ in range(2)]
    games[1].take_seat(BATTERY)
    games[1].submit(actor=BATTERY, lever="coercer_share_cap", value=0)
    for game in games:
        game.run(weeks=60)
    korea = [game.gauges("KOR")["autonomy"] for game in games]
    firm = [game.gauges(BATTERY)["autonomy"] for game in games]
    assert korea[1] > korea[0]
    # a third of the way to freedom in a year: sellers elsewhere are won slowly
    assert firm[1] > firm[0] + 0.3
    assert firm[1] > 2.0 * firm[0]


def test_a_run_with_orders_of_firms_replays_to_the_bit(tmp_path: Path) -> None:
    game = Game("japan-2026", seed=3, users=150)
    for firm in FIRMS:
        game.take_seat(firm)
        for lever, value in ORDERS[firm].items():
            assert game.submit(actor=firm, lever=lever, value=value) is None
    folder = game.run(weeks=16).save(tmp_path / "run")
    assert list(pd.read_parquet(folder / "firms.parquet").columns)[:3] == ["week", "date", "firm"]
    assert replay(folder).text == "identical, 16 weeks"
    (folder / "firms.parquet").unlink()
    with pytest.raises(RecordError, match=r"firms\.parquet is missing"):
        replay(folder)


def test_what_if_holds_a_lever_of_a_firm(ordered: Game) -> None:
    found = ordered.what_if({f"{MAGNETS}.run_rate": 0.2}, from_week=20, lucks=2, weeks=8)
    assert found.branch["stopped_line_share"].shape == (8, 2)
    assert (found.base["gdp_loss_usd"] != found.branch["gdp_loss_usd"]).any()


def test_settings_of_a_scenario_and_of_the_command_line_reach_a_firm() -> None:
    game = Game("japan-2026", users=100, KOR_BATTERY__cover_factor=3)
    assert game.lever(BATTERY, "cover_factor") == 3


def test_only_policies_for_firms_play_firms(seats_plan: Scenario) -> None:
    with pytest.raises(SeatError, match="hub_open plays states, and VNM_REFINER is a firm"):
        Game(seats_plan, seats={REFINER: "hub_open"})
    script = Scripted([Order(2, BATTERY, "cover_factor", 4.0)])
    game = Game(seats_plan, seats={BATTERY: script}).run(weeks=4)
    assert game.lever(BATTERY, "cover_factor") == 4.0


def test_the_mesa_view_of_a_firm_names_its_seat(ordered: Game) -> None:
    seats = [agent.seat for agent in ordered.agents if getattr(agent, "seat", "")]
    assert sorted(set(seats)) == sorted(FIRMS)
    (battery,) = (a for a in ordered.agents if getattr(a, "seat", "") == BATTERY)
    assert (battery.zone, battery.material) == ("KOR", "graphite")
    assert battery.played_by == "person"
