"""What a firm, a refiner and a state read of themselves, and what the facilitator sees of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.pages.conftest import Door, OpenPage, Room

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def played(door: Door) -> tuple[Room, dict[str, str]]:
    """A room in its second turn, with a firm, a refiner and a state."""
    room = door.room(turns=3)
    tokens = {seat: room.join(seat, seat) for seat in ("KOR_BATTERY", "VNM_REFINER", "KOR")}
    room.act("start")
    order = {"turn": 1, "lever": "origin_tracing", "value": 0.3, "why": "to see"}
    room.call("PUT", "/orders", tokens["KOR"], order)
    room.act("close_turn")
    for token in tokens.values():
        room.wait(lambda view: bool(view["report"].get("result")), token)
    return room, tokens


def facts(page: Page) -> dict[str, str]:
    """What stands in the private report, by its label."""
    rows = page.locator(".private dl.facts > div")
    expect(rows.first).to_be_visible()
    return {one.locator("dt").inner_text(): one.locator("dd").inner_text() for one in rows.all()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_firm_and_a_refiner_read_their_own_books(
    language: str, played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, tokens = played
    words = catalogue(language)
    for seat, more in (("KOR_BATTERY", "target_customers"), ("VNM_REFINER", "target_sales")):
        url = f"{room.door.base}/seat?lang={language}#{room.code}.{tokens[seat]}"
        page = open_page(url, 1280, 800)
        shown = facts(page)
        rate = "line_rate" if seat == "KOR_BATTERY" else "plant_rate"
        for name in ("profit_usd", "profit_total_usd", rate, "stock_weeks", "grey_share", more):
            assert any(sign.isdigit() for sign in shown[words[f"report.{name}"]]), name
        assert shown[words["report.blacklisted"]] == words["lever.off"]
        result = page.locator("section.card", has=page.locator("[data-part=result-why]"))
        expect(result).to_contain_text(words["result.profit"])
        expect(result).not_to_contain_text(words["result.loss"])
        tables = page.locator(".private table").all_inner_texts()
        wanted = "graphite" if seat == "KOR_BATTERY" else "dy_oxide"
        assert any(words[f"good.{wanted}"] in text for text in tables)
        expect(page.locator("body")).not_to_contain_text("report.")  # a bare key


def test_a_seat_is_seen_as_it_sees_itself(
    played: tuple[Room, dict[str, str]], open_page: OpenPage
) -> None:
    room, tokens = played
    order = {"turn": 2, "lever": "protest", "value": 1, "why": "so they hear it"}
    room.call("PUT", "/orders", tokens["KOR"], order)
    desk = open_page(room.url("console", room.control), 1280, 800)
    desk.click("#look-KOR")
    peek = desk.locator("#peek")
    words = catalogue("en")
    own = open_page(room.url("seat", tokens["KOR"]), 1280, 800)
    assert facts(own) == facts(desk)
    own_result = own.locator("section.card dl.facts").first.inner_text()
    assert own_result in peek.inner_text()
    expect(peek).to_contain_text("so they hear it")
    expect(peek).to_contain_text(words["result.title"].format(turn=1))
    again = {**order, "value": 0, "why": "or rather not"}
    room.call("PUT", "/orders", tokens["KOR"], again)
    expect(peek).to_contain_text("or rather not")  # what is seen goes on


TOLD = """async ([result, kind]) => {
  const { resultBody } = await import("/pages/room/result.js");
  const box = document.createElement("div");
  for (const one of resultBody(result, kind).flat()) box.appendChild(one);
  return [...box.querySelectorAll(".causes li")].map((one) => one.innerText);
}"""


def test_a_cause_that_cannot_be_seen_in_the_figures_is_none(
    door: Door, open_page: OpenPage
) -> None:
    page = open_page(f"{door.base}/join")
    expect(page.locator("#code")).to_be_visible()
    still = {"supply": 0.0, "autonomy": 0.0, "standing": 0.0}

    def cause(loss: float, **moved: float) -> dict[str, object]:
        score = sum(moved.values()) / 3
        base = {"kind": "orders", "actor": "USA", "n": 0, "what": "", "key": "", "score": score}
        return {**base, **still, **moved, "loss_usd": loss}

    rows = [cause(-3), cause(40_000), cause(60_000), cause(-3, supply=0.01)]
    result = {"turn": 1, "change": still, "loss_usd": 42_817_445, "causes": rows}
    told = page.evaluate(TOLD, [result, "state"])
    assert len(told) == 2
    assert "60K of output lost" in told[0]
    assert "lost" not in told[1]
    firm = page.evaluate(
        TOLD, [{**result, "loss_usd": -208_000_000, "causes": [cause(-4e6)]}, "firm"]
    )
    assert len(firm) == 1
    assert "USD" in firm[0]
    assert "4M of profit" in firm[0]
    assert "-" not in firm[0].replace("−", "-")


def test_what_was_not_lost_is_saved_and_one_minus_is_written(
    door: Door, open_page: OpenPage
) -> None:
    page = open_page(f"{door.base}/join")
    expect(page.locator("#code")).to_be_visible()
    still = {"supply": 0.0, "autonomy": 0.0, "standing": 0.0}
    cause = {"kind": "orders", "actor": "USA", "n": 0, "what": "", "key": "", "score": -0.1}
    cause |= {**still, "supply": -0.3, "loss_usd": -167_000}
    result = {"turn": 1, "change": still, "loss_usd": -200_000, "causes": [cause]}
    told = page.evaluate(TOLD, [result, "state"])
    assert "167K of output saved" in told[0]
    assert "−30 points" in told[0]
    assert "-" not in told[0]


def test_what_a_seat_page_leaves_out(door: Door, open_page: OpenPage) -> None:
    room = door.room(turns=2)
    china = room.join("Ann", "CHN")
    words = catalogue("en")
    page = open_page(room.url("seat", china), 1280, 800)
    expect(page.locator(".you h1")).to_be_visible()
    room.wait(lambda view: bool(view["public"].get("prices")), china)
    shown = facts(page)
    assert words["report.budget_usd"] in shown
    assert words["report.coercer_approval"] not in shown  # of itself
    assert words["report.declared_share"] not in shown
    page.click("#tab-world")
    expect(page.locator("#good")).to_be_visible()
    expect(page.locator("#panel svg.map")).to_have_count(0)  # no flows before the first turn
    expect(page.locator("#panel")).not_to_contain_text(words["map.other"])
    page.click("#tab-history")
    expect(page.locator("#panel")).not_to_contain_text(words["history.notes"])
    room.act("start")
    page.click("#tab-orders")
    note = page.get_by_text(words["orders.note"])
    expect(note).to_be_visible()
    room.act("end")
    expect(page.locator("#panel")).to_contain_text(words["orders.ended"])
    expect(note).to_have_count(0)


def test_a_goal_stands_while_the_world_is_made(door: Door, open_page: OpenPage) -> None:
    page = open_page(f"{door.base}/join")
    expect(page.locator("#code")).to_be_visible()
    goal = """async () => {
      const pass = { code: "ABCDE", token: "x".repeat(20) };
      localStorage.setItem("ent.pass.seat", JSON.stringify(pass));
      const { learnScene } = await import("/pages/room/base.js");
      await learnScene("japan-2026");
      const { card } = await import("/pages/seat/card.js");
      const view = { seat: "JPN", kind: "state", you: { name: "Ann" }, public: {}, gauges: [],
        report: {}, levers: [], notes: [], scenario: "japan-2026" };
      return card(view).innerText || card(view).textContent;
    }"""
    assert catalogue("en")["objective.target"] in page.evaluate(goal)
