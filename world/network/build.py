"""Draws a network of suppliers and customers: scale-free, in the sectors of the input table.

The number of suppliers of a firm has a power-law tail, so has that of its customers; sales rise
with both. Which sectors it buys from follows the input table, which of their firms their size.
Everything comes from one seed (ODD 7.13).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from world.network.figures import ROUNDS, Sectors, sectors
from world.parameters import Parameters
from world.sums import add_up

Array = NDArray[np.float64]
Index = NDArray[np.int64]

LONGEST = 200  # days of stock that anybody may mean to hold


@dataclass(frozen=True)
class Network:
    """n firms, L links from suppliers to customers and the inputs that the links add up to.

    An input is what one customer buys of one class of products (from some suppliers), or what an
    importer buys in the coercer's country; the latter stand at the end. Money is in shares of all
    output, a day.
    """

    sector: Index  # (n,)
    product: Index  # (n,) class of what a firm makes
    output: Array  # (n,)
    final: Array  # (n,) of which sold to final buyers
    supplier: Index  # (L,)
    customer: Index  # (L,)
    input_of: Index  # (L,) place of the input
    amount: Array  # (L,)
    owner: Index  # (I,) customer of an input
    needed: Array  # (I,)
    vital: NDArray[np.bool_]  # (I,) the owner stops without it
    imported: int  # inputs before this place are made at home
    stock_days: Array  # (n,)

    @property
    def n(self) -> int:
        return len(self.sector)

    @cached_property
    def bought(self) -> Array:
        """(n,) all inputs of a firm."""
        return added_by(self.owner, self.needed, self.n)

    @cached_property
    def value_added(self) -> Array:
        """(n,) shares of all value added."""
        added = self.output - self.bought
        return np.asarray(added / add_up(added, -1))

    @cached_property
    def vital_inputs(self) -> tuple[Index, Index, Index]:
        """Vital inputs in the order of their owners, where each owner's begin, and the owners."""
        places = np.flatnonzero(self.vital)
        places = places[np.argsort(self.owner[places], kind="stable")]
        owners = self.owner[places]
        begin = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]][: len(owners)])
        return places, begin, owners[begin]

    @cached_property
    def other_inputs(self) -> Index:
        return np.flatnonzero(~self.vital)


def added_by(places: Index, values: Array, count: int) -> Array:
    """(count,) values added up by place, one after the other in their order."""
    return np.asarray(np.bincount(places, values, count), dtype=np.float64)


def stream(seed: int, purpose: str) -> np.random.Generator:
    """The luck of one purpose, whatever else is drawn."""
    words = np.array([seed, crc32(purpose.encode())], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=words))


@lru_cache(maxsize=2)
def network_of(firms: int, seed: int, values: tuple[tuple[str, float], ...]) -> Network:
    """The network of a scenario; kept, since drawing one of many firms takes a second."""
    return draw_network(firms, seed, Parameters(dict(values)))


def draw_network(firms: int, seed: int, par: Parameters) -> Network:
    """A network of so many firms."""
    table = sectors()

    def luck(purpose: str) -> np.random.Generator:
        return stream(seed, f"network {purpose}")

    at = (np.arange(firms) + 0.5) / firms
    links = par.network_least_suppliers * (1.0 - at) ** (-1.0 / par.network_degree)
    links = np.minimum(links, max(1.0, par.network_hub_share * firms))
    links = links[luck("links").permutation(firms)]
    sector = _places(np.cumsum(table.firms), at[luck("sector").permutation(firms)])
    product = _products(sector, table, par, luck("product").random(firms))
    pull = links * np.exp(par.network_mix_sd * luck("mix").standard_normal(firms))
    supplier, customer = _links(links, pull, sector, table, luck)
    # an input is what a customer buys of a class
    classes = int(add_up(table.products, -1))
    keys, input_of = np.unique(customer * classes + product[supplier], return_inverse=True)
    owner = keys // classes
    share = _shares(supplier, customer, pull, sector, table, par)
    output, final = _sales(share, supplier, customer, pull, sector, table, par, luck)
    amount = share * output[customer]
    needed = np.bincount(input_of, amount, len(keys))
    makes_goods = table.goods[sector]
    first = np.zeros(len(keys), dtype=np.int64)
    first[input_of] = supplier
    vital = makes_goods[owner] & makes_goods[first]
    importer, imports = _imports(output, sector, table, luck)
    return Network(
        sector=sector, product=product, output=output, final=final, supplier=supplier,
        customer=customer, input_of=np.asarray(input_of, dtype=np.int64), amount=amount,
        owner=np.concatenate([owner, importer]), needed=np.concatenate([needed, imports]),
        vital=np.concatenate([vital, makes_goods[importer]]), imported=len(keys),
        stock_days=_stock_days(par.network_stock_days, luck("stock").random(firms)),
    )  # fmt: skip


def _places(edges: Array, values: Array) -> Index:
    """Between which edges values lie, the last one included."""
    return np.asarray(np.minimum(np.searchsorted(edges, values), len(edges) - 1), dtype=np.int64)


def _products(sector: Index, table: Sectors, par: Parameters, luck: Array) -> Index:
    """(n,) class of products of a firm: some classes of a sector have many firms, most few."""
    product = np.zeros(len(sector), dtype=np.int64)
    start = 0
    for place, count in enumerate(table.products):
        weight = np.cumsum(1.0 / np.arange(1, count + 1) ** par.network_product_zipf)
        own = np.flatnonzero(sector == place)
        product[own] = start + _places(weight / weight[-1], luck[own])
        start += int(count)
    return product


def _links(
    links: Array, pull: Array, sector: Index, table: Sectors,
    luck: Callable[[str], np.random.Generator],
) -> tuple[Index, Index]:  # fmt: skip
    """(L,) supplier and customer of every link, in the order of customers, none twice."""
    n, groups = len(links), len(table.names)
    wanted = np.maximum(1, np.floor(links + luck("round").random(n))).astype(np.int64)
    customer = np.repeat(np.arange(n), wanted)
    drawn = luck("input").random(len(customer))
    edges = np.cumsum(table.mix, axis=1)[sector[customer]]
    source = np.minimum(np.count_nonzero(drawn[:, None] > edges, axis=1), groups - 1)
    drawn = luck("supplier").random(len(customer))
    supplier = np.zeros(len(customer), dtype=np.int64)
    for place in range(groups):
        own, those = np.flatnonzero(sector == place), source == place
        if len(own):
            weight = np.cumsum(pull[own])
            supplier[those] = own[_places(weight, drawn[those] * weight[-1])]
    served = np.isin(source, np.unique(sector)) & (supplier != customer)
    keys = np.unique((customer * n + supplier)[served])
    return np.asarray(keys % n), np.asarray(keys // n)


def _shares(
    supplier: Index, customer: Index, pull: Array, sector: Index, table: Sectors, par: Parameters
) -> Array:
    """(L,) what a customer buys through a link, as a share of its output.

    All inputs of a customer go to the sectors that it has suppliers in, in the proportions of the
    input table, and within a sector more to the larger suppliers.
    """
    n, groups = len(sector), len(table.names)
    weight = pull[supplier] ** par.network_supplier_exponent
    cell = customer * groups + sector[supplier]
    keys, place = np.unique(cell, return_inverse=True)
    of_cell = table.mix[sector[keys // groups], keys % groups]
    of_firm = np.bincount(keys // groups, of_cell, n)
    of_cell = of_cell * table.inputs[sector[keys // groups]] / of_firm[keys // groups]
    within = weight / np.bincount(place, weight, len(keys))[place]
    return np.asarray(of_cell[place] * within)


def _sales(
    share: Array, supplier: Index, customer: Index, pull: Array, sector: Index, table: Sectors,
    par: Parameters, luck: Callable[[str], np.random.Generator],
) -> tuple[Array, Array]:  # fmt: skip
    """(n,) output and what final buyers take of it, which add up with what firms buy."""
    n, groups = len(sector), len(table.names)
    used = np.bincount(
        np.tile(np.arange(groups), groups),
        (table.mix * (table.inputs * table.output)[:, None]).ravel(), groups,
    )  # fmt: skip
    bought = np.maximum(table.output - used, par.network_least_final * table.output)
    size = pull**par.network_size_exponent
    size = size * np.exp(par.network_size_sd * luck("size").standard_normal(n))
    final = bought[sector] * size / np.bincount(sector, size, groups)[sector]
    output = final
    for _ in range(ROUNDS):
        output = final + np.bincount(supplier, share * output[customer], n)
    final = output - np.bincount(supplier, share * output[customer], n)
    total = add_up(output, -1)
    return np.asarray(output / total), np.asarray(np.maximum(final, 0.0) / total)


def _imports(
    output: Array, sector: Index, table: Sectors, luck: Callable[[str], np.random.Generator]
) -> tuple[Index, Array]:
    """Firms that buy inputs from the coercer, the larger the likelier, and how much.

    They bring in all that their sector uses of them, at most half of their own inputs.
    """
    chance = np.log(1.0 - luck("importer").random(len(output))) / output
    firms: list[Index] = []
    amounts: list[Array] = []
    for place in range(len(table.names)):
        own = np.flatnonzero(sector == place)
        count = int(np.ceil(table.importers[place] * len(own)))
        chosen = np.sort(own[np.argsort(-chance[own], kind="stable")[:count]])
        if count:
            use = table.coercer_inputs[place] * add_up(output[own], -1)
            part = min(0.5, float(use / add_up(output[chosen], -1)))
            firms.append(chosen)
            amounts.append(part * table.inputs[place] * output[chosen])
    return np.concatenate(firms), np.concatenate(amounts)


def _stock_days(mean: float, luck: Array) -> Array:
    """(n,) days of inputs that firms mean to hold: Poisson, at least one."""
    day = np.arange(LONGEST)
    steps = np.where(day > 0, mean / np.maximum(day, 1), np.exp(-mean))
    days = np.searchsorted(np.cumsum(np.cumprod(steps)), luck)
    return np.maximum(1.0, np.asarray(days, dtype=np.float64))
