"""A command as it goes into the log and comes out of it, and what may be lost or refused there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple


class NotSaved(RuntimeError):
    """A command could not be put on disk, so it was not taken; the text is one sentence.

    ``key`` names the same sentence in the catalogues.
    """

    def __init__(self, text: str, key: str = "refuse.not_saved") -> None:
        super().__init__(text)
        self.key = key


class Entry(NamedTuple):
    """A command to be added: its JSON body, and what only the server may know (tokens)."""

    room: str
    body: dict[str, Any]
    secret: dict[str, Any] | None = None


class Row(NamedTuple):
    """A command as it was logged; ``body`` is empty where what stands there is no object."""

    n: int
    room: str
    body: dict[str, Any]
    secret: dict[str, Any] | None


@dataclass(frozen=True)
class Dropped:
    """What a damaged or shortened log has lost, as far as can be told."""

    after: int  # last row that is good
    rows: int  # rows known to have been behind it
    text: str


def row_of(found: tuple[Any, ...]) -> Row:
    n, room, body, secret = found
    return Row(n, room, json_object(body), json_object(secret) or None)


def json_object(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):  # a later version may keep something else there
        return {}
    return found if isinstance(found, dict) else {}
