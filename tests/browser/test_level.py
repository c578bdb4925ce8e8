"""What the watch page holds stays level: nothing of what was drawn before is kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.helpers import HEAD, OpenPage, wait_until_played

pytestmark = pytest.mark.browser
LOOKS = 30
MORE = 1500  # nodes, about one drawing of the page
# The next material, until it is drawn.
LOOK = """() => new Promise((done) => {
    window.addEventListener("entrepot:told", function heard({ detail }) {
        if (detail.part !== "run" || detail.told.material === window.was) return;
        window.was = detail.told.material;
        window.removeEventListener("entrepot:told", heard);
        requestAnimationFrame(() => setTimeout(done, 0, window.was));
    });
    const next = window.was === "gallium" ? "germanium" : "gallium";
    window.dispatchEvent(new CustomEvent("entrepot:ask", { detail: { what: "look",
        value: { material: next, zone: ["JPN", "KOR", "EUU"][Math.floor(Math.random() * 3)] } } }));
})"""


def nodes_of(page: Page) -> int:
    """Nodes that the browser holds, shown or not, once what nobody knows has gone."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    told = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
    devtools.detach()
    return int(told["Nodes"])


def test_looking_and_moving_leaves_no_nodes_behind(open_page: OpenPage) -> None:
    page = open_page("?scenario=gallium-2023&autoplay=0")
    wait_until_played(page)
    page.locator("[data-part=lead] .canvas svg").wait_for()
    page.evaluate("window.was = 'gallium'")
    seen = set()

    def look() -> None:
        seen.add(page.evaluate(LOOK))
        for key in ("End", "Home", "Shift+ArrowRight"):
            page.locator(HEAD).press(key)

    for _ in range(3):
        look()
    before = nodes_of(page)
    for _ in range(LOOKS):
        look()
    assert seen == {"gallium", "germanium"}
    assert nodes_of(page) < before + MORE
