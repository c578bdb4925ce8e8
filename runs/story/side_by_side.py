"""The same luck for several worlds side by side, which differ in whose recorded orders they get.

The worlds start at the run's first week and play on with the orders that were recorded, in place
of the policies that once gave them. A world that gets all orders is the run itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agents.decide import decide
from agents.warmup import build_world
from runs.story.run import settings_of
from runs.told import event_of
from world.account import Account
from world.decisions import Order
from world.draws import Draws
from world.events import KINDS
from world.levers import LADDER
from world.phases.calendar import enact, happen
from world.state import World
from world.week import advance

if TYPE_CHECKING:
    from runs.game import Game

Array = NDArray[np.float64]
Gets = NDArray[np.bool_]  # (worlds,): which of them get an order


class OneLuck(Draws):
    """The luck of one seed for every world."""

    def uniform(self, week: int, purpose: str, n: int) -> Array:
        worlds, self.replicates = self.replicates, 1
        try:
            own = super().uniform(week, purpose, n)
        finally:
            self.replicates = worlds
        return np.repeat(own, worlds, axis=0)


def given(game: Game) -> list[Order]:
    """Every order that was accepted, a step of the ladder as the measures it stands for."""
    found = []
    for row in game.recorder.orders:
        if not row["accepted"]:
            continue
        full, value = row["lever"], float(row["value"])
        parts = settings_of(full, value)
        if full.partition(".")[0] == LADDER:
            del parts[full]
        for one, setting in parts.items():
            found.append(Order(row["week"], row["actor"], one, setting, row["by"], row["why"]))
    return found


def play(
    game: Game, orders: Sequence[tuple[Order, Gets]], bans: Gets, until: int
) -> Iterator[Account]:
    """The accounts of the game's weeks before ``until``, all worlds in each.

    ``bans`` says which worlds hear what the coercer announces before its bans.
    """
    worlds = len(bans)
    world = build_world(game.plan, replicates=worlds)
    draws = OneLuck(game.luck, worlds)
    due: dict[int, list[tuple[Order, Gets]]] = defaultdict(list)
    for order, gets in orders:
        due[order.week].append((order, gets))
    told: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in game.recorder.events:
        if row["kind"] in KINDS:
            told[row["week"]].append(row)
    for week in range(until):
        for row in told[week]:
            _happen(world, row, bans)
        for order, gets in due[week]:
            enact(world, order, np.where(gets, order.value, np.nan))
        yield advance(world, decide(world, draws), draws)


def _happen(world: World, row: dict[str, Any], bans: Gets) -> None:
    before = world.markets.announced.copy()
    happen(world, event_of(row, row["data"]))
    if row["kind"] == "announcement" and row["actor"]:
        world.markets.announced[~bans] = before[~bans]
