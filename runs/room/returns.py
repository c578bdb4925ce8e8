"""People who lost their device and ask to come back; a facilitator lets them in, or does not.

Who asks is known by name and seat. Where several people of one name are at one seat, the
facilitator says which of them it is. A request that nobody has answered for a while is forgotten.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from runs.room.commands import Command, Refused
from runs.room.controls.checks import Data, need
from runs.room.refusals import refuse
from runs.room.state import PERSON, Room
from runs.room.text import folded

if TYPE_CHECKING:
    from world.scenario import Scenario

MOST_ASKING = 500  # requests of one room that wait
ASKING_MS = 15 * 60_000  # how long a request waits, and its answer can be fetched


def can_ask(room: Room, plan: Scenario, command: Command) -> Command:
    name, seat = command.data["name"], command.data.get("seat") or ""
    known = [p for p in room.people.values() if folded(p.name) == folded(name) and not p.gone]
    known = [p for p in known if seat in ("", p.seat)]
    if not known and seat:
        raise refuse("nobody_called_at", "name", 404, name=name, seat=seat)
    if not known:
        raise refuse("nobody_called", "name", 404, name=name)
    if len({person.seat for person in known}) > 1:
        raise refuse("which_seat", "seat", 409, name=name)
    if len(waiting(room, command.at)) >= MOST_ASKING:
        raise refuse("too_many_ask", None, 409)
    who = [person.who for person in known]
    data = {"name": name, "seat": known[0].seat, "person": who[0], "people": who}
    return replace(command, data=data)


def ask(room: Room, plan: Scenario, command: Command) -> dict[str, Any]:
    """Logs that were written before a request had a seat name one person alone."""
    data = command.data
    number = f"r{len(room.requests) + 1}"
    room.requests[number] = {
        "person": data["person"], "people": data.get("people", [data["person"]]),
        "name": data["name"], "seat": data.get("seat") or room.seat_of(data["person"]),
        "at": command.at, "admitted": False, "declined": False, "answered": None,
    }  # fmt: skip
    return {"request": number}


def old(request: dict[str, Any], now: int) -> bool:
    """Whether a request, or the answer to it, counts no more. ``now`` in ms."""
    return bool(now - (request["answered"] or request["at"]) > ASKING_MS)


def waiting(room: Room, now: int) -> dict[str, dict[str, Any]]:
    """The requests that want an answer, by number. ``now`` in ms."""
    return {
        number: one for number, one in room.requests.items()
        if one["answered"] is None and not old(one, now)
    }  # fmt: skip


def rows(room: Room, now: int, devices: Collection[str]) -> dict[str, dict[str, Any]]:
    """The same for the console: whose seat it is, and who of them is connected."""
    found = {}
    for number, one in waiting(room, now).items():
        people = [
            {"who": p.who, "seat": p.seat, "job": p.job, "at": p.at, "here": p.who in devices}
            for p in (room.people[who] for who in one["people"])
        ]
        found[number] = {**one, "people": people}
    return found


# --- the answer of a facilitator ------------------------------------------------------------------


def can_admit(room: Room, plan: Scenario, data: Data) -> Data:
    number, request = _asked(room, data)
    who = data.get("person") or (request["person"] if len(request["people"]) == 1 else "")
    if not who:
        name, seat = request["name"], request["seat"]
        raise refuse("which_person", "person", 409, name=name, seat=seat)
    if who not in request["people"]:
        raise refuse("no_person", "person", 404)
    return {"request": number, "person": who, "key": room.people[who].key + 1}


def admit(room: Room, plan: Scenario, command: Command) -> None:
    data = command.data
    person = room.people[data["person"]]
    person.key, person.gone = data["key"], False
    room.requests[data["request"]] |= {
        "admitted": True, "answered": command.at, "key": person.key, "person": person.who,
    }  # fmt: skip
    if not room.chairs[person.seat].handed:
        room.chairs[person.seat].played_by = PERSON


def can_decline(room: Room, plan: Scenario, data: Data) -> Data:
    return {"request": _asked(room, data)[0]}


def decline(room: Room, plan: Scenario, command: Command) -> None:
    room.requests[command.data["request"]] |= {"declined": True, "answered": command.at}


def _asked(room: Room, data: Data) -> tuple[str, dict[str, Any]]:
    number = need(data, "request")["request"]
    request = room.requests.get(number)
    if request is None or request["answered"] is not None:
        raise refuse("nobody_asks", "request", 404)
    return number, request


def answer(room: Room, request: dict[str, Any], name: str, seat: str | None, now: int) -> bool:
    """Whether somebody who asks again has been let in; Refused for a no, an old request and
    somebody else's."""
    if request["name"] != name or (seat and request["seat"] != seat):
        raise Refused("This id belongs to another request.", "id", 409)
    if request["declined"]:
        raise refuse("declined", None, 403)
    if old(request, now):
        raise refuse("request_old", None, 409)
    if request["admitted"] and room.people[request["person"]].key != request["key"]:
        raise refuse("token_replaced", None, 409)  # another device has come back since
    return bool(request["admitted"])
