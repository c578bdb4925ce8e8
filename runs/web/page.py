"""The watch page: one game in each browser, drawn anew at most five times a second."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from runs.web import parts, sources
from runs.web.board import build_board
from runs.web.desk import Desk
from runs.web.draw import axes
from runs.web.journal import actors, journal, say
from runs.web.payload import View, bar_state, seat_state
from runs.web.seat import answer, spoken
from runs.web.start import read_seed, read_speed, start_from_query

log = logging.getLogger(__name__)


@solara.component
def Layout(children: list[Any]) -> Any:
    """Nothing around the page: Solara's own frame would scroll inside the window."""
    return solara.Div(children=children, classes=["ent-root"])


@solara.component
def Page() -> None:
    """The page, or a sentence with a way on: never a traceback."""
    problem, clear = solara.use_exception()
    solara.Title("Entrepot")
    if problem is not None:
        log.error("the page could not be drawn", exc_info=problem)
        with solara.Div(classes=["ent-error"], attributes={"role": "alert"}):
            solara.HTML(tag="p", unsafe_innerHTML="Something on this page went wrong; the run "
                        "itself is not touched by it.")  # fmt: skip
            solara.Button("Try again", on_click=clear)
    else:
        Watch()


@solara.component
def Watch() -> None:
    router = solara.use_router()
    _, set_version = solara.use_state(0)
    view: View = solara.use_memo(lambda: _begin(router.search or ""), [])
    desk = view.desk

    def begin() -> Callable[[], None]:
        counter = iter(range(1, 2**62))
        view.redraw = lambda: set_version(next(counter))
        desk.open()
        return desk.close

    solara.use_effect(begin, [])
    with desk.lock:
        ready = desk.scene is not None
        if ready:
            view.settle()
        state, seat = bar_state(view), seat_state(view)
        shown = _shown(view) if ready and view.tab == "watch" else None
    with solara.Div(classes=["ent-page"]):
        parts.Bar(
            state=state,
            event_play=view.handle(lambda playing: desk.play(bool(playing))),
            event_step=view.handle(lambda _: desk.step()),
            event_choose=view.handle(lambda wish: choose(view, wish)),
            event_reset=view.handle(lambda wish: restart(view, wish)),
            event_take=view.handle(lambda actor: take(view, actor)),
            event_retry=view.handle(lambda _: desk.reset(desk.start)),
        )
        if shown is not None:
            _draw_board(view, shown, seat)
        elif ready:
            _draw_sources(view)


def _begin(query: str) -> View:
    start, problem = start_from_query(query)
    view = View(start=start, notice=problem)
    view.desk = Desk(start, lambda: view.redraw())
    return view


def _shown(view: View) -> dict[str, Any]:
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


def _draw_board(view: View, shown: dict[str, Any], seat: dict[str, Any]) -> None:
    board, pick = shown["board"], view.handle(lambda wish: choose(view, wish))
    unfold = view.handle(lambda wish: view.unfold(str(wish["id"]), bool(wish["on"])))
    parts.Seat(
        seat=seat,
        event_draft=view.handle(lambda wish: draft(view, wish)),
        event_end=view.handle(lambda _: end_quarter(view)),
    )
    parts.Figures(heading=shown["heading"], kpis=board["kpis"])
    with solara.Div(classes=["ent-two"]):
        parts.Map(
            title=f"Who ships {shown['good']} to whom",
            map=board["map"], event_choose=pick, event_open=unfold,
        )  # fmt: skip
        parts.Journal(
            rows=shown["rows"], actors=shown["actors"], actor=view.actor, event_choose=pick
        )
    parts.Charts(charts=board["charts"], plot=shown["plot"], event_choose=pick, event_open=unfold)


def _draw_sources(view: View) -> None:
    material = view.look.material
    parts.Sources(
        overview=sources.overview(view.scene.goods, view.scene.coercer),
        figures=sources.figures(material),
        material=material,
        name=view.scene.good(material).name,
        event_choose=view.handle(lambda wish: choose(view, wish)),
    )


# ---- what a person does -------------------------------------------------------------------------


def choose(view: View, wish: dict[str, str]) -> None:
    """A choice of what to look at; unknown values change nothing."""
    what, value = wish["what"], str(wish["value"])
    if what == "speed":
        view.desk.set_speed(read_speed(value, view.desk.speed))
    elif what == "tab":
        view.tab = "sources" if value == "sources" else "watch"
    elif what == "narrow":
        view.look = replace(view.look, narrow=value == "true")
    elif what == "actor":
        view.actor = value
    elif view.desk.scene is not None:
        if what == "week":
            week = min(int(value), view.desk.week - 1) if value.isdigit() else None
            view.look = replace(view.look, week=week)
        elif what == "material" and value in {good.id for good in view.scene.goods}:
            view.look = replace(view.look, material=value)
        elif what == "zone" and value in {place.code for place in view.scene.places}:
            view.look = replace(view.look, zone=value)


def restart(view: View, wish: dict[str, str]) -> None:
    seed, problem = read_seed(str(wish["seed"]))
    view.notice = problem
    if not problem:
        start = replace(view.desk.start, scenario=str(wish["scenario"]), seed=seed)
        # What is looked at stays, where the new scenario has it.
        start = replace(start, material=view.look.material, zone=view.look.zone, autoplay=True)
        view.forget()
        view.desk.reset(start)


def take(view: View, actor: str) -> None:
    view.forget_orders()
    view.desk.take_seat(str(actor or ""))
    if view.desk.seat and view.desk.scene is not None:
        view.look = replace(view.look, zone=view.desk.seat, week=None)


def draft(view: View, wish: dict[str, Any]) -> None:
    """A wish for a lever: kept for the end of the quarter, answered at once."""
    lever, value = str(wish["lever"]), wish["value"]
    view.problem = ""
    view.drafts.pop(lever, None)
    view.notes.pop(lever, None)
    if value is None:
        return
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        said = f"{spoken(lever, view.scene)} needs a number, {str(value)[:20]!r} is none."
        view.notes[lever] = {"refusal": said}
        return
    with view.desk.lock:
        reply = answer(view.desk.game, view.desk.seat, lever, number)
        reply = {kind: say(text, view.scene) for kind, text in reply.items()}
    view.notes[lever] = reply
    if "refusal" not in reply:
        view.drafts[lever] = number


def end_quarter(view: View) -> None:
    """Hand in the orders; a refusal keeps the quarter open and stands at its field."""
    desk = view.desk
    refused = [lever for lever, reply in view.notes.items() if "refusal" in reply]
    with desk.lock:
        if not desk.waiting:
            return
        if not refused:
            for lever, value in view.drafts.items():
                refusal = desk.game.submit(actor=desk.seat, lever=lever, value=value)
                if refusal is not None:
                    refused.append(lever)
                    view.notes[lever] = {"refusal": say(refusal.reason, view.scene)}
    if refused:
        names = ", ".join(spoken(lever, view.scene) for lever in refused)
        view.problem = f"Not accepted: {names}. Change it or undo it."
        return
    view.forget_orders()
    desk.end_quarter()


__all__ = ["Layout", "Page"]
