"""The plants that a scenario starts with, by name: what an event may single out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from world.levers import guess

if TYPE_CHECKING:
    from world.scenario import Scenario


class Named(NamedTuple):
    """A plant's name, where it stands and what it makes."""

    name: str
    zone: str
    material: str


@lru_cache
def _named(
    materials: tuple[str, ...], zones: tuple[str, ...], coercer: str,
    shares: tuple[tuple[str, float], ...], start_year: float, contract_year: float,
) -> tuple[Named, ...]:  # fmt: skip
    from world.base_year import build_base_year  # slow, and only for events that name a plant
    from world.facts import load_facts

    parts = {name.rpartition("."): share for name, share in shares}
    base = build_base_year(
        load_facts(), materials, zones, coercer, start_year=start_year,
        china_share={(material, zone): share for (material, _, zone), share in parts.items()},
        contract_year=contract_year,
    )  # fmt: skip
    return tuple(Named(plant.name, plant.zone, plant.material) for plant in base.plants)


def named_plants(scenario: Scenario) -> tuple[Named, ...]:
    """Every plant that a scenario starts with, running or to come; raises DataError."""
    return _named(
        scenario.materials, scenario.zones, scenario.coercer,
        tuple(sorted(scenario.china_share.items())), scenario.start_year, scenario.contract_year,
    )  # fmt: skip


def plant_fault(scenario: Scenario, name: object, zone: str, material: object) -> str | None:
    """What is wrong with the name of a plant in a zone that makes a material; empty is any."""
    known = named_plants(scenario)
    sites = [plant for plant in known if plant.name == name]
    where = f" in {zone}" if zone else ""
    if sites and all(zone not in ("", plant.zone) for plant in sites):
        places = ", ".join(dict.fromkeys(plant.zone for plant in sites))
        return f"{name!r} stands in {places}, not in {zone}."
    here = [plant for plant in sites if zone in ("", plant.zone)]
    if here and all(material and material != plant.material for plant in here):
        made = ", ".join(dict.fromkeys(plant.material for plant in here))
        return f"{name!r} makes {made}, not {material}."
    if sites:
        return None
    near = dict.fromkeys(plant.name for plant in known if zone in ("", plant.zone))
    return f"{name!r} is no plant of {scenario.id}{where}: " + (
        guess(str(name), near) if near else f"none stands in {zone}."
    )
