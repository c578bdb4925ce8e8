"""The kit in a real browser: nodes that stay, figures that add up, a head that keys move."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from runs.pages.words import catalogue
from tests.browser.conftest import Watchman
from tests.pages.conftest import Door

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, door: Door) -> Iterator[Page]:
    watchman = Watchman()
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    watchman.follow(opened)
    opened.goto(f"{door.base}/start")
    expect(opened.locator("svg.map")).to_be_visible()
    yield opened
    context.close()
    assert (watchman.outside, watchman.errors) == ([], [])


def drawn(page: Page, module: str, call: str) -> Any:
    """What a function of the kit draws, put into the page; the text of its parts."""
    return page.evaluate(
        "async () => { const kit = await import('/pages/kit/" + module + "'); const one = " + call
        + "; one.id = 'tried'; document.querySelector('#page').prepend(one); return true; }"
    )


@pytest.mark.parametrize(
    ("language", "share"),
    [("en", "under 0.01%"), ("ko", "0.01% 미만"), ("ja", "0.01%未満"), ("zh-Hans", "不到0.01%")],
)
def test_what_is_almost_nothing_is_written_as_less_than_what_can_be_told(
    page: Page, language: str, share: str
) -> None:
    texts = page.evaluate(
        """async (language) => {
            const { setLanguage } = await import("/pages/base/words.js");
            const kit = await import("/pages/kit/say.js");
            await setLanguage(language);
            return [8.8e-9, -5e-5, 1e-4, 0].map(kit.share).concat([1e-9, 0, 0.02].map(kit.figure),
                [0.004, 0, 73.2e6].map(kit.money));
        }""",
        language,
    )
    assert texts[:4] == [share, share, "0.01%", "0%"]
    assert [text[-1:] != "%" and "0.000" not in text for text in texts[4:]] == [True] * 6
    assert texts[5] == "0"
    assert "10" in texts[7]
    assert texts[4] != texts[5]


STILL = """async () => {
    const { h, showIn, still } = await import("/pages/base/elements.js");
    const host = document.body.appendChild(h("div")), made = [];
    const part = (sign, text = sign) => still("part", sign, () => { made.push(sign);
        return h("p", null, text); });
    const draw = (...inside) => { showIn(host, ...inside); return host.textContent; };
    const told = [
        draw(part("a"), "x"), draw(part("a"), "y"), draw(part("b"), "y"),
        draw(h("div", { key: "fold" }, part("b"))), draw(h("div", { key: "fold" }, part("b"), "z")),
        draw("gone"), draw(part("b")),
    ];
    host.remove();
    return [told, made];
}"""


def test_what_stands_still_is_made_once_for_its_sign_wherever_it_stands(page: Page) -> None:
    told, made = page.evaluate(STILL)
    assert told == ["ax", "ay", "by", "b", "bz", "gone", "b"]
    assert made == ["a", "b", "b", "b"]  # again where it moved into another part, and after it went


def test_a_pair_without_a_lane_is_straight_and_dashed(page: Page) -> None:
    flow = "{ from: 'KOR', to: 'KOR', kind: 'china', t: 4 }"
    drawn(page, "map.js", f"kit.drawMap({{ flows: [{flow}] }})")
    lane = page.locator("#tried [data-lane=KOR-KOR] path").first
    assert lane.get_attribute("stroke-dasharray") == "3 4"


def test_nodes_stand_where_they_stand_in_any_window(page: Page) -> None:
    places = []
    for view in ("[0, 0, 1440, 640]", "[500, 8, 480, 577]"):
        drawn(page, "map.js", f"kit.drawMap({{ focus: 'JPN', hubs: ['VNM'], view: {view} }})")
        places.append(page.evaluate(
            "['JPN', 'KOR', 'VNM'].map((one) => document.querySelector("
            "`#tried [data-zone=${one}] .halo`).getAttribute('cx'))"
        ))  # fmt: skip
        page.evaluate("document.querySelector('#tried').remove()")
    assert places[0] == places[1]


def test_a_waterfall_ends_where_its_steps_lead(page: Page) -> None:
    rows = ("[{name: 'a', value: 1, kind: 'start'}, {name: 'b', value: 3.3, kind: 'step'},"
            "{name: 'c', value: -2.1, kind: 'step'}, {name: 'none', value: 0.01, kind: 'step'},"
            "{name: 'end', value: 2.21, kind: 'end'}]")  # fmt: skip
    call = f"kit.drawWaterfall({rows}, {{ width: 600, show: (x) => x.toFixed(1), label: 'why' }})"
    drawn(page, "waterfall.js", call)
    bars = page.evaluate(
        "[...document.querySelectorAll('#tried rect')].map((one) => ["
        "Number(one.getAttribute('x')), Number(one.getAttribute('width'))])"
    )
    assert bars[1][0] == pytest.approx(bars[0][0] + bars[0][1], abs=0.1)  # begins where it ended
    assert bars[2][0] + bars[2][1] == pytest.approx(bars[1][0] + bars[1][1], abs=0.1)
    assert bars[4][0] + bars[4][1] == pytest.approx(bars[3][0] + bars[3][1], abs=1.6)
    said = page.evaluate(
        "[...document.querySelectorAll('#tried text')].map((one) => one.textContent)"
    )
    assert {"+3.3", "−2.1", "0.0", "2.2"} <= set(said)  # what is nothing is told as nothing


@pytest.mark.parametrize("width", [358, 602])
@pytest.mark.parametrize(
    "name",
    [
        "Beijing's rules before November 2025", "2025년 11월 전부터의 베이징 조치",
        "베이징의 여행·영화·수산물 금지", "2025年11月より前から続く北京の措置",
        "北京による渡航・映画・水産物の禁止", "北京在2025年11月之前已实施的措施",
    ],
)  # fmt: skip
def test_the_name_of_a_step_stands_whole_beside_its_bar(
    page: Page, name: str, width: int
) -> None:
    rows = ("[{name: 'a', value: 1, kind: 'start'},"
            f"{{name: {json.dumps(name)}, value: 1, kind: 'step'}},"
            "{name: 'end', value: 2, kind: 'end'}]")  # fmt: skip
    options = f"{{ width: {width}, show: (x) => x.toFixed(1), label: 'why' }}"
    drawn(page, "waterfall.js", f"kit.drawWaterfall({rows}, {options})")
    names = page.evaluate(
        "[...document.querySelectorAll('#tried text')]"
        ".filter((one) => one.getAttribute('x') === '0')"
        ".map((one) => [one.textContent, one.getBBox().width])"
    )
    said = [text for text, _ in names[1:-1]]
    assert "".join(said).replace(" ", "") == name.replace(" ", "")
    assert max(wide for _, wide in names) <= min(250, 0.4 * width)


def test_what_a_waterfall_writes_adds_up_too(page: Page) -> None:
    """However the figures round: to the tenth, and a step that is nothing stays nothing."""
    wrong = page.evaluate(
        """async () => {
            const { inTenths } = await import("/pages/kit/waterfall.js");
            const wrong = [];
            for (let tried = 0; tried < 400; tried++) {
                const steps = [1, 2, 3, 4, 5, 6, 7].map((n) =>
                    (tried % 2 && n === 3 ? 0 : 7 * Math.sin(n * 37.7 + tried * 1.31)));
                const start = 3.14 * (tried % 5), end = steps.reduce((a, b) => a + b, start);
                const rows = inTenths([{ value: start, kind: "start" },
                    ...steps.map((value) => ({ value, kind: "step" })),
                    { value: end, kind: "end" }]);
                const sum = rows.slice(0, -1).reduce((a, row) => a + row.value, 0);
                const far = rows.some((row, i) =>
                    Math.abs(row.value - [start, ...steps, end][i]) > 0.1001);
                const nil = tried % 2 && rows[3].value !== 0;
                if (Math.abs(sum - rows.at(-1).value) > 1e-6 || far || nil) wrong.push(rows);
            }
            return wrong;
        }"""
    )
    assert wrong == []


def test_the_head_of_the_time_line_is_a_slider_with_keys(page: Page) -> None:
    page.evaluate("window.went = []")
    drawn(page, "timeline.js", "kit.drawTimeline({ width: 800, at: 20, played: 51, weeks: 52,"
          "rung: Array(52).fill(4), months: [], flags: [{ week: 9, text: 'ban' }], label: 'Week',"
          "said: 'week of the ban', go: (week) => window.went.push(week) })")  # fmt: skip
    head = page.locator("#tried")
    assert head.get_attribute("role") == "slider"
    assert head.get_attribute("aria-valuetext") == "week of the ban"
    head.focus()
    for key in ("ArrowRight", "ArrowLeft", "Shift+ArrowRight", "Home", "End"):
        page.keyboard.press(key)
    assert page.evaluate("window.went") == [21, 19, 33, 0, 51]
    page.locator("#tried [data-flag='9'] text").dispatch_event("pointerdown")
    assert page.evaluate("window.went.at(-1)") == 9


def test_a_small_multiple_keeps_its_labels_in_the_box(page: Page) -> None:
    lines = ("[{values: Array.from({length: 52}, (_, i) => i), colour: 'red',"
             "label: 'A long name of a line'},"
             "{values: Array(52).fill(3), colour: 'blue', label: 'Another'}]")  # fmt: skip
    call = f"kit.drawMultiple({{ weeks: 52, lines: {lines}, months: [], show: String, at: 5 }})"
    drawn(page, "multiple.js", call)
    inside = page.evaluate(
        "[...document.querySelectorAll('#tried text')].every((one) => { const box = one.getBBox();"
        "return box.x >= -1 && box.x + box.width <= 421 && box.y >= -1; })"
    )
    assert inside


def test_the_theme_is_the_systems_the_address_or_what_was_chosen(page: Page) -> None:
    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = ground()
    page.emulate_media(color_scheme="dark")
    dark = ground()
    assert light != dark
    page.goto(page.url.split("?")[0] + "?theme=light")
    expect(page.locator("svg.map")).to_be_visible()
    assert ground() == light
    page.locator("#menu-lang summary").click()
    page.locator("[data-theme-choice=dark]").click()
    page.goto(page.url.split("?")[0])
    expect(page.locator("svg.map")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_first_language_is_the_browsers(chromium: Browser, door: Door) -> None:
    for locale, wanted in (("ko-KR", "ko"), ("zh-CN", "zh-Hans"), ("ja-JP", "ja"), ("fr-FR", "en")):
        context = chromium.new_context(locale=locale)
        opened = context.new_page()
        opened.goto(f"{door.base}/start")
        expect(opened.locator("html")).to_have_attribute("lang", wanted)
        opened.goto(f"{door.base}/start?lang=en")
        expect(opened.locator("html")).to_have_attribute("lang", "en")
        context.close()


WHY = """async (language) => {
  const { setLanguage } = await import("/pages/base/words.js");
  const { ui } = await import("/pages/watch/state.js");
  const { why } = await import("/pages/watch/why.js");
  await setLanguage(language);
  Object.assign(ui, {
    state: { scenario: "japan-2026", seed: 1 },
    run: { target: "JPN", coercer: "CHN", zone: "JPN", played: 20, weeks: 20, start: "2025-11-03" },
    why: { zone: "JPN", title: "Why", start_usd: 0, start_say: "before", end_say: "lost",
      end_usd: 7.5e9, steps: [{ say: "bans", usd: 5.3e9, tone: "coercer" },
        { say: "fear", usd: 2.2e9, tone: "fear" }] },
  });
  const made = why();
  document.querySelector("#page").prepend(made);
  return [made.querySelector(".sub").innerText, ...[...made.querySelectorAll("svg[role=img] text")]
    .map((one) => one.textContent)];
}"""


@pytest.mark.parametrize(
    ("language", "unit", "bans"),
    [("en", "billions", "5.3"), ("ko", "hundred_millions", "53"),
     ("ja", "hundred_millions", "53"), ("zh-Hans", "hundred_millions", "53")],
)  # fmt: skip
def test_why_a_zone_lost_is_counted_in_the_large_units_of_the_language(
    page: Page, language: str, unit: str, bans: str
) -> None:
    """As the wall and the seat count: 53.0 hundred millions, and never tens of them."""
    sub, *texts = page.evaluate(WHY, language)
    assert catalogue(language)[f"result.{unit}"] in sub
    assert any(text.lstrip("+").startswith(bans) for text in texts), texts
    written = {"en": "", "ko": "10억", "ja": "10億", "zh-Hans": "十亿"}[language]
    assert not written or written not in sub
