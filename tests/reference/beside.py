"""The columns and the reference side by side: the same start, orders, events and luck."""

from __future__ import annotations

import copy
from collections.abc import Iterable

import numpy as np

from agents.warmup import WARM_UP_WEEKS, build_world
from runs.seats import Seats
from runs.turn import Turn, play_week
from tests.reference.levers import lay_down
from tests.reference.model import Reference
from tests.reference.start import deviations
from world.draws import Draws
from world.events import Event
from world.scenario import Scenario
from world.setting import make_setting
from world.state import start_world


class SideBySide:
    """Both engines at week 0; each has gone through its own warm-up.

    ``changed`` are parameters that the reference alone reads differently, to see that it shows.
    """

    def __init__(
        self, plan: Scenario, seed: int = 1, changed: dict[str, float] | None = None
    ) -> None:
        begin = start_world(make_setting(plan), plan.opening_week - WARM_UP_WEEKS)
        begin.warming = True
        self.slow = Reference(begin, Draws(0))
        self.slow.par = copy.copy(self.slow.par)
        for name, value in (changed or {}).items():
            setattr(self.slow.par, name, value)
        for _ in range(WARM_UP_WEEKS):
            self.slow.play()
        self.slow.warming = False
        lay_down(self.slow)
        while self.slow.week < 0:  # the dated past, with the luck that all runs share
            acts = [act for act in plan.before if act.week == self.slow.week]
            orders = [(act.actor, act.lever, act.value, act.by) for act in acts]
            self.slow.play(orders, [e for e in plan.before_events if e.week == self.slow.week])
        self.slow.draws = Draws(seed)
        for market in self.slow.markets:
            market.shipped_year = 0.0
        self.fast = build_world(plan)
        self.draws, self.seats = Draws(seed), Seats(plan)
        self.turn: Turn | None = None

    def play(self, events: Iterable[Event] = ()) -> Turn:
        """A week of both; the reference hears the orders that the seats of the columns gave."""
        turn = play_week(self.fast, self.draws, self.seats, events)
        orders = [
            (given.order.actor, given.order.lever, float(given.value[0]), given.order.by)
            for given in turn.given
            if not given.reason and not np.isnan(given.value[0])
        ]
        self.slow.play(orders, turn.events)
        self.turn = turn
        return turn

    def deviations(self) -> dict[str, float]:
        """Largest deviation by column, with what markets ordered in the week just played."""
        found = deviations(self.slow, self.fast)
        if self.turn is not None:
            theirs = self.turn.account.markets["orders_t"][0]
            mine = np.array([sum(market.ordered) for market in self.slow.markets])
            floor = np.maximum(np.abs(theirs), 1e-6)
            found["markets.orders_t"] = float((np.abs(mine - theirs) / floor).max())
        return found
