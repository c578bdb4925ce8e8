"""The plan of the lesson for the console: how long each step is to take and what to say in it.

The same plan and words as the printed guide (`entrepot print --what guide`). It is for facilitators
alone, since it holds what is yet to come.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from runs.room.state import Room

if TYPE_CHECKING:
    from runs.printing.speech import Speech

CLASS, TABLE = "class", "table"
HOUR = 60  # minutes
WASH = ("intended", "happened", "surprised")


def lesson_of(room: Room, language: str = "") -> dict[str, Any]:
    """Of a tabletop where control opens every turn itself, else of a class; in the room's language
    unless another is named."""
    kind = CLASS if room.options.get("auto_next", True) else TABLE
    return _lesson(kind, language or room.language)


@cache
def _lesson(kind: str, language: str) -> dict[str, Any]:
    from runs.printing.plan import class_plan, half_day, reveal_minutes
    from runs.printing.speech import Speech

    say = Speech(language)
    if kind == CLASS:
        spans = [(step.id, step.start, step.end) for step in class_plan().steps if step.end > 0]
        does = {step: say.t(f"plan.class.{step}.host") for step, _, _ in spans}
    else:
        parts = [part for part in half_day() if part.at]
        first = _minute(parts[0].at)
        spans = [
            (part.id, _minute(part.at) - first, _minute(part.at) - first + part.minutes)
            for part in parts
        ]
        does = {part.id: say.t(f"plan.tabletop.{part.id}") for part in parts}
    parts_of_reveal, rounds = reveal_minutes(kind == TABLE)
    return {
        "kind": kind, "minutes": spans[-1][2], "parts": parts_of_reveal,
        "rounds": [
            {"minutes": minutes, **asks}
            for minutes, asks in zip(rounds, _asks(kind, say), strict=True)
        ],
        "steps": [
            {"id": step, "from": start, "to": end, "name": say.t(f"plan_name.{kind}.{step}"),
             "say": say.t(f"plan_say.{kind}.{step}"), "do": does[step]}
            for step, start, end in spans
        ],
    }  # fmt: skip


def _asks(kind: str, say: Speech) -> list[dict[str, Any]]:
    """The rounds of the talk: of a class those of the guide, of a table its hot wash."""
    if kind == TABLE:
        return [{"name": say.t(f"hotwash.{name}"), "ask": []} for name in WASH]
    return [
        {"name": say.t(f"guide.round_{n}"), "ask": [say.t(f"guide.round_{n}{q}") for q in "abc"]}
        for n in (1, 2, 3)
    ]


def _minute(clock: str) -> int:
    """Of the day, of a time like 09:30."""
    hours, _, minutes = clock.partition(":")
    return HOUR * int(hours) + int(minutes)
