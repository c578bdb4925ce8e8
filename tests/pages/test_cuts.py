"""Half-typed fields survive what comes and goes around them, and a network that is cut off."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect

from runs.room.trial import cuts
from runs.room.trial.hall import Hall
from tests.browser.helpers import all_levers
from tests.pages.conftest import Door, OpenPage

pytestmark = pytest.mark.browser


def test_a_notice_that_comes_and_goes_takes_no_half_typed_order(
    door: Door, open_page: OpenPage
) -> None:
    room = door.room()
    korea = room.join("Kim", "KOR")
    page = open_page(room.url("seat", korea))
    room.act("start")
    all_levers(page)
    box = page.locator("#l-origin_tracing")
    expect(box).to_be_enabled()
    box.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    room.act("pause")
    expect(page.locator(".notice h2", has_text="Paused")).to_be_visible()
    expect(box).to_be_focused()
    room.act("resume")
    expect(page.locator(".notice h2", has_text="Paused")).to_have_count(0)
    expect(box).to_be_focused()
    page.keyboard.type("5")
    expect(box).to_have_value("35")
    assert room.view(korea)["orders"] == []


def test_an_intent_is_typed_beside_its_order_and_survives_a_reload(
    door: Door, open_page: OpenPage
) -> None:
    room = door.room()
    korea = room.join("Kim", "KOR")
    room.act("start")
    page = open_page(room.url("seat", korea))
    all_levers(page)
    page.fill("#l-origin_tracing", "40")
    page.keyboard.press("Enter")
    why = page.locator("[id='why-origin_tracing']")
    why.click()
    page.keyboard.type("to prove whose goods they are")
    page.reload()
    expect(why).to_have_value("to prove whose goods they are")
    why.press("Enter")
    for _ in range(50):
        orders = room.view(korea)["orders"]
        if orders and orders[0]["why"]:
            break
        page.wait_for_timeout(100)
    assert (orders[0]["value"], orders[0]["why"]) == (0.4, "to prove whose goods they are")


def test_a_network_cut_of_eight_seconds_loses_nothing(tmp_path: Path) -> None:
    """`python -m runs.room.trial.cuts --seconds 3,10,60` is the long trial."""
    server = Hall(tmp_path / "rooms.db")
    server.start()
    try:
        with ThreadPoolExecutor(1) as aside:  # the tests' own browser keeps a loop in this thread
            found = aside.submit(lambda: asyncio.run(cuts.cut(server, 8.0))).result()
    finally:
        server.stop()
    assert cuts.good(found), found
    assert found["told_after_s"] is not None  # the page says that it is cut off


def test_a_line_that_nobody_answers_is_told_and_tried_again(
    door: Door, open_page: OpenPage
) -> None:
    """As when the room still waits for a device that went out of reach without a word."""
    room = door.room()
    korea = room.join("Kim", "KOR")
    page = open_page("about:blank")
    deaf = [True]

    def line(socket: WebSocketRoute) -> None:
        if not deaf[0]:
            socket.connect_to_server()

    page.route_web_socket("**/live", line)
    page.goto(room.url("seat", korea))
    expect(page.locator(".wait")).to_contain_text("Connecting")
    again = page.locator("#try-now")
    expect(again).to_be_visible()
    expect(page.locator(".notice")).to_contain_text("No connection")
    deaf[0] = False
    again.click()
    expect(page.locator(".you h1")).to_be_visible()
    expect(again).to_have_count(0)


def test_a_line_that_hangs_is_opened_anew_by_itself(door: Door, open_page: OpenPage) -> None:
    room = door.room()
    korea = room.join("Kim", "KOR")
    page = open_page("about:blank")
    calls: list[int] = []

    def line(socket: WebSocketRoute) -> None:
        calls.append(1)
        if len(calls) > 1:
            socket.connect_to_server()

    page.route_web_socket("**/live", line)
    page.goto(room.url("seat", korea))
    expect(page.locator(".you h1")).to_be_visible()
    assert len(calls) == 2
