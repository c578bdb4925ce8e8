"""Comparing in the browser: by name, on this machine, in four languages, and what goes wrong."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from runs.compare.comparison import compare
from runs.game import Game
from tests.pages.conftest import Door, OpenPage

pytestmark = pytest.mark.browser
LONG_MS = 120_000  # a run is played again for some of it
SMALL = {"users": 80, "weeks": 16}


@pytest.fixture(scope="module")
def shelf(door: Door) -> Path:
    """The folder of runs of the server: two runs, a sweep, a damaged run, and nothing else."""
    shelf = door.folder / "out"
    for name, more in (("mild", {}), ("hard", {"CHN.export_quota.gallium": 0.0})):
        Game("gallium-2023", set={**SMALL, **more}).run().save(shelf / name)
    broken = Path(shutil.copytree(shelf / "hard", shelf / "broken"))
    (broken / "zones.parquet").write_bytes(b"nothing")
    from runs.cli import main

    asked = ["sweep", "gallium-2023", "--vary", "CHN.export_quota.gallium=0,3", "--runs", "2",
             "--vary", "KOR.protest=0,1", "--users", "80", "--weeks", "16"]  # fmt: skip
    assert main([*asked, "--out", str(shelf / "swept"), "--json"]) == 0
    (shelf / "notes").mkdir()
    return shelf


def ask(door: Door, path: str, **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(f"{door.base}/compare/{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def at(page: Page, name: str, part: str = "a") -> None:
    page.locator(f"#pick-{part}").select_option(name)


def test_two_runs_are_chosen_by_name_and_their_difference_is_the_title(
    door: Door, shelf: Path, open_page: OpenPage
) -> None:
    page = open_page(f"{door.base}/compare?lang=en", 1440, 900)
    page.locator("#pick-a").wait_for()
    names = page.locator("#pick-a option").evaluate_all("all => all.map((one) => one.value)")
    assert {"mild", "hard", "broken", "swept", "gallium-2023"} <= set(names)
    assert "notes" not in names
    at(page, "mild")
    at(page, "hard", "b")
    found = compare(shelf / "mild", shelf / "hard")
    expect(page.locator("#found h1")).to_have_text(found.finding, timeout=LONG_MS)
    assert page.locator("#found figure svg[role=img]").count() == len(found.figures) > 2
    assert page.locator("#found figure details table").count() == len(found.figures)
    assert "a=mild" in page.url
    page.locator("#swap").click()
    turned = compare(shelf / "hard", shelf / "mild").finding
    expect(page.locator("#found h1")).to_have_text(turned, timeout=LONG_MS)


@pytest.mark.parametrize(("language", "width"), [("ko", 390), ("ja", 1280), ("zh-Hans", 390)])
def test_the_page_speaks_the_language_and_fits(
    door: Door, shelf: Path, open_page: OpenPage, language: str, width: int
) -> None:
    page = open_page(f"{door.base}/compare?a=mild&b=hard&lang={language}", width)
    found = compare(shelf / "mild", shelf / "hard", language)
    expect(page.locator("#found h1")).to_have_text(found.finding, timeout=LONG_MS)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.locator("#found :is(p, figcaption, summary, td):visible").evaluate_all(
        "all => all.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 12).length"
    )
    assert small == 0


def test_a_sweep_is_heat_maps_and_a_run_stands_beside_its_record(
    door: Door, shelf: Path, open_page: OpenPage
) -> None:
    page = open_page(f"{door.base}/compare?a=swept&lang=en", 1280, 800)
    expect(page.locator("#found .heat").first).to_be_visible(timeout=LONG_MS)
    at(page, "mild")
    at(page, "gallium-2023", "b")
    expect(page.locator("#found h1")).to_contain_text("published points are met", timeout=LONG_MS)
    assert page.locator("#found figure circle").count() > 0
    with page.expect_download() as download:
        page.locator("#save").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert page.locator("#found h1").inner_text() in text
    assert "<script" not in text


def test_what_cannot_be_compared_is_a_sentence_and_the_page_lives_on(
    door: Door, shelf: Path, open_page: OpenPage
) -> None:
    page = open_page(f"{door.base}/compare?a=broken&b=mild&lang=en", 1280, 800, refusals=True)
    expect(page.locator("#wrong")).to_contain_text("is damaged", timeout=LONG_MS)
    at(page, "swept")
    expect(page.locator("#wrong")).to_contain_text("is a sweep", timeout=LONG_MS)
    at(page, "mild")
    expect(page.locator("#found h1")).to_contain_text("No difference", timeout=LONG_MS)
    expect(page.locator("#wrong")).to_have_count(0)


@pytest.mark.parametrize("name", [
    "../out/mild", "/etc", "notes", "mild/..", "C:\\", "%00", "x" * 900,
])  # fmt: skip
def test_a_name_never_becomes_a_path(door: Door, shelf: Path, name: str) -> None:
    from urllib.parse import quote

    code, told = ask(door, f"found.json?a={quote(name)}&b=mild")
    assert (code, set(told)) == (404, {"error", "field"})


def test_another_site_is_told_nothing(door: Door, shelf: Path) -> None:
    for path in ("known.json", "found.json?a=mild", "file?a=mild"):
        code, told = ask(door, path, **{"sec-fetch-site": "cross-site"})
        assert (code, list(told)) == (403, ["error", "field"])
    assert ask(door, "known.json", **{"sec-fetch-site": "same-origin"})[0] == 200
