"""A class on the pages that people use: telephones, a laptop, a wall and the facilitator's desk.

The whole course of a class is played once in English; in the other languages one turn of it, with
every page looked over for words that were left in English. Pictures of all screens are kept where
SHOTS names a folder.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.browser.helpers import all_levers
from tests.browser.screens import (
    LAPTOP,
    PHONE,
    SMALL_WALL,
    WALL,
    Screens,
    bare_keys,
    english_left,
    fits,
    pictures,
    served,
    small_targets,
)
from world.scenario import load_scenario
from world.setting import make_setting

pytestmark = pytest.mark.browser
FEW_USERS = 300  # of the model's firms, so that a turn is short
# Real plants go by their names.
PLANTS = {
    word for plant in make_setting(load_scenario("japan-2026", {"users": 100})).base.plants
    for word in re.findall(r"[A-Za-z]+", plant.name)
}  # fmt: skip
TABS = ("orders", "deals", "messages", "world", "history")
# Written so in every language: units, formats, names of programmes, the names typed below.
EVERYWHERE = {"Entrepot", "Natural", "Earth", "Wi", "Fi", "Ann", "Bo", "Chen", "PARQUET", "host"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("class")) as address:
        yield address


@pytest.fixture
def screens(chromium: Browser, base: str, tmp_path: Path) -> Iterator[Screens]:
    opened = Screens(chromium, base, pictures(tmp_path))
    yield opened
    opened.close()


# --- what people do -------------------------------------------------------------------------------


def make_room(screens: Screens, turns: int, language: str = "en") -> tuple[Page, str, str]:
    """The facilitator makes a room on the start page: console, code and the wall's address."""
    desk = screens.open("start?for=class", **LAPTOP, locale=language)

    def fewer(route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}")
        route.continue_(post_data=json.dumps({**asked, "users": FEW_USERS}))

    desk.route("**/api/rooms", fewer)
    desk.locator("#turns").fill(str(turns))
    desk.locator("#seed").fill("3")
    screens.shot(desk, f"{language}-start")
    look_over(desk, language)
    desk.locator("#make").click()
    code = desk.locator(".bigcode").inner_text()
    wall = str(desk.locator("#to-projector").get_attribute("href"))
    screens.shot(desk, f"{language}-made")
    desk.locator("#to-console").click()
    expect(desk.locator("#seats")).to_be_visible()
    return desk, code, wall


def join(page: Page, name: str, seat: str) -> None:
    page.locator("#name").fill(name)
    page.locator(f"input[value={seat}]").check()
    page.locator("form button[type=submit]").click()
    expect(page.locator(".you h1")).to_be_visible()


def set_lever(page: Page, lever: str, value: str) -> None:
    """Types an order and waits until the server has it."""
    all_levers(page)
    unfold(page)
    cell = page.locator(f"[id='c-{lever}']")
    if cell.count():
        cell.click()
    box = page.locator(f"[id='l-{lever}']")
    box.fill(value)
    box.press("Enter")
    expect(page.locator(f"[id='l-{lever}-s'] .ok")).to_be_visible()


def unfold(page: Page) -> None:
    """Opens the groups of levers, so that all of a tab is seen."""
    closed = page.locator("#panel details.group:not([open]) > summary")
    while closed.count():
        closed.first.click()


def submit(*pages: Page) -> None:
    """Each submits; the last one's submission closes the turn."""
    for page in pages:
        page.locator("#tab-orders").click()
        page.locator("#submit").click()
        if page is not pages[-1]:
            expect(page.locator("#reopen")).to_be_visible()


def sure(desk: Page, action: str, why: str = "", ask: bool = True) -> None:
    if not desk.locator(f"#do-{action}").is_visible():
        desk.locator("#more-acts > summary").click()
    desk.locator(f"#do-{action}").click()
    if why:
        desk.locator("#why").fill(why)
    if ask:
        desk.locator("#sure").click()


def look_over(page: Page, language: str) -> None:
    """What a page owes in every language."""
    fits(page)
    assert bare_keys(page, language) == []
    if language != "en":
        assert english_left(page, EVERYWHERE | PLANTS) == [], page.url


def look_through_tabs(screens: Screens, page: Page, name: str, language: str) -> None:
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        expect(page.locator("#panel")).to_be_visible()
        unfold(page)
        look_over(page, language)
        assert small_targets(page) == [], tab
        screens.shot(page, f"{language}-{name}-{tab}")
    page.locator("#tab-orders").click()


def turn_is(page: Page, turn: int, turns: int) -> None:
    words = catalogue(page.evaluate("document.documentElement.lang"))
    expect(page.locator("#turn")).to_have_text(words["bar.turn"].format(turn=turn, turns=turns))


# --- the whole class ------------------------------------------------------------------------------


def test_a_class_from_the_door_to_the_debrief(screens: Screens) -> None:
    desk, code, wall_path = make_room(screens, turns=3)
    wall = screens.open(wall_path.lstrip("/"), **WALL)
    expect(wall.locator(".wall .bigcode")).to_have_text(code)
    screens.shot(wall, "wall-lobby", whole=False)

    ann = screens.open("join", **PHONE)  # types the code
    ann.locator("#code").fill(code)
    ann.locator("#code").press("Enter")
    join(ann, "Ann", "JPN")
    bo = screens.open(f"j/{code}", **PHONE)  # came by the QR
    screens.shot(bo, "phone-join")
    join(bo, "Bo", "KOR")
    chen = screens.open(f"j/{code}", **LAPTOP)
    join(chen, "Chen", "CHN")
    expect(desk.locator("#seats")).to_contain_text("Chen")
    screens.shot(ann, "phone-lobby")

    practice(screens, desk, ann, bo, chen)
    turn_is(ann, 1, 3)
    first_turn(screens, desk, wall, ann, bo, chen)
    second_turn(screens, desk, wall, ann, bo, chen)
    debrief(screens, desk, wall, ann, code)


def practice(screens: Screens, desk: Page, *people: Page) -> None:
    desk.locator("#next[data-next=brief]").click()
    desk.locator("#next[data-next=practice]").click()
    set_lever(people[0], "stockpile_release", "50")
    submit(*people)
    expect(people[0].locator(".card h2", has_text="The practice turn")).to_be_visible()
    screens.shot(people[0], "phone-after-practice")


def first_turn(screens: Screens, desk: Page, wall: Page, ann: Page, bo: Page, chen: Page) -> None:
    # The clock stands still, and goes on with a minute more.
    desk.locator("#do-pause").click()
    expect(ann.get_by_role("heading", name="Paused")).to_be_visible()
    expect(wall.locator(".head")).to_contain_text("Paused")
    before = ann.locator(".roombar .clock").inner_text()
    desk.locator("#do-extend").click()
    minutes, seconds = map(int, before.split(":"))
    expect(ann.locator(".roombar .clock")).to_have_text(f"{minutes + 1}:{seconds:02}")
    desk.locator("#do-resume").click()

    set_lever(ann, "stockpile_release", "20")
    set_lever(chen, "ban_breadth.JPN", "60")
    deal(screens, ann, bo)
    bo.locator("#tab-messages").click()
    bo.locator("#message").fill("We can ship from the second turn on.")
    bo.locator("#panel form button[type=submit]").click()
    expect(ann.locator("#tab-messages")).to_contain_text("(1)")
    bo.locator("#tab-orders").click()

    # A card from the facilitator's hand reaches the wall and the telephones.
    desk.locator("summary", has_text="A captain is detained at sea").click()
    desk.locator("#card-detention-now").click()
    desk.locator("#sure").click()
    expect(wall.locator(".heads")).to_contain_text("captain")

    # Korea's player steps out: AI has the seat, and gives it back in the same turn.
    desk.locator("#to_ai-KOR").click()
    desk.locator("#sure").click()
    expect(bo.get_by_role("heading", name="The AI plays your seat for now")).to_be_visible()
    screens.shot(bo, "phone-handed-to-ai")
    desk.locator("#to_person-KOR").click()
    expect(bo.locator("#submit")).to_be_enabled()
    set_lever(bo, "hub_policing", "40")

    for name, page in (("phone", ann), ("laptop", chen)):
        look_through_tabs(screens, page, name, "en")
    screens.shot(wall, "wall-1080-turn", whole=False)
    screens.shot(desk, "console-turn")
    submit(ann)
    expect(ann.locator("#reopen")).to_be_visible()
    screens.shot(ann, "phone-submitted")
    submit(bo, chen)


def deal(screens: Screens, ann: Page, bo: Page) -> None:
    """Japan pays Korea for dysprosium, and Korea signs."""
    ann.locator("#tab-deals").click()
    ann.get_by_role("button", name=catalogue("en")["deal.new"]).click()
    ann.locator("#deal-to").select_option("KOR")
    sides = ann.locator(".side")
    sides.nth(0).locator("button").last.click()
    ann.locator("#c-gives-0-kind").select_option("money")
    ann.locator("#c-gives-0-money").fill("5")
    sides.nth(1).locator("button").last.click()
    ann.locator("#c-gets-0-material").select_option("dy_oxide")
    ann.locator("#c-gets-0-tonnes").fill("2")
    screens.shot(ann, "phone-deal-form")
    fits(ann)
    assert small_targets(ann) == []
    ann.locator("#panel form button[type=submit]").click()
    expect(bo.locator("#tab-deals")).to_contain_text("(1)")
    bo.locator("#tab-deals").click()
    bo.locator(".deal button.primary").click()
    expect(bo.locator(".deal")).to_contain_text("In force")
    expect(ann.locator(".deal")).to_contain_text("In force")
    ann.locator("#tab-orders").click()


def second_turn(screens: Screens, desk: Page, wall: Page, *people: Page) -> None:
    ann = people[0]
    turn_is(ann, 2, 3)
    expect(ann.locator("section h2", has_text="Result of turn 1")).to_be_visible()
    screens.shot(ann, "phone-result")
    wall.set_viewport_size(SMALL_WALL["viewport"])
    expect(wall.locator(".wall .map")).to_be_visible()
    screens.shot(wall, "wall-720-turn-2", whole=False)

    # A mistake is taken back: the first turn is open again with what stood in it.
    sure(desk, "undo_turn", why="played too early")
    for page in people:
        turn_is(page, 1, 3)
    ann.locator("#tab-orders").click()
    expect(ann.locator("[id='l-stockpile_release']")).to_have_value("20")
    submit(*people)
    for page in people:
        turn_is(page, 2, 3)
    ann.locator("#tab-history").click()
    expect(ann.locator("#panel")).to_contain_text("played too early")
    submit(*people)
    turn_is(ann, 3, 3)


def debrief(screens: Screens, desk: Page, wall: Page, ann: Page, code: str) -> None:
    sure(desk, "end")
    expect(ann.get_by_text("The facilitator opens the review")).to_be_visible()
    desk.locator("#next[data-next=reveal]").click()
    desk.locator("#sure").click()
    ann.locator("a.button.primary", has_text="review").wait_for()
    screens.shot(ann, "phone-ended")
    fits(ann)
    assert small_targets(ann) == []

    export = exported(desk)
    assert code in export["room.json"]
    orders = list(csv.DictReader(io.StringIO(export["orders.csv"])))
    assert any(row["lever"] == "ban_breadth.JPN" for row in orders)
    assert not any("Chen" in text for text in export.values())  # names only if they are asked for

    ann.locator("a.button.primary", has_text="review").click()
    expect(ann.locator("#side")).to_contain_text("20")
    look_over(ann, "en")
    desk.locator("#to-review").click()
    branch(desk)
    look_over(desk, "en")
    screens.shot(desk, "review-with-branch")
    screens.shot(ann, "phone-review")


def exported(desk: Page) -> dict[str, str]:
    """The files that the console's export button hands over, those that are text."""
    desk.locator("#open-record").click()
    with desk.expect_download() as coming:
        desk.get_by_role("button", name="Export CSV").click()
    with zipfile.ZipFile(coming.value.path()) as packed:
        return {
            Path(name).name: packed.read(name).decode("utf-8")
            for name in packed.namelist() if name.endswith((".csv", ".json", ".html", ".toml"))
        }  # fmt: skip


def branch(page: Page) -> None:
    """What if there had been no ban in the first turn."""
    page.locator("#turn-1").click()
    page.locator("#b-seat").select_option("CHN")
    page.locator("#b-lever").select_option("ban_breadth")
    page.locator("#b-place").select_option("JPN")
    page.locator("#b-value").fill("0")
    page.locator("#branch").click()
    expect(page.locator(".plot.two").first).to_be_visible()


# --- in other words -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_one_turn_in_another_language(screens: Screens, language: str) -> None:
    desk, code, wall_path = make_room(screens, turns=2, language=language)
    wall = screens.open(wall_path.lstrip("/"), **SMALL_WALL)
    ann = screens.open(f"j/{code}", **PHONE, locale=language)
    expect(ann.locator("#name")).to_be_visible()
    look_over(ann, language)
    assert small_targets(ann) == []
    screens.shot(ann, f"{language}-phone-join")
    join(ann, "Ann", "JPN")
    sure(desk, "start", ask=False)
    turn_is(ann, 1, 2)  # with it the situation opens on a phone
    set_lever(ann, "stockpile_release", "20")
    look_through_tabs(screens, ann, "phone", language)
    screens.shot(desk, f"{language}-console")
    look_over(desk, language)
    submit(ann)
    turn_is(ann, 2, 2)
    why = ann.locator("[data-part=result-why]")
    expect(why).to_be_visible(timeout=120_000)  # what caused it is played first
    look_over(ann, language)
    screens.shot(ann, f"{language}-phone-result")
    expect(wall.locator(".wall .map")).to_be_visible()
    look_over(wall, language)
    screens.shot(wall, f"{language}-wall", whole=False)
    sure(desk, "end")
    desk.locator("#next[data-next=reveal]").click()
    desk.locator("#sure").click()
    desk.locator("#to-review").click()
    branch(desk)
    look_over(desk, language)
    screens.shot(desk, f"{language}-review")
    desk.set_viewport_size(PHONE["viewport"])
    look_over(desk, language)
    screens.shot(desk, f"{language}-phone-review")
