"""How long the reference takes for a week; ``entrepot bench`` prints it beside the columns.

What is timed: the reference standing on its own from the end of the engine's warm-up, with the
scenario's dated acts and events. That is all that firms decide and all markets, licences,
allocation, plants, inspection, beliefs and prices; not in it are policies of states, moods, damage,
budgets and the week's account, which the columns' time has besides. Nothing is compared or recorded
while the clock runs, and the clock does not count the making of the agents.
"""

from __future__ import annotations

import time

from agents.warmup import build_world
from tests.reference.model import Reference
from world.draws import Draws
from world.scenario import load_scenario


def time_weeks(users: int, scenario: str, weeks: int) -> tuple[float, float]:
    """(CPU seconds for the weeks, industrial users that there are)."""
    plan = load_scenario(scenario, {"users": users})
    world = build_world(plan)
    model = Reference(world, Draws(1))
    acts = [
        [(act.actor, act.lever, act.value, act.by) for act in plan.history if act.week == week]
        for week in range(weeks)
    ]
    events = [[event for event in plan.events if event.week == week] for week in range(weeks)]
    start = time.process_time()
    for week in range(weeks):
        model.play(acts[week], events[week])
    return time.process_time() - start, float(world.setting.users.industrial.stop)
