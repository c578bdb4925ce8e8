"""What the browser tests share: screens, and waiting for a week."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
OpenPage = Callable[..., Page]
WEEK = "[data-show=week]"


def week_of(page: Page) -> int:
    return int(page.locator(WEEK).inner_text())


def wait_for_week(page: Page, least: int = 0, most: int = 10**6) -> None:
    """Until the page shows a week in this range."""
    page.wait_for_function(
        """([least, most]) => {
            const shown = document.querySelector('[data-show=week]');
            return shown && Number(shown.innerText) >= least && Number(shown.innerText) <= most;
        }""",
        arg=[least, most],
    )
