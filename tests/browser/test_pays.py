"""Who pays, who complies, and figures of the week that no picture has: all as recorded."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from runs import Game
from runs.pages.words import LANGUAGES, catalogue
from runs.tables import TABLES
from runs.web.more import ROWS, more, unit_of
from runs.web.reading import Reading
from runs.web.scene import scene_of
from tests.browser.helpers import HEAD, NARROW, OpenPage, unfold, wait_until_played
from tests.browser.screens import english_left, findings, fits
from tests.browser.test_class import EVERYWHERE, PLANTS

browser = pytest.mark.browser
SCENARIO = "hub-2022"  # a ban, a clause, hubs that pass on and traders that are caught
PAGE = f"?scenario={SCENARIO}&autoplay=0"
WORDS = catalogue("en")
SIZES = {"T": 1e12, "B": 1e9, "M": 1e6, "K": 1e3, "": 1.0}


@cache
def played(scenario: str = SCENARIO) -> Game:
    game = Game(scenario, seed=1)
    game.run(game.horizon)
    return game


def dollars(text: str) -> float:
    """−$2.15M as a number."""
    found = re.fullmatch(r"(under )?(−?)\$([\d.,]+)([TBMK]?)", text)
    assert found, text
    if found[1]:
        return 0.0
    value = float(found[3].replace(",", "")) * SIZES[found[4]]
    return -value if found[2] else value


def close(value: float) -> Any:
    """Three digits are written."""
    return pytest.approx(value, rel=6e-3, abs=20.0)


def rows_of(figure: Locator) -> dict[str, dict[str, str]]:
    """The table beside a picture: by the first column, cells by the heads of the others."""
    figure.locator("[data-do=table]").click()
    figure.locator("tbody tr").first.wait_for()
    heads = figure.locator("thead th").all_inner_texts()
    found = {}
    for row in figure.locator("tbody tr").all():
        cells = row.locator("th, td").all_inner_texts()
        found[cells[0]] = dict(zip(heads, cells, strict=True))
    return found


def at_the_end(page: Page) -> int:
    page.locator(HEAD).focus()
    page.keyboard.press("End")
    last = played().horizon - 1
    expect(page.locator(HEAD)).to_have_attribute("aria-valuenow", str(last))
    return last


# --- without a browser ----------------------------------------------------------------------------


def test_every_column_of_the_fold_is_recorded_and_has_a_name_and_a_meaning() -> None:
    for language in LANGUAGES:
        words = catalogue(language)
        for name in ROWS:
            table, _, column = name.partition(".")
            assert column in TABLES[table].values
            assert words[f"column.{column}"] != words[f"column_text.{column}"]
            if unit_of(table, column) == "code":
                for code in re.findall(r"\d", TABLES[table].values[column]):
                    assert words[f"column_code.{column}_{code}"]


def test_the_fold_has_the_weeks_of_the_zone_and_material_looked_at() -> None:
    game = Game("japan-2026", seed=1, users=150)
    game.submit(actor="USA", lever="wto_case", value=1.0, week=5)
    game.run(60)
    told = more(Reading(scene_of(game), game.recorder), "dy_oxide", "JPN")
    rows = {(row["id"], row["zone"]): row for row in told}
    frames = game.frames
    own = frames["zones"][frames["zones"].zone == "JPN"]
    market = frames["markets"].query("zone == 'JPN' and material == 'dy_oxide'")
    for column, frame in (("jobs_at_risk", own), ("leverage_of_china", own),
                          ("hoarding", market), ("recycling_t", market)):  # fmt: skip
        series = rows[column, "JPN"]["values"]
        assert series == pytest.approx(frame[column].tolist(), rel=1e-3, abs=1e-9)
    assert len(rows["lent_t", "JPN"]["values"]) == 1  # what never moves is told once
    assert ("case_stage", "USA") in rows, "a case is told of who sues, wherever one looks"
    assert ("case_stage", "JPN") not in rows
    plants = frames["producers"].query("material == 'dy_oxide' and zone != 'CHN' and week == 40")
    soonest = plants.years_to_start[plants.years_to_start > 0].min()
    assert rows["years_to_start", ""]["values"][40] == pytest.approx(soonest, rel=1e-3)
    assert not any(row["id"] == "served_share" for row in told), "Japan is no hub"
    hub = more(Reading(scene_of(game), game.recorder), "dy_oxide", "VNM")
    assert any(row["id"] == "served_share" for row in hub)


# --- the page -------------------------------------------------------------------------------------


@browser
def test_who_pays_is_one_picture_of_what_the_record_has(open_page: OpenPage) -> None:
    page = open_page(PAGE)
    wait_until_played(page)
    figure = page.locator("[data-figure=pays]")
    told = rows_of(figure)
    zones = played().frames["zones"]
    sums = zones.groupby("zone").sum(numeric_only=True)
    names = {code: WORDS[f"seat.{code}"] for code in sums.index}
    head = {one: WORDS[f"watch.bill_{one}"] for one in (
        "other", "made_up", "refused", "floor", "subsidies", "tariffs", "measures", "all", "orders",
        "budget")}  # fmt: skip
    for zone, name in names.items():
        row, own = told[name], sums.loc[zone]
        assert dollars(row[head["refused"]]) == close(own.refused_usd)
        lost = dollars(row[head["other"]]) + dollars(row[head["made_up"]])
        assert lost == close(own.gdp_loss_usd - own.refused_usd)
        assert dollars(row[head["floor"]]) == close(own.floor_cost_usd)
        assert dollars(row[head["subsidies"]]) == close(own.subsidy_usd)
        assert dollars(row[head["tariffs"]]) == close(own.tariff_revenue_usd)
        assert dollars(row[head["orders"]]) == close(own.orders_lost_usd)
        budget = zones[zones.zone == zone].sort_values("week").budget_usd.iloc[-1]
        assert dollars(row[head["budget"]]) == close(-budget)
    picture = figure.locator("svg[role=img]").first
    said = picture.get_attribute("aria-label") or ""
    china = told[names["CHN"]]
    assert f"{names['CHN']} {china[head['all']]}" in said, "Beijing pays too"
    assert f"{head['measures']} {china[head['measures']]}" in said
    for one in said.split("; "):  # and each part of the picture is a cell of the table
        name = next(name for name in names.values() if one.startswith(f"{name} $"))
        for cell in re.findall(r"(\D+) (−?\$[\d.]+[TBMK]?)(?:, |$)", one.partition(": ")[2]):
            assert told[name][cell[0].strip(", ")] == cell[1]


@browser
def test_who_complies_has_law_beliefs_threats_and_catches_of_the_week(open_page: OpenPage) -> None:
    page = open_page(PAGE)
    wait_until_played(page)
    last = at_the_end(page)
    game, part = played(), page.locator("[data-part=complies]")
    link = part.locator(".tools a").get_attribute("href") or ""
    material = re.findall(r"material=(\w+)", link)[0]
    hubs = game.frames["hubs"]
    caught = int(hubs.detections.sum())
    expect(part.locator("[data-row=detections] b")).to_have_text(f"{caught:,}")
    laws, scenario = game.frames["law"], game.setting.scenario
    laws = laws[(laws.material == material) & (laws.week == last)]
    law = laws[laws.zone == scenario.target].iloc[0]
    hubs = hubs[(hubs.material == material) & (hubs.week == last)]
    own = hubs[hubs.hub != scenario.coercer]
    for name, value in (("ban_breadth", law.ban_breadth), ("licence_duty", law.licence_duty),
                        ("belief", own.belief.mean()), ("credibility", own.credibility.mean()),
                        ("grey_premium", own.grey_premium.mean())):  # fmt: skip
        shown = part.locator(f"[data-row={name}] b").inner_text().replace("−", "-")
        assert float(shown.strip("%").replace(",", "")) / 100 == pytest.approx(value, abs=6e-3)
    for order in ("third_country_clause", "threat", "enforcement"):
        expect(part.locator(f"[data-row={order}] b")).not_to_be_empty()
    heads = rows_of(part.locator("[data-figure=complies]"))
    assert WORDS["watch.hub_served"] in next(iter(heads.values()))


@browser
def test_the_fold_opens_on_figures_of_the_week_under_the_head(open_page: OpenPage) -> None:
    page = open_page(PAGE)
    wait_until_played(page)
    fold = page.locator("[data-part=more]")
    expect(fold.locator("[data-row]")).to_have_count(0)  # nothing is drawn that nobody sees
    unfold(fold)
    jobs = fold.locator("[data-row^=jobs_at_risk] b")
    zone = (fold.locator("[data-row^=jobs_at_risk]").get_attribute("data-row") or "")[-3:]
    zones = played().frames["zones"]
    own = zones[zones.zone == zone].set_index("week").jobs_at_risk

    def said(week: int) -> float:
        expect(page.locator(HEAD)).to_have_attribute("aria-valuenow", str(week))
        return float(jobs.inner_text().replace(",", ""))

    page.locator(HEAD).focus()
    page.keyboard.press("Home")
    assert said(0) == pytest.approx(own[0], rel=1e-3, abs=0.6)
    last = at_the_end(page)
    assert said(last) == pytest.approx(own[last], rel=1e-3, abs=0.6)
    texts = fold.inner_text()
    for name in ROWS:
        column = name.partition(".")[2]
        if column != "served_share":
            assert WORDS[f"column.{column}"] in texts
        assert column not in texts, "names, never codes"
    assert findings(page) == []


@browser
def test_jobs_and_the_institutes_stand_beside_the_models_own_loss(open_page: OpenPage) -> None:
    page = open_page("?scenario=japan-2026&autoplay=0")
    wait_until_played(page)
    part = page.locator("[data-part=why]")
    zones = played("japan-2026").frames["zones"]
    own = zones[zones.zone == "JPN"]
    said = part.locator("[data-show=jobs]").inner_text()
    assert f"{own.jobs_at_risk.mean():,.0f}" in said
    assert f"{own.jobs_at_risk.max():,.0f}" in said
    label = part.locator("[data-show=studies] svg").get_attribute("aria-label") or ""
    assert f"{WORDS['watch.study_nri']} 0.43%" in label
    assert f"{WORDS['watch.study_dir']} 1.3%" in label
    share = float(re.findall(rf"{WORDS['watch.study_own']} ([\d.]+)%", label)[0])
    assert share / 100 == pytest.approx(own.gdp_loss_share.mean(), abs=6e-5)


@browser
@pytest.mark.parametrize("language", ["ko", "ja", "zh-Hans"])
def test_all_of_it_is_told_in_the_readers_language_on_a_telephone(
    open_page: OpenPage, language: str
) -> None:
    page = open_page(f"?scenario=japan-2026&autoplay=0&lang={language}", NARROW)
    wait_until_played(page)
    unfold(page.locator("[data-part=more]"))
    page.locator("[data-part=more] [data-row]").first.wait_for()
    for part in ("pays", "complies"):
        page.locator(f"[data-figure={part}] [data-do=table]").click()
    fits(page)
    assert english_left(page, EVERYWHERE | PLANTS) == []
