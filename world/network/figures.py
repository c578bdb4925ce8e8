"""The sectors of the network: what each buys, how many firms it has, who imports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from world.levers import DATA, TableError, guess, number_in, numbered_rows
from world.sums import add_up

Array = NDArray[np.float64]

ROUNDS = 60  # of a fixed point that shrinks by the share of inputs in output each time

ATTRIBUTES = (
    "goods", "products", "firms", "output", "inputs", "home_inputs", "coercer_inputs", "importers",
)  # fmt: skip


@dataclass(frozen=True)
class Sectors:
    """Figures by sector (G sectors), from `network_sectors.csv` and `network_inputs.csv`."""

    names: tuple[str, ...]
    goods: NDArray[np.bool_]  # makes things: stops without other goods
    products: NDArray[np.int64]  # classes of products
    firms: Array  # share of all firms
    output: Array  # share of all output
    inputs: Array  # bought from other firms, share of output
    home_inputs: Array  # made at home, share of inputs
    coercer_inputs: Array  # bought in the coercer's country, share of inputs
    importers: Array  # share of firms that buy there themselves
    mix: Array  # (G, G) of customer and supplier: share of inputs


@cache
def sectors() -> Sectors:
    """The shipped sectors; raises TableError."""
    path = DATA / "network_sectors.csv"
    found: dict[str, dict[str, float]] = {}
    for row, cells in numbered_rows(path, ("sector", "attribute", "value", "low", "high")):
        value, low, high = (
            number_in(path, row, name, cells[name]) for name in ("value", "low", "high")
        )
        if cells["attribute"] not in ATTRIBUTES:
            raise TableError(f"{path} row {row}: {guess(cells['attribute'], ATTRIBUTES)}")
        if not low <= value <= high:
            raise TableError(f"{path} row {row}, column value: {value:g} is out of range.")
        found.setdefault(cells["sector"], {})[cells["attribute"]] = value
    names = tuple(found)

    def column(name: str) -> Array:
        return np.array([found[sector][name] for sector in names])

    return Sectors(
        names=names, goods=column("goods") > 0, products=column("products").astype(np.int64),
        firms=parts(column("firms")), output=parts(column("output")), inputs=column("inputs"),
        home_inputs=column("home_inputs"),
        coercer_inputs=column("coercer_inputs"), importers=column("importers"),
        mix=_mix(names),
    )  # fmt: skip


def parts(values: Array) -> Array:
    """Numbers along the last axis as shares that add up to 1."""
    return np.asarray(values / np.cumsum(values, axis=-1)[..., -1:])


def _mix(names: tuple[str, ...]) -> Array:
    path = DATA / "network_inputs.csv"
    mix = np.zeros((len(names), len(names)))
    for row, cells in numbered_rows(path, ("customer", "supplier", "value")):
        for side in ("customer", "supplier"):
            if cells[side] not in names:
                raise TableError(f"{path} row {row}, column {side}: {guess(cells[side], names)}")
        place = names.index(cells["customer"]), names.index(cells["supplier"])
        mix[place] = number_in(path, row, "value", cells["value"])
    return parts(mix)


@cache
def chain_value() -> dict[str, float]:
    """Value added that a stopped line costs the country, over the line's own, by sector.

    Who makes nothing buys nothing: its suppliers lose the sales, and theirs in turn (Leontief's
    demand model with the domestic inputs of `network_sectors.csv`).
    """
    table = sectors()
    own = 1.0 - table.inputs
    home = (table.inputs * table.home_inputs)[:, None] * table.mix
    value = own
    for _ in range(ROUNDS):
        value = own + add_up(home * value, -1)
    return dict(zip(table.names, (value / own).tolist(), strict=True))


@cache
def uses() -> dict[str, dict[str, float]]:
    """Sectors whose lines need a material, with their shares of its value at risk."""
    path = DATA / "network_uses.csv"
    found: dict[str, dict[str, float]] = {}
    for row, cells in numbered_rows(path, ("material", "sector", "value")):
        if cells["sector"] not in sectors().names:
            raise TableError(f"{path} row {row}: {guess(cells['sector'], sectors().names)}")
        part = number_in(path, row, "value", cells["value"])
        found.setdefault(cells["material"], {})[cells["sector"]] = part
    return found
