"""What a page has in mind (`View`), and the JSON that it is drawn from."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from runs.pages.words import LANGUAGES
from runs.sources.lookup import Query, answer, choices, query_of, section, summary
from runs.web import asides, sources
from runs.web.beside import beside, game_of
from runs.web.desk import Desk
from runs.web.forks import Forks, asks_of
from runs.web.more import more
from runs.web.played import as_json
from runs.web.scene import Look, Scene
from runs.web.start import Said, Start, known_scenarios, strange_in, strange_link
from runs.web.telling import Telling

log = logging.getLogger(__name__)


@dataclass
class View:
    """One browser's page: what it looks at, in which language."""

    start: Start
    notice: Said = None
    link: str = ""  # what the address asks for, until a person does something
    look: Look = field(default_factory=Look)
    language: str = "en"
    front: bool = True  # whether somebody sees the page
    fault: bool = False  # whether the view looked at cannot be drawn
    desk: Desk = field(init=False)
    redraw: Callable[[], None] = field(default=lambda: None)
    telling: Telling | None = None
    told: int = 0  # weeks that were told when it was drawn last; another page may tell more
    why_zone: str = ""  # whose causes a person has chosen
    whys: dict[str, dict[str, Any]] = field(default_factory=dict)  # causes by zone
    lucks: dict[str, Any] | None = None  # bands of other lucks
    heard: dict[str, dict[str, Any]] = field(default_factory=dict)  # of jobs beside, by their names
    forks: Forks = field(init=False)
    query: Query = field(default_factory=Query)  # rows of the tables that are looked for
    section: str = ""  # of the model's description, that is shown beside them
    _made: dict[str, tuple[Any, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.forks = Forks(self)

    @property
    def scene(self) -> Scene:
        assert self.desk.scene is not None  # asked only of a page that is set up
        return self.desk.scene

    def tell(self) -> Telling:
        """What the story says of the desk's run; all is forgotten where the run is another."""
        desk = self.desk
        assert desk.played is not None  # asked only of a page that is set up
        telling = desk.played.telling()
        if self.telling is not telling:
            self.telling, self.heard = telling, {}
            self.told, desk.more = 0, lambda: self.told < desk.week
            self.why_zone, self.whys, self.lucks = "", {}, None
            self.forks = Forks(self)
        return self.telling

    @property
    def may_ask(self) -> bool:
        """Whether something may be played beside: the page is there, and its run, which is no
        other model's."""
        desk = self.desk
        return desk.finished and not (desk.closed or desk.start.guest or desk.stored)

    def ask_beside(self, do: str, asked: dict[str, Any], patient: bool = False) -> None:
        """Has a job played for this page by the process beside, once the run has come."""
        telling = self.telling

        def hear(said: dict[str, Any]) -> None:
            with self.desk.lock:  # or a new question would come in between
                before = self.heard.get(do, {})
                if self.telling is telling and before.get("asked") is asked:
                    self.heard[do] = {**before, **said}
                    self.desk.show_soon()

        with self.desk.lock:
            if telling is None or not self.may_ask:
                return
            opened = self.desk.played.opened if self.desk.played else None
            if opened not in (None, game_of(self.desk.start)):  # the scenario was written again
                self.heard[do] = {"state": "failed", "asked": asked}
                return
            state = "waiting" if patient else "working"
            self.heard[do] = {"state": state, "done": 0, "of": 0, "asked": asked}
            if full := beside.ask(self.desk, do, self.desk.start, asked, hear, patient):
                self.heard[do] = {"state": "refused", "say": full, "asked": asked}

    def drop_beside(self, do: str) -> None:
        """The page does not wait for a job any more."""
        beside.drop(self.desk, do)
        self.heard.pop(do, None)

    def close(self) -> None:
        """The page is gone. The desk closes first: a drawing may have asked once more."""
        self.desk.close()
        beside.leave(self.desk)
        self.telling = None  # it holds the run

    def handle(self, act: Callable[[Any], None]) -> Callable[..., None]:
        """An event handler that says a sentence when it fails. The desk draws, in its share of
        the time; what is pressed meanwhile is drawn with it."""

        def handler(data: Any = None, *_: Any) -> None:
            try:
                act(data)
            except Exception:
                log.exception("an action of the page failed")
                self.notice = {"key": "watch.fault_act", "values": {}}
            self.desk.show_soon()

        return handler

    def kept(self, name: str, key: Any, make: Callable[[], Any]) -> str:
        """A JSON text, made again where its key has changed."""
        if name not in self._made or self._made[name][0] != key:
            self._made[name] = (key, as_json(make()))
        return self._made[name][1]


@dataclass
class Shown:
    """JSON texts for the page; empty where there is nothing yet."""

    state: str
    run: str = ""
    story: str = ""
    why: str = ""
    band: str = ""
    asks: str = ""  # what can be asked of the run
    asked: str = ""  # how far the question is that was asked last
    forks: str = ""  # answers
    sources: str = ""


def compose(view: View) -> Shown:
    """All that is drawn, read while the game stands still."""
    with view.desk.lock, view.desk.played.lock if view.desk.played else nullcontext():
        shown = Shown("")
        if view.desk.scene is not None:
            try:
                if view.start.view == "sources":
                    shown.sources = _sources(view)
                else:
                    _watch(view, shown)
                view.fault = False
            except Exception:
                log.exception("the page could not be drawn")
                view.fault, shown = True, Shown("")
        shown.state = json.dumps(state_of(view), ensure_ascii=False)
        return shown


def _watch(view: View, shown: Shown) -> None:
    desk, weeks = view.desk, view.desk.week
    if not weeks:
        shown.run = view.kept("run", (id(desk.game), 0), lambda: scene_state(view, Look()))
        return
    telling = view.tell()
    telling.go_on(weeks)
    view.told = telling.weeks
    look = telling.look(view.look, desk.start)
    assert desk.played is not None  # it has weeks
    shown.run = desk.played.text(("run", weeks, look), lambda: run_state(view, look))
    shown.story = desk.played.text(
        ("story", weeks, look, view.language, telling.weeks),
        lambda: telling.told(look, view.language),
    )  # fmt: skip
    asides.go_on(view)
    why, language = asides.why_of(view), view.language
    known = (id(view.whys.get(why["zone"])), language, str(why) if "state" in why else "")
    shown.why = view.kept("why", known, lambda: telling.texts(why, language))
    shown.band = view.kept(
        "band", (id(view.lucks), look), lambda: asides.band_of(view, look)
    )
    if not desk.stored and not view.start.guest:
        _forks(view, telling, shown)


def _forks(view: View, telling: Telling, shown: Shown) -> None:
    """What is asked of the run, for who may have it played otherwise."""
    plan, language, weeks = view.desk.game.plan, view.language, view.scene.horizon
    asked = view.forks.state()
    shown.asks = view.kept("asks", (id(plan), language), lambda: asks_of(plan, weeks, language))
    shown.asked = json.dumps(asked, ensure_ascii=False, allow_nan=False)
    shown.forks = view.kept(
        "forks", (id(view.forks), view.forks.changes, language),
        lambda: telling.texts(view.forks.answers, language),
    )


def state_of(view: View) -> dict[str, Any]:
    """What the shell shows; fit to be shown before there is a game."""
    desk = view.desk
    recorded = desk.recorded
    return {
        "scenario": desk.start.scenario, "seed": desk.start.seed, "view": desk.start.view,
        "scenarios": known_scenarios(), "error": desk.error, "fault": view.fault,
        "notice": view.notice or strange_link(strange_in(view.link, desk.scene)),
        "guest": desk.start.guest, "recorded": recorded is not None,
        "stored": recorded.stored if recorded is not None else "",
        "language": view.language, "ready": desk.scene is not None,
    }  # fmt: skip


def scene_state(view: View, look: Look) -> dict[str, Any]:
    """What stays the same from week to week."""
    desk, scene = view.desk, view.scene
    return {
        "title": scene.title, "start": scene.start.isoformat(), "weeks": scene.horizon,
        "played": desk.week, "coercer": scene.coercer, "target": scene.target,
        "hubs": [place.code for place in scene.places if place.shape == "hub"],
        "zones": [{"code": place.code, "name": place.name} for place in scene.places],
        "goods": [{"id": good.id, "name": good.inside} for good in scene.goods],
        "material": look.material, "zone": look.zone, "columns": None, "flows": [],
    }  # fmt: skip


def run_state(view: View, look: Look) -> dict[str, Any]:
    reading = view.desk.reading
    assert reading is not None  # there is a scene
    reading.refresh(view.desk.week)
    return {
        **scene_state(view, look),
        "columns": reading.columns(look.material), "flows": reading.flows(look.material),
        "more": more(reading, look.material, look.zone),
    }  # fmt: skip


def _sources(view: View) -> str:
    scene = view.scene
    key = (id(scene), view.look.material, view.query, view.section)
    return view.kept("sources", key, lambda: {
        "overview": sources.overview(scene.goods, scene.coercer), "material": view.look.material,
        **answer(view.query), "tables": summary(), "choices": choices(),
        "section": section(view.section) if view.section else None,
    })  # fmt: skip


def act(view: View, wish: dict[str, Any]) -> None:
    """What a person does: look elsewhere, read in another language, try again, ask why or what
    if. Unknown values change nothing."""
    what, value = str(wish["what"]), wish.get("value")
    if what == "language":
        if value in LANGUAGES:
            view.language = str(value)
        return  # what the page has said stands, in the other language
    if what == "front":
        view.front = value is True
        return
    view.notice, view.link = None, ""
    if what == "retry":
        if view.desk.error:
            view.desk.reset(view.desk.start)
        view.fault, view.look = False, Look()
    elif what == "look" and isinstance(value, dict) and view.desk.scene is not None:
        goods = {good.id for good in view.scene.goods}
        zones = {place.code for place in view.scene.places}
        material, zone = str(value.get("material", "")), str(value.get("zone", ""))
        view.look = Look(
            material if material in goods else view.look.material,
            zone if zone in zones else view.look.zone,
        )
        if zone in zones:
            asides.ask_why(view, zone)
    elif what == "why" and isinstance(value, dict) and view.desk.scene is not None:
        zone = str(value.get("zone", ""))
        if zone in {place.code for place in view.scene.places}:
            asides.ask_why(view, zone)
    elif what == "source" and isinstance(value, dict):
        view.query = query_of(value)
    elif what == "section":
        view.section = str(value)[:8]
    elif what == "fork" and not view.desk.start.guest:
        view.forks.ask(value)
    elif what == "unfork":
        view.forks.forget(value)
