"""On paper: nothing leaves its page, and a PDF has one page for each sheet of the right size."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader
from sheets import sheets

from runs.pages.routes import STATIC
from runs.pages.words import LANGUAGES
from runs.printing.paper import DOCUMENTS, PAPER, contents, document, write

pytestmark = pytest.mark.browser

# Elements that leave their page, run into its foot, or hold more than their box shows.
OUTSIDE = """
() => {
  const found = [];
  document.querySelectorAll("section.page").forEach((page, number) => {
    const box = page.getBoundingClientRect(), foot = page.querySelector(".foot");
    const end = foot ? foot.getBoundingClientRect().top : box.bottom;
    for (const one of page.querySelectorAll("*")) {
      const own = one.getBoundingClientRect(), low = one.closest(".foot") ? box.bottom : end;
      const out = own.left < box.left - 0.5 || own.right > box.right + 0.5
        || own.top < box.top - 0.5 || own.bottom > low + 0.5;
      const cut = one.clientWidth > 0 && getComputedStyle(one).display !== "inline"
        && one.scrollWidth > one.clientWidth + 1;
      if (out || cut) found.push([number, one.tagName, one.textContent.slice(0, 40)]);
    }
  });
  return found;
}
"""
HEIGHTS = "[...document.querySelectorAll('table a')].map(a => a.getBoundingClientRect().height)"
SIZE_MM = {"a4": (210, 297), "a5": (148, 210)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_leaves_its_page(language: str, chromium: Browser, tmp_path: Path) -> None:
    outside: list[str] = []
    page = chromium.new_page()
    page.on("request", lambda one: outside.append(one.url))
    for file in write(DOCUMENTS, "japan-2026", language, tmp_path):
        page.goto(file.as_uri())
        for medium in ("screen", "print"):
            page.emulate_media(media=medium)  # type: ignore[arg-type]
            assert page.evaluate(OUTSIDE) == [], f"{file.name} on {medium}"
    page.close()
    assert all(url.startswith("file:") for url in outside)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_has_a_page_for_each_sheet(language: str, chromium: Browser) -> None:
    page = chromium.new_page()
    for kind in DOCUMENTS:
        page.set_content(document(kind, "japan-2026", language))
        made = page.pdf(prefer_css_page_size=True, print_background=True)
        check(PdfReader(BytesIO(made)), kind, language)
    page.close()


def test_the_command_makes_the_same_pdf(tmp_path: Path) -> None:
    files = write(["cards"], "japan-2026", "en", tmp_path, pdf=True)
    assert [file.name for file in files] == ["cards.en.html", "cards.en.pdf"]
    check(PdfReader(files[1]), "cards", "en")


def check(made: PdfReader, kind: str, language: str) -> None:
    """As many pages as sheets, of the paper's size, each with the words that it begins with."""
    wanted = sheets(kind, language)
    assert len(made.pages) == len(wanted)
    for page, sheet in zip(made.pages, wanted, strict=True):
        width, height = (float(side) / 72 * 25.4 for side in page.mediabox[2:])
        assert (width, height) == pytest.approx(SIZE_MM[PAPER[kind]], abs=1)
        if language == "en":  # other scripts need fonts that a machine may lack
            told = "".join(unicodedata.normalize("NFKC", page.extract_text()).split())
            assert "".join(sheet.text.split())[:16] in told


def listed(language: str) -> str:
    """The list of documents with the styles of its page."""
    files = ("kit/stage.css", "kit/parts.css", "shell/pages.css")
    styles = "".join((STATIC / name).read_text("utf-8") for name in files)
    inside = contents("japan-2026", language, lambda kind: f"/print/{kind}")
    return (
        f'<html lang="{language}"><meta name="viewport" content="width=device-width">'
        f'<style>{styles}</style><body class="st">{inside}'
    )


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_the_list_fits_a_screen(width: int, height: int, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": width, "height": height})
    for language in LANGUAGES:
        page.set_content(listed(language))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        sizes = page.evaluate(HEIGHTS)
        assert len(sizes) == len(DOCUMENTS)
        assert min(sizes) >= 44
    page.close()


# words of which the letters stand on more than one line
BROKEN = """() => {
  const broken = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    for (const found of walk.currentNode.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange();
      range.setStart(walk.currentNode, found.index);
      range.setEnd(walk.currentNode, found.index + found[0].length);
      const lines = new Set([...range.getClientRects()].map((one) => one.top));
      if (lines.size > 1) broken.push(found[0]);
    }
  return broken;
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_no_word_of_the_list_is_broken(chromium: Browser, language: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.set_content(listed(language))
    if language in ("en", "ko"):  # whose words are set apart by spaces
        assert page.evaluate(BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
