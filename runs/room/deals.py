"""Deals that bind: what clauses mean, whom they hold to what, and what changes hands.

A clause on a lever keeps it in bounds while the deal is in force: the seat's own orders that would
leave them are refused, and at the start of each turn the lever is ordered into them if it is not
there. Stock and money are handed over at the start of each turn.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from runs.room.commands import Refused
from runs.room.refusals import bound_say, breach_say, check_setting, refuse
from runs.room.roster import is_state, lever_unit
from runs.room.say import Say
from runs.room.state import CONTROL, OPEN, Deal, Room
from runs.seats import parts
from world.levers import LADDER, ladder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from world.scenario import Scenario

Clause = dict[str, Any]
SAME = 1e-9  # values of a lever that differ by less are one
WORDS = {"at_least": "at least", "at_most": "at most", "equals": "at"}


class Bound(NamedTuple):
    """Where deals keep one setting of a seat: within [low, high]."""

    low: float
    high: float
    deals: tuple[int, ...]

    def meet(self, other: Bound) -> Bound:
        deals = self.deals
        if other.deals != deals:
            deals = tuple(sorted({*deals, *other.deals}))
        return Bound(max(self.low, other.low), min(self.high, other.high), deals)

    def holds(self, value: float) -> bool:
        return self.low - SAME <= value <= self.high + SAME

    @property
    def words(self) -> str:
        if self.low == self.high:
            return f"at {self.low:g}"
        if math.isinf(self.high):
            return f"at {self.low:g} or more"
        if math.isinf(self.low):
            return f"at {self.high:g} or less"
        return f"between {self.low:g} and {self.high:g}"


Bounds = dict[str, Bound]  # by single setting, full lever name


def check_clause(plan: Scenario, giver: str, takers: list[str], clause: Clause, field: str) -> None:
    """Raises Refused where a seat cannot give what a clause says."""
    if clause["kind"] == "lever":
        if not clause.get("lever") or clause.get("value") is None:
            raise refuse("clause_lever", field)
        check_setting(plan, giver, clause["lever"], clause["value"], field)
        return
    for seat in (giver, *takers):
        if not is_state(plan, seat):
            raise refuse("clause_firm", field, seat=seat)
    if clause["kind"] == "stock":
        if clause.get("tonnes_per_turn") is None or clause.get("material") is None:
            raise refuse("clause_stock", field)
        if clause["material"] not in plan.materials:
            known = ", ".join(plan.materials)
            raise Refused(
                f"{clause['material']!r} is no material of {plan.id}: known are {known}.", field
            )
    elif clause.get("usd_m_per_turn") is None:
        raise refuse("clause_money", field)


def bound_of(plan: Scenario, clause: Clause, deal: int) -> Bounds:
    """What a clause on a lever means for single settings; a ladder step stands for several."""
    full, sense, value = clause["lever"], clause["sense"], float(clause["value"])
    name = full.partition(".")[0]
    low = -math.inf if sense == "at_most" else value
    high = math.inf if sense == "at_least" else value
    if name != LADDER:
        return {part: Bound(low, high, (deal,)) for part in parts(plan, full)}
    steps, bounds = ladder(), {}
    settings, mildest, harshest = steps[round(value)].settings, steps[0], steps[-1]
    for part in parts(plan, full):
        setting = part.partition(".")[0]
        if setting == "ban_scope" and not settings.get("ban_breadth"):
            continue
        rises = harshest.settings[setting] >= mildest.settings[setting]
        limit = settings[setting]
        keep_low = sense == "equals" or (sense == "at_least") == rises
        keep_high = sense == "equals" or (sense == "at_most") == rises
        bounds[part] = Bound(
            limit if keep_low else -math.inf, limit if keep_high else math.inf, (deal,)
        )
    return bounds


def given_by(deal: Deal, seat: str) -> list[Clause]:
    if seat == deal.by:
        return deal.gives
    return deal.gets if seat in deal.to else []


def bounds_on(room: Room, plan: Scenario, seat: str, turn: int) -> Bounds:
    """Where deals in force keep a seat's settings in a turn."""
    bounds: Bounds = {}
    for deal in room.deals.values():
        if deal.binds_in(turn):
            _meet(bounds, bounds_by(plan, deal, seat))
    return bounds


def bounds_by(plan: Scenario, deal: Deal, seat: str) -> Bounds:
    """Where one deal keeps a seat's settings while it is in force."""
    bounds: Bounds = {}
    for clause in given_by(deal, seat):
        if clause["kind"] == "lever":
            _meet(bounds, bound_of(plan, clause, deal.n))
    return bounds


def _meet(bounds: Bounds, more: Bounds) -> None:
    for part, bound in more.items():
        bounds[part] = bounds[part].meet(bound) if part in bounds else bound


class Breach(NamedTuple):
    """Why an order would break a deal: one sentence, and the same as a key with values."""

    text: str
    say: Say


def breach(plan: Scenario, bounds: Bounds, full: str, value: float) -> Breach | None:
    """Why an order would break a deal, or None."""
    name = full.partition(".")[0]
    settings = ladder()[round(value)].settings if name == LADDER else {}
    for part in parts(plan, full) if bounds else ():
        bound = bounds.get(part)
        setting = settings.get(part.partition(".")[0], value)
        if bound is not None and not bound.holds(setting):
            many = len(bound.deals) > 1
            numbers = " and ".join(map(str, bound.deals))
            return Breach(
                f"{'Deals' if many else 'Deal'} {numbers} keep{'s' * (not many)} {part} "
                f"{bound.words} ({lever_unit(part)}): {full} at {value:g} would break "
                f"{'them' if many else 'it'}.",
                breach_say(setting, bound_say(part, bound.low, bound.high), bound.deals),
            )
    return None


def check_signature(room: Room, plan: Scenario, deal: Deal, start: int) -> None:
    """Raises Refused where the deal cannot be kept beside what its parties have signed.

    Bounds are ranges of numbers, and ranges that meet two by two all have a value in common: so the
    deal is held against each other deal once, however many turns they share.
    """
    last = start + deal.turns - 1
    for seat in deal.parties:
        own = bounds_by(plan, deal, seat)
        _refuse_clash(deal, seat, own)
        for full, value in _set_now(room, seat) if start <= room.turn else ():
            if breach(plan, own, full, value):
                raise refuse("deal_control", "deal", 409, n=deal.n, lever=full, seat=seat)
        for other in room.deals.values() if own else ():
            if other.status == "in force" and other.start <= last and start <= other.last:
                theirs = bounds_by(plan, other, seat)
                _refuse_clash(
                    deal, seat, {p: b.meet(theirs[p]) for p, b in own.items() if p in theirs}
                )


def _set_now(room: Room, seat: str) -> Iterator[tuple[str, float]]:
    """Orders that control has given a seat in the open turn, itself or by a card."""
    if room.phase != OPEN:
        return
    for full, draft in room.chairs[seat].orders.items():
        if draft.by == CONTROL:
            yield full, draft.value
    for inject in room.injects.values():
        order = inject.order or {}
        here = inject.status == "shown" and inject.turn == room.turn
        if here and order.get("seat") == seat:
            yield order["lever"], order["value"]


def _refuse_clash(deal: Deal, seat: str, bounds: Bounds) -> None:
    """Raises Refused for a setting that is left no value."""
    for part, bound in bounds.items():
        if bound.low > bound.high + SAME:
            others = [n for n in bound.deals if n != deal.n]
            raise refuse("deal_clash", "deal", 409, n=deal.n, others=others or [deal.n],
                         lever=part, seat=seat)  # fmt: skip


def drop_breaches(room: Room, plan: Scenario, deal: Deal) -> list[tuple[str, str]]:
    """Takes back saved orders that a deal just signed rules out; (seat, lever) of each."""
    dropped = []
    for seat in deal.parties:
        chair = room.chairs[seat]
        bounds = bounds_on(room, plan, seat, room.turn) if chair.orders else {}
        for full, draft in list(chair.orders.items()):
            if breach(plan, bounds, full, draft.value):
                del chair.orders[full]
                dropped.append((seat, full))
    return dropped


def transfers(room: Room, turn: int) -> Iterator[dict[str, Any]]:
    """What changes hands at the start of a turn, as events of the world."""
    for deal in room.deals.values():
        if not deal.binds_in(turn):
            continue
        for giver in deal.parties:
            takers = deal.to if giver == deal.by else [deal.by]
            for clause in given_by(deal, giver):
                for taker in takers:
                    if clause["kind"] != "lever":
                        yield transfer(deal, giver, taker, clause)


def transfer(deal: Deal, giver: str, taker: str, clause: Clause) -> dict[str, Any]:
    """One handing over; the kinds of event are those of `world.events`."""
    if clause["kind"] == "stock":
        kind = "transfer_stock"
        data = {"material": clause["material"], "tonnes": clause["tonnes_per_turn"]}
    else:
        kind, data = "transfer_money", {"usd_m": clause["usd_m_per_turn"]}
    return {
        "kind": kind, "actor": giver, "target": taker, "text": f"Deal {deal.n}.", "data": data,
        "week": 0, "deal": deal.n,
    }  # fmt: skip


def in_words(giver: str, clause: Clause) -> str:
    """A clause as a plain sentence."""
    if clause["kind"] == "lever":
        how = WORDS[clause["sense"]]
        unit = lever_unit(clause["lever"])
        return f"{giver} keeps {clause['lever']} {how} {clause['value']:g} {unit}."
    if clause["kind"] == "stock":
        return f"{giver} gives {clause['tonnes_per_turn']:g} t of {clause['material']} each turn."
    return f"{giver} pays {clause['usd_m_per_turn']:g} million USD each turn."
