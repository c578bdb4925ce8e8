"""Whether the world of a run stands still before anything is done to it.

Asked for are 104 weeks without shocks, the last 52 of them flat: prices within 3%, shares within 2
points. A game settles for 13 weeks before week 0, since its start is a fixed point already; so the
same world is settled here for the full 104 weeks, and its last year together with week 0 of the run
is looked at. From week 0 on the plants and the growth of the tables are at work: they are dated
too, and what they move in the weeks before the first act belongs to the episode.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agents.decide import decide
from runs.validate.frames import Run
from world.draws import Draws
from world.scenario import Scenario
from world.setting import make_setting
from world.state import start_world
from world.week import advance

Array = NDArray[np.float64]

QUIET_WEEKS, FLAT_WEEKS = 104, 52
PRICE_BAND, SHARE_BAND = 0.03, 0.02
COLUMNS = {"price": PRICE_BAND, "china_share_true": SHARE_BAND, "china_share_declared": SHARE_BAND}


def first_act(plan: Scenario) -> int:
    """The week of the first dated act or event; the number of weeks where there is none."""
    acts = [order.week for order in plan.history] if plan.follow_history else []
    acts += [
        event.week for event in plan.events
        if event.kind not in ("news",) and (plan.follow_history or event.kind != "announcement")
    ]  # fmt: skip
    return min([*acts, plan.weeks])


def unrest(plan: Scenario, run: Run) -> str:
    """What moved in the last quiet year, as a clause; "" if nothing did."""
    before = warm_up(plan, QUIET_WEEKS)
    base = np.asarray(run.column("markets", "demand_t")[0] > 0)
    for column, band in COLUMNS.items():
        weeks = np.concatenate([before[column][-FLAT_WEEKS:], run.column("markets", column)[:1]])
        found = moved(weeks[:, base], band, relative=column == "price")
        if found is not None:
            place, by = found
            keys = run.keys("markets")
            where = np.flatnonzero(base)[place]
            market = f"{keys['material'][where]} in {keys['zone'][where]}"
            return f"{column} of {market} moves by {by:.3f} in the quiet year before the start"
    return ""


def moved(weeks: Array, band: float, relative: bool) -> tuple[int, float] | None:
    """The column that leaves a band around its mean by most and by how much, or None."""
    if not weeks.size:
        return None
    known = np.isfinite(weeks)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, weeks, 0.0).sum(axis=0) / count
    away = np.abs(np.where(known, weeks - mean, 0.0)).max(axis=0)
    if relative:
        away = np.divide(away, mean, out=np.zeros_like(away), where=mean > 0)
    place = int(away.argmax())
    return (place, float(away[place])) if away[place] > band else None


def warm_up(plan: Scenario, weeks: int) -> dict[str, Array]:
    """Columns of so many quiet weeks of a scenario's world, (weeks, markets)."""
    world = start_world(make_setting(plan), plan.opening_week - weeks)
    draws = Draws(0)
    world.warming = True
    world.refresh_law()
    kept: dict[str, list[Array]] = {column: [] for column in COLUMNS}
    while world.week < plan.opening_week:
        account = advance(world, decide(world, draws), draws)
        for column, values in kept.items():
            values.append(account.markets[column][0].copy())
    markets = len(world.setting.base.materials) * len(world.setting.base.zones)
    return {column: np.array(values).reshape(-1, markets) for column, values in kept.items()}
