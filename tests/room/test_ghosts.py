"""Ghosts of drafts and the six levers: made from what a seat may know, and from nothing else."""

from __future__ import annotations

import asyncio
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from host_play import Party
from room_play import PLAN, SETUP, Play

from runs.room.child import Child, Rank
from runs.room.foresight import Foresight, OwnWorld, first_state
from runs.room.ghosts import ghost_of
from runs.room.known import drafted, known_turns
from runs.room.relevance import GAUGES, SIX, TURNS_SHOWN, six_levers
from runs.room.state import CARETAKER, PERSON
from runs.room.table import Table
from runs.room.trial import ghosts as trial

FEW = {**SETUP, "users": 100, "seed": 0}


@pytest.fixture(scope="module")
def two_turns() -> tuple[Play, list[dict[str, Any]]]:
    """A room in its third turn, with secrets of several kinds, and what its turns have brought."""
    play = Play(setup=FEW)
    japan, korea = play.join("JPN", "Sato"), play.join("KOR", "Kim")
    play.control("start", practice=False)
    hidden = play.offer(japan, "USA", gives=[{"kind": "money", "usd_m_per_turn": 7}], secret=True)
    play.room.deals[hidden].signed = ["JPN", "USA"]
    play.room.deals[hidden].status, play.room.deals[hidden].start = "in force", 1
    play.room.deals[hidden].last = 2
    play.order(japan, "stance", 1.0)
    play.order(korea, "hub_policing", 0.4)
    play.close()
    play.order(korea, "stockpile_release", 0.2)
    play.close()
    table = Table(FEW)
    return play, json.loads(json.dumps(table.play(play.room.played)))


def asked(known: list[Any], lever: str, value: float, seat: str = "KOR") -> dict[str, Any]:
    return {"setup": FEW, "seat": seat, "known": known, "without": [], "drafted": [[lever, value]],
            "lever": lever, "value": value, "playing": {}, "bounds": []}  # fmt: skip


def secrets_changed(results: list[dict[str, Any]], seat: str) -> list[dict[str, Any]]:
    """The same turns as far as a seat can see: whatever else they hold is another."""
    other = copy.deepcopy(results)
    for result in other:
        result["digest"], result["figures"], result["transfers"] = "another", {}, []
        result["ordered"] = [one for one in result["ordered"] if one["actor"] == seat]
        result["ordered"].append({"actor": "JPN", "lever": "research_usd_m", "value": 500.0,
                                  "week": result["week"], "by": "ai"})  # fmt: skip
        for name in result["seats"]:
            if name != seat:
                result["seats"][name] = {"gauges": {}, "report": {}, "values": {}}
    return other


# --- what goes into a ghost -----------------------------------------------------------------------


def test_a_seat_knows_public_orders_and_its_own_and_no_secret(two_turns: Any) -> None:
    play, results = two_turns
    known = known_turns(play.room, results, "KOR")
    orders = [tuple(one[1:]) for turn in known for one in turn["orders"]]
    assert ("KOR", "hub_policing", 0.4) in orders
    assert ("KOR", "stockpile_release", 0.2) in orders
    assert any(actor == "CHN" for actor, *_ in orders), "public law of Beijing"
    public = {(line["actor"], line["lever"]) for result in results for line in result["happenings"]
              if "lever" in line}  # fmt: skip
    assert {(actor, lever) for actor, lever, _ in orders if actor != "KOR"} <= public
    assert not [one for turn in known for one in turn["events"]], "a secret deal of others"
    theirs = known_turns(play.room, results, "JPN")
    assert [one["deal"] for turn in theirs for one in turn["events"]]


def test_worlds_that_differ_only_in_secrets_give_the_same_bytes(two_turns: Any) -> None:
    play, results = two_turns
    other = secrets_changed(results, "KOR")
    assert json.dumps(other) != json.dumps(results)
    known = [known_turns(play.room, one, "KOR") for one in (results, other)]
    assert json.dumps(known[0]) == json.dumps(known[1])
    told = [json.dumps(Foresight().ghost(asked(one, "customer_cover", 1.0))) for one in known]
    assert told[0] == told[1]
    sixes = [json.dumps(six_levers(PLAN, "KOR", one)) for one in (results, other)]
    assert sixes[0] == sixes[1]


def test_own_deals_and_who_plays_now_stand_in_the_world_of_a_ghost(two_turns: Any) -> None:
    play, results = two_turns
    known = known_turns(play.room, results, "KOR")
    own = OwnWorld(first_state(FEW), "KOR")
    deal = {"actor": "KOR", "lever": "stance", "low": 0.5, "high": 1.0, "deals": [1]}
    own.hear(known, {}, [])
    free = own.quarter([])
    assert [turn["seats"]["JPN"] for turn in known] == [PERSON, CARETAKER]
    assert own.now.seats.label["JPN"] != PERSON, "nobody sits there any more"
    own.hear(known, {}, [deal])
    bound = own.quarter([])
    assert (bound["standing"] != free["standing"]).all()
    own.hear(known, {}, [])
    by_hand = own.quarter([("stance", 0.5)])
    assert all((by_hand[gauge] == bound[gauge]).all() for gauge in GAUGES)
    own.hear(known, {"JPN": PERSON}, [])  # somebody who keeps what stands has come
    assert any((own.quarter([])[gauge] != free[gauge]).any() for gauge in GAUGES)


def test_what_was_played_of_a_turn_is_kept_also_in_the_first(two_turns: Any) -> None:
    own = OwnWorld(first_state(FEW), "KOR")
    own.hear([], {}, [])
    played = own.quarter([])
    own.hear([], {}, [])
    assert own.quarter([]) is played


def test_a_ghost_moves_what_the_lever_moves_and_goes_back_with_an_undo(two_turns: Any) -> None:
    play, results = two_turns
    known = known_turns(play.room, results, "KOR")
    desk = Foresight()
    told = desk.ghost(asked(known, "hub_policing", 1.0))
    assert told["effects"]["standing"]["middle"] > 0.01  # Beijing's approval
    assert told["effects"]["supply"]["middle"] < 0 < told["cost_usd"]
    assert told["draft"] == told["effects"], "nothing else is drafted"
    for gauge in GAUGES:
        low, middle, high = (told["effects"][gauge][name] for name in ("low", "middle", "high"))
        assert low <= middle <= high
    nothing = {**asked(known, "stance", 0.0), "drafted": []}
    assert not any(any(one.values()) for one in desk.ghost(nothing)["effects"].values())
    earlier = asked(known[:1], "hub_policing", 1.0)
    assert json.dumps(desk.ghost(earlier)) == json.dumps(Foresight().ghost(earlier))


def test_what_a_ghost_promises_comes_on_another_luck_too() -> None:
    some = ("CHN", "VNM", "KOR_BATTERY", "VNM_REFINER")
    found = list(trial.cases("japan-2026", trial.SEED, turns=2, users=60, seats=some))
    figures = trial.summed(found)["all"]
    assert figures["promises"] == 2 * 4 * 3
    assert figures["above_a_point"] >= 4
    assert figures["right_sign"] >= trial.WANTED
    assert figures["in_band"] >= 0.5


def test_the_process_of_ghosts_is_told_no_seed_and_no_turns(
    tmp_path: Path, stand_in: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    before = Child.ask

    async def ask(self: Child, do: str, **fields: Any) -> Any:
        if do != "ghost":
            return await before(self, do, **fields)
        told.append(fields)
        return {"lever": fields["lever"], "value": fields["value"]}

    monkeypatch.setattr(Child, "ask", ask)

    async def one() -> None:
        party = Party(tmp_path / "rooms.db", seed=4711)
        await party.begin()
        try:
            while not party.host.stage.results:
                await asyncio.sleep(0.01)
            found = await ghost_of(party.host, "KOR", "hub_policing", 0.5)
            assert found["beside"] == []
        finally:
            await party.service.close()

    asyncio.run(one())
    assert told[0]["rank"] == Rank.GHOST
    assert "turns" not in told[0]
    assert "4711" not in json.dumps({k: v for k, v in told[0].items() if k != "rank"})


def test_a_draft_takes_the_place_of_what_was_saved_on_its_lever() -> None:
    play = Play()
    korea = play.join("KOR", "Kim")
    play.control("start", practice=False)
    play.order(korea, "stance", 0.2)
    play.order(korea, "hub_policing", 0.4)
    without, new = drafted(play.room, play.plan, "KOR", "stance", -0.5)
    assert without == [("hub_policing", 0.4)]
    assert sorted(new) == [("hub_policing", 0.4), ("stance", -0.5)]


# --- the six --------------------------------------------------------------------------------------


def test_every_state_has_six_levers_that_act_one_of_each_gauge(two_turns: Any) -> None:
    _, results = two_turns
    for seat in PLAN.zones:
        own = results[-1]["seats"][seat]
        six = six_levers(PLAN, seat, results)
        assert len(six) == SIX, seat
        assert len({one["lever"] for one in six}) == SIX
        assert {one["gauge"] for one in six} == set(GAUGES), seat
        for one in six:
            name, _, place = one["lever"].partition(".")
            assert place in own["values"][name], one["lever"]
            assert one["lever"] not in own["lacks"]
            assert one["why"]["key"].startswith("now.")
    assert six_levers(PLAN, "JPN_MAGNETS", results) == []


def test_a_lever_makes_way_after_three_turns(two_turns: Any) -> None:
    _, results = two_turns
    same = [results[0]] * (TURNS_SHOWN + 1)
    first, last = (
        [one["lever"] for one in six_levers(PLAN, "KOR", same[:n])] for n in (1, len(same))
    )
    assert [one["lever"] for one in six_levers(PLAN, "KOR", same[:TURNS_SHOWN])] == first
    assert set(first) != set(last)


def test_who_is_hub_is_shown_policing_and_who_has_no_traders_is_not(two_turns: Any) -> None:
    _, results = two_turns
    clause = json.loads(json.dumps(results[-1:]))
    clause[0]["public"]["law"].setdefault("CHN", {})["third_country_clause"] = 1.0
    levers = {seat: [one["lever"] for one in six_levers(PLAN, seat, clause)]
              for seat in ("VNM", "KOR", "JPN")}  # fmt: skip
    assert "hub_policing" in levers["VNM"]
    assert "hub_policing" not in levers["KOR"]
    assert "customer_cover" in levers["KOR"]
    assert "customer_cover" not in levers["JPN"]
