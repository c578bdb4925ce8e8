"""A world, its seats, its luck and its record, week by week: what is common to all who play it.

`runs.game.Game` is the same as a Mesa model, for notebooks, batches and whoever looks at agents.
The room's processes play this one: importing Mesa takes them longer than a turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from agents.warmup import build_world
from runs.about import about
from runs.asked import MOST_SEED, MOST_WEEKS, whole
from runs.cases import unheard
from runs.headline import HEADLINES, gauges, headline
from runs.in_short import as_html, in_short
from runs.interrupt import whole_weeks
from runs.panel import panel_rows
from runs.recorder import Recorder
from runs.seats import PERSON, Given, Seats
from runs.told import HELD, SEAT, event_of
from runs.turn import READY, Act, Marks, play_week, reach
from world.account import Account
from world.cases import is_about_measures
from world.decisions import Order, Refusal
from world.draws import Draws
from world.events import Event, check_event
from world.levers import LADDER, LEVERS, get_lever, ladder, lever_rows, real
from world.scenario import Scenario, ScenarioError, load_scenario
from world.state import World

if TYPE_CHECKING:
    from agents.players import Policy
    from runs.charts.plot import Picture
    from runs.whatif import WhatIf

SetValue = float | str


class Play:
    """A run of a scenario, week by week; what it takes is said at `runs.game.Game`."""

    def __init__(
        self,
        scenario: str | Path | Scenario = "japan-2026",
        seed: int | None = None,
        users: int | None = None,
        seats: Mapping[str, str | Policy] | None = None,
        panel: bool = False,
        set: Mapping[str, SetValue] | None = None,
        allowance: bool | None = None,
        **levers: SetValue,
    ) -> None:
        self.luck = luck_of(seed, None)
        changes = dict(set or {}) | {k.replace("__", "."): v for k, v in levers.items()}
        if users is not None:
            changes["users"] = users
        if allowance is not None:
            changes["allowance"] = "true" if allowance else "false"
        plan = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        plan = plan.override(changes)
        self.panel = panel
        self.seating = Seats(plan, seats)
        self.world: World = build_world(plan)
        self.draws = Draws(self.luck)
        self.injects: dict[int, list[Event]] = {}
        self.recorder = Recorder(self.setting, {"run_id": self.run_id, "seed": self.luck})
        self.account: Account | None = None
        self.acts: list[Act] = []  # what came from outside
        self._later: list[Order] = []  # orders that meet the purse of their own week
        self._seated = dict(seats or {})
        self.seats_at_start = self.seats
        self._injected: list[Event] = []
        self._log: list[dict[str, Any]] = []  # told before the week that records it
        self._marks = Marks()
        self._marks.keep(self.world, self.seating)
        self.measured: dict[str, list[float]] = {name: [] for name in HEADLINES}  # by week
        self.running = True

    # --- where the game stands ------------------------------------------------------------------

    @property
    def setting(self) -> Any:
        return self.world.setting

    @property
    def plan(self) -> Scenario:
        """The scenario, under a name that Mesa does not use."""
        return self.world.setting.scenario

    @property
    def week(self) -> int:
        """Weeks played; the next to play counts from 0."""
        return len(self.recorder.weeks)

    @property
    def horizon(self) -> int:
        """Weeks that the scenario plans."""
        return self.plan.weeks

    @property
    def run_id(self) -> str:
        """Names the run by scenario, what is set in it, and luck; in ``run.toml`` and in the
        ``attrs`` of every frame. Runs that differ in orders alone have the same."""
        return f"{self.plan.id}-{self.plan.digest[:8]}-{self.luck}"

    @property
    def frames(self) -> Mapping[str, Any]:
        """The tables of a run's folder by name, as pandas frames of the weeks played.

        They are copies, so that what is done to them changes neither the game nor its record.
        """
        return self.recorder.frames

    @property
    def seats(self) -> dict[str, str]:
        """Who plays each seat: ``ai:<policy>``, ``person`` or ``scripted``."""
        return dict(self.seating.label)

    @property
    def awaiting_orders(self) -> list[str]:
        """Persons who are asked this week and have not ordered; empty between quarters."""
        return self.seating.awaiting(self.week) if self.week < self.horizon else []

    # --- playing --------------------------------------------------------------------------------

    def step(self) -> None:
        """Plays one week: events, orders, decisions of firms, the laws, the record."""
        week = self.week
        self._give_later()
        turn = play_week(self.world, self.draws, self.seating, self.injects.pop(week, ()))
        log, self._log = self._log, []
        for event in turn.events:
            data = dict(event.data) | ({"inject": 1} if event in self._injected else {})
            self._tell(event.kind, event.actor, event.target, event.text, data)
        for given in turn.given:
            self._tell_order(given)
        for actor in turn.standing_in:
            name = self.seating.playing[actor].name
            self._tell("stand-in", actor, "", f"{actor} gave no orders and is played by {name}.")
        self.account = turn.account
        log += self._log + [
            self._row(one.kind, one.actor, one.target, one.text, one.data)
            for one in turn.account.happenings
            if one.replicate == 0
        ]
        self._log = []
        panel = panel_rows(self.world, week) if self.panel else None
        self.recorder.record(turn.account, log, panel)
        for name, report in HEADLINES.items():
            self.measured[name].append(report(self))
        self._marks.keep(self.world, self.seating)
        self.running = self.week < self.horizon

    def run(self, weeks: int | None = None, watch: Callable[[int], None] | None = None) -> Self:
        """Plays to the horizon, or so many weeks; Ctrl-C stops after a full week.

        ``watch`` is called with the number of weeks played after each. ValueError for weeks that
        are no whole number of 0 or more.
        """
        until = self.horizon
        if weeks is not None:
            until = self.week + whole("weeks", weeks, 0, MOST_WEEKS - self.week)
        with whole_weeks() as interrupted:
            while self.week < until:
                self.step()
                if watch is not None:
                    watch(self.week)
                if interrupted():
                    raise KeyboardInterrupt
        return self

    def submit(
        self,
        order: Order | None = None,
        *,
        actor: str = "",
        lever: str = "",
        value: float = float("nan"),
        week: int | None = None,
        why: str = "",
        by: str = "",
        admitted: bool = False,
    ) -> Refusal | None:
        """Gives an order for this week or a later one; None, or the Refusal that says why not.

        In a seat that no person holds the order stands against the seat's policy: what is
        ordered from outside, the policy leaves alone from then on. Where an allowance binds, an
        order must fit the seat's purse in its own week; a case, or a reason for measures, needs one
        that stands or may come. What is ordered ahead and does not fit then is noted as refused.
        ``admitted`` orders have passed these checks before, in the room or the run that they come
        from. ValueError for a ``by`` that nobody outside may speak as.
        """
        if order is None:
            week = self.week if week is None else week
            order = Order(week, actor, lever, value, by or self._speaker(actor), why)
        order = tidy(order)
        bound = self.plan.allowance and not admitted
        refusal = self.seating.check(order, self.week)
        nothing = unheard(self, order) if refusal is None and not admitted else None
        if refusal is None and (bound or nothing) and order.week > self.week:
            self._later.append(order)
            return None
        refusal = refusal or nothing
        if refusal is None and bound:
            refusal = self.seating.beyond(self.world, order)
        return self._take(order, refusal)

    def _take(self, order: Order, refusal: Refusal | None) -> Refusal | None:
        """Keeps an order that may stand, and notes one that is refused."""
        if refusal is None:
            self.seating.take(order)
            self.acts.append(Act(order.week, order.actor, order=order))
        else:
            self.recorder.note_order(recordable(order, self.week), refusal.reason)
        return refusal

    def _give_later(self) -> None:
        """Orders that were given ahead of this week meet its purse, and what they are about."""
        due = [order for order in self._later if order.week == self.week]
        self._later = [order for order in self._later if order.week > self.week]
        for order in sorted(due, key=lambda one: is_about_measures(one.lever, one.value)):
            beyond = self.seating.beyond(self.world, order) if self.plan.allowance else None
            self._take(order, unheard(self, order) or beyond)

    @property
    def acts_ahead(self) -> list[Act]:
        """Orders that will meet the purse of their own week, for branches that play it."""
        return [Act(order.week, order.actor, order=order) for order in self._later]

    def purse(self, actor: str, orders: Iterable[tuple[str, float]] = ()) -> dict[str, Any] | None:
        """Money and political capital of a seat in this quarter: bound, new and free, with what
        is ordered and ``orders`` (lever, value) besides; None where no allowance binds it."""
        self.seating.check_actor(actor)
        return self.seating.purse(self.world, actor, orders)

    def inject(self, event: Event) -> None:
        """An event from outside in this week or a later one; ValueError if it cannot be."""
        fault = check_event(event, self.plan)
        if fault is None and event.week < self.week:
            fault = f"event {event.kind}: week {event.week} has been played."
        if fault:
            raise ValueError(fault)
        event = replace(event, data=dict(event.data))  # the caller may change its own
        self.injects.setdefault(event.week, []).append(event)
        self._injected.append(event)
        self.acts.append(Act(event.week, event.actor, event=event))

    def take_seat(self, actor: str) -> None:
        """A person sits down; dated acts of the seat's past end. ValueError for no such seat."""
        self._change_seat(actor, PERSON, f"A person plays {actor}.")

    def release_seat(self, actor: str) -> None:
        """The seat goes back to its default policy."""
        self.seating.check_actor(actor)
        name = self.seating.default[actor]
        self._change_seat(actor, name, f"{actor} is played by {name} again.")

    def ready(self, actor: str) -> None:
        """A person has no further orders this week: nobody stands in for the seat."""
        self._change_seat(actor, READY, f"{actor} has given its orders.")

    def hold(self, held: Iterable[tuple[str, str]]) -> None:
        """From now on policies and dated acts leave exactly these levers alone: (actor, full name).

        What the scenario and earlier orders held is held on only if it is named.
        """
        levers = frozenset(held)
        if levers == self.seating.held:
            return
        act = Act(self.week, held=levers)
        act.apply(self.seating)
        self.acts.append(act)
        named = sorted(f"{actor}.{full}" for actor, full in levers)
        text = f"Policies leave {len(named)} levers alone."
        self._tell(HELD, "", "", text, {"levers": " ".join(named)})

    def _change_seat(self, actor: str, player: str, text: str) -> None:
        self.seating.check_actor(actor)
        act = Act(self.week, actor, player=player)
        act.apply(self.seating)
        self.acts.append(act)
        self._tell(SEAT, actor, "", text, {"player": player})

    def _speaker(self, actor: str) -> str:
        named = isinstance(actor, str)  # a refusal says what is wrong with what is no name
        return PERSON if named and self.seating.label.get(actor) == PERSON else "script"

    def repeat(self, row: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        """Does again what an event row of a record says came from outside."""
        if row["kind"] == SEAT:
            self._change_seat(row["actor"], data["player"], row["text"])
            return
        if row["kind"] == HELD:
            named = (str(name).partition(".") for name in data["levers"].split())
            self.hold((actor, full) for actor, _, full in named)
            return
        self.inject(event_of(row, data))

    # --- looking --------------------------------------------------------------------------------

    def lever(self, actor: str, full: str) -> float:
        """The value in force of a lever by full name; raises KeyError."""
        if full.partition(".")[0] not in LEVERS:
            raise KeyError(full)
        return float(get_lever(self.world.regime, self.plan, actor, full)[0])

    def levers(self, actor: str) -> list[dict[str, Any]]:
        """The actor's rows of the lever table with the value in force in ``value``."""
        self.seating.check_actor(actor)
        rows = []
        for row in lever_rows(self.plan, actor):
            full = str(row["lever"])
            name, _, index = full.partition(".")
            spec = LEVERS[name]
            rows.append(
                {
                    **row, "name": name, "index": index, "group": spec.group, "step": spec.step,
                    "whole": spec.whole, "delay_weeks": spec.delay_weeks,
                    "value": self.lever(actor, full),
                }
            )  # fmt: skip
        return rows

    def gauges(self, actor: str) -> dict[str, float]:
        """``supply``, ``autonomy`` and ``standing`` of a seat, each 0 to 1."""
        self.seating.check_actor(actor)
        return gauges(self.world, actor)

    def estimate(self, actor: str, lever: str, value: float) -> dict[str, Any]:
        """What a lever at a value would cost in a year and what it does: cost_usd and text."""
        from runs.estimate import estimate

        self.seating.check_actor(actor)
        return estimate(self.world, actor, lever, value)

    def what_if(
        self,
        set: Mapping[str, float],
        from_week: int = 0,
        lucks: int = 8,
        weeks: int | None = None,
    ) -> WhatIf:
        """The same game from a week on with levers held at values, against itself, over lucks."""
        from runs.whatif import what_if

        return what_if(self, set, from_week, lucks, weeks)

    def plot(
        self, measure: str = "price", material: str | None = None, zone: str | None = None
    ) -> Picture:
        """A measure of a market or zone by week, as a picture that a notebook draws; without
        ``material`` and ``zone`` what the scenario's charts show. ValueError for no measure."""
        from runs.charts.plot import plot
        from runs.compare.shown import run_shown

        return plot(run_shown(self), measure, material, zone)

    def summary(self) -> dict[str, Any]:
        """The headline figures of the weeks played."""
        return headline(self)

    def save(self, folder: str | Path) -> Path:
        """Writes the run's folder; raises RecordError where it cannot be or holds a run."""
        said = {"run_id": self.run_id, **about(self), "told_digest": self.recorder.told_digest()}
        return self.recorder.save(folder, said)

    def __repr__(self) -> str:
        return in_short(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def __getstate__(self) -> dict[str, Any]:
        """What pickle and copy keep: all but states of the past, which can be played again."""
        return {**self.__dict__, "_marks": Marks()}

    # --- inside ---------------------------------------------------------------------------------

    def state_at(self, week: int) -> tuple[World, Seats]:
        """World and seats as they stood at the start of a week, played again if need be."""
        kept = self._marks.before(week)
        world, seats = kept or (build_world(self.plan), Seats(self.plan, self._seated))
        return reach(world, Draws(self.luck), seats, self.acts, week)

    def forget_past(self) -> None:
        """Lets go of the states of the past, which are played again where they are asked for."""
        self._marks = Marks()

    def _tell_order(self, given: Given) -> None:
        order, name = given.order, given.order.lever.partition(".")[0]
        self.recorder.note_order(order, given.reason)
        target = order.lever.partition(".")[2]
        data = {"lever": order.lever, "value": float(order.value), "by": order.by}
        if given.reason:
            self._tell("refusal", order.actor, "", given.reason, data)
            return
        if name == LADDER:
            what = f"goes to step {order.value:g}, {ladder()[round(order.value)].name}"
        else:
            what = f"sets {order.lever} to {order.value:g} {LEVERS[name].unit}"
        text = f"{order.actor} {what}{': ' + order.why if order.why else '.'}"
        zone = target if target in self.plan.zones else ""
        self._tell("rung" if name == LADDER else "order", order.actor, zone, text, data)

    def _tell(
        self, kind: str, actor: str, target: str, text: str, data: dict[str, Any] | None = None
    ) -> None:
        self._log.append(self._row(kind, actor, target, text, data or {}))

    def _row(
        self, kind: str, actor: str, target: str, text: str, data: Mapping[str, Any]
    ) -> dict[str, Any]:
        """A row of the run's events, in the week that is played or awaited."""
        return {
            "week": self.week, "date": self.recorder.date(self.week), "kind": kind,
            "actor": actor, "target": target, "text": text, "data": dict(data),
        }  # fmt: skip


def luck_of(seed: int | None, rng: int | None) -> int:
    """The luck that ``seed`` or ``rng`` names; ScenarioError if they differ or are no numbers."""
    try:
        given = [
            whole(name, value, 0, MOST_SEED)
            for name, value in (("seed", seed), ("rng", rng))
            if value is not None  # Mesa 3.5 names every model's seed in a batch, also where none is
        ]
    except ValueError as error:
        raise ScenarioError(str(error)) from None
    if len({*given}) > 1:
        raise ScenarioError(
            f"seed {given[0]} and rng {given[1]} are two names of one number and differ; give one."
        )
    return given[0] if given else 1


def tidy(order: Order) -> Order:
    """The order with plain numbers and texts where it has NumPy's or others that mean the same."""
    week: Any = order.week
    value: Any = order.value
    return replace(
        order,
        week=int(week) if isinstance(week, np.integer) else week,
        value=float(value) if isinstance(value, np.floating) else value,
        why=written(order.why),
    )


def written(text: object) -> str:
    """A text as a file in UTF-8 can hold it."""
    return str(text).encode(errors="replace").decode()


def recordable(order: Order, now: int) -> Order:
    """A refused order as a table can hold it; the refusal's reason keeps what was asked for."""
    week = order.week if type(order.week) is int and 0 <= order.week < MOST_WEEKS else now
    actor, lever = written(order.actor), written(order.lever)
    return Order(week, actor, lever, real(order.value), order.by, order.why)
