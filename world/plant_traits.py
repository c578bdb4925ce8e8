"""Fixed traits of plants: where they sell, how they answer a price, what they fear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from world.base_year import BaseYear
from world.parameters import Parameters
from world.sums import add_up
from world.units import TINY

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True)
class PlantTraits:
    """Fixed traits of plants (P,), the coercer's own included."""

    material: Index
    zone: Index
    market: Index
    coercer: NDArray[np.bool_]
    normal_utilisation: Array  # at the start
    base_use: Array  # output over capacity in the base year
    full_use: Array  # normal utilisation once commissioning is over
    ramp_step: Array  # what commissioning adds to it a week
    elasticity: Array  # of utilisation to price
    sales_weight: Array  # (P, Z) share of sales by zone in the base year, contracts included
    free_sales: Array  # (P, Z) the same beside what is sold under contract
    margin_exposure: Array  # loss of the coercer over the weekly margin on target sales
    tolerance: Array
    target_sales: Array  # share of sales to the target
    offtake_zone: Index  # -1 where none
    offtake_share: Array
    own_floor: Array  # floor of its contract as an index, 0 where none
    by_product: NDArray[np.bool_]
    needs_feed: NDArray[np.bool_]
    chinese_feed: Array
    lead_weeks: Array
    fictional: NDArray[np.bool_]
    aggregate: NDArray[np.bool_]  # stands for many nameless producers


def utilisation_elasticity(
    base: BaseYear, par: Parameters, material: Index, own: NDArray[np.bool_]
) -> Array:
    """(P,) response of utilisation to price: the coercer's idle plants answer, by-products not."""
    elasticity = np.array([base.materials[m].supply_elasticity for m in material])
    by_product = np.array([base.materials[m].by_product for m in material])
    fed = np.array([plant.feed_limited for plant in base.plants])
    elasticity = np.where(fed, 0.0, elasticity)  # more of a dear product needs more feed
    return np.where(own & ~by_product, np.maximum(elasticity, par.coercer_supply), elasticity)


def commissioning(base: BaseYear, par: Parameters, sold: Array) -> tuple[Array, Array, Array]:
    """(normal utilisation at the start, after commissioning, growth a week), (P,) each (ODD 7.11).

    ``sold`` is base output over capacity: what a plant that is through runs at in normal times.
    """
    plants = base.plants
    part = np.array([plant.reached for plant in plants])
    able = np.array([
        plant.full_use if plant.feed_limited and plant.full_use is not None
        else par.plant_utilisation
        for plant in plants
    ])  # fmt: skip
    through = (part >= 1.0) & (sold > 0)
    full = np.where(through, sold, able)
    weeks = np.array([plant.ramp_weeks for plant in plants])
    return full * part, full, full / np.maximum(weeks, 1.0)


def plant_traits(
    base: BaseYear,
    par: Parameters,
    zone_index: dict[str, int],
    coercer: int,
    target: int,
    rng: np.random.Generator,
) -> PlantTraits:
    """Arrays of the plants' fixed traits; a project sells where its zone sells or at home."""
    from world.population import exposures, logistic_quantiles, midpoints

    plants, n = base.plants, len(base.plants)
    material_index = {material.id: m for m, material in enumerate(base.materials)}
    material = np.array([material_index[p.material] for p in plants], dtype=np.int64)
    zone = np.array([zone_index[p.zone] for p in plants], dtype=np.int64)
    trade = base.trade_t[material, zone, :]
    sums = add_up(trade, axis=1, keepdims=True)
    demand = base.demand_t[material].copy()
    demand[:, coercer] = 0.0
    home = demand / np.maximum(add_up(demand, axis=1, keepdims=True), TINY)
    weight = np.where(sums > 0, trade / np.maximum(sums, TINY), home)
    weight[:, coercer] = np.where(sums[:, 0] > 0, weight[:, coercer], 0.0)
    buyer = np.array([zone_index.get(p.offtake_zone or "", -1) for p in plants], dtype=np.int64)
    promised = np.where(buyer >= 0, [p.offtake_share for p in plants], 0.0)
    ahead = np.zeros_like(weight)
    ahead[np.arange(n), np.maximum(buyer, 0)] = promised
    free = np.maximum(0.0, np.where(sums > 0, weight - ahead, weight * (1.0 - promised[:, None])))
    weight = free + ahead
    abroad = np.maximum(add_up(weight, axis=1) - weight[np.arange(n), coercer], TINY)
    exposure = exposures(par, rng.permutation(midpoints(n)), 1.0)
    capacity = np.array([p.capacity_t for p in plants])
    output = np.array([p.base_output_t for p in plants])
    base_use = output / np.maximum(capacity, TINY)
    normal, full, step = commissioning(base, par, base_use)
    floor = np.array([
        (p.floor_usd_per_t or 0.0) / base.materials[m].base_price_usd_per_t
        for p, m in zip(plants, material, strict=True)
    ])  # fmt: skip
    return PlantTraits(
        material=material, zone=zone, market=material * len(base.zones) + zone,
        coercer=zone == coercer, normal_utilisation=normal,
        base_use=base_use, full_use=full, ramp_step=step,
        elasticity=utilisation_elasticity(base, par, material, zone == coercer),
        sales_weight=weight, free_sales=free, margin_exposure=exposure,
        tolerance=logistic_quantiles(rng.permutation(midpoints(n))),
        target_sales=weight[:, target] / abroad,
        offtake_zone=buyer, offtake_share=promised,
        own_floor=floor, by_product=np.array([p.by_product for p in plants]),
        needs_feed=np.array([any(i in material_index for i, _ in p.inputs) for p in plants]),
        chinese_feed=np.array([p.chinese_feed_share for p in plants]),
        lead_weeks=np.array([
            base.materials[m].lead_weeks_new_plant if p.lead_weeks is None else p.lead_weeks
            for p, m in zip(plants, material, strict=True)
        ], dtype=float),
        fictional=np.array([p.fictional for p in plants]),
        aggregate=np.array([p.name.startswith("Other ") or p.owner == "" for p in plants]),
    )  # fmt: skip
