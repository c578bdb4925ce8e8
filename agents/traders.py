"""Traders: declare truthfully or divert, what to buy for it, and how much to buy elsewhere.

Compliance and transshipment are one choice here (ODD 7.7; Becker 1968): divert when the gain, less
the loss that the trader expects, beats its tolerance. Diversification is the part of the book that
is ex-China supply (ODD 7.15).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.inspection import perceived_hazard
from world.parameters import Parameters
from world.regime import Law
from world.state import World
from world.sums import add_up

Array = NDArray[np.float64]


def diverts(
    gain: Array, hazard: Array, loss: Array, tolerance: Array, spread: float, revenue: Array
) -> NDArray[np.bool_]:
    """True where diverting pays: g > 0 and g - h E > theta * kappa * revenue."""
    return np.asarray((gain > 0) & (gain - hazard * loss > tolerance * spread * revenue))


def book_order(capacity: Array, stock: Array, under_way: Array, par: Parameters) -> Array:
    """Order of a trader that keeps some weeks of its capacity in the hub (as users do, ODD 7.4)."""
    line = par.supply_line_weight * (par.lead_hub_weeks * capacity - under_way)
    missing = par.trader_cover_weeks * capacity - stock + line
    return np.clip(
        capacity + missing / par.stock_correction_weeks, 0.0, par.trader_order_cap * capacity
    )


def choose(world: World, law: Law) -> tuple[Array, Array, Array]:
    """(active (R, J), orders from the coercer and outside (R, 2, J), outside share (R, J))."""
    setting, par, rows = world.setting, world.setting.par, world.traders
    traders = setting.traders
    price = world.markets.price
    at_target = price[:, setting.trader_target]
    margin = at_target - price[:, setting.trader_market] * (1.0 + par.hub_handling_cost)
    q = traders.capacity
    risk = world.hubs.belief[:, traders.hub] * (law.clause > 0)[:, None]
    loss = par.fine_multiple * rows.diverted_usd + traders.exposure_value
    barred = law.breadth[:, setting.trader_target] > 0
    free = (
        (rows.blacklist_weeks <= 0)
        & barred
        & (world.markets.grey_open[:, setting.trader_target] > 0)
    )
    pays = diverts(
        q * margin,
        perceived_hazard(risk, traders.relative_size),
        loss,
        traders.tolerance,
        par.tolerance_spread,
        q * at_target,
    )
    active = (pays & free).astype(float)
    outside = diversify(world, margin)
    stock = add_up(rows.stock, axis=1)
    under_way = add_up(rows.pipe, axis=(1, 2))
    wanted = book_order(q, stock, under_way, par) * (margin > 0) * barred
    orders = np.stack([wanted * active * (1.0 - outside), wanted * outside], axis=1)
    return active, orders, outside


def diversify(world: World, margin: Array) -> Array:
    """Outside share after a week: grows with the margin and with distrust, slowly (ODD 7.15)."""
    setting, par = world.setting, world.setting.par
    zones = np.array(setting.hub_zones)[setting.traders.hub]
    distrust = world.zones.reputation[:, zones]
    pull = par.trader_margin_response * np.clip(margin, 0.0, 1.0)
    wanted = np.clip(par.trader_diversification + pull + distrust, 0, 1)
    old = world.traders.outside_share
    return np.asarray(old + par.share_adjustment * (wanted - old))
