"""One week of a run, whoever drives it: events, orders, decisions of firms, the laws.

A game, a replay and a what-if all play weeks through ``play_week``. What came from outside (a
person's or a file's orders, injects, changes of seats) is kept as acts, so that any week can be
reached again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from agents.decide import decide
from runs.seats import Given, Seats
from world.account import Account
from world.decisions import Order
from world.draws import Draws
from world.events import Event
from world.phases.calendar import enact, happen
from world.purse import open_quarter
from world.state import World
from world.week import advance


@dataclass(frozen=True)
class Act:
    """Something from outside that counts in ``week``: an order, an inject, a change of seats, or
    which levers policies leave alone from then on."""

    week: int
    actor: str = ""
    order: Order | None = None
    event: Event | None = None
    player: str = ""  # who takes the seat of ``actor``; "ready" ends a person's orders
    held: frozenset[tuple[str, str]] | None = None  # all (actor, lever) that are held, by full name

    def apply(self, seats: Seats) -> None:
        """Seats and waiting orders as they were after the act; injects are for the week itself."""
        if self.order is not None:
            seats.inbox.setdefault(self.week, []).append(self.order)
        elif self.held is not None:
            seats.held = set(self.held)
        elif self.player == READY:
            seats.ready.add(self.actor)
        elif self.player:
            seats.seat(self.actor, self.player)


READY = "ready"


class Turn(NamedTuple):
    """What a week brought: events that took place, orders given or refused, the account."""

    events: list[Event]
    given: list[Given]
    standing_in: list[str]
    account: Account


def play_week(world: World, draws: Draws, seats: Seats, injects: Iterable[Event] = ()) -> Turn:
    """Plays the world's next week in place."""
    week = world.week
    open_quarter(world)
    events = [e for e in world.setting.scenario.events if e.week == week and seats.follows(e)]
    events += injects
    for event in events:
        happen(world, event)
    given = seats.orders(world, draws, week)
    for one in given:
        if not one.reason:
            enact(world, one.order, one.value)
    standing_in = sorted(seats.standing_in) if week % 13 == 0 else []
    return Turn(events, given, standing_in, advance(world, decide(world, draws), draws))


class Marks:
    """States at the start of quarters, from which any week can be reached again.

    Large worlds are not kept, since every mark is a copy; they are built anew instead.
    """

    MOST_USERS = 20_000

    def __init__(self) -> None:
        self._kept: dict[int, tuple[World, Seats]] = {}

    def keep(self, world: World, seats: Seats) -> None:
        if world.week % 13 == 0 and world.users.rows <= 2 * self.MOST_USERS:
            self._kept[world.week] = (world.copy(), seats.copy())

    def before(self, week: int) -> tuple[World, Seats] | None:
        """Copies of the last state kept at or before a week."""
        weeks = [kept for kept in self._kept if kept <= week]
        if not weeks:
            return None
        world, seats = self._kept[max(weeks)]
        return world.copy(), seats.copy()


def reach(
    world: World, draws: Draws, seats: Seats, acts: Iterable[Act], week: int
) -> tuple[World, Seats]:
    """Plays a state on to the start of a week, with the acts of the game it belongs to."""
    acts = list(acts)
    seats.inbox.clear()  # what waits is among the acts
    while world.week < week:
        today = [act for act in acts if act.week == world.week]
        for act in today:
            act.apply(seats)
        play_week(world, draws, seats, [act.event for act in today if act.event is not None])
    return world, seats
