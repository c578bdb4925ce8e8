"""Screens of a class: a server, telephones, laptops, a wall, and what every page of them owes."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from runs.pages.words import catalogue
from tests.browser.conftest import Watchman

ROOT = Path(__file__).parents[2]
SERIOUS = ("serious", "critical")
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
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => {
            if (e.closest('.scroll, .tabs, svg, .sr, .skip, dialog:not([open])')) return false;
            const box = e.getBoundingClientRect();
            return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
        }).map(e => e.outerHTML.slice(0, 120))"""
    )
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert (wide <= 0, beyond) == (True, []), page.url


def findings(page: Page, without: tuple[str, ...] = ()) -> list[str]:
    """What axe holds against a page, serious and critical: rule, place and reason."""
    rules = {one: {"enabled": False} for one in without}
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules})
    return [
        f"{rule['id']}: {node['target']} {node['html'][:120]} {node['failureSummary'][:160]}"
        for rule in found.response["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


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


def bare_keys(page: Page, language: str) -> list[str]:
    """Keys of the catalogue that stand on a page instead of their words."""
    shown = page.inner_text("body")
    return [key for key in catalogue(language) if "." in key and f" {key} " in f" {shown} "]


def english_left(page: Page, allowed: set[str]) -> list[str]:
    """Runs of text with an English word in them, where the page does not say that it is English.

    `allowed` holds words that are written so in every language (units, names, codes).
    """
    texts: list[str] = page.evaluate(
        """() => {
            const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const e = walk.currentNode.parentElement;
                if (!e || e.closest('script, noscript, style, [lang=en], code')) continue;
                if (walk.currentNode.data.trim()) found.push(walk.currentNode.data.trim());
            }
            for (const e of document.querySelectorAll('[aria-label]:not([lang=en])'))
                found.push(e.getAttribute('aria-label'));
            return found;
        }"""
    )
    plain = [re.sub(r"\S+://\S+|[\d.,:]+", " ", text) for text in texts]
    return [
        text for text in plain if set(re.findall(r"[A-Za-z][a-z]{2,}", text)) - allowed
    ]  # fmt: skip


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
