"""The form of a scenario file: its keys with their types, and the names that must be known.

Imported only when a scenario is read, since pydantic is slow to import. Every message starts with
the path of the key.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from world.levers import DATA, full_name, guess, read_rows
from world.reading import short
from world.scenario import LOSSES, OWN_LOSSES, Scenario, ScenarioError

WORLD = "WLD"  # a sum in the fact tables, no place
FIGURE_KEYS = {"value", "unit", "source", "note"}
MOST_QUESTIONS = 12
LAST_WEEK = 10_000  # of what is dated; later ones have no date that a calendar knows
LONGEST_PAST = 260  # weeks that a warm-up plays, five years
FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)  # of a start
Code = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Chart(Strict):
    material: str = ""
    zone: str = ""


class Act(Strict):
    """A dated act of a seat: an order of the past."""

    date: datetime.date | None = None
    week: int | None = None
    announced: datetime.date | None = None
    actor: str
    lever: str
    value: float | dict[str, Any]
    why: str = ""
    source: str = ""
    variant: str = ""


class Happening(BaseModel):
    """A dated event; the fields of its kind stand beside the fixed ones."""

    model_config = ConfigDict(extra="allow", strict=True)

    date: datetime.date | None = None
    week: int | None = None
    kind: str
    actor: str = ""
    target: str = ""
    text: str = ""
    source: str = ""
    variant: str = ""


class WhatIf(Strict):
    """A ready question: which levers are held from when on, in the words of each language."""

    date: datetime.date | None = None
    week: int | None = None
    levers: Annotated[dict[str, dict[str, Any]], Field(min_length=1)]
    words: dict[str, Annotated[str, Field(min_length=1, max_length=120)]]
    variant: str = ""


class FirmForm(Strict):
    """A firm with a seat; which keys it needs follows from its kind."""

    kind: Literal["firm", "refiner"]
    title: str
    zone: Code
    material: str | None = None
    share: Any = None
    plant: str | None = None
    source: str = ""


class ScenarioFile(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    version: Annotated[int, Field(ge=1)] = 1
    title: str
    summary: str
    start: Annotated[datetime.date, Field(ge=FIRST_DAY, le=LAST_DAY)]
    warmup_from: Annotated[datetime.date, Field(ge=FIRST_DAY, le=LAST_DAY)] | None = None
    weeks: Annotated[int, Field(ge=1, le=2600)]
    population: Annotated[int, Field(ge=0, le=2**62)] = 1
    users: Annotated[int, Field(ge=1, le=10_000_000)] = 10_000
    materials: Annotated[list[str], Field(min_length=1)]
    zones: Annotated[list[Code], Field(min_length=2)]
    hubs: list[Code] = []
    affiliates: list[str] = []
    coercer: Code = "CHN"
    target: Code = "JPN"
    frozen_projects: bool = False
    states_hold: bool = False
    follow_history: bool = True
    allowance: bool = False
    losses: str = OWN_LOSSES
    network_firms: Annotated[int, Field(ge=500, le=1_000_000)] = 100_000
    network_seed: Annotated[int, Field(ge=0, le=2**62)] = 1
    variant: str = ""
    variants: dict[str, str] = {}
    chart: Chart = Chart()
    firms: dict[str, FirmForm] = {}
    policies: dict[str, str] = {}
    parameters: dict[str, Any] = {}
    china_share: dict[str, dict[str, Any]] = {}
    levers: dict[str, dict[str, Any]] = {}
    history: list[Act] = []
    events: list[Happening] = []
    what_if: Annotated[list[WhatIf], Field(max_length=MOST_QUESTIONS)] = []


Dated = Act | Happening | WhatIf


def fail(path: str, sentence: str) -> ScenarioError:
    return ScenarioError(f"{path}: {sentence}")


def parsed(tables: Mapping[str, Any]) -> ScenarioFile:
    """The file in its form; the first fault that pydantic finds becomes a sentence."""
    try:
        return ScenarioFile.model_validate(dict(tables))
    except ValidationError as error:
        first = error.errors()[0]
        path = ""
        for part in first["loc"]:
            if part in ("float", "dict[str,any]"):  # branches of a union are no keys
                break
            path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
        if first["type"] == "extra_forbidden":
            inner: dict[Any, type[BaseModel]] = {
                "history": Act, "chart": Chart, "firms": FirmForm, "what_if": WhatIf,
            }  # fmt: skip
            model = inner[first["loc"][0]] if len(first["loc"]) > 1 else ScenarioFile
            raise fail(path, f"is an unknown key: {guess(str(part), model.model_fields)}") from None
        if first["type"] == "missing":
            raise fail(path, "is missing.") from None
        got = "" if isinstance(first["input"], dict | list) else f", not {short(first['input'])}"
        sentence = first["msg"].replace("Input should be", "must be")
        raise fail(path, f"{sentence[0].lower()}{sentence[1:]}{got}.") from None


@cache
def known_codes() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Materials with a market and zones that the fact tables know."""
    materials = read_rows(DATA / "materials.csv", ("id", "kind"))
    countries = read_rows(DATA / "countries.csv", ("code", "zone"))
    return (
        tuple(row["id"] for row in materials if row["kind"] == "market"),
        tuple(dict.fromkeys(row["zone"] for row in countries if row["zone"] != WORLD)),
    )


def check_names(file: ScenarioFile) -> None:
    """Materials and zones are known and named once; coercer, target and hubs are zones."""
    known_materials, known_zones = known_codes()
    for path, names, known in (
        ("materials", file.materials, known_materials),
        ("zones", file.zones, known_zones),
        ("hubs", file.hubs, file.zones),
    ):
        for i, name in enumerate(names):
            if name not in known:
                raise fail(f"{path}[{i}]", f"{name!r} is unknown: {guess(name, known)}")
            if name in names[:i]:
                raise fail(f"{path}[{i}]", f"{name} stands there twice.")
    for path, name in (("coercer", file.coercer), ("target", file.target)):
        if name not in file.zones:
            raise fail(path, f"{name!r} is no zone of the scenario: {guess(name, file.zones)}")
    if file.target == file.coercer:
        raise fail("target", f"{file.target} cannot be coercer and target at once.")
    if file.coercer in file.hubs:
        raise fail("hubs", f"{file.coercer} is the coercer; its smugglers need no entry.")
    if file.target in file.hubs:
        raise fail("hubs", f"{file.target} is the target, to which hubs pass goods on.")
    for i, name in enumerate(file.affiliates):
        material, _, hub = name.partition(".")
        for part, known in ((material, file.materials), (hub, file.hubs)):
            if part not in known:
                raise fail(f"affiliates[{i}]", f"{part!r} is unknown: {guess(part, known)}")
        if name in file.affiliates[:i]:
            raise fail(f"affiliates[{i}]", f"{name} stands there twice.")
    if file.start.weekday() != 0:
        monday = file.start - datetime.timedelta(days=file.start.weekday())
        raise fail("start", f"{file.start} is no Monday; the one before is {monday}.")
    if file.warmup_from is not None:
        check_past(file.warmup_from, file.start)
    if file.losses not in LOSSES:
        raise fail("losses", f"{file.losses!r} is no method: {guess(file.losses, LOSSES)}")
    if file.variant and file.variant not in file.variants:
        raise fail("variant", f"{file.variant!r} is unknown: {guess(file.variant, file.variants)}")
    for path, name, known in (
        ("chart.material", file.chart.material, tuple(file.materials)),
        ("chart.zone", file.chart.zone, tuple(file.zones)),
    ):
        if name and name not in known:
            raise fail(path, f"{name!r} is unknown: {guess(name, known)}")


def check_past(begin: datetime.date, start: datetime.date) -> None:
    """The past that a warm-up plays begins on a Monday before the start, not too long before."""
    if begin.weekday() != 0:
        monday = begin - datetime.timedelta(days=begin.weekday())
        raise fail("warmup_from", f"{begin} is no Monday; the one before is {monday}.")
    weeks = (start - begin).days // 7
    if not 1 <= weeks <= LONGEST_PAST:
        raise fail(
            "warmup_from",
            f"{begin} lies {weeks} weeks before the start; 1 to {LONGEST_PAST} can be played.",
        )


def number_of(path: str, node: object) -> float:
    """A finite number, also from the text of the command line; raises ScenarioError."""
    try:
        value = math.nan if isinstance(node, bool) else float(node)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise fail(path, f"must be a finite number, not {short(node)}.")
    return value


def figure(path: str, node: object, unit: str) -> float:
    """A number, or a table {value, unit, source, note} whose unit must be the right one."""
    if not isinstance(node, dict):
        return number_of(path, node)
    for key in node:
        if key not in FIGURE_KEYS:
            raise fail(f"{path}.{key}", f"is an unknown key: {guess(key, sorted(FIGURE_KEYS))}")
    if "value" not in node:
        raise fail(f"{path}.value", "is missing.")
    if node.get("unit", unit) != unit:
        raise fail(f"{path}.unit", f"{short(node['unit'])} is the wrong unit, this is in {unit}.")
    return number_of(f"{path}.value", node["value"])


def named_levers(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Figures by ``ACTOR.lever[.INDEX]`` from tables of actors, levers and perhaps indices."""
    found: dict[str, Any] = {}
    for actor, table in tables.items():
        for name, node in table.items():
            branches = isinstance(node, dict) and not FIGURE_KEYS & set(node)
            for index, leaf in node.items() if branches else (("", node),):
                found[f"{actor}.{full_name(name, index)}"] = leaf
    return found


def week_of(path: str, entry: Dated, bare: Scenario) -> int:
    """The week of a dated entry; raises ScenarioError before the start and far ahead."""
    if (entry.date is None) == (entry.week is None):
        raise fail(f"{path}.date", "give either a date or a week.")
    if entry.date is not None:
        if entry.date < bare.opening:
            first = "start" if bare.warmup_from is None else "warm-up"
            raise fail(f"{path}.date", f"{entry.date} lies before the {first}, {bare.opening}.")
        week = bare.week_of(entry.date)
        if week > LAST_WEEK:
            raise fail(f"{path}.date", f"{entry.date} lies more than {LAST_WEEK} weeks ahead.")
        return week
    assert entry.week is not None
    if entry.week < 0:
        raise fail(f"{path}.week", f"{entry.week} lies before the start, week 0.")
    if entry.week > LAST_WEEK:
        raise fail(f"{path}.week", f"{entry.week} must be {LAST_WEEK} or less.")
    return entry.week


def in_variant(path: str, entry: Dated, file: ScenarioFile) -> bool:
    if entry.variant and entry.variant not in file.variants:
        raise fail(
            f"{path}.variant",
            f"{entry.variant!r} is unknown: {guess(entry.variant, file.variants)}",
        )
    return entry.variant in ("", file.variant)
