"""Views as text: what is sent to each token, and whether it differs from what was sent before."""

from __future__ import annotations

import json
from typing import Any

from runs.room import view
from runs.room.tokens import FACILITATOR, PROJECTOR, Pass


def render(holder: Pass, picture: view.Picture, made: dict[str, str]) -> tuple[str, str]:
    """The payload of a token, and the same without clock and version to see what changed.

    ``made`` keeps what several tokens share, within one round.
    """
    if holder.kind == PROJECTOR:
        body = made.get("") or dump(view.projector_view(picture))
        made[""] = body
    elif holder.kind == FACILITATOR:
        body = dump(view.control_view(picture, holder.who))
    else:
        seat = picture.room.people[holder.who].seat
        shared = made.get(seat) or dump(view.seat_view(picture, seat))
        made[seat] = shared
        own = dump(view.personal(picture, holder.who))
        body = f"{own[:-1]},{shared[1:]}"
    return body, _still(body)


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _still(body: str) -> str:
    """A payload without the clock and the version, which change without anything to tell."""
    start = body.index('"version":')
    return body[:start] + body[body.index('"room":', start) :]
