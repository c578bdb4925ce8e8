"""The room's pages in a real Chromium, on the real server."""

from __future__ import annotations

import json
import os
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.browser.helpers import all_levers
from tests.pages.conftest import Door, OpenPage, Room
from tests.pages.walls import LEAST, OUTSIDE

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("PAGES_SHOTS")
NASTY = "<img src=x onerror=document.title='hit'>"
CANARY = "canary-7f3e"


def shot(page: Page, name: str) -> None:
    """Keeps a picture where PAGES_SHOTS names a folder."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png")


def fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        who = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, .tabs') && "
            "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"
        )
        raise AssertionError(f"{page.url} is {wide} px too wide: {who[:4]}")


def tab_to(page: Page, wanted: str, most: int = 120) -> None:
    """Reaches an element with the Tab key and nothing else."""
    for _ in range(most):
        if page.evaluate(f"document.activeElement?.matches({json.dumps(wanted)})"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")


@pytest.fixture(scope="module")
def played(door: Door) -> tuple[Room, str, str]:
    """A room in its second turn: a secret deal, a private message, an order with a reason."""
    room = door.room(turns=3)
    japan, korea = room.join(NASTY, "JPN"), room.join("Bo", "KOR")
    room.act("start")
    room.wait(lambda view: view["public"].get("prices"))
    order = {"turn": 1, "lever": "stockpile_target_days.dy_oxide", "value": 250}
    room.call("PUT", "/orders", japan, {**order, "why": f"{CANARY}-why"})
    floor = {"turn": 1, "lever": "floor_usd_per_kg.dy_oxide", "value": 300}
    room.call("PUT", "/orders", japan, floor)
    stock = {"kind": "stock", "material": "dy_oxide", "tonnes_per_turn": 4}
    money = {"kind": "money", "usd_m_per_turn": 5}
    offer = {"to": "KOR", "gives": [money], "gets": [stock], "turns": 2, "secret": True}
    room.call("POST", "/deals", japan, {**offer, "text": f"{CANARY}-deal"})
    room.call("POST", "/deals/1/sign", korea, {})
    room.call("POST", "/messages", japan, {"to": "KOR", "text": f"{CANARY}-message"})
    room.call("POST", "/messages", korea, {"to": "all", "text": f"all {NASTY}"})
    room.act("close_turn")
    room.wait(lambda view: view["turn"] == 2 and view["phase"] == "report")
    return room, japan, korea


def test_a_get_takes_no_seat_and_says_what_it_may_load(door: Door) -> None:
    room = door.room()
    with urllib.request.urlopen(f"{door.base}/j/{room.code}") as answer:
        policy = answer.headers["content-security-policy"]
        body = answer.read().decode()
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert room.code not in body
    assert sum(seat["people"] for seat in room.call("GET", "")["seats"]) == 0


def test_only_this_machine_gets_the_host_key(door: Door) -> None:
    with urllib.request.urlopen(f"{door.base}/pages/host-key") as answer:
        assert json.load(answer)["token"]
    for name, value in (("Host", "evil.example"), ("X-Forwarded-For", "127.0.0.1")):
        asked = urllib.request.Request(f"{door.base}/pages/host-key", headers={name: value})
        with pytest.raises(urllib.error.HTTPError) as no:
            urllib.request.urlopen(asked)
        assert no.value.code in (404, 421)


def test_a_practice_turn_by_keyboard(door: Door, open_page: OpenPage) -> None:
    room = door.room(turns=2)
    page = open_page(f"{door.base}/j/{room.code}")
    expect(page.locator("#name")).to_be_visible()
    fits(page)
    tab_to(page, "#name")
    page.keyboard.type(NASTY)
    tab_to(page, "input[name=seat]")
    page.keyboard.press("ArrowDown")  # China
    page.keyboard.press("ArrowDown")  # Japan
    page.keyboard.press("Enter")
    expect(page.locator(".you h1")).to_have_text("You are Japan")
    assert page.title() != "hit"
    room.act("start", practice=True)
    tab_to(page, "[role=tab][aria-selected=true]")
    page.keyboard.press("ArrowRight")  # from the situation to the orders
    expect(page.locator("#l-stockpile_release")).to_be_visible()  # among the six of Japan
    tab_to(page, "#l-stockpile_release")
    page.keyboard.press("Control+a")
    page.keyboard.type("250")
    page.keyboard.press("Enter")
    expect(page.locator("[id='l-stockpile_release-s']")).to_contain_text("Only 0 to 100")
    page.keyboard.press("Control+a")
    page.keyboard.type("25")
    page.keyboard.press("Enter")
    expect(page.locator("[id='l-stockpile_release-s']")).to_contain_text("saved: 25")
    expect(page.locator("#saved")).to_contain_text("saved on server")
    assert [o["value"] for o in room.view()["orders"]["JPN"]] == [0.25]
    tab_to(page, "#submit")
    room.act("extend", seconds=60)  # a broadcast meanwhile does not move the focus
    page.keyboard.press("Enter")
    expect(page.locator(".card h2", has_text="The practice turn")).to_be_visible()
    expect(page.locator("#turn")).to_contain_text("Turn 1 of 2")
    fits(page)


def test_a_draft_survives_reload_and_ten_broadcasts(
    played: tuple[Room, str, str], open_page: OpenPage
) -> None:
    room, japan, korea = played
    turn = room.view()["turn"]
    page = open_page(room.url("seat", japan))
    all_levers(page)
    box = page.locator("#l-origin_tracing")
    box.click()
    page.keyboard.press("Control+a")
    for number in range(10):
        room.call("POST", "/messages", korea, {"to": "all", "text": f"broadcast {number}"})
        if number in (3, 7):
            page.keyboard.type("3" if number == 3 else "5")
        page.wait_for_timeout(70)
    expect(page.locator("#tab-messages")).to_contain_text("(1")
    expect(box).to_have_value("35")
    expect(box).to_be_focused()
    assert room.view()["orders"]["JPN"] == []  # half-typed is not an order
    page.reload()
    expect(box).to_have_value("35")
    expect(page.locator("[id='l-origin_tracing-s']")).to_contain_text("Not saved yet")
    box.press("Enter")
    expect(page.locator("[id='l-origin_tracing-s']")).to_contain_text("saved: 35")
    order = room.view()["orders"]["JPN"][0]
    assert (room.view()["turn"], order["value"]) == (turn, 0.35)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wall_shows_nothing_private_and_does_not_scroll(
    played: tuple[Room, str, str], open_page: OpenPage, language: str, width: int, height: int
) -> None:
    """In no scene before the reveal: a room that waits, and one whose turn was played."""
    lobby, room, words = played[0].door.room(), played[0], catalogue(language)
    lobby.join(NASTY, "JPN")
    frames: list[str] = []
    page = open_page("about:blank", width, height)
    page.emulate_media(reduced_motion="reduce")  # weeks do not run: all is there at once
    page.on("websocket", lambda ws: ws.on("framereceived", lambda data: frames.append(str(data))))
    told = {  # the sign of a scene, and what stands there in words
        "title": (".three", [words["seat.CHN"], words["seat.JPN"]]),
        "result": (".prices", [words["good.dy_oxide"]]),
        "situation": (".lights", [words["seat.JPN"], words["wall.decided"]]),
        "decide": (".missing", [words["seat.JPN"], words["wall.saved_counts"]]),
    }
    for scene, (sign, texts) in told.items():
        where = lobby if scene == "title" else room
        if where is room:
            room.act("scene", to=scene)
        mark = f"#{where.code}.{where.projector}"
        page.goto("about:blank")
        page.goto(f"{room.door.base}/projector?lang={language}{mark}")
        expect(page.locator(f".wall[data-scene={scene}] {sign}")).to_be_visible()
        expect(page.locator(".wall .map").first).to_be_visible()
        title = re.split("[:：]", words["scenario.japan-2026.title"])[0]
        expect(page.locator(".wall .logo")).to_contain_text(title)
        for text in texts:
            expect(page.locator(".wall")).to_contain_text(text)
        assert page.evaluate(OUTSIDE, LEAST) == [], scene
        if scene in ("result", "situation"):  # a pattern for where it comes from
            assert page.locator(".map .lane path[stroke-dasharray]").count() > 0
        assert CANARY not in page.content()
        assert "onerror" not in page.inner_text("body")  # names are hidden
        size = page.evaluate(
            "[document.documentElement.scrollHeight - innerHeight, scrollX + scrollY,"
            " document.documentElement.scrollWidth - innerWidth]"
        )
        assert max(size) <= 0
        shot(page, f"{language}-projector-{scene}-{height}")
    assert len(frames) >= len(told)
    assert CANARY not in "".join(frames)


def test_control_closes_a_turn_after_a_question(door: Door, open_page: OpenPage) -> None:
    room = door.room(turns=2)
    room.join(NASTY, "JPN")
    page = open_page(room.url("console", room.control))
    page.click("#more-acts > summary")
    page.click("#do-start")
    expect(page.locator("#do-close_turn")).to_be_visible()
    expect(page.locator("#seats")).to_contain_text(NASTY)
    fits(page)
    page.click("#do-pause")
    expect(page.locator("#do-resume")).to_be_visible()
    page.click("#do-resume")
    page.click("#do-close_turn")
    expect(page.locator("dialog")).to_contain_text("Still drafting: Japan")
    page.keyboard.press("Escape")
    assert room.view()["turn"] == 1
    page.click("#do-close_turn")
    page.click("#sure")
    expect(page.locator("#turn")).to_contain_text("Turn 2 of 2")
    page.click("#do-undo_turn")
    page.click("#sure")  # not without a reason
    page.fill("#why", "a mistake")
    page.click("#sure")
    room.wait(lambda view: view["turn"] == 1)
    assert room.view()["undone"][0]["why"] == "a mistake"
    page.click("#do-end")
    page.click("#sure")
    expect(page.locator("#next[data-next=reveal]")).to_be_visible()
    assert page.title() != "hit"


def test_a_card_is_drawn_without_typing_and_the_wall_is_a_click_away(
    door: Door, open_page: OpenPage
) -> None:
    room = door.room(turns=2)
    korea = room.join("Bo", "KOR")
    room.act("start")
    page = open_page(room.url("console", room.control))
    english, korean = catalogue("en"), catalogue("ko")
    page.click("#card-licence_90_days-now")
    expect(page.locator("dialog")).to_contain_text("13 weeks")
    page.click("#sure")
    expect(page.locator(".inject .ok").first).to_contain_text("turn 1")
    text = korean["inject_card.licence_90_days.text"]
    seat = open_page(f"{door.base}/projector?lang=ko#{room.code}.{room.projector}", 1280, 720)
    expect(seat.locator(".heads")).to_contain_text(text[:20])
    page.click("#open-join")
    page.click(f"summary:has-text('{english['wall.link']}')")
    link = page.locator("#to-wall")
    expect(link).to_have_attribute("href", f"/projector#{room.code}.{room.projector}")
    expect(page.locator("#only-here")).to_be_visible()  # this server listens on this machine alone
    assert page.locator(".qr").count() == 0
    assert korea


def test_the_hot_wash_of_a_team_reaches_the_facilitator(door: Door, open_page: OpenPage) -> None:
    room = door.room(turns=1)
    japan = room.join("Ann", "JPN")
    room.act("start")
    room.act("close_turn")
    room.wait(lambda view: view["phase"] == "ended")
    page = open_page(room.url("seat", japan))
    for kind in ("intended", "happened", "surprised"):
        page.fill(f"#hw-{kind}", f"We {kind} this.")
        page.click(f"#hw-save-{kind}")
        expect(page.locator("#hotwash .ok", has_text=f"We {kind} this.")).to_be_visible()
    fits(page)
    notes = [(n["seat"], n["kind"], n["turn"]) for n in room.view()["notes"]]
    assert notes == [("JPN", kind, 1) for kind in ("intended", "happened", "surprised")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_room_says_is_written_for_its_reader(
    language: str, door: Door, open_page: OpenPage
) -> None:
    room = door.room(turns=2)
    japan = room.join("Ann", "JPN")
    page = open_page(f"{door.base}/seat?lang={language}#{room.code}.{japan}")
    expect(page.locator(".you h1")).to_be_visible()
    words = catalogue(language)
    write = """async (said) => (await import("/pages/room/base.js")).phrase(said, "in English")"""
    bound = {"lever": "stockpile_release", "low": 0.25, "value": 0.1, "deals": [1, 2]}
    text = page.evaluate(write, {"key": "refuse.bound_least", "values": bound})
    assert words["lever.stockpile_release.name"] in text
    assert "25" in text  # a share is read in per cent
    assert "1, 2" in text
    caught = {"trader": 3, "zone": "VNM", "good": "gallium", "target": "JPN", "weeks": 52}
    said = {"key": "happening.caught_trader", "values": {**caught, "share": 0.034}}
    text = page.evaluate(write, said)
    for part in (words["seat.VNM"], words["seat.JPN"], words["good.gallium"], "3", "52"):
        assert part in text
    assert "{" not in text
    assert page.evaluate(write, {"key": "refuse.unheard_of", "values": {}}) == "in English"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_language_fits_a_phone(
    language: str, played: tuple[Room, str, str], open_page: OpenPage
) -> None:
    room, japan, _ = played
    words = catalogue(language)
    base = room.door.base
    seat = open_page(f"{base}/seat?lang={language}#{room.code}.{japan}")
    expect(seat.locator(".you h1")).to_have_text(words["card.you"].format(seat=words["seat.JPN"]))
    for tab in ("orders", "deals", "messages", "world", "history"):
        seat.click(f"#tab-{tab}")
        expect(seat.locator("#panel")).to_be_visible()
        fits(seat)
        shot(seat, f"{language}-seat-{tab}")
    for page, token in (("join", ""), ("host", ""), ("console", room.control)):
        mark = f"#{room.code}.{token}" if token else ""
        query = f"&code={room.code}" if page == "join" else ""
        seat.goto("about:blank")
        seat.goto(f"{base}/{page}?lang={language}{query}{mark}")
        ready = {"join": "#name", "host": "#make", "console": "#seats"}[page]
        expect(seat.locator(ready)).to_be_visible()
        fits(seat)
        shot(seat, f"{language}-{page}")
        shown = seat.inner_text("body")
        assert not [k for k in words if "." in k and f" {k} " in f" {shown} "], "a bare key"


def test_the_review_compares_and_branches(door: Door, open_page: OpenPage) -> None:
    room = door.room(turns=1)
    japan = room.join("Ann", "JPN")
    room.act("start")
    order = {"turn": 1, "lever": "stockpile_release", "value": 0.5, "why": "to bridge"}
    room.call("PUT", "/orders", japan, order)
    room.act("close_turn")
    room.wait(lambda view: view["phase"] == "ended")
    room.act("reveal")
    page = open_page(room.url("review", japan))
    expect(page.locator("#side")).to_contain_text("to bridge")
    page.select_option("#b-seat", "CHN")
    page.select_option("#b-lever", "ban_breadth")
    page.select_option("#b-place", "JPN")
    page.fill("#b-value", "0")
    page.click("#branch")
    expect(page.locator(".plot.two").first).to_be_visible()
    fits(page)
    shot(page, "en-review")
