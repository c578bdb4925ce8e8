"""The catalogues of strings of the pages: one TOML file a language, flat dotted keys."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent.parent / "words"
LANGUAGES = ("en", "ko", "ja", "zh-Hans")
PARTS = ("pages", "watch", "room", "story", "sources", "console", "brief")
CARDS = "inject_card"  # a table of the print room's catalogues that the console shows too


@cache
def catalogue(language: str, part: str = "pages") -> dict[str, str]:
    """Every string of a language by its dotted key; ``part``: ``pages``, ``print``, ``lesson``,
    ``compare``.

    The pages also show what the room itself says, what a run tells, and the texts of the inject
    cards.
    """
    if part != "pages":
        return dict(_flat(_read(part, language), ""))
    cards = {CARDS: _read("print", language).get(CARDS, {})}
    parts = [_read(one, language) for one in PARTS]
    return dict(row for table in (*parts, cards) for row in _flat(table, ""))


def _read(part: str, language: str) -> dict[str, Any]:
    path = WORDS / f"{part}.{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _flat(table: dict[str, Any], before: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{before}{name}"
        rows += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, str(value))]
    return rows
