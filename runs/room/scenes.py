"""Which scene the wall shows: what log and clock say by themselves, or a facilitator's choice.

A choice holds as long as the scene under it does: who goes on from the result to the situation
early still gets the last minute when it comes. All is a function of the room and the time, so a
wall that is opened late, or after the server was killed, stands where the others stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from runs.room.forecasts import QUESTIONS
from runs.room.state import AI, ENDED, LOBBY, RESOLVING, Deal, Room

TITLE, SITUATION, DECIDE, RESULT, REVEAL = SCENES = (
    "title", "situation", "decide", "result", "reveal"
)  # fmt: skip
DEALS, FORECASTS, SCORES, BRANCH, REPLAY = PARTS = (
    "deals", "forecasts", "scores", "branch", "replay"
)  # fmt: skip
RESULT_SECONDS = 60.0  # after the opening of a turn in which the last one's result stays up
LAST_SECONDS = 60.0  # of a turn that belong to the clock
SHARE = 0.2  # of a turn: more of a short one neither of them takes
ROWS = 5  # seats whose scores stand on one wall


class Page(NamedTuple):
    """A scene, and within the reveal its part, the number within it and how many there are."""

    scene: str
    part: str = ""
    n: int = 0
    of: int = 0

    def row(self) -> dict[str, Any]:
        return dict(self._asdict())


# --- what there is to show ------------------------------------------------------------------------


def secret_deals(room: Room) -> list[Deal]:
    """Secret deals that were signed and not undone, in the order in which they were offered."""
    return [d for d in room.deals.values() if d.secret and d.signed_turn and d.status != "undone"]


def asked(room: Room) -> list[str]:
    """Questions of turns that were played to which anybody gave a forecast."""
    known = {f.question for f in room.forecasts.values() if 0 < f.turn <= len(room.played)}
    return [name for name in QUESTIONS if name in known]


def of_people(room: Room) -> list[str]:
    """Seats that people played in any turn, in the order of seats."""
    return [
        seat for seat in room.chairs
        if any(inputs["seats"].get(seat, AI) != AI for inputs in room.played)
    ]  # fmt: skip


def steps(room: Room) -> list[Page]:
    """The steps of the reveal: each part has one, also where there is nothing to tell in it."""
    if not room.played:
        return []
    numbers = {
        DEALS: len(secret_deals(room)), FORECASTS: len(asked(room)),
        SCORES: -(-len(of_people(room)) // ROWS), BRANCH: 1, REPLAY: 1,
    }  # fmt: skip
    return [
        Page(REVEAL, part, n, numbers[part]) for part in PARTS
        for n in range(1, max(1, numbers[part]) + 1)
    ]  # fmt: skip


def pages(room: Room) -> list[Page]:
    """What can be shown now, in order."""
    if room.phase == LOBBY:
        return [Page(TITLE)]
    if room.phase == RESOLVING:
        return [Page(SITUATION)]
    result = [Page(RESULT)] if room.played else []
    if room.phase == ENDED:
        return [*(result or [Page(TITLE)]), *(steps(room) if room.revealed else [])]
    return [*result, Page(SITUATION), Page(DECIDE)]


# --- what is shown --------------------------------------------------------------------------------


def usual(room: Room, now: int) -> str:
    """The scene where nobody has chosen one; ``now`` in ms."""
    if room.phase == LOBBY:
        return TITLE
    if room.phase == RESOLVING:
        return SITUATION
    if room.phase == ENDED:
        return REVEAL if room.revealed and room.played else RESULT if room.played else TITLE
    if room.played and now - room.opened < 1000 * _of_turn(room, RESULT_SECONDS):
        return RESULT
    left = room.left if room.deadline is None else room.deadline - now
    return DECIDE if left is not None and left <= 1000 * last_seconds(room) else SITUATION


def last_seconds(room: Room) -> float:
    """How long before its end a turn belongs to the clock."""
    return _of_turn(room, LAST_SECONDS)


def _of_turn(room: Room, seconds: float) -> float:
    return seconds if room.turn_seconds is None else min(seconds, SHARE * room.turn_seconds)


def ground(room: Room, now: int) -> str:
    """What a choice is laid over."""
    return f"{room.phase} {room.turn} {len(room.undone)} {usual(room, now)}"


def here(room: Room, now: int) -> Page:
    """What the wall shows."""
    scene = room.scene if room.scene_over == ground(room, now) else usual(room, now)
    if scene != REVEAL:
        return Page(scene)
    found = steps(room)
    return found[min(room.step, len(found) - 1)]


def around(room: Room, now: int) -> tuple[Page | None, Page | None]:
    """What → and ← lead to. The end of the game leads into the reveal, which opens by that."""
    listed, page = pages(room), here(room, now)
    at = listed.index(page)
    after = listed[at + 1] if at + 1 < len(listed) else None
    if after is None and room.phase == ENDED and not room.revealed:
        after = next(iter(steps(room)), None)
    return after, listed[at - 1] if at else None


def named(room: Room, name: str) -> Page | None:
    """The first page of a scene or of a part of the reveal, None where it cannot be shown now."""
    return next((page for page in pages(room) if name in (page.part, page.scene)), None)


def number(room: Room, page: Page) -> int:
    """Which step of the reveal a page is, from 0."""
    return steps(room).index(page) if page.scene == REVEAL else 0


def told(room: Room, now: int, control: bool) -> dict[str, Any]:
    """``scene``, ``part``, ``n``, ``of``, and as ``step`` which of ``steps``; for control also the
    ``next`` and the ``back`` page, and the ``parts`` with how many steps each has."""
    page = here(room, now)
    revealed = page.scene == REVEAL
    found: dict[str, Any] = {
        **page.row(), "step": number(room, page) + 1 if revealed else 0,
        "steps": len(steps(room)) if revealed else 0,
    }  # fmt: skip
    if not control:
        return found
    after, before = around(room, now)
    return {
        **found, "next": after and after.row(), "back": before and before.row(),
        "parts": _parts(steps(room)) if room.phase == ENDED else [],
    }


def _parts(listed: Iterable[Page]) -> list[dict[str, Any]]:
    return [{"part": page.part, "n": page.of} for page in listed if page.n == 1]
