"""What a room allows and what follows: turns, caretakers, the clock."""

from __future__ import annotations

from dataclasses import replace

from room_play import Play, keeps, started

from runs.room.fold import fold
from runs.room.state import AI, CARETAKER, ENDED, OPEN, PERSON
from runs.room.turns import drawn_end

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
