"""The after-action report holds what the wall showed in the Reveal: the same sentences, the same
deals, forecasts, points and maps, as pictures in a file that needs nothing else."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Browser

from runs.pages.words import LANGUAGES
from runs.room.afteraction import report_html
from runs.room.desk import read_room
from runs.room.fold import fold
from runs.room.table import Table
from runs.room.view import Picture
from tests.pages.conftest import SAID, Door, Show
from tests.pages.walls import DRAW

pytestmark = pytest.mark.browser
PARTS = ("deals", "forecasts", "scores", "branch")

# What a page says and draws of a step, whether it is the wall or the report.
MARKS = """(root) => {
  const all = (name) => [...document.querySelectorAll(`${root} [data-${name}]`)];
  const plain = (text) => text.replace(/\\s+/g, ' ').trim();
  return {
    turns: all('state').map((one) => [one.dataset.turn, one.dataset.state, plain(one.innerText)]),
    came: all('came').map((one) => [one.dataset.turn, one.dataset.came]),
    heaps: all('p').map((one) => [Number(one.dataset.p), Number(one.dataset.n)]).sort(),
    scores: all('score').map((one) => [one.dataset.seat, Number(one.dataset.score),
      one.dataset.band, plain(one.querySelector('p').innerText),
      plain(one.querySelector('.verdict').innerText)]),
    lost: all('side').map((one) => [one.dataset.side, Number(one.dataset.usd
      ?? one.querySelector('[data-usd]').dataset.usd), plain(one.querySelector('b').innerText)]),
    places: all('side').map((one) => [...one.querySelectorAll('[data-zone]')].map((zone) =>
      [zone.dataset.zone, ...[...zone.querySelectorAll('text')].map((text) =>
        plain(text.textContent))]).sort()),
    clauses: [...document.querySelectorAll(`${root} .slip li`)].map((one) => plain(one.innerText)),
  };
}"""


@pytest.fixture(scope="module")
def told(door: Door, played: Show) -> tuple[list[Any], Picture]:
    commands, room, plan = read_room(door.folder / "rooms.db", played.room.code)
    table = Table(commands[0].data["setup"])
    return commands, Picture(room, plan, 0, table.play(room.played))


def steps(played: Show) -> list[dict[str, Any]]:
    views = [view for name, view in played.views.items() if name.rpartition("-")[0] in PARTS]
    assert {view["wall"]["part"] for view in views} == set(PARTS)
    return views


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_shows_each_step_of_the_reveal_as_the_wall_did(
    played: Show, told: tuple[list[Any], Picture], calm: Any, language: str
) -> None:
    door = played.room.door
    paper = calm(f"{door.base}/sources", wait=False)
    paper.set_content(report_html(*told, language))
    wall = calm(f"{door.base}/projector?lang={language}#{played.room.code}.{played.room.projector}")
    figures = paper.locator("figure.shown")
    views = steps(played)
    assert figures.count() == len(views)
    for n, view in enumerate(views):
        wall.evaluate(DRAW, view)
        part = view["wall"]["part"]
        paper.evaluate("(n) => document.querySelectorAll('figure.shown').forEach((one, k) => "
                       "one.classList.toggle('here', k === n))", n)  # fmt: skip
        assert figures.nth(n).get_attribute("data-part") == part
        said = wall.locator(".wall .say").inner_text()
        assert figures.nth(n).locator("h4").inner_text() == said, part
        assert paper.evaluate(MARKS, ".here") == wall.evaluate(MARKS, ".wall"), part


def test_the_file_of_a_room_holds_them_and_asks_for_nothing(
    played: Show, chromium: Browser
) -> None:
    """The file that is handed out, opened by itself, for a projector and a phone."""
    room = played.room
    asked = urllib.request.Request(
        f"{room.door.base}/api/rooms/{room.code}/export?format=csv&names=no",
        headers={"authorization": f"Bearer {room.control}"},
    )
    with urllib.request.urlopen(asked, timeout=120) as answer:
        body = answer.read()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        text = archive.read("report.html").decode()
    path = room.door.folder / "report.html"
    path.write_text(text, encoding="utf-8")
    for width in (1280, 390):
        page = chromium.new_page(viewport={"width": width, "height": 720})
        asks: list[str] = []
        page.on("request", lambda one, asks=asks: asks.append(one.url))
        page.goto(f"file://{path}")
        assert asks == [f"file://{path}"]
        for part in PARTS:
            assert page.locator(f"figure.shown[data-part={part}]").first.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        seen = page.locator("[data-side=base] .land").first.bounding_box()
        assert seen
        assert seen["width"] > 50
        page.close()
    assert SAID in text
    assert "Ann" not in text


def test_nothing_of_the_reveal_is_in_a_report_from_before_it(
    told: tuple[list[Any], Picture],
) -> None:
    commands, picture = told
    upto = next(n for n, one in enumerate(commands) if one.data.get("action") == "reveal")
    room = fold(commands[:upto], picture.plan)
    text = report_html(commands[:upto], Picture(room, picture.plan, 0, picture.results))
    assert 'id="reveal"' in text
    assert 'class="shown"' not in text
    assert json.dumps(SAID) not in text
    assert "has not been opened" in text
