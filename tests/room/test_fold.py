"""The log is the game: state is a fold over it, whatever the interleaving and the resends."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from room_play import Play, keeps

from runs.room.commands import Command, Refused
from runs.room.fold import fold
from runs.room.turns import inputs_of

SEATS = ("CHN", "JPN", "KOR", "USA")
LEVERS = ("hub_policing", "stance", "stockpile_target_days", "stockpile_target_days.tungsten")


def spoken() -> st.SearchStrategy[list[tuple[int, str, dict[str, Any]]]]:
    """What four people may say, sensible or not."""
    order = st.builds(
        lambda lever, value: {"lever": lever, "value": value, "why": ""},
        st.sampled_from((*LEVERS, "rung.JPN", "nonsense")), st.sampled_from((0.0, 0.5, 1.0, 99.0)),
    )  # fmt: skip
    message = st.builds(lambda to: {"to": to, "text": "x"}, st.sampled_from((*SEATS, "all")))
    offer = st.builds(
        lambda to, lever, value: {
            "to": to, "gives": [keeps(lever, "at_least", value)], "gets": [], "from_turn": None,
            "turns": 2, "secret": False, "exit": 1, "text": "",
        },
        st.sampled_from(SEATS), st.sampled_from(LEVERS), st.sampled_from((0.0, 0.5)),
    )  # fmt: skip
    deal = st.builds(lambda n: {"deal": n}, st.integers(1, 4))
    one = st.one_of(
        st.tuples(st.integers(0, 3), st.just("order"), order),
        st.tuples(st.integers(0, 3), st.just("say"), message),
        st.tuples(st.integers(0, 3), st.just("offer"), offer),
        st.tuples(st.integers(0, 3), st.sampled_from(("sign", "withdraw")), deal),
        st.tuples(st.integers(0, 3), st.sampled_from(("submit", "reopen")), st.just({})),
        st.tuples(st.just(4), st.sampled_from(
            ("close", "pause", "resume", "extend", "undo_turn", "to_ai", "to_person", "override",
             "end", "reveal")),
            st.just({})),
    )  # fmt: skip
    return st.lists(one, max_size=40)


def run(words: list[tuple[int, str, dict[str, Any]]]) -> Play:
    play = Play()
    people = [play.join(seat) for seat in SEATS]
    play.control("start", practice=False)
    for who, kind, data in words:
        try:
            if who == 4 and kind == "close":
                play.close()
            elif who == 4:
                more: dict[str, Any] = {"why": "again", "seat": "KOR", "seconds": 30,
                                        "lever": "stockpile_target_days", "value": 1.0}  # fmt: skip
                play.control(kind, **more)
            else:
                play.say(people[who], kind, play.room.turn, **data)
        except Refused:
            pass
    return play


@given(spoken())
@settings(max_examples=60)
def test_restart_is_replay(words: list[tuple[int, str, dict[str, Any]]]) -> None:
    play = run(words)
    assert play.again().digest() == play.room.digest()


@given(spoken(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_a_command_that_comes_twice_counts_once(
    words: list[tuple[int, str, dict[str, Any]]], luck: random.Random
) -> None:
    play = run(words)
    noisy: list[Command] = []
    for command in play.log:
        noisy.append(command)
        noisy += luck.sample(noisy[1:], min(len(noisy) - 1, luck.randrange(3)))
    assert fold(noisy, play.plan).digest() == play.room.digest()


@given(
    st.lists(st.tuples(st.sampled_from(LEVERS), st.sampled_from((0.0, 0.3, 1.0))), max_size=6),
    st.lists(st.tuples(st.sampled_from(LEVERS), st.sampled_from((0.0, 0.3, 1.0))), max_size=6),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60)
def test_who_is_first_among_seats_does_not_matter(
    ours: list[tuple[str, float]], theirs: list[tuple[str, float]], luck: random.Random
) -> None:
    """Orders of two seats in any interleaving give the world the same inputs."""

    def played(mixed: bool) -> dict[str, Any]:
        play = Play()
        people = [play.join("JPN"), play.join("KOR")]
        play.control("start", practice=False)
        queues = [list(ours), list(theirs)]
        while any(queues):
            ready = [k for k in (0, 1) if queues[k]]
            k = luck.choice(ready) if mixed else ready[0]
            play.order(people[k], *queues[k].pop(0))
        return inputs_of(play.room, play.plan)

    assert played(True) == played(False)


def test_a_state_is_plain_data(play: Play) -> None:
    """Nothing of a room hangs on an object that a log could not hold."""
    play.join("KOR")
    play.control("start", practice=False)
    play.close()
    copy = [Command.of(json.loads(json.dumps(command.body()))) for command in play.log]
    assert fold(copy, play.plan).digest() == play.room.digest()
