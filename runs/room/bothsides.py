"""What speaks for and against a move outside the levers on the side of those whom it touches.

The seat that moves gives its own reasons. An umpire needs the others' too: what law they have in
force against it, how their last quarter went, what they have agreed with it, and what they have let
be known. All of it is what the room had recorded when the move was made; it is for control alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from runs.outcome import GAUGES
from runs.pages.words import LANGUAGES, catalogue
from runs.room.say import Say
from runs.room.state import Deal, Move
from runs.room.tongue import without_brackets
from runs.room.verdict import goal_key
from world.levers import LADDER

if TYPE_CHECKING:
    from runs.room.view import Picture

MOST_SEATS, LEAST_SEATS, MOST_REASONS = 3, 2, 3
NOTICED = 0.01  # of a gauge: one point
LEAST_LOSS = 2e-4  # of the GDP: with less a seat can wait
CLAUSE, LICENCE = "third_country_clause", "general_licence"
ANSWERS = ("tariff_on_coercer", "wto_case", "origin_tracing")  # measures against the coercer
# What people write beside the names of the catalogues; short ones are read as they stand.
ALSO = {"USA": ("US", "USA", "America", "American"), "EUU": ("EU", "Europe"), "VNM": ("Vietnam",),
        "KOR": ("ROK",)}  # fmt: skip
SHORT = 3
MOST_READ = 1024  # moves whose names are kept: control is told of all of them at every change
Row = dict[str, Any]


def sides(picture: Picture, move: Move) -> list[Row]:
    """By seat that the move touches: reasons ``pro`` and ``con`` as sentences, and ``known``, the
    voice of its capital as the mover had heard it."""
    turn = max(0, move.turn - 1)
    if len(picture.results) <= turn:
        return []
    return [_side(picture, move, seat, turn) for seat in touched(picture, move)]


def touched(picture: Picture, move: Move) -> list[str]:
    """Who is named in the move, in any language; if that is nobody or one, the two sides of the
    quarrel too."""
    text = " ".join([move.claim, *move.pro, *move.con])
    plan = picture.plan
    seats = tuple((one, _title(picture, one)) for one in picture.room.chairs if one != move.seat)
    found = list(_named(text, seats))
    more = [one for one in (plan.coercer, plan.target) if one not in (move.seat, *found)]
    return (found + more[: max(0, LEAST_SEATS - len(found))])[:MOST_SEATS]


@lru_cache(MOST_READ)
def _named(text: str, seats: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The seats whose names stand in a text; reading a long one takes milliseconds."""
    return tuple(seat for seat, title in seats if re.search(_names(seat, title), text))


def _title(picture: Picture, seat: str) -> str:
    firms = picture.plan.firms
    return firms[seat].title if seat in firms else ""


@cache
def _names(seat: str, title: str) -> str:
    """A pattern of the names of a seat and its capital."""
    found = {title, *ALSO.get(seat, ())} - {""}
    for language in LANGUAGES:
        words = catalogue(language)
        keys = (f"seat.{seat}", f"story.capital.{seat}", f"story.zone.{seat}")
        found |= {without_brackets(words[key]) for key in keys if key in words}
    names = sorted(re.escape(one.removeprefix("the ")) for one in found if one)
    return "|".join(map(_pattern, names)) or r"(?!)"


def _pattern(name: str) -> str:
    if not name.isascii():
        return name
    whole = rf"(?<![A-Za-z]){name}"
    return rf"{whole}(?![A-Za-z])" if len(name) <= SHORT else f"(?i:{whole})"


def _side(picture: Picture, move: Move, seat: str, turn: int) -> Row:
    told: dict[bool, list[Row]] = {True: [], False: []}
    for speaks, say in _reasons(picture, move, seat, turn):
        told[speaks].append(say.row)
    heard = (picture.results[turn]["seats"][move.seat].get("briefing") or {}).get("voices", ())
    known = next((one for one in heard if one["seat"] == seat), None)
    return {
        "seat": seat, "pro": told[True][:MOST_REASONS], "con": told[False][:MOST_REASONS],
        "known": known and {name: known[name] for name in ("say", "why")},
    }  # fmt: skip


def _reasons(
    picture: Picture, move: Move, seat: str, turn: int
) -> Iterator[tuple[bool, Say]]:
    """Whether it speaks for the move, and what: agreements, law, then figures."""
    for deal in picture.room.deals.values():
        if {seat, move.seat} <= set(deal.parties) and 0 < deal.signed_turn <= move.turn:
            yield from _deal(deal, seat, move)
    yield from _law(picture, move, seat, turn)
    yield from _figures(picture, seat, turn)


def _deal(deal: Deal, seat: str, move: Move) -> Iterator[tuple[bool, Say]]:
    if deal.status not in ("in force", "over"):
        return
    if deal.left_by and deal.last < move.turn:
        other = next(one for one in (seat, move.seat) if one != deal.left_by)
        yield False, Say("side.left", {"seat": deal.left_by, "target": other, "n": deal.n})
    elif deal.start <= move.turn <= deal.last:
        yield True, Say("side.deal", {"seat": seat, "target": move.seat, "n": deal.n})


def _law(
    picture: Picture, move: Move, seat: str, turn: int
) -> Iterator[tuple[bool, Say]]:
    plan, law = picture.plan, picture.results[turn]["public"]["law"].get(seat, {})
    both = {"seat": seat, "target": move.seat}
    step = law.get(f"{LADDER}.{move.seat}", 0)
    against = [full for full, value in law.items() if value and full.endswith(f".{move.seat}")
               and not full.startswith((LICENCE, LADDER))]  # fmt: skip
    if move.seat == plan.coercer:
        against += [name for name in ANSWERS if law.get(name, 0) > 0]
    if step:
        yield False, Say("side.step", {**both, "n": step})
    elif against:
        yield False, Say("side.law", {**both, "n": len(against)})
    elif seat == plan.coercer:
        yield True, Say("side.no_law", both)
    if law.get(CLAUSE) and move.seat != plan.target:
        yield False, Say("side.clause", {"seat": seat, "target": plan.target})
    if law.get(f"{LICENCE}.{move.seat}"):
        yield True, Say("side.licence", both)


def _figures(picture: Picture, seat: str, turn: int) -> Iterator[tuple[bool, Say]]:
    now: Mapping[str, Any] = picture.results[turn]["seats"][seat]
    loss = now["report"].get("gdp_loss")
    if loss is not None:
        hurt = loss >= LEAST_LOSS
        values = {"seat": seat, **({"n": round(100 * loss, 2)} if hurt else {})}
        yield hurt, Say(f"side.{'hurt' if hurt else 'unhurt'}", values)
    if not turn:
        return
    before = picture.results[turn - 1]["seats"][seat]["gauges"]
    moved = {name: now["gauges"][name] - before[name] for name in GAUGES}
    most = max(GAUGES, key=lambda name: abs(moved[name]))
    if abs(moved[most]) >= NOTICED:
        way = "fell" if moved[most] < 0 else "rose"
        values = {"seat": seat, "gauge": goal_key(picture.plan, seat, most),
                  "n": round(100 * abs(moved[most]), 1)}  # fmt: skip
        yield moved[most] < 0, Say(f"side.{way}", values)
