"""The documents: each one HTML page of its own, with its sheets cut to the paper.

A sheet is a ``section.page`` of the paper's size; what stands in it is the same on screen and on
paper, so counting sections counts pages. Style and words are inside the file: it opens anywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from runs.pages.words import LANGUAGES
from runs.printing import PrintError
from runs.printing import plan as plans
from runs.printing.facts import Book, SeatFacts, lever_lines, name_of, open_book, seat_facts
from runs.printing.speech import Speech
from world.reading import guess

DOCUMENTS = ("cards", "guide", "orders", "rulings", "tents", "form")
PAPER = {
    "cards": "a5", "guide": "a4", "orders": "a4", "rulings": "a4", "tents": "a4", "form": "a4",
}  # fmt: skip
PHASES = ("lobby", "report", "negotiate", "orders", "resolve", "paused", "ended")
RUBRIC = ("evidence", "strategy", "negotiation", "forecast", "reflection")
QUESTIONS = 10
CARDS_ON_A_PAGE = 5
STEPS_ON_A_PAGE = 6
PARTS_ON_A_PAGE = 8  # of the half day
SOURCES_ON_A_PAGE = 16
LEVERS_ON_A_SIDE = 9  # of a card: more would be too small to read
LEVERS_ON_A_SHEET = 16  # of orders: rows to write in by hand
NAMES = {"en": "English", "ko": "한국어", "ja": "日本語", "zh-Hans": "简体中文"}
SCALE = (1, 2, 3, 4, 5)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("runs.printing"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def document(kind: str, scenario: str = "japan-2026", language: str = "en") -> str:
    """One document as HTML. Raises PrintError or ScenarioError with one sentence."""
    if kind not in DOCUMENTS:
        raise PrintError(f"{kind!r} is no document: {guess(kind, DOCUMENTS)}")
    say = Speech(language)
    book = open_book(scenario)
    facts = CONTEXTS[kind](book, say)
    return _templates().get_template(f"{kind}.html").render(
        **facts, t=say.t, language=language, paper=PAPER[kind], kind=kind,
        title=say.t(f"document.{kind}"), model=say.t("print.model", model=book.model),
    )  # fmt: skip


def contents(scenario: str, language: str, links: Callable[[str], str]) -> str:
    """The list of the documents, to stand in a page of the game; ``links`` gives the address of
    each."""
    say = Speech(language)
    return _templates().get_template("contents.html").render(
        t=say.t, language=language, scenario=scenario, title=say.t("print.title"),
        languages=LANGUAGES, names=NAMES,
        rows=[(kind, links(kind)) for kind in DOCUMENTS],
    )  # fmt: skip


# --- what each document holds -------------------------------------------------------------------


def _cards(book: Book, say: Speech) -> dict[str, Any]:
    return {"cards": [_leaf(seat_facts(book, seat, say)) for seat in book.seats]}


def _leaf(card: SeatFacts) -> dict[str, Any]:
    """A seat's card with its levers in groups, cut where a side of the paper is full.

    ``notes`` says that the last leaf has a side left: printed on both sides, no seat's card may
    begin on the back of another's.
    """
    order = list(dict.fromkeys(line.group for line in card.levers))
    levers = sorted(card.levers, key=lambda line: order.index(line.group))
    backs = [
        [(group, list(rows)) for group, rows in groupby(part, key=lambda line: line.group)]
        for part in _cut(levers, LEVERS_ON_A_SIDE)
    ]
    return {"card": card, "backs": backs, "notes": len(backs) % 2 == 0}


def _cut(rows: Sequence[Any], most: int) -> list[Sequence[Any]]:
    """In as few parts as possible, of about the same length."""
    parts = -(-len(rows) // most)
    size = -(-len(rows) // parts) if parts else 0
    return [rows[at : at + size] for at in range(0, len(rows), size)] if parts else []


def _orders(book: Book, say: Speech) -> dict[str, Any]:
    turns = range(1, plans.class_plan().turns + 1)
    sheets = [
        (seat, name_of(book, seat, say), part, at, len(parts))
        for seat in book.seats
        for parts in [_cut(lever_lines(book, seat, say), LEVERS_ON_A_SHEET) or [[]]]
        for at, part in enumerate(parts, 1)
    ]
    return {"sheets": sheets, "turns": list(turns)}


def _rulings(book: Book, say: Speech) -> dict[str, Any]:
    """One sheet for each turn of the half day: a move outside the levers, as the console has it."""
    turns = [part.id for part in plans.half_day() if part.id.startswith("turn")]
    return {
        "turns": range(1, len(turns) + 1),
        "chances": [say.percent(p / 100) for p in range(10, 100, 20)],
    }


def _tents(book: Book, say: Speech) -> dict[str, Any]:
    roles = {seat: say.t(f"role.{seat}") for seat in book.seats if say.has(f"role.{seat}")}
    names = [(seat, name_of(book, seat, say), roles.get(seat, "")) for seat in book.seats]
    return {"names": [*names, ("control", say.t("who.control"), "")], "width": _width}


def _width(text: str) -> int:
    """How many Latin letters wide a text is."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def _form(book: Book, say: Speech) -> dict[str, Any]:
    return {
        "questions": [say.t(f"form.q{n}") for n in range(1, QUESTIONS + 1)], "scale": SCALE,
        "open_questions": [say.t(f"form.open_{n}") for n in (1, 2, 3)],
    }  # fmt: skip


def _guide(book: Book, say: Speech) -> dict[str, Any]:
    lesson = plans.class_plan()
    cards = [
        {
            "card": card, "title": say.t(f"inject_card.{card.id}.title"),
            "text": say.t(f"inject_card.{card.id}.text"),
            "reads": ", ".join(
                say.t("who.all") if seat == "all" else name_of(book, seat, say) for seat in card.to
            ),
            "when": say.t("guide.for_turn", n=card.turn) if card.turn else say.t("guide.any_turn"),
            "effect": plans.effect_of(card, say),
        }
        for card in plans.cards_for(book.plan, book.seats)
    ]  # fmt: skip
    teams = plans.teams(book.seats)
    count = {"teams": len(teams), "seats": sum(map(len, teams))}
    return {
        "subtitle": say.t("guide.subtitle", scenario=book.plan.id, **count),
        "half_day": say.t("guide.half_day", **count),
        "half_day_note": say.t("guide.half_day_note", **count, names=_team_names(book, teams, say)),
        "prepare": [
            say.t(f"guide.prepare_{n}", turns=lesson.turns, seconds=lesson.turn_seconds)
            for n in range(1, 7)
        ],
        "fallback": [say.t(f"guide.fallback_{n}") for n in range(1, 5)],
        "steps": _cut(lesson.steps, STEPS_ON_A_PAGE), "phases": PHASES,
        "minutes": {s.id: f"{say.num(s.start)} – {say.num(s.end)}" for s in lesson.steps},
        "screens": {s.id: ", ".join(f"/{name}" for name in s.screens) for s in lesson.steps},
        "parts": _cut(plans.half_day(), PARTS_ON_A_PAGE), "cards": _cut(cards, CARDS_ON_A_PAGE),
        "rounds": [
            (say.t(f"guide.round_{n}"), [say.t(f"guide.round_{n}{q}") for q in "abc"])
            for n in (1, 2, 3)
        ],
        "results": [say.t(f"guide.results_{n}") for n in (1, 2, 3)], "rubric": RUBRIC,
        "sources": _cut(_sources(book, say), SOURCES_ON_A_PAGE),
    }  # fmt: skip


def _team_names(book: Book, teams: list[list[str]], say: Speech) -> str:
    """Each team by its seats, teams apart."""
    names = [", ".join(name_of(book, seat, say) for seat in team) for team in teams]
    return "; ".join(names)


def _sources(book: Book, say: Speech) -> list[tuple[str, str, str]]:
    """Date, entry and source of the scenario's acts and events, as its file gives them."""
    rows = []
    for entry in ("events", "history"):
        for row in book.plan.source.get(entry, ()):
            what = str(row.get("why") or row.get("text") or row.get("lever") or row["kind"])
            rows.append((row["date"], what, str(row.get("source", "–"))))
    return [(say.day(date), what, source) for date, what, source in sorted(rows)]


CONTEXTS: dict[str, Callable[[Book, Speech], dict[str, Any]]] = {
    "cards": _cards, "guide": _guide, "orders": _orders, "rulings": _rulings, "tents": _tents,
    "form": _form,
}  # fmt: skip


def kinds_of(text: str) -> list[str]:
    """Names of documents from a list with commas; ``all`` is every one. Raises PrintError."""
    wanted = [one.strip() for one in text.split(",") if one.strip()]
    for one in wanted:
        if one not in (*DOCUMENTS, "all"):
            raise PrintError(f"{one!r} is no document: {guess(one, (*DOCUMENTS, 'all'))}")
    if not wanted:
        raise PrintError(f"--what names no document; there are {', '.join(DOCUMENTS)} and all.")
    return list(DOCUMENTS) if "all" in wanted else list(dict.fromkeys(wanted))


def folder_of(out: str | Path) -> Path:
    """The folder to write to, made if there is none; raises PrintError."""
    path = Path(out)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise PrintError(f"{out} cannot be written to: {problem.strerror}.") from problem
    return path


def write(
    kinds: Sequence[str], scenario: str, language: str, out: str | Path, pdf: bool = False
) -> list[Path]:
    """Writes documents as ``KIND.LANGUAGE.html``, and as PDF beside them; the files written.

    Raises PrintError, for one where there is no Chromium to make a PDF with; the HTML stands then.
    """
    from runs.printing.pdf import to_pdf

    pages = {kind: document(kind, scenario, language) for kind in kinds}
    folder = folder_of(out)
    files = []
    for kind, text in pages.items():
        path = folder / f"{kind}.{language}.html"
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as problem:
            raise PrintError(f"{path} cannot be written: {problem.strerror}.") from problem
        files.append(path)
    if pdf:
        files += to_pdf(files)
    return files
