"""The watch page that is left and come back to, in a browser that keeps the pages it leaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import keeping_pages, one_person
from tests.browser.helpers import HEAD, WIDE, wait_until_played

pytestmark = pytest.mark.browser
SHORT = "?scenario=gallium-2023&autoplay=0"


@pytest.fixture(scope="module")
def keeping() -> Iterator[Browser]:
    with keeping_pages() as browser:
        yield browser


@pytest.fixture
def device(keeping: Browser) -> Iterator[BrowserContext]:
    with one_person(keeping, WIDE, 60_000) as context:
        yield context


@pytest.mark.parametrize("way", ["alone", "sources"])
def test_back_and_forward_bring_a_page_that_answers(
    device: BrowserContext, address: str, way: str
) -> None:
    """Whether the browser kept it or loads it anew: the head moves, a look is answered."""
    there = "#seats, form" if way == "alone" else "table.overview"
    page = device.new_page()
    page.goto(address + SHORT)
    wait_until_played(page)
    page.locator(f"nav [data-way={way}]").click()
    page.locator(there).first.wait_for()
    page.go_back(wait_until="commit")
    wait_until_played(page)
    page.locator(HEAD).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(HEAD)).to_have_attribute("aria-valuenow", "1")
    page.locator("[data-part=why] [data-why=KOR]").click()
    expect(page.locator("[data-part=why] [data-why=KOR]")).to_have_attribute("aria-pressed", "true")
    page.go_forward(wait_until="commit")
    page.locator(there).first.wait_for()
