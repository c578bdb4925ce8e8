"""The catalogues of strings of the pages: one TOML file a language, flat dotted keys."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent.parent / "words"
LANGUAGES = ("en", "ko", "ja", "zh-Hans")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every string of a language by its dotted key."""
    text = (WORDS / f"pages.{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(table: dict[str, Any], before: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{before}{name}"
        rows += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, str(value))]
    return rows
