"""The facilitator's guide can be followed step by step: a class of bots does it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from runs.printing.plan import ClassPlan, Step, class_plan
from runs.room.trial.hall import Hall
from runs.room.trial.rehearse import Missing, rehearse

USERS = 300


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    made = Hall(tmp_path_factory.mktemp("hall") / "rooms.db")
    made.start()
    yield made
    made.stop()


@pytest.mark.slow
def test_the_lesson_is_played_as_the_guide_says(hall: Hall) -> None:
    found = asyncio.run(rehearse(hall.address, people=12, users=USERS))
    plan = class_plan()
    assert found["steps"] == len(plan.steps)
    wanted = sum(len(s.screens) + len(s.host) + len(s.seats) for s in plan.steps)
    assert found["acts"] == wanted
    assert found["cards"][:3] == ["licence_90_days", "hub_seizure", "forge_floor"]
    assert found["orders"] == 10 * 6  # seats, turns with the practice turn
    assert len(found["branch_seconds"]) == 2


def with_step(**change: object) -> ClassPlan:
    """The class until people sit, and one step that is changed."""
    plan = class_plan()
    odd = Step("practice", 7, 10, (), (), ())
    return replace(plan, steps=(*plan.steps[:2], replace(odd, **change)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": ({"action": "applaud"},)}, "applaud is refused"),
        ({"host": ({"card": "rain_of_frogs"},)}, "no card rain_of_frogs"),
        ({"host": ({"sing": True},)}, "does not know how"),
        ({"seats": ("dance",)}, "nobody knows how to dance"),
        ({"screens": ("ballroom",)}, "/ballroom answers 404"),
        ({"id": "interval"}, "the guide has no text"),
    ],
)
def test_a_step_that_does_not_exist_is_found(
    hall: Hall, change: dict[str, object], said: str
) -> None:
    with pytest.raises(Missing, match=said):
        asyncio.run(rehearse(hall.address, with_step(**change), people=1, users=USERS))
