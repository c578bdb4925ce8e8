"""What stands on the watch page before its scripts, and that these change nothing of it."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from runs.pages.routes import SCRIPTS, STATIC
from runs.pages.words import catalogue
from runs.web.shell import modules
from tests.browser.helpers import NARROW, READY, OpenPage, wait_until_played

SHORT = "?scenario=gallium-2023&autoplay=0"
SCREENS = [{"width": 1440, "height": 900}, {"width": 1280, "height": 720}, NARROW]
# Where the parts of the page stand, what they say, and how: names of places come with the scripts.
PARTS = """() => [...document.querySelectorAll(`#page :is(.bar a, .bar b, summary, .kick, .hold,
        .tile, .tile .l, .tile .v, .play, select, .time, svg.map)`)]
    .filter((one) => one.getBoundingClientRect().width).map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect(), map = one.matches("svg");
        return [one.tagName, one.getAttribute("href"), one.getAttribute("viewBox"),
            [x, y, width, height].map(Math.round).join(" "), getComputedStyle(one).color,
            map ? "" : [one.className, one.textContent, one.ariaLabel]];
    }).map(String)"""


def parts_of(page: Page) -> list[str]:
    found: list[str] = page.evaluate(PARTS)
    return found


@pytest.fixture
def bare(chromium: Browser, address: str) -> Iterator[Any]:
    """Opens the page without files whose address fits a pattern."""
    contexts = []

    def opened(without: str, query: str = "", **options: Any) -> Page:
        context = chromium.new_context(**options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.route(re.compile(without), lambda route: route.abort())
        page.goto(address + query)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_the_first_answer_holds_bar_coasts_and_empty_tiles_in_the_readers_language(
    address: str,
) -> None:
    for language in ("en", "ko", "ja", "zh-Hans"):
        asked = urllib.request.Request(address, headers={"accept-language": language})
        with urllib.request.urlopen(asked) as answer:
            text = answer.read().decode()
        words, page = catalogue(language), text.partition('<div id="page">')[2]
        assert f'<html lang="{language}">' in text
        assert page.count('class="land"') > 12
        assert page.count('class="hold"') == 2
        assert page.count('<span class="v">–</span>') == 5
        for key in ("shell.watch", "shell.sources", "watch.setting_up", "watch.price"):
            assert words[key] in page
        assert "stylesheet" not in text, "nothing has to come before it is painted"


def test_what_is_asked_for_ahead_are_the_files_that_modules_import() -> None:
    """A path that is no import, such as that of the root, is none of them."""
    for script in SCRIPTS.values():
        found = modules(f"{script}.js")
        assert all((STATIC / one).is_file() for one in found)
        assert "base/words.js" in found
    assert {"watch/map.js", "base/root.js"} <= set(modules())


def test_no_speed_in_the_address_keeps_the_page_from_coming(address: str) -> None:
    for speed, shown in ("9" * 5000, "16"), ("²", "4"), ("", "4"), ("2", "2"):
        with urllib.request.urlopen(f"{address}?speed={quote(speed)}") as answer:
            chosen = re.findall(r"<option selected>([^<]*)", answer.read().decode())
        assert chosen == [f"{shown} weeks a second"]


@pytest.mark.browser
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_scripts_draw_what_stands_there_already(
    bare: Any, screen: dict[str, int], theme: Any
) -> None:
    said = {"viewport": screen, "color_scheme": theme, "locale": "ko-KR"}
    before = parts_of(bare(r"\.js", SHORT, **said))
    page = bare("application[.]js", SHORT, **said)
    page.locator("[data-do=play]").wait_for()
    assert len(before) > 20
    assert parts_of(page) == before


@pytest.mark.browser
def test_the_run_comes_without_moving_what_stands_there(chromium: Browser, address: str) -> None:
    for screen in SCREENS:
        page = chromium.new_page(viewport=screen)
        page.add_init_script(
            """window.jumps = [];
            const note = (all) => all.getEntries().forEach((one) => jumps.push(one.value));
            new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });"""
        )
        page.goto(address + SHORT)
        wait_until_played(page)
        assert sum(page.evaluate("jumps")) < 0.1  # of the screen's size times how far it moved
        page.close()


@pytest.mark.browser
def test_what_was_chosen_here_counts_before_anything_is_painted(bare: Any) -> None:
    """Words in another language than the reader's are not shown until his have come."""
    page, colour = bare("/pages/", SHORT), "getComputedStyle(document.querySelector('.kick')).color"
    assert not page.evaluate(colour).endswith(" 0)")
    page.evaluate("localStorage.setItem('ent.theme', '\"dark\"')")
    page.evaluate("localStorage.setItem('ent.lang', '\"ja\"')")
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate(colour).endswith(" 0)")
    page.unroute_all()
    page.reload()
    page.locator("nav [data-way=watch]", has_text=catalogue("ja")["shell.watch"]).wait_for()
    assert not page.evaluate(colour).endswith(" 0)")


@pytest.mark.browser
def test_before_the_first_picture_nothing_is_loaded_that_it_does_not_need(
    open_page: OpenPage,
) -> None:
    page = open_page(SHORT)
    page.locator(READY).wait_for()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(re.sub(r".*:\d+/|[?].*", "", one.url)))
    page.reload()
    page.locator(READY).wait_for()
    seen = [one.removeprefix("pages/") for one in asked if one.startswith("pages/")]
    assert {one for one in seen if one.endswith(".js")} == {*modules(), "shell/trouble.js"}
    assert len(seen) == len(set(seen)), "each once, also what is asked for ahead"
    assert not [one for one in asked if one.endswith((".css", ".woff2")) and "theme" not in one]
    wait_until_played(page)
    assert [one for one in asked if "echarts" in one]
