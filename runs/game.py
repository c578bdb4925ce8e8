"""One game: a world, its seats, its luck and its record; also a Mesa model.

    from runs import Game
    game = Game("japan-2026", seed=7)
    game.submit(actor="KOR", lever="hub_policing", value=0.8)
    game.run(weeks=52)
    game.frames["markets"]

Results come from ``Draws(seed)`` alone; ``model.random`` and ``model.rng`` are Mesa's and decide
nothing. ``model.agents`` and ``agents_by_type`` are made when somebody looks at them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mesa

from agents.cast import make_cast
from runs.headline import HEADLINES
from runs.play import Play, SetValue, luck_of
from world.scenario import Scenario

if TYPE_CHECKING:
    from agents.players import Policy


class Game(Play, mesa.Model):
    """A run of a scenario, week by week.

    ``scenario`` is an id, a path or a Scenario; ``seed`` the luck, 1 if left out, which may be
    given as ``rng`` too, as Mesa 3.5 names it; ``users`` the number of
    industrial users; ``seats`` who plays a seat (``"person"``, ``"scripted"`` or a policy);
    ``set`` and keyword parameters override levers, parameters and keys as ``--set`` does (in a
    keyword, ``__`` may stand for a dot: ``KOR__hub_policing=0.8``). ``panel`` keeps every actor's
    row each week. With ``allowance`` states have a purse a quarter that binds whoever orders for
    them, but no dated acts; None leaves it to the scenario. Raises ScenarioError or ValueError
    with one sentence.

    The same seed is the same run, so ``iterations`` of ``mesa.batch_run`` repeat one run; vary the
    seed as a parameter instead: ``mesa.batch_run(Game, {"seed": range(20)})``.
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = "japan-2026",
        seed: int | None = None,
        users: int | None = None,
        seats: Mapping[str, str | Policy] | None = None,
        panel: bool = False,
        set: Mapping[str, SetValue] | None = None,
        rng: int | None = None,
        allowance: bool | None = None,
        **levers: SetValue,
    ) -> None:
        luck = luck_of(seed, rng)
        mesa.Model.__init__(self, rng=luck)
        Play.__init__(self, scenario, luck, users, seats, panel, set, allowance, **levers)
        self._cast_made = False
        self.datacollector = mesa.DataCollector(
            model_reporters={name: partial(latest, name) for name in HEADLINES}  # these pickle
        )

    def step(self) -> None:
        """Plays one week: events, orders, decisions of firms, the laws, the record."""
        super().step()
        self.datacollector.collect(self)

    @property
    def agents(self) -> Any:
        """All actors as Mesa agents: windows on the rows of the world's tables."""
        self._need_cast()
        return self._all_agents

    @property
    def agents_by_type(self) -> Any:
        self._need_cast()
        return self._agents_by_type

    @property
    def agent_types(self) -> list[type]:
        return list(self.agents_by_type)

    def _need_cast(self) -> None:
        if not self._cast_made:
            self._cast_made = True
            make_cast(self)


def latest(name: str, game: Game) -> float:
    """A headline figure of the last week, for Mesa's data collector."""
    return game.measured[name][-1]
