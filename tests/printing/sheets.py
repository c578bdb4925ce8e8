"""Reads a printed document as a test needs it: its sheets, and the text that stands on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from runs.printing.paper import document

VOID = {"br", "meta", "link", "input", "img", "hr"}


@dataclass
class Sheet:
    """One page: attributes of its section, its text, and values of ``data-*`` inside it."""

    traits: dict[str, str]
    text: str = ""
    marks: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, own_only: bool) -> None:
        super().__init__()
        self.own_only = own_only
        self.open: list[tuple[str, bool]] = []  # tag, and whether its text counts
        self.sheets: list[Sheet] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        traits = {name: value or "" for name, value in attrs}
        if tag == "section":
            self.sheets.append(Sheet(traits))
        elif self.sheets:
            for name, value in traits.items():
                if name.startswith("data-"):
                    self.sheets[-1].marks.setdefault(name, []).append(value)
        counts = self.open[-1][1] if self.open else True
        if tag == "style" or (self.own_only and traits.get("lang") == "en" and tag != "html"):
            counts = False
        if tag not in VOID:
            self.open.append((tag, counts))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.sheets and self.open and self.open[-1][1]:
            self.sheets[-1].text += f" {' '.join(data.split())}" if data.strip() else ""


@cache
def sheets(
    kind: str, language: str = "en", scenario: str = "japan-2026", own_only: bool = False
) -> list[Sheet]:
    """The sheets of a document; ``own_only`` leaves out what is quoted in English."""
    reader = _Reader(own_only)
    reader.feed(document(kind, scenario, language))
    return reader.sheets
