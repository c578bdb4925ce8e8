"""How turns open and close: clocks, what a turn is played with, and what undo puts back."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from runs.room.deals import Bounds, bounds_on, breach, transfers
from runs.room.state import (
    AI,
    CARETAKER,
    CONTROL,
    ENDED,
    OPEN,
    PERSON,
    QUARTER,
    RESOLVING,
    VOTE,
    Chair,
    Draft,
    Inject,
    Room,
)
from world.levers import LADDER

if TYPE_CHECKING:
    from world.scenario import Scenario

# How a turn is meant to be spent, as shares of its time; orders may be given all along.
SEGMENTS = (("report", 0.2), ("negotiate", 0.55), ("orders", 0.25))
LOT_BYTES = 7  # of a hash: as many as a float holds exactly
DRAWN_AMONG = 3  # final turns, where the end is drawn by lot
FAR = 1e308  # a bound that JSON can hold, where there is none


def lot(seed: int, purpose: str) -> float:
    """A number in [0, 1) that follows from the room's seed and a purpose alone."""
    found = hashlib.sha256(f"{seed}\n{purpose}".encode()).digest()
    return int.from_bytes(found[:LOT_BYTES], "big") / 256.0**LOT_BYTES


def die(room: Room, move: int) -> float:
    """What settles a move, in [0, 1): control knows the seed and sets the chance, so the room's
    salt, which control does not see, goes into it."""
    return lot(room.seed, f"move {move}\n{room.salt}" if room.salt else f"move {move}")


def drawn_end(seed: int, turns: int) -> int:
    """The last turn, by lot among the final ones."""
    return max(1, turns - int(DRAWN_AMONG * lot(seed, "last turn")))


def open_turn(room: Room, turn: int, at: int, wait: bool = False) -> None:
    """The turn's clock starts, or waits for control; orders of the one before are gone."""
    room.turn, room.phase, room.opened = turn, OPEN, at
    for deal in room.deals.values():
        if deal.status == "in force" and deal.last < turn:
            deal.status = "over"
    for chair in room.chairs.values():
        chair.orders, chair.submitted, chair.heard = {}, False, False
    for inject in room.injects.values():
        if inject.turn == turn and inject.status == "waiting":
            inject.status = "shown"
    start_clock(room, at, wait)


def start_clock(room: Room, at: int, wait: bool = False) -> None:
    length = None if room.turn_seconds is None else 1000 * room.turn_seconds
    room.paused = wait
    room.left = length if wait else None
    room.deadline = None if wait or length is None else at + length


def absent(room: Room, live: Collection[str]) -> list[str]:
    """Seats of people that nobody is at: without a device in the turn (``live`` are those with
    one), without a word and without an order. Who is there and silent keeps what stands."""
    here = {person.seat for person in room.people.values() if not person.gone}
    return [
        seat for seat, chair in room.chairs.items()
        if chair.played_by in (PERSON, CARETAKER) and not chair.orders and not chair.submitted
        and not (seat in here and (chair.heard or seat in live))
    ]  # fmt: skip


def close_turn(
    room: Room, plan: Scenario, at: int, why: str, gone: Collection[str] | None = None
) -> None:
    """Orders are fixed and handed to the world; seats that nobody is at are played by a caretaker.

    ``gone`` are those seats; None, as in old logs, for whoever has neither ordered nor submitted.
    """
    if not room.practice:
        room.marks[room.turn] = snapshot(room)
    for seat, chair in room.chairs.items():
        if gone is None:
            if chair.played_by == PERSON and not chair.orders and not chair.submitted:
                chair.played_by = CARETAKER
        elif chair.played_by in (PERSON, CARETAKER):
            chair.played_by = CARETAKER if seat in gone else PERSON
        chair.touched = sorted({*chair.touched, *chair.orders})
    inputs = inputs_of(room, plan)
    room.closed[room.turn] = {"at": at, "why": why}
    if room.practice:
        room.rehearsal = inputs
    else:
        room.played.append(inputs)
    for inject in room.injects.values():
        if inject.turn == room.turn and inject.status == "shown":
            inject.status = "done"
    room.phase, room.deadline, room.left, room.paused = RESOLVING, None, None, False


def inputs_of(room: Room, plan: Scenario) -> dict[str, Any]:
    """All that the world is told for a turn, in an order that does not depend on who was first."""
    turn, start = room.turn, 0 if room.practice else QUARTER * len(room.played)
    orders, held, bounds = [], [], []
    for seat in sorted(room.chairs):
        chair = room.chairs[seat]
        mine = bounds_on(room, plan, seat, turn)
        for full, draft in in_their_order(chair.orders):
            row = {"actor": seat, "lever": full, "value": draft.value, "why": draft.why}
            orders.append(row | ({"by": CONTROL} if draft.by == CONTROL else {}))
        if chair.played_by == CARETAKER:
            held += [{"actor": seat, "lever": full} for full in chair.touched]
        bounds += bound_rows(seat, mine)
    for inject in shown_in(room, turn):
        if inject.order is not None:  # after those of the seat: what happens to it wins
            seat, full, value = (inject.order[key] for key in ("seat", "lever", "value"))
            mine = bounds_on(room, plan, seat, turn) if inject.order.get("yields") else {}
            if breach(plan, mine, full, value) is None:
                one = {"actor": seat, "lever": full, "value": value, "why": f"Event {inject.n}."}
                orders.append({**one, "inject": inject.n})
    injected = [{**inject.event, "inject": inject.n} for inject in shown_in(room, turn)]
    events = [
        {**event, "week": start + event.get("week", 0)}
        for event in [*transfers(room, turn), *injected]
    ]
    seats = {seat: room.chairs[seat].played_by for seat in sorted(room.chairs)}
    return {
        "turn": turn, "week": start, "seats": seats, "orders": orders, "held": held,
        "bounds": bounds, "events": events,
    }  # fmt: skip


def bound_rows(seat: str, bounds: Bounds) -> list[dict[str, Any]]:
    """What deals bind of a seat's levers, as the world is told it."""
    return [
        {
            "actor": seat, "lever": part, "deals": list(bound.deals),
            "low": max(bound.low, -FAR), "high": min(bound.high, FAR),
        }
        for part, bound in sorted(bounds.items())
    ]  # fmt: skip


def shown_in(room: Room, turn: int) -> list[Inject]:
    """The injects that act in a turn that is not closed."""
    return [i for i in room.injects.values() if i.turn == turn and i.status == "shown"]


def transfers_now(room: Room) -> list[dict[str, Any]]:
    """What deals and rulings have change hands in the open turn, as events of the world."""
    ruled = [i.event for i in shown_in(room, room.turn) if i.event["kind"].startswith("transfer_")]
    return [*transfers(room, room.turn), *ruled]


def in_their_order(orders: Mapping[str, Draft]) -> list[tuple[str, Draft]]:
    """A seat's saved orders as they are given: the later one of a setting counts."""
    return sorted(orders.items(), key=_last_word)


def _last_word(one: tuple[str, Draft]) -> tuple[bool, int, tuple[bool, int, str]]:
    """A seat's own orders first, then what control has set, the latest last."""
    full, draft = one
    stands = draft.by == CONTROL
    return stands, draft.at if stands else 0, _width(full)


def _width(full: str) -> tuple[bool, int, str]:
    """Wide orders first, so that what is said of one setting wins: steps of the ladder, then names
    without an index, which mean every index."""
    return full.partition(".")[0] != LADDER, full.count("."), full


def rehearsed(room: Room) -> list[int]:
    """Deals that begin in the practice turn and are gone with it; those for turn 1 stay."""
    return [d.n for d in room.deals.values() if (d.start if d.signed_by_all else d.from_turn) < 1]


def settle_turn(
    room: Room, turn: int, digest: str, at: int, undone: Collection[int] | None = None
) -> None:
    """The world has played the turn: the next one opens, or the game is over.

    ``undone`` are deals that end with a practice turn; None, as in old logs, for all.
    """
    room.digests[turn] = digest
    room.stuck = False
    if room.practice:
        for deal in room.deals.values():
            if undone is None or deal.n in undone:
                deal.status = "undone"
        for chair in room.chairs.values():
            chair.touched = []
        room.practice = False
        open_turn(room, 1, at, wait=not room.options.get("auto_next", True))
    elif turn >= room.last_turn:
        room.phase = ENDED
    else:
        open_turn(room, turn + 1, at, wait=not room.options.get("auto_next", True))


def weights_open(room: Room, chair: Chair) -> bool:
    """Whether a seat's weights may still be set: until the first turn that its people play is
    closed, so that who joins late sets them too."""
    sealed = any(inputs["seats"][chair.seat] != AI for inputs in room.played)
    return not sealed and room.phase not in (RESOLVING, ENDED)


def snapshot(room: Room) -> dict[str, Any]:
    return copy.deepcopy({"chairs": room.chairs, "deals": room.deals, "injects": room.injects})


def seats_back(room: Room) -> list[str]:
    """Seats that a caretaker plays since the last turn was closed: undo gives them back to their
    people."""
    before = room.marks[len(room.played)]["chairs"]
    here = {person.seat for person in room.people.values() if not person.gone}
    return [
        seat for seat, chair in room.chairs.items()
        if chair.played_by == CARETAKER and before[seat].played_by == PERSON and seat in here
    ]  # fmt: skip


def step_back(room: Room, at: int, why: str, back: Iterable[str]) -> None:
    """The last turn that was played is open again, with the orders and the people that it had.

    What was revealed is closed again: the game goes on, and its orders are hidden as before.
    """
    turn = len(room.played)
    _close_review(room)
    mark = copy.deepcopy(room.marks.pop(turn))
    by = "self" if room.alone else CONTROL
    room.undone.append(
        {"turn": turn, "at": at, "why": why, "by": by, "orders": room.played[-1]["orders"]}
    )
    room.played.pop()
    room.digests.pop(turn, None)
    room.machines.pop(turn, None)
    room.figures.pop(turn, None)
    room.closed.pop(turn, None)
    for seat, chair in mark["chairs"].items():
        now = room.chairs[seat]
        now.orders, now.touched, now.submitted = chair.orders, chair.touched, False
        now.heard = chair.heard
    for seat in back:
        room.chairs[seat].played_by = PERSON
    for n, deal in room.deals.items():
        if n not in mark["deals"]:
            deal.status = "undone" if deal.status in ("in force", "over") else deal.status
    room.deals |= mark["deals"]
    for n, inject in room.injects.items():
        if n not in mark["injects"] and inject.status in ("shown", "done"):
            inject.status = "shown" if inject.turn == turn else "waiting"
    room.injects |= mark["injects"]
    room.turn, room.phase, room.opened = turn, OPEN, at
    start_clock(room, at)


def can_step_back(room: Room) -> bool:
    return bool(room.played) and room.phase in (OPEN, ENDED) and not room.practice


def cut_short(room: Room) -> bool:
    """Whether the game was ended in an open turn, whose saved orders are still there."""
    return room.phase == ENDED and (room.practice or room.turn == len(room.played) + 1)


def go_on(room: Room, at: int) -> None:
    """The turn in which the game was ended is open again, with all that was saved in it."""
    room.phase = OPEN
    _close_review(room)
    start_clock(room, at)


def _close_review(room: Room) -> None:
    """What was revealed is closed again, and the votes on what to play otherwise are gone."""
    room.revealed, room.branch = False, None
    room.notes = [note for note in room.notes if note.kind != VOTE]


def undo_opens(room: Room) -> int | None:
    """The turn that undo would open now; None where there is none."""
    if cut_short(room) or room.stuck:
        return room.turn
    return len(room.played) if can_step_back(room) else None
