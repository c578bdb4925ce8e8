"""Levers in force and the law that they make (ODD 7.0, 7.14), in plain lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.reference.court import BINDING
from world.levers import LADDER, LEVERS, ladder

if TYPE_CHECKING:
    from tests.reference.markets import Market
    from tests.reference.model import Reference
    from tests.reference.places import Zone

ANNOUNCED = ("ban_breadth", "listing", "scope_notice", "licence_duty", "export_quota")
NO_QUOTA = 3.0
ALL_GOODS = 4.0


class Levers:
    """Values by lever, row of the actor and place of the index."""

    def __init__(self, scenario: Any, regime: dict[str, Any]) -> None:
        self.zones, self.materials = list(scenario.zones), list(scenario.materials)
        self.coercer = self.zones.index(scenario.coercer)
        self.values = {name: array[0].tolist() for name, array in regime.items()}
        self.first_tax = list(self.values["export_tax"][self.coercer])  # in the base prices

    def of(self, name: str, zone: int, place: int = 0) -> float:
        return float(self.values[name][zone][place])

    def own(self, name: str, place: int = 0) -> float:
        """A lever of the coercer."""
        return float(self.values[name][self.coercer][place])

    def parts(self, full: str, value: float) -> list[tuple[str, int, float]]:
        """(lever, place, value) for every single setting that an order stands for."""
        name, _, index = full.partition(".")
        if name == LADDER:
            settings = ladder()[round(value)].settings
            whole = [(part, index, setting) for part, setting in settings.items()]
        else:
            whole = [(name, index, value)]
        single = []
        for part, where, setting in whole:
            kind = LEVERS[part].index
            names = {"": [""], "zone": self.zones, "material": self.materials}[kind]
            for place, one in enumerate(names):
                if where in ("", one) and not (kind == "zone" and place == self.coercer):
                    single.append((part, place, setting))
        return single

    def put(self, actor: str, full: str, value: float) -> None:
        row = self.zones.index(actor)
        for name, place, setting in self.parts(full, value):
            self.values[name][row][place] = float(setting)


def lay_down(model: Reference) -> None:
    """Writes the law that the levers make into markets, zones and hubs."""
    levers = model.levers
    model.clause = levers.own("third_country_clause")
    model.effort = levers.own("enforcement") * model.clause
    for zone in model.zones:
        zone.credit = levers.of("diversification_credit", zone.index)
        zone.ceiling = levers.of("dependence_ceiling", zone.index)
        zone.tracing = levers.of("origin_tracing", zone.index)
        zone.member = not zone.coercer and levers.of("forge_member", zone.index) > 0.0
    bound = model.bound = any(zone.case_stage == BINDING for zone in model.zones)
    for zone in model.zones:
        zone.ban = ban_on(model, zone)
    for market in model.markets:
        material, zone = market.material, market.zone
        z, m = zone.index, material.index
        market.breadth = market.duty = market.ad_valorem = market.floor = 0.0
        market.export_tax = market.covered = market.text = 0.0
        market.approval = levers.own("licence_approval", z) * levers.own("material_approval", m)
        market.approval = 1.0 if bound else market.approval
        market.border = 1.0 - levers.of("floor_form", z)
        if zone.coercer:
            continue
        if material.listed and levers.own("ban_scope", z) >= material.tier:
            listing = 0.0 if bound else levers.own("listing", z)
            market.covered = 1.0
            market.text = 1.0 - (1.0 - zone.ban) * (1.0 - listing)
            market.breadth = 1.0 - (1.0 - zone.stopped()) * (1.0 - listing)
        market.duty = levers.own("licence_duty", m) * (1.0 - levers.own("general_licence", z))
        tax = (1.0 + levers.own("export_tax", m)) / (1.0 + levers.first_tax[m]) - 1.0
        tariff = levers.of("tariff_on_coercer", z)
        market.ad_valorem = (1.0 + tax) * (1.0 + tariff) - 1.0
        market.export_tax = tax
        if not model.warming:  # the base year is observed without floors (5)
            floor = levers.of("floor_usd_per_kg", z, m)
            market.floor = 1000.0 * floor / material.base_price
    for material in model.materials:
        share_floor(material.markets)


def ban_on(model: Reference, zone: Zone) -> float:
    """Share of trade with a zone that a ban covers by its text; a ruling ends it."""
    bound = any(one.case_stage == BINDING for one in model.zones)
    return 0.0 if bound or zone.coercer else model.levers.own("ban_breadth", zone.index)


def notice_to(model: Reference, zone: Zone) -> float:
    return 0.0 if zone.coercer else model.levers.own("scope_notice", zone.index)


def share_floor(markets: list[Market]) -> None:
    """The highest border floor that two members carry holds for all of them (7.12)."""
    bloc = [market for market in markets if market.zone.member and market.border > 0.5]
    floors = sorted(market.floor for market in bloc)
    for market in bloc:
        market.floor = max(market.floor, floors[-2] if len(floors) > 1 else 0.0)


def announce(model: Reference, lever: str, value: float) -> None:
    """What firms hear of an order at once, before it binds (7.4)."""
    for name, place, setting in model.levers.parts(lever, value):
        if name not in ANNOUNCED:
            continue
        threat = max(0.0, 1.0 - setting) if name == "export_quota" else setting
        for market in model.markets:
            if market.zone.coercer:
                continue
            if name in ("ban_breadth", "listing", "scope_notice"):
                in_scope = model.levers.own("ban_scope", place) >= market.material.tier
                heard = market.zone.index == place and market.material.listed and in_scope
            else:
                heard = market.material.index == place
            if heard:
                market.announced = max(market.announced, threat)
