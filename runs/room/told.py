"""What a seat is told of its result: all that it may know, and of the rest the figures alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runs.room.state import ALL, Room

if TYPE_CHECKING:
    from runs.room.view import Picture

UNNAMED = {"kind": "something hidden", "actor": "", "n": 0, "what": "", "key": ""}
LISTS = ("causes", "steps")  # rooms of earlier models have no steps


def told(room: Room, seat: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """A seat's result; a cause that it may not know of keeps its figures and loses its name."""

    def named(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, **UNNAMED} if _hidden(room, seat, row) else row

    lists = {name: [named(row) for row in result[name]] for name in LISTS if name in result}
    return {**result, **lists}


def _hidden(room: Room, seat: str, row: Mapping[str, Any]) -> bool:
    if row["kind"] == "inject":
        readers = room.injects[row["n"]].to
        return ALL not in readers and seat not in readers
    if row["kind"] == "deal":
        deal = room.deals[row["n"]]
        return bool(deal.secret and seat not in deal.parties)
    return False


def brief(result: Mapping[str, Any]) -> dict[str, Any]:
    """A seat's result with its largest causes alone, for who looks at many of them."""
    return {name: value for name, value in result.items() if name != "steps"}


def briefly(picture: Picture, turn: int) -> dict[str, Any] | None:
    """The largest causes of a turn by seat, or None while they are worked out."""
    found = picture.causes.get(turn)
    return {seat: brief(result) for seat, result in found["seats"].items()} if found else None
