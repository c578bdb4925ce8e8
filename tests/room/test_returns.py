"""People who ask to come back: known by name and seat, let in or turned away, forgotten in time."""

from __future__ import annotations

import pytest
from room_play import Play

from runs.room import returns
from runs.room.commands import Command, Refused
from runs.room.doorstep import MOST_ASKING, MOST_PEOPLE, Doorstep
from runs.room.returns import ASKING_MS


def ask(play: Play, name: str = "Kim", seat: str | None = None) -> str:
    return str(play.say("", "request", name=name, seat=seat)["request"])


def test_a_second_person_of_a_name_does_not_get_the_seat_of_the_first(play: Play) -> None:
    japan, korea = play.join("JPN"), play.join("KOR")
    assert play.refused("", "request", name="Kim", seat=None).field == "seat"
    number = ask(play, seat="KOR")
    told = returns.rows(play.room, play.at, {japan})[number]
    assert (told["name"], told["seat"]) == ("Kim", "KOR")
    assert [(p["who"], p["seat"], p["here"]) for p in told["people"]] == [(korea, "KOR", False)]
    play.control("admit", request=number)
    assert (play.room.people[korea].key, play.room.people[japan].key) == (2, 1)
    assert play.refused("", "request", name="Kim", seat="AUS").status == 404
    assert play.again().digest() == play.room.digest()


def test_of_two_of_a_name_at_one_seat_the_facilitator_says_which(play: Play) -> None:
    one, two, three = play.join("KOR"), play.join("KOR"), play.join("KOR", "Lee")
    number = ask(play, seat="KOR")
    wanted = {"action": "admit", "request": number}
    assert play.refused("f1", "control", **wanted).field == "person"
    assert play.refused("f1", "control", **wanted, person=three).status == 404
    play.control("admit", request=number, person=two)
    assert [play.room.people[who].key for who in (one, two, three)] == [1, 2, 1]
    assert returns.answer(play.room, play.room.requests[number], "Kim", "KOR", play.at)


def test_a_request_that_is_declined_is_told_so_and_frees_its_place(play: Play) -> None:
    play.join("KOR")
    number = ask(play)
    play.control("decline", request=number)
    request = play.room.requests[number]
    with pytest.raises(Refused, match="not let you back in"):
        returns.answer(play.room, request, "Kim", None, play.at)
    assert play.refused("f1", "control", action="admit", request=number).status == 404
    assert not returns.waiting(play.room, play.at)
    assert play.room.people["p1"].key == 1


def test_old_requests_block_nobody_and_an_answer_is_fetched_in_time(play: Play) -> None:
    play.join("KOR")
    for _ in range(returns.MOST_ASKING):
        ask(play)
    assert play.refused("", "request", name="Kim", seat=None).status == 409
    play.at += ASKING_MS
    number = ask(play)
    assert list(returns.waiting(play.room, play.at)) == [number]
    play.control("admit", request=number)
    request = play.room.requests[number]
    assert returns.answer(play.room, request, "Kim", "KOR", play.at + ASKING_MS)
    with pytest.raises(Refused, match="ask again"):  # an id that lay about opens nothing
        returns.answer(play.room, request, "Kim", "KOR", play.at + ASKING_MS + 1)


def test_an_answer_that_another_device_has_overtaken_is_no_answer(play: Play) -> None:
    play.join("KOR")
    first, second = ask(play), ask(play)
    play.control("admit", request=first)
    play.control("admit", request=second)
    with pytest.raises(Refused, match="another device"):
        returns.answer(play.room, play.room.requests[first], "Kim", None, play.at)
    assert returns.answer(play.room, play.room.requests[second], "Kim", None, play.at)


def test_a_log_from_before_requests_had_a_seat_is_read(play: Play) -> None:
    korea = play.join("KOR")
    old = Command("an-old-request-id", "request", "", play.at, 0, {"name": "Kim", "person": korea})
    number = play._take(old)["request"]
    assert play.room.requests[number]["seat"] == "KOR"
    play.control("admit", request=number)
    assert play.room.people[korea].key == 2


def test_one_address_cannot_fill_a_room_nor_its_list_of_requests(play: Play) -> None:
    step, first = Doorstep(), play.join("KOR")

    def join(whence: str) -> str:
        with step.joining(play.room, whence) as took:
            who = play.join(name="Lee")
            took(who)
        return who

    def knock(whence: str) -> str:
        with step.asking(play.room, whence, play.at) as took:
            number = ask(play)
            took(number)
        return number

    for _ in range(MOST_PEOPLE):
        join("one")
    with pytest.raises(Refused, match="from one address"):
        join("one")
    who = join("two")
    play.control("assign", person="p2", seat="")
    join("one")  # who is taken out frees the place
    numbers = [knock("one") for _ in range(MOST_ASKING)]
    with pytest.raises(Refused, match="from one address"):
        knock("one")
    knock("two")
    play.control("decline", request=numbers[0])
    knock("one")
    assert not any(play.room.people[one].gone for one in (first, who))


def test_calls_that_are_under_way_count(play: Play) -> None:
    step = Doorstep()
    open_ = [step.joining(play.room, "one") for _ in range(MOST_PEOPLE)]
    for one in open_:
        one.__enter__()
    with pytest.raises(Refused), step.joining(play.room, "one"):
        pass
    open_[0].__exit__(None, None, None)  # refused: nobody came of it
    with step.joining(play.room, "one") as took:
        took("p1")
