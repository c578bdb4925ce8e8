"""The page of the sources: any row of any table is found by words, filters and keys."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from runs.sources.entries import entries
from tests.browser.helpers import NARROW, OpenPage

pytestmark = pytest.mark.browser
FOUND = "[data-show=found]"
ROWS = "table.figures tbody tr"


def found(page: Page, number: int) -> None:
    said = re.compile(rf"^{number:,} of {len(entries()):,} rows")
    expect(page.locator(FOUND)).to_have_text(said)


def test_a_figure_is_found_by_its_words_and_says_who_reads_it(open_page: OpenPage) -> None:
    page = open_page("?view=sources")
    found(page, len(entries()))
    expect(page.locator(ROWS)).to_have_count(50)
    page.get_by_role("searchbox").fill("saemangeum store")
    found(page, 1)
    row = page.locator(ROWS)
    for text in ("179,000 m2", "B.C. Lee", "listed", "of the two texts"):
        expect(row).to_contain_text(text)
    page.get_by_role("searchbox").fill("S42")
    expect(page.locator("[data-row=S42]")).to_contain_text("§ 7.14")
    page.locator("[data-row=S42] [data-section='7.14']").click()
    expect(page.locator("[data-part=section] pre")).to_contain_text("concession")


def test_filters_are_chosen_by_keys_and_stand_in_the_address(open_page: OpenPage) -> None:
    page = open_page("?view=sources")
    seed = sum(entry.basis == "seed" for entry in entries())
    page.locator("select[name=basis]").focus()
    page.keyboard.press("ArrowDown")
    found(page, seed)
    expect(page.locator("select[name=basis]")).to_be_focused()
    assert "basis=seed" in page.url
    page.reload()
    found(page, seed)
    page.get_by_role("button", name="Next rows").focus()
    page.keyboard.press("Enter")
    expect(page.locator(FOUND)).to_contain_text("rows 51 to 100")


def test_an_address_leads_to_a_row_and_a_row_to_those_of_the_same_figure(
    open_page: OpenPage,
) -> None:
    page = open_page("?view=sources&source=S42")
    shown = page.locator("tr[aria-current=true]")
    expect(shown).to_have_attribute("data-row", "S42")
    shown.get_by_role("link", name=re.compile(r"^stockpiles\.\d+$")).click()
    expect(shown).to_contain_text("target max")
    assert "source=stockpiles." in page.url


def test_the_sources_fit_a_telephone_and_speak_its_language(open_page: OpenPage) -> None:
    page = open_page("?view=sources&lang=ko&text=갈륨", NARROW)
    expect(page.locator(ROWS).first).to_be_visible()
    expect(page.locator(FOUND)).to_contain_text("행")
    expect(page.locator(ROWS).first).to_contain_text("갈륨")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW["width"]


def test_what_is_looked_for_leaves_run_and_language_in_the_address(open_page: OpenPage) -> None:
    page = open_page("?scenario=gallium-2023&seed=3&view=sources&lang=ko&source=S42")
    expect(page.locator("[data-row=S42]")).to_have_attribute("aria-current", "true")
    page.locator("select[name=basis]").select_option("seed")
    page.wait_for_function("location.search.includes('basis=seed')")
    asked = dict(parse_qsl(urlsplit(page.url).query))
    assert asked == {"scenario": "gallium-2023", "seed": "3", "view": "sources", "lang": "ko",
                     "basis": "seed"}  # fmt: skip
    page.reload()
    expect(page.locator("select[name=basis]")).to_have_value("seed")
    expect(page.locator("html")).to_have_attribute("lang", "ko")


def test_a_language_that_is_none_leaves_the_page_in_the_browsers(open_page: OpenPage) -> None:
    page = open_page("?view=sources&lang=constructor")
    found(page, len(entries()))
    expect(page.locator("html")).to_have_attribute("lang", "en")
