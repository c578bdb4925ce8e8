"""The facilitator's page: orders that hold, who comes back, helpers, where phones can join."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from runs.pages.words import LANGUAGES, catalogue
from tests.browser.helpers import all_levers
from tests.pages.conftest import Door, OpenPage, Room

pytestmark = pytest.mark.browser
WORDS = catalogue("en")
ELSEWHERE = "http://192.0.2.7:8765"  # an address of the documentation


@pytest.fixture(scope="module")
def room(door: Door) -> Room:
    room = door.room(turns=3)
    room.act("start")
    room.wait(lambda view: bool(view["public"].get("prices")))
    return room


def test_an_order_of_control_is_labelled_and_not_edited(room: Room, open_page: OpenPage) -> None:
    korea = room.join("Bo", "KOR")
    mine = {"turn": 1, "lever": "origin_tracing", "value": 0.2, "why": "mine"}
    room.call("PUT", "/orders", korea, mine)
    page = open_page(room.url("seat", korea))
    all_levers(page)
    box, state = page.locator("#l-origin_tracing"), page.locator("[id='l-origin_tracing-s']")
    box.fill("30")  # half typed when control steps in
    held = {"seat": "KOR", "lever": "origin_tracing", "value": 0.5, "why": "the law of the game"}
    room.act("override", **held)
    expect(state).to_contain_text("Set by the facilitator: 50 %")
    expect(state).to_contain_text("the law of the game")
    expect(box).to_be_disabled()
    expect(box).to_have_value("50")
    assert page.locator("[id='why-origin_tracing']").count() == 0
    desk = open_page(room.url("console", room.control), 1280, 800)
    desk.click("#open-orders")
    desk.click("#free-KOR-origin_tracing")
    desk.fill("#why", "it was too much")
    desk.click("#sure")
    expect(box).to_be_enabled()


def test_a_helper_needs_a_right_and_has_a_link_that_can_be_had_again(
    room: Room, open_page: OpenPage
) -> None:
    page = open_page(room.url("console", room.control), 1280, 800)
    page.click("#open-record")
    page.locator("summary", has_text=WORDS["console.helpers"]).click()
    page.fill("#helper", "Scribe")
    expect(page.locator("#appoint")).to_be_disabled()
    page.check("#right-message")
    page.click("#appoint")
    link = page.locator(".helper-link")
    expect(link).to_contain_text(f"/console#{room.code}.")
    address = link.inner_text()
    page.reload()
    page.click("#open-record")
    page.locator("summary", has_text=WORDS["console.helpers"]).click()
    expect(link).to_have_text(address)
    helper = open_page(address, 1280, 800)
    expect(helper.locator("#do-close_turn")).to_be_disabled()
    page.locator(".inject button.danger", has_text=WORDS["do.dismiss"]).click()
    page.click("#sure")
    expect(link).to_have_count(0)
    expect(helper.locator(".notice.alarm")).to_be_visible()


def test_who_comes_back_is_told_by_seat_and_can_be_turned_away(
    room: Room, door: Door, open_page: OpenPage
) -> None:
    for seat in ("AUS", "USA"):
        room.join("Kim", seat)
    page = open_page(f"{door.base}/j/{room.code}", refusals=True)
    page.fill("#name", "Kim")
    page.locator("summary", has_text=WORDS["join.was_here"]).click()
    page.get_by_role("button", name=WORDS["join.rejoin"]).click()
    expect(page.locator("#join-error")).to_contain_text("Kim")  # which of them?
    page.select_option("#back-seat", "AUS")
    page.get_by_role("button", name=WORDS["join.rejoin"]).click()
    desk = open_page(room.url("console", room.control), 1280, 800)
    expect(desk.locator(".notice")).to_contain_text("Kim (Australia)")
    desk.get_by_role("button", name=WORDS["do.decline"]).click()
    expect(desk.locator(".notice")).to_have_count(0)
    expect(page.locator("#join-error")).to_contain_text("not let you back in")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wall_draws_no_code_that_leads_nowhere(
    language: str, door: Door, open_page: OpenPage
) -> None:
    lobby = door.room(turns=2)
    url = f"{door.base}/projector?lang={language}#{lobby.code}.{lobby.projector}"
    wall = open_page(url, 1280, 720)
    expect(wall.locator(".bigcode")).to_have_text(lobby.code)
    assert wall.locator(".qr, .joinat").count() == 0
    advice = catalogue(language)["wall.only_here"]  # for who runs the server, not for a class
    expect(wall.locator(".wall")).not_to_contain_text(advice)
    scrolls = "document.documentElement.scrollHeight - innerHeight"
    assert wall.evaluate(scrolls) <= 0

    def elsewhere(route: Any) -> None:
        told = door.call("GET", f"/rooms/{lobby.code}")
        route.fulfill(body=json.dumps({**told, "join": f"{ELSEWHERE}/j/{lobby.code}"}))

    wall.route(f"**/api/rooms/{lobby.code}", elsewhere)
    wall.reload()
    expect(wall.locator(".qr")).to_be_visible()
    told = f"{ELSEWHERE}/j/{lobby.code}".partition("://")[2]
    expect(wall.locator(".joinat")).to_have_text(told)


def test_the_loudest_news_stand_first_and_of_those_the_newest(
    door: Door, open_page: OpenPage
) -> None:
    page = open_page(f"{door.base}/join")
    expect(page.locator("#code")).to_be_visible()
    said = [(0, 0), (5, 3), (2, 5), (0, 1), (5, 12), (3, 9), (0, 7), (0, 11)]
    lines = [{"loud": loud, "week": week} for loud, week in said]
    sort = "async (lines) => (await import('/pages/room/base.js')).loudFirst(lines)"
    found = [(one["loud"], one["week"]) for one in page.evaluate(sort, lines)]
    assert found == [(0, 11), (0, 7), (0, 1), (0, 0), (2, 5), (3, 9), (5, 12), (5, 3)]
