"""A turn's result: steps that add up, each the thing it is called, for every seat."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from room_play import SETUP, Play, keeps, stock

from runs.headline import gauges
from runs.outcome import GAUGES
from runs.room.causes import FIGURES, OWN, QUIET, causes
from runs.room.chains import turn_of
from runs.room.kept import kept_picture
from runs.room.log import results
from runs.room.log.results import SHOWN, Results
from runs.room.reports import public_law
from runs.room.state import PERSON
from runs.room.table import Table
from runs.room.told import UNNAMED, brief, told
from runs.room.trial.players import players
from runs.room.trial.results import inputs_of, missed
from runs.room.view import Picture, seat_view
from runs.turn import play_week
from world.draws import Draws
from world.levers import LEVERS

SMALL = {**SETUP, "users": 300}


MEMORY: dict[tuple[int, int], tuple[Table, Any]] = {}  # by table and turn


def told_of(table: Table, turn: int) -> dict[str, Any]:
    """What all seats are told of a turn, worked out once."""
    key = (id(table), turn)
    if key not in MEMORY:
        MEMORY[key] = table, causes(table, turn)["seats"]
    found: dict[str, Any] = MEMORY[key][1]
    return found


def rows(result: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [row for row in result["steps"] if row["kind"] == kind]


def played(*turns: dict[str, dict[str, float]], seed: int = 7) -> Table:
    """A table after turns in which people order by seat and lever."""
    table, inputs = Table({**SMALL, "seed": seed}), []
    for turn, orders in enumerate(turns, start=1):
        told_ = inputs_of(table, {}, turn)
        told_["seats"] |= dict.fromkeys(orders, PERSON)
        told_["orders"] = [
            {"actor": seat, "lever": lever, "value": value, "why": ""}
            for seat, levers in orders.items() for lever, value in levers.items()
        ]  # fmt: skip
        inputs.append(told_)
        table.play(inputs)
    return table


@pytest.mark.parametrize(("step", "told_step"), [(3, 3), (4, 3), (5, 5), (7, 7), (9, 9)])
def test_the_step_that_all_are_told_does_not_follow_secret_approvals(
    step: int, told_step: int
) -> None:
    table = played({"CHN": {"rung.JPN": step}})
    plan, regime = table.game.plan, table.game.world.regime
    law = public_law(table.game)
    assert law["CHN"]["rung.JPN"] == told_step
    approval = regime["licence_approval"][:, plan.zones.index("CHN"), :]
    for secret in (0.0, 0.05, 0.35, 0.8, 1.0):
        approval[:] = secret
        assert public_law(table.game) == law


@pytest.fixture(scope="module")
def room() -> tuple[Play, Table]:
    """A room with a public order, a secret deal and an event for one seat alone."""
    play = Play(users=300)
    china, japan, korea = play.join("CHN"), play.join("JPN"), play.join("KOR")
    play.control("start", practice=False)
    play.order(china, "rung.JPN", 7.0)
    play.order(korea, "hub_policing", 0.8)
    gives = [stock("tungsten", 1e6), keeps("stance", "at_least", 0.4)]
    deal = play.offer(japan, "KOR", gives=gives, secret=True,
                      gets=[{"kind": "money", "usd_m_per_turn": 50.0}], turns=2)  # fmt: skip
    play.say(korea, "sign", deal=deal)
    event = {"kind": "demand_shock", "actor": "", "target": "KOR", "text": "Boom", "week": 0,
             "data": {"factor": 3.0, "weeks": 13}}  # fmt: skip
    play.control("inject", event=event, to=["KOR"])
    play.close()
    play.order(korea, "stance", -1.0)
    play.close()
    table = Table(SMALL)
    table.play(play.room.played)
    return play, table


# --- they add up ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [3, 11])
def test_every_result_of_a_random_game_adds_up(seed: int) -> None:
    table = Table({**SMALL, "seed": seed})
    seats = table.plan.actors[seed % 3 :: 3]
    sitting = {seat: players(table.plan, seat)["random"] for seat in seats}
    inputs: list[dict[str, Any]] = []
    for turn in (1, 2):
        inputs.append(inputs_of(table, sitting, turn))
        table.play(inputs)
        found = told_of(table, turn)
        assert set(found) == set(table.plan.actors)
        for seat, result in found.items():
            before, after = (table.results[n]["seats"][seat]["gauges"] for n in (turn - 1, turn))
            for name in GAUGES:
                assert result["start"][name] == before[name]
                assert result["end"][name] == after[name]
                assert missed(result, name) == pytest.approx(0.0, abs=1e-9)
            assert missed(result, "loss_usd") == pytest.approx(0.0, abs=len(result["steps"]))


def test_the_last_world_is_the_turn_as_it_was_played(room: tuple[Play, Table]) -> None:
    """What the chain ends at is not put right: it is the recorded turn, bit by bit."""
    table = room[1]
    for turn in (1, 2):
        cut = turn_of(table, turn)
        levels = cut.played()
        for row, seat in enumerate(table.plan.actors):
            end = levels.of(cut.chains[seat][-1].after, row)
            for name in GAUGES:
                real = table.results[turn]["seats"][seat]["gauges"][name]
                assert end[name] == pytest.approx(real, abs=6e-7)


def test_a_quiet_quarter_is_the_game_without_measures_orders_and_events() -> None:
    """Played by hand: nobody decides, and the coercer has nothing in force."""
    table = played({})
    start = table.starts[0]
    world, seats = start.world.copy(), start.seats.copy()
    for actor in table.plan.actors:
        seats.seat(actor, "hold")
    seats.past.clear()
    for lever, values in world.regime.items():
        if LEVERS[lever].actors == "coercer":
            values[:, table.plan.zones.index("CHN")] = LEVERS[lever].default
    world.pending = []
    world.markets.announced[:] = 0.0
    world.users.drop_weeks[:] = world.users.redirected[:] = world.plants.stop_weeks[:] = 0.0
    world.refresh_law()
    remarks = [event for event in table.plan.events if event.week < 13]
    assert remarks  # in the first quarter, and in no quiet one
    draws = Draws(table.game.luck)
    object.__setattr__(seats, "follows", lambda event: False)
    for _ in range(13):
        play_week(world, draws, seats)
    found = told_of(table, 1)
    for seat in ("JPN", "KOR", "JPN_MAGNETS"):
        result = found[seat]
        quiet = rows(result, QUIET)[0]
        for name in GAUGES:
            assert result["start"][name] + quiet[name] == pytest.approx(
                gauges(world, seat)[name], abs=2e-6
            )


# --- each is the thing it is called ---------------------------------------------------------------


def test_own_orders_are_told_by_lever_and_are_the_turn_without_them() -> None:
    """The own steps together: the turn again, by hand, without the seat's orders."""
    mine = {"hub_policing": 0.8, "stance": -0.6, "research_usd_m": 150.0}
    table = played({"KOR": mine, "CHN": {"rung.JPN": 7.0}})
    result = told_of(table, 1)["KOR"]
    own = rows(result, OWN)
    assert {row["lever"] for row in own} == set(mine)
    sizes = [max(abs(row[name]) for name in GAUGES) for row in own]
    assert sizes == sorted(sizes, reverse=True)
    other = played({"KOR": {}, "CHN": {"rung.JPN": 7.0}})
    for name in GAUGES:
        real, without = (t.results[1]["seats"]["KOR"]["gauges"][name] for t in (table, other))
        assert sum(row[name] for row in own) == pytest.approx(real - without, abs=3e-6)
    assert "lever" not in {row["kind"] for row in result["steps"]}
    for seat in ("JPN", "USA"):  # which levers Korea moved is Korea's to know
        others = told_of(table, 1)[seat]["steps"]
        assert not [row for row in others if row["lever"] and row["actor"] != seat]


def test_fear_has_its_own_bar_where_the_threat_alone_is_ordered() -> None:
    """The ban is a turn old, so controls are carried over; the clause and its threat are new."""
    quiet = played({"CHN": {"rung.JPN": 7.0}}, {"CHN": {}})
    loud = played(
        {"CHN": {"rung.JPN": 7.0}},
        {"CHN": {"third_country_clause": 1.0, "threat": 1.0, "enforcement": 4.0}},
    )
    before, after = (told_of(table, 2)["KOR"] for table in (quiet, loud))
    fear = [sum(row["loss_usd"] for row in rows(one, "fear")) for one in (before, after)]
    controls = [sum(row["loss_usd"] for row in rows(one, "measures")) for one in (before, after)]
    assert fear[1] > 10 * abs(fear[0]) + 1e6
    assert controls[1] == pytest.approx(controls[0], rel=0.05, abs=1e6)
    assert all(row["tone"] == "fear" for row in rows(after, "fear"))
    third = played(
        {"CHN": {"rung.JPN": 7.0}},
        {"CHN": {"third_country_clause": 1.0, "threat": 1.0, "enforcement": 4.0}},
        {"CHN": {"third_country_clause": 0.0, "threat": 0.0}},
    )
    carried = rows(told_of(third, 3)["KOR"], "refusals")[0]
    assert carried["loss_usd"] > 1e5  # refusals outlast the threat, and are named


def test_events_deals_and_injects_are_steps(room: tuple[Play, Table]) -> None:
    found = told_of(room[1], 1)
    kinds = {row["kind"] for row in found["KOR"]["steps"]}
    assert {"event", "inject", "deal", OWN, "measures"} <= kinds
    boom = rows(found["KOR"], "inject")[0]
    assert boom["what"] == "Boom"
    assert any(abs(boom[name]) > 1e-4 for name in FIGURES)
    stance = rows(found["JPN"], "deal")[0]  # the deal moves it, not an order of Japan's own
    assert stance["standing"] != 0
    assert not [row for row in rows(found["JPN"], OWN) if row["lever"] == "stance"]


# --- who may know ---------------------------------------------------------------------------------


def test_what_a_seat_may_not_know_keeps_its_figures_and_loses_its_name(
    room: tuple[Play, Table],
) -> None:
    play, table = room
    found = told_of(table, 1)
    for seat in ("JPN", "USA"):
        shown = told(play.room, seat, found[seat])
        for before, after in zip(found[seat]["steps"], shown["steps"], strict=True):
            hidden = before["kind"] == "inject" or (before["kind"] == "deal" and seat == "USA")
            assert after == ({**before, **UNNAMED} if hidden else before)
        assert "Boom" not in json.dumps(shown)
    assert "Boom" in json.dumps(told(play.room, "KOR", found["KOR"]))


def test_a_seat_gets_its_own_steps_and_no_others(room: tuple[Play, Table]) -> None:
    play, table = room
    found = {turn: {"turn": turn, "seats": told_of(table, turn)} for turn in (1, 2)}
    picture = Picture(play.room, play.plan, play.at, table.results, None, found)
    view = seat_view(picture, "KOR")
    assert view["report"]["result"]["steps"] == found[2]["seats"]["KOR"]["steps"]
    assert all("steps" not in (row["result"] or {}) for row in view["history"])
    text = json.dumps(seat_view(picture, "USA"))
    assert "hub_policing" not in json.dumps(seat_view(picture, "USA")["report"]["result"])
    assert "Boom" not in text


def test_a_room_of_the_first_form_is_shown_as_it_was(room: tuple[Play, Table]) -> None:
    """Rooms that were kept before results had steps: their largest causes are told."""
    play, table = room
    old = {1: {"turn": 1, "seats": {
        seat: {name: value for name, value in brief(result).items() if name in (
            "change", "loss_usd", "causes")}
        for seat, result in told_of(table, 1).items()
    }}}  # fmt: skip
    picture = Picture(play.room, play.plan, play.at, table.results, None, old)
    row = seat_view(picture, "KOR")["history"][0]["result"]
    assert row["causes"]
    assert "steps" not in row
    assert 1 in SHOWN


def test_what_an_earlier_form_kept_is_shown_and_kept_anew(
    room: tuple[Play, Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play, table = room
    kept = Results(tmp_path / "rooms.db.results")
    old = {name: value for name, value in table.results[0].items()
           if name not in ("wall", "truth")}  # fmt: skip
    old["seats"] = {
        seat: {name: value for name, value in own.items() if name != "briefing"}
        for seat, own in old["seats"].items()
    }
    monkeypatch.setattr(results, "FORM", 2)
    assert kept.keep(play.room.code, 0, old, None, None)
    assert kept.whole(play.room.code)
    monkeypatch.undo()
    assert kept.whole(play.room.code) == {}
    shown = kept_picture(play.room, play.plan, kept.read(play.room.code))
    assert shown.results == [old]
    assert kept.keep(play.room.code, 0, table.results[0], None, None)
    assert kept.whole(play.room.code) == {0: table.results[0]["digest"]}
