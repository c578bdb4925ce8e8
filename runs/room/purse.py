"""The allowance of a room's seats: what fits into a turn, beside saved orders and deals (ODD 7.21).

The table says at the start of a turn what each seat's purse is (`world.purse`); what is saved since
then is counted here, before it goes into the log. What control sets and what deals that are signed
ask for counts too, and is never refused. Nobody learns of another seat's purse, but that it cannot
carry a deal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from runs.room.commands import Command, Refused
from runs.room.deals import Bounds, bounds_by, bounds_on, breach, given_by
from runs.room.refusals import refuse
from runs.room.say import Say
from runs.room.state import CONTROL, Chair, Deal, Room
from runs.room.turns import in_their_order, shown_in
from world.afford import Overrun, after_all, million, ordered, overrun
from world.allowances import BACK, CAPITAL, row_of
from world.levers import place
from world.purse import Purse, Settings, from_plain, with_handed
from world.units import USD_M

if TYPE_CHECKING:
    from world.scenario import Scenario

Purses = Mapping[str, Any]  # by seat, as the table told them for the turn
ROUNDING_USD = 1e-3


def purses_of(result: Mapping[str, Any] | None) -> Purses | None:
    """What the table told of purses with a turn's result; None where it has not yet."""
    if result is None:
        return None
    return {seat: own["purse"] for seat, own in result["seats"].items() if "purse" in own}


def check(room: Room, plan: Scenario, command: Command, purses: Purses | None) -> None:
    """Raises Refused for an order or a deal that the purse of a seat cannot carry."""
    data = command.data
    if command.kind not in ("order", "offer", "sign") or data["seat"] not in plan.zones:
        return
    if purses is None:
        raise refuse("purse_waits", None, 409)
    if command.kind == "order":
        _check_order(Desk(room, plan, data["seat"], purses), data["lever"], data["value"])
    elif command.kind == "offer":
        offer = Deal(
            0, data["seat"], data["to"], data["gives"], data["gets"], data["from_turn"],
            data["turns"], data["secret"], data["exit"], data["text"], command.at,
        )  # fmt: skip
        _check_deal(room, plan, offer, (data["seat"],), data["seat"], purses)
    else:
        deal = room.deals[data["deal"]]
        last = set(deal.signed) | {data["seat"]} == set(deal.parties)
        parties = deal.parties if last else [data["seat"]]
        _check_deal(room, plan, deal, parties, data["seat"], purses)


# --- what a seat has saved -----------------------------------------------------------------------


class Desk:
    """One seat's purse in the open turn, or in one to come, as far as that can be told today: what
    is set for it, and what it has saved itself."""

    def __init__(
        self, room: Room, plan: Scenario, seat: str, purses: Purses, turn: int | None = None
    ) -> None:
        self.room, self.plan, self.seat = room, plan, seat
        self.turn = room.turn if turn is None else turn
        self.chair: Chair = room.chairs[seat]
        self.told = from_plain(purses[seat])
        if self.turn > room.turn:
            self.told = self._to_come(Desk(room, plan, seat, purses))
        self.bounds = bounds_on(room, plan, seat, self.turn)
        running = [deal for deal in room.deals.values() if deal.binds_in(self.turn)]
        self.handed_before = handed(seat, (d for d in running if d.start < self.turn))
        self.handed_new = handed(seat, (d for d in running if d.start == self.turn))
        if self.turn == room.turn:
            self.handed_new += ruled(room, seat)

    def _to_come(self, now: Desk) -> Purse:
        """The purse of a later turn: what is saved stands, money is whole again, and political
        capital has come back."""
        settings = now.settings()
        left = np.maximum(0.0, now.told.points - now.told.used(settings))
        back = (self.turn - self.room.turn) * row_of(self.seat, BACK).value
        points = np.minimum(row_of(self.seat, CAPITAL).value, left + back)
        return replace(self.told, opening=settings, points=points, handed=0.0 * points)

    def purse(self, more: float = 0.0) -> Purse:
        """With the money of deals in force, and of one that may come."""
        return with_handed(self.told, self.handed_before + self.handed_new + more)

    def settings(
        self, without: str | None = None, own: bool = True, deal: Deal | None = None
    ) -> Settings:
        """As they would come to stand: saved orders (one of them left out, or all of the seat's
        own), what control has set, and what deals, or one more, ask for."""
        bounds = dict(self.bounds)
        new = bounds_by(self.plan, deal, self.seat) if deal else {}
        for part, bound in new.items():
            bounds[part] = bounds[part].meet(bound) if part in bounds else bound
        if self.turn > self.room.turn:  # nothing is ordered in it yet
            return kept_within(self.plan, self.seat, self.told.opening, bounds)
        drafts = [
            (full, draft.value)
            for full, draft in in_their_order(self.chair.orders)
            if full != without and (own or draft.by == CONTROL)
            and breach(self.plan, new, full, draft.value) is None
        ]  # fmt: skip
        injected = [
            (one.order["lever"], one.order["value"])
            for one in self.room.injects.values()
            if one.order and one.order["seat"] == self.seat
            and (one.turn, one.status) == (self.room.turn, "shown")
        ]  # fmt: skip
        found = after_all(self.plan, self.told, self.told.opening, [*drafts, *injected])
        return kept_within(self.plan, self.seat, found, bounds)

    def row(self) -> dict[str, Any]:
        """The purse as pages show it: bound before the turn, new in it, free; and what each saved
        order takes by itself."""
        settings, purse = self.settings(), self.purse()
        found: dict[str, Any] = purse.row(settings)
        found["money"]["bound"] -= self.handed_new
        found["money"]["new"] += self.handed_new
        found["orders"] = {
            full: self._takes(purse, settings, self.settings(without=full))
            for full in self.chair.orders
        }
        return found

    def preview(self, full: str, value: float) -> dict[str, Any]:
        """What an order would take beside the others, and which value of it fits (null: none
        but the one that stands)."""
        before, purse = self.settings(without=full), self.purse()
        after = ordered(self.plan, self.seat, before, full, value)
        over = overrun(self.plan, purse, before, full, value)
        return {
            **self._takes(purse, after, before), "allowed": over is None,
            "fits": value if over is None else over.fits,
        }  # fmt: skip

    def _takes(self, purse: Purse, after: Settings, before: Settings) -> dict[str, float]:
        money = purse.money(after)[0] - purse.money(before)[0]
        capital = purse.used(after)[0] - purse.used(before)[0]
        return {"money": float(money), "capital": float(capital)}


def kept_within(plan: Scenario, seat: str, settings: Settings, bounds: Bounds) -> Settings:
    """Settings where deals keep them, as the table orders them at the start of a turn."""
    for part, bound in bounds.items():
        name = part.partition(".")[0]
        if name in settings:
            _, places = place(plan, seat, part)
            now = settings[name][:, places[0]]
            settings = ordered(plan, seat, settings, part, np.clip(now, bound.low, bound.high))
    return settings


def handed(seat: str, deals: Iterable[Deal]) -> float:
    """USD that deals have a seat hand over each turn, less what it receives."""
    total = 0.0
    for deal in deals:
        if seat not in deal.parties:
            continue
        for giver in deal.parties:
            takers = deal.to if giver == deal.by else [deal.by]
            for clause in given_by(deal, giver):
                if clause["kind"] == "money":
                    sum_usd = USD_M * clause["usd_m_per_turn"]
                    total += sum_usd * (len(takers) * (giver == seat) - (seat in takers))
    return total


def ruled(room: Room, seat: str) -> float:
    """USD that rulings of the open turn have a seat hand over, less what it receives."""
    total = 0.0
    for one in shown_in(room, room.turn):
        if one.event["kind"] == "transfer_money":
            sum_usd = USD_M * float(one.event["data"]["usd_m"])
            total += sum_usd * ((one.event["actor"] == seat) - (one.event["target"] == seat))
    return total


# --- what is refused -----------------------------------------------------------------------------


def _check_order(desk: Desk, full: str, value: float | None) -> None:
    before, purse = desk.settings(without=full), desk.purse()
    if value is None:  # what is left must still fit, for what was taken back may have made room
        if not purse.fits(desk.settings(own=False), before)[0]:
            raise refuse("purse_taken_back", "lever", 422, lever=full)
        return
    over = overrun(desk.plan, purse, before, full, value)
    if over is not None:
        raise Refused(over.text, "value", 422, say_of(over))


def say_of(over: Overrun) -> Say:
    """The refusal as a key with values; USD and points under names of their own."""
    values: dict[str, Any] = {"lever": over.lever, "value": over.value}
    if over.kind == "money":
        values |= {"takes_usd": over.takes, "free_usd": over.free}
    else:
        values |= {"takes": over.takes, "free": over.free}
    if over.fits is None:
        return Say(f"refuse.purse_{over.kind}_stays", values)
    return Say(f"refuse.purse_{over.kind}", {**values, "fits": over.fits})


def _check_deal(
    room: Room, plan: Scenario, deal: Deal, parties: Iterable[str], who: str, purses: Purses
) -> None:
    """Raises Refused where a party cannot carry its part in the deal's first turn, beside what it
    has saved; only the seat that asks is told figures."""
    for seat in parties:
        if seat not in purses:
            continue
        desk = Desk(room, plan, seat, purses, max(room.turn, deal.from_turn or 0))
        was, purse = desk.purse(), desk.purse(handed(seat, [deal]))
        before, after = desk.settings(), desk.settings(deal=deal)
        stood, used = float(was.money(before)[0]), float(was.used(before)[0])
        free, left = max(0.0, was.allowance - stood), max(0.0, float(was.points[0]) - used)
        takes, points = float(purse.money(after)[0]) - stood, float(purse.used(after)[0]) - used
        too_dear, too_bold = takes > free + ROUNDING_USD, points > left
        if (too_dear or too_bold) and seat != who:
            raise refuse("deal_purse", "deal", 409, n=deal.n, seat=seat)
        if too_dear:
            text = f"This deal would bind {million(takes)} more in the quarter, and "
            say = Say("refuse.deal_purse_own", {"takes_usd": takes, "free_usd": free})
            raise Refused(f"{text}{million(free)} are free.", "deal", 409, say)
        if too_bold:
            raise refuse("deal_capital_own", "deal", 409, takes=points, free=left)
