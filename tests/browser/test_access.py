"""Pages for everybody: rules of accessibility, the keyboard alone, other eyes for colours."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from runs.pages.words import LANGUAGES, catalogue
from runs.room.trial import access
from runs.room.trial.eyes import unfold
from tests.browser.helpers import HEAD, wait_for_week, wait_until_played
from tests.browser.screens import (
    LAPTOP,
    PHONE,
    SMALL_WALL,
    Screens,
    findings,
    fits,
    pictures,
    tab_to,
)
from tests.pages.conftest import Door, Room

pytestmark = pytest.mark.browser
WORDS = catalogue("en")
SIGHTS = ("none", "deuteranopia", "protanopia", "tritanopia", "achromatopsia")


@pytest.fixture
def screens(chromium: Browser, address: str, tmp_path: Path) -> Iterator[Screens]:
    opened = Screens(chromium, address.rstrip("/"), pictures(tmp_path))
    yield opened
    opened.close()


def new_room(base: str, **fields: Any) -> Room:
    with urllib.request.urlopen(f"{base}/pages/host-key") as answer:
        token = json.load(answer)["token"]
    door = Door(base)
    form = {"scenario": "japan-2026", "seed": 1, "users": 300, "turn_seconds": 900, **fields}
    made = door.call("POST", "/rooms", token, form)
    return Room(door, made["code"], made["facilitator_token"], made["projector_token"])


@dataclass
class Class:
    """A room in its second turn: two seats taken, a deal in force, a message, an inject."""

    room: Room
    japan: str
    korea: str


@pytest.fixture(scope="module")
def lesson(address: str) -> Class:
    room = new_room(address.rstrip("/"), turns=2)
    japan, korea = room.join("Ann", "JPN"), room.join("Bo", "KOR")
    room.act("start")
    room.wait(lambda view: view["public"].get("prices"))
    order = {"turn": 1, "lever": "floor_usd_per_kg.dy_oxide", "value": 500, "why": "to build"}
    room.call("PUT", "/orders", japan, order)
    stock = {"kind": "stock", "material": "dy_oxide", "tonnes_per_turn": 4}
    offer = {"to": "KOR", "gives": [{"kind": "money", "usd_m_per_turn": 5}], "gets": [stock]}
    room.call("POST", "/deals", japan, {**offer, "turns": 2, "secret": True, "text": "as agreed"})
    room.call("POST", "/deals/1/sign", korea, {})
    room.call("POST", "/messages", korea, {"to": "all", "text": "We can ship."})
    room.call("POST", "/moves", japan, {"claim": "Tokyo hosts talks", "pro": ["a"], "con": ["b"]})
    room.act("card", card="detention", when="now")
    room.act("close_turn")
    room.wait(lambda view: view["turn"] == 2 and view["phase"] == "report")
    return Class(room, japan, korea)


# --- the rules ------------------------------------------------------------------------------------


def test_the_start_and_the_door_keep_the_rules(screens: Screens, lesson: Class) -> None:
    page = screens.open("start", **LAPTOP)
    expect(page.locator("#way-alone")).to_be_visible()
    assert findings(page) == []
    for way in ("alone", "class", "table", "saved"):
        page.locator(f"#way-{way}").click()
        expect(page.locator("#form-title")).to_have_text(WORDS[f"start.{way}"])
        unfold(page)
        assert findings(page) == [], way
    page.goto(f"{screens.base}/print?scenario=japan-2026&language=en")
    assert findings(page) == []
    fits(page)
    page.set_viewport_size(PHONE["viewport"])
    fits(page)
    phone = screens.open("join", **PHONE)
    assert findings(phone) == []
    phone.goto(f"{screens.base}/j/{lesson.room.code}")
    expect(phone.locator("#name")).to_be_visible()
    unfold(phone)
    assert findings(phone) == []


def test_a_seat_keeps_the_rules_in_every_phase(screens: Screens, lesson: Class) -> None:
    room = lesson.room
    screens.open(room.url("seat", lesson.korea), **PHONE)  # the turn waits for who is here
    room.call("POST", "/messages", lesson.korea, {"to": "all", "text": "Here again."})
    page = screens.open(room.url("seat", lesson.japan), **PHONE)
    for tab in ("deals", "messages", "world", "history", "orders"):
        page.locator(f"#tab-{tab}").click()
        unfold(page)
        assert findings(page) == [], tab
    page.locator("#tab-deals").click()
    page.get_by_role("button", name=WORDS["deal.new"]).click()
    for side in page.locator(".side").all():
        side.locator("button").last.click()
    assert findings(page) == [], "a deal being written"
    room.act("pause")
    expect(page.get_by_role("heading", name=WORDS["phase.paused"])).to_be_visible()
    assert findings(page) == [], "paused"
    room.act("resume")
    room.act("to_ai", seat="JPN")
    expect(page.get_by_role("heading", name=WORDS["handed.title"])).to_be_visible()
    assert findings(page) == [], "handed to AI"
    room.act("to_person", seat="JPN")
    page.locator("#tab-orders").click()  # a telephone has the bar of orders under Orders alone
    page.locator("#submit").click()
    expect(page.locator("#reopen")).to_be_visible()
    assert findings(page) == [], "submitted"
    page.locator("#reopen").click()
    expect(page.locator("#submit")).to_be_visible()


def test_wall_console_review_keep_the_rules(screens: Screens, address: str) -> None:
    room = new_room(screens.base, turns=1)
    japan = room.join("Ann", "JPN")
    wall = screens.open(room.url("projector", room.projector), **SMALL_WALL)
    desk = screens.open(room.url("console", room.control), **LAPTOP)
    seat = screens.open(room.url("seat", japan), **PHONE)
    for page in (wall, desk, seat):
        page.locator("[aria-live]").first.wait_for(state="attached")
        expect(page.get_by_text("Japan").first).to_be_visible()
        assert findings(page) == [], f"before the start: {page.url}"
    room.act("start")
    room.wait(lambda view: view["public"].get("prices"))
    room.call("POST", "/moves", japan, {"claim": "Tokyo hosts talks", "pro": ["a"], "con": ["b"]})
    expect(wall.locator(".wall .map")).to_be_visible()
    assert findings(wall) == []
    desk.locator("#open-judge-1").click()
    desk.locator("#works-kind").select_option("stock")
    assert findings(desk) == [], "a ruling"
    for sheet, field, value in (("injects", "#inject-kind", "disaster"),
                                ("orders", "#over-seat", "JPN")):  # fmt: skip
        desk.locator("#close-sheet").click()
        desk.locator(f"#open-{sheet}").click()
        desk.locator(field).select_option(value)
        assert findings(desk) == [], sheet
    desk.locator("#close-sheet").click()
    unfold(desk)
    assert findings(desk) == []
    desk.locator("#do-close_turn").click()
    expect(desk.locator("dialog")).to_be_visible()
    assert findings(desk) == [], "a question"
    desk.locator("#sure").click()
    room.wait(lambda view: view["phase"] == "ended")
    expect(seat.get_by_text(WORDS["ended.wait"])).to_be_visible()
    assert findings(seat) == [], "ended"
    room.act("reveal")
    review = screens.open(room.url("review", japan), **LAPTOP)
    review.locator("#b-seat").select_option("CHN")
    review.locator("#b-lever").select_option("third_country_clause")
    review.locator("#b-value").fill("0")
    review.locator("#branch").click()
    expect(review.locator(".plot.two").first).to_be_visible()
    assert findings(review) == []


# A diagonal; the whole is `python -m runs.room.trial.access`.
ROUNDS = [
    ("ko", "dark", ["class", "seats", "watch", "review"]),
    ("ja", "light", ["country", "sources", "record", "wall"]),
    ("zh-Hans", "dark", ["orders", "hotwash", "materials", "lost"]),
    ("en", "dark", ["console", "menus", "reveal", "papers"]),
]


@pytest.fixture(scope="module")
def house() -> Iterator[str]:
    with access.house() as base:
        yield base


@pytest.mark.parametrize(("language", "theme", "pages"), ROUNDS, ids=lambda row: str(row)[:8])
def test_pages_pay_what_they_owe(
    house: str, chromium: Browser, language: str, theme: str, pages: list[str]
) -> None:
    tour = access.Tour(chromium, access.Home(house, language), theme)
    assert {page: found for page in pages if (found := tour.visit(page))} == {}


def test_the_rounds_touch_every_language_theme_and_known_pages_alone() -> None:
    assert {row[0] for row in ROUNDS} == set(LANGUAGES)
    assert {row[1] for row in ROUNDS} == set(access.THEMES)
    assert {page for row in ROUNDS for page in row[2]} < set(access.STOPS)


def test_a_page_that_owes_something_is_found(chromium: Browser) -> None:
    """English on a Korean page, a picture without words, a page that is too wide, bare paper."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.set_content("<html lang=ko><title>x</title><main><h1>Hello there</h1>"
                     "<img src='data:,'><p style='width:900px'>net.live</p></main>")  # fmt: skip
    found = access.look(page, access.STOPS["watch"], "ko")
    page.close()
    assert set(found) == {"axe", "keys", "english", "at 640 px", "at 390 px", "paper"}


def test_a_word_of_the_subject_is_explained_where_it_stands(screens: Screens) -> None:
    page = screens.open("?scenario=japan-2026&autoplay=0&at=ban&lang=ko", **PHONE)
    term = page.locator("[data-term]").first
    term.wait_for(timeout=120_000)
    says = term.get_attribute("aria-description")
    assert says in catalogue("ko").values()
    term.focus()
    expect(page.locator("#term")).to_have_text(str(says))
    box = page.locator("#term").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    expect(page.locator("#term")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_watch_page_keeps_the_rules(screens: Screens, theme: str) -> None:
    page = screens.open(f"?scenario=gallium-2023&autoplay=0&theme={theme}", **LAPTOP)
    wait_until_played(page)
    page.keyboard.press("Shift+ArrowRight")
    for table in page.locator("[data-do=table]").all():
        table.click()
    assert findings(page) == []
    page.locator(".map [data-zone=KOR]").press("Enter")
    expect(page.locator("[data-panel]")).to_be_visible()
    page.locator("#menu-lang summary").click()
    assert findings(page) == [], "a panel and a menu"
    page.goto(f"{screens.base}/?view=sources&theme={theme}")
    page.locator("table.overview").wait_for()
    assert findings(page) == []


# --- the keyboard alone ---------------------------------------------------------------------------


def press(page: Page, wanted: str, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def typed(page: Page, wanted: str, text: str) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_turn_by_keyboard_alone(screens: Screens) -> None:
    room = new_room(screens.base, turns=2)
    korea = room.join("Bo", "KOR")
    page = screens.open("join", **LAPTOP)
    typed(page, "#code", room.code)
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_visible()
    typed(page, "#name", "Ann")
    tab_to(page, "input[name=seat]")
    for _ in range(2):  # past China to Japan
        page.keyboard.press("ArrowDown")
    press(page, "form button[type=submit]")
    expect(page.locator(".you h1")).to_have_text("You are Japan")
    room.act("start")
    room.wait(lambda view: view["public"].get("prices"))
    expect(page.locator("#submit")).to_be_enabled()
    stock = {"kind": "stock", "material": "dy_oxide", "tonnes_per_turn": 2}
    room.call("POST", "/deals", korea, {"to": "JPN", "gives": [stock], "gets": [], "turns": 1})

    typed(page, "[id='l-stockpile_release']", "30")
    page.keyboard.press("Enter")
    expect(page.locator("[id='l-stockpile_release-s'] .ok")).to_be_visible()
    page.keyboard.press("Shift+Tab")  # the slider of the same lever
    page.keyboard.press("ArrowRight")
    expect(page.locator("[id='l-stockpile_release']")).not_to_have_value("30")

    tab_to(page, "[role=tab][aria-selected=true]", key="Shift+Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-deals")).to_be_focused()
    press(page, ".deal button.primary", "Space")  # signs
    expect(page.locator(".deal")).to_contain_text(WORDS["deal.status_in_force"])
    # No positive tabindex: the order of stops is the order of reading.
    assert page.evaluate("[...document.querySelectorAll('[tabindex]')].every(e => e.tabIndex <= 0)")
    press(page, "#submit", "Space")
    expect(page.locator("#reopen")).to_be_visible()
    orders = room.view()["orders"]["JPN"]
    assert [one["lever"] for one in orders] == ["stockpile_release"]
    assert orders[0]["value"] > 0.3


def test_zones_of_the_map_by_keyboard(screens: Screens) -> None:
    """Target, coercer, hubs, others; none of them moves the week."""
    page = screens.open("?scenario=gallium-2023&autoplay=0", **LAPTOP)
    wait_until_played(page)
    zones = page.locator(".map [data-zone]")
    tab_to(page, ".map [data-zone]")
    reached = []
    for _ in range(zones.count()):
        reached.append(page.evaluate("document.activeElement.getAttribute('data-zone')"))
        if reached[-1] == "KOR":
            page.keyboard.press("Enter")
            expect(page.locator("[data-panel] h2")).to_have_text("Korea")
            expect(page.locator(".map [data-zone=KOR]")).to_be_focused()  # though drawn anew
        page.keyboard.press("Tab")
    assert set(reached) == {zone.get_attribute("data-zone") for zone in zones.all()}
    assert reached.index("CHN") < reached.index("VNM") < reached.index("USA")
    expect(page.locator(HEAD)).to_have_attribute("aria-valuenow", "0")


def test_a_run_is_played_scrubbed_asked_and_looked_up_by_keyboard_alone(screens: Screens) -> None:
    page = screens.open("?scenario=gallium-2023&autoplay=0", **LAPTOP)
    wait_until_played(page)
    head = page.locator(HEAD)
    press(page, "[data-do=play]", "Space")
    expect(page.locator("[data-do=play]")).to_have_attribute("aria-label", WORDS["watch.pause"])
    expect(head).not_to_have_attribute("aria-valuenow", "0")
    press(page, "[data-do=play]", "Space")
    tab_to(page, HEAD)
    page.keyboard.press("End")
    expect(head).to_have_attribute("aria-valuenow", "77")
    page.keyboard.press("Shift+ArrowLeft")
    expect(head).to_have_attribute("aria-valuenow", "64")
    press(page, "[data-part=why] [data-why=KOR]")
    expect(page.locator("[data-part=why] [data-why=KOR]")).to_have_attribute("aria-pressed", "true")
    press(page, "[data-part=fork] [data-question]")
    expect(page.locator("[data-part=fork] [data-show=doing]")).to_be_visible()
    press(page, "[data-part=fork] [data-do=stop]")
    expect(page.locator("[data-part=fork] [data-show=doing]")).to_have_count(0)
    press(page, "nav [data-way=sources]")
    page.locator("table.overview").wait_for()
    tab_to(page, "select[name=material]")
    page.keyboard.type("Gall")
    expect(page.locator("select[name=material]")).to_have_value("gallium")
    expect(page).to_have_url(re.compile("material=gallium"))
    expect(page.locator("table.figures tbody tr").first).to_be_visible()


# --- other eyes -----------------------------------------------------------------------------------

Light = NDArray[np.float64]

BANDS = """() => [...document.querySelectorAll('svg.map g.lane')].map(band => {
    const lines = [...band.querySelectorAll('path:not(.head), polyline')];
    const top = lines[lines.length - 1], matrix = top.getScreenCTM();
    const width = parseFloat(top.getAttribute('stroke-width')) * matrix.a;
    const spots = [], length = width < 2.5 ? 0 : top.getTotalLength(); // too thin to be measured
    for (let at = 2; at < length - 2; at += 1) {
        const p = top.getPointAtLength(at).matrixTransform(matrix);
        const seen = document.elementFromPoint(p.x, p.y);
        if (seen && seen.closest('g.lane') === band) spots.push([p.x, p.y]);
    }
    return {
        title: band.querySelector('title').textContent,
        dashed: lines.some(line => line.getAttribute('stroke-dasharray')),
        dash: lines.map(line => line.getAttribute('stroke-dasharray') || '').join(''),
        round: top.getAttribute('stroke-linecap') === 'round',
        spots,
    };
})"""


def seen_as(page: Page, sight: str, to: Path) -> Light:
    """Relative luminance (0 to 1) of each pixel of the window, as such eyes see it."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": sight})
    picture = page.screenshot(path=to)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": "none"})
    session.detach()
    rgb = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), float) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    light: Light = linear @ np.array([0.2126, 0.7152, 0.0722])
    return light


def stripes(light: Light, spots: list[list[float]]) -> float:
    """Contrast between the lighter and the darker parts along a band."""
    along = np.array([light[int(y), int(x)] for x, y in spots])
    dark, bright = np.quantile(along, (0.15, 0.85))
    return float((bright + 0.05) / (dark + 0.05))


def wide(bands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bands that are thick enough to be measured and not hidden by others."""
    return [band for band in bands if len(band["spots"]) >= 30]


def test_the_wall_for_other_eyes(screens: Screens, lesson: Class) -> None:
    """From the coercer is broken, from elsewhere is solid, whatever colours an eye tells apart."""
    lesson.room.act("scene", to="result")
    url = lesson.room.url("projector", lesson.room.projector)
    page = screens.open(url, **SMALL_WALL, reduced_motion="reduce")
    expect(page.locator(".pricebar").first).to_be_visible()
    bands = page.evaluate(BANDS)
    assert bands
    for band in bands:
        assert band["dashed"] is band["title"].startswith("China"), band["title"]
    bars = page.evaluate(
        """() => [...document.querySelectorAll('.pricebar')].map(bar => {
            const box = bar.getBoundingClientRect();
            const full = bar.querySelector('i').getBoundingClientRect();
            const mark = bar.querySelector('u').getBoundingClientRect();
            return {left: box.left, right: box.right, y: box.top + box.height / 2,
                    price: full.right, mark: mark.left, markRight: mark.right};
        })"""
    )
    assert len(bars) >= 4
    for sight in SIGHTS:
        light = seen_as(page, sight, screens.folder / f"wall-{sight}.png")
        for band in wide(bands):
            found = stripes(light, band["spots"])
            assert (found >= 1.6) is band["dashed"], (sight, band["title"], found)
        for bar in bars:  # the bar's end can be told from its track
            beside = bar["price"] < bar["mark"] - 8 or bar["price"] > bar["markRight"] + 8
            if beside and bar["left"] + 20 < bar["price"] < bar["right"] - 12:
                row = light[int(bar["y"])]
                full = row[int(bar["price"]) - 12 : int(bar["price"]) - 2].mean()
                empty = row[int(bar["price"]) + 4]
                assert (full + 0.05) / (empty + 0.05) >= 3, sight


def test_the_watch_page_for_other_eyes(screens: Screens) -> None:
    page = screens.open("?material=ndpr_oxide&autoplay=0&week=20&theme=light",
                        viewport={"width": 1440, "height": 1000})  # fmt: skip
    wait_for_week(page, 20, 20)
    page.wait_for_timeout(700)  # widths have settled
    bands = page.evaluate(BANDS)
    kinds = {name: [b for b in bands if name in b["title"]] for name in
             ("Chinese origin", "grey routes", "other origin")}  # fmt: skip
    assert all(b["dashed"] and not b["round"] for b in kinds["Chinese origin"])
    assert all(b["dashed"] and b["round"] for b in kinds["grey routes"])
    assert all(not b["dashed"] for b in kinds["other origin"])
    measured = wide(kinds["Chinese origin"]) + wide(kinds["other origin"])
    assert {band["dashed"] for band in measured} == {True, False}
    for sight in SIGHTS:
        light = seen_as(page, sight, screens.folder / f"watch-{sight}.png")
        for band in measured:
            found = stripes(light, band["spots"])
            assert (found >= 1.6) is band["dashed"], (sight, band["title"], found)
