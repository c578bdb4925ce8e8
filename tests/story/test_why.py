"""The waterfall adds up, and its last world is the run."""

from __future__ import annotations

import pytest

from runs import Game
from runs.story import run_of
from runs.story.why import GROUPS, why
from tests.story.conftest import USERS, Played
from world.events import Event

CASES = (("japan-2026", "JPN"), ("japan-2026", "KOR"), ("antimony-2024", "USA"),
         ("hub-2022", "JPN"), ("urea-2021", "KOR"))  # fmt: skip


def short(scenario: str, seed: int = 3, weeks: int = 45) -> Game:
    return Game(scenario, seed=seed, users=USERS).run(weeks=weeks)


@pytest.mark.parametrize(("scenario", "zone"), CASES)
def test_steps_add_up_and_nothing_is_left(scenario: str, zone: str) -> None:
    game = short(scenario)
    lost = game.recorder.array("zones", "gdp_loss_usd")[:, game.plan.zones.index(zone)].sum()
    told = why(run_of(game), zone)
    changes = sum(one["change"] for one in told["steps"])
    assert told["end"] == pytest.approx(lost)
    assert told["start"] + changes + told["rest"] == pytest.approx(told["end"], abs=0.1)
    assert abs(told["rest"]) <= 1e-6 * max(1.0, abs(lost))
    ids = [one["id"] for one in told["steps"]]
    assert ids == [one for one in GROUPS if one in ids]


def test_a_part_of_the_run_needs_nothing_undone() -> None:
    """Three parts add up to the whole, step by step: the second carries over what the first did."""
    run = run_of(short("japan-2026", weeks=39))
    whole = why(run, "JPN")
    parts = [why(run, "JPN", first, first + 13) for first in (0, 13, 26)]
    for place, step in enumerate(whole["steps"]):
        summed = sum(part["steps"][place]["change"] for part in parts)
        assert summed == pytest.approx(step["change"], rel=1e-9, abs=1.0)


def test_the_lead_price_has_its_steps_too(japan: Played) -> None:
    run, lead = japan.story.run, japan.story.lead
    told = why(run, lead.zone, 0, 40, lead.material)
    price = run.market("price", lead.material, lead.zone)[:40].max()
    assert told["end"] == pytest.approx(price)
    assert told["start"] + sum(one["change"] for one in told["steps"]) == pytest.approx(price)
    bans = next(one for one in told["steps"] if one["id"] == "bans")
    assert bans["change"] > 0
    assert bans["tone"] == "coercer"


def test_people_injects_and_announcements_are_played_as_they_were() -> None:
    game = Game("magnets-2025", seed=5, users=USERS)
    game.take_seat("JPN")
    game.submit(actor="JPN", lever="stockpile_release", value=0.4, week=18)
    game.inject(Event(10, "disaster", "", "AUS", "A fire.", {"cut": 0.9, "weeks": 12}))
    game.run(weeks=50)
    told = why(run_of(game), "JPN")
    assert abs(told["rest"]) <= 1e-6 * max(1.0, told["end"])


def test_a_run_that_cannot_be_played_again_says_so(japan: Played) -> None:
    run = run_of(japan.game)
    run.game = None
    assert why(run, "JPN")["say"]["key"] == "story.why.other_model"
    assert why(run_of(Game("japan-2026", users=50)), "JPN")["say"]["key"] == "story.why.not_yet"
