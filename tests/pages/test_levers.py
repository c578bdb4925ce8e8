"""The orders of a turn: six levers and the rest, ghosts, purse, matrix, and a phone's tabs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.browser.helpers import all_levers
from tests.pages.conftest import TOKEN, Door, OpenPage, Room

pytestmark = pytest.mark.browser
WORDS = catalogue("en")
CODE = re.compile(r"\b(JPN|KOR|CHN|VNM|[a-z]+_[a-z_]+|(six|purse|ghost|now|all|goals)\.\w+)\b")
EFFECT = "[data-effect]"


@pytest.fixture(scope="module")
def bound(door: Door) -> tuple[Room, dict[str, str]]:
    """A room with an allowance in its first turn."""
    room = door.room(allowance=True, turn_seconds=None, turns=3)
    played = ("KOR", "JPN", "CHN", "JPN_MAGNETS", "KOR_BATTERY")
    seats = {seat: room.join(seat.title(), seat) for seat in played}
    room.act("start", practice=False)
    room.wait(lambda view: bool(view["six"]), seats["KOR"])
    return room, seats


def orders(open_page: OpenPage, where: Any, seat: str, width: int = 1440, lang: str = "en") -> Page:
    room, seats = where
    page = open_page(f"{room.door.base}/seat?lang={lang}#{room.code}.{seats[seat]}", width, 900,
                     refusals=True)  # fmt: skip
    page.click("#tab-orders")
    page.locator(".goal-bar").first.wait_for()
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_six_levers_stand_first_with_names_and_why(
    bound: Any, open_page: OpenPage, language: str
) -> None:
    page = orders(open_page, bound, "JPN", 390, language)
    expect(page.locator(".six > .lever")).to_have_count(6)
    expect(page.locator(".why-now")).to_have_count(6)
    text = page.locator(".six").inner_text()
    assert not CODE.search(text), CODE.search(text)
    assert "{" not in text
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_a_lever_is_found_behind_the_door(bound: Any, open_page: OpenPage) -> None:
    page = orders(open_page, bound, "KOR")
    all_levers(page)
    page.fill("#find-lever", "wto")
    expect(page.locator("[data-part=all-levers] .lever")).to_have_count(1)
    expect(page.locator("[data-lever=wto_case]")).to_be_visible()
    page.fill("#find-lever", "policing")
    expect(page.locator("[data-lever=hub_policing] .lacks")).to_have_text(WORDS["lacks.traders"])
    page.fill("#find-lever", "no such thing")
    expect(page.get_by_text(WORDS["all.none"])).to_be_visible()
    page.click("#six-levers")
    expect(page.locator("[data-part=six]")).to_be_visible()


def test_a_slider_spans_todays_price_and_use(bound: Any, open_page: OpenPage) -> None:
    room, seats = bound
    page = orders(open_page, bound, "KOR")
    all_levers(page)
    goods = room.view(seats["KOR"])["report"]["materials"]
    use, cheap = 52 * goods["dy_oxide"]["need_t"], goods["graphite"]
    price = cheap["usd_per_kg"] * max(1, cheap["price"])
    for full, today in (("offtake.dy_oxide", use), ("floor_usd_per_kg.graphite", 3 * price)):
        lever = full.split(".")[0]
        page.fill("#find-lever", WORDS[f"lever.{lever}.name"])
        page.locator(f"[id='c-{full}']").click()
        slider = page.locator(f"[id='l-{full}-r']")
        most, step = (float(slider.get_attribute(name) or 0) for name in ("max", "step"))
        assert today <= most * (1 + 1e-9) <= 10.01 * today, lever
        assert step <= most / 20
    expect(page.locator("[data-lever='floor_usd_per_kg.graphite']")).to_contain_text("USD/kg")


def test_what_does_not_fit_is_said_beside_the_lever_with_a_value_that_does(
    bound: Any, open_page: OpenPage
) -> None:
    room, seats = bound
    page = orders(open_page, bound, "KOR")
    all_levers(page)
    page.fill("#find-lever", WORDS["lever.research_usd_m.name"])
    page.fill("#l-research_usd_m", "400")
    said = page.locator("#fits-research_usd_m")
    expect(said).to_contain_text("More than your purse has left")
    said.locator("button.fit").click()
    expect(page.locator("#l-research_usd_m-s .ok")).to_be_visible()
    purse = room.view(seats["KOR"])["purse"]["money"]
    assert 0 < purse["new"] <= purse["allowance"]
    expect(page.locator("[data-purse=money]")).to_contain_text("new")
    card = page.locator("[data-lever=research_usd_m]")
    expect(card.locator("[data-takes=money]")).to_be_visible()
    page.fill("#find-lever", "")
    page.locator("summary", has_text=WORDS["group.diplomacy"]).click()
    page.fill("#l-stance", "0.6")
    page.press("#l-stance", "Enter")
    expect(page.locator("[data-lever=stance] [data-takes=capital]")).to_contain_text("1")
    expect(page.locator("[data-purse=capital] .discs .used")).to_have_count(1)
    for lever in ("research_usd_m", "stance"):
        back = {"turn": 1, "lever": lever, "value": None, "why": ""}
        room.call("PUT", "/orders", seats["KOR"], back)


def test_a_ghost_is_never_of_another_value(bound: Any, open_page: OpenPage) -> None:
    page = orders(open_page, bound, "JPN")
    all_levers(page)
    held: list[Route] = []

    def gate(route: Route) -> None:
        if "value=0.3" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route("**/ghost?*", gate)
    page.fill("#find-lever", WORDS["lever.stance.name"])
    line = page.locator("[id='e-stance']")
    with page.expect_request(lambda one: "value=0.3" in one.url):
        page.fill("#l-stance", "0.3")
    expect(line).to_have_text("…")
    page.fill("#l-stance", "0.8")
    expect(line).to_have_attribute("data-value", "0.8")
    expect(line.locator(EFFECT)).to_have_count(3)
    expect(line).to_contain_text(re.compile("Standing [▲▼]"))
    answer = {"turn": 1, "value": 0.3, "lever": "stance", "beside": [], "lucks": 8, "effects": {},
              "draft": {}, "cost_usd": None}  # fmt: skip
    for route in held:
        route.fulfill(status=200, content_type="application/json", body=json.dumps(answer))
    page.fill("#l-stance", "0.7")
    expect(line).to_have_text("…")
    expect(line).to_have_attribute("data-value", "0.7")
    assert held
    page.get_by_role("button", name=WORDS["lever.drop"]).click()


DEAD = """() => {
  const ask = window.fetch, say = { key: "refuse.model", values: {} };
  let dead = true;
  window.fetch = (url, ...more) => {
    if (!dead || !String(url).includes("/ghost?")) return ask(url, ...more);
    dead = false;
    const body = JSON.stringify({ error: "The model does not answer.", field: null, say });
    return Promise.resolve(new Response(body, { status: 503,
      headers: { "content-type": "application/json" } }));
  };
}"""


def test_a_ghost_is_asked_for_again_where_the_model_had_died(
    bound: Any, open_page: OpenPage
) -> None:
    page = orders(open_page, bound, "JPN")
    all_levers(page)
    page.fill("#find-lever", WORDS["lever.stance.name"])
    page.evaluate(DEAD)
    page.fill("#l-stance", "0.6")
    line = page.locator("[id='e-stance']")
    expect(line.locator(EFFECT)).to_have_count(3, timeout=60_000)
    page.get_by_role("button", name=WORDS["lever.drop"]).click()


def test_cells_are_reached_by_arrows_opened_below_and_taken_back(
    bound: Any, open_page: OpenPage
) -> None:
    room, seats = bound
    page = orders(open_page, bound, "CHN")
    all_levers(page)
    first = page.locator("[id='c-rung.JPN']")
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[id='c-rung.KOR']")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    cell = page.locator("[id='c-ban_breadth.JPN']")
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")
    slider = page.locator("[id='l-ban_breadth.JPN-r']")
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell).to_have_class(re.compile("drafted"))
    room.wait(lambda view: [one["lever"] for one in view["orders"]] == ["ban_breadth.JPN"],
              seats["CHN"])  # fmt: skip
    expect(page.locator("[id='l-ban_breadth.JPN-s'] .ok")).to_be_visible()
    cell.focus()
    page.keyboard.press("Backspace")
    expect(cell).not_to_have_class(re.compile("drafted"))
    room.wait(lambda view: view["orders"] == [], seats["CHN"])


def test_a_firm_sees_all_its_levers_and_goals_of_its_own(bound: Any, open_page: OpenPage) -> None:
    room, seats = bound
    page = orders(open_page, bound, "JPN_MAGNETS")
    levers = room.view(seats["JPN_MAGNETS"])["levers"]
    expect(page.locator(".six > .lever")).to_have_count(len(levers))
    expect(page.locator("#all-levers")).to_have_count(0)
    expect(page.locator(".goal[data-goal=supply]")).to_contain_text(WORDS["goal.firm_supply"])
    page.fill("#l-coercer_feed_cap", "60")
    expect(page.locator("[id='e-coercer_feed_cap']")).to_contain_text("▲")
    expect(page.locator(".goal[data-goal=autonomy] [data-ghost]")).to_be_visible()
    expect(page.locator("[data-purse]")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_maker_of_cells_finds_its_contracts_and_what_they_bring(
    bound: Any, open_page: OpenPage, language: str
) -> None:
    words = catalogue(language)
    page = orders(open_page, bound, "KOR_BATTERY", 390, language)
    expect(page.locator(".six > .lever")).to_have_count(6)
    card = page.locator(".six > [data-lever=supply_contract]")
    expect(card).to_contain_text(words["lever.supply_contract.name"])
    expect(card).to_contain_text(words["unit.x own need"].lstrip("× "))
    assert not CODE.search(card.inner_text())
    page.fill("#l-supply_contract", "1")
    expect(page.locator("[id='e-supply_contract']")).to_contain_text("▲", timeout=60_000)
    page.fill("#l-supply_contract", "0")


def test_on_a_phone_tabs_stand_at_the_foot_and_the_result_comes_first(
    bound: Any, open_page: OpenPage
) -> None:
    room, seats = bound
    page = open_page(room.url("seat", seats["KOR"]))
    expect(page.locator("#tab-situation")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".you h1")).to_be_visible()
    expect(page.locator("#submit")).to_be_hidden()
    page.click("#tab-orders")
    expect(page.locator("#submit")).to_be_visible()
    expect(page.locator(".you h1")).to_be_hidden()
    below = "node => Math.abs(innerHeight - node.getBoundingClientRect().bottom)"
    assert page.locator(".tabs").evaluate(below) <= 1
    room.act("close_turn")
    expect(page.locator("#tab-situation")).to_have_attribute("aria-selected", "true")
    expect(page.locator("section h2", has_text="Result of turn 1")).to_be_visible()
    first = page.locator("#situation > section").first
    expect(first).to_contain_text("Result of turn 1")
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("kept", [True, False])
def test_a_new_game_has_an_allowance_unless_it_is_taken_off(
    kept: bool, door: Door, open_page: OpenPage
) -> None:
    page = open_page(f"{door.base}/host?for=alone#{TOKEN}")
    page.check("input[value=KOR]")
    page.fill("#seed", "3")
    box = page.locator("#allowance")
    expect(box).to_be_checked()
    if not kept:
        box.uncheck()
    page.click("#sit-down")
    page.wait_for_url("**/seat#*")
    page.click("#tab-orders")
    expect(page.locator(".six > .lever")).to_have_count(6)
    expect(page.locator("[data-purse]")).to_have_count(2 if kept else 0)
