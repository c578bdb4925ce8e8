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
from world.regime import Law, grey_margin, payment_risk, standing_threat
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


def choose(world: World, law: Law) -> tuple[Array, Array, Array, Array]:
    """(active (R, J), orders from the coercer and outside (R, 2, J), outside share, serves).

    Who serves has a bank that lets it trade with the target at all.
    """
    setting, par, rows = world.setting, world.setting.par, world.traders
    traders = setting.traders
    price = world.markets.price
    at_target = price[:, setting.trader_target]
    margin = grey_margin(world)
    q = rows.capacity
    hazard = hazard_seen(world, law)
    loss = par.fine_multiple * rows.diverted_usd + traders.exposure_weeks * q
    serves = banked(world)
    opened = world.markets.grey_open[:, setting.trader_target] > 0
    # a producer's own plant abroad serves its customers as soon as they look for other ways
    barred = (law.breadth[:, setting.trader_target] > 0) | (traders.affiliate & opened)
    free = (rows.blacklist_weeks <= 0) & barred & opened
    pays = diverts(
        q * margin, hazard, loss, traders.tolerance, par.tolerance_spread, q * at_target
    )
    active = (pays & free & serves).astype(float)
    outside = diversify(world, margin)
    stock = add_up(rows.stock, axis=1)
    under_way = add_up(rows.pipe, axis=(1, 2))
    wanted = book_order(q, stock, under_way, par) * (margin > 0) * barred
    orders = np.stack([wanted * active * (1.0 - outside), wanted * serves * outside], axis=1)
    return active, orders, outside, serves.astype(float)


def hazard_seen(world: World, law: Law) -> Array:
    """(R, J) weekly risk that a trader sees; a threat that is believed spares nobody."""
    traders = world.setting.traders
    risk = world.hubs.belief[:, traders.hub] * (law.clause > 0)[:, None]
    looked_at = np.maximum(traders.visibility, standing_threat(world)[:, traders.hub])
    return perceived_hazard(risk, looked_at)


def banked(world: World) -> NDArray[np.bool_]:
    """(R, J) traders whose bank still serves trade with the target (ODD 7.7).

    A bank has its account in the coercer's currency to lose, whatever the goods and their origin.
    Over-compliance of banks: the announced risk, as far as the threat in force is believed, times
    the exposure of the hub against the gain. The coercer's own smugglers need no such bank.
    """
    par, traders = world.setting.par, world.setting.traders
    loss = standing_threat(world)[:, traders.hub] * par.detection_announced * traders.bank_exposure
    zones = np.array(world.setting.hub_zones)[traders.hub]
    loss = loss + payment_risk(world)[:, zones] * traders.bank_exposure
    weigh = np.maximum(par.least_tolerance, 1.0 + traders.bank_tolerance * par.tolerance_spread)
    return np.asarray(loss <= weigh)


def diversify(world: World, margin: Array) -> Array:
    """Outside share after a week: grows with the margin and with distrust, slowly (ODD 7.15)."""
    setting, par = world.setting, world.setting.par
    zones = np.array(setting.hub_zones)[setting.traders.hub]
    distrust = world.zones.reputation[:, zones]
    pull = par.trader_margin_response * np.clip(margin, 0.0, 1.0)
    wanted = np.clip(par.trader_diversification + pull + distrust, 0, 1)
    wanted = np.where(setting.traders.affiliate, 0.0, wanted)  # its own firm feeds it
    old = world.traders.outside_share
    return np.asarray(old + par.share_adjustment * (wanted - old))
