"""Twenty short runs of all shipped scenarios, which the tests of the story read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from runs import Game
from runs.story import Story, run_of
from runs.story.trial.claims import sentences
from world.scenario import shipped

USERS, WEEKS = 150, 80
SLOW = ("network-cut",)  # a network of a hundred thousand firms
AGAIN = ("japan-2026", "japan-2026", "japan-2026", "hub-2022", "antimony-2024", "urea-2021",
         "magnets-2025")  # fmt: skip


class Played:
    """A run with its story, and every sentence that the story says of it."""

    def __init__(self, scenario: str, seed: int) -> None:
        self.name = f"{scenario}, seed {seed}"
        self.game = Game(scenario, seed=seed, users=USERS)
        if seed % 2:
            self.game.submit(actor="KOR", lever="hub_policing", value=0.9, week=20)
        self.game.run(weeks=min(WEEKS, self.game.horizon))
        self.story = Story(run_of(self.game, player="KOR"))
        self.whole = self.story.whole()
        self.weeks = [self.story.week(week) for week in range(0, self.game.week, 5)]

    @property
    def says(self) -> list[Mapping[str, Any]]:
        return list(sentences([self.whole, self.weeks]))


@pytest.fixture(scope="session")
def twenty() -> list[Played]:
    names = [(name, 1) for name in shipped() if name not in SLOW]
    names += [(name, seed) for seed, name in enumerate(AGAIN, start=2)]
    return [Played(name, seed) for name, seed in names[:20]]


@pytest.fixture(scope="session")
def japan(twenty: list[Played]) -> Played:
    return twenty[0]
