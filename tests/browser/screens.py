"""Screens of a class: a server, telephones, laptops, a wall, and what every page of them owes."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from runs.room.trial.eyes import bare_keys, english_left, findings, too_wide
from tests.browser.conftest import Watchman

__all__ = ["bare_keys", "english_left", "findings"]
ROOT = Path(__file__).parents[2]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
}  # fmt: skip
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
WALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
SMALL_WALL: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}


@contextmanager
def served(folder: Path, *options: str) -> Iterator[str]:
    """`entrepot play` as a class starts it, on a free port unless `options` name one; the address
    without a slash."""
    command = [sys.executable, "-m", "runs.cli", "play", "--no-browser", "--json", "--port", "0"]
    command += ["--store", str(folder / "rooms.db"), "--lean", *options]
    environment = {**os.environ, "PYTHONPATH": os.environ.get("PYTHONPATH") or str(ROOT)}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment, cwd=folder
        )
        assert server.stdout is not None
        try:
            ready, _, _ = select.select([server.stdout], [], [], 120)
            line = server.stdout.readline() if ready else ""
            assert line, f"the server did not come up:\n{(folder / 'log').read_text()}"
            yield str(json.loads(line)["address"]).rstrip("/")
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


class Screens:
    """Browsers of their own (cookies, storage), all watched; pictures for people to look at are
    taken where SHOTS names a folder for them."""

    def __init__(self, chromium: Browser, base: str, folder: Path) -> None:
        self.chromium, self.base, self.folder = chromium, base, folder
        self.watchman = Watchman()

    def open(self, url: str, **traits: Any) -> Page:
        context = self.chromium.new_context(**traits)
        context.set_default_timeout(30_000)  # a busy machine must not turn a test red
        self.watchman.contexts.append(context)
        page = context.new_page()
        self.watchman.follow(page)
        page.goto(url if url.startswith("http") else f"{self.base}/{url}")
        return page

    def shot(self, page: Page, name: str, whole: bool = True) -> None:
        if not os.environ.get("SHOTS"):
            return
        if whole:  # bars that stick to the window stand where they belong
            page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=self.folder / f"{name}.png", full_page=whole)

    def close(self) -> None:
        for context in self.watchman.contexts:
            context.close()
        assert self.watchman.outside == [], "requests left this machine"
        assert self.watchman.errors == [], "errors in the browser"


def pictures(tmp: Path) -> Path:
    """Where pictures are kept: the folder that SHOTS names, or the test's own."""
    folder = Path(os.environ.get("SHOTS") or tmp)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


# --- what every page owes -------------------------------------------------------------------------


def fits(page: Page) -> None:
    """Nothing is wider than the screen, but for what says that it scrolls."""
    assert too_wide(page) == [], page.url


def small_targets(page: Page, least: float = 44) -> list[str]:
    """What a finger would miss: controls below `least` px. A box with its own label counts with
    the label, and a link inside a sentence is text."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll(
            'button, a, input, select, textarea, summary, [role=tab]')].filter(e => {
            const ticked = e.matches('input[type=checkbox], input[type=radio]');
            const own = ticked ? e.closest('label') || e : e;
            const box = own.getBoundingClientRect(), style = getComputedStyle(e);
            if (!box.width || style.visibility === 'hidden') return false;
            if (e.closest('.skip, .sr')) return false;
            if (e.matches('a:not(.button)') && style.display === 'inline') return false;
            return box.height < least - 0.5 || box.width < least - 0.5;
        }).map(e => `${Math.round(e.getBoundingClientRect().width)} x ${
            Math.round(e.getBoundingClientRect().height)}: ${e.outerHTML.slice(0, 100)}`)""",
        least,
    )
    return found


def tab_to(page: Page, wanted: str, most: int = 150, key: str = "Tab") -> int:
    """Reaches an element with the Tab key and nothing else; the number of keys.

    On the way every stop must be seen: with an outline, in the window and under nothing.
    """
    for count in range(most):
        state = page.evaluate(
            """(wanted) => {
                const e = document.activeElement;
                if (!e || e === document.body) return {there: false, seen: true};
                const box = e.getBoundingClientRect(), style = getComputedStyle(e);
                const outline = style.outlineStyle !== "none" &&
                    parseFloat(style.outlineWidth) >= 2;
                const top = Math.max(box.top, 0), foot = Math.min(box.bottom, innerHeight);
                const over = document.elementFromPoint(
                    Math.min(box.left + box.width / 2, innerWidth - 1), (top + foot) / 2);
                const clear = over && (e.contains(over) || over.contains(e));
                return {there: e.matches(wanted), seen: outline && foot > top && clear,
                    what: e.outerHTML.slice(0, 120)};
            }""",
            wanted,
        )
        assert state["seen"], f"the focus cannot be seen at {state['what']}"
        if state["there"]:
            return count
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} is not reached with {key}")
