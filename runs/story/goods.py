"""Goods beside minerals that a ban reaches: by group and week what comes, is held, and costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from runs.room.say import Say
from runs.story.run import Run, numbers


def goods(run: Run) -> dict[str, Any] | None:
    """The zone from which most is held back, its groups with their weeks, and a sentence on all,
    without a loss that a network of firms counts itself; None where no ban reaches such goods."""
    rows = run.record.rows("goods")
    held = np.nan_to_num(run.grid("goods", "held_usd"))
    if not held.size or not held.any():
        return None
    by_zone: dict[str, float] = {}
    for zone, usd in zip(rows["to_zone"], held.sum(axis=0), strict=True):
        by_zone[zone] = by_zone.get(zone, 0.0) + float(usd)
    zone = max(by_zone, key=lambda one: by_zone[one])
    loss = run.grid("goods", "loss_usd")[:, run.rows("goods", to_zone=zone)]
    about = {"capital": run.scene.coercer, "zone": zone, "usd": by_zone[zone]}
    key = "story.goods.only_held"
    if np.isfinite(loss).all():
        key, about["usd_b"] = "story.goods.held", float(loss.sum())
    groups = [
        {
            "group": rows["group"][k],
            **{name: numbers(run.grid("goods", name)[:, k])
               for name in ("imports_usd", "held_usd", "loss_usd")},
        }
        for k, buyer in enumerate(rows["to_zone"]) if buyer == zone
    ]  # fmt: skip
    return {"zone": zone, "say": Say(key, about).row, "groups": groups}
