"""When plants are built, run, mothballed and scrapped (ODD 7.11; Dixit & Pindyck 1994)."""

from __future__ import annotations

from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RUNNING, IDLE, MOTHBALLED, BUILDING, PLANNED, SCRAPPED = range(6)
STATUS = ("running", "idle", "mothballed", "building", "planned", "scrapped")

_erf = np.vectorize(erf, otypes=[float])


def normal_cdf(x: Array) -> Array:
    """Phi(x) of the standard normal."""
    return np.asarray(0.5 * (1.0 + _erf(x / sqrt(2.0))))


def revenue_under_floor(
    price: Array, floor: Array, volatility: float, years: float
) -> tuple[Array, Array]:
    """(expected unit revenue, volatility that is left) with a floor; floor 0 means none.

    The floor is a put option on the price: V = P Phi(d1) + Fl Phi(-d2).
    """
    width = volatility * sqrt(years)
    has = floor > 0.0
    safe = np.where(has, floor, price)
    d1 = (np.log(price / safe) + 0.5 * width**2) / width
    value = price * normal_cdf(d1) + safe * normal_cdf(width - d1)
    left = volatility * normal_cdf(d1)
    return np.where(has, value, price), np.where(has, left, volatility)


def hurdle(volatility: Array, discount: float) -> Array:
    """Multiple of cost at which waiting is no longer worth it, 1 without uncertainty."""
    safe = np.maximum(volatility, 1e-6)
    beta = 0.5 + np.sqrt(0.25 + 2.0 * discount / safe**2)
    return np.where(volatility < 1e-6, 1.0, beta / (beta - 1.0))


def worth_building(
    value: Array,
    hurdle_: Array,
    cost: Array,
    subsidy: Array,
    distrust: Array,
    waiting_weight: float,
    distrust_weight: float,
) -> Array:
    """True where V > H^psi C (1 - w R) - subsidy."""
    needed = hurdle_**waiting_weight * cost * (1.0 - distrust_weight * distrust)
    return np.asarray(value > needed - subsidy)


def wanted_utilisation(
    normal: Array, signal: Array, elasticity: Array, lowest: float, most: Array
) -> Array:
    """Utilisation a plant aims at: normal at signal 1, between `lowest` x normal and `most`."""
    return np.clip(normal * signal**elasticity, lowest * normal, most)


def commission(normal: Array, full: Array, step: Array) -> Array:
    """Normal utilisation of a plant a week later in its commissioning, never above its full use.

    Circuits are brought to grade one after another and buyers qualify what comes out, so the share
    of the nameplate rises nearly in a straight line over years.
    """
    return np.where(normal < full, np.minimum(full, normal + step), normal)


def overbuilding(log_price: Array, rate: float, most: float) -> Array:
    """Growth of capacity a week (share) where goods have sold above the base price for a year.

    `log_price` is the mean log price of the last year, which also stands for the time to build.
    """
    return rate / 52.0 * np.clip(log_price, 0.0, most)
