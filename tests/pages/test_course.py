"""From the lobby to the review: strategy, moves outside the levers, old deals, orders of AI."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from runs.pages.words import catalogue
from tests.pages.conftest import Door, OpenPage, Room

pytestmark = pytest.mark.browser
WORDS = catalogue("en")


@pytest.fixture(scope="module")
def room(door: Door) -> Room:
    return door.room(turns=2)


@pytest.fixture(scope="module")
def japan(room: Room) -> str:
    return room.join("Ann", "JPN")


def test_a_strategy_is_written_before_the_first_turn(
    room: Room, japan: str, open_page: OpenPage
) -> None:
    page = open_page(room.url("seat", japan))
    page.locator("summary", has_text=WORDS["strategy.title"]).click()
    page.fill("#strategy", "Stocks first, then mines.")
    page.click("#save-strategy")
    expect(page.locator(".you .ok")).to_contain_text("Stocks first")
    notes = [(one["kind"], one["turn"]) for one in room.view()["notes"]]
    assert notes == [("strategy", 0)]


def test_an_empty_move_gets_a_sentence_and_who_proposes_knows_who_reads(
    room: Room, japan: str, open_page: OpenPage
) -> None:
    room.act("start")
    room.wait(lambda view: bool(view["public"].get("prices")))
    page = open_page(room.url("seat", japan))
    page.click("#tab-orders")
    page.locator("summary", has_text=WORDS["move.title"]).click()
    expect(page.locator("#panel")).to_contain_text(WORDS["move.readers"])
    send = page.get_by_role("button", name=WORDS["move.send"])
    send.click()
    expect(page.locator("#m-empty")).to_have_text(WORDS["move.need_claim"])
    expect(page.locator("#m-claim")).to_be_focused()
    page.fill("#m-claim", "We lend our lab.")
    send.click()
    expect(page.locator("#m-empty")).to_have_count(0)
    expect(page.locator("#panel .news")).to_contain_text("We lend our lab.")
    wall = open_page(room.url("projector", room.projector), 1280, 720)
    expect(wall.locator(".wall .map")).to_be_visible()
    expect(wall.locator(".heads")).not_to_contain_text("We lend our lab.")
    desk = open_page(room.url("console", room.control), 1280, 800)
    number = room.view()["moves"][0]["n"]
    desk.click(f"#open-judge-{number}")
    desk.check("#judge-shown")
    expect(desk.locator(f"#judge-{number}")).to_be_disabled()  # a ruling is written first
    desk.fill("#ruling", "it is half done")
    desk.click(f"#judge-{number}")
    desk.click("#sure")
    expect(wall.locator(".heads")).to_contain_text("We lend our lab.")
    page.click("#tab-world")
    expect(page.locator("#panel")).to_contain_text("We lend our lab.")


def test_a_deal_that_is_over_stands_under_past(room: Room, japan: str, open_page: OpenPage) -> None:
    korea = room.join("Bo", "KOR")
    money = {"kind": "money", "usd_m_per_turn": 5}
    offer = {"to": "KOR", "gives": [money], "turns": 1, "exit": 1}
    number = room.call("POST", "/deals", japan, offer)["deal"]
    room.call("POST", f"/deals/{number}/sign", korea, {})
    page = open_page(room.url("seat", japan))
    page.click("#tab-deals")
    expect(page.locator(".deal")).to_contain_text(WORDS["deal.status_in_force"])
    expect(page.locator(".deal")).to_contain_text(WORDS["deal.notice"])
    room.act("close_turn")
    room.wait(lambda view: view["turn"] == 2 and view["phase"] == "report")
    expect(page.locator("#tab-situation")).to_have_attribute("aria-selected", "true")
    page.click("#tab-deals")  # after a turn a phone shows the result first
    past = page.locator("#panel section", has=page.get_by_role("heading", name=WORDS["deals.past"]))
    expect(past).to_contain_text(WORDS["deal.status_over"])
    expect(past).not_to_contain_text(WORDS["deal.notice"])
    heading = page.get_by_role("heading", name=WORDS["deals.in_force"], exact=True)
    expect(heading).to_have_count(0)


def test_the_review_shows_strategies_and_the_orders_of_ai_seats(
    room: Room, japan: str, open_page: OpenPage
) -> None:
    room.act("end")
    room.act("reveal")
    page = open_page(room.url("review", japan), 1280, 800)
    expect(page.locator("#strategies")).to_contain_text("Stocks first, then mines.")
    heads = page.locator("#side thead th").all_inner_texts()
    china = [text for text in heads if text.startswith("China")]
    assert china
    assert WORDS["played.ai"] in china[0]
    rows = page.locator("#side tbody tr").all_inner_texts()
    assert any(WORDS["lever.rung.name"] in row for row in rows)
