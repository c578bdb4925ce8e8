"""The ready what-ifs of a scenario file, in the words of each language."""

from __future__ import annotations

from collections.abc import Iterator

from world.levers import LEVERS, guess, name_fault, value_fault
from world.scenario import Question, Scenario, ScenarioError
from world.scenario_form import (
    ScenarioFile,
    WhatIf,
    fail,
    figure,
    in_variant,
    named_levers,
    week_of,
)

LANGUAGES = ("en", "ko", "ja", "zh-Hans")


def read_questions(file: ScenarioFile, bare: Scenario) -> Iterator[Question]:
    """Those of the variant that is played; raises ScenarioError with the path of the key.

    What no longer fits a scenario that is played otherwise than its file says is not asked.
    """
    for i, entry in enumerate(file.what_if):
        path = f"what_if[{i}]"
        try:
            question = _question(path, entry, bare)
        except ScenarioError:
            if bare.overrides:
                continue
            raise
        if in_variant(path, entry, file):
            yield question


def _question(path: str, entry: WhatIf, bare: Scenario) -> Question:
    for language in entry.words:
        if language not in LANGUAGES:
            raise fail(f"{path}.words", f"{language!r} is none: {guess(language, LANGUAGES)}")
    if "en" not in entry.words:
        raise fail(f"{path}.words.en", "is missing.")
    week = None
    if entry.date is not None or entry.week is not None:
        week = week_of(path, entry, bare)
        if week < 0:
            raise fail(f"{path}.date", f"{entry.date} lies before the start, {bare.start}.")
    return Question(dict(entry.words), dict(held(path, entry, bare)), week)


def held(path: str, entry: WhatIf, bare: Scenario) -> Iterator[tuple[str, float]]:
    """Which levers are held at which values."""
    for text, node in named_levers(entry.levers).items():
        actor, _, full = text.partition(".")
        where = f"{path}.levers.{text}"
        if fault := name_fault(bare, actor, full):
            raise fail(where, fault)
        value = figure(where, node, LEVERS[full.partition(".")[0]].unit)
        if fault := value_fault(actor, full, value, bare):
            raise fail(where, fault)
        yield text, value
