"""Projects whose technique nobody has proven: trials that states pay for (ODD 7.11)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.capacity import PLANNED, SCRAPPED
from world.laws.flows import smooth
from world.laws.trials import cost_found, eventual, outcome
from world.phases.scratch import Week
from world.scenario import year_of
from world.state import World
from world.units import DAYS_PER_YEAR

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def on_trial(world: World) -> Flags:
    """(R, unproven) projects whose trial can be paid for: none where projects are frozen."""
    rows, places = world.plants, world.setting.unproven
    open_ = not world.setting.scenario.frozen_projects
    return np.asarray((rows.status[:, places] == PLANNED) & (rows.proof[:, places] <= 0) & open_)


def trial_spending(world: World) -> Array:
    """(R, Z) USD m a quarter that states spend on trials: only who has a project to try."""
    setting, spent = world.setting, np.zeros((world.replicates, world.setting.Z))
    trying = on_trial(world)
    for place, row in enumerate(setting.unproven):
        zone = setting.plants.zone[row]
        lever = world.regime["trial_usd_m"][:, zone, 0]
        spent[:, zone] = np.maximum(spent[:, zone], lever * trying[:, place])
    return spent


def try_out(week: Week) -> None:
    """Campaigns go on as they are paid for; what one shows decides, and others take note."""
    world = week.world
    setting, rows, places = world.setting, world.plants, world.setting.unproven
    if not len(places):
        return
    trials = [plant.trial for plant in setting.base.plants if plant.trial is not None]
    odds, fails, full, scale, least, start = (
        np.array([getattr(trial, name) for trial in trials])
        for name in ("odds", "fails", "usd_m", "scale", "cost", "start_year")
    )
    spent = trial_spending(world)[:, setting.plants.zone[places]]
    now = year_of(setting.scenario.start) + 7.0 * world.week / DAYS_PER_YEAR
    trying = on_trial(world) & (spent > 0)
    pace = np.minimum(1.0, spent / full) * (trying & (now >= start))
    done = rows.trial[:, places] + pace / 52.0
    ended = done >= 1.0 - 1e-9
    works, never = outcome(
        week.draws.uniform(world.week, "trial", len(places)), odds, fails
    )
    works, never = works & ended, never & ended
    luck = week.draws.uniform(world.week, "trial cost", len(places))
    found = cost_found(luck, least, np.array([setting.base.plants[p].cost for p in places]))
    rows.trial[:, places] = np.where(ended, 0.0, done)
    rows.proof[:, places] = np.where(works, 1.0, rows.proof[:, places])
    rows.cost[:, places] = np.where(works, found, rows.cost[:, places])
    rows.capacity[:, places] *= np.where(works, scale, 1.0)
    _tell(week, works, "proof", "works in its trial")
    _tell(week, never, "trial_fail", "will never pay: the trial is given up")
    gone = never | (rows.status[:, places] == SCRAPPED)
    rows.status[:, places] = np.where(never, float(SCRAPPED), rows.status[:, places])
    goal = np.where(rows.proof[:, places] > 0, 1.0, eventual(odds, fails) * trying)
    goal = np.where(gone, 0.0, goal)
    speed = setting.par.trial_belief_speed
    rows.belief[:, places] = smooth(rows.belief[:, places], goal, speed)


def _tell(week: Week, which: Flags, change: str, text: str) -> None:
    setting = week.world.setting
    for replicate, place in zip(*np.nonzero(which), strict=True):
        k = int(setting.unproven[place])
        plant, cost = setting.base.plants[k], float(week.world.plants.cost[replicate, k])
        price = float(week.choice.plant_price[replicate, k])
        week.tell(
            int(replicate), "plant", plant.name, plant.zone,
            f"{plant.name} ({plant.material}) {text} (full cost {cost:.2f} of the base price).",
            material=plant.material, change=change, price=price, cost=cost,
        )  # fmt: skip
