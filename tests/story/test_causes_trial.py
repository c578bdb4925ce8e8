"""The trial of causes and branches finds what is wrong, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from runs import Game
from runs.story import run_of
from runs.story.trial.causes import drawn, faults, looked_at, main
from runs.story.why import why
from world.levers import value_fault


@pytest.fixture(scope="module")
def game() -> Game:
    return Game("japan-2026", seed=1001, users=150).run(weeks=30)


def test_a_run_that_nobody_chose_adds_up_and_branches_as_it_was_ordered(game: Game) -> None:
    found = looked_at(game, np.random.default_rng(2), waterfalls=4)
    assert found.wrong == []
    assert found.waterfalls == len(found.rests) == 4
    assert found.branches == 1
    assert max(found.rests) < 1.0


@pytest.mark.parametrize("place", ["usd", "total_usd", "end_usd"])
def test_a_waterfall_that_is_bent_is_found(game: Game, place: str) -> None:
    told: dict[str, Any] = why(run_of(game), "JPN")
    lost = told["end_usd"]
    assert list(faults(told, lost)) == []
    bent = told if place in told else told["steps"][-1]
    bent[place] += 0.2 * lost
    assert list(faults(told, lost))


def test_levers_are_drawn_within_their_ranges(game: Game) -> None:
    lot = np.random.default_rng(5)
    for _ in range(50):
        name, value = drawn(game, lot)
        actor, _, lever = name.partition(".")
        assert value_fault(actor, lever, value, game.plan) is None


def test_the_command_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "2", "--users", "60", "--weeks", "12"]) == 0
    assert re.search(r"2 runs: \d+ waterfalls and 2 branches .* 0 wrong", capsys.readouterr().out)
