"""A game in the hands of a notebook's user: copies, ranges, pickles, and words about itself."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.cast import IndustrialUser, Refiner, Row, State, Trader
from runs.game import Game
from runs.recorder import digest_of
from runs.replay import replay
from runs.sweep import make_sweep
from runs.tables import TABLES, WEEKLY
from world.events import Event
from world.scenario import Scenario, ScenarioError

# --- what is handed out is a copy -----------------------------------------------------------------


def spoil(game: Game) -> None:
    """Changes everything that a game hands out and that can be changed."""
    for table in TABLES:
        frame = game.frames[table]
        for name in frame.columns:
            if pd.api.types.is_float_dtype(frame[name]):
                frame[name] *= 2
        frame.loc[:, "week"] = -1
    game.recorder.array("markets", "price")[:] = 9
    for given in (game.recorder.orders, game.recorder.events, game.levers("KOR")):
        for row in given:
            row.clear()
        given.clear()
    game.recorder.rows("zones")["zone"].clear()
    game.gauges("KOR").clear()
    game.seats.clear()
    game.awaiting_orders.clear()
    game.summary().clear()
    game.datacollector.model_vars["price"].clear()
    user = game.agents_by_type[IndustrialUser][0]
    user.stock[:] = 7


def test_changing_what_a_game_hands_out_changes_neither_it_nor_its_record(
    plan: Scenario, tmp_path: Path
) -> None:
    game = Game(plan, seed=4)
    data = {"cut": 0.5, "weeks": 2}
    game.inject(Event(1, "disaster", "", "MYS", "A fire.", data))
    data["cut"] = 0.9
    game.submit(actor="KOR", lever="hub_policing", value=0.8)
    game.run(weeks=3)
    digest, summary = game.recorder.digest(), repr(game.summary())  # NaN is not equal to itself
    spoil(game)
    assert game.recorder.digest() == digest
    assert repr(game.summary()) == summary
    frames = {table: game.frames[table] for table in WEEKLY}
    assert digest_of({table: frame for table, frame in frames.items() if len(frame)}) == digest
    assert replay(game.save(tmp_path / "run")).text == "identical, 3 weeks"


# --- numbers out of range -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"week": 4.5}, "week 4.5, which is no whole number between 0 and 155"),
        ({"week": 9999}, "week 9999, after the last one: weeks are 0 to 155"),
        ({"week": -1}, "the earliest is week 0"),
        ({"week": True}, "week True, which is no whole number"),
        ({"week": "3"}, "week '3', which is no whole number"),
        ({"week": 10**40}, "after the last one"),
        ({"week": float("nan")}, "week nan, which is no whole number"),
        ({"value": None}, "needs a number between 0 and 1 (share), None is none"),
        ({"value": True}, "needs a number between 0 and 1 (share), True is none"),
        ({"value": "0.5"}, "needs a number between 0 and 1"),
        ({"value": float("nan")}, "needs a number between 0 and 1"),
        ({"value": 10**400}, "must lie between 0 and 1 (share), inf was given"),
        ({"value": -1e300}, "must lie between 0 and 1"),
        ({"actor": "KRO"}, "did you mean KOR?"),
        ({"actor": None}, "None is no actor"),
        ({"actor": ["KOR"]}, "is no actor"),
        ({"lever": None}, "None is no lever"),
        ({"lever": "hub_policing.JPN"}, "takes no index"),
    ],
    ids=range(18),
)  # fmt: skip
def test_an_order_that_cannot_be_is_a_refusal_with_its_range(
    plan: Scenario, asked: dict[str, Any], words: str
) -> None:
    game = Game(plan)
    refusal = game.submit(**{"actor": "KOR", "lever": "hub_policing", "value": 0.9} | asked)
    assert refusal is not None
    assert words in refusal.reason
    told = game.run(weeks=1).frames["orders"]
    told = told[told["by"] == "script"]  # a game without weeks has no dates
    assert told["reason"].tolist() == [refusal.reason]
    assert game.lever("KOR", "hub_policing") != 0.9


def test_numbers_of_numpy_are_numbers(plan: Scenario) -> None:
    game = Game(plan)
    value, week = np.float32(0.5), np.int64(1)
    assert game.submit(actor="KOR", lever="hub_policing", value=value, week=week) is None
    assert game.submit(actor="KOR", lever="hub_policing", value=1, why=5) is None  # type: ignore[arg-type]
    assert game.run(weeks=20).lever("KOR", "hub_policing") == 0.5


@pytest.mark.parametrize("weeks", [-1, 2.5, True, "3", float("nan"), 10**12])
def test_weeks_to_play_are_a_whole_number(plan: Scenario, weeks: Any) -> None:
    game = Game(plan)
    with pytest.raises(ValueError, match=r"weeks: .* must be a whole number from 0 to"):
        game.run(weeks=weeks)
    assert game.week == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"lucks": 0}, "lucks: 0 must be a whole number from 1"),
        ({"lucks": 2.5}, "lucks: 2.5 must be"),
        ({"lucks": 10**9}, "lucks: 1000000000 must be"),
        ({"from_week": -1}, "from_week: -1 must be a whole number from 0 to 155"),
        ({"from_week": 1.5}, "from_week: 1.5"),
        ({"weeks": 0}, "weeks: 0 must be a whole number from 1"),
        ({"set": None}, "set: None must name levers"),
        ({"set": {"population": 3}}, "'population' is no actor"),
        ({"set": {"KOR.hub_policing": None}}, "needs a number between 0 and 1"),
        ({"set": {"KOR.hub_policing": 3}}, "must lie between 0 and 1"),
        ({"set": {5: 1}}, "'5' is no actor"),
    ],
    ids=range(11),
)  # fmt: skip
def test_a_what_if_that_cannot_be_is_one_sentence(
    plan: Scenario, asked: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=r".") as problem:
        Game(plan).what_if(**{"set": {}, "lucks": 1, "weeks": 1} | asked)
    assert words in str(problem.value)


# --- pickles ------------------------------------------------------------------------------------


def play(seed: int) -> Game:
    return Game("gallium-2023", seed=seed, users=60).run(weeks=2)


def test_a_game_that_was_pickled_or_copied_plays_on_alike(plan: Scenario) -> None:
    game = Game(plan, seed=4, seats={"JPN": "person"})
    game.submit(actor="KOR", lever="hub_policing", value=0.8, week=6)
    game.run(weeks=5)
    assert len(game.agents) > 0
    twins = [pickle.loads(pickle.dumps(game)), copy.deepcopy(game)]
    for one in (game, *twins):
        assert one.run(weeks=15).recorder.digest() == game.run(weeks=0).recorder.digest()
        assert one.steps == 20
        assert one.agents[0].model is one
    answers = [one.what_if({"KOR.hub_policing": 0.1}, 14, 2, 3) for one in (game, *twins)]
    again = pickle.loads(pickle.dumps(answers[0]))
    for other in (*answers[1:], again):
        pd.testing.assert_frame_equal(other.table, answers[0].table)


def test_a_pool_may_hand_back_games() -> None:
    with multiprocessing.get_context("fork").Pool(1) as pool:
        games = pool.map(play, [1, 2])
    assert [game.luck for game in games] == [1, 2]
    assert games[0].run(weeks=1).recorder.digest() == play(1).run(weeks=1).recorder.digest()


# --- Mesa ---------------------------------------------------------------------------------------


def test_the_luck_may_be_named_as_mesa_names_it(plan: Scenario) -> None:
    assert Game(plan, rng=5).luck == Game(plan, seed=5, rng=5).luck == 5
    assert Game(plan).luck == Game(plan, seed=None, rng=None).luck == 1
    with pytest.raises(ScenarioError, match="seed 5 and rng 6 are two names of one number"):
        Game(plan, seed=5, rng=6)
    with pytest.raises(ScenarioError, match=r"rng: 1\.5 must be a whole number"):
        Game(plan, rng=1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [State, Refiner, Trader, IndustrialUser])
def test_no_view_takes_what_is_the_worlds(played: Game, kind: type[Row]) -> None:
    agent = copy.deepcopy(played).agents_by_type[kind][0]
    ours = [name for name in dir(kind) if isinstance(getattr(kind, name), property)]
    columns = [column.name for column in agent.table.columns]
    assert len(columns) > 6
    for name in (*columns, *{*ours} & {*vars(kind), *vars(Row)}, "row", "model", "table_name"):
        before = None if (kind, name) == (State, "stock_t") else getattr(agent, name)
        with pytest.raises(AttributeError, match="belongs to the world and cannot be set"):
            setattr(agent, name, 1.0)
        assert before is None or np.array_equal(getattr(agent, name), before)


def test_a_set_of_agents_raises_and_keeps_notes_of_ones_own(plan: Scenario) -> None:
    game = Game(plan)
    traders = game.agents.select(lambda agent: isinstance(agent, Trader))
    with pytest.raises(AttributeError, match="diverted_usd of a Trader belongs to the world"):
        traders.set("diverted_usd", 1.0)
    assert (game.world.traders.diverted_usd == 0).all()
    traders.set("colour", "red")
    assert {agent.colour for agent in traders} == {"red"}


# --- tables and words -----------------------------------------------------------------------------


def test_a_date_is_a_date_and_a_frame_knows_its_run(played: Game, folder: Path) -> None:
    for table in TABLES:
        frame = played.frames[table]
        assert pd.api.types.is_datetime64_dtype(frame["date"]), table
        assert frame.attrs == {"run_id": played.run_id, "seed": played.luck}
        file = folder / f"{table}.parquet"
        kept = frame if table in ("firms", "goods") else pd.read_parquet(file)
        assert kept["date"].dtype == frame["date"].dtype, table
    assert f'run_id = "{played.run_id}"' in (folder / "run.toml").read_text()
    assert played.run_id.startswith("japan-2026-")


def test_a_record_with_dates_as_text_still_replays(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
        if file.suffix == ".parquet":
            frame = pd.read_parquet(file)
            frame["date"] = frame["date"].dt.strftime("%Y-%m-%d")
            frame.to_parquet(tmp_path / file.name, index=False)
    lines = [line for line in (folder / "run.toml").read_text().splitlines() if "told_" not in line]
    (tmp_path / "run.toml").write_text("\n".join(lines))
    assert replay(tmp_path).same


def test_games_what_ifs_sweeps_and_scenarios_say_what_they_are(played: Game) -> None:
    assert repr(played) == (
        "<Game japan-2026, seed 5: 30 of 156 weeks played, 200 users, JPN played by people>"
    )
    html = played._repr_html_()
    assert html.startswith("<table><caption>Japan 2026")
    assert "30 of 156" in html
    found = played.what_if({"KOR.hub_policing": 0.8}, from_week=28, lucks=2, weeks=2)
    assert repr(found).startswith("<What if KOR.hub_policing=0.8, from week 28, 2 weeks, 2 lucks;")
    assert len(repr(found).splitlines()) == 1 + len(found.table)
    assert "<table" in found._repr_html_()
    assert "array" not in repr(found)
    assert repr(played.plan).startswith("<Scenario japan-2026@")
    sweep = make_sweep("gallium-2023", [("KOR.hub_policing", "0:1:3")], {"users": 60}, runs=2)
    assert repr(sweep) == (
        "<Sweep of gallium-2023: KOR.hub_policing over 3 values; 3 cells of 2 runs from seed 1, "
        "60 users>"
    )
    assert len(repr(played.frames)) < 200
