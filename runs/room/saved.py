"""The rooms of a log for who runs the server: how far each has come, and the way back into it.

The list is read from the log alone, without opening a room, and only from the commands that say
how far a room has come, so that many old games cost little.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from runs.about import MODEL
from runs.room.fold import APPLY
from runs.room.reading import PARTS, Unreadable, commands_of
from runs.room.say import Say
from runs.room.tokens import PROJECTOR

if TYPE_CHECKING:
    from runs.room.log import Row
    from runs.room.service import Service

MOST_SHOWN = 60
TELLING = ("create", "join", "resolved", "control")  # kinds that the list is made from


def saved_rooms(service: Service) -> list[dict[str, Any]]:
    """One row a room, the last one that was touched first.

    ``alone`` is True for a room made for one person at one seat; only then ``seat_token`` is told,
    since in any other room a seat belongs to somebody else.
    """
    store = service.store
    codes, strange = store.touched(MOST_SHOWN), store.strange_rooms(tuple(APPLY))
    rows = [_any_row(service, code, strange.get(code)) for code in codes]
    return sorted(rows, key=lambda row: -int(row["last"]))


def _any_row(service: Service, code: str, strange: tuple[int, str] | None) -> dict[str, Any]:
    """The row of a room, or why this version cannot read it: found out here as far as its outline
    tells, and else when somebody has tried to open it."""
    rows = service.store.outline(code, TELLING)
    try:
        if strange is not None:
            raise Unreadable(code, *strange)
        if code in service.unreadable:
            raise service.unreadable[code]
        commands_of(code, rows)
        return _row(service, code, rows)
    except Unreadable as problem:
        say = problem.say
    except PARTS:
        say = Unreadable(code, 1, "create").say
    last = rows[-1].body.get("at") if rows else 0
    told = say.row if say else None
    return {"room": code, "last": last if isinstance(last, int) else 0, "unreadable": told}


def _row(service: Service, code: str, commands: Iterable[Row]) -> dict[str, Any]:
    bodies = [row.body for row in commands]
    made = bodies[0]["data"]
    joined = [body["data"] for body in bodies if body["kind"] == "join"]
    model = made.get("model", 1)
    alone = len(made["seats"]) == 1 and made["options"].get("team_size") == 1
    row = {
        "room": code, "unreadable": None, "other_model": _other(code, model),
        "scenario": made["scenario"], "language": made["language"],
        "made": bodies[0]["at"], "last": bodies[-1]["at"], "turns": made["turns"],
        **_progress(bodies), "people": len(joined), "alone": alone,
        "seat": made["seats"][0] if alone else "",
        "facilitator_token": service.token(code, "f1"),
        "projector_token": service.token(code, PROJECTOR),
    }  # fmt: skip
    if alone and joined:
        row["seat_token"] = service.token(code, joined[0]["person"])
    return row


def _other(code: str, model: int) -> dict[str, Any] | None:
    """The sentence on a room of another model."""
    if model == MODEL:
        return None
    return Say("refuse.other_model", {"code": code, "n": model, "now": MODEL}).row


def _progress(bodies: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Turns played, less those that were taken back, and whether the game was ended by hand."""
    played, ended, revealed = 0, False, False
    for body in bodies:
        action = body["data"].get("action") if body["kind"] == "control" else None
        if body["kind"] == "resolved" and body["turn"] > 0:
            played = body["turn"]
        elif action == "undo_turn":
            again = bool(body["data"].get("go_on"))  # an end is taken back, not a turn
            played, ended, revealed = max(0, played - (not again)), False, False
        elif action == "end":
            ended = True
        elif action == "reveal" or body["data"].get("opens"):
            revealed = True
    return {"played": played, "ended": ended, "revealed": revealed}
