"""The dilemmas of the game as data: who may get which, when it comes up, and what answers set.

`runs/room/data/dilemmas.toml` holds them in the order in which they are asked. One that was asked
in the last turns waits behind the others; every kind of seat has some that need no occasion. Words
are ``dilemma.ID.ask`` and ``dilemma.ID.ANSWER`` of the catalogues.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from runs.room.briefing import terms
from runs.room.briefing.sight import COERCER, FIRM, HELD, REFINER, ROLES, Facts, Sight
from runs.room.say import Say
from world.levers import COERCER as OF_COERCER
from world.levers import LEVERS, STATE

DATA = Path(__file__).parents[1] / "data" / "dilemmas.toml"
PLACES = ("good", "zone", "target")  # what an answer's lever may be aimed at, as a word
GOODS = ("short", "hooked", "starved", "dear", "sought")
ZONES = ("warm", "leaky")
FEWEST, MOST = 2, 3  # answers
MEMORY = 3  # turns for which a dilemma that was asked waits
BUYS_STANDING = "hub_policing"  # which is worth something even where there is nobody to police


class DilemmaError(ValueError):
    """Dilemmas that cannot be; the text is one sentence that names the dilemma."""


@dataclass(frozen=True)
class Answer:
    """One ready answer: its name in the words, and values by lever; none leave all as it is."""

    id: str
    sets: Mapping[str, terms.Value]


@dataclass(frozen=True)
class Dilemma:
    """A question with its ready answers. ``good`` and ``zone`` say how the good and the country
    are chosen that it is about, "" for none."""

    id: str
    who: tuple[str, ...]
    when: tuple[terms.Condition, ...]
    answers: tuple[Answer, ...]
    good: str = ""
    zone: str = ""

    @property
    def always(self) -> bool:
        """Whether it needs no occasion."""
        return not self.when and not self.zone


@dataclass(frozen=True)
class Setting:
    """A lever that an answer moves."""

    lever: str
    value: float
    was: float


@dataclass(frozen=True)
class Asked:
    """A dilemma as one seat gets it in one turn: its answers as settings."""

    dilemma: Dilemma
    answers: Mapping[str, tuple[Setting, ...]]
    good: str | None
    zone: str | None
    facts: Facts


# --- from the file --------------------------------------------------------------------------------


@cache
def dilemmas(path: Path = DATA) -> tuple[Dilemma, ...]:
    """All dilemmas in their order; raises DilemmaError."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("dilemma", [])
    except tomllib.TOMLDecodeError as error:
        raise DilemmaError(f"{path.name} is no TOML: {error}.") from None
    found = tuple(_read(path, row) for row in rows)
    names = [one.id for one in found]
    if twice := next((one for one in names if names.count(one) > 1), None):
        raise DilemmaError(f"{path.name}: {twice} stands there twice.")
    for role in ROLES:
        if not any(role in one.who and one.always and not one.good for one in found):
            raise DilemmaError(f"{path.name}: a {role} has no dilemma that needs no occasion.")
    return found


def _read(path: Path, row: Mapping[str, Any]) -> Dilemma:
    name = str(row.get("id", "?"))
    where = f"{path.name}, {name}"
    try:
        found = Dilemma(
            name, tuple(row["who"]), tuple(terms.condition(one) for one in row.get("when", ())),
            tuple(
                Answer(one["id"], {lever: terms.value(text) for lever, text in one["set"].items()})
                for one in row["answer"]
            ),
            row.get("good", ""), row.get("zone", ""),
        )  # fmt: skip
    except terms.TermError as error:
        raise DilemmaError(f"{where}: {error}.") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise DilemmaError(f"{where}: this is missing or of a wrong kind: {error}.") from None
    if fault := _fault(found):
        raise DilemmaError(f"{where}: {fault}.")
    return found


def _fault(one: Dilemma) -> str | None:
    """What is wrong with a dilemma, as the end of a sentence."""
    if strange := next((role for role in one.who if role not in ROLES), None):
        return f"{strange!r} is no kind of seat"
    if not FEWEST <= len(one.answers) <= MOST:
        return f"it has {len(one.answers)} answers, {FEWEST} or {MOST} are wanted"
    if one.good not in ("", *GOODS) or one.zone not in ("", *ZONES):
        return f"no good or country is chosen as {one.good or one.zone!r}"
    for answer in one.answers:
        for full in answer.sets:
            name, _, place = full.partition(".")
            if name not in LEVERS:
                return f"there is no lever {name}"
            if bool(LEVERS[name].index) != bool(place) or place not in ("", *PLACES):
                return f"{full} does not say what {name} is aimed at"
            if (place in ("good", "zone")) and not getattr(one, place):
                return f"{full} names a {place}, and none is chosen"
            if lacks := next((role for role in one.who if not _has(role, name)), None):
                return f"a {lacks} does not have the lever {name}"
    return None


def _has(role: str, lever: str) -> bool:
    kind = role if role in (FIRM, REFINER) else OF_COERCER if role == COERCER else STATE
    return kind in LEVERS[lever].actors.split()


# --- in a turn ------------------------------------------------------------------------------------


def asked(sight: Sight, before: Sequence[str], known: Sequence[Dilemma] | None = None) -> Asked:
    """The dilemma of a seat in the turn to come; ``before`` are those of its last turns, the latest
    last. What was not asked lately comes first, and of that
    what has an occasion."""
    recent = list(before)[:-MEMORY - 1:-1]  # the latest first
    all_ = dilemmas() if known is None else known

    def wait(one: Dilemma) -> tuple[int, bool]:
        return MEMORY - recent.index(one.id) if one.id in recent else 0, one.always

    for one in sorted((one for one in all_ if sight.role in one.who), key=wait):
        if (found := fitted(sight, one)) is not None:
            return found
    raise DilemmaError(f"{sight.seat} has no dilemma in week {sight.public['week']}.")


def fitted(sight: Sight, one: Dilemma) -> Asked | None:
    """The dilemma where it comes up for a seat with at least two answers that differ."""
    good = sight.good(one.good) if one.good else None
    zone = sight.aim(one.zone) if one.zone else None
    if (one.good and good is None) or (one.zone and zone is None):
        return None
    facts = sight.facts(good, zone)
    if not all(condition.holds(facts) for condition in one.when):
        return None
    places = {"good": good or "", "zone": zone or "", "target": sight.plan.target}
    answers: dict[str, tuple[Setting, ...]] = {}
    for answer in one.answers:
        found = _settings(sight, answer, places, facts)
        if found is not None and found not in answers.values():
            answers[answer.id] = found
    fits = len(answers) >= FEWEST and any(answers.values())
    return Asked(one, answers, good, zone, facts) if fits else None


def _settings(
    sight: Sight, answer: Answer, places: Mapping[str, str], facts: Facts
) -> tuple[Setting, ...] | None:
    """What an answer moves today: nothing where it means to leave a lever alone that nobody has
    moved, None where it would move nothing though it is meant to."""
    found, rests = [], bool(answer.sets)
    for full, value in answer.sets.items():
        name, _, place = full.partition(".")
        lever = f"{name}.{places[place]}" if place else name
        was = sight.held(lever)
        lacks = lever in sight.own["lacks"] and name != BUYS_STANDING
        rests = rests and was == LEVERS[name].default and value.left != HELD
        if was is None or lacks:
            continue
        now = value.of(facts, LEVERS[name], was)
        if now is not None and abs(now - was) > LEVERS[name].step / 2:
            found.append(Setting(lever, now, was))
    return tuple(found) if found or rests or not answer.sets else None


def words(one: Asked, target: str, coercer: str) -> dict[str, Any]:
    """Values of the sentences of a dilemma."""
    values: dict[str, Any] = {"capital_b": coercer, "zone_b": coercer}
    values |= {"capital_c": target, "zone_c": target}
    if one.good is not None:
        values |= {"good": one.good, "share": one.facts["good_share"],
                   "times": one.facts["good_price"]}  # fmt: skip
    if one.zone is not None:
        values |= {"zone": one.zone, "capital": one.zone}
    return values


def ask_say(one: Asked, values: Mapping[str, Any]) -> Say:
    return Say(f"dilemma.{one.dilemma.id}.ask", values)


def answer_say(one: Asked, answer: str, values: Mapping[str, Any]) -> Say:
    return Say(f"dilemma.{one.dilemma.id}.{answer}", values)
