"""A whole game alone in a real browser: sit down, order, undo, leave, come back, review, branch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import NARROW, OpenPage, all_levers

pytestmark = pytest.mark.browser
TURN, SUBMIT = "#turn", "#submit"


def sit_down(page: Page, seat: str, turns: int, scenario: str = "japan-2026") -> None:
    page.locator("#scenario").select_option(scenario)
    page.locator(f"input[value={seat}]").check()
    page.locator("#turns").fill(str(turns))
    page.locator("#seed").fill("3")
    page.locator("#sit-down").click()
    expect(page.locator(TURN)).to_have_text(f"Turn 1 of {turns}")


def play_turn(page: Page, then: str) -> None:
    expect(page.locator(SUBMIT)).to_be_enabled()
    page.locator("#tab-orders").click()
    page.locator(SUBMIT).click()
    if then:
        expect(page.locator(TURN)).to_have_text(then)
        expect(page.locator(SUBMIT)).to_be_enabled()


def test_the_watch_page_offers_every_way_to_play(open_page: OpenPage) -> None:
    page = open_page("?autoplay=0")
    for way, title in (
        ("alone", "Play a seat alone"), ("class", "Run a class"), ("table", "Tabletop"),
    ):  # fmt: skip
        page.locator(f"nav [data-way={way}]").click()
        expect(page.locator("#form-title")).to_have_text(title)
        page.locator("#way-watch").click()
        expect(page.locator("[data-do=play]")).to_be_visible()


def test_ten_seats_can_be_taken(open_page: OpenPage) -> None:
    page = open_page("start?for=alone")
    expect(page.locator("input[name=seat]")).to_have_count(10)
    expect(page.locator("#scenario option:checked")).to_contain_text("Japan 2026")
    page.locator("#sit-down").click()
    expect(page.get_by_role("alert").filter(has_text="Choose a seat first.")).to_be_visible()
    page.locator("#scenario").select_option("gallium-2023")  # another scenario has other seats
    expect(page.locator("input[value=KOR_BATTERY]")).to_have_count(0)


def test_a_whole_game_alone(open_page: OpenPage) -> None:
    page = open_page("start?for=alone", NARROW)
    sit_down(page, "KOR", 3)
    for hidden in ("deals", "messages"):  # nobody would answer
        expect(page.locator(f"#tab-{hidden}")).to_have_count(0)
    all_levers(page)
    policing = page.locator("[id='l-hub_policing']")
    policing.fill("80")
    policing.press("Enter")
    expect(page.locator("[id='l-hub_policing-s']")).to_contain_text("saved: 80")
    play_turn(page, "Turn 2 of 3")
    expect(page.locator("section h2", has_text="Result of turn 1")).to_be_visible()
    expect(page.locator("[data-part=result-why] [data-gauge]")).to_have_count(4)

    play_turn(page, "Turn 3 of 3")
    expect(page.locator("section h2", has_text="Result of turn 2")).to_be_visible()
    page.locator("#solo-undo").click()
    expect(page.get_by_text("Turn 2 is open again")).to_be_visible()
    page.locator("#sure-undo").click()
    expect(page.locator(TURN)).to_have_text("Turn 2 of 3")
    expect(page.locator("section h2", has_text="Result of turn 1")).to_be_visible()
    page.locator("#tab-orders").click()
    policing.fill("60")  # as far back as the political capital of a turn allows
    policing.press("Enter")
    expect(page.locator("[id='l-hub_policing-s']")).to_contain_text("saved: 60")

    # Leave in the middle of a turn; the list of saved games and the link lead back.
    link = page.url
    page.goto(page.url.split("/seat")[0] + "/start?for=saved")
    mine = page.locator(".deal").first
    expect(mine).to_contain_text("Korea")
    expect(mine).to_contain_text("1 of 3 turns played")
    mine.get_by_role("link", name="Go on").click()
    expect(page.locator("[id='l-hub_policing']")).to_have_value("60")
    assert page.url == link

    play_turn(page, "Turn 3 of 3")
    play_turn(page, "")
    page.locator("#solo-review").click()
    expect(page.locator("#side")).to_contain_text("80")
    page.locator("#turn-2").click()
    expect(page.locator("#side")).to_contain_text("60")
    page.locator("#b-seat").select_option("CHN")
    page.locator("#b-lever").select_option("third_country_clause")
    page.locator("#b-value").fill("0")
    page.locator("#branch").click()
    answer = page.locator(".deal h3")  # when a process beside has played the game once more
    expect(answer).to_contain_text("From turn 2: China", timeout=120_000)
    expect(page.locator(".deal table")).to_contain_text("Korea")


def test_another_browser_goes_on_by_the_link_and_ends_the_game(open_page: OpenPage) -> None:
    first = open_page("start?for=alone")
    sit_down(first, "JPN_MAGNETS", 4)
    play_turn(first, "Turn 2 of 4")
    path = re.sub(r"^.*?//[^/]+/", "", first.url)
    other = open_page(path, NARROW)
    expect(other.locator(TURN)).to_have_text("Turn 2 of 4")
    expect(first.get_by_role("alert").filter(has_text="another device")).to_be_visible()
    other.locator("#solo-end").click()
    other.locator("#sure-end").click()
    expect(other.locator("#solo-review")).to_be_visible()
    other.locator("#solo-undo").click()  # an end by mistake: the turn that was open is open again
    other.locator("#sure-undo").click()
    expect(other.locator(TURN)).to_have_text("Turn 2 of 4")
    expect(other.locator(SUBMIT)).to_be_enabled()


@pytest.mark.parametrize(
    ("language", "sit"),
    [("ko", "앉아서 시작하기"), ("ja", "席について始める"), ("zh-Hans", "入座开始")],
)
def test_the_start_speaks_four_languages(open_page: OpenPage, language: str, sit: str) -> None:
    page = open_page(f"start?for=alone&lang={language}", NARROW)
    expect(page.locator("#sit-down")).to_have_text(sit)
    overhang = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overhang <= 0
