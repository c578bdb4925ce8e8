"""Pages that are left and come back to, opened twice, or drawn anew under somebody's hands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from runs.pages.words import catalogue
from tests.browser.conftest import keeping_pages, one_person
from tests.browser.helpers import NARROW, all_levers
from tests.pages.conftest import Door, Room

pytestmark = pytest.mark.browser
WORDS = catalogue("en")
LEVER = "#l-origin_tracing"
KEEP_TRACK = "() => { window.addEventListener('pageshow', (e) => { window.kept = e.persisted; }); }"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)
    with keeping_pages() as browser:
        yield browser


@pytest.fixture
def device(chromium: Browser) -> Iterator[BrowserContext]:
    with one_person(chromium, NARROW, 20_000) as context:
        yield context


def joined(device: BrowserContext, room: Room, name: str = "Bo", seat: str = "KOR") -> Page:
    page = device.new_page()
    page.goto(f"{room.door.base}/j/{room.code}")
    page.evaluate(KEEP_TRACK)
    page.fill("#name", name)
    page.check(f"input[value={seat}]")
    page.locator("form button[type=submit]").click()
    page.wait_for_url("**/seat#*")
    expect(page.locator("#saved")).to_be_visible()
    return page


def test_back_from_a_seat_offers_to_continue_and_takes_no_second_seat(
    door: Door, device: BrowserContext
) -> None:
    room = door.room(team_size=1, seats=["KOR", "JPN"])
    page = joined(device, room)
    page.go_back(wait_until="commit")
    page.wait_for_url("**/j/*", wait_until="commit")
    assert page.evaluate("window.kept") is True, "the page was loaded anew: nothing is shown"
    notice = page.locator("section.notice").first
    expect(notice).to_contain_text(WORDS["join.before"].format(code=room.code))
    expect(notice.locator("a")).to_have_text(WORDS["join.continue"])
    go = page.locator("form button[type=submit]")
    expect(go).to_be_enabled()
    page.fill("#name", "Cy")
    page.check("input[value=JPN]")
    go.click()
    expect(page.get_by_text(WORDS["join.mine"])).to_be_visible()  # first it is asked
    assert len(room.view()["people"]) == 1
    page.click("#another")
    page.wait_for_url("**/seat#*")
    assert {p["seat"] for p in room.view()["people"]} == {"KOR", "JPN"}


def test_a_device_with_a_seat_is_asked_before_it_takes_another(
    door: Door, device: BrowserContext
) -> None:
    room = door.room(team_size=1, seats=["KOR", "JPN"])
    joined(device, room).close()
    page = device.new_page()
    page.goto(f"{door.base}/j/{room.code}")
    page.fill("#name", "Bo")
    page.focus("#name")
    page.keyboard.press("Enter")
    expect(page.locator("#another")).to_be_focused()
    page.get_by_role("link", name=WORDS["join.go_on"]).click()
    page.wait_for_url("**/seat#*")
    expect(page.locator("#saved")).to_be_visible()
    assert len(room.view()["people"]) == 1


def test_a_seat_is_live_again_after_back_and_forward(door: Door, device: BrowserContext) -> None:
    room = door.room(seats=["KOR", "JPN"])
    page = joined(device, room)
    page.go_back(wait_until="commit")
    page.wait_for_url("**/j/*", wait_until="commit")
    page.go_forward(wait_until="commit")
    page.wait_for_url("**/seat#*", wait_until="commit")
    room.act("start")
    all_levers(page)
    expect(page.locator(LEVER)).to_be_enabled()
    expect(page.locator(".net")).not_to_have_class("net off")


def test_a_code_may_be_full_width_and_a_short_one_is_told(
    door: Door, device: BrowserContext
) -> None:
    room = door.room(seats=["KOR"])
    page = device.new_page()
    page.goto(f"{door.base}/join")
    alert = page.locator("p.error[role=alert]").last
    expect(alert).to_be_hidden()
    find = page.get_by_role("button", name=WORDS["join.find"])
    for short in ("", "MJ3"):
        page.fill("#code", short)
        find.click()
        expect(alert).to_have_text(WORDS["join.short"])
    page.fill("#code", "".join(chr(ord(c) + 0xFEE0) for c in room.code))
    find.click()
    expect(page.locator("#name")).to_be_visible()
    expect(alert).to_be_hidden()


def half_typed(page: Page, text: str) -> None:
    page.click(LEVER)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_second_tab_saves_nothing_that_was_half_typed_in_the_first(
    door: Door, device: BrowserContext
) -> None:
    room = door.room(seats=["KOR", "JPN"])
    first = joined(device, room)
    room.act("start")
    all_levers(first)
    expect(first.locator(LEVER)).to_be_enabled()
    half_typed(first, "33")
    second = device.new_page()
    second.goto(first.url)
    expect(first.locator("h2")).to_have_text(WORDS["error.besides_title"])
    expect(second.locator(LEVER)).to_have_value("33")
    expect(second.locator(f"{LEVER}-s")).to_have_text(WORDS["lever.unsaved"])
    second.wait_for_timeout(500)
    token = first.url.rpartition(".")[2]
    assert room.view(token)["orders"] == []
    first.get_by_role("button", name=WORDS["error.besides_back"]).click()
    expect(first.locator(LEVER)).to_have_value("33")
    expect(second.locator("h2")).to_have_text(WORDS["error.besides_title"])
    first.focus(LEVER)
    first.keyboard.press("Enter")  # now it is meant
    expect(first.locator(f"{LEVER}-s .ok")).to_be_visible()
    assert len(room.view(token)["orders"]) == 1


def test_another_device_is_told_from_another_tab(
    door: Door, device: BrowserContext, chromium: Browser
) -> None:
    room = door.room(seats=["KOR", "JPN"])
    first = joined(device, room)
    other = chromium.new_context()
    page = other.new_page()
    page.goto(first.url)
    expect(first.locator("h2")).to_have_text(WORDS["error.moved_title"])
    other.close()


@pytest.mark.parametrize("how", ["end", "close_turn", "pause", "to_ai"])
def test_whatever_is_drawn_under_a_half_typed_order_saves_nothing(
    door: Door, device: BrowserContext, how: str
) -> None:
    room = door.room(seats=["KOR", "JPN"], turns=2)
    page = joined(device, room)
    token = page.url.rpartition(".")[2]
    room.act("start")
    all_levers(page)
    expect(page.locator(LEVER)).to_be_enabled()
    half_typed(page, "33")
    room.act(how, **({"seat": "KOR"} if how == "to_ai" else {}))
    if how in ("end", "close_turn"):
        missed = page.locator("section.notice.alarm")
        expect(missed).to_contain_text(WORDS["missed.title"].format(turn=1))
        expect(missed).to_contain_text(": 33")
        page.get_by_role("button", name=WORDS["page.ok"]).click()
        expect(missed).to_have_count(0)
    else:
        sentence = WORDS["paused.note" if how == "pause" else "handed.note"]
        expect(page.get_by_text(sentence)).to_be_visible()
    review = [turn["orders"] for turn in room.view(token).get("history", [])]
    assert not any(review)
    assert room.view(token)["orders"] == []


def test_no_page_is_left_with_a_busy_button(door: Door, device: BrowserContext) -> None:
    """Every page that sends people on by itself takes its state back when it is shown again."""
    pages = Path(__file__).parents[2] / "runs" / "pages" / "static"
    sending = {
        file.relative_to(pages).with_suffix("").as_posix()
        for file in pages.rglob("*.js") if "location.assign" in file.read_text("utf-8")
    }  # fmt: skip
    assert sending == {"seat/alone", "start/alone", "start/join", "watch/watch"}
    for name in ("start/host", "start/join", "review/review", "room/live", "watch/watch"):
        assert "onReturn(" in (pages / f"{name}.js").read_text("utf-8")
