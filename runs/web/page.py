"""The watch page: one game in each browser, drawn by the page's own scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara
import solara.lab

from runs.room.server.gate import CALLER_HEADER, HERE, HOST
from runs.web import parts
from runs.web.desk import Desk
from runs.web.kernels import connected
from runs.web.payload import View, act, compose
from runs.web.start import start_from_query


@solara.component
def Layout(children: list[Any]) -> Any:
    """Nothing around the page."""
    return solara.Div(children=children)


@solara.component
def Page() -> None:
    """The bridge to the page; whatever goes wrong, it hands on a sentence, never a traceback."""
    router = solara.use_router()
    _, set_version = solara.use_state(0)
    view: View = solara.use_memo(lambda: _begin(router.search or "", is_guest()), [])

    def begin() -> Callable[[], None]:
        counter = iter(range(1, 2**62))
        view.redraw = lambda: set_version(next(counter))
        view.desk.open()
        return view.close

    solara.use_effect(begin, [])
    shown = compose(view)
    solara.Title("Entrepot")
    parts.Stage(
        state=shown.state, run=shown.run, story=shown.story, why=shown.why, band=shown.band,
        asks=shown.asks, asked=shown.asked, forks=shown.forks, sources=shown.sources,
        event_ask=view.handle(lambda wish: act(view, wish)),
    )  # fmt: skip


def is_guest() -> bool:
    """Whether this page stands on another machine, by the word of the gate. Where there is none,
    it does."""
    said = (solara.lab.headers.value or {}).get(CALLER_HEADER.decode(), [])
    return said not in ([HERE], [HOST])


def _begin(query: str, guest: bool) -> View:
    start, problem = start_from_query(query)
    view = View(start=replace(start, guest=guest), notice=problem, link=query)
    view.desk = Desk(view.start, lambda: view.redraw(), connected())
    return view


__all__ = ["Layout", "Page"]
