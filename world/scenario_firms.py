"""From the tables ``[firms.ID]`` of a scenario file to its firms with a seat.

A firm whose material, zone or plant the scenario leaves out has no seat in it, so a file may be cut
down to fewer materials as it stands. Names that no table knows are faults, told with their key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from world.firms import FICTIONAL, FIRM, REFINER, Firm
from world.levers import DATA, guess, read_rows
from world.scenario_form import FirmForm, ScenarioFile, fail, figure, known_codes

ID = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
NEEDS = {FIRM: ("material", "share"), REFINER: ("plant",)}
HIGHEST_SHARE = 0.9


class Site(NamedTuple):
    """A plant of the tables: where it stands, what it makes, and whether it may evade."""

    zone: str
    materials: tuple[str, ...]
    stage: str
    fictional: bool


@cache
def known_sites() -> dict[str, tuple[Site, ...]]:
    """Plants of the tables by name of plant and by company, one site a zone."""
    zones = {r["code"]: r["zone"] for r in read_rows(DATA / "countries.csv", ("code", "zone"))}
    columns = ("project", "company", "country", "material", "stage")
    found: dict[str, dict[str, Site]] = {}
    for table in ("capacity_projects", "model_plants"):
        for row in read_rows(DATA / f"{table}.csv", columns):
            zone = zones.get(row["country"], row["country"])
            for name in {row["project"], row["company"]} - {""}:
                old = found.setdefault(name, {}).get(zone)
                material = (*(old.materials if old else ()), row["material"])
                fictional = row.get("fictional") == "1" and (old is None or old.fictional)
                found[name][zone] = Site(zone, material, row["stage"], fictional)
    return {name: tuple(sites.values()) for name, sites in found.items()}


def read_firms(file: ScenarioFile) -> dict[str, Firm]:
    """The firms of a file that have a seat in it; raises ScenarioError."""
    firms: dict[str, Firm] = {}
    for name, form in file.firms.items():
        path = f"firms.{name}"
        _check(path, name, form, file.coercer)
        firm = _firm(path, name, form)
        if _has_a_place(firm, file):
            _check_pair(path, firm, firms)
            firms[name] = firm
    return firms


def _check(path: str, name: str, form: FirmForm, coercer: str) -> None:
    """The keys of one firm fit its kind, and their names are known."""
    if not ID.fullmatch(name):
        raise fail(path, "must be capitals with an underscore, such as KOR_BATTERY.")
    zones = known_codes()[1]
    if form.zone not in zones:
        raise fail(f"{path}.zone", f"{form.zone!r} is unknown: {guess(form.zone, zones)}")
    if form.zone == coercer:
        raise fail(f"{path}.zone", f"{coercer} is the coercer; seats are firms in other zones.")
    for key in ("material", "share", "plant"):
        wanted, given = key in NEEDS[form.kind], getattr(form, key) is not None
        if wanted and not given:
            raise fail(f"{path}.{key}", f"is missing: a {form.kind} needs it.")
        if given and not wanted:
            raise fail(f"{path}.{key}", f"is no key of a {form.kind}, only of other kinds.")
    if form.kind == FIRM and FICTIONAL not in form.title:
        raise fail(f"{path}.title", f"must say {FICTIONAL}: firms with a seat may evade.")


def _firm(path: str, name: str, form: FirmForm) -> Firm:
    if form.kind == FIRM:
        known = known_codes()[0]
        if form.material not in known:
            material = str(form.material)
            raise fail(f"{path}.material", f"{material!r} is unknown: {guess(material, known)}")
        share = figure(f"{path}.share", form.share, "share")
        if not 0 < share <= HIGHEST_SHARE:
            raise fail(f"{path}.share", f"must lie between 0 and {HIGHEST_SHARE:g}, not {share:g}.")
        return Firm(name, FIRM, form.title, form.zone, material=form.material, share=share)
    plant = str(form.plant)
    sites = known_sites()
    if plant not in sites:
        raise fail(f"{path}.plant", f"{plant!r} is unknown: {guess(plant, sites)}")
    here = [site for site in sites[plant] if site.zone == form.zone]
    if not here:
        others = ", ".join(site.zone for site in sites[plant])
        raise fail(f"{path}.zone", f"{plant} stands in {others}, not in {form.zone}.")
    if here[0].fictional and FICTIONAL not in form.title:
        raise fail(f"{path}.title", f"must say {FICTIONAL}: its plant is, and may evade.")
    return Firm(
        name, REFINER, form.title, form.zone, plant=plant, stage=here[0].stage,
        evader=here[0].fictional,
    )  # fmt: skip


def _has_a_place(firm: Firm, file: ScenarioFile) -> bool:
    """True if the scenario has the zone of a firm, and what it uses or makes."""
    if firm.zone not in file.zones:
        return False
    if firm.kind == FIRM:
        return firm.material in file.materials
    here = next(site for site in known_sites()[firm.plant] if site.zone == firm.zone)
    known = known_codes()[0]  # rows in sums such as all rare earths are split later
    return any(made in file.materials or made not in known for made in here.materials)


def _check_pair(path: str, firm: Firm, others: Mapping[str, Firm]) -> None:
    for other in others.values():
        if (firm.zone, firm.material, firm.plant) == (other.zone, other.material, other.plant):
            key = "material" if firm.kind == FIRM else "plant"
            raise fail(f"{path}.{key}", f"{other.id} has that seat already.")
