"""What a room allows and what follows: turns, caretakers, deals, undo, control."""

from __future__ import annotations

from dataclasses import replace

import pytest
from room_play import Play, keeps, stock

from runs.room import deals
from runs.room.fold import fold
from runs.room.review import review
from runs.room.rules import MOST_BETWEEN
from runs.room.say import Say
from runs.room.state import AI, CARETAKER, CONTROL, ENDED, OPEN, PERSON
from runs.room.turns import drawn_end, inputs_of, lot
from runs.room.view import Picture, public, seat_view, shared


def started(**fields: object) -> tuple[Play, str, str]:
    play = Play(**fields)
    japan, korea = play.join("JPN", "Sato"), play.join("KOR", "Kim")
    play.control("start", practice=False)
    return play, japan, korea


# --- turns ----------------------------------------------------------------------------------------


def test_an_order_is_refused_with_a_sentence_that_names_the_range() -> None:
    play, japan, _ = started()
    refusal = play.refused(japan, "order", 1, lever="stance", value=7.0, why="")
    assert (refusal.status, refusal.field) == (422, "value")
    assert "must lie between -1 and 1" in refusal.text
    unknown = play.refused(japan, "order", 1, lever="rung.KOR", value=1.0, why="")
    assert unknown.field == "lever"


def test_a_past_turn_is_too_late() -> None:
    play, japan, _ = started()
    play.close()
    refusal = play.refused(japan, "order", 1, lever="stance", value=0.5, why="")
    assert refusal.status == 409
    assert "it is turn 2" in refusal.text


def test_submitted_orders_are_locked_until_reopened() -> None:
    play, japan, _ = started()
    play.order(japan, "stance", 0.5)
    play.say(japan, "submit", 1)
    assert play.refused(japan, "order", 1, lever="stance", value=0.1, why="").status == 409
    play.say(japan, "reopen", 1)
    play.order(japan, "stance", 0.1)
    assert play.close()["orders"] == [
        {"actor": "JPN", "lever": "stance", "value": 0.1, "why": ""}
    ]  # fmt: skip


def test_saved_orders_count_without_being_submitted() -> None:
    play, japan, _ = started()
    play.order(japan, "stance", 0.5)
    inputs = play.close()
    assert inputs["seats"]["JPN"] == PERSON
    assert inputs["orders"][0]["value"] == 0.5


def test_the_silent_get_a_caretaker_that_keeps_what_they_set() -> None:
    play, japan, korea = started()
    play.order(japan, "stance", 0.5)
    play.close()
    play.order(korea, "stance", 0.1)
    inputs = play.close()
    assert inputs["seats"]["JPN"] == CARETAKER
    assert {"actor": "JPN", "lever": "stance"} in inputs["held"]
    assert play.room.chairs["JPN"].played_by == CARETAKER
    play.order(japan, "stance", 0.6)  # speaks again, plays again
    assert play.room.chairs["JPN"].played_by == PERSON


def test_who_talks_or_signs_or_only_looks_on_keeps_what_stands() -> None:
    play, japan, korea = started()
    others = [play.join(seat) for seat in ("CHN", "VNM", "EUU", "AUS")]
    deal = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.1)])
    play.say(korea, "sign", deal=deal)
    play.say(others[0], "note", kind="flag", text="here it turned")
    play.control("assign", person=others[3], seat="")  # went home, the telephone is still on
    inputs = play.close(live=["VNM", "AUS", "USA"])
    assert {seat: inputs["seats"][seat] for seat in ("JPN", "KOR", "CHN", "VNM", "EUU", "AUS")} == {
        "JPN": PERSON, "KOR": PERSON, "CHN": PERSON, "VNM": PERSON,
        "EUU": CARETAKER, "AUS": CARETAKER,
    }  # fmt: skip
    assert inputs["seats"]["USA"] == AI
    inputs = play.close(live=["EUU"])  # comes back without a word; the others have left
    assert {s for s, by in inputs["seats"].items() if by == PERSON} == {"EUU"}
    play.say("server", "close", 3, why="deadline")
    assert play.again().digest() == play.room.digest()


def test_orders_from_a_paper_sheet_keep_a_seat_without_a_device_from_a_caretaker() -> None:
    play, *_ = started()
    play.control("override", seat="KOR", lever="stance", value=0.1, why="paper")
    assert play.close()["seats"]["KOR"] == PERSON


def test_a_log_from_before_the_absent_were_named_is_read_as_it_was() -> None:
    play, japan, korea = started()
    play.say(japan, "say", to="KOR", text="hello")
    play.order(korea, "stance", 0.1)
    play.control("close_turn")
    assert play.room.played[0]["seats"]["JPN"] == PERSON
    old = [replace(c, data={k: v for k, v in c.data.items() if k != "absent"}) for c in play.log]
    seats = fold(old, play.plan).played[0]["seats"]
    assert (seats["JPN"], seats["KOR"]) == (CARETAKER, PERSON)


def test_seats_without_people_are_played_by_ai_and_say_so() -> None:
    play, *_ = started()
    assert play.room.chairs["USA"].played_by == AI
    assert play.close()["seats"]["USA"] == AI


def test_a_practice_turn_leaves_no_trace() -> None:
    play = Play()
    japan, korea = play.join("JPN"), play.join("KOR")
    play.control("start", practice=True)
    assert (play.room.turn, play.room.practice) == (0, True)
    play.order(japan, "stance", 0.9)
    deal = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.5)])
    play.say(korea, "sign", deal=deal)
    play.close()
    room = play.room
    assert (room.turn, room.phase, room.played, room.week) == (1, OPEN, [], 0)
    assert room.deals[deal].status == "undone"
    assert not room.chairs["JPN"].orders
    assert play.close()["bounds"] == []


def test_a_deal_signed_in_the_lobby_outlives_the_practice_turn() -> None:
    play = Play()
    japan, korea = play.join("JPN"), play.join("KOR")
    lobby = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.2)])
    play.say(korea, "sign", deal=lobby)
    waits = play.offer(korea, "JPN", gives=[keeps("stance", "at_least", 0.1)])
    play.control("start", practice=True)
    inside = play.offer(japan, "KOR", gives=[keeps("stance", "at_most", 0.9)])
    loose = play.offer(japan, "KOR", gives=[keeps("stance", "at_most", 0.8)])
    play.say(korea, "sign", deal=inside)
    assert [bound["deals"] for bound in play.close()["bounds"]] == [[inside]]
    assert {n: play.room.deals[n].status for n in (lobby, waits, inside, loose)} == {
        lobby: "in force", waits: "offered", inside: "undone", loose: "undone",
    }  # fmt: skip
    assert [bound["deals"] for bound in play.close()["bounds"]] == [[lobby]]
    old = [replace(c, data={k: v for k, v in c.data.items() if k != "undone"}) for c in play.log]
    assert fold(old, play.plan).deals[lobby].status == "undone"  # as logs before this were played


def test_the_game_ends_after_its_last_turn_and_random_ends_are_among_the_final_three() -> None:
    play, *_ = started(turns=2)
    play.close()
    play.close()
    assert play.room.phase == ENDED
    ends = {drawn_end(seed, 8) for seed in range(200)}
    assert ends == {6, 7, 8}
    assert drawn_end(5, 8) == drawn_end(5, 8)


# --- the clock ------------------------------------------------------------------------------------


def test_pause_keeps_what_is_left_and_extend_adds() -> None:
    play, *_ = started()
    deadline = play.room.deadline
    assert deadline is not None
    play.control("pause")
    left = deadline - play.at
    assert (play.room.deadline, play.room.left) == (None, left)
    play.control("extend", seconds=60)
    play.control("resume")
    assert play.room.deadline == play.at + left + 60_000


def test_a_room_without_clock_has_nothing_to_extend() -> None:
    play, *_ = started(turn_seconds=None)
    assert play.room.deadline is None
    assert play.refused("f1", "control", action="extend").status == 409


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


# --- control --------------------------------------------------------------------------------------


def test_undo_is_a_command_and_puts_the_orders_back() -> None:
    play, japan, korea = started()
    play.order(japan, "stance", 0.5)
    play.close()
    play.order(japan, "stance", 0.9)
    deal = play.offer(korea, "JPN", gives=[stock("tungsten", 1.0)])
    play.say(japan, "sign", deal=deal)
    size = len(play.log)
    play.control("undo_turn", why="wrong button")
    room = play.room
    assert (room.turn, room.phase, room.played) == (1, OPEN, [])
    assert room.chairs["JPN"].orders["stance"].value == 0.5
    assert room.deals[deal].status == "undone"
    assert len(play.log) == size + 1
    assert play.again().digest() == room.digest()
    play.order(japan, "stance", 0.7)
    assert play.close()["orders"][0]["value"] == 0.7


def test_undo_gives_seats_back_that_were_silent() -> None:
    play, japan, _ = started()
    play.join("VNM")
    left = play.join("CHN")
    play.order(japan, "stance", 0.5)
    play.close()
    assert [play.room.chairs[seat].played_by for seat in ("KOR", "VNM")] == [CARETAKER] * 2
    play.control("assign", person=left, seat="")
    play.control("to_ai", seat="VNM")
    play.control("undo_turn", why="too fast")
    chairs = play.room.chairs
    assert [chairs[seat].played_by for seat in ("JPN", "KOR", "VNM", "CHN")] == [
        PERSON, PERSON, AI, CARETAKER,
    ]  # fmt: skip
    assert not any(chair.submitted for chair in chairs.values())
    assert play.again().digest() == play.room.digest()


def test_undo_after_the_reveal_closes_the_review_again() -> None:
    play, japan, _ = started()
    play.close()
    play.control("end")
    play.control("reveal")
    play.control("undo_turn", why="go on")
    assert (play.room.phase, play.room.revealed) == (OPEN, False)
    play.order(japan, "stance", 0.4)
    assert seat_view(Picture(play.room, play.plan, play.at), "KOR")["score"] is None
    play.control("end")
    play.control("reveal")  # and it opens once more
    assert play.room.revealed


@pytest.mark.parametrize("practice", [False, True])
def test_an_end_by_mistake_is_taken_back_with_what_was_saved(practice: bool) -> None:
    play = Play()
    japan = play.join("JPN")
    play.control("start", practice=practice)
    if not practice:
        play.close()
    turn = play.room.turn
    play.order(japan, "stance", 0.5)
    play.control("end")
    assert play.refused(japan, "order", turn, lever="stance", value=0.1, why="").status == 409
    assert shared(Picture(play.room, play.plan, play.at))["undo_opens"] == turn
    play.control("undo_turn", why="wrong button")
    room = play.room
    assert (room.phase, room.turn, len(room.played)) == (OPEN, turn, 0 if practice else 1)
    assert room.chairs["JPN"].orders["stance"].value == 0.5
    assert room.deadline == play.at + 300_000
    assert not room.undone
    assert play.again().digest() == room.digest()
    assert play.close()["orders"][0]["value"] == 0.5


def test_a_log_from_before_an_end_could_be_taken_back_is_read_as_it_was() -> None:
    play, japan, _ = started()
    play.close()
    play.control("end")
    play.control("undo_turn", why="again")
    old = [replace(c, data={k: v for k, v in c.data.items() if k not in ("go_on", "back")})
           for c in play.log]  # fmt: skip
    room = fold(old, play.plan)
    assert (room.turn, room.played) == (1, [])
    assert room.chairs["JPN"].played_by == CARETAKER
    assert (play.room.turn, len(play.room.played)) == (2, 1)
    assert japan


@pytest.mark.parametrize(("size", "by"), [(1, "self"), (None, "control")])
def test_a_turn_that_was_taken_back_says_by_whom(size: int | None, by: str) -> None:
    play = Play(seats=["JPN"], options={"team_size": size})
    play.join("JPN")
    play.control("start")
    play.close()
    play.control("undo_turn", why="again")
    play.control("to_person", seat="KOR")  # more seats later make no other room
    told = shared(Picture(play.room, play.plan, play.at))["undone"]
    assert told == [{"turn": 1, "why": "again", "by": by}]


def test_undo_needs_a_reason_and_a_turn() -> None:
    play, *_ = started()
    assert play.refused("f1", "control", action="undo_turn", why="x").status == 409
    play.close()
    assert play.refused("f1", "control", action="undo_turn", why="").field == "why"


def test_rights_are_separate() -> None:
    play, *_ = started()
    helper = play.control("facilitator", name="Scribe", rights=["message"])["facilitator"]
    assert play.refused(helper, "control", action="pause").status == 403
    play.control("message", who=helper, text="Hello", to="all")
    assert play.room.messages[-1].by == "control"
    assert play.refused("p1", "control", action="pause").status == 403  # a seat is no facilitator


def test_a_seat_goes_to_ai_and_back_in_the_middle_of_a_turn() -> None:
    play, japan, _ = started()
    play.order(japan, "stance", 0.5)
    play.control("to_ai", seat="JPN")
    assert play.refused(japan, "order", 1, lever="stance", value=0.1, why="").status == 403
    play.control("to_person", seat="JPN")
    play.order(japan, "stance", 0.2)
    assert play.close()["seats"]["JPN"] == PERSON


def test_an_override_needs_a_reason_and_is_marked() -> None:
    play, *_ = started()
    assert play.refused("f1", "control", action="override", seat="JPN", lever="stance", value=0.1,
                        why="").field == "why"  # fmt: skip
    play.control("override", seat="JPN", lever="stance", value=0.1, why="as agreed aloud")
    assert play.room.chairs["JPN"].orders["stance"].by == CONTROL


def test_what_control_sets_stands_until_it_takes_it_back() -> None:
    play, japan, _ = started()
    full, narrow, other = (f"stockpile_target_days{x}" for x in ("", ".tungsten", ".dy_oxide"))
    play.order(japan, narrow, 360.0)
    play.control("override", seat="JPN", lever=full, value=0.0, why="as agreed aloud")
    assert list(play.room.chairs["JPN"].orders) == [full]  # the narrower order is gone
    for lever, value in ((full, 90.0), (narrow, 90.0), (other, 90.0), (full, None)):
        said = play.refused(japan, "order", 1, lever=lever, value=value, why="")
        assert (said.status, said.say.key if said.say else "") == (409, "refuse.set_by_control")
    play.order(japan, "stance", 0.2)
    play.control("override", seat="JPN", lever=full, value=None, why="taken back")
    play.order(japan, other, 30.0)
    play.control("override", seat="JPN", lever=narrow, value=5.0, why="again")
    assert play.again().digest() == play.room.digest()
    orders = play.close()["orders"]
    assert [(o["lever"], o["value"], o.get("by")) for o in orders] == [
        ("stance", 0.2, None), (other, 30.0, None), (narrow, 5.0, CONTROL),
    ]  # fmt: skip
    play.order(japan, narrow, 9.0)  # it was for that turn


def test_what_control_sets_is_played_last_beside_a_wider_order() -> None:
    play = Play()
    china = play.join("CHN")
    play.control("start")
    play.order(china, "ban_breadth", 0.9)
    play.control("override", seat="CHN", lever="rung.JPN", value=1.0, why="as agreed aloud")
    assert [o["lever"] for o in play.close()["orders"]] == ["ban_breadth", "rung.JPN"]


def test_a_deal_binds_control_as_well_and_control_a_later_deal() -> None:
    play, japan, korea = started()
    china = play.join("CHN")
    deal = play.offer(japan, "KOR", gives=[keeps("stance", "at_most", 0.25)])
    play.say(korea, "sign", deal=deal)
    fields = {"action": "override", "seat": "JPN", "lever": "stance", "why": "x"}
    said = play.refused("f1", "control", **fields, value=1.0)
    assert said.text.startswith(f"Deal {deal} keeps stance at 0.25 or less")
    play.control(**fields, value=0.1)
    against = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.2)])
    said = play.refused(korea, "sign", deal=against)
    assert (said.status, said.say.key if said.say else "") == (409, "refuse.deal_control")
    later = play.offer(japan, "KOR", gives=[keeps("stance", "at_least", 0.2)], from_turn=2)
    play.say(korea, "sign", deal=later)
    # a card is refused where it would break a deal, and stands against deals signed after it
    card = play.control("card", card="licence_90_days", when="next")["inject"]
    short = keeps("licence_weeks", "at_most", 4.0)
    deal = play.offer(china, "KOR", gives=[short], from_turn=3)
    play.say(korea, "sign", deal=deal)
    assert [o for o in play.close()["orders"] if "inject" in o] == []
    deal = play.offer(china, "KOR", gives=[short], turns=1)
    assert play.refused(korea, "sign", deal=deal).status == 409
    assert [o["inject"] for o in play.close()["orders"] if "inject" in o] == [card]
    assert play.refused("f1", "control", action="card", card="licence_90_days").status == 409


def test_a_card_yields_to_a_deal_signed_before_its_turn() -> None:
    play, _, korea = started()
    china = play.join("CHN")
    play.control("card", card="licence_90_days", when="next")
    play.close()
    undone = play.control("undo_turn", why="again")["turn"]
    deal = play.offer(china, "KOR", gives=[keeps("licence_weeks", "at_most", 4.0)], turns=4)
    play.say(korea, "sign", deal=deal)
    play.close()
    assert undone == 1
    assert [o for o in play.close()["orders"] if "inject" in o] == []


def test_a_log_from_before_an_override_stood_is_read_as_it_was() -> None:
    play, japan, _ = started()
    full, narrow = "stockpile_target_days", "stockpile_target_days.tungsten"
    play.order(japan, narrow, 360.0)
    play.control("override", seat="JPN", lever=full, value=0.0, why="x")
    old = [replace(c, data={k: v for k, v in c.data.items() if k != "stands"}) for c in play.log]
    room = fold(old, play.plan)
    assert [(o["lever"], "by" in o) for o in inputs_of(room, play.plan)["orders"]] == [
        (full, False), (narrow, False),
    ]  # fmt: skip


def test_injects_now_and_next_and_taken_back() -> None:
    play, *_ = started()
    event = {"kind": "demand_shock", "actor": "", "target": "JPN", "text": "Boom", "week": 2,
             "data": {"factor": 1.2}}  # fmt: skip
    now = play.control("inject", event=event)["inject"]
    later = play.control("inject", event=event, when="next", to="KOR")["inject"]
    gone = play.control("inject", event=event, when="next")["inject"]
    play.control("retract", inject=gone)
    assert play.refused("f1", "control", action="retract", inject=now).status == 409
    events = play.close()["events"]
    assert [(e["inject"], e["week"]) for e in events] == [(now, 2)]
    assert [(e["inject"], e["week"]) for e in play.close()["events"]] == [(later, 15)]
    wrong = dict(event, kind="nonsense")
    assert play.refused("f1", "control", action="inject", event=wrong).field == "event"


def test_a_move_outside_the_levers_is_settled_by_the_logged_die() -> None:
    play, japan, _ = started()
    move = play.say(japan, "move", claim="The press finds out", pro=["a"], con=["b"])["move"]
    event = {"kind": "remarks", "actor": "", "target": "CHN", "text": "", "week": 0,
             "data": {"strength": 0.4}}  # fmt: skip
    play.control("adjudicate", move=move, probability=1.0, event=event, why="likely")
    found = play.room.moves[move]
    assert found.die == lot(7, f"move {move}")
    assert found.success is True
    assert play.close()["events"][0]["kind"] == "remarks"
    assert play.refused("f1", "control", action="adjudicate", move=move, probability=0.5)


def test_moving_a_person_and_coming_back_by_name() -> None:
    play, japan, _ = started()
    play.control("assign", person=japan, seat="KOR")
    assert play.room.seat_of(japan) == "KOR"
    assert play.room.chairs["JPN"].played_by == CARETAKER
    request = play.say("", "request", name="Sato")["request"]
    play.control("admit", request=request)
    assert play.room.people[japan].key == 2
    assert play.refused("", "request", name="Nobody").status == 404


def test_weights_are_sealed_by_the_first_turn() -> None:
    play, japan, _ = started()
    play.say(japan, "weights", supply=0.5, autonomy=0.3, standing=0.2)
    play.close()
    refusal = play.refused(japan, "weights", supply=0.2, autonomy=0.3, standing=0.5)
    assert refusal.status == 409


def test_who_joins_late_sets_weights_until_the_first_turn_of_the_seat_is_over() -> None:
    play, japan, _ = started()
    play.close()
    late = play.join("VNM")

    def is_open(seat: str) -> bool:
        return bool(seat_view(Picture(play.room, play.plan, play.at), seat)["weights_open"])

    assert (is_open("VNM"), is_open("JPN")) == (True, False)
    play.say(late, "weights", supply=0.5, autonomy=0.3, standing=0.2)
    play.close()
    assert not is_open("VNM")
    refusal = play.refused(late, "weights", supply=0.2, autonomy=0.3, standing=0.5)
    assert refusal.say == Say("refuse.weights_sealed")
    assert play.refused(japan, "weights", supply=0.2, autonomy=0.3, standing=0.5).status == 409


@pytest.mark.parametrize("size", [1, 3])
def test_a_team_has_as_many_places_as_it_says(size: int) -> None:
    play = Play(options={"team_size": size})
    seats = [play.room.people[play.join()].seat for _ in range(10 * size)]
    assert all(seats.count(seat) == size for seat in set(seats))
    assert play.refused("", "join", name="x", seat=None, job="").status == 409
