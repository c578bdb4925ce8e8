"""What the seat of a firm may see: its own books, the prices it meets, and what is published.

- its own: stock by input and what of it is the coercer's (a firm audits its suppliers), goods under
  way, need, fill of its orders, line rate or output, terms, blacklist, profit and gauges, and its
  levers with orders under way;
- everybody's: prices of its inputs in every zone, public measures and threats, remarks that
  provoke, firms on the coercer's list by hub and firms caught so far in the week's news.

It never sees policing effort or another secret lever of a state, what other firms hold, buy or
order, the true origin of other goods, or what firms elsewhere believe.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from world.laws.flows import ratio
from world.levers import COERCER, LEVERS, STATE, place
from world.sums import add_up
from world.units import QUARTER

if TYPE_CHECKING:
    from world.state import World

Array = NDArray[np.float64]
ByPlace = Mapping[str, Array]

# Orders behind closed doors: others see what follows from them, not the orders. What a firm
# decides is nobody's business but its own.
CLOSED = ("hub_policing", "enforcement", "flood", "licence_approval", "material_approval")
SECRET = frozenset(CLOSED) | {lever.name for lever in LEVERS.values() if lever.of_firms}
OWN = ("supply", "autonomy", "standing", "profit_usd", "profit_total_usd", "stock_weeks", "fill",
       "grey_share", "blacklisted")  # fmt: skip


class Hidden(LookupError):
    """A policy asked for something that its seat cannot see."""


@dataclass(frozen=True)
class FirmView:
    """One firm's picture at the start of a week; arrays are (R,), or (R, I) by input.

    `materials` names the inputs, each once: what a firm uses, or the feed of a refiner's plants.
    What a refiner makes stands by product, (R,) each. In `luck(r)` arrays are plain numbers and
    (I,).
    """

    actor: str
    kind: str
    title: str
    zone: str
    coercer: str
    target: str
    zones: tuple[str, ...]
    materials: tuple[str, ...]
    week: int
    replicates: int
    # its inputs, (R, I)
    price: Array  # index in its zone, 1 in the last warm-up year
    usd_per_kg: Array  # the same in money
    stock_t: Array
    stock_china_share: Array  # of that stock, by its own audits
    under_way_t: Array
    need_t: Array  # t/week that it expects to need
    # its products; empty for a firm
    product_price: ByPlace  # index at home
    product_price_in_target: ByPlace
    capacity_t: ByPlace  # t/week
    output_t: ByPlace
    product_stock_t: ByPlace
    terms: ByPlace  # 0 accepts, 1 quit the coercer's feed, 2 evades
    # the firm, (R,)
    line_rate: Array  # of a firm's line; of a refiner output over capacity
    supply: Array
    autonomy: Array
    standing: Array
    profit_usd: Array  # in the last week
    profit_total_usd: Array
    stock_weeks: Array
    fill: Array  # share of the last week's orders that was sent
    grey_share: Array
    blacklisted: Array
    blacklist_weeks: Array
    # what everybody knows
    provocation: Array
    prices: ByPlace  # (R, I) index by zone
    listed_firms: ByPlace  # (R,) traders on the coercer's list by hub
    parameters: Mapping[str, float]
    regime: Mapping[str, Array] = field(repr=False)

    @property
    def products(self) -> tuple[str, ...]:
        """What a refiner makes; empty for a firm."""
        return tuple(self.output_t)

    @property
    def phase(self) -> int:
        """Weeks since the quarter began."""
        return self.week % QUARTER

    def own(self, lever: str) -> Array:
        """The own lever as it stands with orders under way, (R,)."""
        return np.asarray(self.regime[lever])

    def of(self, actor: str, lever: str) -> Array:
        """A state's lever if it is public, (R,) or (R, I) without its index; raises Hidden.

        Levers by material are seen for what the firm uses and makes.
        """
        name, _, index = lever.partition(".")
        if name in SECRET or actor not in self.zones:
            raise Hidden(f"{self.actor} cannot see {name} of {actor}.")
        values = self.regime[name][..., self.zones.index(actor), :]
        kind = LEVERS[name].index
        if not kind:
            return np.asarray(values[..., 0])
        axis = self.zones if kind == "zone" else own_materials(self.materials, self.products)
        return np.asarray(values[..., axis.index(index)] if index else values)

    @property
    def ban_on_target(self) -> Array:
        """Breadth of the coercer's ban on the target, as announced."""
        return self.of(self.coercer, f"ban_breadth.{self.target}")

    @property
    def public_threat(self) -> Array:
        """Strength of the threat against who passes goods on to the target, 0 without a clause."""
        clause = self.of(self.coercer, "third_country_clause")
        return np.asarray(clause * self.of(self.coercer, "threat"))

    def luck(self, replicate: int) -> FirmView:
        """The same picture of one luck, with plain numbers instead of (R,) arrays."""
        changes: dict[str, object] = {"replicates": 1}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                changes[entry.name] = np.asarray(value)[replicate]
            elif isinstance(value, Mapping) and entry.name != "parameters":
                changes[entry.name] = {
                    name: np.asarray(array)[replicate] for name, array in value.items()
                }
        return replace(self, **changes)  # type: ignore[arg-type]


def own_materials(inputs: tuple[str, ...], products: tuple[str, ...]) -> tuple[str, ...]:
    """What a firm uses and makes, each once."""
    return tuple(dict.fromkeys((*inputs, *products)))


def firm_view(world: World, firm: str) -> FirmView:
    """The picture of one firm's seat; raises KeyError for who is no firm of the scenario."""
    setting, scenario = world.setting, world.setting.scenario
    f, who, r = setting.firms.index[firm], scenario.firms[firm], world.replicates
    names, zones = tuple(setting.material_index), tuple(setting.zone_index)
    inputs, held = _inputs(world, f)
    made = _products(world, f)
    uses, makes = tuple(names[m] for m in inputs), tuple(made["output_t"])
    z = setting.zone_index[who.zone]
    price = world.markets.price.reshape(r, setting.M, setting.Z)
    own: dict[str, Any] = {
        name: values[:, f] for name, values in world.last["firms"].items() if name in OWN
    }
    hubs = [zones[zone] for zone in setting.hub_zones]
    listed = setting.trader_hub.sum((world.traders.blacklist_weeks > 0).astype(float))

    def at(place: int) -> dict[str, Array]:
        return {name: price[:, setting.material_index[name], place] for name in makes}

    return FirmView(
        actor=firm, kind=who.kind, title=who.title, zone=who.zone, coercer=scenario.coercer,
        target=scenario.target, zones=zones, materials=uses, week=world.week, replicates=r,
        price=price[:, inputs, z],
        usd_per_kg=price[:, inputs, z] * setting.base_price[inputs] / 1000.0,
        product_price=at(z), product_price_in_target=at(setting.target),
        **held, **made, line_rate=_line_rate(world, f), **own,
        blacklist_weeks=_blacklist(world, f), provocation=world.zones.provocation.max(axis=-1),
        prices={code: price[:, inputs, i] for i, code in enumerate(zones)},
        listed_firms={hub: listed[:, h] for h, hub in enumerate(hubs)},
        parameters=vars(setting.par),
        regime=_public_and_own(world, firm, own_materials(uses, makes)),
    )  # fmt: skip


def _inputs(world: World, f: int) -> tuple[list[int], dict[str, Any]]:
    """Materials that a firm uses, and its own figures of them (R, I), desks of one input added."""
    setting, r = world.setting, world.replicates
    rows = setting.firms.users[setting.firms.user_firm == f]
    material = setting.users.market[rows] // setting.Z
    inputs = sorted({int(m) for m in material})
    figures = {name: np.zeros((r, len(inputs))) for name in ("stock", "chinese", "way", "need")}
    for i, m in enumerate(inputs):
        mine = rows[material == m]
        figures["stock"][:, i] = add_up(world.users.stock[:, :, mine], axis=(1, 2))
        figures["chinese"][:, i] = add_up(world.users.stock[:, 0, mine], axis=-1)
        figures["way"][:, i] = add_up(world.users.pipe[..., mine], axis=(1, 2, 3))
        figures["need"][:, i] = add_up(world.users.expected_need[:, mine], axis=-1)
    return inputs, {
        "stock_t": figures["stock"], "under_way_t": figures["way"], "need_t": figures["need"],
        "stock_china_share": ratio(figures["chinese"], figures["stock"], 0.0),
    }  # fmt: skip


def _products(world: World, f: int) -> dict[str, Any]:
    """By column and product what a refiner's plants have and make, (R,) each."""
    setting, rows = world.setting, world.plants
    figures: dict[str, dict[str, Array]] = {
        name: {} for name in ("capacity_t", "output_t", "product_stock_t", "terms")
    }
    for k in setting.firms.plants[setting.firms.plant_firm == f]:
        product = setting.base.plants[k].material
        for name, values in (
            ("capacity_t", rows.capacity[:, k]), ("output_t", rows.output[:, k]),
            ("product_stock_t", add_up(rows.stock[:, :, k], axis=1)),
        ):  # fmt: skip
            figures[name][product] = values + figures[name].get(product, 0.0)
        figures["terms"][product] = rows.terms[:, k].copy()
    return figures


def _line_rate(world: World, f: int) -> Array:
    """(R,) rate of a firm's line, or output of a refiner over its capacity."""
    firms = world.setting.firms
    plants, rows = firms.plants[firms.plant_firm == f], firms.users[firms.user_firm == f]
    if not len(plants):
        return np.asarray(world.users.line_rate[:, rows[0]])
    made, most = world.plants.output[:, plants], world.plants.capacity[:, plants]
    return ratio(add_up(made, axis=-1), add_up(most, axis=-1), 0.0)


def _blacklist(world: World, f: int) -> Array:
    """(R,) weeks that the firm still gets nothing from the coercer, with its plants' own."""
    firms = world.setting.firms
    plants = firms.plants[firms.plant_firm == f]
    own = world.firms.blacklist_weeks[:, f]
    return np.asarray(np.maximum(own, world.plants.blacklist_weeks[:, plants].max(-1, initial=0.0)))


def _public_and_own(world: World, firm: str, concern: tuple[str, ...]) -> dict[str, Array]:
    """Public levers of states, and the firm's own (R,) with its orders under way.

    Of levers by material those of the materials that concern the firm.
    """
    scenario = world.setting.scenario
    mine = [world.setting.material_index[name] for name in concern]
    regime = {
        name: values[..., mine] if LEVERS[name].index == "material" else values
        for name, values in world.regime.items()
        if LEVERS[name].actors in (COERCER, STATE) and name not in SECRET
    }
    row = world.setting.firms.index[firm]
    for name, lever in LEVERS.items():
        if scenario.firms[firm].kind in lever.actors.split():
            regime[name] = world.regime[name][:, row, 0].copy()
    for _, order, value in world.pending:
        if order.actor == firm:
            _, places = place(scenario, firm, order.lever)
            assert places == [0]
            held = regime[order.lever]
            regime[order.lever] = np.where(np.isnan(value), held, value)
    return regime
