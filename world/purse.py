"""An allowance: what a seat may bind in a quarter, what is bound, new and free (ODD 7.21).

Where a scenario has ``allowance``, every state has so much money a quarter and some points of
political capital. All is judged by the price list of the quarter's first week, from what the seat
knows of itself, so that a quarter's purse follows from that list and the settings alone. What
stood when the game began is not counted, money that is not bound lapses with the quarter, and what
lowers a cost always fits. Nobody's past is bound: dated acts are never refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from world import outlay
from world.allowances import BACK, CAPITAL, MONEY, PART, row_of
from world.levers import COERCER, LEVERS, STATE, Lever, kind_of, place
from world.sums import add_up, one_by_one
from world.units import QUARTER, USD_M

if TYPE_CHECKING:
    from world.state import World

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Settings = Mapping[str, Array]  # of one seat, (R, I) by lever

WITHIN = 1e-6  # USD and steps by which rounding may miss a bound


def counted(coercer: bool) -> tuple[Lever, ...]:
    """Levers of a state that take money or political capital."""
    kind = COERCER if coercer else STATE
    mine = (lever for lever in LEVERS.values() if lever.actors == kind)
    return tuple(lever for lever in mine if lever.money or lever.capital)


@dataclass
class Budget:
    """The purses of all zones in a quarter, (R, Z, I); ``week`` is its first."""

    week: int
    facts: dict[str, Array]  # the price list
    base: dict[str, Array]  # settings when the game began
    opening: dict[str, Array]  # and when the quarter did, with orders under way
    points: Array  # (R, Z) of political capital at its beginning
    handed: Array  # (R, Z) USD handed to others in it, less what was received
    purses: dict[str, Purse] = field(default_factory=dict)  # those that were asked for, by seat

    def spread(self, replicates: int) -> Budget:
        """The same for so many lucks: a copy, or the first luck repeated."""

        def fan(values: Array) -> Array:
            same = len(values) == replicates
            return values.copy() if same else np.repeat(values[:1], replicates, axis=0)

        return Budget(
            self.week, {name: fan(v) for name, v in self.facts.items()},
            {name: fan(v) for name, v in self.base.items()},
            {name: fan(v) for name, v in self.opening.items()},
            fan(self.points), fan(self.handed),
        )  # fmt: skip


@dataclass(frozen=True)
class Purse:
    """One seat's purse of a quarter: ``allowance`` in USD, the rest as in `Budget` for its zone."""

    seat: str
    allowance: float
    facts: Settings
    base: Settings
    opening: Settings
    points: Array
    handed: Array

    @cached_property
    def at_base(self) -> dict[str, Array]:
        """(R,) USD a quarter by lever of what stood when the game began."""
        return outlay.costs(self.facts, self.base)

    def money(self, settings: Settings) -> Array:
        """(R,) USD that settings bind in the quarter, with what was handed to others."""
        return outlay.beyond(self.facts, settings, self.at_base) + self.handed

    def used(self, settings: Settings) -> Array:
        """(R,) points of political capital that the changes of the quarter take."""
        return one_by_one(
            points_of(lever, settings[lever.name] - self.opening[lever.name])
            for lever in LEVERS.values()
            if lever.capital and lever.name in settings
        )

    def fits(self, before: Settings, after: Settings) -> Flags:
        """(R,) whether settings may follow others: within the purse, or no dearer than before."""
        money = self.money(after) <= np.maximum(self.allowance, self.money(before)) + WITHIN
        used, was = self.used(after), self.used(before)
        return np.asarray(money & (used <= np.maximum(self.points, was) + WITHIN))

    def row(self, settings: Settings) -> dict[str, dict[str, float]]:
        """Bound, new and free, as it is shown; luck 0."""
        bound, now = float(self.money(self.opening)[0]), float(self.money(settings)[0])
        points, used = float(self.points[0]), float(self.used(settings)[0])
        return {
            "money": {
                "allowance": self.allowance, "bound": bound, "new": now - bound,
                "free": max(0.0, self.allowance - now),
            },
            "capital": {"points": points, "bound": used, "free": max(0.0, points - used)},
        }  # fmt: skip


def points_of(lever: Lever, change: Array) -> Array:
    """(R,) points for a change (R, I): for every step of it, in each zone that it is aimed at.

    Materials of one lever are one decision, whatever their number and the tonnes.
    """
    steps = np.floor(np.abs(change) / lever.capital_step + WITHIN)
    if lever.index == "zone":
        return lever.capital * add_up(steps, axis=-1)
    taken = steps.max(axis=-1)
    return np.asarray(lever.capital * (np.minimum(taken, 1.0) if lever.index else taken))


# --- the world -----------------------------------------------------------------------------------


def open_quarter(world: World) -> None:
    """In the first week of a quarter, before anything is ordered, everybody's purse is filled."""
    if world.setting.scenario.allowance and world.week % QUARTER == 0:
        world.budget = _opened(world)


def budget_of(world: World) -> Budget | None:
    """The purses of the week that is played next; None where no allowance binds."""
    if not world.setting.scenario.allowance:
        return None
    known = world.budget
    fresh = world.week % QUARTER == 0 and (known is None or known.week != world.week)
    return _opened(world) if fresh or known is None else known


def _opened(world: World) -> Budget:
    opening = coming(world)
    last = world.budget
    zones = world.setting.scenario.zones
    most, back = (
        np.array([[row_of(zone, measure).value for zone in zones]]) for measure in (CAPITAL, BACK)
    )
    points = np.repeat(most, world.replicates, axis=0)
    if last is not None:
        spent = [purse_of(world, zone, last).used(own(world, zone, opening)) for zone in zones]
        used = np.stack(spent, axis=-1)
        points = np.minimum(points, np.maximum(0.0, last.points - used) + back)
    return Budget(
        world.week, outlay.facts(world), opening if last is None else last.base, opening, points,
        np.zeros_like(points),
    )  # fmt: skip


def coming(world: World) -> dict[str, Array]:
    """Settings of all zones that count, with orders that wait for their delay, (R, Z, I)."""
    names = {lever.name for kind in (False, True) for lever in counted(kind)}
    found = {name: world.regime[name].copy() for name in LEVERS if name in names}
    plan = world.setting.scenario
    for _, order, value in world.pending:
        name = order.lever.partition(".")[0]
        if name in found:
            row, places = place(plan, order.actor, order.lever)
            for where in places:
                held = found[name][:, row, where]
                found[name][:, row, where] = np.where(np.isnan(value), held, value)
    return found


def own(world: World, seat: str, settings: Mapping[str, Array]) -> dict[str, Array]:
    """One seat's settings from those of all zones."""
    levers = counted(kind_of(world.setting.scenario, seat) == COERCER)
    zone = world.setting.zone_index[seat]
    return {lever.name: settings[lever.name][:, zone] for lever in levers}


def purse_of(world: World, seat: str, budget: Budget) -> Purse:
    """The purse of a zone's seat in a quarter."""
    if seat in budget.purses:
        return budget.purses[seat]
    zone = world.setting.zone_index[seat]
    usd_m = row_of(seat, MONEY).value * row_of(seat, PART).value
    budget.purses[seat] = Purse(
        seat, USD_M * usd_m, outlay.of_seat(budget.facts, zone),
        own(world, seat, budget.base), own(world, seat, budget.opening),
        budget.points[:, zone], budget.handed[:, zone],
    )  # fmt: skip
    return budget.purses[seat]


def settings_of(world: World, seat: str) -> dict[str, Array]:
    """The seat's settings that count, with its orders under way."""
    return own(world, seat, coming(world))


def hand_over(world: World, giver: int, taker: int, usd: float) -> None:
    """Money given to another zone is bound, and is the other's to bind."""
    if world.budget is not None:
        world.budget.handed[:, giver] += usd
        world.budget.handed[:, taker] -= usd
        world.budget.purses.clear()


def columns(world: World) -> dict[str, Array]:
    """(R, Z) what is recorded where an allowance binds: money and points that are free."""
    budget = world.budget
    if budget is None:
        return {}
    now, zones = coming(world), world.setting.scenario.zones
    purses = [purse_of(world, zone, budget) for zone in zones]
    free = [purse.allowance - purse.money(own(world, purse.seat, now)) for purse in purses]
    left = [purse.points - purse.used(own(world, purse.seat, now)) for purse in purses]
    return {
        "allowance_usd": np.maximum(0.0, np.stack(free, axis=-1)),
        "political_capital": np.maximum(0.0, np.stack(left, axis=-1)),
    }


# --- as data -------------------------------------------------------------------------------------


def to_plain(purse: Purse) -> dict[str, Any]:
    """The purse of luck 0 as JSON can hold it, with every digit."""

    def one(settings: Settings) -> dict[str, list[float]]:
        return {name: values[0].tolist() for name, values in settings.items()}

    return {
        "seat": purse.seat, "allowance": purse.allowance, "facts": one(purse.facts),
        "base": one(purse.base), "opening": one(purse.opening),
        "points": float(purse.points[0]), "handed": float(purse.handed[0]),
    }  # fmt: skip


def from_plain(told: Mapping[str, Any]) -> Purse:
    """The same purse again."""

    def one(settings: Mapping[str, list[float]]) -> dict[str, Array]:
        return {name: np.array([values], dtype=float) for name, values in settings.items()}

    return Purse(
        told["seat"], float(told["allowance"]), one(told["facts"]), one(told["base"]),
        one(told["opening"]), np.array([told["points"]]), np.array([told["handed"]]),
    )  # fmt: skip


def with_handed(purse: Purse, usd: float) -> Purse:
    """The purse after so much more money was promised to others for the quarter."""
    return replace(purse, handed=purse.handed + usd)
