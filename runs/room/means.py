"""What a ruling may hand from state to state: nobody gives what it does not have.

Public stock is what the table told at the start of the turn, less what deals in force and rulings
of the turn take; money is bounded where an allowance binds. Control is told in one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from runs.room import purse
from runs.room.commands import Command
from runs.room.refusals import refuse
from runs.room.state import Room
from runs.room.turns import transfers_now
from world.units import USD_M

if TYPE_CHECKING:
    from world.scenario import Scenario

Held = Callable[[str, str], float | None]  # t of a seat's public stock; None while it is unknown
ROUNDING = 1e-3  # the table tells four digits
WEEK_DAYS = 7.0


def held_in(result: Mapping[str, Any] | None) -> Held:
    """Public stock by seat and material, from a turn's result."""

    def held(seat: str, material: str) -> float | None:
        if result is None:
            return None
        row = result["seats"][seat]["report"]["materials"].get(material, {})
        return float((row.get("stock_days") or 0.0) * (row.get("need_t") or 0.0) / WEEK_DAYS)

    return held


def check(
    room: Room, plan: Scenario, command: Command, purses: purse.Purses | None, held: Held | None
) -> None:
    """Raises Refused for a ruling by which a seat would give what it has not."""
    if command.data.get("action") != "adjudicate":
        return
    for name in ("effect", "otherwise"):
        effect = command.data.get(name)
        if effect and effect["kind"] == "stock" and held is not None:
            _check_stock(room, effect, held, name)
        elif effect and effect["kind"] == "money" and plan.allowance:
            _check_money(room, plan, effect, purses, name)


def _check_stock(room: Room, effect: Mapping[str, Any], held: Held, field: str) -> None:
    seat, material = effect["seat"], effect["material"]
    has = held(seat, material)
    if has is None:
        raise refuse("ruling_waits", field, 409)
    gone = sum(
        event["data"]["tonnes"] for event in transfers_now(room)
        if event["kind"] == "transfer_stock" and event["actor"] == seat
        and event["data"]["material"] == material
    )  # fmt: skip
    left = max(0.0, has - gone)
    if effect["tonnes"] > left * (1 + ROUNDING):
        raise refuse(
            "ruling_stock", field, seat=seat, good=material, tonnes=float(effect["tonnes"]),
            has_t=round(left, 3),
        )  # fmt: skip


def _check_money(
    room: Room, plan: Scenario, effect: Mapping[str, Any], purses: purse.Purses | None, field: str
) -> None:
    seat = effect["seat"]
    if purses is None:
        raise refuse("ruling_waits", field, 409)
    if seat not in purses:
        return
    desk = purse.Desk(room, plan, seat, purses)
    own = desk.purse()
    free = max(0.0, own.allowance - float(own.money(desk.settings())[0]))
    takes = USD_M * effect["usd_m"]
    if takes > free + purse.ROUNDING_USD:
        raise refuse("ruling_money", field, seat=seat, takes_usd=takes, free_usd=free)
