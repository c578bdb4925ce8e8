"""Whatever a week of the world tells has words: a sentence in each language and the name of its
kind, so that no page falls back on the log's own English or on a key."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import world
from runs.pages.words import LANGUAGES, catalogue
from runs.room.reports import ORDER_KINDS, PUBLIC_KINDS, public_line
from runs.room.tidings import say_of
from runs.room.tongue import Tongue
from world.events import KINDS
from world.laws.court import TALKS, VOID
from world.scenario import load_scenario

PHASES = Path(world.__file__).parent / "phases"
PLAN = load_scenario("japan-2026", {"users": 100})
FIRM = next(name for name in PLAN.firms if name.startswith("KOR"))
PRICES = {"price": 1.5, "cost": 2.25}


def calls(name: str) -> Iterator[ast.Call]:
    for path in sorted(PHASES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node, "func", None)
            if isinstance(node, ast.Call) and name in (
                getattr(called, "attr", ""), getattr(called, "id", ""),
            ):  # fmt: skip
                yield node


def told_kinds() -> set[str]:
    """Kinds of happenings that the phases of a week write into its log."""
    return {str(call.args[1].value) for call in calls("tell")
            if isinstance(call.args[1], ast.Constant)}  # fmt: skip


def changes() -> set[str]:
    """What can happen to a plant: the one word among the texts of those who tell it."""
    words = {
        str(arg.value) for name in ("_change", "_tell") for call in calls(name)
        for arg in call.args if isinstance(arg, ast.Constant)
    }  # fmt: skip
    return {one for one in words if re.fullmatch(r"[a-z_]+", one)}


def of_kind(kind: str, target: str = "JPN", actor: str = "CHN", **data: Any) -> dict[str, Any]:
    return {"week": 3, "date": "2025-11-24", "kind": kind, "actor": actor, "target": target,
            "text": "In English.", "data": data}  # fmt: skip


def plant(change: str) -> dict[str, Any]:
    return of_kind("plant", "AUS", "Donald mine", material="dy_oxide", change=change, **PRICES)


EVENTS = [
    *(plant(change) for change in sorted(changes())),
    *(of_kind("terms", actor="Donald mine", terms=float(n), premium=0.4) for n in range(3)),
    *(of_kind("case", "CHN", "JPN", stage=float(n)) for n in range(int(TALKS) + 1, int(VOID) + 1)),
    of_kind("detection", "VNM", trader=2, hub_share=0.1, material="dy_oxide", weeks=52),
    of_kind("detection", "VNM", plant="Donald mine", material="dy_oxide", weeks=52),
    of_kind("detection", "KOR", firm=FIRM, weeks=52),
    of_kind("refused_customers", actor="KOR", share=0.4, material="dy_oxide"),
]


def test_the_examples_are_all_that_a_week_can_tell() -> None:
    assert {"start", "build", "mothball", "restart", "scrap", "proof", "trial_fail"} == changes()
    assert {one["kind"] for one in EVENTS} == told_kinds()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS, ids=lambda one: f"{one['kind']}-{one['data']}"[:60])
def test_a_happening_has_a_sentence_in_each_language(event: dict[str, Any], language: str) -> None:
    say = say_of(event, PLAN)
    assert say is not None
    tongue = Tongue(language, PLAN)
    assert tongue.say.has(say.key), say.key
    text = tongue.phrase(say.row, event["text"])
    assert text != event["text"]
    assert not re.search(r"[{}\[\]]|happening\.|_|\b(?!WTO)[A-Z]{3}\b", text), text
    line = public_line(event, PLAN)
    if line is not None:
        assert line["say"]["key"] == say.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_line_and_of_event_has_a_name(language: str) -> None:
    words = catalogue(language)
    for kind in sorted(PUBLIC_KINDS | ORDER_KINDS | set(KINDS)):
        assert f"kind.{kind}" in words, kind
