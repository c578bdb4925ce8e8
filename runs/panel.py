"""Every actor's row of a week, for a record with the panel."""

from __future__ import annotations

from typing import Any

import numpy as np

from world.state import World


def panel_rows(world: World, week: int) -> dict[str, Any]:
    """Columns of ``agents.parquet`` for one week of luck 0: users, traders, plants."""
    setting = world.setting
    zones = np.array([zone.code for zone in setting.base.zones], dtype=object)
    materials = np.array([material.id for material in setting.base.materials], dtype=object)
    users, traders, plants = world.users, world.traders, world.plants
    industrial = setting.users.industrial
    market = setting.users.market[industrial]
    hubs = np.array(setting.hub_zones)[setting.traders.hub]
    blocks = [
        (
            "user", zones[market % setting.Z], materials[market // setting.Z],
            users.stock[0][:, industrial], users.pipe[0].sum(axis=(0, 1))[industrial],
            users.line_rate[0][industrial], None,
        ),
        (
            "trader", zones[hubs], materials[setting.traders.material], traders.stock[0],
            traders.pipe[0].sum(axis=(0, 1)), traders.active[0], traders.blacklist_weeks[0],
        ),
        (
            "plant", zones[setting.plants.zone], materials[setting.plants.material],
            plants.stock[0], None, plants.utilisation[0], None,
        ),
    ]  # fmt: skip
    parts: dict[str, list[Any]] = {}
    for kind, zone, material, stock, pipe, activity, blacklist in blocks:
        n = len(zone)
        nothing = np.zeros(n)
        values = {
            "week": np.full(n, week), "kind": np.full(n, kind, dtype=object),
            "agent": np.array([f"{kind}-{i}" for i in range(n)], dtype=object),
            "zone": zone, "material": material, "stock_t": stock.sum(axis=0),
            "stock_china_origin_t": stock[0], "under_way_t": nothing if pipe is None else pipe,
            "activity": activity, "blacklist_weeks": nothing if blacklist is None else blacklist,
        }  # fmt: skip
        for name, column in values.items():
            parts.setdefault(name, []).append(np.array(column))
    return {name: np.concatenate(columns) for name, columns in parts.items()}
