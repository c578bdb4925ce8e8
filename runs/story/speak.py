"""The story's sentences written out in the four languages.

A sentence is a `runs.room.say.Say`: its key in ``runs/words/story.*.toml`` and raw values. The name
of a place up to its first ``_`` says how its value is written, so that a page can do the same:

=========  =======================================================================================
place      value -> text
=========  =======================================================================================
zone       code -> "the United States"; ``whose`` "America's"; ``capital`` "Washington";
           ``name`` "United States", for labels
good       id -> "dysprosium"; "all" for every material
share      0 to 1 -> "half", "a third" within 2 points, else "47%"; "under 0.01%"
times      ratio -> "four", "3.5"
usd        dollars -> "5.3 billion dollars"; "under 10 dollars"
month      date -> "April 2026"; ``date`` -> "6 January 2026"
days, weeks, n, points, tonnes   number with two digits that count
plant, firm, text   as it stands
=========  =======================================================================================

Any value may be a sentence itself, ``{"key", "values"}``. Numbers have two digits that count, and
what is below a thousandth is 0.
``[a/b]`` in a Korean text is the particle after a consonant / after a vowel.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from typing import Any

from runs.pages.particles import particles
from runs.pages.words import catalogue
from runs.room.say import Say

NEAR = 0.02  # of a share that is told by its name
LEAST_SHARE, LEAST_USD, LEAST = 1e-4, 10.0, 1e-3  # what is less is told as under this
NAMED = {0.5: "half", 1 / 3: "third", 2 / 3: "two_thirds", 0.25: "quarter", 0.75: "three_quarters"}
MOST_WORD = 10  # up to here English writes a whole number of times as a word
TIMES = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def write(say: Say | Mapping[str, Any], language: str = "en") -> str:
    """The sentence in a language; in English it begins with a capital."""
    text = inner(say, language)
    if language != "en":
        return text
    return re.sub(r"(^|[.?] )([a-z])", lambda m: m[1] + m[2].upper(), text)


def inner(say: Say | Mapping[str, Any], language: str) -> str:
    key, values = (say.key, say.values) if isinstance(say, Say) else (say["key"], say["values"])
    words = catalogue(language)

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        return written(name.partition("_")[0], values.get(name, match[0]), language)

    return particles(re.sub(r"\{(\w+)\}", fill, words[key]))


def written(kind: str, value: Any, language: str) -> str:
    """A value as its kind of place is written."""
    words = catalogue(language)
    if isinstance(value, Mapping | Say):
        return inner(value, language).rstrip(".。")
    if kind == "name":
        return words.get(f"seat.{value}", str(value))
    if kind in ("zone", "whose", "capital", "good"):
        for key in (f"story.{kind}.{value}", f"story.zone.{value}", f"seat.{value}"):
            if key in words:
                return words[key]
        return str(value)
    if isinstance(value, str):
        return day(kind, value, language) if kind in ("month", "date") else value
    return figure(kind, float(value), language)


def figure(kind: str, value: float, language: str) -> str:
    words = catalogue(language)
    if not math.isfinite(value):
        return "–"
    if kind == "share":
        for part, name in NAMED.items():
            if abs(value - part) <= NEAR:
                return words[f"story.share.{name}"]
        if 0 < abs(value) < LEAST_SHARE:
            return words["story.share.under"].replace("{share}", f"{two(100 * LEAST_SHARE)}%")
        return f"{two(100 * value)}%"
    if kind == "times":
        near = round(value)
        if language == "en" and 2 <= near <= MOST_WORD and abs(value - near) <= 0.05:
            return TIMES[near - 2]
        return two(value)
    if kind == "days" and value >= 2:
        return two(round(value))
    if kind == "usd":
        if 0 < abs(value) < LEAST_USD:
            least = money(LEAST_USD, language)
            return words["story.money_under"].replace("{usd}", least)
        return money(value, language)
    return two(value if abs(value) >= LEAST else 0.0)


def two(value: float) -> str:
    """Two digits that count, with the minus of all pages."""
    if value == 0:
        return "0"
    places = 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    if abs(rounded) >= 10 or rounded == int(rounded):
        text = f"{rounded:,.0f}"
    else:
        text = f"{rounded:.{max(places, 1)}f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


MONEY = {
    "en": ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")),
    "ko": ((1e12, "조"), (1e8, "억"), (1e4, "만")),
    "ja": ((1e12, "兆"), (1e8, "億"), (1e4, "万")),
    "zh-Hans": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
}


def money(usd: float, language: str) -> str:
    """``5.3 billion dollars``, as the language counts."""
    words = catalogue(language)["story.money"]
    size, name = 1.0, ""
    for step, word in MONEY[language]:
        if abs(float(f"{usd:.1e}")) >= step:
            size, name = step, word
            break
    text = two(usd / size)
    if language == "en":
        text = f"{text} {name}".strip()
    elif not name:  # Korean sets the unit apart from a word only
        return words.replace("{amount} ", "{amount}").replace("{amount}", text)
    else:
        text += name
    return words.replace("{amount}", text)


def day(kind: str, iso: str, language: str) -> str:
    date = datetime.date.fromisoformat(iso[:10])
    words = catalogue(language)
    text = words[f"story.{kind}"]
    name = words.get(f"story.months.{date.month}", str(date.month))
    fills = {"year": str(date.year), "month": name, "day": str(date.day)}
    return re.sub(r"\{(\w+)\}", lambda m: fills[m[1]], text)


def say_all(row: Any, language: str) -> Any:
    """The same plain dict with each sentence written out under ``text`` beside its key."""
    if isinstance(row, Mapping):
        if set(row) == {"key", "values"}:
            return {**row, "text": write(row, language)}
        return {name: say_all(value, language) for name, value in row.items()}
    if isinstance(row, list):
        return [say_all(one, language) for one in row]
    return row
