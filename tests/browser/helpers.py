"""What the browser tests share: screens, and waiting for a week."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
OpenPage = Callable[..., Page]
HEAD = "[data-part=timeline] [role=slider]"
READY = "[data-part=headline] h1"


def all_levers(page: Page) -> None:
    """Opens a state's orders with all its levers, on phones and wide screens alike."""
    page.locator("#tab-orders").click()
    page.locator("#all-levers, #six-levers").wait_for()
    if page.locator("#all-levers").count():
        page.locator("#all-levers").click()
        page.locator("#six-levers").wait_for()


def unfold(fold: Locator) -> None:
    """Opens a fold by its key: a page that still grows can move under a pointer between press and
    release, and the click falls beside."""
    fold.locator("summary").press("Enter")
    expect(fold.locator("details")).to_have_attribute("open", "")


def week_of(page: Page) -> int:
    """The week under the head of the time line."""
    return int(page.locator(HEAD).get_attribute("aria-valuenow") or -1)


def wait_for_week(page: Page, least: int = 0, most: int = 10**6) -> None:
    """Until the head stands in this range and its week is told."""
    page.wait_for_function(
        """([head, ready, least, most]) => {
            const at = document.querySelector(head)?.getAttribute('aria-valuenow');
            return at && document.querySelector(ready) && Number(at) >= least && Number(at) <= most;
        }""",
        arg=[HEAD, READY, least, most],
    )


def wait_until_played(page: Page) -> None:
    """Until the whole run has come, told to its last week."""
    page.locator("[data-part=lead]").wait_for(timeout=120_000)  # some runs have no small charts
    page.locator("[data-show=ahead]").wait_for(state="detached", timeout=120_000)
