"""A world that has settled: the warm-up before week 0 (ODD 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agents.decide import decide
from world.decisions import Order
from world.draws import Draws
from world.levers import LADDER, LEVERS, full_name, indices, ladder
from world.phases.calendar import enact, happen
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
    """A world at week 0 after a warm-up, the same for every luck.

    The warm-up settles the base year without shocks and then plays the dated acts before the
    start, if the scenario has any. Nothing in it depends on luck, so R lucks share it, and so do
    runs of the same scenario in one process: the last few settled worlds are kept. Raises
    DataError.
    """
    key = (scenario.digest, users, weeks)
    world = SETTLED.pop(key, None)
    if world is None:
        world = start_world(make_setting(scenario, users), scenario.opening_week - weeks)
        settle(world)
        play_past(world)
        open_books(world)
    if world.users.rows <= KEPT_USERS:
        SETTLED[key] = world
        while len(SETTLED) > KEPT_WORLDS:
            del SETTLED[next(iter(SETTLED))]
    return world.spread(replicates)


def settle(world: World) -> None:
    """Runs the world without acts of states to the opening, which is week 0 without a past."""
    draws = Draws(0, world.replicates)
    world.warming = True
    world.refresh_law()
    while world.week < world.setting.scenario.opening_week:
        advance(world, decide(world, draws), draws)
    world.warming = False
    world.refresh_law()


def play_past(world: World) -> None:
    """Plays what is dated before the start to week 0: firms react, no seat decides anything.

    Prices stay ratios to the settled base year, and normal exports to hubs stay those of it.
    """
    scenario = world.setting.scenario
    draws = Draws(0, world.replicates)
    while world.week < 0:
        for event in scenario.before_events:
            if event.week == world.week:
                happen(world, event)
        for order in scenario.before:
            if order.week == world.week:
                for free in not_held(scenario, order):
                    enact(world, free)
        advance(world, decide(world, draws), draws)


def not_held(scenario: Scenario, order: Order) -> Iterator[Order]:
    """The act, or those of its places that whoever set up the run did not set otherwise."""
    name, _, index = order.lever.partition(".")
    bare = f"{order.actor}.{name}"
    held = {*scenario.held, *(part for text in scenario.held for part in steps_of(text))}
    if not any(text == bare or text.startswith(f"{bare}.") for text in held):
        yield order
    elif bare not in held and LEVERS[name].index:
        for place in (index,) if index else indices(scenario, LEVERS[name]):
            if f"{bare}.{place}" not in held:
                yield replace(order, lever=full_name(name, place))


def steps_of(text: str) -> Iterator[str]:
    """The settings that a step of the ladder stands for, by full name; nothing for other levers."""
    actor, _, full = text.partition(".")
    name, _, index = full.partition(".")
    if name == LADDER:
        yield from (f"{actor}.{full_name(part, index)}" for part in ladder()[0].settings)


def open_books(world: World) -> None:
    """What is counted from the start of a run starts at 0; contracts of plants come into force."""
    world.refresh_law()
    for name in ("budget_usd", "income_usd", "loss_total_usd"):
        getattr(world.zones, name)[:] = 0.0
    world.zones.opinion[:] = 0.5
    world.markets.shipped_year[:] = 0.0
    world.firms.profit_usd[:] = 0.0
