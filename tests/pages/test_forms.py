"""The forms that make a game: ranges beside the labels, and every mistake told where it stands."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from runs.pages.words import catalogue
from tests.pages.conftest import TOKEN, Door, OpenPage

pytestmark = pytest.mark.browser
WORDS = catalogue("en")


@pytest.mark.parametrize("turns", ["0", "2.5", "many"])
def test_alone_all_mistakes_are_told_at_once(turns: str, door: Door, open_page: OpenPage) -> None:
    page = open_page(f"{door.base}/host?for=alone#{TOKEN}")
    expect(page.locator("label:has(#turns)")).to_contain_text("1 to ")
    page.fill("#turns", turns)
    page.fill("#seed", "-3")
    page.click("#sit-down")
    expect(page.locator("#seat-fault")).to_have_text(WORDS["solo.need_seat"])
    expect(page.locator("#turns-fault")).to_contain_text("Only 1 to ")
    expect(page.locator("#seed-fault")).to_contain_text("Only 0 to 2,147,483,647")
    expect(page.locator("#seat-fault")).to_be_in_viewport()
    page.check("input[value=KOR]")
    page.fill("#turns", "2")
    page.fill("#seed", "7")
    page.click("#sit-down")
    page.wait_for_url("**/seat#*")


def test_a_class_says_what_is_missing_instead_of_a_grey_button(
    door: Door, open_page: OpenPage
) -> None:
    page = open_page(f"{door.base}/host?for=class#{TOKEN}")
    page.fill("#seconds", "1")
    page.fill("#team", "1.5")
    page.locator("details:has([id^=open-]) > summary").first.click()
    for box in page.locator("[id^=open-]").all():
        box.uncheck()
    page.click("#make")
    expect(page.locator("#seconds-fault")).to_contain_text("Only 5 to 86,400")
    expect(page.locator("#team-fault")).to_contain_text(WORDS["lever.whole"])
    expect(page.locator("#people-fault")).to_have_text(WORDS["host.need_seats"])
    page.check("#open-KOR")
    page.check("#no-clock")  # how long a turn is does not matter then
    page.fill("#team", "")
    page.click("#make")
    expect(page.locator(".bigcode")).to_be_visible()


def test_an_old_link_is_called_so_and_a_whole_link_is_taken(
    door: Door, open_page: OpenPage
) -> None:
    page = open_page("about:blank", refusals=True)
    page.route("**/pages/host-key", lambda route: route.fulfill(json={"token": None}))  # elsewhere
    page.goto(f"{door.base}/host?for=class#of-an-earlier-start")
    expect(page.locator(".notice")).to_contain_text(WORDS["host.old_link"])
    expect(page.locator("label:has(#token)")).to_contain_text("Facilitator's link")
    page.click("#make")
    expect(page.locator("#token-fault")).to_have_text(WORDS["host.need_token"])
    page.fill("#token", f"{door.base}/host#{TOKEN}")
    page.click("#make")
    expect(page.locator(".bigcode")).to_be_visible()
