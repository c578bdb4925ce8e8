"""Numbers that people type: one reading everywhere, and a question where there are two."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.browser.helpers import all_levers
from tests.pages.conftest import Door, OpenPage, Room

pytestmark = pytest.mark.browser
READ = """async ([texts, range]) => {
  const { readNumber } = await import("/pages/room/base.js");
  return texts.map((text) => readNumber(text, range));
}"""
MOST_OFFTAKE = 20_000  # t a year
# As typed, and what it is where up to 20,000 may stand; None: not sure, so it is asked back.
TYPED: dict[str, float | None] = {
    "1000": 1000, "1,000": 1000, "12,500.5": 12500.5, "1 000": 1000, "1'000": 1000,
    "1.000": None, "2.125": None, "2.1250": 2.125, "1,5": 1.5, "1.5": 1.5, "0,125": 0.125,
    "0.125": 0.125, ",5": 0.5, "1.234,5": 1234.5, "１，０００": 1000, "−3": -3,
}  # fmt: skip


def read(page: Page, texts: list[str], **bounds: float) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(READ, [texts, bounds])
    return found


@pytest.fixture(scope="module")
def room(door: Door) -> Room:
    room = door.room(turns=2)
    room.act("start")
    return room


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_is_read_as_the_page_writes_it(
    language: str, door: Door, open_page: OpenPage
) -> None:
    page = open_page(f"{door.base}/join?lang={language}")
    expect(page.locator("#code")).to_be_visible()
    for text, found in zip(TYPED, read(page, list(TYPED), low=-10, high=MOST_OFFTAKE), strict=True):
        if TYPED[text] is None:
            assert found["fault"] != catalogue(language)["lever.not_a_number"], text
        else:
            assert found == {"value": TYPED[text]}, text
    for nonsense in ("1,00,000", "1.2.3", "1,000,00", "1e5", "0x10", "lots", "-", "1.2,3,4"):
        assert read(page, [nonsense]) == [{"fault": catalogue(language)["lever.not_a_number"]}]
    assert read(page, ["1.250", "101"], low=0, high=100)[0] == {"value": 1.25}  # 1250 is too much
    assert "100" in read(page, ["101"], low=0, high=100)[0]["fault"]
    back = "async (v) => { const b = await import('/pages/room/base.js');"
    back += " return b.readNumber(b.typedNumber(v)).value; }"
    for value in (1000, 2.125, 0.125, 1234.5, -0.3, 0):
        assert page.evaluate(back, value) == value


def test_a_contract_of_a_thousand_tonnes(room: Room, open_page: OpenPage) -> None:
    japan = room.join("Ann", "JPN")
    page = open_page(room.url("seat", japan))
    all_levers(page)
    page.locator("summary", has_text=catalogue("en")["good.dy_oxide"]).first.click()
    box = page.locator("[id='l-offtake.dy_oxide']")
    state = page.locator("[id^='l-offtake.'][id$='-s']").first
    box.fill("1.000")
    box.press("Enter")
    expect(state).to_contain_text("1,000")  # the question
    assert room.view(japan)["orders"] == []
    box.fill("1,000")
    box.press("Enter")
    expect(state).to_contain_text("saved: 1,000 t a year")
    assert [one["value"] for one in room.view(japan)["orders"]] == [1000.0]


def test_a_deal_says_what_is_wrong_and_is_not_lost_when_it_is_refused(
    room: Room, open_page: OpenPage
) -> None:
    korea = room.join("Bo", "KOR")
    page = open_page(room.url("seat", korea), refusals=True)
    page.click("#tab-deals")
    page.get_by_role("button", name=catalogue("en")["deal.new"]).click()
    offer = page.locator("#panel form button[type=submit]")
    offer.click()
    expect(page.locator("#panel form [role=alert]")).to_have_text(catalogue("en")["deal.no_lines"])
    page.select_option("#deal-to", "JPN")
    page.locator(".side button").first.click()
    page.select_option("#c-gives-0-material", "dy_oxide")
    page.fill("#c-gives-0-tonnes", "-5")
    expect(page.locator("#c-gives-0-tonnes-fault")).to_contain_text("More than 0")
    expect(page.locator(".sentence")).not_to_contain_text("-5")
    offer.click()
    expect(page.locator("#c-gives-0-tonnes")).to_be_focused()
    page.fill("#c-gives-0-tonnes", "1,5")
    expect(page.locator(".sentence")).to_contain_text("1.5 t")

    def refuse(route: Any) -> None:
        route.fulfill(status=422, json={"error": "Not this one.", "field": "gives.0.material"})

    page.route("**/deals", refuse)
    offer.click()
    expect(page.locator("#deal-refused")).to_have_text("Not this one.")
    expect(page.locator("#c-gives-0-tonnes")).to_have_value("1,5")
    page.unroute("**/deals")
    offer.click()
    expect(page.locator("#deal-to")).to_have_count(0)
    expect(page.locator(".deal")).to_contain_text("1.5 t")


def test_an_override_reads_the_same_and_its_refusal_is_in_sight(
    room: Room, open_page: OpenPage
) -> None:
    page = open_page(room.url("console", room.control), 1280, 800, refusals=True)
    page.click("#open-orders")
    page.select_option("#over-seat", "KOR")
    page.select_option("#over-lever", "offtake")
    page.select_option("#over-place", "dy_oxide")
    page.fill("#over-value", "1.000")
    expect(page.locator("#over-fault")).to_be_visible()
    page.fill("#over-value", "1,5")
    expect(page.locator("#over-fault")).to_have_count(0)

    def refuse(route: Any) -> None:
        route.fulfill(status=422, json={"error": "Not this one.", "field": "lever"})

    page.route("**/control", refuse)
    page.click("#do-override")
    expect(page.locator("dialog")).to_contain_text("1.5 t a year")
    page.fill("#why", "to see")
    page.click("#sure")
    told = page.locator("#told")
    expect(told).to_contain_text("Not this one.")
    expect(told).to_be_in_viewport()
    expect(page.locator("#do-override")).to_be_in_viewport()
    page.unroute("**/control")
    page.click("#do-override")
    page.fill("#why", "to see")
    page.click("#sure")
    expect(told).to_contain_text("saved")
    assert [one["value"] for one in room.view()["orders"]["KOR"]] == [1.5]


def test_an_order_out_of_range_says_why_above_the_bar_and_in_it(
    door: Door, open_page: OpenPage
) -> None:
    room = door.room()
    japan = room.join("Ann", "JPN")
    room.act("start")
    page = open_page(room.url("seat", japan))
    expect(page.locator("#tab-orders")).to_be_in_viewport()  # the tabs stand at a phone's foot
    all_levers(page)
    box, state = page.locator("#l-origin_tracing"), page.locator("[id='l-origin_tracing-s']")
    said = page.locator("#bar-wrong")
    for typed in ("150", "abc"):
        box.fill(typed)
        page.evaluate("scrollTo(0, 0)")
        page.locator("#submit").click()
        expect(said).to_contain_text("Only 0 to 100 %")
        expect(state).to_contain_text("Only 0 to 100 %")
        expect(box).to_be_focused()
        above = "(line) => line.getBoundingClientRect().bottom <= "
        above += "document.querySelector('.submitbar').getBoundingClientRect().top"
        assert state.evaluate(above), typed
    assert not room.view(japan)["submitted"]
    box.fill("50%")
    expect(said).to_have_count(0)
    box.press("Enter")
    expect(state).to_contain_text("saved: 50 %")
    assert [one["value"] for one in room.view(japan)["orders"]] == [0.5]
