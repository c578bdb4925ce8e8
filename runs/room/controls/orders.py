"""What control says in the game: an order in a seat's name, a message to seats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.room.commands import Command, Refused
from runs.room.controls.checks import Data, in_phase, need, readers, seat_of
from runs.room.deals import bounds_on, breach
from runs.room.drafts import cover
from runs.room.refusals import order_refused, refuse
from runs.room.state import CONTROL, OPEN, Draft, Message, Room
from world.decisions import Order

if TYPE_CHECKING:
    from world.scenario import Scenario


def can_override(room: Room, plan: Scenario, data: Data) -> Data:
    """An order that stands for the turn, or the end of one; deals bind it like the seat's own."""
    in_phase(room, OPEN)
    needed = need(data, "seat", "lever", "why")
    seat, value = seat_of(room, needed["seat"]), data.get("value")
    if value is None:
        if needed["lever"] not in room.chairs[seat].orders:
            raise refuse("no_order", "lever", lever=needed["lever"])
    else:
        order = Order(room.week, seat, needed["lever"], value)
        if (refused := order_refused(plan, order, room.week, "value")) is not None:
            raise refused
        bounds = bounds_on(room, plan, seat, room.turn)
        if fault := breach(plan, bounds, needed["lever"], value):
            raise Refused(fault.text, "value", 409, fault.say)
    return {**needed, "value": value, "stands": True}


def override(room: Room, plan: Scenario, command: Command) -> None:
    """Logs from before an override stood do not say that it does, and are read as they were."""
    data = command.data
    orders = room.chairs[data["seat"]].orders
    if data["value"] is None:
        orders.pop(data["lever"], None)
        return
    if data.get("stands"):
        cover(orders, plan, data["lever"])
    by = CONTROL if data.get("stands") else "facilitator"
    orders[data["lever"]] = Draft(data["value"], data["why"], by, command.at)


def can_say(room: Room, plan: Scenario, data: Data) -> Data:
    needed = need(data, "text")
    return {**needed, "to": readers(room, data.get("to"))}


def say(room: Room, plan: Scenario, command: Command) -> None:
    data = command.data
    n = len(room.messages) + 1
    room.messages.append(
        Message(n, CONTROL, data["to"], data["text"], room.turn, command.at, command.who)
    )
