"""A real server and a real Chromium for the browser tests.

Every page that a test opens is watched: a request to anywhere but this machine, an error in the
console or an uncaught exception fails the test, whatever it was about.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from runs.printing.pdf import find_chromium
from tests.browser.helpers import WIDE, OpenPage

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("BROWSER") == "skip":
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="BROWSER=skip"))


@dataclass
class Watchman:
    """What the pages of one test did that no page should do."""

    contexts: list[BrowserContext] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("request", lambda request: self._note_request(request.url))
        page.on("websocket", lambda ws: self._note_request(ws.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: self.errors.append(said.text) if said.type == "error" else None,
        )

    def _note_request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.outside.append(url)


def chromium_path(with_window: bool = False) -> str:
    found = find_chromium(with_window)
    if not found:
        pytest.fail("No Chromium here: install one, name it in CHROMIUM, or set BROWSER=skip.")
    return found


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server with the default scenario; it works nothing out ahead."""
    with serving(tmp_path_factory.mktemp("server"), lean=True) as found:
        yield found


@pytest.fixture(scope="module")
def ahead(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same as people start it: causes and bands come without a press."""
    with serving(tmp_path_factory.mktemp("ahead")) as found:
        yield found


@contextmanager
def serving(
    folder: Path, record: Path | None = None, first: str = "", lean: bool = False
) -> Iterator[str]:
    """A running server with its log in a folder, which shows a record if one is named; ``first``
    is code that it runs before."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log_path, store = folder / "server.log", folder / "rooms.db"
    code = f"{first}\nfrom runs.web import serve; "
    shown = record and str(record)
    code += f"serve(port={port}, open_browser=False, store={str(store)!r}, "
    code += f"record={shown!r}, lean={lean})"
    with log_path.open("w") as log:
        server = subprocess.Popen([sys.executable, "-c", code], stdout=log, stderr=log)
        try:
            _wait_until_up(f"http://127.0.0.1:{port}/healthz", server, log_path)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_until_up(url: str, server: subprocess.Popen[bytes], log_path: Path) -> None:
    for _ in range(1800):  # a busy machine takes minutes
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not come up:\n{log_path.read_text()}")


@pytest.fixture(scope="module")  # its event loop must be gone before other tests run theirs
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def keeping_pages() -> Iterator[Browser]:
    """A browser as people have it: with pages kept when they are left, which Playwright switches
    off."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(with_window=True), args=ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"],
        )  # fmt: skip
        yield browser
        browser.close()


@contextmanager
def one_person(
    browser: Browser, viewport: dict[str, int], patience_ms: float
) -> Iterator[BrowserContext]:
    """One browser of one person; whatever is thrown in its pages fails the test."""
    faults: list[str] = []
    context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]
    context.set_default_timeout(patience_ms)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context
    context.close()
    assert faults == []


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[OpenPage]:
    """Opens a page in a browser of its own (cookies, storage): `open_page("?seed=3", NARROW)`."""
    watchman = Watchman()

    def opened(query: str = "", viewport: dict[str, int] | None = None) -> Page:
        context = chromium.new_context(viewport=viewport or WIDE)  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        watchman.contexts.append(context)
        page = context.new_page()
        watchman.follow(page)
        page.goto(query if "://" in query else address + query)
        return page

    yield opened
    for context in watchman.contexts:
        context.close()
    assert watchman.outside == [], "requests left this machine"
    assert watchman.errors == [], "errors in the browser"


@pytest.fixture(scope="session", autouse=True)
def _asserts_of_playwright() -> None:
    """Patience for what a page shows; a busy machine must not turn a test red."""
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
