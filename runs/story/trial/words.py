"""Whether a sentence reads as one: no code, no lever's id, no word of ours, no digit too many."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from runs.pages.words import LANGUAGES, catalogue
from runs.story.speak import write

CODE = re.compile(r"(?<![A-Za-z])(CHN|JPN|KOR|USA|EUU|AUS|VNM|MYS|THA|MEX|IND|TWN|ROW)(?![A-Za-z])")
OURS = re.compile(r"\b(coercer|target|rung|grip|cover|hands of users)\b")
NUMBER = re.compile(r"−?\d[\d,]*\.?\d*")
YEAR = re.compile(r"(19|20)\d\d")
SIZES = {"trillion": 1e12, "billion": 1e9, "million": 1e6}
PARTS = {"half": 0.5, "a third": 1 / 3, "two thirds": 2 / 3, "a quarter": 0.25,
         "three quarters": 0.75}  # fmt: skip
COUNTS = {word: n for n, word in enumerate(
    ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=2)}
FIGURES = {"share", "times", "usd", "tonnes", "days", "weeks", "points", "n"}
HALF_A_DIGIT = 0.05 + 1e-9  # of the second digit that counts, at most


def faults(say: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a sentence in any of the four languages."""
    plain = without_texts(say)
    for language in LANGUAGES:
        for fault in _faults(write(plain, language), language):
            yield f"{language}: {fault}"
    yield from misread(plain)


def _faults(text: str, language: str) -> Iterator[str]:
    if not text:
        yield "nothing is said"
    if set("{[]}") & set(text):
        yield f"a place is open: {text}"
    if CODE.search(text):
        yield f"a code: {text}"
    if "_" in text:  # as ids of levers and materials have
        yield f"an id: {text}"
    if re.search(r"\bnan\b|–", text):
        yield f"no figure: {text}"
    if language == "en" and OURS.search(text):
        yield f"a word of ours: {text}"
    for one in NUMBER.findall(YEAR.sub("", text)):
        if len(re.sub("[,.−]", "", one).strip("0")) > 2:
            yield f"a digit too many in {one}: {text}"


def misread(say: Mapping[str, Any]) -> Iterator[str]:
    """Values that cannot be read off the English sentence within the digits that it has."""
    places = re.findall(r"\{(\w+)\}", catalogue("en")[say["key"]])
    text = write(say, "en")
    read = list(figures(text))
    for name in places:
        value = say["values"].get(name)
        if isinstance(value, Mapping):
            yield from misread(value)
        elif (
            name.split("_")[0] in FIGURES and isinstance(value, float | int)
            and not any(_reads(one, float(value)) for one in read)
        ):  # fmt: skip
            yield f"{name} is {value:.6g}, not in: {text}"


def figures(text: str) -> Iterator[tuple[float, float]]:
    """The figures of an English sentence, each with how far its value may lie from it."""
    for match in NUMBER.finditer(text):
        value = float(match[0].replace(",", "").replace("−", "-"))
        rest = text[match.end() :]
        size = SIZES.get(rest.split()[0] if rest.split() else "", 1.0)
        value *= size / 100 if rest.startswith("%") else size
        if text[: match.start()].lower().endswith("under "):  # the least that is told
            yield value / 2, abs(value) / 2
            continue
        yield value, HALF_A_DIGIT * abs(value)
        if rest.startswith(" days"):  # whole ones
            yield value, 0.5
    lower = text.lower()
    for word, part in PARTS.items():
        if word in lower:
            yield part, 0.02 + 1e-9
    for word, count in COUNTS.items():
        if re.search(rf"\b{word}\b", lower):
            yield float(count), 0.05 + 1e-9


def _reads(figure: tuple[float, float], value: float) -> bool:
    return math.isfinite(value) and abs(figure[0] - value) <= figure[1] + 1e-12


def without_texts(say: Mapping[str, Any]) -> dict[str, Any]:
    """The sentence without what a scenario's author wrote, which has dates and laws in it."""
    if say["key"].startswith("scenario."):
        return {"key": "story.news.text", "values": {"text": "Text"}}
    values = {
        name: without_texts(one) if isinstance(one, Mapping) else one
        for name, one in say["values"].items()
    }
    return {"key": say["key"], "values": values}
