"""What a draft would bring, as its seat could work it out itself: the worlds of ghosts.

They are played in a world of the seat's own making: the scenario from its first week, told only
what the seat may know (`runs.room.known`), with lucks that no room has. No figure of the room's
own world goes into it, so nothing hidden can be read from a ghost, nor what luck will bring. What
it says is a difference between two plays of one quarter, in which AI follows its policies and
people keep what stands.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runs.estimate import estimate
from runs.otherwise import Branch, Start
from runs.outcome import GAUGES, outcomes
from runs.play import Play
from runs.room.setup import plan_of
from runs.room.state import PERSON, QUARTER
from runs.room.table import bound_orders
from runs.seats import Seats
from runs.turn import READY, Act
from world.decisions import Order
from world.events import Event
from world.state import World

Array = NDArray[np.float64]
Orders = Sequence[tuple[str, float]]

LUCKS = 8
FIRST_LUCK = 2**31  # rooms have seeds below it
BAND = (10.0, 90.0)  # per cent of the lucks: 8 of 10
DIGITS = 5  # of a gauge from 0 to 1
MOST_PLAYS = 200  # of one turn that are kept
MOST_SEATS = 40  # whose worlds are kept
MOST_USERS = 600  # firms of such a world, so that an answer comes within half a second


class Foresight:
    """The worlds of the seats of one room, each told what its seat knows."""

    def __init__(self) -> None:
        self._first: dict[str, Start] = {}  # the state that all seats begin with, by setup
        self._seats: OrderedDict[str, OwnWorld] = OrderedDict()

    def ghost(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Effects of one order beside the others (``without`` and ``drafted``), and of all drafts
        together, by gauge: low, middle and high of the lucks; ``cost_usd`` a year, or null."""
        setup = json.dumps(asked["setup"], sort_keys=True)
        if setup not in self._first:
            self._first, self._seats = {setup: first_state(asked["setup"])}, OrderedDict()
        seat = asked["seat"]
        own = self._seats.pop(seat, None) or OwnWorld(self._first[setup], seat)
        self._seats[seat] = own
        while len(self._seats) > MOST_SEATS:
            self._seats.popitem(last=False)
        own.hear(asked["known"], asked["playing"], asked["bounds"])
        drafted = own.quarter(asked["drafted"])
        cost = estimate(own.now.world, asked["seat"], asked["lever"], asked["value"])["cost_usd"]
        return {
            "lever": asked["lever"], "value": asked["value"], "lucks": LUCKS,
            "effects": _spread(drafted, own.quarter(asked["without"])),
            "draft": _spread(drafted, own.quarter([])), "cost_usd": cost,
        }  # fmt: skip


def _spread(after: Mapping[str, Array], before: Mapping[str, Array]) -> dict[str, dict[str, float]]:
    """Low, middle and high of the differences luck by luck."""
    found = {}
    for gauge in GAUGES:
        low, middle, high = np.percentile(after[gauge] - before[gauge], [BAND[0], 50.0, BAND[1]])
        found[gauge] = {
            name: round(float(value), DIGITS) + 0.0
            for name, value in (("low", low), ("middle", middle), ("high", high))
        }
    return found


def first_state(setup: Mapping[str, Any]) -> Start:
    """The scenario of a room before its first week, in a luck that no room has."""
    users = min(int(setup["users"]), MOST_USERS)
    game = Play(plan_of({**setup, "users": users}), seed=FIRST_LUCK)
    return Start(game.world, game.seating)


def _seated(seats: Seats, playing: Mapping[str, str]) -> Seats:
    """The seats with people where people play, and their own policies where they have gone."""
    seats = seats.copy()
    for actor, played_by in playing.items():
        if played_by == PERSON:
            seats.seat(actor, PERSON)
        elif seats.label[actor] == PERSON:
            seats.seat(actor, seats.default[actor])
    return seats


class OwnWorld:
    """The world as one seat tells it to itself, at the start of the open turn."""

    def __init__(self, first: Start, seat: str) -> None:
        self.first, self.seat = first, seat
        self.plan = first.seats.scenario
        self.now, self.heard = self.first, list[Any]()
        self.playing: dict[str, str] = {}  # who plays in the open turn
        self.bounds: list[dict[str, Any]] = []  # what the seat's deals bind in it
        self._plays: dict[str, dict[str, Array]] = {}

    def hear(
        self, known: list[dict[str, Any]], playing: dict[str, str], bounds: list[dict[str, Any]]
    ) -> None:
        """Goes on to the open turn by what the seat knows of those before it and of it."""
        if self.heard != known[: len(self.heard)]:  # a turn was taken back
            self.now, self.heard = self.first, []
            self._plays.clear()
        for turn in known[len(self.heard) :]:
            self._live_through(turn)
            self.heard.append(turn)
            self._plays.clear()
        if (playing, bounds) != (self.playing, self.bounds):
            self.playing, self.bounds = playing, bounds
            self._plays.clear()

    def _live_through(self, turn: Mapping[str, Any]) -> None:
        """A quarter in which everybody orders what the seat has heard of, and nothing else."""
        world, seats = self.now
        seats = _seated(seats, turn["seats"])
        after = seats.copy()
        for actor in self.plan.actors:
            seats.label[actor] = PERSON  # silent, and on the course of dated acts where it was
        acts = [Act(world.week, actor, player=READY) for actor in self.plan.actors]
        orders = [
            Order(week, actor, lever, float(value), "person", "")
            for week, actor, lever, value in turn["orders"]
        ]
        orders += bound_orders(self.plan, world, orders, turn["bounds"])
        acts += [Act(order.week, order.actor, order=order) for order in orders]
        names = ("kind", "actor", "target", "text", "data")
        acts += [
            Act(one["week"], one["actor"], event=Event(int(one["week"]), *(one[n] for n in names)))
            for one in turn["events"]
        ]
        played = self._play(Start(world, seats), acts, 1)
        after.standing_in = set()
        self.now = Start(played, after)

    def quarter(self, orders: Orders) -> dict[str, Array]:
        """The seat's gauges (R,) at the end of the open turn with its own orders in it."""
        key = json.dumps(orders)
        if key not in self._plays:
            if len(self._plays) >= MOST_PLAYS:
                self._plays.clear()
            self._plays[key] = self._look_ahead(orders)
        return self._plays[key]

    def _look_ahead(self, orders: Orders) -> dict[str, Array]:
        world, seats = self.now
        week, seats = world.week, _seated(seats, {**self.playing, self.seat: PERSON})
        acts = [Act(week, actor, player=READY) for actor in seats.persons()]
        own = [Order(week, self.seat, lever, float(value), "person", "") for lever, value in orders]
        own += bound_orders(self.plan, world, own, self.bounds)
        acts += [Act(week, self.seat, order=order) for order in own]
        found = outcomes(self._play(Start(world, seats), acts, LUCKS))
        row = list(self.plan.actors).index(self.seat)
        return {gauge: found[gauge][:, row] for gauge in GAUGES}

    def _play(self, start: Start, acts: Sequence[Act], lucks: int) -> World:
        def told(world: World, seats: Seats) -> list[Act]:
            return [act for act in acts if act.week == world.week]

        branch = Branch(start, FIRST_LUCK, told, lucks=lucks)
        for _ in branch.play(min(start.world.week + QUARTER, self.plan.weeks)):
            pass
        return branch.world
