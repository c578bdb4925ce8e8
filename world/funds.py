"""A state's fund for minerals: a vault, capital in plants that run, and new plants (ODD 7.17).

Lever `minerals_fund_usd_m`. Nothing here happens while no state has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from world.laws.capacity import SCRAPPED
from world.laws.flows import ratio
from world.levers import LEVERS
from world.sums import add_up
from world.units import USD_M

if TYPE_CHECKING:
    from world.state import World

Array = NDArray[np.float64]


def funds(world: World) -> Array | None:
    """(R, Z) USD a year of every state's fund, None where nobody has one."""
    usd = USD_M * world.regime["minerals_fund_usd_m"][:, :, 0]
    return usd if (usd > 0).any() else None


def vault_orders(world: World) -> Array | None:
    """(R, K) tonnes a week that the vaults' part of the funds buys at the price of the day."""
    return _tonnes(world, world.setting.par.fund_vault_share / 52.0)


def capital_orders(world: World) -> Array | None:
    """(R, K) t a year of output elsewhere that a week of the funds' capital buys."""
    par = world.setting.par
    return _tonnes(world, par.fund_capital_share / 52.0 / par.equity_years)


def _tonnes(world: World, part: float) -> Array | None:
    """(R, K) tonnes that a part of the funds' yearly money buys at the price of the day.

    The money is split over materials as the zone's own use is in value.
    """
    usd = funds(world)
    if usd is None:
        return None
    setting = world.setting
    worth = (setting.base_demand * setting.market_price_usd).reshape(setting.M, setting.Z)
    split = ratio(worth, add_up(worth, axis=-2, keepdims=True), 0.0)
    money = part * usd[:, None, :] * split
    return ratio(
        money.reshape(-1, setting.K), world.markets.price * setting.market_price_usd, 0.0
    )


def fund_backers(world: World) -> Array | None:
    """(R, P, Z) share of a new plant's cost that funds offer: the largest offer, and who makes it.

    A fund backs new plants at home and, in a FORGE member, those of all members, all alike, as far
    as the rest of its money reaches and at most as far as any project is supported.
    """
    usd = funds(world)
    if usd is None:
        return None
    setting, plants, rows = world.setting, world.setting.plants, world.plants
    own = plants.zone[:, None] == np.arange(setting.Z)
    member = world.law.member > 0
    shared = member[:, plants.zone][..., None] & member[:, None, :]
    new = (setting.new_plants & ~plants.coercer) & (rows.status < SCRAPPED)
    reach = new[..., None] & (own | shared)  # (R, P, Z)
    yearly = 52.0 * rows.capacity * rows.cost * setting.base_price[plants.material]
    asked = add_up(reach * yearly[..., None], axis=1)
    money = (1.0 - setting.par.fund_vault_share - setting.par.fund_capital_share) * usd
    offer = np.minimum(LEVERS["project_subsidy"].high, ratio(money, asked, 0.0))
    offers = reach * offer[:, None, :]
    best = offers.max(axis=-1, keepdims=True)
    first = offers.argmax(axis=-1)[..., None] == np.arange(setting.Z)
    return np.asarray(first * best)
