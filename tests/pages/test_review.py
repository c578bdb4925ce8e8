"""The review as a story, in a real Chromium: verdict, curve, turning points, link, paper."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.pages.conftest import Door, OpenPage, Room
from tests.pages.test_pages import fits

pytestmark = pytest.mark.browser
WORDS = catalogue("en")
SHOTS = os.environ.get("REVIEW_SHOTS")
WIDE = (1440, 900)


def shot(page: Page, name: str) -> None:
    """Keeps a picture of the whole page where REVIEW_SHOTS names a folder."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


class Game:
    """A room of three people that has ended, and what its story says when all branches are in."""

    def __init__(self, door: Door) -> None:
        self.room = door.room(turns=3)
        self.japan, self.korea = self.room.join("Ann", "JPN"), self.room.join("Bo", "KOR")
        self.maker = self.room.join("Cho", "KOR_BATTERY")
        self.room.act("start")
        more = {"turn": 1, "lever": "cover_factor", "value": 4.0, "why": ""}
        self.room.call("PUT", "/orders", self.maker, more)
        self.order("stockpile_target_days", 300.0, 1)
        self.close(2)
        self.order("hub_policing", 0.8, 2)
        self.order("stance", 0.5, 2)
        self.close(3)
        self.room.act("close_turn")
        self.room.wait(lambda view: view["phase"] == "ended")
        self.early = self.room.call("GET", "/story", self.room.control)
        self.room.act("reveal")

    def order(self, lever: str, value: float, turn: int) -> None:
        order = {"turn": turn, "lever": lever, "value": value, "why": ""}
        self.room.call("PUT", "/orders", self.korea, order)

    def close(self, turn: int) -> None:
        self.room.act("close_turn")
        self.room.wait(lambda view: view["turn"] == turn and view["phase"] != "resolve")

    def story(self) -> Any:
        """The whole story, when it is there."""
        for _ in range(600):
            found = self.room.call("GET", "/story", self.korea)
            if found["state"] != "working":
                assert found["state"] == "done"
                return found
            self.room.wait(lambda view: True)
        raise AssertionError("the branches were not played")


@pytest.fixture(scope="module")
def game(door: Door) -> Game:
    return Game(door)


def opened(game: Game, open_page: OpenPage, width: int, height: int, ask: str = "") -> Page:
    room = game.room
    page = open_page(f"{room.door.base}/review{ask}#{room.code}.{game.korea}", width, height)
    expect(page.locator("#verdict")).to_be_visible()
    return page


def test_while_branches_are_played_the_page_says_so_and_fills_in(
    game: Game, open_page: OpenPage
) -> None:
    assert game.early["state"] == "working"
    assert game.early["seats"]["KOR"]["verdict"]["key"] == "review.verdict.alone"
    page = opened(game, open_page, *WIDE)
    if page.locator("[data-part=story]").get_attribute("data-state") == "working":
        expect(page.locator("[data-part=state]")).to_contain_text("Branches of this game")
    expect(page.locator("[data-state=done]")).to_be_visible(timeout=60_000)  # by itself
    expect(page.locator("[data-part=state]")).to_have_count(0)


def test_a_page_that_comes_back_again_and_again_asks_no_more_often(
    game: Game, open_page: OpenPage
) -> None:
    page, asked = open_page("about:blank", *WIDE), []

    def working(route: Route) -> None:
        found = route.fetch().json()
        story = found.get("story", found)
        story["state"] = "working"
        if story is found:
            asked.append(route.request.url)
        route.fulfill(json=found)

    page.route(re.compile(r"/api/rooms/\w+/(review|story)$"), working)
    page.clock.install()
    page.goto(game.room.url("review", game.korea))
    expect(page.locator("#verdict")).to_be_visible()
    for _ in range(3):
        with page.expect_response(re.compile("/review$")):
            page.evaluate(
                "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
            )
    seconds = 0
    while len(asked) < 4:
        page.clock.run_for(1000)
        page.wait_for_timeout(50)
        seconds += 1
    assert seconds >= 4 * 3  # a look every three


def test_the_page_opens_with_the_verdict_and_its_figures(game: Game, open_page: OpenPage) -> None:
    told = game.story()["seats"]["KOR"]
    page = opened(game, open_page, *WIDE)
    head = page.locator("#verdict").inner_text()
    for name in ("score", "ai", "idle"):
        assert f"{told['verdict']['values'][name]:g}" in head
    assert "South Korea" in head or "Korea" in head
    assert page.locator("h1").count() == 1
    top = page.locator("#verdict").bounding_box()
    orders = page.locator("#orders").bounding_box()
    assert top is not None
    assert orders is not None
    assert top["y"] < 300 < 900 < orders["y"]  # tables come later
    points = page.locator("[data-part=points] article")
    assert points.count() == len(told["points"]) > 0
    for n, one in enumerate(told["points"]):
        value = one["say"]["values"].get("points_b")
        expect(points.nth(n)).to_contain_text(f"{value:g}")
        expect(points.nth(n)).to_contain_text(WORDS["review.instead"].strip())
    shot(page, "en-1440")


def test_decisions_stand_on_the_curve_and_the_keyboard_reads_them(
    game: Game, open_page: OpenPage
) -> None:
    game.story()
    page = opened(game, open_page, *WIDE)
    pins = page.locator(".curve .pin")
    assert [pin.get_attribute("data-pin") for pin in pins.all()] == ["1", "2"]
    pins.first.focus()
    expect(page.locator("[data-pinned='1']")).to_have_class("on")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.pin") == "2"
    label = pins.nth(1).get_attribute("aria-label") or ""
    assert label.startswith("Turn 2: ")
    assert "80" in label
    assert not re.search(r"hub_policing|stance\b.*_", label)
    assert label == page.locator("[data-pinned='2']").inner_text()
    page.locator("[data-measure=money]").click()
    assert page.locator("[data-figure=curve] h2").inner_text() != ""
    expect(page.locator("[data-line=ai]")).to_have_count(1)
    page.locator("[data-figure=curve] [data-do=table]").click()
    assert page.locator("[data-figure=curve] tbody tr").count() == 4  # the start and three turns
    with page.expect_download() as found:
        page.locator("[data-figure=curve] [data-do=svg]").click()
    text = Path(found.value.path()).read_text(encoding="utf-8")
    assert "Japan 2026" in text
    assert "seed" not in text  # of a game that may go on
    assert "not a forecast" in text
    assert "var(--" not in text


def test_a_ready_question_ends_in_a_sentence_also_where_nothing_changes(
    game: Game, open_page: OpenPage
) -> None:
    asks = game.story()["seats"]["KOR"]["asks"]
    assert {one["lever"] for one in asks} == {"stockpile_target_days", "hub_policing", "stance"}
    page = opened(game, open_page, *WIDE)
    for one in asks:
        page.locator(f"[data-ask={one['lever']}]").click()
        answer = page.locator(".asks .answer")
        if one["say"]["key"] == "review.found.same":
            expect(answer).to_contain_text("Nothing at all")
            expect(answer).to_contain_text(WORDS[one["why"]["key"]].split("{")[0])
        else:
            expect(answer).to_contain_text(f"{one['say']['values']['points_b']:g}")


def test_the_link_holds_no_pass_and_opens_for_who_may_see_it(
    game: Game, open_page: OpenPage
) -> None:
    game.story()
    page = opened(game, open_page, *WIDE)
    page.locator("[data-measure=standing]").click()
    link = page.locator("[data-figure=curve] .tools a").get_attribute("href") or ""
    assert game.korea not in link
    assert "#" not in link
    page.goto(link)
    expect(page.locator("[data-measure=standing]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#verdict")).to_contain_text("Korea")
    stranger = open_page(link, *WIDE)
    expect(stranger.locator("#verdict")).to_have_count(0)
    expect(stranger.locator(".notice.alarm")).to_be_visible()
    page.goto(link.replace(game.room.code, "ZZZZZ"))
    expect(page.locator(".notice.alarm")).to_contain_text("ZZZZZ")


def test_a_facilitator_begins_with_the_world_and_sees_every_seat(
    game: Game, open_page: OpenPage
) -> None:
    game.story()
    page = open_page(game.room.url("review", game.room.control), *WIDE)
    expect(page.locator("[data-whose=world]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#verdict")).to_contain_text("The world lost")
    shot(page, "en-world")
    page.locator("[data-whose=JPN]").click()
    expect(page.locator("#verdict")).to_contain_text("Japan")
    page.locator("[data-whose=KOR_BATTERY]").click()  # a firm, in its own measures
    expect(page.locator("[data-measure=money]")).to_have_text(WORDS["review.measure_profit"])
    expect(page.locator("[data-measure=money]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-measure=standing]")).to_have_text(WORDS["goal.firm_standing"])
    page.emulate_media(color_scheme="dark")
    shot(page, "en-firm-dark")
    page.locator("[data-measure=lines]").click()
    expect(page.locator("[data-figure=curve] h2")).to_contain_text("100%")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_and_paper_show_it_in_every_language(
    game: Game, open_page: OpenPage, language: str
) -> None:
    told = game.story()["seats"]["KOR"]
    page = opened(game, open_page, 390, 844, f"?lang={language}")
    expect(page.locator("[data-state=done]")).to_be_visible()
    fits(page)
    text = page.locator("[data-part=story]").inner_text()
    assert f"{told['verdict']['values']['ai']:g}" in text
    codes = r"\{\w+\}|review\.|_usd|stockpile_target|\bKOR\b|\bJPN\b|undefined|NaN"
    assert re.findall(codes, text) == []
    shot(page, f"{language}-390")
    page.emulate_media(media="print")
    paper = page.locator(".printed").inner_text()
    assert "1" in paper
    assert game.room.code in paper
    assert "Entrepot" in paper
    expect(page.locator(".read-on")).to_be_hidden()


def test_a_seat_reads_nothing_of_it_before_the_reveal(door: Door, open_page: OpenPage) -> None:
    room: Room = door.room(turns=1)
    korea = room.join("Bo", "KOR")
    room.act("start")
    room.act("end")
    page = open_page(room.url("review", korea), *WIDE, refusals=True)
    expect(page.locator(".notice.alarm")).to_be_visible()
    expect(page.locator("#verdict")).to_have_count(0)


def test_a_game_of_an_older_model_says_what_it_cannot_compute(
    game: Game, open_page: OpenPage
) -> None:
    """The page, told by a server what `test_forks.py` holds of such a room."""
    game.story()

    def older(route: Route) -> None:
        found = route.fetch().json()
        found["note"] = {"key": "stored.room", "values": {"code": "AAAAA", "n": 1, "turns": 3,
                                                          "played": 3}}  # fmt: skip
        found["story"]["state"] = "stored"
        for row in found["story"]["seats"].values():
            row |= {"points": [], "asks": []}
            row["verdict"] = {"key": "review.verdict.alone", "values": row["verdict"]["values"]}
        route.fulfill(json=found)

    page = open_page(f"{game.room.door.base}/join", *WIDE)
    page.route("**/api/rooms/*/review", older)
    page.goto(game.room.url("review", game.korea))
    expect(page.locator("[data-part=state]")).to_contain_text("another version of the model")
    expect(page.locator("#verdict")).to_contain_text("ended at")
    expect(page.locator(".curve .pin")).to_have_count(2)  # the curve is as it was kept
    expect(page.locator("#another")).to_have_count(0)
    expect(page.locator("#orders")).to_be_visible()
