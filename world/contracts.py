"""Who pays for what is contracted from plants outside the coercer, and which part is a firm's (ODD
7.17, 7.18)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.firm_rows import contracts, signed
from world.laws.capacity import RUNNING
from world.laws.flows import ratio
from world.regime import floor_support, offtake_gap, plant_market_price
from world.state import World
from world.sums import add_up

Array = NDArray[np.float64]


def contract_payments(world: World) -> Array:
    """(R, M) USD of the week that buyers under contract pay plants beyond the market."""
    setting, plants = world.setting, world.setting.plants
    market = plant_market_price(world)
    running = (world.plants.status == RUNNING) & ~plants.coercer
    output = world.plants.output * running * setting.base_price[plants.material]
    own, contract = floor_support(setting, world.law, market)
    covered = offtake_gap(world, market + own + contract, setting.par.offtake_margin) * output
    return np.asarray(setting.plant_pool.sum(covered))


def firms_part(world: World) -> Array | None:
    """(R, n) part of all that is contracted of its material that each row of a firm has signed;
    None where no firm has."""
    by_firms = signed(world)
    if by_firms is None:
        return None
    material = world.setting.users.market[world.setting.firms.users] // world.setting.Z
    return ratio(by_firms, add_up(contracts(world), axis=1)[:, material], 0.0)
