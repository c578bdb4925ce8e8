"""Who gives a seat's orders when no person does: policies, scripts and recorded runs.

A policy is one page in `agents/policies`: name, source, traits and a `decide` that looks at what
its seat may see and answers with wishes. Views hold (R,) arrays, one number per luck, and a
policy answers in kind: `np.where` instead of `if`. A policy in plain Python, with `if` on single
numbers, is wrapped in `PerLuck`, which asks it once per luck and is slower for it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.view import QUARTER, StateView
from world.decisions import Order
from world.levers import LADDER, LEVERS, guess
from world.policy_terms import terms

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

DECISION_WEEKS = frozenset({0, 4, 9})  # of a quarter
MOST_ORDERS = int(terms("players").orders_at_once)  # of one seat in one decision


class Luck(Protocol):
    """Where chance comes from; see `world.draws.Draws`."""

    def uniform(self, week: int, purpose: str, n: int) -> Array: ...


@dataclass(frozen=True)
class Wish:
    """One lever (full name, without the actor) that a seat wants at a value, and why.

    `value` is a number or (R,); NaN leaves the lever alone in that luck.
    """

    lever: str
    value: float | Array
    why: str


class Policy(Protocol):
    """What plays a seat. `source` says where the behaviour was seen, `traits` what to expect."""

    @property
    def name(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def traits(self) -> tuple[str, ...]: ...

    def decide(self, view: StateView, draws: Luck) -> list[Wish]: ...


def is_due(policy: Policy, week: int) -> bool:
    """Policies decide three times a quarter unless they keep a calendar of their own."""
    calendar = getattr(policy, "is_due", None)
    if calendar is not None:
        return bool(calendar(week))
    return week % QUARTER in DECISION_WEEKS


class Turn:
    """Collects one seat's wishes: drops what changes nothing, keeps within ranges and the limit.

    A page names first what matters most: the first wish for a lever stands, and so do the first
    few of a luck.
    """

    def __init__(self, view: StateView, most: int = MOST_ORDERS) -> None:
        self.view = view
        self.most = most
        self._wishes: dict[str, Wish] = {}
        self._given: Array = np.zeros(np.shape(view.gdp_loss))
        self._silence: Array = np.full(np.shape(view.gdp_loss), np.nan)
        self._settled: dict[str, Flags] = {}

    def set(
        self,
        lever: str,
        value: ArrayLike,
        when: ArrayLike = True,
        why: str = "",
        *numbers: ArrayLike,
    ) -> None:
        """Wishes `lever` at `value` in the lucks where `when` holds.

        `numbers` fill the braces of `why` with the figures of the first luck that acts.
        """
        wanted = np.asarray(when, dtype=bool)
        if not wanted.any():
            return
        spec = LEVERS[lever.partition(".")[0]]
        goal = np.minimum(np.maximum(value, spec.low), spec.high)
        goal = np.round(goal, 0 if spec.whole else 2)
        given = self._wishes.get(lever)
        known = given.value if given else self._silence
        acts = wanted & (np.abs(goal - self._current(lever)) > 1e-9)
        acts = acts & (self._given < self.most) & np.isnan(known)
        if lever in self._settled:
            acts = acts & ~self._settled[lever]
        if not acts.any():
            return
        self._given = self._given + acts
        first = int(np.argmax(acts))
        shape = np.shape(self._given)
        text = why.format(*(_at(number, first, shape) for number in numbers))
        said = given.why if given and not acts.flat[0] else text  # the first luck's own words
        self._wishes[lever] = Wish(lever, np.where(acts, goal, known), said)

    def settle(
        self, lever: str, value: ArrayLike, when: ArrayLike, why: str = "", *numbers: ArrayLike
    ) -> None:
        """The same, and where `when` holds no later rule of the page has a say in the lever."""
        self.set(lever, value, when, why, *numbers)
        held = self._settled.get(lever, np.zeros(np.shape(self._given), dtype=bool))
        self._settled[lever] = held | np.asarray(when, dtype=bool)

    @property
    def wishes(self) -> list[Wish]:
        return list(self._wishes.values())

    def set_most(
        self,
        lever: str,
        value: ArrayLike,
        when: Flags,
        urgency: Array,
        why: str,
        *numbers: ArrayLike,
        most: int = 1,
    ) -> None:
        """The same for a lever by material: (R, M) arrays, the `most` urgent materials a luck.

        `why` may name the {material}; the numbers are (R, M) and fill its other braces.
        """
        rank = np.argsort(np.argsort(-np.where(when, urgency, -np.inf), axis=-1), axis=-1)
        chosen = when & (rank < most)
        goal = np.broadcast_to(np.asarray(value, dtype=float), chosen.shape)
        for m in np.flatnonzero(chosen.reshape(-1, chosen.shape[-1]).any(axis=0)):
            material = self.view.materials[m]
            figures = [np.broadcast_to(np.asarray(n), chosen.shape)[..., m] for n in numbers]
            text = why.replace("{material}", material)
            self.set(f"{lever}.{material}", goal[..., m], chosen[..., m], text, *figures)

    def _current(self, lever: str) -> Array:
        name, _, index = lever.partition(".")
        if name == LADDER:
            return self.view.rung[index]
        held = self.view.own(lever)
        if LEVERS[name].index and not index:
            # a bare name means every index: it changes something unless all stand at one value
            same = held.max(axis=-1) == held.min(axis=-1)
            return np.where(same, held[..., 0], np.inf)
        return held


def _at(number: ArrayLike, place: int, shape: tuple[int, ...]) -> float:
    return float(np.broadcast_to(np.asarray(number, dtype=float), shape).ravel()[place])


class Hold:
    """Leaves everything as it stands."""

    name = "hold"
    source = "the control of every comparison: a seat that does nothing"
    traits: tuple[str, ...] = ("any seat", "never moves")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        return []


class Scripted:
    """Gives dated orders of its own seat, whatever happens."""

    name = "scripted"
    source = "a list of orders"
    traits: tuple[str, ...] = ("any seat", "follows the calendar")

    def __init__(self, orders: Iterable[Order]) -> None:
        self.orders: Sequence[Order] = tuple(orders)
        self._weeks = frozenset(order.week for order in self.orders)

    def is_due(self, week: int) -> bool:
        return week in self._weeks

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        return [
            Wish(order.lever, order.value, order.why)
            for order in self.orders
            if order.week == view.week and order.actor == view.actor
        ]


class Replay(Scripted):
    """Gives the orders that a recorded run had for its seat, whoever gave them then."""

    name = "replay"
    source = "the record of a run"
    traits = ("any seat", "repeats a record")


class OneLuck:
    """The draws of one luck, (n,) instead of (R, n)."""

    def __init__(self, draws: Luck, replicate: int) -> None:
        self._draws, self._replicate = draws, replicate

    def uniform(self, week: int, purpose: str, n: int) -> Array:
        return np.asarray(self._draws.uniform(week, purpose, n)[self._replicate])


class PerLuck:
    """Lets a policy in plain Python play many lucks: it is asked once for each."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.name, self.source, self.traits = policy.name, policy.source, policy.traits

    def is_due(self, week: int) -> bool:
        return is_due(self.policy, week)

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        values: dict[str, Array] = {}
        whys: dict[str, str] = {}
        for r in range(view.replicates):
            for wish in self.policy.decide(view.luck(r), OneLuck(draws, r)):
                column = values.setdefault(wish.lever, np.full(view.replicates, np.nan))
                column[r] = float(wish.value)
                whys.setdefault(wish.lever, wish.why)
        return [Wish(lever, column, whys[lever]) for lever, column in values.items()]


P = TypeVar("P", bound=Policy)
_POLICIES: dict[str, Policy] = {}


def register(policy: P) -> P:
    """Makes a policy known by its name; raises ValueError if the name is taken by another kind."""
    known = _POLICIES.get(policy.name)
    if known is not None and type(known).__qualname__ != type(policy).__qualname__:
        raise ValueError(f"there is already a policy {policy.name!r}: {known.source}.")
    _POLICIES[policy.name] = policy
    return policy


def policies() -> dict[str, Policy]:
    """Every known policy by name: those of `agents/policies`, and what a reader registered."""
    importlib.import_module("agents.policies")
    return dict(_POLICIES)


def policy_by_name(name: str) -> Policy:
    """The policy of a name; raises ValueError with the nearest known one."""
    known = policies()
    if name not in known:
        raise ValueError(f"there is no policy {name!r}: {guess(name, known)}")
    return known[name]


register(Hold())
