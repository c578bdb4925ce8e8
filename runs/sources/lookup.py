"""Looking up rows: words and filters, the same for the page and for ``entrepot sources``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from runs.pages.words import LANGUAGES, catalogue
from runs.sources.entries import LISTED, Entry, entries, tables
from world.odd import ODD

PAGE = 50  # rows that a browser gets at a time
LONGEST = 200  # characters that are looked for
FIELDS = ("text", "table", "basis", "use", "material", "zone")
SECTION = re.compile(r"^#{2,3} (\d+[a-z]?(?:\.\d+)?) (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Query:
    """What is looked for; empty fields leave it open. ``row`` is one that is to be shown."""

    text: str = ""
    table: str = ""
    basis: str = ""
    use: str = ""
    material: str = ""
    zone: str = ""
    row: str = ""
    page: int = 0


def query_of(given: Mapping[str, Any]) -> Query:
    """A query from a stranger's values: what is no text or number counts as left open."""
    texts = {name: value[:LONGEST] for name in (*FIELDS, "row")
             if isinstance(value := given.get(name), str)}  # fmt: skip
    page = given.get("page")
    return Query(**texts, page=page if isinstance(page, int) and 0 <= page < 10**6 else 0)


@cache
def _haystacks() -> tuple[str, ...]:
    """What each row can be found by: its texts, and names of its places in every language."""
    names = [catalogue(language) for language in LANGUAGES]

    def told(entry: Entry) -> str:
        codes = [*(f"good.{one}" for one in entry.materials), *(f"seat.{z}" for z in entry.zones)]
        parts = (
            entry.id, entry.table, entry.what, entry.value, entry.year, entry.source, entry.note,
            entry.url, *entry.materials, *entry.zones,
            *(words[code] for words in names for code in codes if code in words),
        )  # fmt: skip
        return " ".join(parts).casefold()

    return tuple(map(told, entries()))


def search(query: Query) -> list[Entry]:
    """The rows that fit, in the order of the tables; every word must stand somewhere in a row."""
    words = query.text.casefold().split()
    return [
        entry for entry, text in zip(entries(), _haystacks(), strict=True)
        if all(word in text for word in words)
        and query.table in ("", entry.table) and query.basis in ("", entry.basis)
        and query.use in ("", entry.use)
        and (not query.material or query.material in entry.materials)
        and (not query.zone or query.zone in entry.zones)
    ]  # fmt: skip


def answer(query: Query) -> dict[str, Any]:
    """One page of what fits, and how much that is; a row that is asked for comes first."""
    one = next((entry for entry in entries() if entry.id == query.row), None) if query.row else None
    found = search(query)
    pages = max(1, -(-len(found) // PAGE))
    page = min(query.page, pages - 1)
    rows = found[page * PAGE : (page + 1) * PAGE]
    if one is not None:
        rows = [one, *(entry for entry in rows if entry is not one)]
    asked = replace(query, page=page, row=one.id if one is not None else "")
    return {
        "asked": vars(asked), "found": len(found), "of": len(entries()), "pages": pages,
        "first": page * PAGE + 1, "rows": [entry.row() for entry in rows],
    }  # fmt: skip


@cache
def summary() -> list[dict[str, Any]]:
    """Each table with its rows and how many of them the model reads."""
    counted: dict[str, list[int]] = {name: [0, 0] for name in tables()}
    for entry in entries():
        counted[entry.table][0] += 1
        counted[entry.table][1] += entry.use != LISTED
    return [{"id": name, "rows": rows, "read": read} for name, (rows, read) in counted.items()]


@cache
def choices() -> dict[str, list[str]]:
    """What can be chosen: materials and zones that rows name and that pages have words for."""
    words = catalogue("en")
    goods = dict.fromkeys(code for entry in entries() for code in entry.materials)
    zones = dict.fromkeys(code for entry in entries() for code in entry.zones)
    return {
        "materials": [code for code in goods if f"good.{code}" in words],
        "zones": [code for code in zones if f"seat.{code}" in words],
    }


def section(number: str) -> dict[str, str] | None:
    """A section of the model's description, by its number; None for one that it does not have."""
    text = ODD.read_text(encoding="utf-8")
    heads = list(SECTION.finditer(text))
    for place, head in enumerate(heads):
        if head[1] == number:
            end = heads[place + 1].start() if place + 1 < len(heads) else len(text)
            return {"id": number, "title": head[2], "text": text[head.end() : end].strip()}
    return None
