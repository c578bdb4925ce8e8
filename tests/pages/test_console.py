"""The console: a turn by the Next button alone, a ruling from its sheet, cards on phones, notes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.pages.conftest import Door, OpenPage, Room

pytestmark = pytest.mark.browser
WORDS = catalogue("en")
NARROW = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def lesson(door: Door) -> tuple[Room, str, str]:
    """A game in its first turn, with Korea and Japan at their seats."""
    room = door.room(turns=3)
    korea, japan = room.join("Bo", "KOR"), room.join("Ann", "JPN")
    room.act("start")
    room.wait(lambda view: bool(view["public"].get("prices")))
    return room, korea, japan


def press_next(page: Page, step: str) -> None:
    button = page.locator(f"#next[data-next={step}]")
    expect(button).to_be_enabled(timeout=60_000)
    button.click()


def test_a_lesson_is_led_through_a_turn_by_the_next_button_alone(
    door: Door, open_page: OpenPage
) -> None:
    room = door.room(turns=2)
    seat = open_page(room.url("seat", room.join("Bo", "KOR")))
    page = open_page(room.url("console", room.control), 1440, 900)
    expect(seat.locator(".you h1")).to_be_visible()  # who has no device is played by a caretaker
    say = page.locator("[data-part=say]")
    expect(say).to_have_attribute("data-step", "join")
    for step, then in (("brief", "brief"), ("practice", "practice"), ("negotiate", "practice"),
                       ("orders", "practice"), ("play_practice", "turn1"), ("negotiate", "turn1"),
                       ("orders", "turn1")):  # fmt: skip
        press_next(page, step)
        expect(say).to_have_attribute("data-step", then, timeout=60_000)
    expect(page.locator("#phase")).to_contain_text(WORDS["phase.orders"], ignore_case=True)
    expect(page.locator(".next")).to_contain_text("Korea")  # who has not sent, and what that means
    expect(page.locator("#next[data-next=play]")).to_be_enabled(timeout=60_000)  # else it is deaf
    page.locator("body").press("ArrowRight")  # the key does what the button does, once that is sure
    expect(page.locator("dialog")).to_contain_text("Turn 1 ends at once")
    page.click("#sure")
    expect(page.locator("#turn")).to_have_text("Turn 2 of 2", timeout=60_000)
    assert page.locator("dialog").count() == 0
    room.act("end")
    press_next(page, "reveal")
    expect(page.locator("dialog")).to_contain_text(WORDS["sure.reveal"])
    page.click("#sure")
    expect(say).to_have_attribute("data-step", "reveal")  # nobody has seen anything yet
    press_next(page, "scene")  # through the parts of the reveal
    room.act("scene", to="scores")
    expect(say).to_contain_text(WORDS["reveal.say_scores"])
    expect(say).to_have_attribute("data-step", "reveal")
    room.act("scene", to="branch")
    expect(say).to_contain_text(WORDS["reveal.say_branch"])
    expect(say).to_have_attribute("data-step", "debrief")  # now the class talks
    room.act("scene", to="replay")
    expect(say).to_contain_text(WORDS["reveal.say_replay"])
    expect(page.locator("#next[data-next=review]")).to_be_visible()


def test_next_follows_a_scene_that_the_clock_has_turned(door: Door, open_page: OpenPage) -> None:
    """The result leaves the wall by itself; whoever presses then does what the button says."""
    room = door.room(turns=3, turn_seconds=60)
    room.join("Bo", "KOR")
    room.act("start")
    page = open_page(room.url("console", room.control), 1440, 900)
    room.act("close_turn")
    button = page.locator("#next[data-next]")
    expect(button).to_have_attribute("data-next", "situation", timeout=60_000)
    expect(page.locator("[data-part=wall]")).to_contain_text(WORDS["scene.result"])
    expect(button).to_have_attribute("data-next", re.compile("negotiate|orders"), timeout=60_000)
    expect(page.locator("[data-part=wall]")).to_contain_text(WORDS["scene.situation"])
    assert room.view()["wall"]["scene"] == "situation"
    said = room.view(room.projector)["show"]["say"]["en"]
    expect(page.locator("[data-part=wall] .wall")).to_have_attribute("data-scene", "situation")
    expect(page.locator("[data-part=wall] .say")).to_have_text(said)  # as the wall says it


def test_after_an_act_the_button_waits_for_the_rooms_word(
    door: Door, open_page: OpenPage
) -> None:
    """A room that answers before its line has told what was done: no step is offered twice."""
    room = door.room(turns=3)
    room.act("start")
    room.wait(lambda view: bool(view["public"].get("prices")))
    page = open_page("about:blank", 1440, 900)
    lines: list[WebSocketRoute] = []
    held: list[str | bytes] = []
    holds = False

    def line(socket: WebSocketRoute) -> None:
        lines.append(socket)

        def heard(text: str | bytes) -> None:
            if holds and "undo_opens" in str(text):
                held.append(text)
            else:
                socket.send(text)

        socket.connect_to_server().on_message(heard)

    page.route_web_socket("**/live", line)
    page.goto(room.url("console", room.control))
    button = page.locator("#next")
    expect(page.locator("#next[data-next=negotiate]")).to_be_enabled()
    holds = True
    button.click()
    expect(page.locator("#told .ok")).to_be_visible()
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("data-next", "negotiate")
    holds = False
    while not held:
        page.wait_for_timeout(100)
    lines[-1].send(held[-1])
    expect(page.locator("#next[data-next=orders]")).to_be_enabled()


def test_a_seat_that_is_missing_has_the_one_act_that_helps(
    lesson: tuple[Room, str, str], open_page: OpenPage
) -> None:
    room, korea, _ = lesson
    seat = open_page(room.url("seat", korea))
    expect(seat.locator(".you h1")).to_be_visible()  # a phone has Submit under Orders alone
    page = open_page(room.url("console", room.control), 1280, 720)
    missing = page.locator("[data-part=missing]")
    expect(missing.locator("li", has_text="Japan")).to_contain_text(WORDS["missing.away"])
    expect(page.locator("#help-JPN")).to_contain_text(WORDS["do.to_ai"])
    page.click("#help-KOR")
    expect(seat.locator("#tab-messages")).to_contain_text("(1)")
    for part in (".clockrow", "[data-part=missing] .kick", "#next"):
        expect(page.locator(part)).to_be_in_viewport()


def test_a_move_is_judged_with_an_effect_and_its_card_turns_over_where_it_is_told(
    lesson: tuple[Room, str, str], open_page: OpenPage
) -> None:
    room, korea, japan = lesson
    move = {"claim": "Both embassies meet", "pro": ["they want to"], "con": ["they do not"]}
    number = room.call("POST", "/moves", korea, move)["move"]
    told, other = (open_page(room.url("seat", one)) for one in (korea, japan))
    page = open_page(room.url("console", room.control), 1440, 900, refusals=True)
    page.click(f"#open-judge-{number}")
    sheet = page.locator("[data-sheet]")
    expect(sheet).to_contain_text("they do not")
    expect(sheet.locator("[role=timer]")).to_be_visible()
    page.select_option("#works-kind", "stock")
    page.select_option("#works-seat", "JPN")
    page.select_option("#works-to", "KOR")
    page.select_option("#works-good", "dy_oxide")
    page.fill("#works-amount", "900000")
    page.locator("#chance").fill("100")
    page.uncheck("#tell-all")
    page.check("#tell-KOR")
    page.fill("#ruling", "They meet, and a list is agreed.")
    throw = page.locator(f"#judge-{number}")
    throw.click()
    page.click("#sure")
    expect(page.locator("#told")).to_contain_text("Japan holds")  # it cannot give what it has not
    page.fill("#works-amount", "0.5")
    throw.click()
    page.click("#sure")
    expect(page.locator("#judged")).to_contain_text("Japan hands Korea 0.5 t of dysprosium oxide")
    face = told.locator("[data-part=card]")
    expect(face).to_contain_text("They meet, and a list is agreed.")
    expect(face).to_contain_text(WORDS["cards.face_ruling"])
    expect(other.locator(".you h1")).to_be_visible()
    assert "They meet" not in str(room.view(japan))
    face.get_by_role("button").click()
    expect(face).to_have_count(0)
    told.reload()
    expect(told.locator(".you h1")).to_be_visible()
    expect(face).to_have_count(0)  # what was read stays read on this device
    page.click("#close-sheet")
    page.click("#open-time")
    expect(page.locator("[data-part=chronicle]")).to_contain_text("Both embassies meet")


def test_a_drawn_card_turns_over_with_its_title_in_the_language_of_the_phone(
    lesson: tuple[Room, str, str], door: Door, open_page: OpenPage
) -> None:
    room, _, japan = lesson
    phone = open_page(f"{door.base}/seat?lang=ko#{room.code}.{japan}")
    room.act("card", card="hub_seizure")
    words = catalogue("ko")
    face = phone.locator("[data-part=card]", has_text=words["inject_card.hub_seizure.title"])
    expect(face).to_contain_text(words["inject_card.hub_seizure.text"][:20])
    expect(face).to_contain_text(words["cards.face_private"])
    assert phone.evaluate(NARROW) <= 0


def test_a_note_is_kept_and_a_look_at_a_seat_needs_no_token_of_it(
    lesson: tuple[Room, str, str], open_page: OpenPage
) -> None:
    room, korea, _ = lesson
    page = open_page(room.url("console", room.control), 1440, 900)
    page.locator("#next").wait_for()
    page.locator("body").press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("Japan promised by word of mouth.")
    page.click("#do-note")
    expect(page.locator("[data-part=notes] li")).to_contain_text("Japan promised")
    assert [one["kind"] for one in room.view()["notes"]] == ["umpire"]
    assert "word of mouth" not in str(room.view(korea))
    page.click("#look-KOR")
    expect(page.locator("#peek")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_have_count(0)
    expect(page.locator("#look-KOR")).to_be_focused()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_console_fits_in_every_language_and_says_the_plan_in_it(
    language: str, lesson: tuple[Room, str, str], door: Door, open_page: OpenPage
) -> None:
    room, words = lesson[0], catalogue(language, "lesson")
    for width, height in ((1440, 900), (1280, 720), (390, 844)):
        url = f"{door.base}/console?lang={language}#{room.code}.{room.control}"
        page = open_page(url, width, height)
        expect(page.locator("[data-part=say]")).to_contain_text(words["plan_say.class.turn1"])
        assert page.evaluate(NARROW) <= 0
        inside = "node => node.parentElement.scrollWidth - node.parentElement.clientWidth"
        assert page.locator("#seats").evaluate(inside) <= 0
        text = page.locator("body").inner_text()
        assert not re.findall(r"\b(?:now|next|missing|waits|judge|sheet_of|hour)\.[a-z_]+", text)


def test_who_looks_on_in_the_next_turn_has_said_so_again(door: Door, open_page: OpenPage) -> None:
    room = door.room(turns=3)
    room.join("Bo", "KOR")
    room.act("start")
    room.wait(lambda view: bool(view["public"].get("prices")))
    page = open_page(room.url("console", room.control), 1440, 900)
    page.click("#look-KOR")
    peek = page.locator("#peek")
    expect(peek).to_be_visible()
    room.act("close_turn")
    expect(peek).to_contain_text(WORDS["result.title"].format(turn=1), timeout=60_000)
    told = room.call("GET", "/view?seat=KOR", room.control)  # which is refused before a look
    assert told["turn"] == 2


def with_scenes(page: Page, **more: Any) -> None:
    """The room's line, as of a room whose wall stands at the first of two secret deals."""
    deal = {"scene": "reveal", "part": "deals", "n": 1, "of": 2}
    back = {"scene": "result", "part": "", "n": 0, "of": 0}
    wall = {**deal, "step": 1, "steps": 3, "next": {**deal, "n": 2}, "back": back,
            "parts": [{"part": "deals", "n": 2}, {"part": "scores", "n": 1}]}  # fmt: skip

    def line(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def changed(text: str | bytes) -> None:
            told = json.loads(text)
            if "undo_opens" in told:
                told |= {"phase": "ended", "segments": [], "revealed": True, "wall": wall}
                told["show"] = {"deal": None}
                told["actions"]["scene"] = "time"
                told |= more
            socket.send(json.dumps(told))

        server.on_message(changed)

    page.route_web_socket("**/live", line)


def test_at_the_reveal_the_next_button_turns_the_pages_of_the_wall(
    lesson: tuple[Room, str, str], open_page: OpenPage
) -> None:
    room = lesson[0]
    page, asked = open_page("about:blank", 1440, 900), []
    with_scenes(page)

    def control(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or "{}"))
        route.fulfill(json={"saved_at": 1, "version": 1})

    page.route("**/control", control)
    page.goto(room.url("console", room.control))
    steps = page.locator("[data-part=reveal] li")
    expect(steps).to_have_count(2)
    expect(steps.first).to_have_attribute("aria-current", "step")
    press_next(page, "scene")
    expect(page.locator("#told")).to_be_visible()
    steps.nth(1).get_by_role("button").click()
    expect(page.locator("#to-review")).to_be_visible()
    assert page.locator(".clockrow .none").evaluate("node => node.offsetHeight") < 32  # one line
    expect(page.locator("#next")).to_be_enabled()
    page.locator("body").press("ArrowLeft")
    wanted = [("scene", "next"), ("scene", "scores"), ("scene", "back")]
    for _ in range(600):
        if len(asked) == len(wanted):
            break
        page.wait_for_timeout(100)
    assert [(one["action"], one["to"]) for one in asked] == wanted


@pytest.mark.parametrize("more", [{"revealed": False}, {"rights": ["message"]}])
def test_a_stray_key_does_not_turn_the_wall(
    more: dict[str, Any], lesson: tuple[Room, str, str], open_page: OpenPage
) -> None:
    """Before the reveal, or by a facilitator who may not."""
    page, asked = open_page("about:blank", 1440, 900), []
    with_scenes(page, **more)
    page.route("**/control", lambda route: asked.append(route.request.post_data))
    page.goto(lesson[0].url("console", lesson[0].control))
    page.locator("#next").wait_for()
    page.locator("body").press("ArrowLeft")
    page.locator("body").press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.evaluate("fetch('/healthz').then((one) => one.status)")  # what was asked is known
    assert asked == []


def test_the_start_page_and_the_guide_count_the_teams_of_one_table(
    door: Door, open_page: OpenPage
) -> None:
    from runs.printing.paper import document
    from runs.printing.plan import teams
    from runs.room.roster import open_seats
    from world.scenario import load_scenario

    found = teams(open_seats(load_scenario("japan-2026", {"users": 100}), None))
    count = {"teams": len(found), "seats": sum(map(len, found))}
    page = open_page(f"{door.base}/start?for=table", 1280, 800)
    expect(page.locator("#teams")).to_have_text(WORDS["start.table_note"].format(**count))
    expect(page.get_by_text(WORDS["host.seats"].format(n=count["seats"]))).to_be_visible()
    assert f"{count['teams']} teams of three to five people at {count['seats']} seats" in document(
        "guide"
    )
