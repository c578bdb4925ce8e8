"""The world at the table: plays turns of 13 weeks from their inputs and says what they brought.

A result is a function of the room's setup and the inputs of all turns so far. So a table that died
is set up again from the log, and what it says is equal to the byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from runs.otherwise import Start
from runs.play import Play
from runs.recorder import Week
from runs.room.briefing import briefings
from runs.room.deals import SAME
from runs.room.relevance import six_levers
from runs.room.reports import happenings, public_report, seat_reports, stock_known
from runs.room.sameness import figures
from runs.room.setup import plan_of
from runs.room.state import AI, PERSON, QUARTER
from runs.room.weeks import true_weeks, wall_weeks
from runs.seats import Seats, parts
from runs.turn import READY, Act
from world.decisions import Order
from world.events import Event
from world.levers import get_lever
from world.scenario import Scenario
from world.state import World

Inputs = dict[str, Any]
Result = dict[str, Any]


class Table:
    """One room's game. Raises ScenarioError for a setup that is none."""

    def __init__(self, setup: Mapping[str, Any]) -> None:
        self.setup = dict(setup)
        self.plan = plan_of(setup)
        self._begin()

    def _begin(self) -> None:
        self.game = Play(self.plan, seed=int(self.setup["seed"]))
        self.held = set(self.game.seating.held)
        self.inputs: list[Inputs] = []
        self.starts: list[Start] = []
        self.results: list[Result] = []
        self.results.append(self._result(0, []))

    def play(self, turns: list[Inputs]) -> list[Result]:
        """The results of all turns, that of the opening first; plays what has not been played."""
        known = len(self.inputs)
        if self.inputs != turns[:known]:  # a turn was taken back
            self._begin()
        for inputs in turns[len(self.inputs) :]:
            self._play_turn(inputs)
        return self.results

    def _play_turn(self, inputs: Inputs) -> None:
        game = self.game
        first = game.week
        self.starts.append(Start(game.world.copy(), game.seating.copy()))
        notes = promises_kept(game.world, inputs)
        for act in acts_of(game.seating, game.world, inputs, self.held):
            self._give(act)
        while game.week < min(first + QUARTER, game.horizon):
            game.step()
        self.inputs.append(inputs)
        self.results.append(self._result(first, notes))

    def told(self, world: World, seats: Seats) -> list[Act]:
        """What was said to the game before a turn, as a branch of it is told."""
        turn = world.week // QUARTER
        if world.week % QUARTER or turn >= len(self.inputs):
            return []
        return acts_of(seats, world, self.inputs[turn], self.held)

    def _give(self, act: Act) -> None:
        game = self.game
        if act.held is not None:
            game.hold(act.held)
        elif act.order is not None:
            game.submit(act.order, admitted=True)  # the door has looked at the purse
        elif act.event is not None:
            game.inject(act.event)
        elif act.player == READY:
            game.ready(act.actor)
        elif act.player == PERSON:
            game.take_seat(act.actor)
        else:
            game.release_seat(act.actor)

    def _result(self, first: int, notes: list[dict[str, Any]]) -> Result:
        game = self.game
        before = self.results[-1]["digest"] if first else ""
        seats = seat_reports(game, first)
        public = public_report(game, first) | {"stock": stock_known(game, seats)}
        for seat, told in briefings(game, public, seats, self.results, first).items():
            seats[seat]["briefing"] = told
        result = {
            "turn": len(self.starts),
            "from_week": first, "week": game.week,
            "digest": weeks_digest(before, game.recorder.weeks[first:]),
            "figures": figures(game.recorder.weeks[first:]),
            "public": public, "seats": seats,
            "wall": wall_weeks(game, first), "truth": true_weeks(game, first),
            "ordered": ordered(game, first),
            "happenings": happenings(game, first),  # all, for the export
            "transfers": notes,
        }  # fmt: skip
        for seat, told in seats.items():
            told["six"] = six_levers(game.plan, seat, [*self.results, result])
        return result


def ordered(game: Play, first: int) -> list[dict[str, Any]]:
    """What AI has ordered since a week, the last order on each lever: for the review alone, since
    nobody may read another seat's orders while the game goes on."""
    last = {
        (order["actor"], order["lever"]): order
        for order in game.recorder.orders
        if order["week"] >= first and order["accepted"] and order["by"] != PERSON
    }
    names = ("actor", "lever", "value", "week")
    return [{**{name: last[key][name] for name in names}, "by": AI} for key in sorted(last)]


# --- from inputs to acts ------------------------------------------------------------------------


def acts_of(seats: Seats, world: World, inputs: Inputs, held: set[tuple[str, str]]) -> list[Act]:
    """What is said to a game before the first week of a turn.

    People who are at the table and silent keep everything as it is; empty seats and caretakers are
    played by the seat's policy, which leaves alone what people have ordered before.
    """
    week = world.week
    acts: list[Act] = []
    for actor, played_by in inputs["seats"].items():
        now = seats.label.get(actor)
        if played_by == PERSON and now != PERSON:
            acts.append(Act(week, actor, player=PERSON))
        elif played_by != PERSON and now == PERSON:
            acts.append(Act(week, actor, player=seats.default[actor]))
    orders = [
        Order(week, o["actor"], o["lever"], float(o["value"]), "person", o["why"])
        for o in inputs["orders"]
    ]
    orders += bound_orders(seats.scenario, world, orders, inputs["bounds"])
    acts += [Act(week, order.actor, order=order) for order in orders]
    acts += [
        Act(week, actor, player=READY)
        for actor, played_by in inputs["seats"].items()
        if played_by == PERSON
    ]
    for event in inputs["events"]:
        made = Event(
            int(event["week"]), event["kind"], event["actor"], event["target"], event["text"],
            event["data"],
        )  # fmt: skip
        acts.append(Act(made.week, made.actor, event=made))
    now_held = held | {(one["actor"], one["lever"]) for one in inputs["bounds"]}
    for one in inputs["held"]:
        now_held |= {(one["actor"], part) for part in parts(seats.scenario, one["lever"])}
    return [Act(week, held=frozenset(now_held)), *acts]


def bound_orders(
    plan: Scenario, world: World, orders: list[Order], bounds: list[dict[str, Any]]
) -> list[Order]:
    """Orders by which levers come to stand where deals say, where they would not otherwise."""
    more = []
    for bound in bounds:
        actor, lever = bound["actor"], bound["lever"]
        coming = float(get_lever(world.regime, plan, actor, lever)[0])
        for _, order, value in world.pending:
            if order.actor == actor and lever in parts(plan, order.lever):
                coming = float(value[0])
        for order in orders:  # the door has refused those that would break the deal
            if order.actor == actor and lever in parts(plan, order.lever):
                coming = min(max(order.value, bound["low"]), bound["high"])
        goal = min(max(coming, bound["low"]), bound["high"])
        if abs(goal - coming) > SAME:
            numbers = " and ".join(str(n) for n in bound["deals"])
            more.append(Order(world.week, actor, lever, goal, "person", f"Deal {numbers}."))
    return more


def promises_kept(world: World, inputs: Inputs) -> list[dict[str, Any]]:
    """For each handing over of stock under a deal: what was promised and what there was."""
    setting = world.setting
    reserve = setting.users.reserve
    desk = {int(m): row for row, m in enumerate(setting.users.market[reserve])}
    stock = world.users.stock[0].sum(axis=0)
    held: dict[int, float] = {}
    notes = []
    for event in inputs["events"]:
        if "deal" not in event or event["kind"] != "transfer_stock":
            continue
        material = setting.material_index[event["data"]["material"]]
        here, there = (
            desk.get(material * setting.Z + setting.zone_index[event[side]])
            for side in ("actor", "target")
        )
        moved = 0.0
        if here is not None and there is not None:
            for row in (here, there):
                held.setdefault(row, float(stock[reserve.start + row]))
            moved = min(float(event["data"]["tonnes"]), held[here])
            held[here] -= moved
            held[there] += moved
        notes.append(
            {
                "deal": event["deal"], "by": event["actor"], "to": event["target"],
                "material": event["data"]["material"], "promised_t": event["data"]["tonnes"],
                "moved_t": round(moved, 6),
            }
        )  # fmt: skip
    return notes


# --- sameness -----------------------------------------------------------------------------------


def weeks_digest(before: str, weeks: list[Week]) -> str:
    """SHA-256 over every recorded value of some weeks and the digest of those before."""
    total = hashlib.sha256(before.encode())
    for week in weeks:
        total.update(f"week {week.week}".encode())
        for table in sorted(week.columns):
            for name in sorted(week.columns[table]):
                total.update(name.encode() + _bytes(week.columns[table][name]))
        total.update(week.lanes.astype("<i8").tobytes())
        for name in sorted(week.flows):
            total.update(name.encode() + _bytes(week.flows[name]))
        total.update(json.dumps(week.events, sort_keys=True, default=str).encode())
    return total.hexdigest()


def _bytes(values: Any) -> bytes:
    array = np.array(values, dtype="<f8")
    array[np.isnan(array)] = np.nan  # one bit pattern for null
    return array.tobytes()
