"""Whatever can happen is told in four languages: names and not codes, two digits that count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from runs import Game
from runs.pages.particles import particles
from runs.pages.words import LANGUAGES, catalogue
from runs.story import run_of
from runs.story.orders import Told, sentence
from runs.story.speak import figure, money, two, written
from runs.story.tidings import KINDS, SILENT, Item, own_say, plant_of
from runs.story.trial.words import faults
from tests.story.conftest import Played
from world import events
from world.levers import LADDER, LEVERS, ladder, levers_of

ROOT = Path(__file__).parents[2]
ORDERS = {"order", "rung"}


def emitted() -> set[str]:
    """Kinds of event in the sources of the model and of the game."""
    found = set(events.KINDS)
    for path in (ROOT / "world").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'week\.tell\(\s*(?:int\(\w+\),)\s*"([\w-]+)"', text))
    game = (ROOT / "runs" / "game.py").read_text(encoding="utf-8")
    found |= set(re.findall(r'_tell\(\s*"([\w-]+)"', game))
    return found | ORDERS | {"seat", "held"}


def test_every_kind_of_event_is_told_or_silent() -> None:
    assert {"detection", "plant", "terms", "refused_customers", "remarks", "news"} <= emitted()
    assert emitted() <= set(KINDS) | set(SILENT) | ORDERS


@pytest.mark.parametrize("kind", sorted(events.KINDS))
def test_an_event_without_words_of_its_own_is_told_by_its_fields(kind: str) -> None:
    run = run_of(Game("japan-2026", users=50))
    data: dict[str, Any] = {
        name: "dy_oxide" if entry.names == "material" else 0.5
        for name, entry in events.KINDS[kind].fields.items()
    }
    for more in ({}, {"strength": 0.0}, {"factor": 2.0}):
        row = {"kind": kind, "actor": "JPN", "target": "KOR", "text": "", "week": 0,
               "data": data | {k: v for k, v in more.items() if k in data}}  # fmt: skip
        say = own_say(run, row)
        assert say is not None
        assert_well(say.row)


@pytest.mark.parametrize("lever", sorted(LEVERS))
def test_every_lever_is_told_both_ways(lever: str) -> None:
    run = run_of(Game("japan-2026", users=50))
    plan, spec = run.game.plan, LEVERS[lever]  # type: ignore[union-attr]
    actor = next(one for one in (*plan.actors,) if lever in levers_of(plan, one))
    aims = {"zone": "JPN", "material": "graphite", "": ""}
    values = [float(step.rung) for step in ladder()] if lever == LADDER else [spec.low, spec.high]
    if lever == "licence_terms":
        values = [-1.0, 0.0, 1.0, 2.0]
    told = set()
    for value in values:
        for was in {spec.low, spec.high} - {value}:
            for aim in {aims[spec.index], ""}:
                one = Told({"actor": actor, "week": 0}, lever, aim, was, value)
                if lever == LADDER and not aim:
                    continue
                say = sentence(run, one)
                told.add(say.key)
                assert_well(say.row)
    assert len(told) >= 2, told


def assert_well(say: Mapping[str, Any]) -> None:
    assert not list(faults(say))


def test_numbers_have_two_digits_that_count() -> None:
    given = [0.09, 0.00091, 13.4, 133.0, 1726.0, 4.0, 9.96, -0.123, 0.0]
    assert [two(one) for one in given] == [
        "0.09", "0.00091", "13", "130", "1,700", "4", "10", "−0.12", "0",
    ]  # fmt: skip
    assert figure("share", 0.489, "en") == "half"
    assert figure("share", 0.47, "en") == "47%"
    assert figure("share", 0.0009, "en") == "0.09%"
    assert figure("times", 4.02, "en") == "four"
    assert figure("times", 4.02, "ko") == "4"


@pytest.mark.parametrize(
    ("language", "share", "usd"),
    [("en", "under 0.01%", "under 10 dollars"), ("ko", "0.01% 미만", "10달러 미만"),
     ("ja", "0.01%未満", "10ドル未満"), ("zh-Hans", "不到0.01%", "不到10美元")],
)  # fmt: skip
def test_what_is_almost_nothing_is_told_as_less_than_what_can_be_told(
    language: str, share: str, usd: str
) -> None:
    assert figure("share", 8.8e-9, language) == figure("share", -9.9e-5, language) == share
    assert figure("usd", 3e-4, language) == usd
    assert figure("tonnes", 8.8e-9, language) == "0"
    assert figure("share", 1e-4, language) == "0.01%"
    assert figure("share", 0.0, language) == "0%"
    assert "0.00" not in figure("weeks", 0.0000012, language)


def test_money_is_counted_as_the_language_counts() -> None:
    assert money(5.27e9, "en") == "5.3 billion dollars"
    assert money(38.12e6, "ko") == "3,800만 달러"
    assert money(110.0, "ko") == "110달러"
    assert money(999.9e6, "en") == "1 billion dollars"
    assert money(2.3e8, "ja") == "2.3億ドル"


def test_korean_particles_follow_the_last_sound() -> None:
    given = "일본[은/는] 호주[은/는] 47%[이/가] 절반[을/를] 3분의 1[으로/로] 서울[으로/로]"
    assert particles(given) == "일본은 호주는 47%가 절반을 3분의 1로 서울로"
    assert particles("Sumter(자석)[이/가] “한국”[과/와]") == "Sumter(자석)이 “한국”과"


def test_a_capital_speaks_for_its_government_and_a_country_for_a_place() -> None:
    assert written("capital", "USA", "en") == "Washington"
    assert written("zone", "USA", "en") == "the United States"
    assert written("whose", "KOR", "en") == "Korea's"
    assert written("name", "USA", "en") == "United States"


def test_every_zone_and_material_of_every_scenario_has_its_names(twenty: list[Played]) -> None:
    for language in LANGUAGES:
        words = catalogue(language)
        for played in twenty:
            run = played.story.run
            wanted = {f"story.{kind}.{zone}" for kind in ("whose", "capital") for zone in run.zones}
            wanted |= {f"story.good.{good}" for good in run.goods}
            assert wanted <= set(words)


def test_an_item_of_news_is_plain_data(japan: Played) -> None:
    news = japan.story.week(30)["news"]
    assert Item  # the shape in the docstring of the package
    for one in news["items"]:
        assert set(one) == {"kind", "week", "date", "weight", "say", "why", "zones", "count"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Donald mine"), ("ja", "Donald鉱山"), ("ko", "Donald 광산"), ("zh-Hans", "Donald矿")],
)
def test_a_mine_goes_by_its_name_and_is_called_a_mine_in_the_readers_language(
    language: str, said: str
) -> None:
    assert written("plant", plant_of("Donald mine")["plant"], language) == said
