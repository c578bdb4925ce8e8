"""What the economy loses if one firm fails for good: the index of Diem et al. 2022 (ODD 7.13).

Stocks have run out and nobody finds new suppliers: output falls downstream where inputs are missing
and upstream where orders are. A missing supplier counts by its output over what is still made of
its product, at most in full, since other makers of it serve the customers in need.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world.network.build import Network, added_by
from world.sums import add_up

Array = NDArray[np.float64]
Index = NDArray[np.int64]

ROUNDS = 100  # of a wave through the network, at most
STILL = 0.01  # change of any firm's output below which the wave has passed
SAMPLE = 500  # firms that are tried
# Parts of the ranking by size that a part of the sample is drawn from: the hundred largest all.
STRATA = ((0.001, 0.2), (0.01, 0.4), (0.1, 0.25), (1.0, 0.15))


@dataclass(frozen=True)
class Weights:
    """How much of an input goes with a supplier, and of output with an input (see `weigh`)."""

    of_supplier: Array  # (L,) part of the input that comes from the supplier
    of_input: Array  # (home inputs,) part of all inputs; 0 for vital ones
    stops: Index  # vital inputs made at home, in the order of their owners
    begin: Index  # where each owner's begin
    owners: Index


def weigh(network: Network) -> Weights:
    """What does not change from one failure to the next."""
    home = network.imported
    places, _, _ = network.vital_inputs
    stops = places[places < home]
    owner = network.owner[stops]
    begin = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]][: len(owner)])
    part = network.needed[:home] / network.bought[network.owner[:home]]
    return Weights(
        of_supplier=network.amount / network.needed[network.input_of],
        of_input=np.where(network.vital[:home], 0.0, part),
        stops=stops, begin=begin, owners=owner[begin],
    )  # fmt: skip


def loss_without(
    network: Network, firm: int, weights: Weights | None = None, enough: float = 1.0
) -> float:
    """Share of all output that is lost if one firm fails; the wave is not followed beyond
    `enough`, since it never turns back."""
    w = weights or weigh(network)
    n, home = network.n, network.imported
    owner = network.owner[:home]
    lost = 0.0
    down: Array = np.ones(n)
    up: Array = np.ones(n)
    down[firm] = up[firm] = 0.0
    for _ in range(ROUNDS):
        left = np.bincount(network.product, network.output * down)[network.product]
        alone = np.divide(network.output, left, out=np.ones(n), where=left > network.output)
        gone = w.of_supplier * (alone * (1.0 - down))[network.supplier]
        missing = np.bincount(network.input_of, gone, home)
        after = 1.0 - added_by(owner, w.of_input * missing, n)
        if len(w.stops):
            worst = np.maximum.reduceat(missing[w.stops], w.begin)
            after[w.owners] = np.minimum(after[w.owners], 1.0 - worst)
        asked = added_by(network.supplier, network.amount * up[network.customer], n)
        asked = (asked + network.final) / network.output
        after[firm] = asked[firm] = 0.0
        change = max(np.abs(after - down).max(), np.abs(asked - up).max())
        down, up = after, asked
        lost = float(add_up(network.output * (1.0 - np.minimum(down, up)), -1))
        if change < STILL or lost >= enough:
            break
    return lost


def sample(network: Network) -> list[tuple[Index, int]]:
    """Firms to be tried by stratum of size, with how many firms they stand for."""
    order = np.argsort(-network.output, kind="stable")
    strata = []
    first = 0
    for upper, part in STRATA:
        last = max(first + 1, round(upper * network.n))
        count = min(last - first, round(part * SAMPLE))
        places = first + np.floor((np.arange(count) + 0.5) * (last - first) / count)
        strata.append((order[places.astype(np.int64)], last - first))
        first = last
    return strata


def systemic_share(network: Network, least: float) -> float:
    """Share of firms whose failure costs at least that share of all output."""
    standing, weights = 0.0, weigh(network)
    for firms, whole in sample(network):
        grave = [loss_without(network, int(firm), weights, least) >= least for firm in firms]
        standing += whole * np.count_nonzero(grave) / len(grave)
    return standing / network.n
