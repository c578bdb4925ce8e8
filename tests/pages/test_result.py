"""The result of a turn as a waterfall: levels, steps that add up, goals by their own names."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.pages.conftest import Door, OpenPage, Room

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("RESULT_SHOTS", "")


@pytest.fixture(scope="module")
def played(door: Door) -> tuple[Room, dict[str, str]]:
    """A room after two turns: Beijing threatens, Korea orders, and a firm looks on."""
    room = door.room(turns=4)
    tokens = {seat: room.join(seat, seat) for seat in ("CHN", "KOR", "JPN_MAGNETS")}
    room.act("start")
    for turn in (1, 2):
        told = [("CHN", "rung.JPN", 7), ("KOR", "research_usd_m", 200)]
        if turn == 2:
            told = [("CHN", "third_country_clause", 1), ("CHN", "threat", 1)]
            told += [("KOR", "stance", 0.4)]
        for seat, lever, value in told:
            order = {"turn": turn, "lever": lever, "value": value, "why": ""}
            room.call("PUT", "/orders", tokens[seat], order)
        room.act("close_turn")
        for token in tokens.values():
            room.wait(lambda view, n=turn: _seen(view) == n, token)
    return room, tokens


def _seen(view: dict[str, Any]) -> int:
    return int((view["report"].get("result") or {}).get("turn", 0))


def figure(page: Page) -> Locator:
    found = page.locator("[data-part=result-why]")
    expect(found).to_be_visible()
    return found


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


def table(page: Page) -> list[tuple[str, float]]:
    """The rows of the table beside the picture."""
    button = figure(page).locator("[data-do=table]")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    rows = figure(page).locator("tbody tr")
    expect(rows.first).to_be_visible()
    cells = [row.locator("th, td").all_inner_texts() for row in rows.all()]
    return [(name, number(value)) for name, value in cells]


def test_bars_add_up_as_they_are_written_in_every_goal(
    played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, tokens = played
    for seat in tokens:
        page = open_page(room.url("seat", tokens[seat]), 1440, 900)
        chips = figure(page).locator("[data-gauge]")
        assert chips.count() == 4
        shot(page, f"seat-{seat}-1440")
        for chip in chips.all():
            chip.click()
            expect(chip).to_have_attribute("aria-pressed", "true")
            rows = [value for _, value in table(page)]
            assert len(rows) >= 4
            assert rows[0] + sum(rows[1:-1]) == pytest.approx(rows[-1], abs=1e-9)


def test_own_orders_and_fear_have_bars_of_their_own(
    played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, tokens = played
    words = catalogue("en")
    page = open_page(room.url("seat", tokens["KOR"]), 1440, 900)
    figure(page).locator("[data-gauge=standing]").click()
    names = dict(table(page))
    own = words["cause.own_lever"].format(lever=words["lever.stance.name"])
    assert names[own] != 0.0
    assert words["cause.fear"].format(seat="China") in names
    title = figure(page).locator("h3").inner_text()
    assert title.startswith(words["gauge.standing"])
    assert own in title  # nothing else moved it more


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_firm_reads_its_own_goals_in_every_language_also_on_a_phone(
    language: str, played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, tokens = played
    words = catalogue(language)
    url = f"{room.door.base}/seat?lang={language}#{room.code}.{tokens['JPN_MAGNETS']}"
    page = open_page(url, 390, 844)
    shown = figure(page).locator("[data-gauge]").all_inner_texts()
    assert shown[0] == words["goal.firm_supply"]
    assert shown[2:] == [words["goal.firm_standing"], words["result.earned"]]
    assert figure(page).locator("h3").inner_text().startswith(words["result.earned"])
    text = page.locator("section.card", has=figure(page)).inner_text()
    for bare in ("cause.", "result.", "goal.", "JPN", "KOR", "CHN", "third_country"):
        assert bare not in text
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    shot(page, f"firm-390-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_names_its_unit_once_in_every_language(
    language: str, played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, tokens = played
    words = catalogue(language)
    some = re.compile(words["result.amount"].replace("{n}", r"[\d.]+"))
    for seat in ("KOR", "JPN_MAGNETS"):
        url = f"{room.door.base}/seat?lang={language}#{room.code}.{tokens[seat]}"
        page = open_page(url, 1440, 900)
        for chip in figure(page).locator("[data-gauge]").all():
            chip.click()
            expect(chip).to_have_attribute("aria-pressed", "true")
            title = figure(page).locator("h3").inner_text()
            told = figure(page).locator(".sub").inner_text()
            goal, stayed = chip.inner_text(), words["result.stayed"]
            points = chip.get_attribute("data-gauge") != "loss_usd"
            moved = not title.startswith(stayed.format(gauge=goal))
            assert len(some.findall(title)) == (points and moved), title
            assert words["result.points"] not in title
            assert told.count(words["result.points"]) == points, told
            assert not re.search(r"[(（][^)）]*[(（]", title + told), title + told


def test_a_band_says_what_it_compares_with(
    played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, tokens = played
    page = open_page(room.url("seat", tokens["KOR"]), 1440, 900)
    expect(page.locator(".gauges .against").first).to_be_visible()
    told = page.locator(".gauges .against").all_inner_texts()
    assert len(told) == 3
    assert all("AI" in text and any(sign.isdigit() for sign in text) for text in told)
