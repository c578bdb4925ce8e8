"""Output lost when lines stop, leverage and the gauges of a seat (ODD 7.13, 7.14)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def leverage(
    cost_share: Array,
    long_run_elasticity: Array,
    true_share: Array,
    cover_weeks: Array,
    bridge_weeks: float,
    highest_share: float,
    least_elasticity: float,
) -> Array:
    """Leverage of the coercer over a market: (b/(e-1)) ln(1/(1-w)) exp(-cover/bridge).

    It explodes as the share w goes to 1, so a little diversification at the top takes much of it
    away (CES algebra as in Clayton, Maggiori & Schreger 2026). w counts up to `highest_share`, e
    from `least_elasticity`, without which it would have no limit.
    """
    share = np.clip(true_share, 0.0, highest_share)
    elasticity = np.maximum(long_run_elasticity, least_elasticity)
    return cost_share / (elasticity - 1.0) * -np.log1p(-share) * np.exp(-cover_weeks / bridge_weeks)


def concession_odds(
    loss_percent: Array,
    stock_weeks_lost: Array,
    rally: Array,
    base: float,
    per_loss: float,
    per_stock: float,
    per_rally: float,
) -> Array:
    """Probability that the target concedes within four weeks."""
    odds = base + per_loss * loss_percent + per_stock * stock_weeks_lost - per_rally * rally
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def supply_gauge(loss_share: Array, worst: float) -> Array:
    """1 without loss, 0 at the `worst` share of GDP."""
    return np.clip(1.0 - loss_share / worst, 0.0, 1.0)
