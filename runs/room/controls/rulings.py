"""Moves outside the levers: control sets a chance, the die falls once, and what was said follows.

What follows is an event, a lever that is set for a seat, or money or stock that goes from one
state to another. It is played as an inject of the turn, read by those whom control names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runs.room import turns
from runs.room.commands import Command, Refused
from runs.room.controls.checks import Data, event_of, in_phase, need, readers, seat_of
from runs.room.deals import bounds_on, breach, check_clause
from runs.room.refusals import check_setting, refuse
from runs.room.state import ALL, OPEN, Inject, Room

if TYPE_CHECKING:
    from world.scenario import Scenario

OUTCOMES = ("effect", "otherwise")  # what follows if it works, and if it fails


def can_judge(room: Room, plan: Scenario, data: Data) -> Data:
    move = room.moves.get(need(data, "move", "probability")["move"])
    if move is None:
        raise refuse("no_move", "move", 404, n=data["move"])
    if move.probability is not None:
        raise refuse("move_judged", "move", 409, n=move.n)
    found = {"move": move.n, "probability": data["probability"], "why": data.get("why", ""),
             "event": None, "shown": bool(data.get("shown"))}  # fmt: skip
    if data.get("event") is not None:
        in_phase(room, OPEN)
        found["event"] = event_of(plan, data["event"])
    for name in OUTCOMES:
        if data.get(name) is not None:
            in_phase(room, OPEN)
            found[name] = _effect(room, plan, data[name], name)
    if data.get("to"):
        in_phase(room, OPEN)
        need(data, "why")
        found["to"] = readers(room, data["to"])
    return found


def _effect(room: Room, plan: Scenario, effect: Data, field: str) -> Data:
    """A lever as it may be set in the turn, or a transfer between two states; raises Refused."""
    seat = seat_of(room, effect["seat"])
    if effect["kind"] == "lever":
        needed = need(effect, "lever", "value")
        check_setting(plan, seat, needed["lever"], needed["value"], field)
        bounds = bounds_on(room, plan, seat, room.turn)
        if fault := breach(plan, bounds, needed["lever"], needed["value"]):
            raise Refused(fault.text, field, 409, fault.say)
        return {"kind": "lever", "seat": seat, **needed}
    to = seat_of(room, need(effect, "to")["to"])
    if to == seat:
        raise refuse("ruling_self", field, seat=seat)
    what = ("material", "tonnes") if effect["kind"] == "stock" else ("usd_m",)
    needed = need(effect, *what)
    clause = {
        "kind": effect["kind"], "material": needed.get("material"),
        "tonnes_per_turn": needed.get("tonnes"), "usd_m_per_turn": needed.get("usd_m"),
    }  # fmt: skip
    check_clause(plan, seat, [to], clause, field)
    return {"kind": effect["kind"], "seat": seat, "to": to, **needed}


def judge(room: Room, plan: Scenario, command: Command) -> None:
    """Logs from before a ruling named its readers let everybody read what followed."""
    data = command.data
    move = room.moves[data["move"]]
    move.probability, move.why = data["probability"], data["why"]
    move.shown = data.get("shown", False)
    move.die = turns.die(room, move.n)
    move.success = move.die < move.probability
    effect = data.get("effect" if move.success else "otherwise")
    event = data["event"] if move.success else None
    told = data.get("to", [ALL] if event else [])
    if event is None and (effect or told):
        event = _event_of(effect, move.why)
    if event is not None:
        n = room.next_number()
        room.injects[n] = Inject(
            n, command.who, room.turn, event, told, command.at, "shown", move.n,
            order=_order_of(effect),
        )  # fmt: skip


def _event_of(effect: Data | None, text: str) -> dict[str, Any]:
    """The ruling as an event of the world: news, or a transfer."""
    event = {"kind": "news", "actor": "", "target": "", "text": text, "data": {}, "week": 0}
    if effect is None or effect["kind"] == "lever":
        return event
    names = ("material", "tonnes") if effect["kind"] == "stock" else ("usd_m",)
    return event | {
        "kind": f"transfer_{effect['kind']}", "actor": effect["seat"], "target": effect["to"],
        "data": {name: effect[name] for name in names},
    }  # fmt: skip


def _order_of(effect: Data | None) -> dict[str, Any] | None:
    if effect is None or effect["kind"] != "lever":
        return None
    return {**{name: effect[name] for name in ("seat", "lever", "value")}, "yields": True}
