"""Who plays which seat, and the orders that every seat gives in a week.

A seat is played by a person, by a policy, or only by orders from a file or a program. Whoever it
is, the wishes become orders, orders pass the same check, and what is refused is recorded with its
reason. Dated acts of a scenario belong to the seat's own default policy: they end when a person
or another policy takes the seat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.means import within
from agents.players import Policy, is_due, policy_by_name
from agents.view import firm_view, state_view, survey
from world.afford import after_all, overrun
from world.decisions import Order, Refusal, check_order
from world.events import Event
from world.levers import LADDER, LEVERS, full_name, guess, indices, ladder
from world.purse import Purse, Settings, budget_of, purse_of, settings_of

if TYPE_CHECKING:
    from world.draws import Draws
    from world.scenario import Scenario
    from world.state import World

Array = NDArray[np.float64]

OUTSIDE = ("person", "file", "script")  # who may give an order besides policies and the past
PERSON, SCRIPTED, HOLD = "person", "scripted", "hold"
FOR_FIRMS = {"any seat", "firm"}  # traits of policies that can play a firm
COERCER = "coercer"  # trait of policies that can play no other seat
QUARTER = 13  # a person is asked once in so many weeks


class SeatError(ValueError):
    """A seat or a policy that there is not; the text is one sentence."""


def policy_named(name: str) -> Policy:
    """The policy of a name; raises SeatError."""
    try:
        return policy_by_name(name)
    except ValueError as error:
        raise SeatError(str(error)) from None


class Given(NamedTuple):
    """An order of this week with its value per luck (R,), and the reason if it was refused."""

    order: Order
    value: Array
    reason: str = ""


class Seats:
    """Players by actor, orders that wait for their week, and levers that policies leave alone."""

    def __init__(
        self, scenario: Scenario, wanted: Mapping[str, str | Policy] | None = None
    ) -> None:
        self.scenario = scenario
        self.default = {
            actor: HOLD if scenario.states_hold else scenario.policies.get(actor, HOLD)
            for actor in scenario.actors
        }
        self.playing: dict[str, Policy] = {
            actor: self._default(actor, name) for actor, name in self.default.items()
        }
        self.label: dict[str, str] = {a: f"ai:{name}" for a, name in self.default.items()}
        self.past = set(scenario.actors) if scenario.follow_history else set()
        self.inbox: dict[int, list[Order]] = {}
        self.held = {(a, part) for a, part in self._parts_of(scenario.held)}
        self.ready: set[str] = set()
        self.standing_in: set[str] = set()
        for actor, player in (wanted or {}).items():
            self.seat(actor, player)

    def _parts_of(self, names: Iterable[str]) -> Iterable[tuple[str, str]]:
        for name in names:
            actor, _, full = name.partition(".")
            for part in parts(self.scenario, full):
                yield actor, part

    def copy(self) -> Seats:
        """An independent twin; policies keep no state and are shared."""
        twin = object.__new__(Seats)
        twin.scenario, twin.default = self.scenario, self.default
        twin.playing, twin.label = dict(self.playing), dict(self.label)
        twin.past, twin.held = set(self.past), set(self.held)
        twin.ready, twin.standing_in = set(self.ready), set(self.standing_in)
        twin.inbox = {week: list(orders) for week, orders in self.inbox.items()}
        return twin

    def hold(self, actor: str, full: str) -> None:
        """From now on policies and dated acts leave a lever of an actor alone."""
        self.held |= {(actor, part) for part in parts(self.scenario, full)}

    def follows(self, event: Event) -> bool:
        """False for the announcement of an act whose seat no longer follows its past."""
        return event.kind != "announcement" or not event.actor or event.actor in self.past

    # --- who plays --------------------------------------------------------------------------------

    def check_actor(self, actor: str) -> None:
        """Raises SeatError for a seat that the scenario does not have."""
        if actor not in self.scenario.actors:
            raise SeatError(
                f"{actor!r} is no seat of {self.scenario.id}: {guess(actor, self.scenario.actors)}"
            )

    def _default(self, actor: str, name: str) -> Policy:
        """The policy that the scenario names for a seat; a fault is told with the file's key."""
        try:
            return self._fitting(actor, policy_named(name))
        except SeatError as error:
            raise SeatError(f"policies.{actor}: {error}") from None

    def _fitting(self, actor: str, policy: Policy) -> Policy:
        """The policy, if it can play the seat.

        Pages for states cannot read a firm's picture, and those for the coercer look at a target
        that only the coercer has.
        """
        if actor in self.scenario.firms and not FOR_FIRMS & set(policy.traits):
            raise SeatError(f"{policy.name} plays states, and {actor} is a firm: try {HOLD}.")
        if COERCER in policy.traits and actor != self.scenario.coercer:
            raise SeatError(
                f"{policy.name} plays the coercer, which is {self.scenario.coercer} in "
                f"{self.scenario.id}, and cannot play {actor}."
            )
        return policy

    def seat(self, actor: str, player: str | Policy) -> None:
        """Puts a person, a policy (by name or as an object) or nobody in a seat."""
        self.check_actor(actor)
        if isinstance(player, str) and player in (PERSON, SCRIPTED):
            self.label[actor] = player
            if player == SCRIPTED:
                self.playing[actor] = policy_named(HOLD)
            self.past.discard(actor)
            return
        policy = policy_named(player.removeprefix("ai:")) if isinstance(player, str) else player
        self.playing[actor] = self._fitting(actor, policy)
        self.label[actor] = f"ai:{policy.name}"
        self.standing_in.discard(actor)
        if policy.name != self.default[actor]:
            self.past.discard(actor)

    def persons(self) -> list[str]:
        return [actor for actor, label in self.label.items() if label == PERSON]

    def awaiting(self, week: int) -> list[str]:
        """Persons who are asked in this week and have neither ordered nor said that they are."""
        if week % QUARTER:
            return []
        done = self.ready | {order.actor for order in self.inbox.get(week, ())}
        return [actor for actor in self.persons() if actor not in done]

    # --- orders -----------------------------------------------------------------------------------

    def check(self, order: Order, week: int) -> Refusal | None:
        """Why an order from outside may not be given by the rules, or None."""
        refusal = check_order(order, self.scenario, week)
        if order.by not in OUTSIDE:
            raise ValueError(f"by: {order.by!r} must be one of {', '.join(OUTSIDE)}.")
        return refusal

    def submit(self, order: Order, week: int) -> Refusal | None:
        """Keeps an order for its week, or says why the rules do not allow it."""
        refusal = self.check(order, week)
        if refusal is None:
            self.take(order)
        return refusal

    def beyond(self, world: World, order: Order) -> Refusal | None:
        """Why an order of this week does not fit its seat's purse, or None."""
        found = self._purse(world, order.actor)
        over = found and overrun(self.scenario, *found, order.lever, order.value)
        return Refusal(order, over.text) if over else None

    def take(self, order: Order) -> None:
        """Keeps an order for its week."""
        self.inbox.setdefault(order.week, []).append(order)

    def purse(
        self, world: World, actor: str, orders: Iterable[tuple[str, float]]
    ) -> dict[str, Any] | None:
        """Bound, new and free of a seat's purse with orders that may still come; or None."""
        found = self._purse(world, actor)
        if found is None:
            return None
        purse, settings = found
        return purse.row(after_all(self.scenario, purse, settings, orders))

    def _purse(
        self, world: World, actor: str, ahead: Iterable[Given] = ()
    ) -> tuple[Purse, Settings] | None:
        """A seat's purse where one binds, and its settings with dated acts of the week and what
        was ordered from outside for it."""
        budget = budget_of(world)
        if budget is None or actor not in self.scenario.zones:
            return None
        purse = purse_of(world, actor, budget)
        acts = [(one.order.lever, one.value) for one in ahead if one.order.actor == actor]
        outside = [
            (one.lever, one.value) for one in self.inbox.get(world.week, ()) if one.actor == actor
        ]
        settings = settings_of(world, actor)
        return purse, after_all(self.scenario, purse, settings, [*acts, *outside])

    def orders(self, world: World, draws: Draws, week: int) -> list[Given]:
        """Everything that is ordered in a week: dated acts, then policies, then people."""
        if week % QUARTER == 0:
            self.standing_in = set(self.awaiting(week))
        # who orders is there again, in the week of the order and whenever it was given
        self.standing_in -= {order.actor for order in self.inbox.get(week, ())}
        given = self._history(world, week)
        given += self._policies(world, draws, week, given)
        for order in self.inbox.pop(week, ()):
            given.append(Given(order, np.full(world.replicates, float(order.value))))
            if self.label[order.actor] != PERSON:  # a program's order stands against the policy
                self.hold(order.actor, order.lever)
        self.ready.clear()
        return given

    def _history(self, world: World, week: int) -> list[Given]:
        """Dated acts of this week whose seats still follow them; held levers stay as they are."""
        given = []
        for order in self.scenario.history:
            if order.week == week and order.actor in self.past:
                for free in self.free(order, self.held):
                    given.append(Given(free, np.full(world.replicates, float(free.value))))
        return given

    def _coming(self, actor: str, week: int) -> set[tuple[str, str]]:
        """Levers that dated acts still move: what was decided then is not decided anew."""
        if actor not in self.past:
            return set()
        taken = set()
        for order in self.scenario.history:
            if order.actor == actor and order.week >= week:
                name, _, index = order.lever.partition(".")
                # measures against a zone are steps of one ladder: all of them or none
                whole = name in ladder()[0].settings
                full = full_name(LADDER, index) if whole else order.lever
                taken |= {(actor, part) for part in parts(self.scenario, full)}
        return taken

    def _policies(
        self, world: World, draws: Draws, week: int, ahead: Iterable[Given]
    ) -> list[Given]:
        due = [
            actor
            for actor in self.scenario.actors
            if (self.label[actor] != PERSON or actor in self.standing_in)
            and self.playing[actor].name != HOLD
            and is_due(self.playing[actor], week)
        ]
        if not due:
            return []
        seen = survey(world)
        given = []
        for actor in due:
            policy = self.playing[actor]
            firm = actor in self.scenario.firms
            view: Any = firm_view(world, actor) if firm else state_view(world, actor, seen)
            taken = self.held | self._coming(actor, week)
            wished = []
            for wish in policy.decide(view, draws):
                value = np.broadcast_to(np.asarray(wish.value, dtype=float), (world.replicates,))
                if np.isnan(value).all():
                    continue
                order = Order(week, actor, wish.lever, first_of(value), policy.name, wish.why)
                refusal = check_order(order, self.scenario, week)
                if refusal is not None:
                    wished.append(Given(order, value, refusal.reason))
                elif not under_way(world, order, value):
                    wished += [
                        Given(free, self._value(free, order, value))
                        for free in self.free(order, taken)
                    ]
            given += self._afforded(world, actor, wished, ahead)
        return given

    def _afforded(
        self, world: World, actor: str, wished: list[Given], ahead: Iterable[Given]
    ) -> list[Given]:
        """What a policy orders, cut to what its seat's purse has left where an allowance binds,
        beside dated acts and orders from outside of the same week, which come first."""
        standing = self._purse(world, actor, ahead)
        if standing is None:
            return wished
        allowed = [one for one in wished if not one.reason]
        proposals = [(one.order.lever, one.value) for one in allowed]
        values = within(self.scenario, *standing, proposals)
        cut = {id(one): value for one, value in zip(allowed, values, strict=True)}
        found = []
        for one in wished:
            value = cut.get(id(one), one.value)
            if not np.isnan(value).all():
                order = one.order if one.reason else replace(one.order, value=first_of(value))
                found.append(Given(order, value, one.reason))
        return found

    def _value(self, free: Order, order: Order, value: Array) -> Array:
        """Values per luck of a part of an order: the wish itself, or the setting of a rung."""
        if free.lever.partition(".")[0] == order.lever.partition(".")[0]:
            return value
        setting = np.array([step.settings[free.lever.partition(".")[0]] for step in ladder()])
        steps = np.rint(np.nan_to_num(value)).astype(int)
        return np.where(np.isnan(value), np.nan, setting[steps])

    def free(self, order: Order, taken: AbstractSet[tuple[str, str]]) -> list[Order]:
        """The order, or those of its parts that nobody holds."""
        pieces = parts(self.scenario, order.lever)
        free = [part for part in pieces if (order.actor, part) not in taken]
        if len(free) == len(pieces):
            return [order]
        step = ladder()[round(order.value)].settings if order.lever.startswith(LADDER) else {}
        return [
            replace(order, lever=part, value=step.get(part.partition(".")[0], order.value))
            for part in free
        ]


def first_of(value: Array) -> float:
    """The value of the first luck that acts."""
    return float(value[np.flatnonzero(~np.isnan(value))[0]])


def under_way(world: World, order: Order, value: Array) -> bool:
    """True if the last such order that waits for its delay wants the same."""
    waiting = [
        wanted
        for _, other, wanted in world.pending
        if (other.actor, other.lever) == (order.actor, order.lever)
    ]
    return bool(waiting) and np.array_equal(waiting[-1], value, equal_nan=True)


def parts(scenario: Scenario, full: str) -> list[str]:
    """Single settings that a lever's name stands for, by full name with index."""
    name, _, index = full.partition(".")
    names = list(ladder()[0].settings) if name == LADDER else [name]
    if not LEVERS[name].index:
        return names
    wanted = (index,) if index else indices(scenario, LEVERS[name])
    return [full_name(one, place) for one in names for place in wanted]
