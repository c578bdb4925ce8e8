"""Allocation of supply and prices by zone (ODD 7.8)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import Groups, ratio
from world.sums import add_up

Array = NDArray[np.float64]


def reference_log_price(
    chinese: Array, outside_cost: Array, base_share: Array, clearance: Array
) -> Array:
    """Log of the delivered Chinese price while the channel is open, else the outside cost.

    The outside cost enters with the part of the base Chinese share that does not clear any more,
    so a zone that buys nothing from the coercer does not feel a ban.
    """
    closed = base_share * (1.0 - np.minimum(1.0, clearance))
    return (1.0 - closed) * np.log(chinese) + closed * np.log(outside_cost)


def price_level(
    log_reference: Array,
    orders: Array,
    filled: Array,
    cover_ratio: Array,
    unfilled_weight: float,
    cover_weight: float,
    lowest: float,
    highest: float,
) -> Array:
    """Log price that scarcity calls for: unfilled orders, and cover as target / actual.

    The log of either ratio counts between `lowest` and `highest`.
    """
    met = np.minimum(filled, orders)
    gap = np.log(ratio(orders, np.maximum(met, 1e-3 * orders), 1.0))
    gap = np.clip(gap, lowest, highest)
    cover = np.clip(np.log(np.clip(cover_ratio, 1e-3, 1e3)), lowest, highest)
    return np.asarray(log_reference + unfilled_weight * gap + cover_weight * cover)


def threat_premium(announced: Array, true_share: Array, fill: Array, weight: float) -> Array:
    """Log price that sellers ask for a threat as far as deliveries do not show it yet.

    `announced` share of the trade at stake, `true_share` of the market that comes from the coercer,
    `fill` smoothed; once orders go unfilled the shortage itself moves the price.
    """
    return np.asarray(weight * np.maximum(0.0, announced * true_share - (1.0 - fill)))


def fall_speed(served: Array, up: float, down: float, enough: float) -> Array:
    """Weekly speed at which a price falls: `down` where buyers are short, `up` where all are served.

    `served` share of orders filled in the week; up to `enough` of it buyers still outbid each other.
    """
    return np.asarray(down + (up - down) * np.clip((served - enough) / (1.0 - enough), 0.0, 1.0))


def move_price(
    price: Array,
    level: Array,
    up: float | Array,
    down: float | Array,
    step: float,
    low: float,
    high: float,
) -> Array:
    """Price after a week: a part of the way to its level, `up` or `down`, by at most a step."""
    gap = level - np.log(price)
    change = np.clip(np.where(gap > 0, up, down) * gap, -step, step)
    return np.clip(price * np.exp(change), low, high)


def allocate_outside(
    supply: Array, weight: Array, orders: Array, pool: Groups, rounds: int = 4
) -> Array:
    """Shipments (R, P, Z) of ex-China plants to zones.

    `supply` (R, P) t/week on offer, `weight` (R, P, Z) how much a plant likes a zone, `orders`
    (R, M, Z) what the zones of a material ask, `pool` the plants' materials. What a zone cannot
    take is offered to the others in further rounds; fills never exceed orders.
    """
    shipped = np.zeros_like(weight)
    left = supply.copy()
    wanted = orders.copy()
    for _ in range(rounds):
        open_weight = weight * (pool.spread(wanted.swapaxes(-1, -2)).swapaxes(-1, -2) > 0.0)
        everybody = add_up(open_weight, axis=-1, keepdims=True)
        offer = left[..., None] * ratio(open_weight, everybody, 0.0)
        asked = pool.sum(np.ascontiguousarray(offer.swapaxes(-1, -2))).swapaxes(-1, -2)
        scale = np.minimum(1.0, ratio(wanted, asked, 0.0))
        taken = offer * pool.spread(np.ascontiguousarray(scale.swapaxes(-1, -2))).swapaxes(-1, -2)
        shipped += taken
        left = np.maximum(0.0, left - add_up(taken, axis=-1))
        got = pool.sum(np.ascontiguousarray(taken.swapaxes(-1, -2))).swapaxes(-1, -2)
        wanted = np.maximum(0.0, wanted - got)
        wanted[wanted < 1e-12 * orders] = 0.0
    return shipped
