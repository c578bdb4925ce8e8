"""What every page owes its readers, page by page, in four languages, light and dark.

    python -m runs.room.trial.access
    python -m runs.room.trial.access --languages ko ja --themes dark --pages watch deals

A server of its own, a class that has played a turn, one that is over, and two saved runs. On every
page everything that opens is opened; then it is looked for serious findings of axe, for English on
pages in other languages, for keys instead of words, for what is wider than 640 px (a laptop at
200%) or 390 px (a telephone), for what moves although rest is asked for, and for paper that does
not say what it shows and when. A request to another machine and an error of a script are told too.
Printed is what was found, by page; nothing is well. Needs the test packages and a Chromium (named
in CHROMIUM, or on the path).
"""

from __future__ import annotations

import argparse
import io
import json
import re
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from runs.pages.words import LANGUAGES
from runs.printing.pdf import find_chromium
from runs.room.trial.client import new_id, tell
from runs.room.trial.eyes import RUNNING, bare_keys, english_left, findings, too_wide, unfold
from runs.room.trial.opening import App

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

THEMES = ("light", "dark")
PATIENCE_MS = 120_000
WIDTHS = ((640, 400), (390, 844))
RUN = "scenario=gallium-2023&autoplay=0&week=30"
PLAYED = "[data-part=fork] [data-question]:enabled"  # the run has come whole
# Written so in every language: names of people, runs and programmes, formats, words of the tables.
NAMES = {
    "Entrepot", "entrepot", "Natural", "Earth", "Ann", "PARQUET", "mild", "hard", "swept", "basis",
    "seed", "seen", "recalled", "assumption", "host",
}  # fmt: skip


class Home:
    """The rooms and runs that the pages show, on a running server."""

    def __init__(self, base: str, language: str) -> None:
        self.base, self.language = base, language
        self.token = self.ask("GET", "/pages/host-key")["token"]
        self.japan = self._lesson(turns=2)
        self.over = self._lesson(turns=1)
        self._act(self.over, "reveal")

    def ask(self, method: str, path: str, token: str = "", body: Any = None) -> Any:
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
        data = None if body is None else json.dumps(body).encode()
        call = urllib.request.Request(f"{self.base}{path}", data, headers, method=method)
        with urllib.request.urlopen(call, timeout=60) as answer:
            return json.load(answer)

    def _act(self, room: dict[str, str], action: str, **more: Any) -> None:
        path, token = f"/api/rooms/{room['code']}/control", room["facilitator_token"]
        self.ask("POST", path, token, {"id": new_id(), "action": action, **more})

    def _lesson(self, turns: int) -> dict[str, str]:
        """A room after its first turn, with an order, a deal, a message, a move and a card."""
        form = {"scenario": "japan-2026", "seed": 1, "users": 100, "turn_seconds": None,
                "turns": turns, "language": self.language}  # fmt: skip
        made: dict[str, str] = self.ask("POST", "/api/rooms", self.token, form)
        room = f"/api/rooms/{made['code']}"

        def send(path: str, token: str = "", method: str = "POST", **body: Any) -> Any:
            return self.ask(method, f"{room}/{path}", token, {"id": new_id(), **body})

        japan = send("join", name="Ann", seat="JPN")["token"]
        korea = send("join", name="Bo", seat="KOR")["token"]
        self._act(made, "start")
        view = self._wait(room, made, lambda view: view["public"].get("prices"))
        send("orders", japan, "PUT", turn=view["turn"], lever="stockpile_release", value=0.5)
        stock = {"kind": "stock", "material": "dy_oxide", "tonnes_per_turn": 4}
        money = {"kind": "money", "usd_m_per_turn": 5}
        send("deals", japan, to="KOR", gives=[money], gets=[stock], turns=turns)
        send("deals/1/sign", korea)
        send("messages", korea, to="all", text="…")
        send("moves", japan, claim="…", pro=["…"], con=["…"])
        self._act(made, "card", card="detention", when="now")
        self._act(made, "close_turn")
        self._wait(room, made, lambda view: view["phase"] == "ended" if turns == 1
                   else view["turn"] == 2 and view["phase"] != "resolve")  # fmt: skip
        return {**made, "seat_token": japan}

    def _wait(self, room: str, made: dict[str, str], done: Callable[[Any], Any]) -> Any:
        for _ in range(400):
            if done(view := self.ask("GET", f"{room}/view", made["facilitator_token"])):
                return view
            time.sleep(0.25)
        raise TimeoutError("the room did not come to this")

    def door(self, page: str, token: str, over: bool = False) -> str:
        room = self.over if over else self.japan
        return f"{page}#{room['code']}.{room[token]}"


@dataclass(frozen=True)
class Stop:
    """A page: where it is, what stands there when it is ready, what is opened on it."""

    address: Callable[[Home], str]
    ready: str
    opened: Callable[[Page], None] = field(default=lambda page: unfold(page))
    has_picture: bool = False  # what is printed of it says when and what
    is_wall: bool = False  # it has one size


def _press(*places: str) -> Callable[[Page], None]:
    """Presses one place after the other; "a > b" presses a and waits for b."""

    def press(page: Page) -> None:
        for place in places:
            pressed, _, wanted = place.partition(" > ")
            page.locator(pressed).first.click(timeout=PATIENCE_MS)
            if wanted:
                page.locator(wanted).first.wait_for(timeout=PATIENCE_MS)
        unfold(page)

    return press


def _tables(page: Page) -> None:
    page.locator(PLAYED).first.wait_for(timeout=PATIENCE_MS)
    for table in page.locator("[data-do=table]").all():
        table.click()


def _tab(name: str) -> Stop:
    return Stop(lambda home: home.door("seat", "seat_token"), ".you h1", _press(f"#tab-{name}"))


WATCH = "[data-part=lead] figure"
STOPS = {
    "start": Stop(lambda home: "start", "#way-alone"),
    "alone": Stop(lambda home: "start?for=alone", "#sit-down"),
    "class": Stop(lambda home: "start?for=class", "#make"),
    "table": Stop(lambda home: "start?for=table", "#make"),
    "saved": Stop(lambda home: "start?for=saved", ".deal"),
    "watch": Stop(lambda home: f"?{RUN}", WATCH, _tables, has_picture=True),
    "country": Stop(lambda home: f"?{RUN}", PLAYED, _press(".map [data-zone=KOR] > [data-panel]")),
    "materials": Stop(lambda home: f"?{RUN}", PLAYED, _press(".tile > [data-panel]")),
    "menus": Stop(lambda home: f"?{RUN}", PLAYED, _press("#menu-run summary")),
    "why": Stop(lambda home: f"?{RUN}", PLAYED,
                _press("[data-do=why] > [data-figure=why]"), has_picture=True),
    "what-if": Stop(lambda home: f"?{RUN}", PLAYED,
                    _press("[data-question='1'] > [data-show=fork-says]"), has_picture=True),
    "sources": Stop(lambda home: "?view=sources", "table.overview"),
    "compare": Stop(lambda home: "compare?a=mild&b=hard", "#found h1", has_picture=True),
    "sweep": Stop(lambda home: "compare?a=swept", "#found .heat", has_picture=True),
    "record": Stop(lambda home: "compare?a=mild&b=gallium-2023", "#found figure circle",
                   has_picture=True),
    "papers": Stop(lambda home: "print", "main table"),
    "join": Stop(lambda home: "join", "#code"),
    "seats": Stop(lambda home: f"j/{home.japan['code']}", "#name"),
    **{name: _tab(name) for name in ("orders", "deals", "messages", "world", "history")},
    "console": Stop(lambda home: home.door("console", "facilitator_token"), "#seats"),
    "wall": Stop(lambda home: home.door("projector", "projector_token"), ".wall .lane",
                 is_wall=True),
    "reveal": Stop(lambda home: home.door("projector", "projector_token", True), ".wall",
                   is_wall=True),
    "hotwash": Stop(lambda home: home.door("seat", "seat_token", True), "#tab-history"),
    "review": Stop(lambda home: home.door("review", "seat_token", True), ".board",
                   has_picture=True),
    "lost": Stop(lambda home: "nothing", "main h1"),
}  # fmt: skip


def look(page: Page, stop: Stop, language: str) -> dict[str, list[str]]:
    """What a page that stands open owes and does not pay, by kind."""
    found = {"axe": findings(page), "keys": bare_keys(page, language)}
    if language != "en":
        found["english"] = english_left(page, NAMES | plants())
    if moving := page.evaluate(RUNNING):
        found["moving"] = [f"{moving} animations although rest is asked for"]
    size = page.viewport_size
    assert size is not None
    for width, height in () if stop.is_wall else WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)  # a frame or two to be laid out in
        found[f"at {width} px"] = too_wide(page)
    page.set_viewport_size(size)
    if not stop.is_wall:
        page.emulate_media(media="print")
        found["paper"] = on_paper(page, stop.has_picture)
        page.emulate_media(media="screen")
    return {kind: told for kind, told in found.items() if told}


@cache
def plants() -> set[str]:
    """Words of real plants, which go by their names."""
    from world.scenario import load_scenario
    from world.setting import make_setting

    base = make_setting(load_scenario("japan-2026", {"users": 100})).base
    return {word for plant in base.plants for word in re.findall(r"[A-Za-z]+", plant.name)}


def on_paper(page: Page, has_picture: bool) -> list[str]:
    """What a printed page does not say."""
    from runs.about import package_version

    line = page.locator(".printed:visible")
    text = " ".join(line.all_inner_texts())
    if not text:
        return ["nothing says what this is"]
    wanted = [package_version(), str(time.localtime().tm_year)] if has_picture else []
    return [f"{one} is not said: {text}" for one in wanted if one not in text]


@dataclass
class Tour:
    """A browser that goes from page to page."""

    chromium: Browser
    home: Home
    theme: str
    shots: Path | None = None

    def visit(self, name: str) -> dict[str, list[str]]:
        stop, language = STOPS[name], self.home.language
        context = self.chromium.new_context(
            viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale=language,
            color_scheme="dark" if self.theme == "dark" else "light",
        )  # fmt: skip
        try:
            return self._visit(context, name, stop)
        finally:
            context.close()

    def _visit(self, context: BrowserContext, name: str, stop: Stop) -> dict[str, list[str]]:
        page, told = context.new_page(), []
        here = urlsplit(self.home.base).netloc
        page.on("pageerror", lambda fault: told.append(f"an error: {fault}"))
        page.on("request", lambda asked: told.append(f"outside: {asked.url}")
                if urlsplit(asked.url).netloc not in (here, "") else None)  # fmt: skip
        page.goto(f"{self.home.base}/{stop.address(self.home)}")
        try:
            page.locator(stop.ready).first.wait_for(timeout=PATIENCE_MS)
            stop.opened(page)
            found = look(page, stop, self.home.language)
        except Exception as fault:  # the tour goes on; this page is told as one that is not well
            found = {"open": [str(fault).splitlines()[0]]}
        if self.shots:
            where = self.shots / f"{name}-{self.home.language}-{self.theme}.png"
            page.screenshot(path=where, full_page=not stop.is_wall)
        return {**found, "browser": told} if told else found


@contextmanager
def house() -> Iterator[str]:
    """The address of a server that has runs to compare; it works nothing out ahead."""
    from runs.cli import main as entrepot
    from runs.game import Game

    small = {"users": 80, "weeks": 30}
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "out"
        for name, more in (("mild", {}), ("hard", {"CHN.export_quota.gallium": 0.0})):
            Game("gallium-2023", set={**small, **more}).run().save(runs / name)
        with redirect_stdout(io.StringIO()):
            entrepot(["sweep", "gallium-2023", "--vary", "CHN.export_quota.gallium=0,3", "--vary",
                      "KOR.protest=0,1", "--runs", "2", "--users", "80", "--weeks", "16",
                      "--out", str(runs / "swept"), "--json"])  # fmt: skip
        server = App(Path(folder) / "rooms.db", said=Path(folder) / "said")
        server.words = ("play", "--no-browser", "--lean", "--runs", str(runs))
        with server:
            yield server.address


def tour(args: argparse.Namespace) -> dict[str, Any]:
    """What was found, by language, theme and page; pages on which all is well are left out."""
    from playwright.sync_api import sync_playwright

    found: dict[str, Any] = {}
    with house() as base, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu"],
        )
        for language in args.languages:
            home = Home(base, language)
            for theme in args.themes:
                rounds = Tour(chromium, home, theme, args.shots)
                for page in args.pages:
                    if told := rounds.visit(page):
                        found[f"{page} {language} {theme}"] = told
        chromium.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="What the pages owe their readers.")
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=list(THEMES))
    parser.add_argument("--pages", nargs="+", choices=STOPS, default=list(STOPS))
    parser.add_argument("--shots", type=Path, help="folder for pictures of the pages")
    args = parser.parse_args()
    if args.shots:
        args.shots.mkdir(parents=True, exist_ok=True)
    found = tour(args)
    tell(found, fine=not found)


if __name__ == "__main__":
    main()
