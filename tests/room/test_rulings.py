"""Rulings that move a lever or hand something over, notes of the umpire, parts of a turn, and that
nothing of it reaches who is not told."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from room_play import SETUP, Play

from runs.room import rules
from runs.room.afteraction import report_html
from runs.room.commands import Command, Refused
from runs.room.export import TABLES
from runs.room.lesson import lesson_of
from runs.room.means import held_in
from runs.room.purse import Desk, purses_of
from runs.room.review import review
from runs.room.table import Table
from runs.room.view import Picture, control_view, phase_of, projector_view, seat_view
from world.scenario import load_scenario

FEW = {**SETUP, "users": 300}
MARK = "canary7f3a"
LEVER = {"kind": "lever", "seat": "CHN", "lever": "licence_weeks", "value": 4.0}


def moved() -> tuple[Play, str, int]:
    """A game in its first turn, in which Korea has made a move outside the levers."""
    play = Play(setup=FEW, users=300)
    korea = play.join("KOR")
    play.join("JPN", "Lee")
    play.control("start")
    number = play.say(korea, "move", claim="Both embassies meet in Seoul", pro=["a"], con=["b"])
    return play, korea, number["move"]


def rule(play: Play, move: int, p: float = 1.0, **fields: Any) -> Any:
    return play.control("adjudicate", move=move, probability=p, why="They agree.", **fields)


def picture(play: Play, table: Table | None = None) -> Picture:
    return Picture(play.room, play.plan, play.at, table.play(play.room.played) if table else [])


# --- what follows from a ruling -------------------------------------------------------------------


def test_a_ruling_that_sets_a_lever_is_played_and_replays_to_the_same_bytes() -> None:
    play, _, move = moved()
    rule(play, move, effect=LEVER, to=["KOR", "CHN"])
    inputs = play.close()
    number = next(i.n for i in play.room.injects.values() if i.move == move)
    order = {"actor": "CHN", "lever": "licence_weeks", "value": 4.0}
    assert inputs["orders"] == [{**order, "why": f"Event {number}.", "inject": number}]
    first, again = Table(FEW), Table(FEW)
    first.play(play.room.played)
    assert first.results[1]["seats"]["CHN"]["values"]["licence_weeks"] == {"": 4.0}
    assert play.again().digest() == play.room.digest()
    told = again.play(json.loads(json.dumps(play.again().played)))
    assert json.dumps(told) == json.dumps(first.results)


def test_a_transfer_of_stock_and_one_of_money_reach_the_world() -> None:
    play, korea, move = moved()
    other = play.say(korea, "move", claim="Korea lends to Japan", pro=[], con=[])["move"]
    stock = {"kind": "stock", "seat": "JPN", "to": "KOR", "material": "dy_oxide", "tonnes": 1.5}
    rule(play, move, effect=stock, to=["all"])
    rule(play, other, effect={"kind": "money", "seat": "KOR", "to": "JPN", "usd_m": 25.0})
    inputs = play.close()
    assert [(e["kind"], e["actor"], e["target"], e["data"]) for e in inputs["events"]] == [
        ("transfer_stock", "JPN", "KOR", {"material": "dy_oxide", "tonnes": 1.5}),
        ("transfer_money", "KOR", "JPN", {"usd_m": 25.0}),
    ]
    table, quiet = Table(FEW), Table(FEW)
    table.play(play.room.played)
    quiet.play([{**inputs, "events": []}])

    def budget(one: Table, seat: str) -> float:
        return float(one.results[1]["seats"][seat]["report"]["budget_usd"])

    paid = budget(table, "KOR") - budget(quiet, "KOR")
    assert paid == pytest.approx(-25e6, rel=0.05)
    dy = [held_in(one.results[1])("JPN", "dy_oxide") for one in (table, quiet)]
    assert dy[0] is not None
    assert dy[1] is not None
    assert dy[0] < dy[1] - 0.5
    assert play.again().digest() == play.room.digest()


def test_what_fails_has_an_effect_of_its_own() -> None:
    play, _, move = moved()
    rule(play, move, 0.0, effect=LEVER, otherwise={**LEVER, "value": 9.0}, to=["all"])
    assert [i.order and i.order["value"] for i in play.room.injects.values()] == [9.0]
    assert play.room.moves[move].success is False


def test_a_ruling_is_checked_like_an_order_and_thrown_once() -> None:
    play, _, move = moved()
    fields = {"action": "adjudicate", "move": move, "probability": 1.0, "why": "so"}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({**LEVER, "value": 4000.0}, "refuse.range"),
        ({**LEVER, "seat": "KOR"}, "refuse.not_yours"),
        ({"kind": "money", "seat": "KOR", "to": "KOR", "usd_m": 1.0}, "refuse.ruling_self"),
        ({"kind": "money", "seat": "KOR", "to": "VNM_REFINER", "usd_m": 1.0}, "refuse.clause_firm"),
        ({"kind": "stock", "seat": "KOR", "to": "JPN", "tonnes": 1.0}, "refuse.needs"),
    ]
    for effect, key in wrong:
        said = play.refused("f1", "control", **fields, effect=effect)
        assert said.say is not None
        assert said.say.key == key, effect
    rule(play, move, effect=LEVER)
    assert play.refused("f1", "control", **fields).say.key == "refuse.move_judged"  # type: ignore[union-attr]


def test_what_a_seat_cannot_pay_is_refused_in_one_sentence() -> None:
    table = Table(FEW)
    held = held_in(table.results[0])
    play, _, move = moved()
    has = held("JPN", "dy_oxide")
    assert has
    stock = {"kind": "stock", "seat": "JPN", "to": "KOR", "material": "dy_oxide"}

    def ask(tonnes: float) -> Command:
        data = {"action": "adjudicate", "move": move, "probability": 1.0, "why": "so",
                "effect": {**stock, "tonnes": tonnes}}  # fmt: skip
        command = Command("x", "control", "f1", play.at, 0, data)
        return rules.admit(play.room, play.plan, command, held=held)

    with pytest.raises(Refused) as caught:
        ask(has * 1.01)
    said = caught.value.say
    assert said is not None
    assert said.key == "refuse.ruling_stock"
    assert (said.values["seat"], said.values["good"]) == ("JPN", "dy_oxide")
    assert caught.value.text.count(".") >= 1
    assert "\n" not in caught.value.text
    ask(has)
    rule(play, move, effect={**stock, "tonnes": has})  # and what is gone cannot go twice
    move = play.say(next(iter(play.room.people)), "move", claim="Again", pro=[], con=[])["move"]
    with pytest.raises(Refused):
        ask(has * 0.5)


def test_money_beyond_the_allowance_of_a_quarter_is_refused_and_what_goes_is_bound() -> None:
    plan = load_scenario("japan-2026", {"users": 300, "allowance": True})
    assert plan.allowance
    setup = {**FEW, "set": {"allowance": True}}
    play = Play(setup=setup, users=300)
    play.plan = plan
    korea = play.join("KOR")
    play.control("start")
    purses = purses_of(Table(setup).results[0])
    assert purses is not None
    free = Desk(play.room, plan, "KOR", purses).row()["money"]["free"]
    move = play.say(korea, "move", claim="Korea lends", pro=[], con=[])["move"]

    def ask(usd: float) -> Command:
        effect = {"kind": "money", "seat": "KOR", "to": "JPN", "usd_m": usd / 1e6}
        data = {"action": "adjudicate", "move": move, "probability": 1.0, "effect": effect}
        return rules.admit(play.room, plan, Command("x", "control", "f1", 1, 0, data), (), purses)

    with pytest.raises(Refused) as caught:
        ask(free + 2e6)
    assert caught.value.say is not None
    assert caught.value.say.key == "refuse.ruling_money"
    play._take(ask(free - 2e6))
    left = Desk(play.room, plan, "KOR", purses).row()["money"]["free"]
    assert left == pytest.approx(2e6, rel=0.01)


# --- who knows ------------------------------------------------------------------------------------


def seen_by_others(play: Play, table: Table | None = None) -> str:
    """All that seats other than Korea and the wall are shown."""
    pic = picture(play, table)
    seats = [seat_view(pic, seat) for seat in play.room.chairs if seat != "KOR"]
    return json.dumps([projector_view(pic), *seats])


def test_a_private_ruling_a_note_and_a_look_are_seen_by_nobody_else() -> None:
    play, _, move = moved()
    quiet = moved()[0]  # where control does nothing
    play.control("adjudicate", move=move, probability=1.0, why=f"{MARK} ruling", to=["KOR"])
    play.control("note", text=f"{MARK} note")
    play.control("look", seat="JPN")
    assert MARK not in seen_by_others(play)
    korea = json.dumps(seat_view(picture(play), "KOR"))
    assert f"{MARK} ruling" in korea
    assert f"{MARK} note" not in korea
    control = json.dumps(control_view(picture(play), "f1"))
    assert control.count(MARK) >= 2
    play.close()
    quiet.close()
    one, other = Table(FEW), Table(FEW)
    assert MARK not in seen_by_others(play, one)
    for seat in ("JPN", "CHN"):  # bytes but for the number of the state and the clock
        views = [seat_view(picture(*pair), seat) for pair in ((play, one), (quiet, other))]
        same = [json.dumps({k: v for k, v in view.items() if k not in ("version", "now", "deadline",
                                                                       "segments")})
                for view in views]  # fmt: skip
        assert same[0] == same[1]


def test_notes_of_the_umpire_are_in_the_record_and_the_report_and_in_no_review() -> None:
    play, _, move = moved()
    play.control("note", text=f"<i>{MARK}</i> argued well")
    rule(play, move, effect=LEVER, to=["KOR"])
    play.close()
    play.control("end")
    play.control("reveal")
    pic = picture(play, Table(FEW))
    text = report_html(play.log, pic)
    assert "argued well" in text
    assert "<i>" not in text
    assert "They agree." in text
    assert "<svg" in text
    assert MARK in json.dumps(list(TABLES["notes"](play.log, pic, False)))
    assert MARK not in json.dumps(review(pic, False))
    assert play.again().digest() == play.room.digest()


def test_a_look_is_in_the_log() -> None:
    play, _, _ = moved()
    play.control("look", seat="KOR")
    assert play.log[-1].data == {"action": "look", "seat": "KOR"}
    assert play.again().digest() == play.room.digest()


# --- parts of a turn ------------------------------------------------------------------------------


def test_control_goes_on_to_the_next_part_of_a_turn_and_never_back(play: Play) -> None:
    play.join("KOR")
    play.control("start")

    def phase() -> str:
        return phase_of(play.room, play.at)

    assert phase() == "report"
    play.control("phase", to="negotiate", turn=1)
    assert phase() == "negotiate"
    play.control("phase", to="orders", turn=1)
    assert phase() == "orders"
    left = play.room.deadline
    play.control("phase", to="negotiate", turn=1)  # a second teacher was slower
    assert play.room.deadline == left
    said = play.refused("f1", "control", action="phase", to="orders", turn=2)
    assert said.status == 409
    play.control("pause")
    play.control("phase", to="orders")
    assert play.room.left is not None
    assert play.room.left <= 75_000
    assert play.again().digest() == play.room.digest()


def test_a_turn_without_a_clock_has_no_parts() -> None:
    play = Play(turn_seconds=None)
    play.join("KOR")
    play.control("start")
    said = play.refused("f1", "control", action="phase", to="orders")
    assert said.say is not None
    assert said.say.key == "refuse.no_clock"


@pytest.mark.parametrize("auto_next", [True, False])
def test_the_console_has_the_plan_of_the_guide(auto_next: bool) -> None:
    from runs.printing.paper import document

    play = Play(options={"auto_next": auto_next})
    lesson = lesson_of(play.room)
    assert lesson["kind"] == ("class" if auto_next else "table")
    steps = lesson["steps"]
    assert all(a["to"] <= b["from"] for a, b in itertools.pairwise(steps))
    guide = document("guide")
    for step in steps:
        assert step["say"] in guide, step["id"]
        assert len(step["say"].split()) <= 35


def test_a_log_from_before_rulings_named_readers_is_read_as_it_was() -> None:
    play, _, move = moved()
    event = {"kind": "price_shock", "actor": "", "target": "JPN", "text": "It worked.", "week": 0,
             "data": {"factor": 0.9, "material": "dy_oxide"}}  # fmt: skip
    old = {"action": "adjudicate", "move": move, "probability": 1.0, "why": "so", "event": event}
    play._take(Command("old", "control", "f1", play.at, 1, old))
    assert [i.to for i in play.room.injects.values()] == [["all"]]


