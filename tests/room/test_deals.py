"""Deals: whom they bind to what, when they end, and what changes hands."""

from __future__ import annotations

import pytest
from room_play import keeps, started, stock

from runs.room import deals
from runs.room.review import review
from runs.room.rules import MOST_BETWEEN
from runs.room.view import Picture, public

# --- deals ----------------------------------------------------------------------------------------


def test_a_signed_deal_binds_the_lever() -> None:
    play, japan, korea = started()
    play.order(japan, "stance", -0.5)
    deal = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.2)])
    assert play.room.deals[deal].status == "offered"
    play.say(korea, "sign", deal=deal)
    assert play.room.deals[deal].status == "in force"
    assert not play.room.chairs["JPN"].orders  # the order that broke it was taken back
    assert "taken back" in play.room.messages[-1].text
    refusal = play.refused(japan, "order", 1, lever="stance", value=0.1, why="")
    assert refusal.text.startswith(f"Deal {deal} keeps stance at 0.2 or more")
    play.order(japan, "stance", 0.3)
    inputs = play.close()
    assert inputs["bounds"][0] | {"high": 0} == {
        "actor": "JPN", "lever": "stance", "deals": [deal], "low": 0.2, "high": 0,
    }  # fmt: skip
    play.close()
    play.order(japan, "stance", -1.0)  # two turns were agreed
    assert play.close()["bounds"] == []


def test_a_deal_on_the_ladder_binds_every_measure_of_the_step() -> None:
    play, *_ = started()
    china = play.join("CHN")
    deal = play.offer(china, "JPN", gives=[keeps("rung.JPN", "at_most", 3.0)])
    play.say("p1", "sign", deal=deal)
    assert (
        "would break" in play.refused(china, "order", 1, lever="rung.JPN", value=6.0, why="").text
    )
    assert play.refused(china, "order", 1, lever="ban_breadth.JPN", value=0.9, why="")
    play.order(china, "rung.JPN", 2.0)
    play.order(china, "ban_breadth.KOR", 0.4)


def test_deals_that_contradict_cannot_both_be_signed() -> None:
    play, japan, korea = started()
    first = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.5)])
    second = play.offer(japan, "KOR", gives=[keeps("stance", "at_most", 0.1)])
    play.say(korea, "sign", deal=first)
    refusal = play.refused(korea, "sign", deal=second)
    assert refusal.status == 409
    assert f"beside deal {first}" in refusal.text


def test_a_deal_ends_with_the_game_and_two_seats_have_so_many_at_a_time() -> None:
    play, japan, _ = started(turns=4)
    form = {"to": "KOR", "gives": [keeps("stance", "at_least", 0.0)], "gets": [], "secret": False,
            "exit": None, "text": ""}  # fmt: skip
    said = play.refused(japan, "offer", **form, from_turn=2, turns=200)
    assert (said.field, said.text) == (
        "turns", "A deal from turn 2 lasts 1 to 3 turns here; 200 was given.",
    )  # fmt: skip
    for _ in range(MOST_BETWEEN):
        play.offer(japan, "KOR", gives=form["gives"])
    full = play.refused(japan, "offer", **form, from_turn=None, turns=1)
    assert full.status == 409
    assert f"KOR have {MOST_BETWEEN} deals" in full.text
    play.offer(japan, "USA", gives=form["gives"])


def test_a_signature_looks_at_each_clause_and_each_deal_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a signature costs grows with the deals in force, not with the turns that they last."""
    play, japan, korea = started(turns=12)
    clauses = [keeps("stockpile_target_days", "at_least", 1.0)] * 12
    for _ in range(5):
        deal = play.offer(japan, "KOR", gives=clauses, gets=clauses, turns=12)
        play.say(korea, "sign", deal=deal)
    looked = []
    counted = deals.bound_of
    monkeypatch.setattr(deals, "bound_of", lambda *asked: looked.append(1) or counted(*asked))
    deal = play.offer(japan, "KOR", gives=clauses, gets=clauses, turns=12)
    play.say(korea, "sign", deal=deal)
    assert len(looked) == 6 * 24  # clauses of this deal and of the five in force


def test_a_deal_is_refused_beside_one_that_it_meets_in_its_last_turn_alone() -> None:
    play, japan, korea = started()
    first = play.offer(japan, "KOR", gives=[keeps("stance", "at_most", 0.1)], from_turn=4)
    second = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.5)], turns=3)
    meets = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.5)], turns=4)
    play.say(korea, "sign", deal=first)
    assert play.refused(korea, "sign", deal=meets).text.startswith(f"Deal {meets} cannot be kept")
    play.say(korea, "sign", deal=second)


def test_stock_and_money_change_hands_each_turn_in_force() -> None:
    play, japan, korea = started()
    money = {"kind": "money", "usd_m_per_turn": 30.0}
    deal = play.offer(japan, "KOR", gives=[stock("tungsten", 40.0)], gets=[money], from_turn=2)
    play.say(korea, "sign", deal=deal)
    assert play.close()["events"] == []
    events = play.close()["events"]
    assert [(e["kind"], e["actor"], e["target"]) for e in events] == [
        ("transfer_stock", "JPN", "KOR"), ("transfer_money", "KOR", "JPN"),
    ]  # fmt: skip
    assert {e["week"] for e in events} == {13}
    play.close()
    assert play.close()["events"] == []


def test_only_parties_sign_and_a_signed_deal_cannot_be_withdrawn_without_a_way_out() -> None:
    play, japan, korea = started()
    china = play.join("CHN")
    deal = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.5)])
    assert play.refused(china, "sign", deal=deal).status == 404
    assert play.refused(japan, "sign", deal=deal).status == 409
    play.say(korea, "sign", deal=deal)
    assert play.refused(korea, "withdraw", deal=deal).status == 409
    leave = play.offer(japan, "KOR", gives=[stock("tungsten", 1.0)], turns=6, exit=1)
    play.say(korea, "sign", deal=leave)
    play.say(korea, "withdraw", deal=leave)
    assert play.room.deals[leave].last == 2  # this turn and one more


def test_a_deal_is_over_after_its_last_turn() -> None:
    play, japan, korea = started()
    deal = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.2)], turns=1, exit=1)
    play.say(korea, "sign", deal=deal)
    future = play.offer(japan, "KOR", gives=[stock("tungsten", 1.0)], from_turn=4, exit=0)
    play.say(korea, "sign", deal=future)
    play.say(japan, "withdraw", deal=future)
    assert play.room.deals[future].status == "over"  # left before it began
    pic = Picture(play.room, play.plan, play.at)
    assert [row["n"] for row in public(pic)["deals"]] == [deal]
    play.close()
    assert play.room.deals[deal].status == "over"
    assert not public(pic)["deals"]
    assert [row["status"] for row in review(pic, False)["deals"]] == ["over", "over"]
    assert play.refused(korea, "withdraw", deal=deal).status == 409
    play.control("undo_turn", why="again")
    assert play.room.deals[deal].status == "in force"
    assert play.close()["bounds"]


def test_nobody_signs_for_an_ai_seat() -> None:
    play, japan, _ = started()
    deal = play.offer(japan, "USA", gives=[keeps("stance", "at_least", 0.5)])
    for _ in range(3):
        play.close()
    assert play.room.deals[deal].status == "offered"
