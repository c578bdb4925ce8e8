"""The base year: a steady week of the world, built from the fact tables for one start date.

``build_base_year`` makes the markets in the order magnets, oxides, ores, so that the feed of
plants is known before the market it is bought in. Every default and correction is a sentence in
the result.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from world.base_figures import REST, WORLD, Figures
from world.base_plants import (
    WEEKS_PER_YEAR,
    Listed,
    bought_feed,
    distinct,
    listed_plants,
    place_plants,
    recipe,
)
from world.base_tables import Array, BaseYear, Material, Plant, Zone
from world.base_trade import Market, build_market
from world.facts import Facts, Row

__all__ = ["BaseYear", "Material", "Plant", "Zone", "build_base_year"]

REFERENCE_ZONE = "JPN"
NO_SHARES: Mapping[tuple[str, str], float] = MappingProxyType({})


def build_base_year(
    facts: Facts,
    materials: Sequence[str],
    zones: Sequence[str],
    coercer: str,
    *,
    china_share: Mapping[tuple[str, str], float] = NO_SHARES,
    start_year: float = 2025.85,
    contract_year: float | None = None,
) -> BaseYear:
    """A balanced base year for these materials and zones, in this order.

    ``china_share[(material, zone)]`` sets the coercer's share of a zone's purchases, 0 to 1.
    ``start_year`` (2025.85 is early November 2025) decides which figures speak and which plants
    run; contracts are those of ``contract_year``, the same if left out. Markets of inputs that the
    scenario leaves out are built too, unseen, so that a refiner's ``chinese_feed_share`` is known
    even where its ore is not traded in the game. Raises
    ``ValueError`` for an unknown material or zone, or a share outside 0 to 1.
    """
    check_request(facts, materials, zones, coercer, china_share)
    figures = Figures(facts, zones, coercer, start_year, contract_year)
    places = tuple(build_zones(figures))
    manufacturing = np.array([zone.manufacturing_usd for zone in places])
    chain = upstream(figures, materials)
    listed = listed_plants(figures, chain)
    demand, feed, recycled, trade = build_markets(
        figures, chain, manufacturing, china_share, listed
    )
    plants: list[Plant] = []
    for row, material in enumerate(materials):
        shares = feed_shares(figures, chain, material, trade)
        weekly = trade[row] / WEEKS_PER_YEAR
        plants += place_plants(figures, materials, material, weekly, shares, listed)
    stocks = table(figures, materials, "stock_days", 0.0)
    targets = table(figures, materials, "stock_target_days", np.nan)
    goods = tuple(build_material(figures, material) for material in materials)
    asked = slice(len(materials))
    return BaseYear(
        materials=goods,
        zones=places,
        coercer=coercer,
        demand_t=demand[asked] / WEEKS_PER_YEAR,
        feed_t=feed[asked] / WEEKS_PER_YEAR,
        trade_t=trade[asked] / WEEKS_PER_YEAR,
        recycled_t=recycled[asked] / WEEKS_PER_YEAR,
        value_at_risk_usd=value_at_risk(
            Figures(facts, zones, coercer, start_year), materials, places
        ),
        stock_days=stocks,
        stock_target_days=np.where(np.isnan(targets), stocks, targets),
        plants=distinct(plants, {good.id: good.symbol for good in goods}),
        corrections=tuple(figures.corrections),
    )


def build_markets(
    figures: Figures,
    chain: Sequence[str],
    manufacturing: Array,
    china_share: Mapping[tuple[str, str], float],
    listed: Sequence[Listed],
) -> tuple[Array, Array, Array, Array]:
    """(demand, feed, recycled (M, Z), trade (M, Z, Z)) of the chain's markets in t/yr."""
    zones = figures.zones
    shape = (len(chain), len(zones))
    feed, demand, recycled = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    trade = np.zeros((*shape, len(zones)))
    for material in downstream_first(figures, chain):
        row = chain.index(material)
        overrides = {zone: share for (m, zone), share in china_share.items() if m == material}
        market = build_market(figures, material, manufacturing, feed[row], overrides, listed)
        demand[row], recycled[row], trade[row] = settle(market)
        if not figures.material(material, "industrial_users"):
            feed[row] = demand[row]  # equal to rounding; made equal to the last bit
        for index, zone in enumerate(zones):
            made = float(trade[row, index].sum())
            fed = bought_feed(figures, material, zone, listed, made)
            for needed, tonnes in recipe(figures, chain, material, zone).items():
                feed[chain.index(needed), index] += tonnes * fed
    return demand, feed, recycled, trade


def check_request(
    facts: Facts,
    materials: Sequence[str],
    zones: Sequence[str],
    coercer: str,
    china_share: Mapping[tuple[str, str], float],
) -> None:
    """Raise ``ValueError`` with one sentence for names or shares that cannot be used."""
    offered = [row.text("id") for row in facts.rows("materials", kind="market")]
    for material in materials:
        if material not in offered:
            raise ValueError(f"Material {material!r} is unknown; known are {', '.join(offered)}.")
    known = sorted(set(facts.zone_of.values()) - {WORLD})
    for zone in (*zones, coercer):
        if zone not in known:
            raise ValueError(f"Zone {zone!r} is unknown; known are {', '.join(known)}.")
    if coercer not in zones:
        raise ValueError(f"The coercer {coercer} must be one of the zones {', '.join(zones)}.")
    if len(set(materials)) < len(materials) or len(set(zones)) < len(zones):
        raise ValueError("Every material and every zone may be named once only.")
    for (material, zone), share in china_share.items():
        if material not in materials or zone not in zones:
            raise ValueError(f"The share of ({material}, {zone}) names no market of the scenario.")
        if not 0 <= share <= 1:
            raise ValueError(f"The share of ({material}, {zone}) is {share}; allowed is 0 to 1.")


def settle(market: Market) -> tuple[Array, Array, Array]:
    """Demand, recycled mass and trade in t/yr with demand equal to what comes in, to rounding."""
    return market.trade.sum(axis=0) + market.recycled, market.recycled, market.trade


def upstream(figures: Figures, materials: Sequence[str]) -> list[str]:
    """The materials followed by what they are made of, however far up, each once."""
    chain = list(materials)
    for material in chain:
        for row in figures.facts.rows("recipes", output=material):
            if row.text("input") not in chain:
                chain.append(row.text("input"))
    return chain


def downstream_first(figures: Figures, materials: Sequence[str]) -> list[str]:
    """Materials ordered so that every product stands before what it is made of."""
    users: dict[str, set[str]] = {material: set() for material in materials}
    for row in figures.facts["recipes"]:
        if row.text("input") in users and row.text("output") in users:
            users[row.text("input")].add(row.text("output"))
    order: list[str] = []
    while len(order) < len(materials):
        ready = [m for m in materials if m not in order and users[m] <= set(order)]
        if not ready:
            raise ValueError("The recipes run in a circle.")
        order += ready
    return order


def feed_shares(figures: Figures, materials: Sequence[str], material: str, trade: Array) -> Array:
    """Share (Z,) by mass of the coercer in the feed of plants that make ``material``."""
    home = figures.zones.index(figures.coercer)
    shares = np.zeros(len(figures.zones))
    for index, zone in enumerate(figures.zones):
        bought = direct = 0.0
        for needed, tonnes in recipe(figures, materials, material, zone).items():
            column = trade[materials.index(needed), :, index]
            if column.sum() > 0:
                bought += tonnes
                direct += tonnes * column[home] / column.sum()
        shares[index] = direct / bought if bought > 0 else 0.0
    return shares


def latest(rows: Sequence[Row]) -> Row | None:
    """The row with the last year, or None."""
    return max(rows, key=lambda row: row.number("year")) if rows else None


def macro_number(figures: Figures, zone: str, indicator: str) -> float | None:
    """Latest baseline figure of a zone in its base unit, or None."""
    rows = list(
        figures.facts.rows("macro", country=zone, indicator=indicator, scenario="baseline")
    ) or list(figures.facts.rows("model_zones", zone=zone, attribute=indicator))
    row = latest(rows)
    return None if row is None else figures.facts.per_base_unit(row)


def build_zones(figures: Figures) -> list[Zone]:
    """Zones with GDP, manufacturing and jobs; the rest of the world is what the others leave."""
    gdp = {zone: macro_number(figures, zone, "gdp_nominal") for zone in figures.zones}
    world = macro_number(figures, WORLD, "gdp_nominal") or 0.0
    known = math.fsum(value for value in gdp.values() if value is not None)
    zones = []
    for code in figures.zones:
        share = macro_number(figures, code, "manufacturing_share_of_gdp") or 0.0
        income = gdp[code]
        if income is None:
            income = max(world - known, 0.0)
            figures.correct(f"GDP of {code} is the world less the other zones, {income:.4g} USD.")
        made = macro_number(figures, code, "manufacturing_value_added")
        if made is None:
            made = income * share
            figures.correct(f"Manufacturing of {code} is GDP times its share of {share:.3f}.")
        name = next(figures.facts.rows("countries", code=code)).text("name")
        x, y = (
            next(figures.facts.rows("model_zones", zone=code, attribute=axis)).number("value")
            for axis in ("map_x", "map_y")
        )
        jobs = macro_number(figures, code, "employment") or 0.0
        member = code != REST and attends(figures, code)
        exposure = list(figures.facts.rows("model_zones", zone=code, attribute="exposure_factor"))
        factor = exposure[0].number("value") if exposure else 1.0
        zones.append(Zone(code, name, income, made / income, made, jobs, x, y, member, factor))
    return zones


def attends(figures: Figures, zone: str) -> bool:
    """Whether a zone attended or hosted the founding ministerial of FORGE."""
    return any(
        row.text("country") == zone
        and row.text("role").endswith("ministerial_2026_02_04")
        and row.number("value", 0.0) > 0
        for row in figures.facts["forge_countries"]
    )


def build_material(figures: Figures, material: str) -> Material:
    """A material from its rows; ``DataError`` if one is missing."""

    def number(attribute: str, default: float | None = None) -> float:
        return figures.material(material, attribute, default)

    return Material(
        id=material,
        name=figures.material_text(material, "name"),
        unit=figures.unit_of_account(material),
        base_price_usd_per_t=figures.price(material),
        by_product=number("by_product") == 1,
        traceability=number("traceability"),
        traceability_after_processing=number("traceability_after_processing"),
        scope_tier=int(number("scope_tier")),
        recycled_share=number("recycled_share_of_supply", 0.0),
        supply_elasticity=number("supply_elasticity_sr"),
        long_run_elasticity=number("long_run_elasticity"),
        switching_speed=number("switching_speed"),
        reservation_median=number("reservation_median"),
        shed_a=number("shed_a"),
        shed_b=number("shed_b"),
        cost_ratio=number("cost_ratio"),
        lead_weeks_new_plant=figures.weeks(material, "lead_weeks_new_plant"),
        export_surge=number("export_surge", 0.0),
        dual_use_listed=number("dual_use_listed") == 1,
        symbol=figures.material_text(material, "symbol"),
    )


def table(figures: Figures, materials: Sequence[str], attribute: str, default: float) -> Array:
    """A (M, Z) table of a market attribute; stocks also look in stockpiles.csv."""
    values = np.full((len(materials), len(figures.zones)), default)
    for row, material in enumerate(materials):
        for column, zone in enumerate(figures.zones):
            found = figures.stock(material, zone) if attribute == "stock_days" else None
            if found is None:
                found = figures.market(attribute, material, zone)
            if found is not None:
                values[row, column] = found
    return values


def value_at_risk(figures: Figures, materials: Sequence[str], zones: Sequence[Zone]) -> Array:
    """Yearly value added (M, Z) in USD carried by users of each market that are not plants.

    A share of GDP, scaled by manufacturing relative to the reference zone: one for the rare-earth
    chain, of which users of magnets carry most, and one for all other minerals, split by market
    value with a cap. It is split among all materials of the tables, whatever a scenario lists, so
    what hangs on a material is the same in every scenario. ``figures`` are its own: what they note
    of materials outside the scenario is not the scenario's.
    """
    every = [row.text("id") for row in figures.facts.rows("materials", kind="market")]
    chain = upstream(figures, every)
    manufacturing = np.array([zone.manufacturing_usd for zone in zones])
    demand, feed, _, _ = build_markets(
        figures, chain, manufacturing, NO_SHARES, listed_plants(figures, chain)
    )
    goods = [build_material(figures, material) for material in every]
    worth = (demand - feed)[: len(every)].clip(min=0)
    worth = worth * np.array([good.base_price_usd_per_t for good in goods])[:, None]
    home = figures.reference_manufacturing(REFERENCE_ZONE)
    rare_earth = np.array([figures.material_text(m, "chain") == "rare_earth" for m in every])
    magnets = np.array([figures.material_text(m, "stage") == "magnet" for m in every])
    scale = np.array([z.gdp_usd * z.manufacturing_share for z in zones]) / home
    rare = figures.constant("value_at_risk_rare_earth") * scale
    other = figures.constant("value_at_risk_other") * scale
    part, cap = (figures.constant(f"value_at_risk_{name}") for name in ("magnet_part", "cap"))
    value = split(worth, magnets) * (part * rare)
    value = value + split(worth, rare_earth & ~magnets) * ((1 - part) * rare)
    value = value + capped(split(worth, ~rare_earth), cap) * other
    return np.asarray(value[[every.index(material) for material in materials]])


def split(worth: Array, chosen: Array) -> Array:
    """Share of each chosen material in a zone's market value; columns sum to 1 or to 0."""
    value = worth * chosen[:, None]
    total = value.sum(axis=0)
    return np.asarray(np.divide(value, total, out=np.zeros_like(value), where=total > 0))


def capped(shares: Array, cap: float) -> Array:
    """Shares cut at ``cap``; what is cut is not carried by anyone else."""
    return np.asarray(np.minimum(shares, cap), dtype=np.float64)
