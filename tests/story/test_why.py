"""The waterfall in words: it adds up to what the run recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from runs import Game
from runs.story import run_of, write
from runs.story.trial.claims import sentences
from runs.story.why import why
from runs.waterfall import STEPS, released
from tests.story.conftest import USERS
from tests.story.test_sentences import assert_well
from world.scenario import load_scenario


@pytest.fixture(scope="module")
def game() -> Game:
    return Game("japan-2026", seed=3, users=USERS).run(weeks=39)


def lost(game: Game, zone: str, first: int = 0, until: int | None = None) -> float:
    losses = game.frames["zones"].set_index("zone").loc[zone]
    weeks = losses[(losses["week"] >= first) & (losses["week"] < (until or game.week))]
    return float(weeks["gdp_loss_usd"].sum())


def adds_up(told: Mapping[str, Any]) -> bool:
    unit = told["unit"]
    level = told[f"start_{unit}"]
    for step in told["steps"]:
        level += step[unit]
        assert level == pytest.approx(step[f"total_{unit}"])
    return bool(abs(level - told[f"end_{unit}"]) <= 0.1)


@pytest.mark.parametrize("zone", ["JPN", "KOR"])
def test_steps_add_up_to_what_was_lost(game: Game, zone: str) -> None:
    told = why(run_of(game), zone)
    assert told["end_usd"] == pytest.approx(lost(game, zone))
    assert told["end_usd"] > 1e6
    assert adds_up(told)
    ids = [one["id"] for one in told["steps"]]
    assert ids == [one for one in STEPS if one in ids]
    assert any(one["tone"] == "coercer" for one in told["steps"])


def test_a_part_of_the_run_needs_nothing_undone(game: Game) -> None:
    """Three quarters add up to the whole, step by step: nothing is carried over without a name."""
    run = run_of(game)
    whole = why(run, "JPN")
    parts = [why(run, "JPN", first, first + 13) for first in (0, 13, 26)]
    for first, part in zip((0, 13, 26), parts, strict=True):
        assert adds_up(part)
        assert part["end_usd"] == pytest.approx(lost(game, "JPN", first, first + 13))
        # what stood before the first week is a level of its own, with its name
        assert part["start_usd"] >= 0.0
    for place, step in enumerate(whole["steps"]):
        summed = sum(part["steps"][place]["usd"] for part in parts)
        assert summed == pytest.approx(step["usd"], rel=1e-9, abs=1.0)


@pytest.mark.parametrize("past", [True, False])
def test_what_nobody_ordered_is_small(past: bool) -> None:
    """What was in force before has a step of its own; all but a quarter of a loss has a step."""
    plan = load_scenario("japan-2026", {"users": USERS})
    told = why(run_of(Game(plan if past else plan.at_rest(), seed=3).run(weeks=39)), "JPN")
    assert adds_up(told)
    assert abs(told["start_usd"]) <= 0.25 * abs(told["end_usd"])
    assert write(told["start_say"]) == "Nobody orders anything"
    before = [write(one["say"]) for one in told["steps"] if one["id"] == "in_force"]
    assert before == ["Beijing's rules before November 2025"]


def test_where_nothing_was_in_force_nothing_is_said_of_it() -> None:
    assert released(Game("no-controls", users=60)) == []
    assert released(Game("japan-2026", users=60))


def test_a_price_has_its_steps_too(game: Game) -> None:
    told = why(run_of(game), "JPN", material="dy_oxide")
    prices = game.frames["markets"].query("material == 'dy_oxide' and zone == 'JPN'")["price"]
    assert told["end_ratio"] == pytest.approx(prices.max())
    assert adds_up(told)
    bans = next(one for one in told["steps"] if one["id"] == "export_ban")
    assert bans["ratio"] > 0
    assert told["most"] == []


def test_every_step_has_its_words(game: Game) -> None:
    told = why(run_of(game), "JPN")
    assert told["most"]
    for say in sentences(told):
        assert_well(say)


def test_a_run_that_cannot_be_played_again_says_so(game: Game) -> None:
    run = run_of(game)
    run.game = None
    assert why(run, "JPN")["say"]["key"] == "story.why.other_model"
    assert why(run_of(Game("japan-2026", users=50)), "JPN")["say"]["key"] == "story.why.not_yet"
