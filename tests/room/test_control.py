"""What control may do: undo, overrides, seats, injects, moves, people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from room_play import Play, keeps, started, stock

from runs.room.fold import fold
from runs.room.say import Say
from runs.room.state import AI, CARETAKER, CONTROL, OPEN, PERSON
from runs.room.turns import inputs_of, lot
from runs.room.view import Picture, seat_view, shared

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
