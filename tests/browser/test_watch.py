"""The watch page in a real browser: it runs, it steps, it shows what the record says."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from runs import Game
from runs.web.board import headline
from runs.web.reading import Reading
from runs.web.scene import Look, scene_of
from tests.browser.helpers import NARROW, WEEK, OpenPage, wait_for_week, week_of

pytestmark = pytest.mark.browser


def figures_on(page: Page) -> dict[str, str]:
    """Headline figures as they stand on the page."""
    page.locator("[data-kpi=price] .value").wait_for()
    return {
        str(box.get_attribute("data-kpi")): box.locator(".value").inner_text()
        for box in page.locator("[data-kpi]").all()
    }


def figures_of(game: Game, material: str, zone: str) -> dict[str, str]:
    """The same figures from the record."""
    reading = Reading(scene_of(game), game.recorder)
    return {row["id"]: row["value"] for row in headline(reading, Look(material, zone))}


def step(page: Page, week: int) -> None:
    page.locator("[data-do=step]").click()
    expect(page.locator(WEEK)).to_have_text(str(week))


def test_page_goes_live_by_itself(open_page: OpenPage) -> None:
    """First numbers, and a week that goes on without a hand; how soon is `trial.opening`'s word."""
    page = open_page()
    page.locator("[data-kpi=price] .value").wait_for()
    wait_for_week(page, 2)
    expect(page.locator("[data-kpi=price] .value")).to_contain_text("USD/kg")
    expect(page.locator("svg.map")).to_be_visible()
    expect(page.locator("[data-chart]")).to_have_count(6)


def test_a_step_shows_the_numbers_of_the_record(open_page: OpenPage) -> None:
    page = open_page("?autoplay=0&seed=5&material=dy_oxide&zone=JPN")
    opening = figures_on(page)
    game = Game("japan-2026", seed=5)
    seen = []
    for week in range(1, 4):
        step(page, week)
        game.step()
        seen.append(figures_on(page))
        assert seen[-1] == figures_of(game, "dy_oxide", "JPN")
    assert opening != seen[0]
    frame = game.frames["markets"]
    row = frame[(frame.week == 2) & (frame.material == "dy_oxide") & (frame.zone == "JPN")].iloc[0]
    shown = float(seen[-1]["price"].removesuffix(" USD/kg").replace(",", ""))
    assert shown == pytest.approx(row.price_usd_per_t / 1000, rel=5e-3)


def test_material_and_zone_are_those_of_the_record(open_page: OpenPage) -> None:
    page = open_page("?autoplay=0&seed=2")
    step(page, 1)
    page.locator("[data-do=material]").select_option("gallium")
    page.locator("[data-do=zone]").select_option("KOR")
    expect(page.locator("[data-show=heading]")).to_have_text("Gallium in Korea")
    game = Game("japan-2026", seed=2)
    game.step()
    assert figures_on(page) == figures_of(game, "gallium", "KOR")


def test_two_browsers_do_not_disturb_each_other(open_page: OpenPage) -> None:
    still = open_page("?autoplay=0&seed=1")
    step(still, 1)
    before = figures_on(still)
    moving = open_page("?seed=9&speed=8")
    wait_for_week(moving, 6)
    moving.locator("[data-do=zone]").select_option("USA")
    assert week_of(still) == 1
    assert figures_on(still) == before
    step(still, 2)
    game = Game("japan-2026", seed=1)
    game.run(2)
    assert figures_on(still) == figures_of(game, "dy_oxide", "JPN")


def test_keyboard_plays_pauses_and_steps(open_page: OpenPage) -> None:
    page = open_page("?autoplay=0")
    page.locator("[data-kpi=price] .value").wait_for()
    page.keyboard.press("ArrowRight")
    expect(page.locator(WEEK)).to_have_text("1")
    # one week played is week 0 of the run's tables, in the clock as in the log
    expect(page.locator("[data-show=clock-week]")).to_have_text("week 0")
    page.keyboard.press("Space")
    expect(page.locator("[data-do=play]")).to_contain_text("Pause")
    wait_for_week(page, 3)
    page.keyboard.press("Space")
    expect(page.locator("[data-do=play]")).to_contain_text("Play")


def test_reset_starts_again_with_the_seed_that_was_typed(open_page: OpenPage) -> None:
    """Half-typed text survives the updates of a running page, and then counts."""
    page = open_page("?speed=8")
    page.locator(".setup summary").click()
    seed = page.locator("[data-do=seed]")
    seed.fill("")
    for digit in "123456":
        seed.press(digit)
        page.wait_for_timeout(250)  # several redraws between two keys
    expect(seed).to_have_value("123456")
    page.locator("[data-do=reset]").click()
    expect(page.locator(".setup summary")).to_contain_text("seed 123456")
    wait_for_week(page, 0, 3)


def test_a_seed_that_is_none_is_refused_with_a_sentence(open_page: OpenPage) -> None:
    page = open_page("?autoplay=0")
    page.locator(".setup summary").click()
    page.locator("[data-do=seed]").fill("1.5e3")
    page.locator("[data-do=reset]").click()
    expect(page.locator("[data-show=status]")).to_contain_text("A seed is a whole number")


def test_looking_back_shows_that_week(open_page: OpenPage) -> None:
    page = open_page("?autoplay=0&seed=4")
    step(page, 1)
    first = figures_on(page)
    for week in range(2, 6):
        step(page, week)
    page.locator("input[type=range]").first.fill("0")
    page.get_by_role("button", name="Back to the latest").wait_for()
    assert figures_on(page) == first
    page.get_by_role("button", name="Back to the latest").click()
    expect(page.get_by_role("button", name="Back to the latest")).to_have_count(0)
    game = Game("japan-2026", seed=4)
    game.run(5)
    assert figures_on(page) == figures_of(game, "dy_oxide", "JPN")


def test_the_table_behind_a_chart_holds_its_numbers(open_page: OpenPage) -> None:
    page = open_page("?autoplay=0&seed=4")
    step(page, 1)
    step(page, 2)
    chart = page.locator("[data-chart=deliveries]")
    chart.locator("summary").click()
    expect(chart.locator("tbody tr")).to_have_count(2)
    game = Game("japan-2026", seed=4)
    game.run(2)
    frame = game.frames["markets"]
    row = frame[(frame.week == 1) & (frame.material == "dy_oxide") & (frame.zone == "JPN")].iloc[0]
    cells = chart.locator("tbody tr").first.locator("td").all_inner_texts()
    assert float(cells[2]) == pytest.approx(row.from_china_t, rel=5e-3)
    assert float(cells[-1]) == pytest.approx(row.demand_t, rel=5e-3)


def test_the_log_can_be_read_for_one_actor(open_page: OpenPage) -> None:
    page = open_page("?speed=1000")
    wait_for_week(page, 26)
    page.locator("[data-do=play]").click()
    expect(page.locator("[data-do=play]")).to_contain_text("Play")
    page.locator("[data-do=actor]").select_option("CHN")
    expect(page.locator(".journal li").filter(has_not_text="CHN")).to_have_count(0)
    expect(page.locator(".journal li").first).to_contain_text("CHN")


def test_an_address_that_asks_for_nonsense_gets_a_sentence(open_page: OpenPage) -> None:
    page = open_page("?scenario=/etc/passwd&seed=abc&autoplay=0")
    page.locator("[data-kpi=price] .value").wait_for()
    expect(page.locator("[data-show=status]")).to_contain_text("whole number")
    expect(page.locator(".setup summary")).to_contain_text("japan-2026")


def test_sources_are_shown_in_a_table(open_page: OpenPage) -> None:
    page = open_page("?autoplay=0")
    page.locator("[data-kpi=price] .value").wait_for()
    page.get_by_role("button", name="Sources", exact=True).click()
    overview = page.locator("table.overview tbody tr")
    expect(overview.nth(9)).to_be_visible()
    page.get_by_role("button", name="Gallium", exact=True).click()
    expect(page.get_by_role("heading", name="All figures for Gallium")).to_be_visible()
    for text in page.locator("table.figures tbody tr td:nth-child(5)").all_inner_texts():
        assert text.split(",")[0] in {"seed", "seen", "recalled", "assumption"}
    expect(page.locator("table.parameters")).to_contain_text("score half cost")


@pytest.mark.parametrize("query", ["?speed=8", "?autoplay=0&seat=JPN"])
def test_nothing_is_wider_than_a_telephone(open_page: OpenPage, query: str) -> None:
    page = open_page(query, NARROW)
    page.locator("[data-kpi=price] .value").wait_for()
    for summary in page.locator(".setup summary, [data-chart] summary").all():
        summary.click()
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    beyond = page.evaluate(
        """() => [...document.querySelectorAll('.ent-page *')].filter(e => {
            if (e.closest('.scroll') || e.closest('svg')) return false;
            const box = e.getBoundingClientRect();
            return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
        }).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert beyond == []
    page.get_by_role("button", name="Sources", exact=True).click()
    page.locator("table.overview").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_every_control_and_picture_has_a_name(open_page: OpenPage) -> None:
    """For those who listen to a page."""
    page = open_page("?autoplay=0&seat=KOR")
    page.locator("[data-kpi=price] .value").wait_for()
    page.locator(".setup summary").click()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('.ent-page button, .ent-page select, .ent-page input, .ent-page svg')]
            .filter(e => e.getAttribute('aria-hidden') !== 'true' && !e.closest('[aria-hidden=true]'))
            .filter(e => !(e.getAttribute('aria-label') || e.innerText || (e.labels && e.labels.length)))
            .map(e => e.outerHTML.slice(0, 100))"""  # noqa: E501
    )
    assert nameless == []
    assert page.evaluate("document.documentElement.lang") == "en"
