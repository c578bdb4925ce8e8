"""The one table of levers: what a seat can move, in which range, at what cost.

Order forms, ``--set``, orders files, tooltips, the README and any script are made from this table
(``world/data/levers.csv``) and from the ladder (``world/data/rungs.csv``). A lever's full name is
``lever`` or ``lever.INDEX``; where the actor is not known from elsewhere it stands in front, as in
``USA.floor_usd_per_kg.ndpr_oxide``. Without its index a lever means every index at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from world.firms import FIRM, REFINER
from world.reading import TableError as TableError
from world.reading import guess as guess
from world.reading import number_in as number_in
from world.reading import numbered_rows as numbered_rows
from world.reading import read_rows as read_rows
from world.reading import short
from world.sums import mean_of

if TYPE_CHECKING:
    from world.scenario import Scenario

Array = NDArray[np.float64]
Regime = dict[str, Array]

DATA = Path(__file__).parent / "data"
COERCER, STATE = "coercer", "state"
LADDER = "rung"  # a lever that stands for the settings of a step of the ladder
KINDS = frozenset({COERCER, STATE, FIRM, REFINER})
MONEY = frozenset({"", "running", "once", "turns"})
WHOLE_UNITS = frozenset({"flag", "form", "rung", "tier", "step", "terms", "weeks", "frame"})


@dataclass(frozen=True, slots=True)
class Lever:
    """One row of the lever table; ``low``, ``high``, ``default`` and ``step`` are in ``unit``."""

    name: str
    actors: str  # kinds of actor that have it: coercer | state | firm | refiner | firm refiner
    index: str  # "" | zone | material
    unit: str
    low: float
    high: float
    default: float
    step: float
    delay_weeks: int
    group: str
    announces: bool  # firms hear of it before it binds
    cost: str
    meaning: str
    # what it takes of an allowance (`world.purse`)
    money: str = ""  # running | once | turns: by the quarter, by purchase, through another lever
    capital: float = 0.0  # points of political capital for every `capital_step` of a change
    capital_step: float = math.inf

    @property
    def of_firms(self) -> bool:
        """True for levers of firms with a seat, whose rows in the regime are firms."""
        return self.actors not in (COERCER, STATE)

    @property
    def whole(self) -> bool:
        """True for flags, tiers, steps and weeks, which take whole numbers only."""
        return self.unit in WHOLE_UNITS

    def fault(self, value: Any, name: str) -> str | None:
        """What is wrong with a value of this lever, as a sentence that names the range."""
        number = real(value)
        if math.isnan(number):
            return f"{name} needs a number between {self.range_text}, {short(value)} is none."
        if not self.low <= number <= self.high:
            return f"{name} must lie between {self.range_text}, {number:g} was given."
        if self.whole and number % 1:
            return f"{name} takes whole numbers between {self.range_text}, not {number:g}."
        return None

    @property
    def range_text(self) -> str:
        return f"{self.low:g} and {self.high:g} ({self.unit})"


@dataclass(frozen=True, slots=True)
class LeverName:
    """The parts of ``ACTOR.lever[.INDEX]``; ``index`` is "" where every index is meant."""

    actor: str
    lever: str
    index: str

    @property
    def full(self) -> str:
        return full_name(self.lever, self.index)


class Rung(NamedTuple):
    """A step of the escalation ladder; ``settings`` are values of the coercer's zone levers."""

    rung: int
    name: str
    settings: dict[str, float]
    cost_coercer_share: float  # of its GDP a year
    cost_target_share: float
    signal: float  # threat that firms read into the step, 0 to 1
    ambiguity: float  # room that its text leaves for what is said of it, 0 to 1
    source: str


def load_levers(path: Path = DATA / "levers.csv") -> dict[str, Lever]:
    """The lever table in the order of the file; raises TableError."""
    numbers = ("low", "high", "default", "step")
    texts = ("lever", "actors", "index", "unit", "group", "cost", "meaning")
    levers: dict[str, Lever] = {}
    for row, fields in numbered_rows(path, (*texts, *numbers, "delay_weeks")):
        low, high, default, step = (number_in(path, row, name, fields[name]) for name in numbers)
        name = fields["lever"]
        if not fields["actors"] or not set(fields["actors"].split()) <= KINDS:
            raise TableError(f"{path} row {row}, column actors: {fields['actors']!r} is unknown.")
        if fields["index"] not in ("", "zone", "material"):
            raise TableError(f"{path} row {row}, column index: {fields['index']!r} is unknown.")
        if not low <= default <= high:
            raise TableError(f"{path} row {row}, column default: {default:g} is out of range.")
        if name in levers:
            raise TableError(f"{path} row {row}, column lever: {name} stands there twice.")
        levers[name] = Lever(
            name, fields["actors"], fields["index"], fields["unit"], low, high, default, step,
            int(number_in(path, row, "delay_weeks", fields["delay_weeks"])),
            fields["group"], fields.get("announces") == "1", fields["cost"], fields["meaning"],
            *_purse_of(path, row, fields),
        )  # fmt: skip
    return levers


def _purse_of(path: Path, row: int, fields: Mapping[str, str]) -> tuple[str, float, float]:
    """What a lever takes of an allowance: kind of money, points, and the change they are for."""
    money = fields.get("money", "")
    if money not in MONEY:
        raise TableError(f"{path} row {row}, column money: {money!r} is unknown.")
    points, change = fields.get("capital", ""), fields.get("capital_step", "")
    if not points and not change:
        return money, 0.0, math.inf
    capital = number_in(path, row, "capital", points)
    step = number_in(path, row, "capital_step", change)
    if capital <= 0 or step <= 0:
        column = "capital" if capital <= 0 else "capital_step"
        raise TableError(f"{path} row {row}, column {column}: it must be above 0.")
    return money, capital, step


LEVERS: dict[str, Lever] = load_levers()


@cache
def ladder(path: Path = DATA / "rungs.csv") -> tuple[Rung, ...]:
    """The steps of the ladder from the mildest up; raises TableError."""
    costs = ("cost_coercer_share", "cost_target_share", "signal", "ambiguity")
    rungs: list[Rung] = []
    for row, fields in numbered_rows(path, ("rung", "name", *costs, "source")):
        names = [name for name in fields if name in LEVERS and name != LADDER]
        settings = {name: number_in(path, row, name, fields[name]) for name in names}
        for name, value in settings.items():
            if fault := LEVERS[name].fault(value, name):
                raise TableError(f"{path} row {row}, column {name}: {fault}")
        if fields["rung"] != str(len(rungs)):
            raise TableError(f"{path} row {row}, column rung: steps count up from 0.")
        own, target, signal, vague = (number_in(path, row, name, fields[name]) for name in costs)
        number, name = len(rungs), fields["name"]
        rungs.append(
            Rung(number, name, settings, own, target, signal, vague, fields["source"])
        )
    return tuple(rungs)


def real(value: object) -> float:
    """A number as a float, infinite where it is too large for one; NaN for what is no number."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf  # type: ignore[operator]


def full_name(lever: str, index: str = "") -> str:
    """``lever.INDEX``, or ``lever`` where there is none."""
    return f"{lever}.{index}" if index else lever


def parse(text: str) -> LeverName:
    """``ACTOR.lever[.INDEX]`` in its parts, unchecked; ValueError where a part is missing."""
    actor, _, rest = text.partition(".")
    lever, _, index = rest.partition(".")
    if not actor or not lever:
        raise ValueError(f"{text!r} is not of the form ACTOR.lever or ACTOR.lever.INDEX.")
    return LeverName(actor, lever, index)


def kind_of(scenario: Scenario, actor: str) -> str:
    """coercer, state, firm or refiner; empty for who is no actor of the scenario."""
    if actor in scenario.firms:
        return scenario.firms[actor].kind
    if actor not in scenario.zones:
        return ""
    return COERCER if actor == scenario.coercer else STATE


def levers_of(scenario: Scenario, actor: str) -> dict[str, Lever]:
    """The levers that an actor of the scenario has; empty for who is no actor."""
    kind, firm = kind_of(scenario, actor), scenario.firms.get(actor)
    return {
        name: lever
        for name, lever in LEVERS.items()
        if kind in lever.actors.split() and not (firm and firm.lacks(name, scenario.target))
    }


def indices(scenario: Scenario, lever: Lever) -> tuple[str, ...]:
    """What the lever may be aimed at; a coercer's zone levers do not point at itself."""
    if lever.index == "zone":
        return tuple(zone for zone in scenario.zones if zone != scenario.coercer)
    return scenario.materials if lever.index == "material" else ()


def name_fault(scenario: Scenario, actor: object, full: object) -> str | None:
    """What is wrong with ``lever[.INDEX]`` in the hands of an actor, as one sentence."""
    if not isinstance(actor, str) or actor not in scenario.actors:
        return f"{short(actor)} is no actor of {scenario.id}: {guess(str(actor), scenario.actors)}"
    if not isinstance(full, str):
        return f"{short(full)} is no lever: {guess('', levers_of(scenario, actor))}"
    name, _, index = full.partition(".")
    lever = LEVERS.get(name)
    own = levers_of(scenario, actor)
    if lever is None:
        return f"{name!r} is no lever: {guess(name, own)}"
    if name not in own:
        return f"{actor} does not have the lever {name}{_not_its_own(scenario, actor, lever)}."
    if index and not lever.index:
        return f"{name} of {actor} takes no index, {index!r} was given."
    known = indices(scenario, lever)
    if index and index not in known:
        return f"{full} of {actor} aims at an unknown {lever.index}: {guess(index, known)}"
    return None


def _not_its_own(scenario: Scenario, actor: str, lever: Lever) -> str:
    """The end of a sentence on a lever of somebody else."""
    if kind_of(scenario, actor) in lever.actors.split():
        return f": {scenario.firms[actor].lacks(lever.name, scenario.target)}"
    owners = {
        COERCER: scenario.coercer, STATE: f"states but {scenario.coercer}", FIRM: "firms",
        REFINER: "refiners",
    }  # fmt: skip
    return f", which belongs to {' and '.join(owners[kind] for kind in lever.actors.split())}"


def value_fault(
    actor: str, full: str, value: float, scenario: Scenario | None = None
) -> str | None:
    """What is wrong with the value of a known lever, as one sentence that names the range.

    With the scenario also what a firm may not be told, such as a real one to evade.
    """
    name = full.partition(".")[0]
    fault = LEVERS[name].fault(value, f"{full} of {actor}")
    firm = scenario.firms.get(actor) if scenario is not None else None
    return fault or (firm.refuses(name, float(value)) if firm else None)


def row_of(scenario: Scenario, actor: str) -> int:
    """The row of an actor in the regime: its place among the zones, or among the firms."""
    rows = tuple(scenario.firms) if actor in scenario.firms else scenario.zones
    return rows.index(actor)


def place(scenario: Scenario, actor: str, full: str) -> tuple[int, list[int]]:
    """Row and places of a lever in ``regime[lever][:, row, places]``; every index if none is named.

    For a coercer's zone lever the places are rows of ``scenario.zones`` without its own.
    """
    name, _, index = full.partition(".")
    lever = LEVERS[name]
    row = row_of(scenario, actor)
    if not lever.index:
        return row, [0]
    axis = scenario.zones if lever.index == "zone" else scenario.materials
    wanted = (index,) if index else indices(scenario, lever)
    return row, [axis.index(one) for one in wanted]


def set_lever(
    regime: Regime, scenario: Scenario, actor: str, full: str, value: float | Array
) -> None:
    """Puts a checked value, a number or one per replicate (R,), into the regime in place."""
    name = full.partition(".")[0]
    if name == LADDER:
        for part, setting in expand_rung(full, value).items():
            set_lever(regime, scenario, actor, part, setting)
        return
    row, places = place(scenario, actor, full)
    regime[name][:, row, places] = np.asarray(value, dtype=float).reshape(-1, 1)


def get_lever(regime: Regime, scenario: Scenario, actor: str, full: str) -> Array:
    """The value in force, (R,); the mean over indices where the name has none."""
    name = full.partition(".")[0]
    row, places = place(scenario, actor, full)
    if name == LADDER:
        steps = [current_rung(regime, scenario, scenario.zones[z]) for z in places]
        return mean_of(np.stack(steps, axis=-1), axis=-1) if steps else np.zeros(1)
    return np.asarray(mean_of(regime[name][:, row, places], axis=-1), dtype=float)


def default_regime(scenario: Scenario, replicates: int = 1) -> Regime:
    """Every lever but the ladder as (R, Z, I) with I = 1, Z or M, as it stands in week 0.

    Row z of the second axis belongs to the actor ``scenario.zones[z]``, or to the firm in that
    place for levers of firms, (R, F, 1) with one row more where there is no firm. The scenario's
    own settings are in, bare names first, so that a setting with an index wins.
    """
    sizes = {"": 1, "zone": len(scenario.zones), "material": len(scenario.materials)}
    zones, firms = len(scenario.zones), max(1, len(scenario.firms))
    regime = {
        name: np.full(
            (replicates, firms if lever.of_firms else zones, sizes[lever.index]), lever.default
        )
        for name, lever in LEVERS.items()
        if name != LADDER
    }
    # the ladder first: a single measure that is set beside it is the more precise statement
    for text in sorted(scenario.levers, key=lambda t: (parse(t).lever != LADDER, t.count("."))):
        name = parse(text)
        set_lever(regime, scenario, name.actor, name.full, scenario.levers[text])
    return regime


def expand_rung(full: str, value: float | Array) -> dict[str, Array]:
    """The settings, by full lever name, that an order on the ladder such as rung.JPN stands for.

    ``value`` is a step or one per replicate (R,), and so are the settings.
    """
    index = full.partition(".")[2]
    steps = ladder()
    chosen = np.rint(np.asarray(value, dtype=float)).astype(int)
    return {
        full_name(name, index): np.array([step.settings[name] for step in steps])[chosen]
        for name in steps[0].settings
    }


def current_rungs(regime: Mapping[str, Array], scenario: Scenario) -> Array:
    """The highest step towards each zone all of whose settings are met or exceeded, (R, Z).

    The direction in which a setting gets harsher is read from the ends of the ladder. The scope
    of a ban says nothing where the step has no ban. The coercer's own is 0.
    """
    row = scenario.zones.index(scenario.coercer)
    names, rungs, least, sign = _ladder_table()
    held = np.stack([regime[name][:, row, :] for name in names], axis=-1) * sign
    met = (held[:, :, None, :] >= least - 1e-9).all(axis=-1)
    step = np.where(met, rungs, 0.0).max(axis=-1)
    step[:, row] = 0.0
    return np.asarray(step)


def current_rung(regime: Mapping[str, Array], scenario: Scenario, zone: str) -> Array:
    """The same towards one zone, (R,)."""
    return current_rungs(regime, scenario)[:, scenario.zones.index(zone)]


@cache
def _ladder_table() -> tuple[tuple[str, ...], Array, Array, Array]:
    """(levers, steps (S,), what each step asks of each lever (S, N), sign by which it rises)."""
    steps = ladder()
    mildest, harshest = steps[0].settings, steps[-1].settings
    names = tuple(mildest)
    sign = np.array([1.0 if harshest[name] >= mildest[name] else -1.0 for name in names])
    least = sign * np.array([[step.settings[name] for name in names] for step in steps])
    for row, step in enumerate(steps):
        if not step.settings.get("ban_breadth") and "ban_scope" in names:
            least[row, names.index("ban_scope")] = -np.inf
    return names, np.array([float(step.rung) for step in steps]), least, sign


def lever_rows(
    scenario: Scenario, actor: str | None = None, every_index: bool = True
) -> list[dict[str, str | float]]:
    """One row per actor, lever and index, or per lever with its kind of index in brackets."""
    rows: list[dict[str, str | float]] = []
    for who in scenario.actors if actor is None else (actor,):
        for lever in levers_of(scenario, who).values():
            known = indices(scenario, lever) if every_index else (f"<{lever.index}>",)
            for index in known if lever.index else ("",):
                rows.append(
                    {
                        "actor": who,
                        "lever": full_name(lever.name, index),
                        "unit": lever.unit,
                        "low": lever.low,
                        "high": lever.high,
                        "default": lever.default,
                        "cost": lever.cost,
                        "meaning": lever.meaning,
                    }
                )
    return rows
