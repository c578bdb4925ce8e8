"""The world at the table: turns from inputs, causes that are true, branches that touch nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from room_play import SETUP, Play, keeps, stock

from runs.game import Game
from runs.room.branches import BranchError, branch
from runs.room.review import review
from runs.room.state import AI
from runs.room.table import Table
from runs.room.view import Picture, projector_view, seat_view
from world.levers import ladder

SMALL = {**SETUP, "users": 500}


def inputs() -> list[dict[str, Any]]:
    """Three turns of a room in which something of everything happens."""
    play = Play(users=500)
    china, japan, korea = play.join("CHN"), play.join("JPN"), play.join("KOR")
    play.control("start", practice=False)
    play.order(china, "rung.JPN", 7.0)
    play.order(korea, "hub_policing", 0.8)
    gives = [stock("tungsten", 1e6), keeps("stance", "at_least", 0.4)]
    deal = play.offer(japan, "KOR", gives=gives,
                      gets=[{"kind": "money", "usd_m_per_turn": 50.0}], turns=2)  # fmt: skip
    play.say(korea, "sign", deal=deal)
    event = {"kind": "demand_shock", "actor": "", "target": "KOR", "text": "Boom", "week": 0,
             "data": {"factor": 3.0, "weeks": 13}}  # fmt: skip
    play.control("inject", event=event)
    play.close()
    play.order(korea, "stance", -1.0)
    play.close()  # China and Japan are silent: caretakers
    play.close()
    return play.room.played


@pytest.fixture(scope="module")
def table() -> Table:
    made = Table(SMALL)
    made.play(inputs())
    return made


def test_a_table_that_is_set_up_again_says_the_same_to_the_byte(table: Table) -> None:
    again = Table(SMALL)
    turns = inputs()
    for number in range(1, len(turns) + 1):  # turn by turn this time
        again.play(turns[:number])
    assert json.dumps(again.results) == json.dumps(table.results)


def test_a_turn_that_was_taken_back_leaves_nothing_behind(table: Table) -> None:
    turns = inputs()
    again = Table(SMALL)
    other = json.loads(json.dumps(turns))
    other[1]["orders"] = []
    again.play(other)
    assert again.results[3]["digest"] != table.results[3]["digest"]
    again.play(turns)
    assert [r["digest"] for r in again.results] == [r["digest"] for r in table.results]


def test_a_table_plays_what_a_game_plays() -> None:
    """Without people and deals the room's world is the game of the scenario."""
    seats = dict.fromkeys(Play().room.chairs, "ai")
    quiet = {"turn": 1, "week": 0, "seats": seats, "orders": [], "held": [], "bounds": [],
             "events": []}  # fmt: skip
    room = Table(SMALL)
    room.play([quiet])
    game = Game("japan-2026", seed=7, users=500).run(13)
    for seat in game.plan.actors:
        assert room.results[1]["seats"][seat]["gauges"] == pytest.approx(
            game.gauges(seat), abs=1e-6
        )


def test_deals_are_executed_and_a_promise_beyond_the_stock_is_told(table: Table) -> None:
    note = table.results[1]["transfers"][0]
    assert (note["by"], note["to"], note["promised_t"]) == ("JPN", "KOR", 1e6)
    assert 0 < note["moved_t"] < 1e6
    assert table.game.lever("JPN", "stance") >= 0.4 - 1e-9
    budget = [r["seats"]["JPN"]["report"]["budget_usd"] for r in table.results]
    free = Table(SMALL)
    told = inputs()
    told[0]["events"] = [e for e in told[0]["events"] if e["kind"] != "transfer_money"]
    free.play(told[:1])
    without = free.results[1]["seats"]["JPN"]["report"]["budget_usd"]
    assert budget[1] - without == pytest.approx(50e6, rel=1e-3)


def test_the_review_lists_what_ai_has_ordered_and_no_seat_reads_it_before() -> None:
    play = Play(users=500)
    korea = play.join("KOR")
    play.control("start")
    play.order(korea, "stance", 0.2)
    play.close()
    made = Table(SMALL)
    pic = Picture(play.room, play.plan, play.at, made.play(play.room.played))
    rows = review(pic, False)["turns_played"][0]["orders"]
    assert [(r["actor"], r["lever"]) for r in rows if "by" not in r] == [("KOR", "stance")]
    by_ai = {(r["actor"], r["lever"]): r["value"] for r in rows if r.get("by") == AI}
    given = [o for o in made.game.recorder.orders if o["accepted"] and o["by"] != "person"]
    assert by_ai == {(o["actor"], o["lever"]): o["value"] for o in given}  # the last of each
    assert {"CHN", "USA"} <= {actor for actor, _ in by_ai}
    for seen in (seat_view(pic, "KOR"), projector_view(pic)):
        assert "ordered" not in json.dumps(seen)


def test_a_caretaker_leaves_alone_what_its_seat_has_ordered(table: Table) -> None:
    orders = table.game.recorder.orders
    later = [o for o in orders if o["actor"] == "CHN" and o["week"] >= 13 and o["accepted"]]
    assert not [o for o in later if o["lever"].startswith(("rung.JPN", "ban_breadth.JPN"))]
    assert table.results[2]["seats"]["CHN"]["values"]["ban_breadth"]["JPN"] > 0


# --- branches -------------------------------------------------------------------------------------


def test_a_branch_shares_the_past_and_leaves_the_record(table: Table) -> None:
    before = [r["digest"] for r in table.results]
    same = branch(table, {"week": 20, "orders": [], "set": {}})
    assert same["base"] == same["branch"]
    real = table.game.recorder.array("zones", "gdp_loss_share")[20:, table.plan.zones.index("JPN")]
    assert same["base"]["gdp_loss_share"] == pytest.approx(list(real), rel=1e-4)
    held = branch(table, {"week": 0, "orders": [], "set": {"CHN.ban_breadth.JPN": 0.0}})
    assert held["change"]["JPN"] != same["change"]["JPN"]
    told = {"week": 13, "actor": "KOR", "lever": "hub_policing", "value": 0.0}
    turned = branch(table, {"week": 13, "orders": [told], "set": {}})
    assert turned["change"]["KOR"]["standing"] != 0
    assert [r["digest"] for r in table.results] == before
    assert table.game.week == 39


def test_what_a_branch_holds_takes_no_other_part_of_an_order_with_it(table: Table) -> None:
    """China went to step 7 of the ladder in week 0; without its ban the other parts of it stand."""
    without = branch(table, {"week": 0, "orders": [], "set": {"CHN.ban_breadth.JPN": 0.0}})
    calm = {f"CHN.{name}.JPN": value for name, value in ladder()[0].settings.items()}
    nothing = branch(table, {"week": 0, "orders": [], "set": calm})
    assert without["branch_gauges"]["CHN"] != nothing["branch_gauges"]["CHN"]


def test_an_order_of_a_branch_outlasts_the_quarter_in_which_it_is_given(table: Table) -> None:
    """Korea's ministry would buy graphite again in week 26, and leaves it alone."""
    told = {"week": 14, "actor": "KOR", "lever": "stockpile_target_days.graphite", "value": 0.0}
    given = branch(table, {"week": 13, "orders": [told], "set": {}})
    twice = [told, {**told, "week": 26}, {**told, "week": 30}, {**told, "week": 35}]
    assert given["change"]["KOR"]["autonomy"] != 0
    assert branch(table, {"week": 13, "orders": twice, "set": {}}) == given


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"week": 39, "orders": [], "set": {}}, "has not been played"),
        ({"week": 3, "orders": [], "set": {"KOR.stance": 5.0}}, "must lie between"),
        ({"week": 3, "orders": [], "set": {"nonsense": 5.0}}, "no actor"),
        ({"week": 3, "orders": [{"week": 1, "actor": "KOR", "lever": "stance", "value": 0.0}],
          "set": {}}, "has been played"),
    ],
)  # fmt: skip
def test_a_branch_that_cannot_be_is_refused(
    table: Table, asked: dict[str, Any], words: str
) -> None:
    with pytest.raises(BranchError, match=words):
        branch(table, asked)


# --- the child process ----------------------------------------------------------------------------


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "runs.room.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    yield process
    process.kill()
    process.wait()


def test_the_child_answers_faults_and_ends_with_its_input(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    for asked in (
        {"call": 1, "do": "ping"},
        {"call": 2, "do": "play", "setup": {**SMALL, "scenario": "nonsense"}, "turns": []},
        {"call": 3, "do": "nonsense"},
    ):
        child.stdin.write(json.dumps(asked) + "\n")
        child.stdin.flush()
        answer = json.loads(child.stdout.readline())
        assert answer["call"] == asked["call"]
        assert ("ok" in answer) == (asked["call"] == 1)
    child.stdin.close()
    assert child.wait(20) == 0


def test_a_child_killed_while_it_plays_is_replaced_and_the_result_is_equal(table: Table) -> None:
    import asyncio

    from runs.room.child import Child

    async def killed() -> Any:
        child = Child()
        asking = asyncio.create_task(child.ask("play", setup=SMALL, turns=inputs()))
        while child.pid is None:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.4)  # while it is loaded, builds or plays: before it can answer
        os.kill(child.pid, signal.SIGKILL)
        found = await asking
        deaths = child.deaths
        await child.close()
        return found, deaths

    found, deaths = asyncio.run(killed())
    assert deaths == 1
    assert found == json.loads(json.dumps(table.results))
