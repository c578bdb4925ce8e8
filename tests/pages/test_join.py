"""The join page: a refusal stays in sight, and what people do in a team is asked and shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from runs.pages.words import catalogue
from tests.pages.conftest import Door, OpenPage

pytestmark = pytest.mark.browser
POLL_MS = 5000  # between two looks of the page at the seats


def test_a_refusal_stays_until_somebody_does_something_else(
    door: Door, open_page: OpenPage
) -> None:
    room = door.room(team_size=1, seats=["KOR", "JPN"])
    page = open_page(f"{door.base}/j/{room.code}", refusals=True)
    error = page.locator("#join-error")
    page.locator("form button[type=submit]").click()
    expect(error).to_have_text(catalogue("en")["join.need_name"])
    page.check("input[value=KOR]")
    expect(error).to_be_hidden()
    page.fill("#name", "Bo")
    page.route("**/join", lambda route: (room.join("Ann", "KOR"), route.continue_()))  # just before
    page.locator("form button[type=submit]").click()
    expect(error).to_be_visible()
    said = error.inner_text()
    assert len(said) > 10
    assert page.locator("#job").count() == 0  # one person a seat: no team
    with page.expect_response(f"**/api/rooms/{room.code}", timeout=3 * POLL_MS):
        pass  # the page looks at the seats again
    expect(page.locator(".seatlist")).to_contain_text(catalogue("en")["join.full"])
    expect(error).to_have_text(said)


def test_a_job_in_the_team_reaches_the_card_and_the_console(
    door: Door, open_page: OpenPage
) -> None:
    room = door.room(seats=["KOR"])
    page = open_page(f"{door.base}/j/{room.code}")
    page.fill("#name", "Ann")
    page.select_option("#job", "negotiator")
    page.locator("form button[type=submit]").click()
    expect(page.locator(".you")).to_contain_text("Ann (negotiator")
    desk = open_page(room.url("console", room.control), 1280, 800)
    expect(desk.locator("#seats")).to_contain_text("Ann (negotiator")
