"""The watch page in a real browser: it tells, it plays, it looks back without asking anybody."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from runs import Game
from runs.pages.words import catalogue
from tests.browser.helpers import (
    HEAD,
    NARROW,
    READY,
    OpenPage,
    wait_for_week,
    wait_until_played,
    week_of,
)
from tests.browser.screens import fits

pytestmark = pytest.mark.browser
SHORT = "?scenario=gallium-2023&autoplay=0"  # 78 weeks of two materials
FIGURE = "[data-tile=price] .v"


def price_of(game: Game, week: int, material: str, zone: str) -> str:
    """The price of a week as the tile has it."""
    frame = game.frames["markets"]
    row = frame[(frame.week == week) & (frame.material == material) & (frame.zone == zone)].iloc[0]
    return f"×{row.price:.1f}"


def at_week(page: Page, week: int) -> None:
    expect(page.locator(HEAD)).to_have_attribute("aria-valuenow", str(week))


def test_the_menu_of_the_run_leads_to_comparing(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    page.locator("#menu-run summary").click()
    expect(page.locator("[data-do=compare]")).to_have_attribute("href", "/compare")


def test_bar_sea_and_coasts_stand_before_the_run(open_page: OpenPage) -> None:
    page = open_page("?autoplay=0")
    expect(page.locator(".bar .logo")).to_be_visible()
    page.locator("svg.map .land").first.wait_for(state="attached")
    assert page.locator("svg.map .land").count() > 12
    page.locator(READY).wait_for()
    assert page.locator(".v-application:visible").count() == 0  # no framework's words


def test_the_page_goes_live_by_itself(open_page: OpenPage) -> None:
    page = open_page("?scenario=gallium-2023")
    wait_for_week(page, 2)
    for part in ("headline", "map", "tiles", "timeline", "news", "fork", "pays", "complies", "why"):
        expect(page.locator(f"[data-part={part}]")).to_be_visible()
    expect(page.locator("[data-tile]")).to_have_count(5)
    expect(page.locator("[data-lane]").first).to_be_attached()


def test_the_figures_are_those_of_the_record_in_every_week(open_page: OpenPage) -> None:
    page = open_page(f"{SHORT}&seed=5&material=gallium&zone=ROW")
    wait_until_played(page)
    game = Game("gallium-2023", seed=5)
    game.run(78)
    page.locator(HEAD).focus()
    seen = set()
    for key, week in (("Home", 0), ("ArrowRight", 1), ("Shift+ArrowRight", 14),
                      ("Shift+ArrowRight", 27), ("End", 77)):  # fmt: skip
        page.keyboard.press(key)
        at_week(page, week)
        wanted = price_of(game, week, "gallium", "ROW")
        expect(page.locator(FIGURE)).to_have_text(wanted)
        seen.add(wanted)
    assert len(seen) > 1


def test_looking_back_asks_the_server_nothing(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    sent: list[object] = []
    page.on("websocket", lambda line: line.on("framesent", lambda frame: sent.append(frame)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    wait_until_played(page)
    assert sent, "the line is not watched"
    page.wait_for_timeout(500)
    sent.clear()
    asked.clear()
    first = page.locator("[data-part=headline]").inner_text()
    page.locator(HEAD).focus()
    for _ in range(8):
        page.keyboard.press("Shift+ArrowRight")
    at_week(page, 77)
    assert page.locator("[data-part=headline]").inner_text() != first
    assert asked == []
    assert [frame for frame in sent if "ask" in str(frame)] == []


def test_keys_play_pause_and_step_from_anywhere(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    wait_until_played(page)
    page.keyboard.press("ArrowRight")
    at_week(page, 1)
    play = page.locator("[data-do=play]")
    page.keyboard.press("Space")
    expect(play).to_have_attribute("aria-pressed", "true")
    wait_for_week(page, 3)
    page.keyboard.press("Space")
    expect(play).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("End")
    page.keyboard.press("Space")  # from the end it begins again
    wait_for_week(page, 1, 60)


def test_moving_the_head_draws_nothing_anew_that_does_not_follow_it(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    wait_until_played(page)
    page.locator("[data-do=why]").click()  # nothing else comes by itself later
    page.locator("[data-figure=why]").wait_for(timeout=120_000)
    page.evaluate(
        """() => {
            window.changed = new Set();
            const still = ".land, [data-part=lead], [data-part=why], [data-part=pays], .grid.six";
            const seen = new MutationObserver((all) => all.forEach(({ target }) => {
                if (!target.closest?.(".canvas")) window.changed.add(target.getAttribute("class"));
            }));
            for (const one of document.querySelectorAll(still))
                seen.observe(one, { attributes: true, childList: true, characterData: true,
                    subtree: true });
        }"""
    )
    week = page.locator(".grid.six path.week").first
    was = week.get_attribute("transform")
    for key, at in (("End", 77), ("Home", 0), ("Shift+ArrowRight", 13)):
        page.keyboard.press(key)
        at_week(page, at)
    expect(week).not_to_have_attribute("transform", was or "")
    assert page.evaluate("[...window.changed]") == ["week"]
    page.locator("[data-figure=second] [data-do=table]").click()  # but what is opened is drawn
    expect(page.locator("[data-figure=second] tbody tr")).to_have_count(78)


def test_flags_are_passed_and_can_be_gone_to(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    wait_until_played(page)
    flag = page.locator("[data-flag]").last
    week = int(flag.get_attribute("data-flag") or -1)
    assert week > 0
    flag.locator("text").click()
    at_week(page, week)


def test_two_browsers_do_not_disturb_each_other(open_page: OpenPage) -> None:
    still = open_page(f"{SHORT}&seed=1&week=3")
    wait_for_week(still, 3, 3)
    before = still.locator("[data-part=tiles]").inner_text()
    moving = open_page("?scenario=gallium-2023&seed=9&speed=8")
    wait_for_week(moving, 6)
    assert week_of(still) == 3
    assert still.locator("[data-part=tiles]").inner_text() == before


def test_a_country_of_the_map_is_opened_and_chosen(open_page: OpenPage) -> None:
    page = open_page(f"{SHORT}&seed=2&material=gallium&zone=JPN")
    wait_until_played(page)
    page.keyboard.press("End")
    page.locator(".map [data-zone=KOR]").focus()
    page.keyboard.press("Enter")
    panel = page.locator("[data-panel]")
    expect(panel.locator("h2")).to_have_text("Korea")
    panel.locator("[data-do=look]").click()
    expect(page.locator(".map [data-zone=KOR]")).to_have_attribute("aria-pressed", "true")
    game = Game("gallium-2023", seed=2)
    game.run(78)
    expect(page.locator(FIGURE)).to_have_text(price_of(game, 77, "gallium", "KOR"))


def test_a_material_is_chosen_by_a_tile(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    wait_until_played(page)
    page.locator("[data-tile=price]").click()
    page.locator("[data-panel] [data-good=germanium]").click()
    expect(page.locator("[data-tile=price] .l")).to_contain_text(re.compile("germanium", re.I))


def test_the_table_beside_a_picture_holds_its_numbers(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    wait_until_played(page)
    figure = page.locator("[data-figure=price]")
    figure.locator("[data-do=table]").click()
    expect(figure.locator("tbody tr")).to_have_count(78)
    game = Game("gallium-2023", seed=1)
    game.run(78)
    frame = game.frames["markets"]
    own = frame[(frame.material == "gallium") & (frame.zone == "ROW")].sort_values("week")
    cells = figure.locator("tbody tr").nth(40).locator("th, td").all_inner_texts()
    wanted = own.iloc[40].price_usd_per_t / 1000
    assert float(cells[2].replace(",", "")) == pytest.approx(wanted, rel=6e-3)
    with page.expect_download() as saved:
        figure.locator("[data-do=data]").click()
    text = saved.value.path().read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 79
    with page.expect_download() as drawn:
        page.locator("figure:not(.wide) [data-do=svg]").first.click()
    assert "var(--" not in drawn.value.path().read_text()


def test_questions_are_answered_by_one_press(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    wait_until_played(page)
    answers = set()
    for question in page.locator("[data-ask]").all():
        question.click()
        expect(question).to_have_attribute("aria-pressed", "true")
        said = page.locator("[data-show=answer]").inner_text()
        assert said.endswith(".")
        answers.add(said)
    assert len(answers) >= 4


def steps_of(figure: Locator) -> list[float]:
    """The figures of the table beside a waterfall; the last is what its steps lead to."""
    if not figure.locator("tbody").count():
        figure.locator("[data-do=table]").click()
    expect(figure.locator("tbody td").first).to_be_visible()
    cells = figure.locator("tbody td").all_inner_texts()
    return [float(cell.replace(",", "").replace("−", "-")) for cell in cells]


def test_why_comes_by_itself_and_adds_up_for_any_zone(open_page: OpenPage, ahead: str) -> None:
    page = open_page(f"{ahead}?scenario=magnets-2025&autoplay=0")
    wait_until_played(page)
    figure = page.locator("[data-figure=why]")
    figure.wait_for(timeout=120_000)
    told = set()
    zones = page.locator("[data-why]").evaluate_all("all => all.map(one => one.dataset.why)")
    for zone in zones[:3]:
        page.locator(f"[data-why={zone}]").click()
        expect(page.locator(f"[data-why={zone}]")).to_have_attribute("aria-pressed", "true")
        figure.wait_for(timeout=120_000)
        rows = steps_of(figure)
        assert len(rows) >= 3
        assert rows[-1] == pytest.approx(sum(rows[:-1]), abs=0.01)
        told.add(figure.locator("h2").inner_text())
    assert len(told) == 3
    assert page.locator("[data-do=why]").count() == 0  # nothing is left to be pressed


@pytest.mark.parametrize(
    ("query", "words", "next_good"),  # whose price moves too: without that there is no lead chart
    [("?scenario=antimony-2024&autoplay=0&material=antimony&zone=USA", r"8 of 10 of (\d+)",
      "gallium"),
     (f"{SHORT}&material=gallium", r"In all (\d+) lucks the price is the same", "germanium")],
)  # fmt: skip
def test_the_lead_chart_has_the_band_of_other_lucks_and_says_so(
    open_page: OpenPage, ahead: str, query: str, words: str, next_good: str
) -> None:
    page = open_page(ahead + query)
    wait_until_played(page)
    figure = page.locator("[data-figure=price]")
    said = figure.locator("text", has_text=re.compile(words))
    said.wait_for(timeout=120_000)
    assert int(re.findall(words, said.text_content() or "")[0]) >= 8
    figure.locator("[data-do=table]").click()
    expect(figure.locator("thead th").first).to_be_visible()
    heads = figure.locator("thead th").all_inner_texts()
    assert [head.partition(" of 10")[0] for head in heads[-2:]] == ["8", "8"]
    for cells in figure.locator("tbody tr").all()[20:60:10]:
        texts = cells.locator("th, td").all_inner_texts()
        low, high = (float(text.replace(",", "")) for text in texts[-2:])
        assert 0 < low <= high
    was = figure.locator("tbody tr").nth(40).inner_text()
    page.locator("[data-tile=price]").click()
    page.locator(f"[data-panel] [data-good={next_good}]").click()
    figure.locator(f"a[href*='material={next_good}']").wait_for()
    expect(figure.locator("tbody tr").nth(40)).not_to_have_text(was)
    figure.locator("text", has_text=re.compile("8 of 10 of|In all")).wait_for()
    assert len(figure.locator("thead th").all_inner_texts()) == len(heads)


def test_a_seed_is_typed_in_the_bar_and_refused_with_a_sentence(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    page.locator(READY).wait_for()
    for typed, shown in (("12", "12"), ("1.5e3", "1")):
        page.locator("#menu-run summary").click()
        page.locator("[data-do=seed]").fill(typed)
        page.locator("[data-do=reseed]").click()
        page.wait_for_url(re.compile(f"seed={re.escape(typed)}"))
        page.locator(READY).wait_for()
        expect(page.locator("#menu-run summary")).to_contain_text(f"seed {shown}")
    expect(page.locator("[data-show=notice]")).to_contain_text("A seed is a whole number")


def test_an_address_that_asks_for_nonsense_gets_a_sentence(open_page: OpenPage) -> None:
    page = open_page("?scenario=/etc/passwd&autoplay=0")
    expect(page.locator("[data-show=notice]")).to_contain_text("There is no scenario")
    expect(page.locator("#menu-run summary")).to_contain_text("Japan 2026")


def test_a_link_of_another_run_says_what_is_not_here_and_shows_the_rest(
    open_page: OpenPage,
) -> None:
    page = open_page(f"{SHORT}&material=unobtainium&zone=KOR&week=99999&view=zzz&old=1&lang=ko")
    said = catalogue("ko")["watch.strange_link"].replace(
        "{asked}", "material=unobtainium, week=99999, view=zzz, old=1"
    )
    expect(page.locator("[data-show=notice]")).to_have_text(said)
    wait_until_played(page)
    wait_for_week(page, least=1)  # its last one
    expect(page.locator("[data-show=notice]")).to_have_text(said)


def test_back_and_forward_bring_the_page_back(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    page.locator(READY).wait_for()
    page.locator("nav [data-way=sources]").click()
    page.locator("table.overview").wait_for()
    page.go_back()
    wait_until_played(page)  # the head goes no further than what is told
    page.keyboard.press("ArrowRight")
    at_week(page, 1)
    page.go_forward()
    page.locator("table.overview").wait_for()


def test_sources_are_shown_in_a_table(open_page: OpenPage) -> None:
    page = open_page("?view=sources")
    overview = page.locator("table.overview tbody tr")
    expect(overview.nth(9)).to_be_visible()
    page.locator("[data-good=gallium]").click()
    expect(page.locator("select[name=material]")).to_have_value("gallium")
    rows = page.locator("table.figures tbody tr")
    expect(rows.first).to_be_visible()
    assert 10 < rows.count() <= 51


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (1920, 1080)])
def test_the_first_screen_holds_the_story(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(SHORT, {"width": size[0], "height": size[1]})
    wait_until_played(page)
    page.keyboard.press("End")
    for part in ("headline", "map", "tiles", "timeline"):
        box = page.locator(f"[data-part={part}]").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size[1] + 1, part
    fits(page)


def test_no_text_is_smaller_than_twelve_pixels(open_page: OpenPage) -> None:
    page = open_page(SHORT)
    wait_until_played(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll('#page *')].filter(e => {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) return false;
            if (e.closest('.sr, title, details:not([open]) .sheet')) return false;
            const scale = e.ownerSVGElement ? e.getScreenCTM().a : 1;
            return parseFloat(getComputedStyle(e).fontSize) * scale < 11.5;
        }).map(e => e.textContent.slice(0, 60))"""
    )
    assert small == []


def test_nothing_is_wider_than_a_telephone(open_page: OpenPage) -> None:
    page = open_page(SHORT, NARROW)
    wait_until_played(page)
    for table in page.locator("[data-do=table]").all():
        table.click()
    fits(page)
    dock = page.locator("[data-part=timeline]").bounding_box()
    assert dock is not None
    assert dock["y"] + dock["height"] == pytest.approx(NARROW["height"], abs=1)  # at the thumb
    page.goto(page.url.split("?")[0] + "?view=sources")
    page.locator("table.overview").wait_for()
    fits(page)


def test_every_control_and_picture_has_a_name(open_page: OpenPage) -> None:
    """For those who listen to a page."""
    page = open_page(SHORT)
    wait_until_played(page)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('#page :is(button, select, input, svg, [role=img])')]
            .filter(e => !e.closest('[aria-hidden=true]') && !e.parentElement.closest('[role=img]'))
            .filter(e => !(e.getAttribute('aria-label') || e.textContent || e.labels?.length))
            .map(e => e.outerHTML.slice(0, 100))"""
    )
    assert nameless == []
    page.locator(HEAD).focus()
    page.keyboard.press("End")
    expect(page.locator(HEAD)).to_have_attribute("aria-valuetext", re.compile("Week of .* 20"))


@pytest.mark.parametrize(
    ("language", "word"), [("ko", "관전"), ("ja", "見る"), ("zh-Hans", "观看")]
)
def test_the_page_speaks_four_languages(open_page: OpenPage, language: str, word: str) -> None:
    page = open_page(f"{SHORT}&lang={language}&week=30")
    wait_for_week(page, 30, 30)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("nav [data-way=watch]")).to_have_text(word)
    ways = page.locator("nav [data-way]").evaluate_all("all => all.map(one => one.search)")
    assert all(f"lang={language}" in way for way in ways)  # an address hands its language on
    expect(page.locator(READY)).not_to_have_text(re.compile("[A-Za-z]{3}"))
    page.locator("#menu-lang summary").click()
    page.locator("[data-lang=en]").click()
    expect(page.locator(READY)).to_have_text(re.compile("[A-Za-z]{3}"))
    ways = page.locator("nav [data-way]").evaluate_all("all => all.map(one => one.search)")
    assert not any(f"lang={language}" in way for way in ways)
    # the names in a chart come with the run's story, which is told anew a moment later
    expect(page.locator("#plot-lead svg")).to_have_text(re.compile(r"^[\x00-\u2fff]+$"))


def test_less_motion_is_less_motion(open_page: OpenPage) -> None:
    page = open_page("?scenario=gallium-2023&speed=16")
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    wait_for_week(page, 1)
    moving = page.evaluate(
        "[...document.querySelectorAll('#page *')].filter(e => getComputedStyle(e).animationName !== 'none').length"  # noqa: E501
    )
    assert moving == 0


def test_a_printed_sheet_says_what_it_shows(open_page: OpenPage) -> None:
    page = open_page(f"{SHORT}&seed=3")
    wait_until_played(page)
    page.emulate_media(media="print", color_scheme="dark")
    line = page.locator(".printed")
    expect(line).to_be_visible()
    expect(line).to_contain_text("Gallium 2023, seed 3, week 0")
    expect(page.locator(".bar")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
