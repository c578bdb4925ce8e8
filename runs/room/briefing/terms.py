"""The small language in which dilemmas speak of numbers: ``good_share >= 0.5``, ``now + 0.25``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from runs.room.briefing.sight import HELD, KNOWN
from world.levers import Lever

COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
COUNT: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip
TERM = r"(-?\d+(?:\.\d+)?|[a-z_]+)"
CONDITION = re.compile(rf"{TERM} (>=|<=|>|<) {TERM}\Z")
VALUE = re.compile(rf"{TERM}(?: ([+*-]) {TERM})?\Z")


class TermError(ValueError):
    """A condition or a value that cannot be read; the text says what is wrong with it."""


class Condition(NamedTuple):
    """Two terms, each a number or the name of one, and how they must compare."""

    left: str
    how: str
    right: str

    def holds(self, facts: Mapping[str, float]) -> bool:
        """False also where the seat does not have one of the numbers."""
        left, right = (amount(one, facts) for one in (self.left, self.right))
        return left is not None and right is not None and COMPARE[self.how](left, right)


class Value(NamedTuple):
    """What a lever is to be set to: a term, or two that are counted together."""

    left: str
    how: str = ""
    right: str = ""

    def of(self, facts: Mapping[str, float], lever: Lever, now: float) -> float | None:
        """The value within the lever's range, on its step; None where a number is missing."""
        known = {**facts, HELD: now}
        found = amount(self.left, known)
        if found is not None and self.how:
            right = amount(self.right, known)
            found = None if right is None else COUNT[self.how](found, right)
        if found is None:
            return None
        steps = round(found / lever.step) * lever.step
        return round(min(max(steps, lever.low), lever.high), 6)


def condition(text: str) -> Condition:
    found = CONDITION.match(text)
    if found is None:
        raise TermError(f"{text!r} is no condition such as 'good_share >= 0.5'")
    _known(found[1], found[3])
    return Condition(found[1], found[2], found[3])


def value(text: str) -> Value:
    found = VALUE.match(text)
    if found is None:
        raise TermError(f"{text!r} is no value such as 'now + 0.25'")
    _known(*(one for one in (found[1], found[3]) if one not in (None, HELD)))
    return Value(found[1], found[2] or "", found[3] or "")


def amount(term: str, facts: Mapping[str, float]) -> float | None:
    """A number as it stands, or the one of that name."""
    return float(term) if _is_number(term) else facts.get(term)


def _known(*terms: str) -> None:
    unknown = [one for one in terms if not _is_number(one) and one not in KNOWN]
    if unknown:
        raise TermError(f"nothing is called {unknown[0]!r}")


def _is_number(term: str) -> bool:
    return term.lstrip("-")[:1].isdigit()
