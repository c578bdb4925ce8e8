"""Who may hold how many connections: strangers make place, tokens and this machine keep theirs."""

from __future__ import annotations

from collections.abc import Callable

from runs.room.server.connections import (
    GRACE_SECONDS,
    MOST_OF_TOKEN,
    MOST_STRANGERS,
    MOST_YOUNG,
    Connection,
    Connections,
)
from runs.room.server.files import RESERVE, most_connections


class Hall:
    """Connections with a clock that is moved by hand, and a list of those that were dropped."""

    def __init__(self, most: int = 10_000, proxy: str = "none") -> None:
        self.now = 0.0
        self.crowd = Connections(most, lambda: self.now, lambda address: address == proxy)
        self.ended: list[Connection] = []

    def open(self, address: str, token: str = "", waits: bool = True) -> Connection | None:
        found: list[Connection] = []
        made = self.crowd.enter(address, lambda: self.ended.append(found[0]))
        if made is None:
            return None
        found.append(made)
        if token:
            self.crowd.prove(made, token)
        made.wait(waits)
        return made


def opened(
    hall: Hall, n: int, address: str, token: str = "", waits: bool = True
) -> list[Connection]:
    found = [hall.open(address, token, waits) for _ in range(n)]
    return [one for one in found if one is not None]


def test_of_too_many_strangers_of_one_address_the_longest_waiting_makes_place() -> None:
    hall = Hall()
    held = opened(hall, MOST_STRANGERS, "a")
    assert not hall.ended
    hall.now = GRACE_SECONDS
    assert hall.open("a") is not None
    assert hall.ended == held[:1]
    assert hall.crowd.of("a") == MOST_STRANGERS


def test_two_hundred_who_come_at_once_from_one_address_are_all_taken_in() -> None:
    hall = Hall()
    assert len(opened(hall, 200, "a")) == 200
    assert not hall.ended


def test_a_stranger_who_is_being_answered_is_not_dropped() -> None:
    hall = Hall()
    served = opened(hall, 10, "a", waits=False)
    opened(hall, 3 * MOST_YOUNG, "a")
    assert hall.crowd.of("a") == MOST_YOUNG
    assert not set(served) & set(hall.ended)
    assert len(hall.ended) == 2 * MOST_YOUNG + 10


def test_one_address_takes_no_place_of_another_nor_of_a_token_behind_it() -> None:
    hall = Hall()
    class_ = [hall.open("school", f"t{n}") for n in range(100) for _ in range(7)]
    other = opened(hall, 20, "home")
    opened(hall, 5 * MOST_YOUNG, "school")
    kept = {one for one in [*class_, *other] if one is not None}
    assert len(kept) == 720
    assert not kept & set(hall.ended)


def test_a_token_has_its_own_bound_and_pays_with_its_own_connections() -> None:
    hall = Hall()
    other = opened(hall, 5, "a", "other")
    mine = opened(hall, MOST_OF_TOKEN + 3, "a", "mine")
    assert hall.ended == mine[:3]
    assert not set(other) & set(hall.ended)
    busy = Hall()
    opened(busy, MOST_OF_TOKEN, "a", "mine", waits=False)
    newest = busy.open("a", "mine")
    assert busy.ended == [newest]


def full(hall: Hall, fill: Callable[[int], None]) -> None:
    n = 0
    while hall.crowd.count < hall.crowd.most and not hall.crowd.refused and n < 10_000:
        fill(n)
        n += 1
    assert n < 10_000


def test_a_full_server_keeps_a_part_for_tokens_and_for_this_machine() -> None:
    hall = Hall(most=100)
    full(hall, lambda n: opened(hall, 1, f"far{n}", waits=False) and None)
    assert hall.crowd.count == 75
    assert hall.open("far") is None
    assert hall.open("127.0.0.1") is not None
    hall = Hall(most=100)
    tokens = opened(hall, 30, "a", "t", waits=True)
    opened(hall, 70, "b")
    first = hall.ended[:]
    assert all(one.address == "b" for one in first)
    assert hall.open("c") is not None
    assert not set(tokens) & set(hall.ended)


def test_a_full_server_takes_from_whoever_holds_most() -> None:
    hall = Hall(most=100)
    few = opened(hall, 5, "few")
    opened(hall, 60, "many")
    for n in range(30):
        assert hall.open(f"one{n}") is not None
    assert {one.address for one in hall.ended} == {"many"}
    assert not set(few) & set(hall.ended)


def test_what_has_ended_counts_no_more() -> None:
    hall = Hall()
    held = opened(hall, 3, "a") + opened(hall, 2, "a", "t")
    for one in [*held, *held]:
        one.leave()
    assert (hall.crowd.count, hall.crowd.strangers, hall.crowd._groups) == (0, 0, {})


def test_the_bound_of_all_leaves_files_for_the_log_and_the_models() -> None:
    assert most_connections(1024) == 1024 - RESERVE
    assert most_connections(256) == 128
    assert most_connections(1_000_000) == 4000


def test_a_proxy_carries_many_people_by_turns_and_has_no_limit_but_the_server_s() -> None:
    hall = Hall(most=1000, proxy="p")
    held = opened(hall, MOST_YOUNG + 50, "p")
    hall.now = 10 * GRACE_SECONDS
    held += opened(hall, 50, "p", token="a seat's")
    assert (len(held), hall.ended) == (MOST_YOUNG + 100, [])
    assert hall.crowd.of("p") == len(held)  # what one person shows says nothing of the next
