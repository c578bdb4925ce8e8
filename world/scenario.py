"""A scenario: where a game starts, what is dated in it, and what differs from the tables.

Scenarios are TOML files (``world/scenarios``); a user copies one, edits it and runs it by path.
What is read is checked whole, and what is wrong is said in one sentence with the path of the key.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from world.decisions import Order
from world.events import Event
from world.firms import Firm
from world.reading import LONGEST_SAID, guess, short, shortened
from world.toml_text import TomlError, tables_of
from world.units import DAYS_PER_YEAR

SHIPPED = Path(__file__).parent / "scenarios"
MOST_BYTES = 2**20  # of a scenario's file; those that are shipped have some thousands
SetValue = float | str
OWN_LOSSES, NO_BUFFERS, NETWORK = "model", "no-buffers", "network"
LEONTIEF = "leontief"
# by which method output is lost (ODD 7.13)
LOSSES = (OWN_LOSSES, NO_BUFFERS, LEONTIEF, "nri", "dir", NETWORK)
TO_THURSDAY = 3  # days from the Monday on which a week begins


class ScenarioError(ValueError):
    """A scenario that cannot be used; the text is one sentence with the path of the key."""


def year_of(date: datetime.date) -> float:
    """A date as a year and the part of it that has passed."""
    return date.year + (date.timetuple().tm_yday - 1) / DAYS_PER_YEAR


@dataclass(frozen=True)
class Question:
    """A what-if that a scenario has ready: levers held at other values from a week on."""

    words: dict[str, str]  # by language; English is always there
    levers: dict[str, float]  # "ACTOR.lever[.INDEX]" -> value
    week: int | None = None  # from which they hold; None for the week that is looked at


@dataclass(frozen=True, repr=False)
class Scenario:
    """A checked scenario. Weeks count from 0; week w begins on the Monday ``date(w)``."""

    id: str
    version: int
    title: str
    summary: str
    start: datetime.date
    weeks: int
    population: int  # who the firms are
    users: int  # industrial users
    materials: tuple[str, ...]
    zones: tuple[str, ...]
    hubs: tuple[str, ...]
    coercer: str
    target: str
    policies: dict[str, str]  # actor -> name of its default policy
    history: tuple[Order, ...]  # dated acts of seats
    events: tuple[Event, ...]
    parameters: dict[str, float]  # every parameter
    china_share: dict[str, float]  # "material.ZONE" -> true share of the coercer at the start
    levers: dict[str, float]  # "ACTOR.lever[.INDEX]" -> value in force from week 0
    held: tuple[str, ...]  # those of the levers that policies leave alone
    frozen_projects: bool
    states_hold: bool
    follow_history: bool
    options: dict[str, str]  # what charts show first: material, zone
    losses: str = OWN_LOSSES  # one of LOSSES
    warmup_from: datetime.date | None = None  # a Monday from which the warm-up plays dated acts
    before: tuple[Order, ...] = ()  # those acts, in weeks below 0
    before_events: tuple[Event, ...] = ()
    network_firms: int = 100_000  # of the network of firms, where losses are counted by it
    network_seed: int = 1  # which network of that size
    firms: dict[str, Firm] = field(default_factory=dict)  # firms with a seat
    affiliates: tuple[tuple[str, str], ...] = ()  # (material, hub) of plants of its firms
    questions: tuple[Question, ...] = ()
    allowance: bool = False  # whether states have a purse that binds (`world.purse`)
    variant: str = ""
    variants: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, SetValue] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    text: str = field(default="", repr=False, compare=False)  # the file as it was read

    def __repr__(self) -> str:
        return (
            f"<Scenario {self.name}, {self.title!r}: {self.weeks} weeks from {self.start}, "
            f"{len(self.materials)} materials, {len(self.zones)} zones, {self.users:,} users, "
            f"{len(self.overrides)} overrides>"
        )

    def date(self, week: int) -> datetime.date:
        """The Monday on which a week begins."""
        return self.start + datetime.timedelta(days=7 * week)

    def week_of(self, date: datetime.date) -> int:
        """The week in which what is dated holds: the one whose Thursday is the first on or after
        the date; negative before the start."""
        return (date - self.start).days // 7 + ((date - self.start).days % 7 > TO_THURSDAY)

    @property
    def opening(self) -> datetime.date:
        """The Monday of the base year's state: the start, or that of the past that is played."""
        return self.warmup_from or self.start

    @property
    def opening_week(self) -> int:
        """The week of that Monday, 0 or below."""
        return (self.opening - self.start).days // 7

    @property
    def start_year(self) -> float:
        """The opening as a year and the part of it that has passed."""
        return year_of(self.opening)

    @property
    def contract_year(self) -> float:
        """The same of the start, at which contracts of plants are in force."""
        return year_of(self.start)

    def at_rest(self) -> Scenario:
        """The same scenario without its past: it starts from the base year, nothing is dated
        before."""
        return replace(self, warmup_from=None, before=(), before_events=())

    @property
    def name(self) -> str:
        return f"{self.id}@{self.version}"

    @property
    def actors(self) -> tuple[str, ...]:
        """Zones and then firms with a seat."""
        return (*self.zones, *self.firms)

    @property
    def parties(self) -> tuple[str, ...]:
        """Zones with which the coercer has its quarrel: its target, and those that its dated acts
        aim at. A measure on anybody else is one on a customer who is no party to it."""
        measures = ("rung.", "ban_breadth.", "listing.")
        aimed = {
            act.lever.partition(".")[2]
            for act in (*self.before, *self.history)
            if act.actor == self.coercer and act.lever.startswith(measures)
        }
        return tuple(zone for zone in self.zones if zone == self.target or zone in aimed)

    @property
    def seat_kinds(self) -> dict[str, str]:
        """Kind of the seats that are no states: firm or refiner."""
        return {name: firm.kind for name, firm in self.firms.items()}

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of everything that a run depends on."""
        resolved = asdict(self)
        for told in (
            "title", "summary", "options", "questions", "variants", "overrides", "source", "text",
        ):  # fmt: skip
            del resolved[told]
        if self.losses != NETWORK:
            del resolved["network_firms"], resolved["network_seed"]
        if not self.firms:  # a run without such seats is what it was before there were any
            del resolved["firms"]
        if not self.allowance:  # the same for a purse
            del resolved["allowance"]
        if not self.affiliates:
            del resolved["affiliates"]
        if self.warmup_from is None:  # and the same for a past that is played
            for past in ("warmup_from", "before", "before_events"):
                del resolved[past]
        text = json.dumps(resolved, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def override(self, changes: Mapping[str, SetValue]) -> Scenario:
        """The same scenario with more ``set`` targets, checked anew; raises ScenarioError."""
        if not changes:
            return self
        return replace(resolve(self.source, {**self.overrides, **changes}), text=self.text)


def shipped() -> dict[str, Path]:
    """Scenarios that come with the game, by id, the default first."""
    paths = sorted(SHIPPED.glob("*.toml"), key=lambda path: (path.stem != "japan-2026", path.stem))
    return {path.stem: path for path in paths}


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """The tables of a TOML file and its text, or ScenarioError; a long file is not read."""
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise ScenarioError(
                f"{path} is too long for a scenario: at most {MOST_BYTES:,} bytes are read."
            )
        text = body.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        return tables_of(text), text
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror}.") from error
    except (TomlError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path} is not valid TOML: {error}.") from error


def find(name: str | Path) -> Path:
    """The file of a shipped scenario or of a path; raises ScenarioError that lists the known."""
    known = shipped()
    text = str(name)
    if text in known:
        return known[text]
    path = Path(text)
    # os.path takes any text: one that can be no name of a file is the name of none
    if path.suffix == ".toml" or os.path.exists(path):
        if os.path.isfile(path):
            return path
        raise ScenarioError(f"there is no scenario file {shortened(text)}.")
    return find_shipped(text)


def find_shipped(name: str) -> Path:
    """The file of a shipped scenario, for names that come from elsewhere: nothing but the list of
    them is looked at. Raises ScenarioError that lists the known."""
    known = shipped()
    if name in known:
        return known[name]
    raise ScenarioError(f"there is no scenario {short(name)}: {guess(name[:LONGEST_SAID], known)}")


def load_scenario(
    name: str | Path = "japan-2026", set: Mapping[str, SetValue] | None = None
) -> Scenario:
    """A shipped scenario by id or a user's by path, with ``set`` targets put in.

    Targets are levers (``USA.floor_usd_per_kg.ndpr_oxide``), parameters
    (``parameters.tracing_weeks``), shares (``china_share.dy_oxide.JPN``), policies
    (``policies.CHN``) and scenario keys (``population``, ``weeks``, ``users``, ``variant`` ...).
    Raises ScenarioError.
    """
    path = find(name)
    raw, text = read_toml(path)
    if "id" not in raw:
        raw["id"] = path.stem
        text = f'id = "{path.stem}"\n{text}'
    try:
        return replace(resolve(raw, set or {}), text=text)
    except ScenarioError as error:
        if path.stem in shipped() and path.parent == SHIPPED:
            raise
        raise ScenarioError(f"{path}: {error}") from None


def list_scenarios() -> list[Scenario]:
    """Every shipped scenario, the default first."""
    return [load_scenario(name) for name in shipped()]


def resolve(raw: Mapping[str, Any], changes: Mapping[str, SetValue]) -> Scenario:
    """A scenario from the tables of its file and ``set`` targets; raises ScenarioError."""
    from world.scenario_file import build  # pydantic is slow to import and only needed here

    return build(raw, changes)
