"""The shell: one bar on every page but the wall, in the chosen language and colours."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from runs.about import package_version
from runs.pages.words import LANGUAGES, catalogue
from tests.pages.conftest import Door, OpenPage, Room

pytestmark = pytest.mark.browser
WAYS = ("watch", "alone", "class", "table", "sources")
READY = {"start": "#way-alone", "join": "#code", "seat": ".you h1", "console": "#seats",
         "review": ".board"}  # fmt: skip
GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def played(door: Door) -> tuple[Room, dict[str, str]]:
    """A room of one turn that is over, and the address of each page."""
    room = door.room(turns=1)
    japan = room.join("Ann", "JPN")
    room.act("start")
    room.act("close_turn")
    room.wait(lambda view: view["phase"] == "ended")
    room.act("reveal")
    marks = {"start": "", "join": "", "seat": japan, "console": room.control, "review": japan}
    return room, {page: f"#{room.code}.{mark}" if mark else "" for page, mark in marks.items()}


def go(page: Page, base: str, name: str, mark: str, query: str = "") -> None:
    page.goto("about:blank")  # another token is another page
    page.goto(f"{base}/{name}{query}{mark}")
    expect(page.locator(READY[name]).first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_bar_stands_on_every_page(
    language: str, played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, marks = played
    words, page = catalogue(language), open_page("about:blank", 1280, 800)
    bars = set()
    for name, mark in marks.items():
        go(page, room.door.base, name, mark, f"?lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        bar = page.locator("header.bar")
        ways = bar.locator("nav a")
        expect(ways).to_have_text([words[f"shell.{way}"] for way in WAYS])
        expect(bar.locator(".logo")).to_have_attribute("href", f"/start?lang={language}")
        bars.add(str(bar.evaluate("one => JSON.stringify([one.offsetHeight, one.offsetTop])")))
        assert page.locator("h1").count() == 1, name
    assert bars == {"[48,0]"}


def test_colours_and_language_that_were_chosen_on_one_page_hold_on_the_others(
    played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, marks = played
    page = open_page(f"{room.door.base}/join", 1280, 800)
    expect(page.locator("#code")).to_be_visible()
    light = page.evaluate(GROUND)
    page.locator("#menu-lang summary").click()
    page.locator("[data-theme-choice=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate(GROUND)
    assert dark != light
    page.locator("#menu-lang summary").click()
    page.locator("[data-lang=ja]").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    for name, mark in marks.items():
        go(page, room.door.base, name, mark)
        assert page.evaluate(GROUND) == dark, name
        expect(page.locator("html")).to_have_attribute("lang", "ja")


def test_a_seat_speaks_as_its_browser_does_and_a_wall_as_its_room(
    door: Door, chromium: Browser
) -> None:
    room = door.room(language="ja")
    korea = room.join("Bo", "KOR")
    for locale, wanted in (("ko-KR", "ko"), ("en-GB", "en"), ("fr-FR", "ja")):
        context = chromium.new_context(locale=locale)
        page = context.new_page()
        page.goto(room.url("seat", korea))
        expect(page.locator(".you h1")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", wanted)
        page.goto(room.url("projector", room.projector))
        expect(page.locator(".bigcode")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "ja")
        context.close()


def test_the_wall_has_no_bar(door: Door, open_page: OpenPage) -> None:
    room = door.room()
    page = open_page(room.url("projector", room.projector), 1280, 720)
    expect(page.locator(".bigcode")).to_be_visible()
    assert page.locator("header.bar, nav").count() == 0


def test_on_paper_a_dark_page_is_light_and_says_what_it_is(
    played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, marks = played
    page = open_page(f"{room.door.base}/seat?theme=dark{marks['seat']}", 1280, 800)
    expect(page.locator(".private")).to_be_visible()
    ground = "getComputedStyle(document.querySelector('.private')).backgroundColor"
    dark = page.evaluate(ground)
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(251, 242, 217)" != dark
    expect(page.locator("header.bar")).to_be_hidden()
    expect(page.locator(".roombar")).to_be_hidden()
    expect(page.locator("p.printed")).to_contain_text(f"Entrepot {package_version()} · ")


def test_paper_says_the_readers_day(door: Door, chromium: Browser) -> None:
    """At eight in the morning in Seoul it is still yesterday in Greenwich."""
    context = chromium.new_context(timezone_id="Asia/Seoul", locale="en")
    page = context.new_page()
    page.clock.set_fixed_time("2026-03-01T23:00:00Z")
    page.goto(f"{door.base}/join")
    expect(page.locator("p.printed")).to_contain_text("March 2, 2026")
    context.close()


def test_the_way_past_the_bar_leaves_the_rooms_link_in_the_address(
    played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, marks = played
    page = open_page(f"{room.door.base}/seat{marks['seat']}", 1280, 800)
    expect(page.locator(".you h1")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_focused()
    assert page.url.endswith(marks["seat"])
