"""Demand, shares of sellers and a balanced trade matrix for one material at the start.

Rules: the demand of a zone is fixed first; shares of sellers that are known hold as they stand; the
rest is spread over the other sellers in proportion to their output until rows and columns agree
(RAS). A seller's output is then what it sells, so every identity holds to rounding.
All masses here are t/yr.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from world.base_figures import REST, WORLD, Figures
from world.base_plants import Listed, reached, usable
from world.base_tables import Array

ROUNDS = 2000  # of RAS at most; it ends when rows and columns agree to SMALL
SMALL = 1e-13
NO_SHARE = 1e-3  # a mean share below this says nothing about demand
FEATHER = 1e-15  # weight that counts only where nothing else does
TELL = 0.1  # a seller total this far from the tables is worth a sentence; it moves no figure


@dataclass(frozen=True)
class Market:
    """One material at the start over the Z zones, in t/yr."""

    demand: Array  # (Z,)
    recycled: Array  # (Z,)
    trade: Array  # (Z, Z) from, to


def build_market(
    figures: Figures,
    material: str,
    manufacturing: Array,
    feed: Array,
    overrides: Mapping[str, float],
    listed: Sequence[Listed],
) -> Market:
    """A balanced market. ``manufacturing`` (Z,) in USD and ``feed`` (Z,) in t/yr are by zone,
    ``overrides`` gives the coercer's share of a zone's purchases where a scenario sets it and
    ``listed`` the plants of the tables.
    """
    outputs = np.array([seller_output(figures, material, z, listed) for z in figures.zones])
    origins = [figures.origins(material, zone) for zone in figures.zones]
    industrial = figures.material(material, "industrial_users") == 1
    buyers = manufacturing if industrial else feed
    fill_coercer_share(figures, material, origins, outputs, buyers)
    for zone, share in overrides.items():
        override_share(figures, origins[figures.zones.index(zone)], zone, share)
    recycled_share = np.array([recycled_part(figures, material, zone) for zone in figures.zones])
    if industrial:
        demand = industrial_demand(
            figures, material, manufacturing, feed, origins, outputs, recycled_share
        )
    else:  # output rows of an ore are proportions
        demand = feed.copy()
        outputs = outputs * (float(feed.sum()) / max(float(outputs.sum()), SMALL))
    recycled = demand * recycled_share
    trade = balance(figures, material, demand - recycled, origins, outputs)
    return Market(demand, recycled, trade)


def recycled_part(figures: Figures, material: str, zone: str) -> float:
    """Share of a zone's use that is recycled mass."""
    share = figures.market("recycled_share", material, zone)
    if share is None:
        share = figures.material(material, "recycled_share_of_supply", 0.0)
    return share


def seller_output(figures: Figures, material: str, zone: str, listed: Sequence[Listed]) -> float:
    """Output in t/yr that a zone would sell: a model row, a published figure, its running plants.

    A published figure of a later year is not used while all its known plants are still to come.
    """
    here = [plant for plant in listed if plant.zone == zone and plant.material == material]
    running = [p for p in here if p.status == "running" and p.capacity > 0]
    able = math.fsum(usable(figures, plant) for plant in running)
    given = figures.given_output(material, zone)
    if given is not None:
        return given
    published = figures.published_output(material, zone)
    if published is None or any(reached(figures, plant) < 1 for plant in running):
        return able  # what a plant made in a year of its ramp is not what it makes now
    if here and able == 0 and published[1] + 0.5 > figures.start_year and zone != REST:
        figures.correct(f"No plant in {zone} makes {material} yet at the start.")
        return 0.0
    return published[0]


def fill_coercer_share(
    figures: Figures,
    material: str,
    origins: list[dict[str, float]],
    outputs: Array,
    buyers: Array,
) -> None:
    """Give every zone a share bought from the coercer, in place.

    Where none is known: the material's own default row, else the demand-weighted mean of zones
    that have one, else the coercer's share of world output. ``buyers`` (Z,) weighs zones without a
    demand row: manufacturing, or the feed of plants for an ore.
    """
    coercer = figures.coercer
    known = [
        (share, demand_weight(figures, material, zone, buyers[index]))
        for index, zone in enumerate(figures.zones)
        if zone != coercer and (share := origins[index].get(coercer)) is not None
    ]
    weight = math.fsum(w for _, w in known)
    default = figures.market("china_share", material, "*")
    home = outputs[figures.zones.index(coercer)]
    if default is not None:
        reason = "the default row of the material"
    elif weight > 0:
        default = math.fsum(s * w for s, w in known) / weight
        reason = "the mean of zones that have one"
    elif outputs.sum() > 0:
        default, reason = home / outputs.sum(), f"the share of {coercer} in world output"
    else:
        default, reason = 0.0, "zero, since no output is known"
    filled = []
    for zone, shares in zip(figures.zones, origins, strict=True):
        if coercer in shares:
            continue
        if zone == coercer:
            shares[coercer] = 1.0 if home > 0 else 0.0
            continue
        shares[coercer] = default * max(0.0, 1 - math.fsum(shares.values()))
        if shares[coercer] > 0 and buyers[figures.zones.index(zone)] > 0:
            filled.append(zone)
    if filled and home > 0:
        figures.correct(
            f"The share of {coercer} in {material} bought by {', '.join(filled)} is not known; "
            f"it is {reason}, {default:.3f}."
        )


def demand_weight(figures: Figures, material: str, zone: str, buyers: float) -> float:
    """Known demand of a zone in t/yr, or a weight that counts only where no zone has any."""
    known = figures.volume("demand", material, zone)
    return known if known is not None else buyers * FEATHER


def override_share(figures: Figures, shares: dict[str, float], zone: str, share: float) -> None:
    """Put a scenario's share of the coercer in place and shrink or grow the known others."""
    others = math.fsum(value for seller, value in shares.items() if seller != figures.coercer)
    old = shares.get(figures.coercer, 0.0)
    scale = (1 - share) / (1 - old) if old < 1 else 0.0
    if others * scale > 1 - share:
        scale = (1 - share) / others
    for seller in shares:
        shares[seller] *= scale
    shares[figures.coercer] = share
    figures.correct(f"The scenario sets the share of {figures.coercer} in {zone} to {share:.3f}.")


def industrial_demand(
    figures: Figures,
    material: str,
    manufacturing: Array,
    feed: Array,
    origins: list[dict[str, float]],
    outputs: Array,
    recycled_share: Array,
) -> Array:
    """Demand (Z,) in t/yr: known rows, import volumes, then outside use by manufacturing.

    Outside use is such that the coercer's exports come out as known; the coercer uses its output
    less exports. Demand is never less than the feed of plants and a small part for other users.
    """
    home = figures.zones.index(figures.coercer)
    made = float(outputs[home])
    exports = figures.volume("exports", material, figures.coercer)
    if exports is None:
        exports = figures.constant("unknown_export_share") * made
        figures.correct(f"Exports of {material} by {figures.coercer} are not known; 40% of output.")
    exports = min(exports, made)
    known = [known_demand(figures, material, zone) for zone in figures.zones]
    demand = np.array([value if value is not None else 0.0 for value in known])
    rest = np.array([value is None for value in known])
    rest[home] = False
    share = np.array([shares[figures.coercer] for shares in origins]) * (1 - recycled_share)
    outside = np.arange(len(demand)) != home
    weights = manufacturing * rest
    if weights.sum() > 0:
        mean = float((share * weights).sum() / weights.sum())
        left = exports - float((share * demand)[outside].sum())
        total = left / mean if mean > NO_SHARE else 0.0
        floor = figures.constant("rest_floor") * float(demand[outside].sum())
        if made <= 0:
            floor = max(floor, float(outputs.sum()) - float(demand.sum()))
        if total < floor:
            total = floor
            figures.correct(
                f"Zones without a figure use {total:.4g} t/yr of {material}, the least allowed; "
                f"exports of {figures.coercer} are raised to match."
            )
        demand += total * weights / weights.sum()
    if known[home] is None:
        demand[home] = (made - exports) / (1 - recycled_share[home])
    return at_least_feed(figures, material, demand, feed)


def at_least_feed(figures: Figures, material: str, demand: Array, feed: Array) -> Array:
    """Demand raised to the feed of plants and the least part of other users."""
    least = feed * (1 + figures.constant("nonfeed_share"))
    for index in np.flatnonzero(demand < least):
        figures.correct(
            f"Demand for {material} in {figures.zones[index]} is raised from {demand[index]:.4g} "
            f"to {least[index]:.4g} t/yr so that it covers the feed of its plants."
        )
    return np.maximum(demand, least)


def known_demand(figures: Figures, material: str, zone: str) -> float | None:
    """Demand in t/yr from a model row, a consumption row or an import volume, or None."""
    given = figures.volume("demand", material, zone)
    if given is not None or zone == figures.coercer:
        return given
    for metric in ("consumption", "consumption_model", "import_volume"):
        rows = [
            row
            for row in figures.facts.rows(
                "trade", importer=zone, origin=WORLD, material=material, metric=metric
            )
            if row.text("unit") == "t/yr" and row.text("series") == "base"
        ]
        if rows:
            row = figures.nearest(rows)
            value = row.number("value") * figures.volume_index(material, zone)
            figures.correct(f"Demand for {material} in {zone} is its {metric}, {value:.4g} t/yr.")
            return value
    return None


def balance(
    figures: Figures,
    material: str,
    purchases: Array,
    origins: list[dict[str, float]],
    outputs: Array,
) -> Array:
    """Trade (Z, Z) from, to in t/yr with columns equal to ``purchases``.

    Known shares stand; what is left of each column is spread by RAS over sellers other than the
    coercer so that their sales follow ``outputs`` in proportion.
    """
    zones = figures.zones
    home = zones.index(figures.coercer)
    if REST in zones and outputs.sum() - outputs[home] <= 0:
        outputs = outputs.copy()
        outputs[zones.index(REST)] = 1.0
        figures.correct(f"No seller of {material} besides {figures.coercer} is known; {REST} is.")
    fixed = np.zeros((len(zones), len(zones)))
    for to, shares in enumerate(origins):
        for seller, share in shares.items():
            sender = zones.index(seller)
            if sender == home or outputs[sender] > 0:
                fixed[sender, to] = share * purchases[to]
    left = np.maximum(purchases - fixed.sum(axis=0), 0.0)
    if not (left > 0).any():
        return fixed
    prior = spread_prior(figures, fixed, outputs, left, home)
    free = scale_to(figures, material, prior, fixed, outputs, left)
    return fixed + free


def spread_prior(figures: Figures, fixed: Array, outputs: Array, left: Array, home: int) -> Array:
    """Starting weights (Z, Z) of unknown trade: output of the seller, more for sales at home."""
    sellers = outputs.copy()
    sellers[home] = 0.0
    prior = np.repeat(sellers[:, None], len(left), axis=1)
    prior[np.diag_indices(len(left))] *= figures.constant("home_bias")
    others = np.where(fixed > 0, 0.0, prior)
    stuck = (others.sum(axis=0) <= 0) & (left > 0)
    others[:, stuck] = prior[:, stuck]
    return others


def scale_to(
    figures: Figures, material: str, prior: Array, fixed: Array, outputs: Array, left: Array
) -> Array:
    """RAS of ``prior`` to columns ``left``; rows approach outputs less what is fixed already."""
    total = float(left.sum())
    known = outputs.copy()
    known[figures.zones.index(figures.coercer)] = 0.0
    spare = known * total / known.sum() if known.sum() > 0 else known
    sold = fixed.sum(axis=1)
    if (known - sold).clip(min=0).sum() > 0:
        spare = np.maximum(known - sold, figures.constant("least_open_sales") * known)
    rows = spare * total / spare.sum() if spare.sum() > 0 else spare
    free = prior.copy()
    for _ in range(ROUNDS):
        sums = free.sum(axis=1)
        free *= np.divide(rows, sums, out=np.zeros_like(rows), where=sums > 0)[:, None]
        sums = free.sum(axis=0)
        free *= np.divide(left, sums, out=np.zeros_like(left), where=sums > 0)[None, :]
        if np.abs(free.sum(axis=1) - rows).max() <= SMALL * total:
            break
    made = float(free.sum() + sold.sum() - sold[figures.zones.index(figures.coercer)])
    told = float(known.sum())
    if told > 0 and abs(made / told - 1) > TELL:
        figures.correct(
            f"Sellers of {material} besides {figures.coercer} make {made:.4g} t/yr at the start "
            f"where the tables give {told:.4g}; demand and known shares decide."
        )
    return free
