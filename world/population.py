"""Who the firms are: users, traders and their fixed traits, drawn from the population number.

`population` (a scenario key) decides who the firms are, `seed` only what happens to them. Sizes,
covers and the rest are stratified quantiles in random pairing, so a population of any size has
the intended distribution (ODD 5, 7a).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from world.base_year import BaseYear
from world.laws.flows import sigmoid
from world.parameters import Parameters

Array = NDArray[np.float64]
Index = NDArray[np.int64]

GRID = 4001  # points of a quantile function
NEVER_LEAVES = 1e3  # x base price: a plant's own plan says when it stops, not its feed desk
EVEN_CAP = 1.5  # x even size: what the largest of few firms may be, whatever the cap says
DRAWN = ("cover", "log_v", "shed", "exposure", "tolerance")  # traits of a user that are drawn


@lru_cache(maxsize=1)
def _normal_grid() -> tuple[Array, Array]:
    """Quantiles of the standard normal on a fine grid of probabilities."""
    p = (np.arange(GRID) + 0.5) / GRID
    normal = NormalDist()
    return p, np.array([normal.inv_cdf(x) for x in p])


def normal_quantiles(p: Array) -> Array:
    """Standard normal, by a fine grid."""
    grid, values = _normal_grid()
    return np.interp(p, grid, values)


def beta_quantiles(p: Array, a: float, b: float) -> Array:
    """Beta(a, b), by a fine grid."""
    x = (np.arange(GRID) + 0.5) / GRID
    weight = np.cumsum(x ** (a - 1.0) * (1.0 - x) ** (b - 1.0))
    return np.interp(p, weight / weight[-1], x)


def midpoints(n: int) -> Array:
    """(n,) probabilities in the middle of n equal parts, so that n firms stand for all."""
    return np.asarray((np.arange(n) + 0.5) / n)


def pareto_sizes(n: int, exponent: float, largest: float) -> Array:
    """n sizes that sum to 1, Pareto quantiles, none above `largest` (or above 1.5/n if few)."""
    sizes = (1.0 - midpoints(n)) ** (-1.0 / exponent)
    sizes /= sizes.sum()
    cap = max(largest, EVEN_CAP / n)
    for _ in range(50):
        over = sizes > cap
        if not over.any():
            break
        room = 1.0 - cap * over.sum()
        sizes = np.where(over, cap, sizes * room / sizes[~over].sum())
    return sizes


def with_largest(sizes: Array, share: float) -> Array:
    """The same sizes with the last firm at just this share, the others in proportion."""
    if len(sizes) < 2:
        return sizes
    made = sizes * ((1.0 - share) / sizes[:-1].sum())
    made[-1] = share
    return np.asarray(made)


def with_typical_last(values: Array) -> Array:
    """The same values with the median at the end, exchanged for what stood there."""
    middle = int(np.argsort(values, kind="stable")[len(values) // 2])
    swapped = values.copy()
    swapped[middle], swapped[-1] = values[-1], values[middle]
    return swapped


@dataclass(frozen=True)
class Users:
    """Fixed traits of industrial users, plants' feed desks and states' reserves (N,), in order.

    Industrial users stand first, then one feed desk per plant and input, then one reserve per
    market with demand. `market` is m * Z + z.
    """

    market: Index
    zone: Index
    industrial: slice
    feed: slice
    reserve: slice
    need: Array  # t/week at the start
    cover: Array  # weeks
    log_reservation: Array  # log of the price ratio at which it gives up
    stay_at_base: Array
    sheddable: Array  # share of use
    value_added: Array  # USD a year at risk
    exposure: Array  # loss of the coercer over weekly gain
    tolerance: Array  # standard logistic
    target_sales: Array  # share of its output sold to the target
    taste: Array  # (C, N)
    contract: Array  # share under contract
    feed_plant: Index  # (feed,) plant of the desk
    feed_per_output: Array  # (feed,) t input per t output


@dataclass(frozen=True)
class Traders:
    """Fixed traits of traders (J,)."""

    hub: Index  # place in setting.hub_zones
    material: Index
    capacity: Array  # t/week, the most that it can grow to
    start: Array  # t/week before anything happens
    entry: Array  # part of the trade of all foreign hubs that new capacity of its kind takes
    hub_share: Array  # of the capacity of its hub and material
    visibility: Array  # how much it is looked at, against a trader of the hub's mean size
    exposure_weeks: Array  # M_j over its capacity, index x weeks
    tolerance: Array
    bank_exposure: Array  # weeks of gain; 0 inside the coercer
    bank_tolerance: Array
    affiliate: NDArray[np.bool_]  # a plant that a producer of the coercer owns


def user_counts(value: Array, users: int, least: int) -> Index:
    """Users per market, in proportion to the root of demand value, at least `least` if any."""
    weight = np.sqrt(value)
    if weight.sum() == 0:
        return np.zeros(len(value), dtype=np.int64)
    counts = np.floor(users * weight / weight.sum()).astype(np.int64)
    return np.where(value > 0, np.maximum(counts, least), 0)


def make_users(
    base: BaseYear,
    par: Parameters,
    rng: np.random.Generator,
    users: int,
    channels: int,
    target: int,
    seats: Mapping[int, float] | None = None,
) -> Users:
    """Users of a base year; rng belongs to the population, not to luck.

    `seats` are the shares of firms with a seat by market. Such a firm is the last of its market
    and its typical firm in all but size, so that a seat does not depend on who was drawn.
    """
    zones = len(base.zones)
    industrial_demand = np.maximum(base.demand_t - base.feed_t, 0.0)
    industrial_demand[industrial_demand < 1e-9 * np.maximum(base.demand_t, 1e-12)] = 0.0
    price = np.array([material.base_price_usd_per_t for material in base.materials])
    counts = user_counts((industrial_demand * price[:, None]).ravel(), users, int(par.least_users))
    columns: dict[str, list[Array]] = {
        name: [] for name in
        ("market", "need", "cover", "log_v", "shed", "value", "exposure", "tolerance", "contract")
    }  # fmt: skip
    typical: list[int] = []
    for market in np.flatnonzero(counts):
        n = int(counts[market])
        material = base.materials[market // zones]
        size = pareto_sizes(n, par.user_size_pareto, par.largest_user_share)
        if seats and int(market) in seats:
            size = with_largest(size, seats[int(market)])

        def pick(n: int = n) -> Array:
            return rng.permutation(midpoints(n))

        columns["market"].append(np.full(n, float(market)))
        columns["need"].append(size * industrial_demand.ravel()[market])
        columns["cover"].append(
            par.cover_weeks_median * np.exp(par.cover_weeks_sd * normal_quantiles(pick()))
        )
        columns["log_v"].append(
            np.log(material.reservation_median) + par.reservation_sd * normal_quantiles(pick())
        )
        columns["shed"].append(beta_quantiles(pick(), material.shed_a, material.shed_b))
        columns["value"].append(size * base.value_at_risk_usd.ravel()[market])
        columns["exposure"].append(exposures(par, pick(), base.zones[market % zones].exposure))
        columns["tolerance"].append(logistic_quantiles(pick()))
        columns["contract"].append(np.full(n, par.contract_share))
        if seats and int(market) in seats:
            for name in DRAWN:
                columns[name][-1] = with_typical_last(columns[name][-1])
            typical.append(sum(len(part) for part in columns["market"]) - 1)
    made = {
        name: np.concatenate(parts) if parts else np.zeros(0) for name, parts in columns.items()
    }
    return _with_desks(base, par, rng, made, channels, target, typical)


def logistic_quantiles(p: Array) -> Array:
    """Standard logistic."""
    return np.asarray(np.log(p / (1.0 - p)))


def exposures(par: Parameters, p: Array, factor: float) -> Array:
    """Loss of the coercer's supply and market over weekly gain, lognormal (ODD 7.7)."""
    return np.asarray(factor * par.exposure_median * np.exp(par.exposure_sd * normal_quantiles(p)))


def _with_desks(
    base: BaseYear,
    par: Parameters,
    rng: np.random.Generator,
    made: dict[str, Array],
    channels: int,
    target: int,
    typical: list[int],
) -> Users:
    """Adds plants' feed desks and states' reserves behind the industrial users."""
    zones, zone_of = len(base.zones), {zone.code: z for z, zone in enumerate(base.zones)}
    material_of = {material.id: m for m, material in enumerate(base.materials)}
    desks = [
        (material_of[material] * zones + zone_of[plant.zone], k, per, plant.base_output_t * per)
        for k, plant in enumerate(base.plants)
        for material, per in plant.inputs
        if material in material_of
    ]
    reserves = np.flatnonzero(base.demand_t.ravel() > 0)
    n, d, r = len(made["market"]), len(desks), len(reserves)
    tail = d + r
    market = np.concatenate(
        [made["market"], [float(desk[0]) for desk in desks], reserves.astype(float)]
    ).astype(np.int64)
    log_v = np.concatenate([made["log_v"], np.full(tail, np.log(NEVER_LEAVES))])
    taste = np.exp(par.taste_sd * rng.standard_normal((channels, n + tail)))
    taste[:, n:] = 1.0
    taste[:, typical] = 1.0
    manufacturing = np.array([zone.manufacturing_usd for zone in base.zones])
    outside = np.where(np.arange(zones) == target, 0.0, manufacturing)
    sales = manufacturing[target] / max(outside.sum() + manufacturing[target], 1.0)
    zone = market % zones
    return Users(
        market=market, zone=zone,
        industrial=slice(0, n), feed=slice(n, n + d), reserve=slice(n + d, n + tail),
        need=np.concatenate([made["need"], [desk[3] for desk in desks], np.zeros(r)]),
        cover=np.concatenate([made["cover"], np.full(tail, par.plant_stock_weeks)]),
        log_reservation=log_v,
        stay_at_base=sigmoid(log_v / par.staying_width),
        sheddable=np.concatenate([made["shed"], _desk_shed(base, desks, zones), np.zeros(r)]),
        value_added=np.concatenate([made["value"], np.zeros(tail)]),
        exposure=np.concatenate([made["exposure"], np.full(tail, np.inf)]),
        tolerance=np.concatenate([made["tolerance"], np.zeros(tail)]),
        target_sales=np.where(zone == target, 0.0, sales),
        taste=taste,
        contract=np.concatenate([made["contract"], np.zeros(tail)]),
        feed_plant=np.array([desk[1] for desk in desks], dtype=np.int64),
        feed_per_output=np.array([desk[2] for desk in desks], dtype=float),
    )  # fmt: skip


def _desk_shed(base: BaseYear, desks: list[tuple[int, int, float, float]], zones: int) -> Array:
    """Part of a plant's input that can be saved at high prices; ore has no substitute."""
    mined = {plant.material for plant in base.plants if plant.stage == "mine"}
    shed = []
    for market, _, _, _ in desks:
        material = base.materials[market // zones]
        ore = material.id in mined
        shed.append(0.0 if ore else material.shed_a / (material.shed_a + material.shed_b))
    return np.array(shed)


def make_traders(
    base: BaseYear,
    par: Parameters,
    rng: np.random.Generator,
    hubs: tuple[int, ...],
    target: int,
    coercer: int,
    affiliates: Collection[tuple[str, str]] = (),
) -> Traders:
    """Traders of every hub and material that the target buys from the coercer.

    `affiliates` are (material, zone) of plants in a hub that a producer of the coercer owns: one
    more trader, the last of its hub.
    """
    imports = base.trade_t[:, coercer, :]
    parts: list[tuple[Array, ...]] = []
    for m, material in enumerate(base.materials):
        bought = imports[m, target]
        weights = np.array([imports[m, hub] if hub != coercer else 0.0 for hub in hubs])
        abroad = weights.sum()
        if coercer in hubs:  # smugglers inside the coercer
            part = par.smuggler_share
            weights[list(hubs).index(coercer)] = abroad * part / (1.0 - part)
        if bought <= 0 or weights.sum() <= 0:
            continue
        for h in np.flatnonzero(weights > 0):
            most = par.trader_capacity_multiple * bought * weights[h] / weights.sum()
            inside = hubs[h] == coercer
            start = most if inside else min(most, par.trader_start * imports[m, hubs[h]])
            entry = 0.0 if inside else weights[h] / abroad
            n = int(par.traders_per_hub)
            size = pareto_sizes(n, par.trader_size_pareto, par.largest_trader_share)
            factor = base.zones[hubs[h]].exposure
            exposure = exposures(par, rng.permutation(midpoints(n)), factor)
            tolerance = logistic_quantiles(rng.permutation(midpoints(n)))
            affiliated = (material.id, base.zones[hubs[h]].code) in affiliates
            own = par.affiliate_share * bought if affiliated else 0.0
            traits = [
                np.full(n, float(h)), np.full(n, float(m)), size * most, size * start,
                size * entry, size * most / (most + own), np.sqrt(size * n),
                exposure * par.exposure_premium, tolerance,
                np.full(n, 0.0 if inside else factor * par.exposure_median * par.bank_stake),
                tolerance[::-1],  # another draw: who borrows from whom is chance
                np.zeros(n),
            ]  # fmt: skip
            if affiliated:
                typical = factor * par.exposure_median
                last = (
                    h, m, own, own, 0.0, own / (most + own), par.affiliate_visibility,
                    typical * par.exposure_premium, 0.0, typical * par.bank_stake, 0.0, 1.0,
                )  # fmt: skip
                traits = [np.append(a, x) for a, x in zip(traits, last, strict=True)]
            parts.append(tuple(traits))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)] if parts else [
        np.zeros(0) for _ in fields(Traders)
    ]  # fmt: skip
    hub, kind, *rest, affiliate = columns
    flags = affiliate > 0
    return Traders(hub.astype(np.int64), kind.astype(np.int64), *rest, flags)  # type: ignore[call-arg]
