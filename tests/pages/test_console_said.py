"""What the console says and offers: parts of the Reveal, cards, the strip of the hour, rulings."""

from __future__ import annotations

import json
import re
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.pages.conftest import Door, OpenPage, Room

pytestmark = pytest.mark.browser
WORDS = catalogue("en")
PARTS = ("deals", "forecasts", "scores", "branch", "replay")
MOST_WORDS = 35  # of what a teacher says at once
OVERLAPS = """all => all.map((one) => one.getBoundingClientRect()).flatMap((a, i, boxes) =>
  boxes.slice(i + 1).filter((b) => a.left < b.right && b.left < a.right).map((b) => [a.x, b.x]))"""


@pytest.fixture(scope="module")
def lesson(door: Door) -> tuple[Room, str]:
    """A game in its first turn, with Korea at its seat."""
    room = door.room(turns=3)
    korea = room.join("Bo", "KOR")
    room.act("start")
    room.wait(lambda view: bool(view["public"].get("prices")))
    return room, korea


def told_otherwise(page: Page, more: dict[str, Any]) -> None:
    """The room's line to this page, with some of it changed."""

    def line(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def changed(text: str | bytes) -> None:
            told = json.loads(text)
            if "undo_opens" in told:
                told |= more
            socket.send(json.dumps(told))

        server.on_message(changed)

    page.route_web_socket("**/live", line)


def at_the_reveal(part: str, of: int = 1) -> dict[str, Any]:
    wall = {"scene": "reveal", "part": part, "n": 1, "of": of, "step": 1, "steps": 5,
            "next": None, "back": None, "parts": []}  # fmt: skip
    show = {"deal": None, "question": None, "rows": [], "counts": {}, "branch": None, "weeks": 0,
            "lanes": [], "price": [], "loss": [], "say": [], "start": "2026-01-05"}  # fmt: skip
    return {"phase": "ended", "segments": [], "revealed": True, "wall": wall, "show": show}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["deals", "forecasts", "branch"])
def test_the_teacher_reads_out_what_belongs_to_what_the_wall_unseals(
    part: str, language: str, lesson: tuple[Room, str], door: Door, open_page: OpenPage
) -> None:
    room, words = lesson[0], catalogue(language)
    page = open_page("about:blank", 1440, 900)
    told_otherwise(page, at_the_reveal(part))
    page.goto(f"{door.base}/console?lang={language}#{room.code}.{room.control}")
    say = page.locator("[data-part=say]")
    expect(say).to_contain_text(words[f"reveal.say_{part}"])
    step = "debrief" if part == "branch" else "reveal"
    expect(say).to_have_attribute("data-step", step)


def test_where_nobody_signed_a_secret_deal_nobody_is_asked_about_it(
    lesson: tuple[Room, str], open_page: OpenPage
) -> None:
    room = lesson[0]
    page = open_page("about:blank", 1440, 900)
    told_otherwise(page, at_the_reveal("deals", of=0))
    page.goto(room.url("console", room.control))
    say = page.locator("[data-part=say]")
    expect(say).to_contain_text(catalogue("en", "lesson")["plan_say.class.reveal"])
    expect(say).not_to_contain_text(WORDS["reveal.say_deals"])


def test_no_line_of_the_reveal_is_longer_than_one_breath() -> None:
    assert all(len(WORDS[f"reveal.say_{part}"].split()) <= MOST_WORDS for part in PARTS)


def test_after_the_end_no_seat_is_handed_to_anybody(
    lesson: tuple[Room, str], open_page: OpenPage
) -> None:
    room = lesson[0]
    page = open_page(room.url("console", room.control), 1440, 900)
    expect(page.locator("#to_ai-KOR")).to_be_visible()
    over = open_page("about:blank", 1440, 900)
    told_otherwise(over, at_the_reveal("scores"))
    over.goto(room.url("console", room.control))
    expect(over.locator("#look-KOR")).to_be_visible()
    expect(over.locator("[id^=to_ai], [id^=to_person], [id^=help-]")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_that_gives_an_order_does_not_say_that_nothing_changes(
    language: str, lesson: tuple[Room, str], door: Door, open_page: OpenPage
) -> None:
    room, words = lesson[0], catalogue(language)
    cards = room.view()["cards"]
    orders = [one for one in cards if one["order"] and one["event"]["kind"] == "news"]
    assert orders
    page = open_page(f"{door.base}/console?lang={language}#{room.code}.{room.control}", 1440, 900)
    faces = page.locator("[data-part=cards]").locator(":is(details, article)")
    for card in orders:
        face = faces.filter(has=page.locator(f"#card-{card['card']}-now"))
        does = face.locator("dd").last.text_content() or ""
        assert does
        assert words["inject.news"] not in does
        assert ". " not in does


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720)])
def test_names_in_the_strip_of_a_half_day_keep_apart(
    width: int, height: int, language: str, door: Door, open_page: OpenPage
) -> None:
    room = door.room(turns=5, auto_next=False)
    for more in ({"phase": "orders", "turn": 5, "segments": []},
                 {"phase": "ended", "segments": []}):  # fmt: skip
        page = open_page("about:blank", width, height)
        told_otherwise(page, {"revealed": False, **more})
        page.goto(f"{door.base}/console?lang={language}#{room.code}.{room.control}")
        names = page.locator(".hour svg text")
        expect(page.locator(".hour .now text")).to_be_visible()
        assert names.evaluate_all(OVERLAPS) == []


def test_a_ruling_keeps_the_votes_for_control_and_publishes_only_what_is_meant(
    lesson: tuple[Room, str], open_page: OpenPage
) -> None:
    room, korea = lesson
    move = {"claim": "Both embassies meet", "pro": ["they want to"], "con": ["they do not"]}
    number = room.call("POST", "/moves", korea, move)["move"]
    page = open_page(room.url("console", room.control), 1440, 900)
    page.click(f"#open-judge-{number}")
    sheet = page.locator("[data-sheet]")
    expect(sheet.locator(".grid2 li").first).to_contain_text("Korea")  # who gave the reason
    for vote in ("20", "40"):
        page.locator("#chance").fill(vote)
        page.click("#vote")
    ticks = sheet.locator("[data-vote]").evaluate_all("all => all.map(one => one.style.left)")
    assert ticks == ["20%", "40%"]
    expect(page.locator(".readers #judge-shown")).to_have_count(0)  # not one seat among others
    page.fill("#ruling", "They meet.")
    page.fill("#judge-note", "Argued well.")
    page.click(f"#judge-{number}")
    expect(page.locator("dialog")).not_to_contain_text(WORDS["judge.public_sure"])
    page.locator("dialog button").first.click()
    page.check("#judge-shown")
    page.click(f"#judge-{number}")
    expect(page.locator("dialog")).to_contain_text(WORDS["judge.public_sure"])
    page.click("#sure")
    expect(page.locator("#judged")).to_be_visible()
    seen = room.wait(lambda view: bool(view["notes"]))
    assert seen["notes"][-1]["text"] == "Korea: Argued well. · Votes of control: 20%, 40%"
    assert "Argued well" not in str(room.view(korea))
    assert room.view(room.projector)["public"]["moves"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_reveal_stand_its_minutes_the_vote_the_rounds_and_one_button_to_save(
    language: str, lesson: tuple[Room, str], door: Door, open_page: OpenPage
) -> None:
    room, words = lesson[0], catalogue(language)
    plan = room.call("GET", f"/lesson?language={language}", room.control)
    page = open_page("about:blank", 1280, 720)
    votes = [{"seat": "KOR", "who": f"p{n}", "turn": turn, "kind": "vote", "text": "-", "at": 1}
             for n, turn in enumerate((2, 1, 2, 3))]  # fmt: skip
    people = [{"who": f"p{n}", "name": f"P{n}", "seat": "KOR", "gone": n == 3, "devices": 1}
              for n in range(4)]  # fmt: skip
    told = at_the_reveal("forecasts") | {"people": people}
    told["wall"]["parts"] = [{"part": part, "n": 1} for part in PARTS]
    told_otherwise(page, {**told, "notes": votes, "ahead": []})
    page.goto(f"{door.base}/console?lang={language}#{room.code}.{room.control}")
    due = [words["reveal.minutes"].replace("{n}", str(plan["parts"][one])) for one in PARTS]
    expect(page.locator("[data-part=reveal] .min")).to_have_text(due)
    counted = page.locator("[data-part=votes] [data-turn]").evaluate_all(
        "all => all.map((one) => [one.dataset.turn, one.dataset.votes])")  # fmt: skip
    assert counted == [["2", "2"], ["1", "1"]]
    rounds = page.locator("[data-part=rounds] .rounds > li")
    assert rounds.count() == 3
    for one, due in zip(rounds.all(), plan["rounds"], strict=True):
        expect(one).to_contain_text(due["name"])
        expect(one).to_contain_text(words["reveal.minutes"].replace("{n}", str(due["minutes"])))
        one.locator("summary").click()
        expect(one.locator("ul li")).to_have_text(due["ask"])
    with page.expect_download() as found:
        page.click("#save-all")
    with zipfile.ZipFile(found.value.path()) as saved:
        assert {"report.html", "commands.csv", "room.json"} <= set(saved.namelist())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_that_cannot_be_drawn_has_no_button_or_says_why(
    language: str, lesson: tuple[Room, str], door: Door, open_page: OpenPage
) -> None:
    room, words = lesson[0], catalogue(language)
    now = [one for one in room.view()["rights"] if one != "inject"]
    for more, said, buttons in (
        (at_the_reveal("deals"), "over", 0), ({"phase": "ended", "segments": []}, "over", 0),
        ({"phase": "resolve", "segments": []}, "played_now", 2),
        ({"rights": now}, "no_right", 2),
    ):  # fmt: skip
        page = open_page("about:blank", 1280, 720)
        told_otherwise(page, more)
        page.goto(f"{door.base}/console?lang={language}#{room.code}.{room.control}")
        column = page.locator("[data-part=cards]")
        expect(column).to_contain_text(words[f"cards.{said}"])
        shown = column.locator("article button, details.later button")
        assert (shown.count() > 0) is (buttons > 0)
        for one in shown.all():
            expect(one).to_be_disabled()
        if not buttons:
            expect(page.locator("#open-injects")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_umpire_reads_what_speaks_for_and_against_a_move_on_the_other_side(
    language: str, door: Door, open_page: OpenPage
) -> None:
    """Beside the reasons of who moves stand those of whom it touches, in sentences."""
    room, words = door.room(turns=3), catalogue(language)
    japan = room.join("Ann", "JPN")
    room.act("start")
    room.act("close_turn")
    room.wait(lambda view: view["turn"] == 2 and view["phase"] == "report")
    move = {"claim": "We invite Korea to Tokyo", "pro": ["we are neighbours"], "con": []}
    number = room.call("POST", "/moves", japan, move)["move"]
    sides = {one["seat"]: one for one in room.view()["moves"][-1]["sides"]}
    assert list(sides) == ["KOR", "CHN"]
    page = open_page(f"{door.base}/console?lang={language}#{room.code}.{room.control}", 1280, 720)
    page.click(f"#open-judge-{number}")
    box = page.locator("[data-part=sides]")
    expect(box).to_contain_text(words["side.title"])
    for way, column in (("pro", 0), ("con", 1)):
        rows = box.locator(".grid2 > div").nth(column).locator("li")
        due = [seat for seat, one in sides.items() for _ in one[way]]
        assert rows.evaluate_all("all => all.map(one => one.dataset.of)") == due
    step = sides["CHN"]["con"][0]
    assert step["key"] == "side.step"
    china, held = words["seat.CHN"], str(step["values"]["n"])
    first = box.locator(".grid2 > div").nth(1).locator("[data-of=CHN]").first
    expect(first).to_contain_text(china)
    expect(first).to_contain_text(held)
    voices = box.locator(".heard li")
    assert voices.count() == len([one for one in sides.values() if one["known"]]) > 0
    text = box.inner_text()
    assert not re.findall(r"side\.|story\.|voice\.|goal\.|gauge\.|[{}]|\b[A-Z]{3}\b(?<!GDP)", text)
