"""A page of which a part fails: one sentence in the reader's language, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from runs.pages.words import catalogue
from tests.browser.test_access import new_room
from tests.pages.conftest import Room

pytestmark = pytest.mark.browser
WORDS = catalogue("en")
PATIENCE_MS = 60_000


class Places(NamedTuple):
    """Addresses of pages of a room whose one turn is over."""

    base: str
    room: Room
    seat: str

    def url(self, page: str) -> str:
        tokens = {"console": self.room.control, "projector": self.room.projector,
                  "seat": self.seat, "review": self.seat}  # fmt: skip
        return self.room.url(page, tokens[page]) if page in tokens else f"{self.base}/{page}"


@pytest.fixture(scope="module")
def places(address: str) -> Places:
    base = address.rstrip("/")
    room = new_room(base, scenario="gallium-2023", turns=1)
    seat = room.join("Ann", "JPN")
    room.act("start")
    room.wait(lambda view: bool(view["public"].get("prices")))
    room.act("close_turn")
    room.wait(lambda view: view["phase"] == "ended")
    room.act("reveal")
    return Places(base, room, seat)


@pytest.fixture
def fresh(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A page of a browser of its own. What fails here is meant: nobody watches for errors."""
    made: list[BrowserContext] = []

    def page(**traits: str) -> Page:
        made.append(chromium.new_context(viewport={"width": 1280, "height": 800}, **traits))
        made[-1].set_default_timeout(PATIENCE_MS)
        return made[-1].new_page()

    yield page
    for context in made:
        context.close()


def gone(route: Route) -> None:
    body = '{"error": "no", "field": null}'
    route.fulfill(status=500, body=body, content_type="application/json")


def hurt(page: Page, script: str, function: str) -> None:
    """Lets a function of a page's script throw."""

    def changed(route: Route) -> None:
        answer = route.fetch()
        text = answer.text()
        assert f"{function} {{\n" in text
        text = text.replace(f"{function} {{\n", f"{function} {{\n  throw new Error('hurt');\n", 1)
        route.fulfill(response=answer, body=text)

    page.route(f"**/pages/{script}", changed)


def told(page: Page, language: str = "en") -> None:
    """The page says that a part has failed, and offers to be loaded again."""
    words = catalogue(language)
    line = page.locator("#trouble")
    expect(line).to_contain_text(words["trouble.text"], timeout=PATIENCE_MS)
    expect(line.get_by_role("button")).to_have_text(words["trouble.again"])


@pytest.mark.parametrize(("page", "script", "function", "stands"), [
    ("?scenario=gallium-2023&autoplay=0", "watch/time.js", "export function tiles()",
     "[data-part=headline] h1"),
    ("?scenario=gallium-2023&autoplay=0", "watch/map.js", "export function stage()",
     "[data-part=lead]"),
    ("?view=sources", "watch/sources.js", "function search({ asked, choices, tables })",
     "table.overview"),
    ("?view=sources", "watch/sources.js", "function rows(told)", "form.seek"),
    ("compare", "compare/compare.js", "function pickers()", "main h1"),
    ("compare", "compare/compare.js", "function told()", "#pick-a"),
    ("start", "start/front.js", "export function hero(scenario, choose)", "#way-class"),
    ("start?for=class", "start/front.js", "export function pick(current)", "#make"),
    ("seat", "seat/card.js", "export function card(view)", "#tab-deals"),
    ("console", "console/cards.js", "export function cardsColumn(view)", "#seats"),
])  # fmt: skip
def test_a_part_that_cannot_be_drawn_leaves_the_others(
    places: Places, fresh: Callable[..., Page], page: str, script: str, function: str, stands: str
) -> None:
    opened = fresh()
    hurt(opened, script, function)
    opened.goto(places.url(page))
    expect(opened.locator(stands).first).to_be_visible(timeout=PATIENCE_MS)
    expect(opened.locator("[data-show=part-failed]")).to_have_text(WORDS["trouble.part"])
    expect(opened.locator("header.bar nav a")).to_have_count(5)


@pytest.mark.parametrize(("page", "script", "language"), [
    ("?autoplay=0", "kit/tile.js", "ko"), ("start", "start/front.js", "ja"),
    ("join", "start/join.js", "zh-Hans"),
    ("seat", "seat/outbox.js", "ko"), ("console", "console/cards.js", "en"),
    ("review", "room/lines.js", "ja"),
    ("projector", "wall/ground.js", "zh-Hans"), ("nothing", "shell/shell.js", "en"),
    ("print", "shell/papers.js", "en"),
])  # fmt: skip
def test_a_script_that_does_not_come_is_told(
    places: Places, fresh: Callable[..., Page], page: str, script: str, language: str
) -> None:
    opened = fresh(locale=language)
    opened.route(f"**/pages/{script}", gone)
    opened.goto(places.url(page))
    told(opened, language)


@pytest.mark.parametrize("call", [
    "kit/world_outline.json", "scene/japan-2026.json", "kit/crises.json", "host-key",
])  # fmt: skip
def test_the_start_goes_on_without_what_a_call_did_not_bring(
    places: Places, fresh: Callable[..., Page], call: str
) -> None:
    opened = fresh()
    opened.route(f"**/pages/{call}", gone)
    opened.goto(places.url("start"))
    expect(opened.locator("#way-class")).to_be_visible()
    expect(opened.locator("#way-watch")).to_be_visible()
    if call.startswith(("kit/world", "scene")):
        told(opened)


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_without_words_there_is_one_sentence_all_the_same(
    places: Places, fresh: Callable[..., Page], language: str
) -> None:
    opened = fresh(locale=language)
    opened.route("**/pages/words/*.json", gone)
    opened.goto(places.url("join"))
    told(opened, language)


def test_without_its_coasts_the_watch_page_still_tells_its_story(
    places: Places, fresh: Callable[..., Page]
) -> None:
    opened = fresh()
    opened.route("**/pages/kit/world_outline.json", gone)
    opened.goto(places.url("?scenario=gallium-2023&autoplay=0"))
    told(opened)
    expect(opened.locator("[data-part=headline] h1")).to_be_visible(timeout=PATIENCE_MS)
    expect(opened.locator("[data-part=tiles] .tile").first).to_be_visible()
