"""Plants at the start: who makes the output that the trade matrix asks for, and who is to come.

Companies appear with their published capacity. What the named plants of a zone do not make comes
from an aggregate plant; firms that may evade in the game are fictional and say so in their name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from world.base_figures import Figures
from world.base_tables import Array, Plant, Trial
from world.facts import Row
from world.units import DAYS_PER_YEAR

WEEKS_PER_YEAR = DAYS_PER_YEAR / 7
ORE_OF = {"ndpr_oxide": "ndpr_ore", "dy_oxide": "dy_ore", "tb_oxide": "tb_ore"}
SOON = ("construction", "commissioning", "operating", "ramping")
IDLE = 1e-12
LONG_AGO = 1990.0  # start of makers without a name: before every scenario


@dataclass(frozen=True)
class Listed:
    """A plant of the tables as it stands at the start; capacity in t/yr, NaN for what is left."""

    name: str
    company: str
    zone: str
    material: str
    stage: str
    capacity: float
    status: str
    start_year: float
    owner: str
    fictional: bool
    source: str
    term: Row | None = None
    ramp_weeks: float = 0.0  # from the start to full use
    use: float | None = None  # utilisation that its feed allows, where that is the limit
    own_feed: bool = False  # fed by the mine beside it and buys nothing


def recipe(figures: Figures, materials: Sequence[str], output: str, zone: str) -> dict[str, float]:
    """Tonnes of each input per tonne of ``output`` in a zone, for the inputs in ``materials``."""
    needs: dict[str, float] = {}
    for wanted in ("*", zone):
        for row in figures.facts.rows("recipes", output=output, zone=wanted):
            if row.text("input") not in materials:
                continue
            value = row.number("value")
            if row.text("kind") == "recovery":
                value = 1 / value
            elif row.text("grade") == "high":
                value *= figures.constant("high_grade_share")
            needs[row.text("input")] = value
    return needs


def listed_plants(figures: Figures, materials: Sequence[str]) -> list[Listed]:
    """Plants of the tables outside the coercer that exist or are in sight at the start."""
    terms: dict[tuple[str, str], list[Row]] = {}
    for row in figures.facts["plant_terms"]:
        key = (row.text("project"), row.text("fact_material"))
        terms.setdefault(key, []).append(row)
    plants = []
    for row in figures.facts["capacity_projects"]:
        key = (row.text("project"), row.text("material"))
        found: Sequence[Row | None] = terms.get(key) or [None]
        for term in found:
            plant = from_project(figures, row, term)
            if plant is not None and plant.material in materials:
                plants.append(plant)
    for row in figures.facts["model_plants"]:
        plant = from_model(figures, row)
        if plant is not None and plant.material in materials:
            plants.append(plant)
    return plants


def from_project(figures: Figures, row: Row, term: Row | None) -> Listed | None:
    """A plant of capacity_projects.csv with its terms, or None if it is no plant of the model."""
    zone = figures.zone(row.text("country"))
    told = term.text("status") if term is not None else ""
    if zone in (None, figures.coercer) or told == "skip" or not row.has("value"):
        return None
    material = row.text("material")
    if row.text("stage") == "mine":
        material = ORE_OF.get(material, material)
    if term is not None and term.has("material"):
        material = term.text("material")
    if material == "ree_total":
        figures.correct(f"{row.text('project')} is left out: its rare earths are not split.")
        return None
    if row.text("stage") == "anode":
        figures.correct(f"{row.text('project')} is left out: the model has no anode stage.")
        return None
    start = row.number("start_year")
    factor = 1.0
    if term is not None:
        start = term.number("start_year", start)
        factor = term.number("factor", 1.0)
    status = told or status_at(figures, row.text("status"), start)
    if status == "" or start - figures.start_year > figures.constant("project_horizon_years"):
        return None
    if told == "mothballed" and start > figures.start_year:
        return None
    return Listed(
        name=row.text("project"),
        company=row.text("company"),
        zone=zone or "",
        material=material,
        stage=row.text("stage"),
        capacity=row.number("value") * factor,
        status=status,
        start_year=start,
        owner=row.text("owner_bloc"),
        fictional=False,
        source=f"{row.file} row {row.line}: {row.text('source')}",
        term=term,
        ramp_weeks=ramp_weeks(figures, row.text("stage"), term),
        use=term.number("use") if term is not None and term.has("use") else None,
        own_feed=term is not None and term.number("own_feed", 0.0) == 1,
    )


def from_model(figures: Figures, row: Row) -> Listed | None:
    """A plant of model_plants.csv, or None if it is closed, too late or in the coercer."""
    zone = figures.zone(row.text("country"))
    start = row.number("start_year")
    closed = row.number("end_year", np.inf) <= figures.start_year
    late = start - figures.start_year > figures.constant("project_horizon_years")
    residual = row.text("role") == "residual"
    if zone in (None, figures.coercer) or closed or late:
        return None
    if residual and start > figures.start_year:
        return None
    return Listed(
        name=row.text("project"),
        company=row.text("company"),
        zone=zone or "",
        material=row.text("material"),
        stage=row.text("stage"),
        capacity=np.nan if residual else row.number("value"),
        status=status_at(figures, row.text("status"), start),
        start_year=start,
        owner=row.text("owner_bloc"),
        fictional=row.number("fictional") == 1,
        source=f"{row.file} row {row.line}: {row.text('source')}",
        ramp_weeks=0.0 if residual else ramp_weeks(figures, row.text("stage"), None),
    )


def ramp_weeks(figures: Figures, stage: str, term: Row | None) -> float:
    """Weeks of commissioning of a plant: its own row, else those of its stage."""
    usual = figures.constant("ramp_weeks_refine" if stage == "refine" else "ramp_weeks_other")
    return usual if term is None else term.number("ramp_weeks", usual)


def reached(figures: Figures, plant: Listed) -> float:
    """Share of its full use that commissioning has brought a running plant to at the start."""
    if plant.ramp_weeks <= 0:
        return 1.0
    weeks = (figures.start_year - plant.start_year) * WEEKS_PER_YEAR
    return min(1.0, max(1.0, weeks) / plant.ramp_weeks)


def full_use(figures: Figures, plant: Listed) -> float:
    """Utilisation of a plant that is through its commissioning, or what its feed allows."""
    return figures.constant("plant_utilisation") if plant.use is None else plant.use


def usable(figures: Figures, plant: Listed) -> float:
    """Tonnes a year that a running plant can make at the start in the normal way."""
    return plant.capacity * full_use(figures, plant) * reached(figures, plant)


def status_at(figures: Figures, status: str, start: float) -> str:
    """Running, building or planned at the start; empty for a plant that is gone."""
    if "bankrupt" in status or "replaced" in status:
        return ""
    if start <= figures.start_year:
        return "running"
    wait = start - figures.start_year
    if any(word in status for word in SOON) and wait <= figures.constant("building_horizon_years"):
        return "building"
    return "planned"


def place_plants(
    figures: Figures,
    materials: Sequence[str],
    material: str,
    trade: Array,
    feed_share: Array,
    listed: Sequence[Listed],
) -> list[Plant]:
    """Plants of one material that make just what it sells, and its projects.

    ``trade`` (Z, Z) from, to in t/week of this material; ``feed_share`` (Z,) the coercer's share
    of the feed that plants of this material buy in each zone.
    """
    plants = []
    for index, zone in enumerate(figures.zones):
        output = float(trade[index].sum())
        here = [plant for plant in listed if plant.zone == zone and plant.material == material]
        running = [plant for plant in here if plant.status == "running"]
        shares = trade[index] / output if output > 0 else trade[index]
        made = (
            [(coercer_plant(figures, material), output)]
            if zone == figures.coercer
            else divide(figures, material, zone, running, output)
        )
        makers = {plant.name for plant, _ in made}
        made += [(plant, 0.0) for plant in here if plant.name not in makers]
        for plant, base in made:
            needs = {} if plant.own_feed else recipe(figures, materials, material, zone)
            share = 0.0 if plant.own_feed else float(feed_share[index])
            plants.append(finish(figures, plant, base, needs, share, shares))
    return [plant for plant in plants if plant.capacity_t > 0]


def bought_feed(
    figures: Figures, material: str, zone: str, listed: Sequence[Listed], output: float
) -> float:
    """The part of a zone's output (t/yr) whose feed is bought: all but that of own mines."""
    running = [
        plant for plant in listed
        if plant.zone == zone and plant.material == material and plant.status == "running"
    ]  # fmt: skip
    if zone == figures.coercer or not any(plant.own_feed for plant in running):
        return output
    made = divide(figures, material, zone, running, output / WEEKS_PER_YEAR)
    own = math.fsum(base for plant, base in made if plant.own_feed)
    return output - own * WEEKS_PER_YEAR


def coercer_plant(figures: Figures, material: str) -> Listed:
    """The coercer's makers of one material as one plant that takes all its output."""
    name = f"{zone_name(figures, figures.coercer)} {product(figures, material)} producers"
    return aggregate(figures, material, figures.coercer, name)


def aggregate(figures: Figures, material: str, zone: str, name: str) -> Listed:
    """A plant that stands for all makers without a name of their own."""
    stage = figures.material_text(material, "stage")
    source = "Residual of the balanced trade matrix"
    nan = float("nan")
    return Listed(name, name, zone, material, stage, nan, "running", LONG_AGO, zone, False, source)


def zone_name(figures: Figures, zone: str) -> str:
    """Name of a zone for readers."""
    return next(figures.facts.rows("countries", code=zone)).text("name")


def product(figures: Figures, material: str) -> str:
    """Name of a material inside a sentence: the first letter small unless it is an acronym."""
    name = figures.material_text(material, "name")
    return name if name[1:2].isupper() or name.startswith("NdFeB") else name[0].lower() + name[1:]


def distinct(plants: Sequence[Plant], symbols: Mapping[str, str]) -> tuple[Plant, ...]:
    """The same plants, those that share a name told apart by the symbol of what they make."""
    names = [plant.name for plant in plants]
    return tuple(
        replace(plant, name=f"{plant.name}, {symbols[plant.material]}")
        if names.count(plant.name) > 1
        else plant
        for plant in plants
    )


def divide(
    figures: Figures, material: str, zone: str, running: list[Listed], output: float
) -> list[tuple[Listed, float]]:
    """Split a zone's output (t/week) over its running plants, the rest to an aggregate."""
    named = [plant for plant in running if not np.isnan(plant.capacity)]
    able = math.fsum(usable(figures, plant) for plant in named) / WEEKS_PER_YEAR
    part = min(1.0, output / able) if able > 0 else 0.0
    made = [(plant, part * usable(figures, plant) / WEEKS_PER_YEAR) for plant in named]
    left = output - part * able
    if left <= IDLE * output:
        if made and part > 0:
            last, base = made[-1]
            made[-1] = (last, base + left)
        return [(plant, base) for plant, base in made if base > 0]
    takers = [plant for plant in running if np.isnan(plant.capacity)]
    if not takers:
        name = f"Other {zone_name(figures, zone)} {product(figures, material)} producers"
        takers = [aggregate(figures, material, zone, name)]
    made = [(plant, base) for plant, base in made if base > 0]
    return made + [(plant, left / len(takers)) for plant in takers]


def finish(
    figures: Figures,
    plant: Listed,
    base: float,
    needs: dict[str, float],
    feed_share: float,
    shares: Array,
) -> Plant:
    """A ``Plant`` with cost, contracts and inputs; ``base`` in t/week, ``shares`` (Z,) of sales."""
    home = plant.zone == figures.coercer
    normal = figures.constant("china_utilisation" if home else "plant_utilisation")
    capacity = plant.capacity / WEEKS_PER_YEAR if not np.isnan(plant.capacity) else base / normal
    status = plant.status
    if status == "running" and base <= 0 and capacity > 0:
        status = "mothballed"
        figures.correct(f"{plant.name} finds no buyer for {plant.material} at the start; it idles.")
    if home:
        cost = figures.constant("coercer_cost")
    elif status == "running":
        cost = figures.constant("plant_cost")
    else:
        cost = figures.material(plant.material, "cost_ratio")
    zone, promised, floor = contracts(figures, plant, shares, base)
    if plant.term is not None and status != "running":
        cost = plant.term.number("cost", cost)
    return Plant(
        name=plant.name,
        company=plant.company,
        zone=plant.zone,
        material=plant.material,
        stage=plant.stage,
        capacity_t=capacity,
        base_output_t=base,
        status=status,
        start_year=plant.start_year,
        cost=cost,
        owner=plant.owner,
        inputs=tuple(needs.items()),
        chinese_feed_share=feed_share,
        offtake_zone=zone,
        offtake_share=promised,
        floor_usd_per_t=floor,
        by_product=figures.material(plant.material, "by_product") == 1,
        fictional=plant.fictional,
        source=plant.source,
        full_use=full_use(figures, plant),
        ramp_weeks=plant.ramp_weeks,
        reached=commissioned(figures, plant, status),
        feed_limited=plant.use is not None,
        trial=trial_of(plant.term),
        lead_weeks=lead_of(plant.term),
    )


def trial_of(term: Row | None) -> Trial | None:
    """The trial that a plant's own row asks for."""
    if term is None or not term.has("trial_odds"):
        return None
    return Trial(
        term.number("trial_from"), term.number("trial_odds"), term.number("trial_fails"),
        term.number("trial_usd_m"), term.number("trial_scale"), term.number("proven_cost"),
    )  # fmt: skip


def lead_of(term: Row | None) -> float | None:
    """Weeks that a plant's own row gives it to be built."""
    return term.number("lead_weeks") if term is not None and term.has("lead_weeks") else None


def commissioned(figures: Figures, plant: Listed, status: str) -> float:
    """Share of its full use to which a plant can run: nothing before it starts, all of it later."""
    if status == "running":
        return reached(figures, plant)
    return 1.0 if status == "mothballed" else 0.0


def contracts(
    figures: Figures, plant: Listed, shares: Array, base: float
) -> tuple[str | None, float, float | None]:
    """Offtake zone, share and floor (USD/t) in force when a run begins.

    A promise of a running plant counts as far as it already sells there, so that the first week is
    steady; a plant to come has its published share, if it was promised by its first week.
    """
    term = plant.term
    if term is None:
        return None, 0.0, None
    floor = None
    if term.has("floor_usd_per_t") and term.number("floor_from", 0.0) <= figures.contract_year:
        floor = term.number("floor_usd_per_t")
    zone = term.text("offtake_zone") or None
    due = figures.contract_year if plant.status == "running" else plant.start_year
    if zone not in figures.zones or term.number("offtake_from", 0.0) > due:
        return None, 0.0, floor
    promised = term.number("offtake_share", 0.0)
    sold = float(shares[figures.zones.index(zone)]) if zone else 0.0
    if base > 0 and promised > sold:
        figures.correct(
            f"{plant.name} promises {promised:.3f} of its {plant.material} to {zone} and sells "
            f"{sold:.3f} there at the start; the latter counts."
        )
        promised = sold
    return zone, promised, floor
