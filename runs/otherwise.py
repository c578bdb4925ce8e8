"""One engine of what might have been: a game from some week on, played otherwise.

A branch starts from a state that the game had, hears what the game heard from outside, has the
game's own luck (luck r of several is the seed plus r), and differs from it in nothing but its
``Changes``. A what-if, the branch of a room's review, the causes of a turn and the waterfall of a
run are all branches of this kind; what they compare, and who may see it, is theirs to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from runs.seats import Given, Seats, parts
from runs.turn import Act, Turn, play_week
from world.decisions import Order
from world.draws import Draws
from world.events import Event
from world.phases.calendar import enact

if TYPE_CHECKING:
    from world.account import Account
    from world.state import World

Lever = tuple[str, str]  # actor and full name
Told = Callable[["World", Seats], Iterable[Act]]  # what comes from outside, asked in every week


class Start(NamedTuple):
    """A state at the start of a week, before anything was ordered in it."""

    world: World
    seats: Seats


@dataclass(frozen=True)
class Less:
    """Orders that are left out: those that fit all that is named here, whoever speaks for the seat.

    ``lever`` is a full name, or one without its index for every index; an order that moves more
    levers, as a step of the ladder does, keeps the others.
    """

    actor: str
    lever: str = ""
    weeks: range | None = None  # in which they were given

    def left(self, order: Order, seats: Seats) -> list[Order]:
        """The order, or what is left of it."""
        if order.actor != self.actor or (self.weeks is not None and order.week not in self.weeks):
            return [order]
        if not self.lever:
            return []
        return seats.free(order, {(self.actor, one) for one in parts(seats.scenario, self.lever)})


@dataclass(frozen=True)
class Changes:
    """How a branch differs from the game that it leaves; nothing named is the game as it was."""

    held: Mapping[Lever, float] = field(default_factory=dict)  # set at once, then left alone
    orders: Sequence[Order] = ()  # given besides, each in its week
    less: Sequence[Less] = ()
    missed: Sequence[Event] = ()  # dated events that do not take place


NOTHING = Changes()


class Branch:
    """A branch while it is played; ``world`` and ``seats`` are its own and may be looked at.

    It begins at ``start`` and differs from week ``since`` on, which is its first if left out.
    """

    def __init__(
        self,
        start: Start,
        luck: int,
        told: Told,
        changes: Changes = NOTHING,
        lucks: int = 1,
        since: int | None = None,
    ) -> None:
        self.world = start.world.spread(lucks)
        self.seats = OtherSeats.of(start.seats, changes)
        self.seats.inbox.clear()  # what waits is told again
        self.changes, self.told = changes, told
        self.since = self.world.week if since is None else since
        self.draws = Draws(luck, lucks)
        self._coming: list[Act] = []
        self._changed = False
        plan = self.world.setting.scenario
        self._fixed = {
            (actor, one) for actor, full in changes.held for one in parts(plan, full)
        }
        self._kept: set[Lever] = set()  # levers that policies leave alone

    def play(self, until: int) -> Iterator[Account]:
        """The accounts of all weeks up to before ``until``."""
        while self.world.week < until:
            yield self.play_week().account

    def play_week(self) -> Turn:
        """One week: what comes from outside, then the changes, then the week itself."""
        world, seats, week = self.world, self.seats, self.world.week
        other = seats.other = week >= self.since
        self._coming += self.told(world, seats)
        today = [act for act in self._coming if act.week == week]
        self._coming = [act for act in self._coming if act.week != week]
        for act in today:
            for left in self._left(act) if other else [act]:
                left.apply(seats)
        added = [order for order in self.changes.orders if other and order.week == week]
        if other and not self._changed:
            self._change()
        seats.held |= self._kept
        for order in added:
            seats.inbox.setdefault(week, []).append(order)
        turn = play_week(world, self.draws, seats, [act.event for act in today if act.event])
        for order in added:  # as after an order of the game itself
            self._kept |= {(order.actor, one) for one in parts(seats.scenario, order.lever)}
            seats.held |= self._kept
        return turn

    def _change(self) -> None:
        """Holds what is held from now on: also against orders that wait for their delay."""
        world, seats = self.world, self.seats
        self._changed, self._kept = True, set(self._fixed)
        world.pending = [
            (due, left, value)
            for due, order, value in world.pending
            for free in seats.free(order, self._fixed)
            for left in seats.left(free)
        ]
        for (actor, full), value in self.changes.held.items():
            enact(world, Order(world.week, actor, full, float(value), "script", "what if"))

    def _left(self, act: Act) -> list[Act]:
        """The act, or what is left of its order beside what is held and left out."""
        if act.order is None:
            return [act]
        return [
            replace(act, order=left)
            for free in self.seats.free(act.order, self._fixed)
            for left in self.seats.left(free)
        ]


class OtherSeats(Seats):
    """The seats of a branch: some orders are never given and some dated events are missed."""

    changes: Changes
    other: bool  # whether the branch has left the game

    @classmethod
    def of(cls, seats: Seats, changes: Changes) -> OtherSeats:
        """A copy of the seats of a game."""
        made = object.__new__(cls)
        vars(made).update(vars(seats.copy()))
        made.changes, made.other = changes, False
        return made

    def left(self, order: Order) -> list[Order]:
        """The order, or what is left of it."""
        kept = [order]
        for less in self.changes.less:
            kept = [left for one in kept for left in less.left(one, self)]
        return kept

    def orders(self, world: World, draws: Draws, week: int) -> list[Given]:
        given = super().orders(world, draws, week)
        if not self.other or not self.changes.less:
            return given
        return [
            Given(left, self._value(left, one.order, one.value))
            for one in given
            if not one.reason  # a refusal moves nothing
            for left in self.left(one.order)
        ]

    def follows(self, event: Event) -> bool:
        """Events are known by what they say: worlds of equal scenarios share one copy of them."""
        missed = self.other and event in self.changes.missed
        return not missed and super().follows(event)


def acts_told(acts: Iterable[Act], since: int) -> Told:
    """What a game heard from outside from a week on, as a branch is told it."""
    by_week: dict[int, list[Act]] = {}
    for act in acts:
        if act.week >= since:
            by_week.setdefault(act.week, []).append(act)
    return lambda world, seats: by_week.get(world.week, [])
