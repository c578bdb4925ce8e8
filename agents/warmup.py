"""A world that has settled: the warm-up before week 0 (ODD 5)."""

from __future__ import annotations

import numpy as np

from agents.decide import decide
from world.draws import Draws
from world.scenario import Scenario
from world.setting import make_setting
from world.state import World, start_world
from world.week import advance

WARM_UP_WEEKS = 104


def build_world(
    scenario: Scenario, users: int | None = None, replicates: int = 1, weeks: int = WARM_UP_WEEKS
) -> World:
    """A world at week 0 after a warm-up without shocks, the same for every luck.

    Nothing in the warm-up depends on luck, so R lucks share it. Raises DataError.
    """
    world = start_world(make_setting(scenario, users))
    warm_up(world, weeks)
    return world.spread(replicates)


def warm_up(world: World, weeks: int) -> None:
    """Runs the world without acts of states or projects, then makes the last year its base."""
    draws = Draws(0, world.replicates)
    world.warming = True
    prices = []
    world.week = -weeks
    for week in range(weeks):
        advance(world, decide(world, draws), draws)
        if week >= weeks - 52:
            prices.append(world.markets.price.copy())
    world.warming = False
    if prices:
        settle(world, np.mean(prices, axis=0))


def settle(world: World, mean_price: np.ndarray) -> None:
    """Counters start at week 0; prices are ratios to the last warm-up year."""
    del mean_price
    for name in ("budget_usd", "loss_total_usd"):
        getattr(world.zones, name)[:] = 0.0
    world.pools.shipped_year[:] = 0.0
