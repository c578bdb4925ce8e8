"""System S17: what is said about a measure matters little alone, and more in coalition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from world.events import Event
from world.scenario import load_scenario, resolve

SPEAKERS = ("KOR", "USA", "EUU", "AUS")
WEEKS = 156


def banned(*speak: str) -> Any:
    """`japan-2026` under a ban from the first day that nobody dates, shipped rules in all seats.

    Of four states the named ones speak against it, the others never do; Japan holds, so nothing
    but words differs.
    """
    raw = dict(load_scenario("japan-2026").source)
    del raw["warmup_from"]
    raw |= {"history": [], "events": [], "weeks": WEEKS, "materials": ["gallium"]}
    raw["chart"] = {"material": "gallium", "zone": "JPN"}
    raw["policies"] = {**raw["policies"], "JPN": "hold"}
    raw["levers"] = {"CHN": {"rung": {"JPN": 6}, "licence_duty": {"gallium": 1.0}}}
    said = {f"{zone}.joint_statement": float(zone in speak) for zone in SPEAKERS}
    return resolve(raw, {"users": 60, **said})


@pytest.fixture(scope="module")
def lengths(lab: Any) -> dict[str, Any]:
    """Weeks for which the ban stood, in 24 lucks that are the same in both courses."""
    return {
        name: lab.play(banned(*speak), WEEKS, users=60, populations=(1,), lucks=24)
        .zone("measure_weeks", "JPN").max(axis=0)
        for name, speak in (("alone", ("KOR",)), ("coalition", SPEAKERS))
    }  # fmt: skip


def test_s17_a_ban_stands_shorter_where_a_coalition_speaks(lengths: dict[str, Any]) -> None:
    """By the shipped rules of China: at the median, in the mean, and hardly ever longer."""
    alone, together = lengths["alone"], lengths["coalition"]
    assert np.median(together) < 0.9 * np.median(alone), lengths
    assert together.mean() < 0.95 * alone.mean(), lengths
    assert (together <= alone).mean() > 0.8, lengths


def test_s21_the_chair_of_forge_weighs_in_a_coalition_while_it_lasts(
    lab: Any, lengths: dict[str, Any]
) -> None:
    """A ban stands shorter in the mean with Korea in the chair; of a chair that is given up at once
    nothing is left."""
    plan = banned(*SPEAKERS)
    takes = Event(0, "chair", "", "KOR", "", {"strength": 1})
    leaves = Event(1, "chair", "", "KOR", "", {"strength": 0})
    chaired, over = (
        lab.play(plan, WEEKS, events=events, users=60, populations=(1,), lucks=24)
        .zone("measure_weeks", "JPN").max(axis=0)
        for events in ([takes], [takes, leaves])
    )  # fmt: skip
    none = lengths["coalition"]
    assert chaired.mean() < none.mean(), (chaired, none)
    assert abs(over - none).mean() < abs(chaired - none).mean(), (over, none)
