"""Every string of the pages stands in all four languages, with the same places to fill."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from runs.pages.words import LANGUAGES, _flat, catalogue
from world.events import KINDS
from world.levers import LEVERS

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "runs" / "pages" / "static"
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


@cache
def written() -> str:
    """All sources and tables, without the words themselves."""
    kinds = ("*.js", "*.py", "*.vue", "*.html", "*.toml", "*.csv")
    folders = [ROOT / name for name in ("world", "agents", "runs")]
    paths = [path for folder in folders for kind in kinds for path in sorted(folder.rglob(kind))]
    return "\n".join(path.read_text("utf-8") for path in paths if path.parent.name != "words")


@cache
def asked() -> tuple[set[str], tuple[str, ...]]:
    """What stands there as a key, and how keys begin that are put together: `state.${one}`,
    "phase." ~ one."""
    dotted = r"[a-z_]+\.[\w./ -]*"
    whole = {key for _, key in re.findall(rf"""([`"'])({dotted})\1""", written())}
    begun = set(re.findall(rf"""[`"']({dotted})\$?\{{""", written()))
    return whole, tuple(begun | {key for key in whole if key.endswith(".")})


PARTS = ["pages", "watch", "room", "story", "print", "compare", "console", "brief"]


@pytest.mark.parametrize("part", PARTS)
def test_no_word_is_kept_that_nobody_asks_for(part: str) -> None:
    tables = tomllib.loads((ROOT / "runs" / "words" / f"{part}.en.toml").read_text("utf-8"))
    keys = [key for key, _ in _flat(tables, "")]
    whole, begun = asked()
    unread = [key for key in keys if key not in whole and not key.startswith(begun)]
    assert len(keys) > 100
    assert unread == []


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
