"""The watch page: one game in each browser, drawn anew at most five times a second."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import solara
import solara.lab

from runs.room.server.gate import CALLER_HEADER, HERE, HOST
from runs.web import acts, parts, sources
from runs.web.board import build_board
from runs.web.desk import Desk
from runs.web.draw import axes
from runs.web.journal import actors, journal
from runs.web.kernels import connected
from runs.web.payload import View, bar_state, seat_state
from runs.web.start import Start, start_from_query

log = logging.getLogger(__name__)


@solara.component
def Layout(children: list[Any]) -> Any:
    """Nothing around the page: Solara's own frame would scroll inside the window."""
    return solara.Div(children=children, classes=["ent-root"])


@solara.component
def Page() -> None:
    """The page; whatever goes wrong, it shows a sentence with a way on and never a traceback."""
    router = solara.use_router()
    _, set_version = solara.use_state(0)
    view: View = solara.use_memo(lambda: _begin(router.search or "", is_guest()), [])
    desk = view.desk

    def begin() -> Callable[[], None]:
        counter = iter(range(1, 2**62))
        view.redraw = lambda: set_version(next(counter))
        desk.open()
        return desk.close

    solara.use_effect(begin, [])
    shown = compose(view)
    solara.Title("Entrepot")
    with solara.Div(classes=["ent-page"]):
        parts.Bar(
            state=shown.bar,
            event_play=view.handle(lambda playing: desk.play(bool(playing))),
            event_step=view.handle(lambda _: desk.step()),
            event_choose=view.handle(lambda wish: acts.choose(view, wish)),
            event_reset=view.handle(lambda wish: acts.restart(view, wish)),
            event_take=view.handle(lambda actor: acts.take(view, actor)),
            event_retry=view.handle(lambda _: acts.retry(view)),
        )
        if shown.watch:
            _draw_watch(view, shown)
        elif shown.sources:
            parts.Sources(
                **shown.sources, event_choose=view.handle(lambda wish: acts.choose(view, wish))
            )


@dataclass
class Shown:
    """Plain data for the parts; empty where a part is not shown."""

    bar: dict[str, Any]
    seat: dict[str, Any] = field(default_factory=dict)
    watch: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)


def compose(view: View) -> Shown:
    """All that is drawn, read while the game stands still; the parts only pass it on."""
    with view.desk.lock:
        try:
            if view.desk.scene is None:
                return Shown(bar_state(view))
            view.settle()
            if view.tab == "sources" and not is_stored(view):
                shown = Shown({}, sources=_sources(view))
            else:
                shown = Shown({}, seat_state(view), _watch(view))
            view.fault = ""
            shown.bar = bar_state(view)
            return shown
        except Exception:
            log.exception("the page could not be drawn")
            view.fault = "This view cannot be drawn; the run itself goes on untouched."
            return Shown(bar_state(view))


def is_stored(view: View) -> bool:
    """Whether the run is of another model: the sources of this one are not its own."""
    return view.desk.recorded is not None and bool(view.desk.recorded.stored)


def is_guest() -> bool:
    """Whether this page stands on another machine, by the word of the gate. Where there is none,
    it does."""
    said = (solara.lab.headers.value or {}).get(CALLER_HEADER.decode(), [])
    return said not in ([HERE], [HOST])


def _begin(query: str, guest: bool) -> View:
    start, problem = start_from_query(query)
    if guest:
        start = replace(start, guest=True, seat="", speed=Start().speed)
    view = View(start=start, notice=problem)
    view.desk = Desk(start, lambda: view.redraw(), connected())
    return view


def _watch(view: View) -> dict[str, Any]:
    """All that the watch tab draws, read while the game stands still."""
    desk, scene = view.desk, view.scene
    assert desk.reading is not None  # there is a scene
    board = build_board(desk.reading.refresh(), view.look, view.opened)
    events = desk.game.recorder.events
    good = scene.good(view.look.material)
    return {
        "board": board,
        "good": good.inside,
        "heading": f"{good.name} in {scene.name(view.look.zone)}",
        "rows": journal(events, scene, view.actor, view.look.week),
        "actors": actors(events, scene),
        "plot": {
            "width": axes.WIDTH, "left": axes.LEFT, "right": axes.WIDTH - axes.RIGHT,
            "weeks": scene.horizon, "played": desk.week,
        },
    }  # fmt: skip


def _sources(view: View) -> dict[str, Any]:
    material = view.look.material
    return {
        "overview": sources.overview(view.scene.goods, view.scene.coercer),
        "figures": sources.figures(material),
        "parameters": sources.free_parameters(),
        "material": material,
        "name": view.scene.good(material).name,
    }


def _draw_watch(view: View, shown: Shown) -> None:
    watch, board = shown.watch, shown.watch["board"]
    pick = view.handle(lambda wish: acts.choose(view, wish))
    unfold = view.handle(lambda wish: view.unfold(str(wish["id"]), bool(wish["on"])))
    parts.Seat(
        seat=shown.seat,
        event_draft=view.handle(lambda wish: acts.draft(view, wish)),
        event_end=view.handle(lambda _: acts.end_quarter(view)),
    )
    parts.Figures(heading=watch["heading"], kpis=board["kpis"])
    with solara.Div(classes=["ent-two"]):
        parts.Map(
            title=f"Who ships {watch['good']} to whom",
            map=board["map"],
            event_choose=pick,
            event_open=unfold,
        )
        parts.Journal(
            rows=watch["rows"], actors=watch["actors"], actor=view.actor, event_choose=pick
        )
    parts.Charts(charts=board["charts"], plot=watch["plot"], event_choose=pick, event_open=unfold)


__all__ = ["Layout", "Page"]
