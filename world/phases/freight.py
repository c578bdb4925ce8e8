"""Urgent goods by air: who runs out does not wait for the ship (ODD 7.8)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.state import World

Array = NDArray[np.float64]


def flown(world: World) -> NDArray[np.bool_]:
    """(R, N) users abroad whose goods from the coercer come by air this week.

    They are about to run out, and a kilo is worth many times its freight; states never fly.
    """
    setting, users, par = world.setting, world.setting.users, world.setting.par
    light = setting.market_price_usd[users.market] >= 1000.0 * par.air_value_usd_per_kg
    held = world.users.stock[:, 0] + world.users.stock[:, 1]
    short = held < par.air_cover_weeks * world.users.expected_need
    fly = short & light & (users.zone != setting.coercer)
    fly[:, users.reserve] = False
    return np.asarray(fly)
