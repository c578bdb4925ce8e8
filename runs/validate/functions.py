"""The functions of the measure language, and how a tree becomes a number.

A selection is a series, a value a week. ``max``, ``min``, ``mean`` and ``sum`` make a number of it;
two series of the same weeks, or a series and a number, can be added, subtracted, multiplied,
divided and compared week by week. What has no value (nothing to divide by, a week that never comes,
a part that the model does not have) raises ``NoValue`` with the reason: its target is scored 0.
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runs.validate.frames import PANEL, TABLES, Run, check_select
from runs.validate.grammar import (
    Binary,
    Call,
    Compare,
    Filter,
    MeasureError,
    Minus,
    Node,
    Number,
    Select,
    Text,
    Word,
    calls,
    quotients,
    selections,
    show,
)
from world.levers import guess
from world.scenario import NETWORK, Scenario

Array = NDArray[np.float64]

SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
DAYS = 7


class NoValue(ValueError):
    """A measure that a run gives no value to; the text says why."""


@dataclass(frozen=True)
class Series:
    """A value a week (null where there is none) with the Thursdays and the first day that was asked
    for; of a comparison the values are 1 and 0."""

    values: Array
    days: list[datetime.date]
    first: datetime.date


Value = float | Series


@dataclass(frozen=True)
class Reading:
    """What a measure is read from: the runs, and for charts a selection that is scaled."""

    runs: Mapping[bool, Run]  # by whether it is the base run
    scaled: Select | None = None
    factor: float = 1.0


NO_RUN = Reading({})  # of which constants are read


def measured(tree: Node, runs: Mapping[bool, Run]) -> float:
    """The number of a measure; raises NoValue, or MeasureError where the rows are not there."""
    return float(number_of(tree, Reading(runs)))


def number_of(tree: Node, reading: Reading) -> float:
    value = value_of(tree, reading)
    if isinstance(value, Series):
        raise MeasureError(f"{show(tree)} is a series; a function such as mean makes it a number.")
    if not np.isfinite(value):
        raise NoValue(f"{show(tree)} has no value")
    return value


def value_of(tree: Node, reading: Reading) -> Value:
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Select):
        return series_of(tree, reading)
    if isinstance(tree, Minus):
        value = value_of(tree.of, reading)
        return _each(operator.neg, value)
    if isinstance(tree, Binary | Compare):
        left, right = value_of(tree.left, reading), value_of(tree.right, reading)
        return _joined(tree, left, right)
    if isinstance(tree, Call):
        return FUNCTIONS[tree.name].does(tree, reading)
    raise MeasureError(f"{show(tree)} cannot stand there; a number or a series is wanted.")


def series_of(select: Select, reading: Reading) -> Series:
    chosen = reading.runs[select.base].choose(select)
    values = chosen.weekly()
    if select is reading.scaled:
        values = values * reading.factor
    first = select.span.first if select.span else reading.runs[select.base].plan.start
    return Series(values, chosen.days, first)


def _each(do: Callable[[Any], Any], value: Value) -> Value:
    if isinstance(value, Series):
        return Series(np.asarray(do(value.values)), value.days, value.first)
    return float(do(value))


def _joined(tree: Binary | Compare, left: Value, right: Value) -> Value:
    """Two values by an operator, week by week where one is a series."""
    both = [one for one in (left, right) if isinstance(one, Series)]
    if len(both) == 2 and both[0].days != both[1].days:
        raise MeasureError(f"{show(tree)}: the two series are of different weeks.")
    a, b = (one.values if isinstance(one, Series) else one for one in (left, right))
    if tree.sign == "/":
        if not both and b == 0:
            raise NoValue(f"{show(tree)} divides by nothing")
        with np.errstate(divide="ignore", invalid="ignore"):
            result = np.where(np.asarray(b) == 0, np.nan, np.divide(a, b))
    else:
        with np.errstate(over="ignore", invalid="ignore"):
            result = SIGNS[tree.sign](a, b)
    if both:
        return Series(np.asarray(result, dtype=float), both[0].days, both[0].first)
    return float(result)


# --- functions --------------------------------------------------------------------------------


def _series(call: Call, place: int, reading: Reading) -> Series:
    value = value_of(call.arguments[place], reading)
    if not isinstance(value, Series):
        raise MeasureError(f"{show(call)}: a selection is wanted, not a number.")
    return value


def _reduce(does: Callable[[Array], Any]) -> Callable[[Call, Reading], float]:
    """One series, or several numbers, to one number."""

    def function(call: Call, reading: Reading) -> float:
        values = [value_of(one, reading) for one in call.arguments]
        parts = [one.values if isinstance(one, Series) else np.array([one]) for one in values]
        if len(parts) > 1 and any(isinstance(one, Series) for one in values):
            raise MeasureError(f"{show(call)}: one series or several numbers, not both.")
        whole = np.concatenate(parts)
        known = whole[np.isfinite(whole)]
        if not len(known):
            raise NoValue(f"{show(call)} has no values in these weeks")
        return float(does(known))

    return function


def _at(call: Call, reading: Reading) -> float:
    """A series in its one week, or in the first week in which a comparison holds."""
    series = _series(call, 0, reading)
    if len(call.arguments) == 2:
        when = _series(call, 1, reading)
        if when.days != series.days:
            raise MeasureError(f"{show(call)}: the two series are of different weeks.")
        holds = np.flatnonzero(when.values == 1)
        if not len(holds):
            raise NoValue(f"{show(call.arguments[1])} never holds")
        return float(series.values[holds[0]])
    if len(series.values) != 1:
        raise MeasureError(
            f"{show(call)} chooses {len(series.values)} weeks; name one day, such as 2025-05-30."
        )
    return float(series.values[0])


def _first_week(call: Call, reading: Reading) -> float:
    """Weeks from the first day that was asked for to the Thursday of the first week that holds."""
    series = _series(call, 0, reading)
    holds = np.flatnonzero(series.values == 1)
    if not len(holds):
        raise NoValue(f"{show(call.arguments[0])} never holds")
    return float((series.days[holds[0]] - series.first).days / DAYS)


def _share(call: Call, reading: Reading) -> float:
    """The sum of a part over the sum of the whole."""
    part, whole = (np.nansum(_series(call, place, reading).values) for place in (0, 1))
    if whole == 0:
        raise NoValue(f"{show(call)} divides by nothing: {show(call.arguments[1])} is 0 throughout")
    return float(part / whole)


def _rank(call: Call, reading: Reading) -> float:
    """Place of a row among those of its key, by the sum over the weeks; the largest is first."""
    select, place = call.arguments
    assert isinstance(select, Select)
    assert isinstance(place, Filter)
    chosen = reading.runs[select.base].choose(select)
    names = chosen.keys[place.key].astype(str)
    totals = {name: float(np.nansum(chosen.values[:, names == name])) for name in set(names)}
    if place.names[0] not in totals:
        raise MeasureError(f"{show(call)}: {place.names[0]} is not among the rows.")
    own = totals[place.names[0]]
    if own <= 0:
        raise NoValue(f"{show(call)}: {place.names[0]} has nothing")
    return float(1 + len([1 for other in totals.values() if other > own]))


def _firms(call: Call, reading: Reading) -> float:
    """What is told of the actors that meet a comparison on their panel rows."""
    word, test = call.arguments
    assert isinstance(word, Word)
    assert isinstance(test, Compare)
    assert isinstance(test.left, Select)
    assert isinstance(test.right, Number)
    chosen = reading.runs[test.left.base].choose(test.left)
    holds = np.asarray(SIGNS[test.sign](chosen.values, test.right.value), dtype=bool)
    if word.name == "count":
        return float(holds.any(axis=0).sum())
    if word.name == "share":
        return float(holds.mean(axis=1).max())
    weeks = np.flatnonzero(holds.any(axis=1))
    if not len(weeks):
        raise NoValue(f"{show(test)}: no actor ever does")
    first = int(weeks[0])
    if word.name == "first":
        start = test.left.span.first if test.left.span else reading.runs[False].plan.start
        return float((chosen.days[first] - start).days / DAYS)
    stayed = np.cumprod(holds[first:, holds[first]], axis=0).sum(axis=0)
    return float(np.median(stayed))


def _log(call: Call, reading: Reading) -> float:
    """The natural logarithm of a number above 0."""
    value = number_of(call.arguments[0], reading)
    if value <= 0:
        raise NoValue(f"{show(call)}: there is no logarithm of {value:g}")
    return float(np.log(value))


def _network(call: Call, reading: Reading) -> float:
    """What the network of firms tells: the mean share of the target's production that is lost in
    the weeks without all inputs from the coercer, or the share of firms whose failure costs at
    least a part of production."""
    word, more = call.arguments[0], call.arguments[1:]
    assert isinstance(word, Word)
    if word.name == SYSTEMIC:
        assert isinstance(more[0], Number)
        return reading.runs[False].systemic(more[0].value)
    run = reading.runs[bool(more)]
    if run.plan.losses != NETWORK:
        raise NoValue(f"{run.plan.id} counts losses without the network of firms")
    lost = run.lost_without_inputs()
    if not len(lost):
        raise NoValue(f"{show(call)}: inputs come in every week")
    return float(np.mean(lost))


def _missing(call: Call, reading: Reading) -> float:
    text = call.arguments[0]
    assert isinstance(text, Text)
    raise NoValue(text.text)


@dataclass(frozen=True)
class Function:
    """A function, its arguments in words, how many they are and their kinds by place."""

    does: Callable[[Call, Reading], float]
    wants: str
    least: int
    most: int
    kinds: tuple[tuple[type, ...], ...]  # the last of them repeats


VALUE = (Number, Select, Minus, Binary, Call)
TOLD = ("first", "length", "count", "share")  # by firms
LOST, SYSTEMIC = "lost", "systemic"  # by network
FUNCTIONS: dict[str, Function] = {
    "max": Function(_reduce(np.max), "a series, or numbers", 1, 20, (VALUE,)),
    "min": Function(_reduce(np.min), "a series, or numbers", 1, 20, (VALUE,)),
    "mean": Function(_reduce(np.mean), "a series, or numbers", 1, 20, (VALUE,)),
    "sum": Function(_reduce(np.sum), "a series, or numbers", 1, 20, (VALUE,)),
    "log": Function(_log, "a number", 1, 1, (VALUE,)),
    "at": Function(_at, "a series of one day, or a series and a comparison", 1, 2,
                   (VALUE, (Compare,))),
    "first_week": Function(_first_week, "a comparison", 1, 1, ((Compare,),)),
    "share": Function(_share, "a part and the whole", 2, 2, (VALUE, VALUE)),
    "rank": Function(_rank, "a selection and key=NAME", 2, 2, ((Select,), (Filter,))),
    "firms": Function(_firms, f"{', '.join(TOLD)} and a comparison of a column of {PANEL}", 2, 2,
                      ((Word,), (Compare,))),
    "network": Function(_network, f"{LOST}, or {LOST} and base, or {SYSTEMIC} and a number", 1, 2,
                        ((Word,), (Word, Number))),
    "missing": Function(_missing, "the reason in quotes", 1, 1, ((Text,),)),
}  # fmt: skip


# --- what can be told before anything is played ------------------------------------------------


def check(tree: Node, plan: Scenario, base: Scenario | None) -> None:
    """Raises MeasureError for names that the language or the scenario does not have."""
    for call in calls(tree):
        if call.name not in FUNCTIONS:
            raise MeasureError(f"{call.name!r} is no function: {guess(call.name, FUNCTIONS)}")
        _check_call(call)
        if call.name == "network":
            _check_network(call, plan, base)
    for select in selections(tree):
        if select.base and base is None:
            raise MeasureError(f"{show(select)} needs a base run, and base_set is empty.")
        if select.table == PANEL and not _told_by_firms(tree, select):
            raise MeasureError(f"{show(select)}: rows of {PANEL} are read by firms(...) alone.")
        check_select(select, base if select.base and base is not None else plan)
    for one in quotients(tree):
        if not selections(one.right) and not calls(one.right) and value_of(one.right, NO_RUN) == 0:
            raise MeasureError(f"{show(one)} divides by nothing in any run.")


def _check_call(call: Call) -> None:
    function = FUNCTIONS[call.name]
    if not function.least <= len(call.arguments) <= function.most:
        raise MeasureError(f"{show(call)}: {call.name} takes {function.wants}.")
    for place, argument in enumerate(call.arguments):
        kinds = function.kinds[min(place, len(function.kinds) - 1)]
        if not isinstance(argument, kinds):
            raise MeasureError(f"{show(call)}: {call.name} takes {function.wants}.")
    if call.name == "firms":
        word, test = call.arguments
        assert isinstance(word, Word)
        assert isinstance(test, Compare)
        if word.name not in TOLD:
            raise MeasureError(f"{show(call)}: firms tells {guess(word.name, TOLD)}")
        if not isinstance(test.left, Select) or not isinstance(test.right, Number):
            raise MeasureError(f"{show(call)}: firms compares one column of {PANEL} with a number.")
        if test.left.table != PANEL:
            raise MeasureError(f"{show(call)}: firms reads {PANEL}, not {test.left.table}.")
    if call.name == "rank":
        select, place_of = call.arguments
        assert isinstance(select, Select)
        assert isinstance(place_of, Filter)
        keys: Sequence[str] = TABLES[select.table].keys if select.table in TABLES else ()
        if keys and (place_of.key not in keys or len(place_of.names) != 1):
            raise MeasureError(
                f"{show(call)}: rank looks for one row: {guess(place_of.key, keys)}"
            )


def _check_network(call: Call, plan: Scenario, base: Scenario | None) -> None:
    word, more = call.arguments[0], call.arguments[1:]
    assert isinstance(word, Word)
    if word.name not in (LOST, SYSTEMIC):
        raise MeasureError(f"{show(call)}: network tells {guess(word.name, (LOST, SYSTEMIC))}")
    right = (
        len(more) == 1 and isinstance(more[0], Number) if word.name == SYSTEMIC
        else not more or more[0] == Word("base")
    )  # fmt: skip
    if not right:
        raise MeasureError(f"{show(call)}: network takes {FUNCTIONS['network'].wants}.")
    read = plan
    if word.name == LOST and more:
        if base is None:
            raise MeasureError(f"{show(call)} needs a base run, and base_set is empty.")
        read = base
    if read.losses != NETWORK:
        raise MeasureError(f"{show(call)}: {read.id} counts losses without the network of firms.")


def _told_by_firms(tree: Node, select: Select) -> bool:
    return any(
        select is one for call in calls(tree) if call.name == "firms" for one in selections(call)
    )


def needs_panel(tree: Node) -> bool:
    return any(select.table == PANEL for select in selections(tree))
