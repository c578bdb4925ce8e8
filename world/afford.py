"""Orders against a purse: what they change, which value of them fits, and why one does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from world.levers import LADDER, LEVERS, Lever, expand_rung, ladder, place
from world.purse import WITHIN, Array, Purse, Settings
from world.units import USD_M

if TYPE_CHECKING:
    from world.scenario import Scenario

DIGITS = 7  # of a value on the steps of its lever


def ordered(
    plan: Scenario, actor: str, settings: Settings, full: str, value: float | Array
) -> Settings:
    """Settings after an order; where the value is NaN nothing moves."""
    name = full.partition(".")[0]
    if name == LADDER:
        known = np.nan_to_num(value)
        for part, setting in expand_rung(full, known).items():
            settings = ordered(
                plan, actor, settings, part, np.where(np.isnan(value), np.nan, setting)
            )
        return settings
    if name not in settings:
        return settings
    _, places = place(plan, actor, full)
    changed = settings[name].copy()
    wanted = np.broadcast_to(np.asarray(value, dtype=float), (len(changed),))[:, None]
    changed[:, places] = np.where(np.isnan(wanted), changed[:, places], wanted)
    return {**settings, name: changed}


def fitting(
    plan: Scenario, purse: Purse, before: Settings, full: str, wanted: Array
) -> Array:
    """(R,) the value nearest to what is wanted that fits, on the lever's steps.

    It lies between the value that stands and the one that is wanted; NaN where nothing fits, which
    only an order that means several places can meet.
    """
    name = full.partition(".")[0]
    if name == LADDER:
        return _rung_that_fits(plan, purse, before, full, wanted)
    if name not in before:
        return wanted
    lever, start = LEVERS[name], _standing(plan, purse, before, full)
    goal = np.where(np.isnan(wanted), start, wanted)
    most = int(np.ceil(np.abs(goal - start).max() / lever.step)) + 1
    low, high = np.zeros(len(goal), dtype=int), np.full(len(goal), most)
    while (low < high).any():  # the fewest steps given up; each luck by itself
        middle = (low + high) // 2
        value = _given_up(lever, start, goal, middle)
        fits = purse.fits(before, ordered(plan, purse.seat, before, full, value))
        low, high = np.where(fits, low, middle + 1), np.where(fits, middle, high)
        low = np.minimum(low, high)
    value = _given_up(lever, start, goal, high)
    fits = purse.fits(before, ordered(plan, purse.seat, before, full, value))
    return np.where(np.isnan(wanted) | ~fits, np.nan, value)


def _standing(plan: Scenario, purse: Purse, before: Settings, full: str) -> Array:
    """(R,) the value that stands; the lowest of the lever where its places differ."""
    name = full.partition(".")[0]
    _, places = place(plan, purse.seat, full)
    held = before[name][:, places]
    same = held.max(axis=-1) == held.min(axis=-1)
    return np.where(same, held[:, 0], LEVERS[name].low)


def _given_up(lever: Lever, start: Array, goal: Array, steps: NDArray[np.int64]) -> Array:
    """(R,) the goal after so many steps of the lever back towards the start."""
    place_ = (goal - lever.low) / lever.step
    up = goal >= start
    edge = np.where(up, np.ceil(place_ - WITHIN) - 1.0, np.floor(place_ + WITHIN) + 1.0)
    back = np.where(up, -1.0, 1.0) * (steps - 1)
    value = lever.low + lever.step * (edge + back)
    value = np.where(up, np.maximum(value, start), np.minimum(value, start))
    return np.where(steps == 0, goal, np.round(value, DIGITS))


def _rung_that_fits(
    plan: Scenario, purse: Purse, before: Settings, full: str, wanted: Array
) -> Array:
    """(R,) the highest step of the ladder up to the one that is wanted that fits, else NaN."""
    found = np.full(len(wanted), np.nan)
    for step in reversed(ladder()):
        value = np.where(wanted >= step.rung, float(step.rung), np.nan)
        after = ordered(plan, purse.seat, before, full, value)
        fits = purse.fits(before, after) & ~np.isnan(value) & np.isnan(found)
        found = np.where(fits, value, found)
    return found


@dataclass(frozen=True, slots=True)
class Overrun:
    """Why an order does not fit: ``takes`` of what is ``free``, in USD or points, and the value
    that would fit (None where nothing but what stands does)."""

    seat: str
    lever: str
    value: float
    kind: str  # money | capital
    takes: float
    free: float
    fits: float | None

    @property
    def text(self) -> str:
        """The refusal as one sentence."""
        unit = LEVERS[self.lever.partition(".")[0]].unit
        if self.kind == "money":
            free = f"{million(self.free)} are free"
            what = f"bind {million(self.takes)} more in the quarter, and {free}"
        else:
            what = (
                f"take {self.takes:g} of political capital, and {self.free:g} "
                f"{'is' if self.free == 1 else 'are'} free"
            )
        rest = (
            "it can stay as it is" if self.fits is None
            else f"{self.fits:.7g} ({unit}) would fit"
        )  # fmt: skip
        return f"{self.lever} of {self.seat} at {self.value:g} would {what}: {rest}."


def million(usd: float) -> str:
    """A sum in words."""
    return f"{usd / USD_M:,.1f} million USD"


def overrun(
    plan: Scenario, purse: Purse, before: Settings, full: str, value: float
) -> Overrun | None:
    """Why an order does not fit beside what is ordered already, or None; luck 0."""
    after = ordered(plan, purse.seat, before, full, value)
    if purse.fits(before, after)[0]:
        return None
    wanted = np.full(len(purse.points), float(value))
    fits = float(fitting(plan, purse, before, full, wanted)[0])
    stands = full.partition(".")[0] != LADDER and fits == _standing(plan, purse, before, full)[0]
    money, was = float(purse.money(after)[0]), float(purse.money(before)[0])
    if money > max(purse.allowance, was) + WITHIN:
        kind, takes, free = "money", money - was, max(0.0, purse.allowance - was)
    else:
        used = float(purse.used(before)[0])
        kind, takes = "capital", float(purse.used(after)[0]) - used
        free = max(0.0, float(purse.points[0]) - used)
    known = None if np.isnan(fits) or stands else fits
    return Overrun(purse.seat, full, float(value), kind, takes, free, known)


def after_all(
    plan: Scenario, purse: Purse, settings: Settings, orders: Iterable[tuple[str, float | Array]]
) -> Settings:
    """Settings after several orders of the seat, one after the other."""
    for full, value in orders:
        settings = ordered(plan, purse.seat, settings, full, value)
    return settings
