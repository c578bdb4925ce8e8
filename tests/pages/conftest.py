"""A real server with the room's door and pages, and a real Chromium that is watched."""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, Watchman, chromium_path

TOKEN = "host-token-of-the-tests"
ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("BROWSER") == "skip":
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="BROWSER=skip"))


@dataclass
class Door:
    """The room's HTTP interface, as a test speaks to it."""

    base: str
    folder: Path = Path()  # of the server's log, and of what it offers to compare
    count: Iterator[int] = field(default_factory=itertools.count)

    def call(self, method: str, path: str, token: str = "", body: Any = None) -> Any:
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.base}/api{path}", data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)

    def id(self) -> str:
        return f"test-{next(self.count)}-{time.monotonic_ns()}"

    def room(self, **fields: Any) -> Room:
        form = {"scenario": "japan-2026", "seed": 1, "users": 100, "turn_seconds": 900, **fields}
        made = self.call("POST", "/rooms", TOKEN, form)
        return Room(self, made["code"], made["facilitator_token"], made["projector_token"])


@dataclass
class Room:
    door: Door
    code: str
    control: str
    projector: str

    def call(self, method: str, path: str, token: str = "", body: Any = None) -> Any:
        if body is not None and "id" not in body:
            body = {"id": self.door.id(), **body}
        return self.door.call(method, f"/rooms/{self.code}{path}", token, body)

    def join(self, name: str, seat: str) -> str:
        answer = self.call("POST", "/join", "", {"name": name, "seat": seat})
        token: str = answer["token"]
        return token

    def act(self, action: str, **fields: Any) -> Any:
        return self.call("POST", "/control", self.control, {"action": action, **fields})

    def view(self, token: str = "") -> Any:
        return self.call("GET", "/view", token or self.control)

    def wait(self, done: Callable[[Any], bool], token: str = "") -> Any:
        for _ in range(300):
            if done(view := self.view(token)):
                return view
            time.sleep(0.1)
        raise AssertionError("the room did not come to this")

    def url(self, page: str, token: str) -> str:
        return f"{self.door.base}/{page}#{self.code}.{token}"


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("pages")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(Path(__file__).parent / "pages_server.py")]
    command += [str(folder / "rooms.db"), str(port), TOKEN]
    environment = {**os.environ, "PYTHONPATH": os.environ.get("PYTHONPATH") or str(ROOT)}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                    break
                except (urllib.error.URLError, OSError):
                    assert server.poll() is None, (folder / "log").read_text()
                    time.sleep(0.1)
            yield Door(f"http://127.0.0.1:{port}", folder)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


@pytest.fixture(scope="module")  # its event loop must be gone before other tests run theirs
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield browser
        browser.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """`open_page(url, width, height)`: a page of a browser of its own, watched. Where ``refusals``
    are meant, Chromium's own lines about answers of 4xx are no errors."""
    watchman = Watchman()
    meant: list[str] = []

    def opened(url: str, width: int = 390, height: int = 844, refusals: bool = False) -> Page:
        if refusals:
            meant.append("Failed to load resource: the server responded with a status of 4")
        context = chromium.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(20_000)
        watchman.contexts.append(context)
        page = context.new_page()
        watchman.follow(page)
        page.goto(url)
        return page

    yield opened
    for context in watchman.contexts:
        context.close()
    assert watchman.outside == [], "requests left this machine"
    errors = [one for one in watchman.errors if not one.startswith(tuple(meant))]
    assert errors == [], "errors in the browser"


# --- a game that was played, for its walls --------------------------------------------------------

SAID = "Nobody looks into every box."
CHANCES = {"JPN": 0.9, "KOR": 0.2, "VNM": 0.6}


@dataclass
class Show:
    """A game that was played to its end: its room, its deal, and the wall's view of every scene."""

    room: Room
    deal: int = 0
    branch: dict[str, Any] = field(default_factory=dict)
    views: dict[str, Any] = field(default_factory=dict)

    def keep(self, name: str = "") -> dict[str, Any]:
        seen: dict[str, Any] = self.room.view(self.room.projector)
        wall = seen["wall"]
        self.views[name or f"{wall['part']}-{wall['n']}"] = seen
        return seen


@pytest.fixture(scope="module")
def played(door: Door) -> Show:
    room = door.room(turns=2, users=300)
    made = Show(room)
    people = {seat: room.join(name, seat) for name, seat in
              (("Ann", "JPN"), ("Bo", "KOR"), ("Chen", "VNM"))}  # fmt: skip
    room.wait(lambda view: bool(view["public"].get("prices")))
    made.keep("title")
    room.act("start")
    offer = {
        "to": "JPN", "secret": True, "turns": 2, "text": SAID,
        "gives": [{"kind": "lever", "lever": "hub_policing", "sense": "at_most", "value": 0.2}],
        "gets": [{"kind": "money", "usd_m_per_turn": 20}],
    }  # fmt: skip
    made.deal = room.call("POST", "/deals", people["VNM"], offer)["deal"]
    room.call("POST", f"/deals/{made.deal}/sign", people["JPN"], {})
    for seat, p in CHANCES.items():
        room.call("POST", "/forecasts", people[seat], {"turn": 1, "question": "price_up", "p": p})
    made.keep("opening")
    room.act("close_turn")
    room.wait(lambda view: view["turn"] == 2 and view["phase"] == "report" and view["causes"])
    made.keep("result")
    room.act("scene", to="next")
    made.keep("situation")
    room.call("POST", "/submit", people["JPN"], {"turn": 2})
    room.act("scene", to="next")
    made.keep("decide")
    room.act("close_turn")
    room.wait(lambda view: view["phase"] == "ended" and view["causes"])
    made.keep("end")
    room.act("reveal")
    made.keep()
    asked = {"week": 0, "set": {"CHN.third_country_clause": 0.0}}
    made.branch = room.call("POST", "/branch", room.control, asked)
    while room.view()["wall"]["next"]:
        room.act("scene", to="next")
        made.keep()
    return made


@pytest.fixture(scope="module")
def calm(chromium: Browser) -> Iterator[Any]:
    """Pages for who wants no motion: everything is there at once."""
    contexts = []

    def opened(url: str, width: int = 1920, height: int = 1080, wait: bool = True) -> Page:
        size: Any = {"width": width, "height": height}
        context = chromium.new_context(viewport=size, reduced_motion="reduce")
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        if wait:
            page.locator(".wall").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
