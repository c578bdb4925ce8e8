"""Use of material, saving and what a line makes of it (ODD 7.2, 7.3)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import ratio, sigmoid

Array = NDArray[np.float64]


def thrift(log_price: Array, half_price: float, steepness: float) -> Array:
    """Part of the sheddable use that is shed at a log price: 0 at the base price, 1 far above."""
    base = 1.0 / (1.0 + math.exp(steepness * half_price))
    shed = sigmoid(steepness * (log_price - half_price))
    return np.clip((shed - base) / (1.0 - base), 0.0, 1.0)


def staying(log_price: Array, log_reservation: Array, stay_at_base: Array, width: float) -> Array:
    """Share of a user that still pays the price, 1 at the base price."""
    return np.minimum(1.0, sigmoid((log_reservation - log_price) / width) / stay_at_base)


def redirect(redirected: Array, refuses: Array, reach: float, speed: float) -> Array:
    """Part of the refused output that has found other buyers after a week more (ODD 7.7).

    It nears `reach` by `speed` a week while a firm refuses (`refuses` > 0) and ends with it.
    """
    return np.where(refuses > 0, redirected + speed * (reach - redirected), 0.0)


def lost_to_refuser(refused: Array, redirected: Array, rate: Array, discount: float) -> Array:
    """Value lost by who refuses, share of its full output: the discount on what is sold elsewhere.

    `refused` is a share of full output, `rate` the line rate. What found no buyer is not made, so
    it is in the line rate already; a line short of material sells less to everybody alike.
    """
    idle = refused * (1.0 - redirected)
    return discount * refused * redirected * ratio(rate, 1.0 - idle, 0.0)


def kept_from_target(refused: Array, redirected: Array, rate: Array) -> Array:
    """Output that the target does not get for fear, share of the refuser's full output.

    What a line short of material could not have made in any case is not counted.
    """
    return refused * ratio(rate, 1.0 - refused * (1.0 - redirected), 0.0)


def draw_down(need: Array, stock: Array) -> tuple[Array, Array]:
    """Use from a stock (R, 2, N) in proportion to its true origins: (use (R, 2, N), total use)."""
    held = stock[:, 0] + stock[:, 1]
    total = np.minimum(need, held)
    taken = stock * ratio(total, held, 0.0)[:, None]
    return np.minimum(taken, stock), total


def save_material(
    intensity: Array,
    mean_log_price: Array,
    rate: Array | float,
    lowest: float,
    highest_price: float,
) -> Array:
    """Ratchet in material intensity: high prices teach saving that low prices do not undo.

    `rate` per year and log price; a mean log price above `highest_price` saves no faster.
    """
    cut = np.exp(-rate / 52.0 * np.clip(mean_log_price, 0.0, highest_price))
    return np.maximum(lowest, intensity * cut)


def redesign(intensity: Array, rate: Array, lowest: float) -> Array:
    """Intensity after a week of redesign at a yearly rate, whatever the price."""
    return np.maximum(lowest, intensity * np.exp(-rate / 52.0))


def research_rate(spending_usd_year: Array, value_at_risk_usd: Array, half: float) -> Array:
    """Effect of public research between 0 and 1 (half at `half` x value at risk, ODD 7.17)."""
    return ratio(spending_usd_year, spending_usd_year + half * value_at_risk_usd, 0.0)
