"""The briefing of every seat at the start of a turn.

``headline``, ``situation`` (at most three sentences, 60 words), ``dilemma`` (``id``, ``say``, and
``answers`` with ``id``, ``say``, ``sets`` and ``effects``), ``voices`` of up to four capitals,
``done`` to the seat since the last turn, and the ``track`` at its foot. Sentences are keys with
values. It is part of a turn's result, so a room that is read again tells the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runs.estimate import costs
from runs.room.briefing.dilemmas import Asked, Setting, answer_say, ask_say, asked, words
from runs.room.briefing.effects import effects
from runs.room.briefing.news import done_to, headline, heard, loudest_acts, of_quarter, situation
from runs.room.briefing.sight import Sight
from runs.room.briefing.tracks import track
from runs.room.briefing.voices import voices

if TYPE_CHECKING:
    from runs.play import Play
    from runs.story.run import Run

Result = Mapping[str, Any]


def briefings(
    game: Play, public: Result, seats: Mapping[str, Result], before: Sequence[Result], first: int
) -> dict[str, dict[str, Any]]:
    """By seat, its briefing; ``before`` are the results of earlier turns, the opening first."""
    runs: dict[str, Run] = {}
    found = {}
    for seat, own in seats.items():
        sight = Sight(game.plan, seat, own, public)
        if sight.zone not in runs:
            runs[sight.zone] = heard(game, sight.zone)
        last = [one["seats"][seat]["briefing"]["dilemma"]["id"] for one in before]
        found[seat] = briefing(game, sight, runs[sight.zone], last, first)
    return found


def briefing(
    game: Play, sight: Sight, run: Run, last: Sequence[str], first: int
) -> dict[str, Any]:
    """One seat's briefing of the weeks from ``first`` on; ``last`` are its earlier dilemmas."""
    items = of_quarter(run, sight.seat, first, game.week)
    acts = loudest_acts(run, first)
    return {
        "headline": headline(sight, items).row, "situation": situation(sight, items),
        "dilemma": dilemma(game, sight, asked(sight, last)),
        "voices": voices(run, sight, acts, game.recorder.orders),
        "done": done_to(run, sight, first) if game.week else [],
        "track": track(sight, game.setting.par),
    }  # fmt: skip


def dilemma(game: Play, sight: Sight, one: Asked) -> dict[str, Any]:
    """The question as a page shows it, each answer with what it sets and what it would do."""
    values = words(one, sight.plan.target, sight.plan.coercer)
    moves = [move for sets in one.answers.values() for move in sets]
    held = costs(game.world, sight.seat, {move.lever: move.was for move in moves})
    return {
        "id": one.dilemma.id, "say": ask_say(one, values).row,
        "answers": [
            {
                "id": name, "say": answer_say(one, name, values).row, "sets": plain(sets),
                "effects": effects(
                    sight, game.setting.par, sets,
                    costs(game.world, sight.seat, {move.lever: move.value for move in sets}), held,
                ),
            }
            for name, sets in one.answers.items()
        ],
    }  # fmt: skip


def plain(sets: Sequence[Setting]) -> list[dict[str, Any]]:
    return [{"lever": one.lever, "value": one.value, "was": one.was} for one in sets]
