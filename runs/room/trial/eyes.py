"""What every page owes its readers, looked for in a browser: see `access` for the pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from runs.pages.words import catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Page

SERIOUS = ("serious", "critical")
RUNNING = "document.getAnimations().filter((one) => one.playState === 'running').length"


def too_wide(page: Page) -> list[str]:
    """What is wider than the screen, but for what says that it scrolls."""
    beyond: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => {
            if (e.closest('.scroll, .tabs, svg, .sr, .skip, dialog:not([open])')) return false;
            const box = e.getBoundingClientRect();
            return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
        }).map(e => e.outerHTML.slice(0, 120))"""
    )
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return beyond + ([f"the page is {wide} px too wide"] if wide > 0 else [])


def findings(page: Page, without: tuple[str, ...] = ()) -> list[str]:
    """What axe holds against a page, serious and critical: rule, place and reason."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    rules = {one: {"enabled": False} for one in without}
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules})
    return [
        f"{rule['id']}: {node['target']} {node['html'][:120]} {node['failureSummary'][:160]}"
        for rule in found.response["violations"]
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


def bare_keys(page: Page, language: str) -> list[str]:
    """Keys of the catalogue that stand on a page instead of their words."""
    shown = set(page.inner_text("body").split())
    return [key for key in catalogue(language) if "." in key and key in shown]


def english_left(page: Page, allowed: set[str]) -> list[str]:
    """Runs of text with an English word in them, where the page does not say that it is English.

    `allowed` holds words that are written so in every language (units, names, codes).
    """
    texts: list[str] = page.evaluate(
        """() => {
            const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const e = walk.currentNode.parentElement;
                if (!e || !e.checkVisibility()) continue;
                if (e.closest('script, noscript, style, [lang=en], code')) continue;
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


def unfold(page: Page) -> None:
    """Opens every fold of a page but its menus, so that all of it is looked at."""
    closed = page.locator("details:not([open], [id^=menu-]) > summary:visible")
    for _ in range(60):
        if not closed.count():
            return
        closed.first.click()
