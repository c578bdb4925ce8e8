"""The briefing on a seat's page: read at a glance, answered by one press, and changed again."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from runs.pages.words import LANGUAGES, catalogue
from runs.story.speak import write
from tests.pages.conftest import Door, OpenPage, Room

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("BRIEFING_SHOTS", "")
SIZES = ((1440, 900), (390, 844))
TELL = """async (says) => {
  const { tell } = await import("/pages/base/tell.js");
  return says.map((say) => tell(say));
}"""

SMALLEST = """(node) => Math.min(...[...node.querySelectorAll("p, span, b, q")]
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


@pytest.fixture(scope="module")
def played(door: Door) -> tuple[Room, dict[str, str]]:
    """A room after two turns in which Beijing climbed and threatened."""
    room = door.room(turns=4)
    tokens = {seat: room.join(seat, seat) for seat in ("CHN", "KOR", "KOR_BATTERY")}
    room.act("start")
    steps = ([("rung.JPN", 6)], [("third_country_clause", 1), ("threat", 1)])
    for turn, orders in enumerate(steps, 1):
        for lever, value in orders:
            order = {"turn": turn, "lever": lever, "value": value, "why": ""}
            room.call("PUT", "/orders", tokens["CHN"], order)
        room.act("close_turn")
        for token in tokens.values():
            room.wait(lambda view, n=turn: _seen(view) == n, token)
    return room, tokens


def _seen(view: dict[str, Any]) -> int:
    return int((view["report"].get("result") or {}).get("turn", 0))


def part(page: Page) -> Locator:
    found = page.locator("[data-part=briefing]")
    expect(found).to_be_visible(timeout=60_000)
    return found


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def sentences(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and set(value) == {"key", "values"}:
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from sentences(one)


def test_an_answer_is_one_press_and_can_be_changed(
    played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, tokens = played
    token = tokens["KOR"]
    one = room.view(token)["briefing"]["dilemma"]
    moving = [answer for answer in one["answers"] if answer["sets"]]
    page = open_page(room.url("seat", token), 1440, 900)
    brief = part(page)
    expect(brief.locator(".dilemma h3")).to_have_text(write(one["say"]))
    for answer in moving:
        button = brief.locator(f"[data-answer={answer['id']}]")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        wanted = {move["lever"]: move["value"] for move in answer["sets"]}
        view = room.wait(lambda view, w=wanted: _orders(view) == w, token)
        assert _orders(view) == wanted  # what the answer before had set is gone
    expect(brief.locator("[aria-pressed=true]")).to_have_count(1)
    page.reload()
    last = part(page).locator(f"[data-answer={moving[-1]['id']}]")
    expect(last).to_have_attribute("aria-pressed", "true")


def _orders(view: dict[str, Any]) -> dict[str, float]:
    return {order["lever"]: order["value"] for order in view["orders"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_writes_sentences_as_the_story_does(
    played: tuple[Room, dict[str, str]], open_page: OpenPage, language: str
) -> None:
    room, tokens = played
    views = [room.view(token)["briefing"] for token in tokens.values()]
    says = list({json.dumps(say): say for say in sentences(views)}.values())
    says = [say for say in says if not say["key"].startswith("brief.kicker")]
    url = room.url("seat", tokens["KOR"]).replace("#", f"?lang={language}#")
    page = open_page(url, 1440, 900)
    part(page)
    assert page.evaluate(TELL, says) == [write(say, language) for say in says]
    for seat, token in tokens.items():
        if SHOTS:
            for width, height in SIZES:
                link = room.url("seat", token).replace("#", f"?lang={language}#")
                other = open_page(link, width, height)
                part(other)
                shot(other, f"{seat}-{language}-{width}")


def test_nothing_is_cut_on_a_phone_and_all_is_said_in_words(
    played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, tokens = played
    english = catalogue("en")
    for token in tokens.values():
        page = open_page(room.url("seat", token), 390, 844)
        brief = part(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        dial = brief.locator(".track [role=img]")
        expect(dial).to_have_attribute("aria-label", re.compile(r"\d of \d"))
        for goal in brief.locator("[data-goal] .sr").all():
            text = goal.inner_text()
            ways = [english[f"brief.{way}"].split("}")[1] for way in ("gain", "loss")]
            assert text.endswith(tuple(ways))
        assert brief.get_by_text(english["brief.voices_note"]).is_visible()
        assert brief.evaluate(SMALLEST) >= 12


# --- the map --------------------------------------------------------------------------------------

# Words of a map that leave it, and names that lie on each other.
AMISS = """(map) => {
  const frame = map.getBoundingClientRect(), found = [];
  const names = [...map.querySelectorAll('[data-zone]')].map((node) => [node.dataset.zone,
    [...node.querySelectorAll('text')].map((text) => text.getBoundingClientRect())]);
  for (const [zone, boxes] of names) for (const box of boxes)
    if (box.right > frame.left && box.left < frame.right && box.bottom > frame.top
      && box.top < frame.bottom && (box.left < frame.left - 1 || box.right > frame.right + 1))
      found.push(['cut', zone]);
  names.forEach(([one, mine], i) => names.slice(i + 1).forEach(([other, theirs]) => {
    if (mine.some((p) => theirs.some((q) => p.left < q.right && q.left < p.right
      && p.top + 4 < q.bottom - 4 && q.top + 4 < p.bottom - 4))) found.push([one, other]);
  }));
  return found;
}"""


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_map_of_every_seat_shows_its_own_place_and_no_cut_name(
    language: str, door: Door, open_page: OpenPage
) -> None:
    room = door.room(turns=2)
    homes = {"CHN": "CHN", "USA": "USA", "EUU": "EUU", "AUS": "AUS", "VNM": "VNM",
             "KOR_BATTERY": "KOR"}  # fmt: skip
    tokens = {seat: room.join(seat, seat) for seat in homes}
    room.act("start")
    room.act("close_turn")
    room.wait(lambda view: view["turn"] == 2 and view["phase"] == "report")
    for seat, token in tokens.items():
        page = open_page(f"{door.base}/seat?lang={language}#{room.code}.{token}")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            look = page.locator(".brief-map svg.map")
            expect(look.locator(f"[data-zone={homes[seat]}] text").nth(1)).to_contain_text("×")
            assert look.evaluate(AMISS) == [], (seat, width)
        page.close()
