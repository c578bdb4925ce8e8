"""A seat on the watch page: it waits, refuses with a sentence, plays the quarter."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from runs import Game
from tests.browser.helpers import WEEK, OpenPage, wait_for_week

pytestmark = pytest.mark.browser


def test_the_run_waits_for_a_seat_and_plays_its_orders(open_page: OpenPage) -> None:
    page = open_page("?seat=KOR&speed=1000&seed=3")
    status = page.locator("[data-show=seat-status]")
    expect(status).to_contain_text("waits for your orders")
    expect(page.locator(WEEK)).to_have_text("0")

    lever = page.locator("[data-lever=hub_policing]")
    entry = lever.locator("input[type=text]")
    entry.fill("2")
    entry.press("Tab")
    expect(lever.locator(".refusal")).to_contain_text("must lie between 0 and 1")
    page.locator("[data-do=end]").click()
    expect(page.locator(".seat-foot .refusal")).to_contain_text("Help in policing")
    expect(page.locator(WEEK)).to_have_text("0")

    entry.fill("0.8")
    entry.press("Tab")
    expect(lever.locator(".refusal")).to_have_count(0)
    expect(lever.locator(".estimate")).not_to_be_empty()
    expect(page.locator("[data-show=order-count]")).to_contain_text("Help in policing")
    page.locator("[data-do=end]").click()
    expect(page.locator(WEEK)).to_have_text("13")
    expect(status).to_contain_text("Quarter 2 of 12: the run waits")
    expect(page.locator("[data-lever=hub_policing] input[type=text]")).to_have_value("0.8")

    game = Game("japan-2026", seed=3, seats={"KOR": "person"})
    assert game.submit(actor="KOR", lever="hub_policing", value=0.8) is None
    game.ready("KOR")
    game.run(13)
    for name, value in game.gauges("KOR").items():
        expect(page.locator(f"[data-gauge={name}]")).to_contain_text(f"{round(100 * value)}%")


def test_a_half_typed_order_survives_updates_and_can_be_undone(open_page: OpenPage) -> None:
    page = open_page("?seat=JPN&autoplay=0")
    lever = page.locator("[data-lever=stockpile_release]")
    entry = lever.locator("input[type=text]")
    entry.fill("0.2")
    # Somebody looks at another zone meanwhile: the page is drawn anew, the entry is not.
    page.locator("[data-do=zone]").select_option("KOR")
    expect(page.locator("[data-show=heading]")).to_contain_text("Korea")
    expect(entry).to_have_value("0.2")
    entry.press("Tab")
    expect(lever.locator(".estimate")).not_to_be_empty()
    lever.get_by_role("button", name="Undo").click()
    expect(entry).to_have_value("0")
    expect(page.locator("[data-show=order-count]")).to_contain_text("No orders")


def test_words_are_no_order(open_page: OpenPage) -> None:
    page = open_page("?seat=JPN&autoplay=0")
    lever = page.locator("[data-lever=stockpile_release]")
    lever.locator("input[type=text]").fill("lots")
    lever.locator("input[type=text]").press("Tab")
    expect(lever.locator(".refusal")).to_contain_text("needs a number")


def test_the_coercer_aims_its_levers(open_page: OpenPage) -> None:
    page = open_page("?seat=CHN&autoplay=0")
    lever = page.locator("[data-lever^='ban_breadth.']")
    lever.get_by_label("for which zone").select_option("KOR")
    entry = page.locator("[data-lever='ban_breadth.KOR'] input[type=text]")
    entry.fill("0.5")
    entry.press("Tab")
    order = "Breadth of the ban for Korea → 0.5"
    expect(page.locator("[data-show=order-count]")).to_contain_text(order)
    page.get_by_label("for which zone").first.wait_for()


def test_at_the_end_it_says_what_became_of_the_gauges(open_page: OpenPage) -> None:
    page = open_page("?scenario=magnets-2025&seat=JPN&speed=1000")
    for week in (13, 26, 39, 52, 65):
        expect(page.locator("[data-do=end]")).to_be_visible()
        page.locator("[data-do=end]").click()
        expect(page.locator(WEEK)).to_have_text(str(week))
    verdict = page.locator("[data-show=verdict]")
    for gauge in ("supply", "autonomy", "standing"):
        expect(verdict).to_contain_text(gauge)
    expect(page.locator("[data-do=end]")).to_have_count(0)


def test_a_seat_can_be_taken_while_the_run_goes_on_and_left(open_page: OpenPage) -> None:
    page = open_page("?speed=8")
    wait_for_week(page, 1)
    page.locator(".setup summary").click()
    page.locator("[data-do=seat]").select_option("AUS")
    page.locator("[data-do=take]").click()
    expect(page.get_by_role("heading", name="You are Australia")).to_be_visible()
    expect(page.locator("[data-show=seat-status]")).to_contain_text("waits for your orders")
    expect(page.locator(WEEK)).to_have_text("13")
    page.get_by_role("button", name="Leave the seat").click()
    expect(page.get_by_role("heading", name="You are Australia")).to_have_count(0)
    wait_for_week(page, 14)
