"""A world that has settled: the warm-up before week 0 (ODD 5)."""

from __future__ import annotations

from agents.decide import decide
from world.draws import Draws
from world.scenario import Scenario
from world.setting import make_setting
from world.state import World, start_world
from world.week import advance

KEPT_WORLDS, KEPT_USERS = 4, 25_000  # larger worlds cost more memory than a warm-up is worth
SETTLED: dict[tuple[str, int | None, int], World] = {}
WARM_UP_WEEKS = 13  # the start is a fixed point already; a test holds it still for two years


def build_world(
    scenario: Scenario, users: int | None = None, replicates: int = 1, weeks: int = WARM_UP_WEEKS
) -> World:
    """A world at week 0 after a warm-up without shocks, the same for every luck.

    Nothing in the warm-up depends on luck, so R lucks share it, and so do runs of the same
    scenario in one process: the last few settled worlds are kept. Raises DataError.
    """
    key = (scenario.digest, users, weeks)
    world = SETTLED.pop(key, None)
    if world is None:
        world = start_world(make_setting(scenario, users), -weeks)
        warm_up(world)
    if world.users.rows <= KEPT_USERS:
        SETTLED[key] = world
        while len(SETTLED) > KEPT_WORLDS:
            del SETTLED[next(iter(SETTLED))]
    return world.spread(replicates)


def warm_up(world: World) -> None:
    """Runs the world to week 0 without acts of states; counters then start from 0."""
    draws = Draws(0, world.replicates)
    world.warming = True
    world.refresh_law()
    while world.week < 0:
        advance(world, decide(world, draws), draws)
    world.warming = False
    world.refresh_law()
    for name in ("budget_usd", "income_usd", "loss_total_usd"):
        getattr(world.zones, name)[:] = 0.0
    world.zones.opinion[:] = 0.5
    world.markets.shipped_year[:] = 0.0
    world.firms.profit_usd[:] = 0.0
