"""A day of the network by the rules of Inoue and Todo (ODD 7.13).

Firms order what they use and a part of what their stocks lack; who cannot deliver everything brings
all customers to the same part of what they usually get; nobody finds new suppliers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world.network.build import Network
from world.parameters import Parameters
from world.sums import add_up
from world.units import TINY

Array = NDArray[np.float64]

STEPS = 5  # of Newton's method, which comes from below and never gives away too much


@dataclass
class Days:
    """What changes from day to day in one luck."""

    stock: Array  # (I,) of each input
    demand: Array  # (n,) what customers and final buyers asked for on the day before
    resting: bool = True  # nothing has happened yet: a day would change nothing

    def copy(self) -> Days:
        return Days(self.stock.copy(), self.demand.copy(), self.resting)


def first_day(network: Network) -> Days:
    """Stocks as they are meant to be, demand as usual."""
    return Days(target_stock(network), network.output.copy())


def target_stock(network: Network) -> Array:
    return np.asarray(network.stock_days[network.owner] * network.needed)


def play_day(
    network: Network, days: Days, par: Parameters, coming: float, capacity: Array | None = None
) -> Array:
    """Plays a day in place; the output of firms (n,).

    `coming` is the part of the coercer's goods that still comes, `capacity` (n,) the part of its
    usual output that a firm is able to make.
    """
    n, usual, home = network.n, network.output, network.imported
    lacking = target_stock(network) - days.stock
    order = (days.demand / usual)[network.owner]
    order = np.maximum(0.0, order + lacking / (par.network_restore_days * network.needed))
    sent = network.amount * order[network.input_of]
    demand = np.bincount(network.supplier, sent, n) + network.final
    able = usual * (enough(network, days.stock) if capacity is None else np.minimum(
        capacity, enough(network, days.stock)))  # fmt: skip
    made = np.minimum(able, demand)
    short = demand > able
    if short.any():
        sent, given = _ration(network, order, able, short, sent)
        made = np.where(short, given, made)
    used = (made / usual)[network.owner] * network.needed
    days.stock[:] = np.maximum(0.0, days.stock - used)
    days.stock[:home] += np.bincount(network.input_of, sent, home)
    days.stock[home:] += network.needed[home:] * (
        np.minimum(order[home:], coming) if coming < 1 else order[home:]
    )
    days.demand[:] = demand
    return made


def enough(network: Network, stock: Array) -> Array:
    """(n,) part of its usual output that a firm's inputs suffice for.

    Without a vital input nothing is made; what is missing of the others cuts output by its part of
    all inputs.
    """
    places, begin, owners = network.vital_inputs
    other = network.other_inputs
    missing = np.maximum(0.0, network.needed[other] - stock[other])
    part = 1.0 - np.bincount(network.owner[other], missing, network.n) / np.maximum(
        network.bought, TINY
    )
    if len(places):
        least = np.minimum.reduceat(stock[places] / network.needed[places], begin)
        part[owners] = np.minimum(part[owners], least)
    return np.clip(part, 0.0, 1.0)


def _ration(
    network: Network, order: Array, able: Array, short: NDArray[np.bool_], sent: Array
) -> tuple[Array, Array]:
    """(L,) what links carry and (n,) what is made where not all orders can be met.

    Every customer, final buyers too, gets its order up to the same multiple of what it usually
    buys; that multiple is found by Newton's method.
    """
    n = network.n
    links = np.flatnonzero(short[network.supplier])
    supplier, amount = network.supplier[links], network.amount[links]
    wanted = order[network.input_of[links]]
    level = np.where(short, able / network.output, 0.0)

    def given() -> Array:
        sold = np.bincount(supplier, amount * np.minimum(wanted, level[supplier]), n)
        return np.asarray(sold + network.final * np.minimum(1.0, level))

    for _ in range(STEPS):
        unmet = amount * (wanted > level[supplier])
        slope = np.bincount(supplier, unmet, n) + network.final * (level < 1)
        gap = np.maximum(0.0, able - given())
        level = level + np.divide(gap, slope, out=np.zeros(n), where=short & (slope > 0))
    sent[links] = amount * np.minimum(wanted, level[supplier])
    return sent, np.minimum(able, given())


def shares(network: Network, made: Array) -> tuple[float, float]:
    """Output of a day, and value added, as shares of what is usual."""
    part = made / network.output
    return float(add_up(made, -1)), float(add_up(network.value_added * part, -1))
