"""Every string of the pages stands in all four languages, with the same places to fill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runs.pages.words import LANGUAGES, catalogue
from world.events import KINDS
from world.levers import LEVERS

STATIC = Path(__file__).parents[2] / "runs" / "pages" / "static"
MAY_BE_EMPTY = {"unit.", "unit.scale"}
OTHERS = [language for language in LANGUAGES if language != "en"]


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_no_key_is_missing_and_none_too_many(language: str) -> None:
    assert set(catalogue(language)) == set(catalogue("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_string_is_empty(language: str) -> None:
    empty = {key for key, text in catalogue(language).items() if not text.strip()}
    assert empty <= MAY_BE_EMPTY


@pytest.mark.parametrize("language", OTHERS)
def test_places_to_fill_are_the_same(language: str) -> None:
    other = catalogue(language)
    wrong = {k for k, text in catalogue("en").items() if places(text) != places(other[k])}
    assert not wrong


def test_pages_ask_for_known_keys_only() -> None:
    asked: set[str] = set()
    for path in STATIC.rglob("*.js"):
        asked |= set(re.findall(r'\bt\("([\w.]+)"', path.read_text(encoding="utf-8")))
    assert len(asked) > 150
    assert asked <= set(catalogue("en"))


def test_every_lever_and_event_has_its_words() -> None:
    english = set(catalogue("en"))
    wanted = {f"lever.{n}.{part}" for n in LEVERS for part in ("name", "meaning", "cost")}
    wanted |= {f"unit.{lever.unit}" for lever in LEVERS.values()}
    wanted |= {f"group.{lever.group}" for lever in LEVERS.values()}
    wanted |= {f"kind.{kind}" for kind in KINDS} | {f"inject.{kind}" for kind in KINDS}
    assert wanted <= english, sorted(wanted - english)


def test_nothing_is_written_as_html_and_nothing_comes_from_outside() -> None:
    for path in STATIC.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert danger not in text, f"{path.name} uses {danger}"
        outside = re.findall(r"https?://[\w.]+", text)
        assert set(outside) <= {"http://www.w3.org"}, path.name
