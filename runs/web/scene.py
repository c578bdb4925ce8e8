"""What a page looks at: the constant part of a game, and which material, zone and week."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Record(Protocol):
    """The part of a recorder that the page reads."""

    @property
    def events(self) -> Sequence[Mapping[str, Any]]: ...

    def array(self, table: str, column: str) -> Array:
        """(weeks, rows)."""

    def rows(self, table: str) -> Mapping[str, Sequence[str]]:
        """Key columns, one entry a row."""


@dataclass(frozen=True)
class Good:
    """A material of the scenario."""

    id: str
    name: str
    unit: str
    usd_per_t: float

    @property
    def inside(self) -> str:
        """The name inside a sentence: dysprosium oxide, but NdFeB magnets."""
        first = self.name.split()[0]
        plain = first[1:].islower() or ("-" in first and first[1:].replace("-", "").islower())
        return self.name[:1].lower() + self.name[1:] if plain else self.name


@dataclass(frozen=True)
class Place:
    """A zone of the scenario, and its place on the schematic map."""

    code: str
    name: str
    x: float
    y: float
    shape: str


@dataclass(frozen=True)
class Scene:
    """All that stays the same from week to week."""

    title: str
    summary: str
    start: datetime.date
    horizon: int
    goods: tuple[Good, ...]
    places: tuple[Place, ...]
    coercer: str
    target: str
    first_material: str
    first_zone: str
    base: Any  # world.base_tables.BaseYear; None for stored tables, which begin with a week

    def good(self, material: str) -> Good:
        return next(good for good in self.goods if good.id == material)

    def name(self, code: str) -> str:
        return next((place.name for place in self.places if place.code == code), code)

    def date(self, week: int) -> datetime.date:
        return self.start + datetime.timedelta(weeks=week)


@dataclass(frozen=True)
class Look:
    """Material and zone that the reader chose; empty texts leave it to the run."""

    material: str = ""
    zone: str = ""


def shape_of(code: str, coercer: str, target: str, hubs: Collection[str]) -> str:
    """How the map draws a zone."""
    if code == coercer:
        return "coercer"
    return "target" if code == target else "hub" if code in hubs else "zone"


def scene_of(game: Any) -> Scene:
    """The scene of a `runs.Game`."""
    scenario, base = game.setting.scenario, game.setting.base

    def shape(code: str) -> str:
        return shape_of(code, scenario.coercer, scenario.target, scenario.hubs)

    materials = [good.id for good in base.materials]
    zones = [zone.code for zone in base.zones]
    material = scenario.options.get("material", materials[0])
    zone = scenario.options.get("zone", scenario.target)
    return Scene(
        title=scenario.title,
        summary=scenario.summary,
        start=scenario.start,
        horizon=game.horizon,
        goods=tuple(
            Good(good.id, good.name, good.unit, good.base_price_usd_per_t)
            for good in base.materials
        ),
        places=tuple(
            Place(zone.code, zone.name, zone.x, zone.y, shape(zone.code)) for zone in base.zones
        ),
        coercer=scenario.coercer,
        target=scenario.target,
        first_material=material if material in materials else materials[0],
        first_zone=zone if zone in zones else zones[0],
        base=base,
    )
