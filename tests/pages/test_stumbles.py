"""What people have stumbled over on the console, the review and the wall."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from runs.pages.words import LANGUAGES, catalogue
from tests.pages.conftest import Door, OpenPage
from tests.pages.walls import LEAST, OUTSIDE

pytestmark = pytest.mark.browser
WORDS = catalogue("en")


def stuck(page: Page) -> None:
    """The room's line, as of a room whose closed turn cannot be played at the moment."""

    def line(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def changed(text: str | bytes) -> None:
            told = json.loads(text)
            if "undo_opens" in told:
                told |= {"phase": "resolve", "undo_opens": told["turn"]}
                say = {"key": "fault.play", "values": {}}
                told["health"] = {**told.get("health", {}), "fault": "no", "fault_say": say}
            socket.send(json.dumps(told))

        server.on_message(changed)

    page.route_web_socket("**/live", line)


def test_a_turn_that_cannot_be_played_can_be_taken_back_or_the_game_ended(
    door: Door, open_page: OpenPage
) -> None:
    room = door.room(seats=["JPN"], team_size=1, turn_seconds=None)
    japan = room.join("Ann", "JPN")
    room.act("start")
    page = open_page("about:blank", 1280, 800)
    stuck(page)
    page.goto(room.url("console", room.control))
    expect(page.locator("#stuck")).to_have_text(WORDS["fault.play"])
    expect(page.locator("#do-end")).to_be_enabled()
    page.click("#more-acts > summary")
    page.click("#do-undo_turn")
    expect(page.locator("dialog")).to_contain_text("Turn 1 is open again")  # no result disappears
    alone = open_page("about:blank")
    stuck(alone)
    alone.goto(room.url("seat", f"{japan}.{room.control}"))
    expect(alone.locator("#solo-end")).to_be_enabled()
    alone.click("#solo-undo")
    expect(alone.get_by_text("Turn 1 is open again with what was saved in it.")).to_be_visible()


def test_names_and_states_of_the_seats_table(door: Door, open_page: OpenPage) -> None:
    room = door.room()
    name = "W" * 60
    room.join(name, "CHN")
    page = open_page(room.url("console", room.control), 1280, 800)
    person = page.locator("#seats .person")
    expect(person).to_have_attribute("title", name)
    region = page.locator(".scroll:has(#seats)")
    assert region.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    expect(page.locator("#seats .light.submitted")).to_have_count(0)  # nothing is, before the start


def test_the_review_labels_ai_reads_whole_and_draws_gauges_wide(
    door: Door, open_page: OpenPage
) -> None:
    room = door.room(turns=2)
    room.act("start")
    room.act("close_turn")
    room.wait(lambda view: view["turn"] == 2)
    room.act("end")
    desk = open_page(room.url("console", room.control), 1280, 800)
    expect(desk.locator(".script")).to_have_text(WORDS["script.ended"])
    room.act("reveal")
    expect(desk.locator("#to-review")).to_be_visible()
    expect(desk.locator(".script")).to_have_count(0)  # the talk comes after the steps of the reveal
    page = open_page(room.url("review", room.control), 1280, 800)
    expect(page.locator("#side td .kind").first).to_have_text(WORDS["played.ai"])
    for region in page.locator(".scroll").all():
        assert region.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    plots = page.locator(".plot")
    for place in range(3):
        ticks = [float(t) for t in plots.nth(place).locator(".tick").all_text_contents()]
        assert max(ticks) - min(ticks) >= 5, ticks


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_names_on_the_map_of_the_wall_keep_apart_and_ai_seats_are_counted(
    door: Door, open_page: OpenPage, width: int, height: int
) -> None:
    """In every scene of a turn, and while seats fill: of these two have no AI to count."""
    room = door.room()
    page = open_page("about:blank", width, height)
    page.emulate_media(reduced_motion="reduce")
    near = {"CHN", "JPN", "KOR", "VNM"}
    for scene in ("title", "situation", "decide", "result"):
        if scene == "situation":
            room.act("start")
        if scene == "result":
            room.act("close_turn")
            room.wait(lambda view: view["turn"] == 2)
        elif scene == "decide":
            room.act("scene", to=scene)
        page.goto("about:blank")
        page.goto(room.url("projector", room.projector))
        expect(page.locator(f".wall[data-scene={scene}] .map [data-zone=JPN]")).to_be_visible()
        names = page.locator(".map [data-zone]").evaluate_all("all => all.map(o => o.dataset.zone)")
        assert near - ({"VNM"} if scene == "title" else set()) <= set(names)
        apart = [one for one in page.evaluate(OUTSIDE, LEAST) if one[0] in ("names", "hidden")]
        assert apart == [], scene
        if scene in ("situation", "decide"):
            seats = [one for one in room.view()["seats"] if one["open"]]
            ai = sum(one["played_by"] == "ai" for one in seats)
            expect(page.locator(".machines")).to_contain_text(f"AI: {ai} seats")
            ready = WORDS["wall.ready_n"].format(n=ai, of=len(seats))
            expect(page.locator("#ready")).to_have_text(ready)
        else:
            expect(page.locator(".machines")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_of_a_deal_says_its_state_in_words(
    language: str, door: Door, open_page: OpenPage
) -> None:
    page = open_page(f"{door.base}/join?lang={language}")
    expect(page.locator("#code")).to_be_visible()
    write = "async (say) => (await import('/pages/room/base.js')).phrase(say, 'English')"
    words = catalogue(language)
    for status in ("offered", "in force", "withdrawn", "undone", "over"):
        say = {"key": "refuse.deal_status", "values": {"n": 4, "stands": status}}
        told = page.evaluate(write, say)
        assert words[f"deal.status_{status.replace(' ', '_')}"] in told
        assert language == "en" or status not in told
