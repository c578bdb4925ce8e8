"""Worlds with one luck side by side in one batch, which differ in whose recorded orders they hear.

A world that does not hear an order is as if nobody had given it, bit for bit, so that what all of
them took together is what each would have been alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agents.decide import decide
from runs.turn import Act
from world.draws import Draws
from world.phases.calendar import enact, happen
from world.state import CHAIR
from world.week import advance

if TYPE_CHECKING:
    from runs.otherwise import Start
    from world.account import Account
    from world.events import Event
    from world.state import World

Array = NDArray[np.float64]
Hears = NDArray[np.bool_]  # (worlds,)

TOUCHED = {  # columns that an event writes at once (`world.phases.calendar.happen`)
    "zones": ("provocation", "budget_usd"), "markets": ("announced", "deadline_weeks", "price"),
    "users": ("stock",),
}  # fmt: skip


class OneLuck(Draws):
    """The luck of one seed for every world."""

    def __init__(self, seed: int, worlds: int) -> None:
        super().__init__(seed)
        self.worlds = worlds

    def uniform(self, week: int, purpose: str, n: int) -> Array:
        return np.repeat(super().uniform(week, purpose, n), self.worlds, axis=0)


def play_abreast(
    start: Start, luck: int, told: Sequence[tuple[Act, Hears]], worlds: int, until: int,
    world: World | None = None,
) -> Iterator[Account]:  # fmt: skip
    """The accounts of the weeks before ``until``, a row for each world.

    Nobody gives orders but those that are ``told``, each with the worlds that hear it; events of
    the scenario are those that the seats of ``start`` follow. ``world`` is that of ``start`` spread
    already, for who changes some of its rows beforehand or looks at it afterwards.
    """
    world = start.world.spread(worlds) if world is None else world
    draws = OneLuck(luck, worlds)
    by_week: defaultdict[int, list[tuple[Act, Hears]]] = defaultdict(list)
    for act, hears in told:
        by_week[act.week].append((act, hears))
    while world.week < until:
        for event in world.setting.scenario.events:
            if event.week == world.week and start.seats.follows(event):
                happen(world, event)
        today = by_week[world.week]
        for act, hears in today:
            if act.event is not None:
                _happen(world, act.event, hears)
        for act, hears in today:
            if act.order is not None and hears.any():
                enact(world, act.order, np.where(hears, act.order.value, np.nan))
        yield advance(world, decide(world, draws), draws)


def _happen(world: World, event: Event, hears: Hears) -> None:
    """An event of which only some worlds hear; in the others everything stays as it was."""
    if hears.all():
        happen(world, event)
        return
    touched = [
        getattr(getattr(world, table), name) for table, names in TOUCHED.items() for name in names
    ]
    before, lasting = [values.copy() for values in touched], len(world.disruptions)
    held = world.chair
    happen(world, event)
    for values, old in zip(touched, before, strict=True):
        values[~hears] = old[~hears]
    for *_, kind, factor in world.disruptions[lasting:]:
        factor[~hears] = held[~hears] if kind == CHAIR else 1.0
