"""What a turn has brought, said alike on the seat's page, in the review and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from runs.pages.words import catalogue
from tests.pages.conftest import Door, OpenPage

pytestmark = pytest.mark.browser


def figures(page: Page, place: str) -> list[str]:
    """What causes did, as it stands in bold at a place of the page."""
    expect(page.locator(place).first).to_be_visible()
    return page.locator(place).all_inner_texts()


def test_seat_and_review_say_the_same_of_a_cause(door: Door, open_page: OpenPage) -> None:
    room = door.room(turns=2)
    japan = room.join("Ann", "JPN")
    room.act("start")
    room.act("close_turn")
    room.wait(lambda view: bool(view["report"].get("result")), japan)
    seat = open_page(room.url("seat", japan))
    bars = seat.locator("[data-part=result-why] svg text")
    expect(bars.first).to_be_visible()
    story = " ".join(bars.all_text_contents()).replace("−", "-")
    # the remarks were on Friday the 7th, which is what a role card says of them; a dated act falls
    # in the week of the first Thursday on or after its date
    news = seat.locator("ul.news li", has_text="Remarks in the Japanese parliament").first
    expect(news.locator("time")).to_have_text("week of Nov 10, 2025")
    unit = catalogue("en")["unit.points"]
    room.act("end")
    room.act("reveal")
    page = open_page(room.url("review", japan), 1280, 800)
    row = "tr:has(th[scope=row]:text-is('Japan')) td.why b"
    told = figures(page, row)
    assert any(re.search(rf"Supply [-−][0-9.]+ {unit}", text) for text in told)
    lost = re.search(r"Supply [-−]([0-9.]+)", " ".join(told))
    assert lost is not None
    shown = [float(text) for text in re.findall(r"-[0-9.]+", story)]
    assert any(abs(value + float(lost[1])) <= 0.1 for value in shown)
    expect(page.locator("th", has_text=f"Supply ({unit})").first).to_be_visible()
    change = page.locator("tr:has(th[scope=row]:text-is('Japan')) td.n").first.inner_text()
    result = open_page(room.url("seat", japan)).locator("section.card dl.facts dd").first
    assert re.findall(r"[+−][0-9.]+", change) == re.findall(r"[+−][0-9.]+", result.inner_text())
