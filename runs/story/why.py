"""Why a zone lost, or paid, in words: the waterfall of a run as a page shows it.

The steps are those of `runs.waterfall`: the same luck with the recorded orders of one group after
another, from the run's first week on, also where a part of the run is asked for. So nothing has to
be undone at the start of a turn, neither refusals that last a quarter nor a threat that firms have
heard already, and nothing is carried over that would not be somebody's step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from runs.room.say import Say
from runs.story.run import Array, Run
from runs.waterfall import Waterfall, waterfall

TONES = {
    "in_force": "coercer", "travel_and_goods": "coercer", "export_ban": "coercer", "threat": "fear",
    "reserve": "stock",
}  # fmt: skip
LEAST_USD = 1e5


def why(
    run: Run, zone: str, first: int = 0, until: int | None = None, material: str = "",
    watch: Callable[[int], None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The steps of what a zone lost in the weeks from ``first`` to before ``until``, in dollars.

    With a material, of its highest price in the zone. ``{"say"}`` where it cannot be told.
    ``watch`` is called with the number of weeks played after each.
    """
    if run.game is None:
        return {"say": Say("story.why.other_model").row}
    last = run.weeks if until is None else min(until, run.weeks)
    if last <= first:
        return {"say": Say("story.why.not_yet").row}
    found = waterfall(
        run.game, zone, "price" if material else "gdp_loss_usd", material or None,
        range(first, last), watch,
    )  # fmt: skip
    span = np.nan_to_num(found.levels[:, first:last])
    levels = span.max(axis=1) if material else span.sum(axis=1)
    return _told(run, found, material, levels)


def _told(run: Run, found: Waterfall, material: str, levels: Array) -> dict[str, Any]:
    zone, end = found.zone, float(levels[-1])
    unit = "ratio" if material else "usd"
    values = {"zone": zone, "whose": zone, "capital": run.scene.coercer, "month": run.date(0)}
    steps = [
        {
            "id": one.key, "say": Say(f"story.why.{one.key}", values).row,
            unit: float(levels[k + 1] - levels[k]), f"total_{unit}": float(levels[k + 1]),
            "tone": TONES.get(one.key, "worse" if levels[k + 1] > levels[k] else "better"),
        }
        for k, one in enumerate(found.steps) if one.orders
    ]  # fmt: skip
    about = {**values, "good": material, "usd": end, "times": end}
    title = Say("story.why.title_price" if material else "story.why.title", about)
    if not material and end < LEAST_USD:
        title = Say("story.why.none", values)
    return {
        "zone": zone, "material": material or None, "measure": "price" if material else "lost_usd",
        "unit": unit, "from_week": found.weeks.start, "until_week": found.weeks.stop,
        "title": title.row, "note": Say("story.why.note", {"n": len(steps) + 1}).row,
        f"start_{unit}": float(levels[0]), "start_say": Say("story.why.start").row, "steps": steps,
        f"end_{unit}": end, "end_say": Say("story.why.end").row,
        "most": [] if material else _most(steps),
    }  # fmt: skip


def _most(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What cost most, and what saved most, as sentences."""
    says = []
    worst = max(steps, key=lambda one: float(one["usd"]), default=None)
    best = min(steps, key=lambda one: float(one["usd"]), default=None)
    if worst and worst["usd"] >= LEAST_USD:
        values = {"text": worst["say"], "usd": worst["usd"]}
        says.append(Say("story.why.most", values).row)
    if best and best["usd"] <= -LEAST_USD:
        values = {"text": best["say"], "usd": -best["usd"]}
        says.append(Say("story.why.saved", values).row)
    return says
