"""What a page has in mind (`View`), and what its bar and its seat show of a desk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from runs.web import numbers
from runs.web.desk import QUARTER, Desk
from runs.web.scene import Look, Scene
from runs.web.seat import gauges, order_form, spoken, verdict
from runs.web.start import SPEEDS, Start, known_scenarios

log = logging.getLogger(__name__)

MOST_OPEN = 100  # tables that a page keeps unfolded, and characters of such a name


@dataclass
class View:
    """One browser's page: what it looks at, and its orders of the quarter so far."""

    start: Start
    notice: str = ""
    look: Look = field(default_factory=lambda: Look("", ""))
    tab: str = "watch"
    actor: str = ""  # of the log's filter
    opened: frozenset[str] = frozenset()  # tables that are unfolded
    drafts: dict[str, float] = field(default_factory=dict)
    notes: dict[str, dict[str, str]] = field(default_factory=dict)
    problem: str = ""
    fault: str = ""  # why the view looked at cannot be drawn
    desk: Desk = field(init=False)
    redraw: Callable[[], None] = field(default=lambda: None)

    @property
    def scene(self) -> Scene:
        assert self.desk.scene is not None  # asked only of a page that is set up
        return self.desk.scene

    def settle(self) -> None:
        """Look at something that the scenario has: what was asked for, or its own choice."""
        scene, start = self.scene, self.desk.start
        goods, places = {g.id for g in scene.goods}, {p.code for p in scene.places}
        if self.look.material not in goods:
            material = start.material if start.material in goods else scene.first_material
            self.look = replace(self.look, material=material)
        if self.look.zone not in places:
            zone = start.zone if start.zone in places else scene.first_zone
            self.look = replace(self.look, zone=zone)

    def handle(self, act: Callable[[Any], None]) -> Callable[..., None]:
        """An event handler that redraws, and says a sentence when it fails."""

        def handler(data: Any = None, *_: Any) -> None:
            try:
                act(data)
            except Exception:
                log.exception("an action of the page failed")
                self.notice = "That did not work; nothing was changed."
            self.redraw()

        return handler

    def unfold(self, table: str, on: bool) -> None:
        """Notes that a table is open; names that no table has are not heaped up."""
        more = on and len(self.opened) < MOST_OPEN and len(table) < MOST_OPEN
        self.opened = self.opened | {table} if more else self.opened - {table}

    def forget_orders(self) -> None:
        self.drafts, self.notes, self.problem = {}, {}, ""

    def forget(self) -> None:
        """Before a new game."""
        self.forget_orders()
        self.look = replace(self.look, week=None)
        self.actor = ""


def bar_state(view: View) -> dict[str, Any]:
    """What the bar shows; fit to be shown before there is a game."""
    desk, scene = view.desk, view.desk.scene
    state: dict[str, Any] = {
        "ready": scene is not None, "tab": view.tab, "playing": desk.playing,
        "finished": desk.finished, "waiting": desk.waiting, "error": desk.error or view.fault,
        "speed": desk.speed, "speeds": [_speed(speed) for speed in SPEEDS],
        "scenario": desk.start.scenario, "seed": desk.start.seed,
        "scenarios": [{"id": name, "name": name} for name in known_scenarios()],
        "material": view.look.material, "zone": view.look.zone, "week": desk.week,
        "horizon": 0, "date": "–", "title": "", "summary": "", "materials": [], "zones": [],
        "recorded": desk.recorded is not None,
        "stored": desk.recorded.stored if desk.recorded is not None else "",
        "guest": desk.start.guest,
        "seat": desk.seat, "seat_name": "", "first_seat": "", "status": _status(view),
        "looking": view.look.week is not None, "look": view.look.week or 0,
    }  # fmt: skip
    if scene is not None:
        week = max(0, desk.week - 1) if view.look.week is None else view.look.week
        state |= {
            "title": scene.title, "summary": scene.summary, "horizon": scene.horizon,
            "date": numbers.day(scene.date(week)), "seat_name": scene.name(desk.seat),
            "first_seat": desk.seat or scene.first_zone,
            "materials": [{"id": good.id, "name": good.name} for good in scene.goods],
            "zones": [{"id": p.code, "name": f"{p.code} {p.name}"} for p in scene.places],
        }  # fmt: skip
    return state


def _speed(speed: float) -> dict[str, str]:
    name = "as fast as it goes" if speed == SPEEDS[-1] else f"{speed:g} weeks a second"
    return {"id": f"{speed:g}", "name": name.replace("1 weeks", "1 week")}


def _status(view: View) -> str:
    """What the page waits for, in a sentence; it changes with the state, not with every week."""
    desk = view.desk
    if view.notice:
        return view.notice
    if desk.error or view.fault:
        return ""
    if desk.scene is None:
        return "Setting up the world: firms, plants, stocks and a year to settle."
    if desk.waiting:
        return f"Waiting for the orders of {view.scene.name(desk.seat)}."
    if desk.finished and desk.recorded is not None:
        return f"That was {desk.start.scenario}, as it was played. Look back, or start it again."
    if desk.finished:
        return "The run is over. Start again with another seed or scenario, or look back."
    if desk.playing and desk.recorded is not None:
        return f"Running: {desk.start.scenario}, as it was played."
    if desk.slower:
        return "Running, slower than asked: this machine also serves others."
    return "Running." if desk.playing else "Paused. Space plays, the right arrow plays one week."


def seat_state(view: View) -> dict[str, Any]:
    """The seat's card; `actor` is empty while this browser has no seat."""
    desk = view.desk
    if not desk.seat or desk.scene is None:
        return {"actor": ""}
    scene, game = desk.scene, desk.game
    rows = gauges(game, desk.seat, desk.gauges_at_start)
    quarter, quarters = desk.week // QUARTER + 1, -(-scene.horizon // QUARTER)
    if desk.finished:
        status = "The run is over."
    elif desk.waiting:
        status = f"Quarter {quarter} of {quarters}: the run waits for your orders."
    else:
        following = QUARTER * (desk.week // QUARTER + 1)
        status = f"Quarter {quarter} of {quarters} is being played; your turn in week {following}."
    return {
        "actor": desk.seat, "name": scene.name(desk.seat), "status": status, "gauges": rows,
        "waiting": desk.waiting, "week": desk.week if desk.waiting else -1,
        "form": order_form(game, desk.seat, scene) if desk.waiting else [],
        "drafts": dict(view.drafts), "notes": dict(view.notes), "problem": view.problem,
        "orders": [f"{spoken(name, scene)} → {value:g}" for name, value in view.drafts.items()],
        "verdict": verdict(scene.name(desk.seat), rows) if desk.finished else "",
        "first_material": view.look.material, "first_zone": scene.target,
    }  # fmt: skip
