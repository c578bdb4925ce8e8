"""Material in products: how long it stays in use, and what is collected of it (ODD 7.17)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import ratio

Array = NDArray[np.float64]

LEAST_LEFT = 0.01  # part of purchases left to others when recyclers are weighed
STAGES = 3  # of a product's life; more of them would only make lives more alike


def in_use_at_start(use: Array, life_weeks: float, growth: float) -> Array:
    """(STAGES, K) t in products, where use (K,) has grown by `growth` a week for long."""
    stage = life_weeks / STAGES
    older = (1.0 + growth * stage) ** -np.arange(1.0, STAGES + 1.0)
    return np.asarray(use * stage * older[:, None])


def retired(in_use: Array, life_weeks: float) -> Array:
    """(R, K) t a week in products that are given up: what leaves the last stage of their life."""
    return np.asarray(in_use[:, -1] * STAGES / life_weeks)


def grow_old(in_use: Array, use: Array, life_weeks: float) -> Array:
    """(R, STAGES, K) t in products after a week in which `use` (R, K) went into new ones.

    A product lives through the stages one after the other, each a third of its life on the mean,
    so what is sold today comes back about a life later, some of it sooner and some later.
    """
    leaves = in_use * (STAGES / life_weeks)
    enters = np.concatenate([use[:, None], leaves[:, :-1]], axis=1)
    return np.asarray(in_use - leaves + enters)


def gather(
    collected: Array, given_up: Array, reach: Array, pull: Array, room: Array, pace: float
) -> Array:
    """(R, K) t a week collected: what is within reach, drawn by the price, and slowly.

    Collection and plants grow by a part of what is within reach. No price brings back more than
    is given up, or than there is room for.
    """
    step = pace * np.maximum(reach, collected)
    aim = np.clip(np.minimum(reach * pull, room), collected - step, collected + step)
    return np.asarray(np.minimum(given_up, np.maximum(0.0, aim)))


def weight_of(collected: Array, demand: Array, base_share: Array, cap: float) -> Array:
    """(R, K) what the recycled channel weighs more than in the base year, whose weights sum to 1.

    With it, users who answer no price buy what is collected beside what was recycled before.
    """
    room = np.maximum(0.0, cap - base_share)
    part = np.minimum(room, ratio(collected, np.broadcast_to(demand, collected.shape), 0.0))
    return np.asarray(part / np.maximum(LEAST_LEFT, 1.0 - base_share - part))
