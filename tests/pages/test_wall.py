"""The wall as a class sees it: every scene of a game, under the teacher's arrow key."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.browser.screens import bare_keys, english_left, findings
from tests.pages.conftest import CHANCES, SAID, OpenPage, Room, Show
from tests.pages.walls import DRAW, LEAST, OUTSIDE, SIZES

pytestmark = pytest.mark.browser
WORDS = catalogue("en")
CODES = {"CHN", "JPN", "KOR", "VNM", "THA", "MYS", "TWN", "EUU", "USA", "AUS", "IND", "MEX", "ROW"}
EVERYWHERE = {"Entrepot", "Natural", "Earth", "FORGE", "GDP"}

def at_start(room: Room) -> None:
    room.act("scene", to="deals")


# --- the arrow key --------------------------------------------------------------------------------


def test_the_arrow_leads_through_the_reveal_and_every_wall_follows(played: Show, calm: Any) -> None:
    """One wall holds a facilitator's link, another does not; both show the step, and no token."""
    room = played.room
    at_start(room)
    link = f"{room.url('projector', room.projector)}.{room.control}"
    first, second = calm(link), calm(room.url("projector", room.projector), 1280, 720)
    assert room.control not in first.url
    expect(first.locator(".wall")).to_have_attribute("data-step", "1")
    seen = []
    for step in range(1, 6):
        for page in (first, second):
            expect(page.locator(".wall")).to_have_attribute("data-step", str(step))
            expect(page.locator(".wall")).to_have_attribute("data-scene", "reveal")
        seen.append(first.screenshot())
        second.keyboard.press("ArrowRight")  # holds nothing that could turn the page
        first.keyboard.press("ArrowRight")
    assert len(set(seen)) == 5
    expect(first.locator(".steps .now")).to_have_text(WORDS["wall.part_replay"])
    first.keyboard.press("ArrowLeft")
    expect(second.locator(".wall")).to_have_attribute("data-reveal", "branch")
    assert room.control not in first.content()
    first.reload()  # and goes on holding it
    first.locator(".wall").wait_for()
    first.keyboard.press("ArrowLeft")
    expect(second.locator(".wall")).to_have_attribute("data-reveal", "scores")
    late = calm(room.url("projector", room.projector))
    expect(late.locator(".wall")).to_have_attribute("data-reveal", "scores")


def test_each_step_holds_what_it_promises(played: Show, calm: Any) -> None:
    room = played.room
    at_start(room)
    wall = calm(room.url("projector", room.projector))
    slip = wall.locator(f".slip[data-deal='{played.deal}']")
    expect(slip).to_contain_text(SAID)
    for words in ("Viet Nam", "Japan", "20 %", "USD\xa020M"):
        expect(slip).to_contain_text(words)
    kept = wall.locator("ol.kept li").evaluate_all(
        "rows => rows.map(one => [one.dataset.turn, one.dataset.state])"
    )
    assert kept == [["1", "kept"]]  # both turns alike
    room.act("scene", to="next")
    expect(wall.locator("[data-question=price_up]")).to_be_visible()
    dots = wall.locator("[data-p]").evaluate_all("all => all.map(one => +one.dataset.p)")
    assert sorted(dots) == sorted(CHANCES.values())
    came = json.dumps(played.views["forecasts-1"]["show"]["rows"][0]["came"])
    expect(wall.locator("[data-turn='1']")).to_have_attribute("data-came", came)
    room.act("scene", to="next")
    expect(wall.locator("[data-reveal=scores]")).to_be_visible()
    scores = {seat: one for seat, one in room.view()["scores"].items() if seat in CHANCES}
    told = wall.locator(".scores [data-seat]").evaluate_all(
        "rows => rows.map(one => [one.dataset.seat, +one.dataset.score, one.dataset.band])"
    )
    assert sorted(told) == sorted([s, one["score"], one["band"]] for s, one in scores.items())
    room.act("scene", to="next")
    expect(wall.locator("[data-usd]")).to_have_count(2)
    lost = wall.locator("[data-usd]").evaluate_all("all => all.map(one => +one.dataset.usd)")
    assert lost == list(played.branch["world_loss_usd"].values())
    expect(wall.locator(".what svg.map")).to_have_count(2)
    room.act("scene", to="next")
    expect(wall.locator(".curve svg")).to_be_visible()
    expect(wall.locator("[data-week]")).to_have_attribute("data-week", "25")  # calm: at its end


def test_the_console_reads_what_the_wall_says_and_will_say(
    played: Show, calm: Any, open_page: OpenPage
) -> None:
    room = played.room
    at_start(room)
    wall = calm(room.url("projector", room.projector))
    console = open_page(room.url("console", room.control), 1440, 900)
    for step, part in enumerate(("deals", "forecasts", "scores"), start=1):
        expect(wall.locator(f"[data-reveal={part}]")).to_be_visible()
        said = wall.locator("h2.say").inner_text()
        line = console.locator(f"[data-part=reveal] [data-step='{step}']")
        expect(line).to_contain_text(" ".join(said.split()))
        expect(line).to_contain_text("▸")
        room.act("scene", to="next")
    expect(console.locator("[data-part=reveal] [data-step='1']")).to_contain_text("✓")
    for button in console.locator("[data-part=reveal] button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["width"] > box["height"]  # beside its step, on one line


# --- how it looks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "theme"), [("ko", "dark"), ("zh-Hans", "light")])
def test_every_scene_keeps_the_rules_of_accessibility(
    language: str, theme: str, played: Show, calm: Any
) -> None:
    room = played.room
    wall = calm(f"{room.door.base}/projector?lang={language}#{room.code}.{room.projector}")
    wall.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    for name, seen in played.views.items():
        wall.evaluate(DRAW, seen)
        assert findings(wall) == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_leaves_the_wall_in_any_scene(
    language: str, played: Show, calm: Any, tmp_path: Path
) -> None:
    room = played.room
    wall = calm(f"{room.door.base}/projector?lang={language}#{room.code}.{room.projector}")
    assert len(played.views) == 11
    for name, seen in played.views.items():
        wall.evaluate(DRAW, seen)
        expect(wall.locator(".wall")).to_have_attribute("data-scene", seen["wall"]["scene"])
        assert wall.evaluate(OUTSIDE, LEAST) == [], name
        assert bare_keys(wall, language) == [], name
        words = set(re.findall(r"\b[A-Z]{3}\b", wall.locator(".wall").inner_text()))
        assert not words & CODES, name
        if language != "en":
            assert english_left(wall, EVERYWHERE | set(SAID[:-1].split())) == []


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_same_picture_fits_every_wall(
    width: int, height: int, theme: str, played: Show, calm: Any
) -> None:
    room = played.room
    at_start(room)
    url = f"{room.door.base}/projector?theme={theme}#{room.code}.{room.projector}"
    wall = calm(url, width, height)
    expect(wall.locator(".slip")).to_be_visible()
    box = wall.locator(".wall").bounding_box()
    scale = min(width / 1920, height / 1080)
    assert box == pytest.approx({
        "x": (width - 1920 * scale) / 2, "y": (height - 1080 * scale) / 2,
        "width": 1920 * scale, "height": 1080 * scale}, abs=1)  # fmt: skip
    assert wall.evaluate(OUTSIDE, LEAST) == []
    assert wall.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [width, width]
    assert wall.evaluate("document.documentElement.dataset.theme") == theme


def test_ten_seats_with_long_names_and_a_full_deal_still_fit(played: Show, calm: Any) -> None:
    """What people can make as long as the forms let them."""
    room = played.room
    wall = calm(room.url("projector", room.projector))
    many = json.loads(json.dumps(played.views["decide"]))
    for one in many["seats"]:
        one |= {"open": True, "played_by": "person", "state": "drafting", "people": 3}
    title = json.loads(json.dumps(played.views["title"]))
    title["seats"] = many["seats"]
    deal = json.loads(json.dumps(played.views["deals-1"]))
    clause = {"kind": "money", "usd_m_per_turn": 12.5}
    deal["show"]["deal"] |= {"gives": [clause] * 8, "gets": [clause] * 4, "text": "word " * 60}
    states = ["kept", "left"] * 7
    deal["show"]["turns"] = [{"turn": n + 1, "state": one} for n, one in enumerate(states)]
    loud = json.loads(json.dumps(played.views["situation"]))
    loud["public"]["messages"] = [{"by": "control", "turn": 2, "text": "A long word. " * 150}]
    longer = json.loads(json.dumps(deal))
    promise = {"kind": "lever", "lever": "export_quota.dy_oxide", "sense": "equals", "value": 0.5}
    longer["show"]["deal"] |= {"gives": [promise] * 12, "gets": [promise] * 12}
    for seen in (many, title, deal, longer, loud, {**loud, "seats": many["seats"]}):
        wall.evaluate(DRAW, seen)
        assert wall.evaluate(OUTSIDE, LEAST) == []
    expect(wall.locator(".heads")).to_have_text(WORDS["wall.read_it"])  # never a cut sentence


# --- the line -------------------------------------------------------------------------------------


def test_weeks_run_on_the_map_from_one_message_and_then_the_result_stands(
    played: Show, open_page: OpenPage
) -> None:
    room = played.room
    wall = open_page(room.url("projector", room.projector), 1280, 720)
    wall.locator(".wall").wait_for()
    wall.evaluate("async () => (await import('/pages/wall/motion.js')).stopRun()")
    room.act("scene", to="result")
    expect(wall.locator("[data-scene=result]")).to_be_visible()
    week = wall.locator("[data-week]")
    seen = {week.get_attribute("data-week")}
    expect(wall.locator(".prices")).to_have_count(0)
    asked: list[str] = []
    wall.on("request", lambda one: asked.append(one.url))
    expect(wall.locator(".prices")).to_be_visible(timeout=90_000)
    seen.add(week.get_attribute("data-week"))
    assert asked == []  # the weeks cost the server nothing
    assert len(seen) == 2
    expect(wall.locator(".say")).to_have_text(played.views["end"]["show"]["say"]["en"])
    rows = wall.locator(".prices [data-good]").evaluate_all(
        "all => all.map(one => [one.dataset.good, +one.dataset.times, +one.dataset.before])"
    )
    assert rows == [[row["good"], row["now"], row["before"]] for row in
                    played.views["end"]["show"]["prices"]]  # fmt: skip
    bars = wall.locator(".pricebar i")
    widths = bars.evaluate_all("all => all.map(one => parseFloat(one.style.width))")
    assert widths == sorted(widths, reverse=True)  # on one scale


def test_a_wall_that_loses_its_line_says_so_in_one_line_and_comes_back(
    played: Show, open_page: OpenPage
) -> None:
    room = played.room
    at_start(room)
    wall = open_page(room.url("projector", room.projector), 1280, 720)
    line: dict[str, Any] = {"cut": False, "sockets": []}

    def connect(socket: WebSocketRoute) -> None:
        if line["cut"]:
            socket.close()
        else:
            socket.connect_to_server()
            line["sockets"].append(socket)

    wall.route_web_socket("**/live", connect)
    wall.reload()
    expect(wall.locator(".slip")).to_be_visible()
    line["cut"] = True
    for socket in line["sockets"]:
        socket.close()
    expect(wall.locator(".lost")).to_have_text(f"⚠ {WORDS['wall.lost']}", timeout=60_000)
    expect(wall.locator(".slip")).to_be_visible()  # what stood there stays
    assert wall.evaluate(OUTSIDE, LEAST) == []
    room.act("scene", to="next")
    line["cut"] = False
    expect(wall.locator("[data-reveal=forecasts]")).to_be_visible(timeout=60_000)
    expect(wall.locator(".lost")).to_have_count(0)
