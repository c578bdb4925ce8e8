"""Every string of the print room stands in all four languages, and no sheet mixes them."""

from __future__ import annotations

import re

import pytest
from sheets import sheets

from runs.pages.words import CARDS, LANGUAGES, catalogue
from runs.printing.paper import DOCUMENTS
from runs.printing.plan import all_cards, class_plan, half_day
from world.scenario import load_scenario

OTHERS = [language for language in LANGUAGES if language != "en"]
HANGUL, KANA, HAN = "[가-힣]", "[ぁ-ゟァ-ヺ]", "[一-鿿]"
FOREIGN = {
    "en": (HANGUL, KANA, HAN), "ko": (KANA, HAN), "ja": (HANGUL, "[们这为说时务单产贸]"),
    "zh-Hans": (HANGUL, KANA, "[発対産単価]"),
}  # fmt: skip
# what stays in Latin letters in every language: names, units, commands, addresses
LATIN = {
    "FORGE", "USD", "GDP", "JARE", "Entrepot", "entrepot", "print", "play", "host", "japan", "CSV",
    "Wi", "Fi", "QR", "AI", "WTO", "kg", "control",
}  # fmt: skip


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{([\w.-]+)\}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_no_key_is_missing_and_none_too_many(language: str) -> None:
    assert set(catalogue(language, "print")) == set(catalogue("en", "print"))


@pytest.mark.parametrize("language", OTHERS)
def test_places_to_fill_are_the_same(language: str) -> None:
    other = catalogue(language, "print")
    wrong = [k for k, text in catalogue("en", "print").items() if places(text) != places(other[k])]
    assert not wrong


def test_the_two_catalogues_share_no_key_but_the_inject_cards() -> None:
    both = set(catalogue("en", "print")) & set(catalogue("en"))
    assert {key.partition(".")[0] for key in both} <= {CARDS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_string_is_empty_and_inject_texts_fit_their_form(language: str) -> None:
    words = catalogue(language, "print")
    assert all(text.strip() for text in words.values())
    assert all(len(words[f"inject_card.{card.id}.text"]) <= 300 for card in all_cards())


def test_every_step_part_and_card_has_its_words() -> None:
    wanted = {
        f"plan.class.{s.id}.{p}" for s in class_plan().steps for p in ("room", "seats", "host")
    }
    wanted |= {f"plan.tabletop.{part.id}" for part in half_day()}
    wanted |= {f"inject_card.{card.id}.{p}" for card in all_cards() for p in ("title", "text")}
    assert wanted <= set(catalogue("en", "print"))


def test_the_default_scenario_is_told_in_full() -> None:
    """Every sentence of its acts and events is translated; no other is."""
    plan = load_scenario("japan-2026")
    said = {order.why for order in plan.history} | {event.text for event in plan.events}
    english = catalogue("en", "print")
    known = {k.removeprefix("said.") for k in english if k.startswith("said.")}
    assert known == said
    assert all(english[f"said.{text}"] == text for text in said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_no_string_of_another_language_is_left(kind: str, language: str) -> None:
    plan = load_scenario("japan-2026")
    codes = {part for actor in plan.actors for part in actor.split("_")}
    for sheet in sheets(kind, language, own_only=True):
        for sign in FOREIGN[language]:
            assert not re.search(sign, sheet.text), re.findall(f".{{9}}{sign}.{{9}}", sheet.text)
        if language != "en":
            text = re.sub(r"/[a-z]+|--host [\d.]+|japan-2026@\d+, [0-9a-f]{12}", " ", sheet.text)
            words = set(re.findall(r"[A-Za-z]{2,}", text))
            assert words <= LATIN | codes, sorted(words - LATIN - codes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_no_place_is_left_unfilled(kind: str, language: str) -> None:
    assert all("{" not in sheet.text for sheet in sheets(kind, language))
