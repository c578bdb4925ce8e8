"""Tokens and codes: who may speak for whom.

A token is a random string; what it stands for is kept beside the command that made it, never in
the command itself, so that no export, view or replay can carry one. Kinds are kept apart: a token
of one kind is of no use where another is asked.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

SEAT, FACILITATOR, PROJECTOR = "seat", "facilitator", "projector"
KINDS = (SEAT, FACILITATOR, PROJECTOR)

# What facilitators may do; the first one of a room has every right and may hand them on.
RIGHTS = ("time", "record", "inject", "people", "orders", "message", "rights")

# Without signs that are taken for one another on a wall or over a telephone.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 5


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token stands for: its kind, the room, and the handle of its holder."""

    kind: str
    room: str
    who: str  # handle of a person, "f1" of a facilitator, "projector"
    key: int = 1  # which of the tokens given to this holder it is

    @classmethod
    def of(cls, fields: dict[str, Any], room: str) -> Pass:
        return cls(str(fields["kind"]), room, str(fields["who"]), int(fields.get("key", 1)))


def new_token() -> str:
    """An unguessable token of 192 bits."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """A short code for the wall."""
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))


def clean_code(text: str) -> str:
    """A code as somebody typed it, in the form in which rooms are kept."""
    wide = unicodedata.normalize("NFKC", text).upper()  # phones of Asia type full-width letters
    return "".join(sign for sign in wide if sign.isalnum())


def new_seed() -> int:
    """Luck that nobody in the room can guess."""
    return secrets.randbelow(2**31)


def same(one: str, other: str) -> bool:
    """Equality that takes as long whatever differs."""
    return secrets.compare_digest(one.encode(), other.encode())
