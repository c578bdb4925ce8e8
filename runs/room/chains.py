"""The turn as a chain of worlds: each holds what the one before it held and one thing more.

A world is named by what is in it. The first is a quiet quarter: the coercer's measures are lifted,
nobody refuses customers, no event takes place and nobody orders; what policies and people had in
force before stays. Then come, in this fixed order and for all seats alike: the coercer's measures
in force, refusals carried over, its threat in force, events, what was injected, deals. Then come
the orders of the turn, one actor after another, and last of all those of the seat itself. What a
thing gave is the world with it less the world before it, so that steps add up to the turn.

Firms look at the law as it stands, and a refusal lasts a quarter. So a world without the threat has
its levers at their defaults from the first day of the turn, not by an order, which would bind a
week later; and a world without refusals has them forgotten, or they would outlast their cause.

So that each seat is the last of its own chain and chains share what they can, actors are halved:
the chains of one half hold the other half first, and so on. That is n log n worlds for n actors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runs.abreast import play_abreast
from runs.otherwise import Changes, OtherSeats, Start
from runs.outcome import GAUGES, outcomes
from runs.room.forks import THREAT
from runs.room.state import PERSON
from runs.told import event_of
from runs.turn import Act
from runs.waterfall import ANNOUNCEMENT, pieces
from world.decisions import Order
from world.events import Event
from world.levers import LADDER, LEVERS, levers_of, place
from world.state import World

if TYPE_CHECKING:
    from runs.room.table import Table

Array = NDArray[np.float64]

HAPPENED = ("event", "inject", "deal")
MOST_ROWS = 100_000  # of users that are in memory at once: worlds beyond are played after them


class Part(NamedTuple):
    """One thing that may be in a world or not. ``actor`` is whose it is, ``n`` the number of an
    inject, a deal or an event, ``lever`` what is ordered, without its index, and ``threat`` says
    whether the order is about third countries."""

    kind: str  # earlier | measures | refusals | threat | event | inject | deal | orders
    actor: str = ""
    n: int = 0
    lever: str = ""
    threat: bool = False


In = frozenset[Part]


class Moved(NamedTuple):
    """A lever that does not stand as when the game began, and its values of that day."""

    lever: str
    row: int
    values: Array


class Link(NamedTuple):
    """A step of a chain: what is new (the first part stands for all) and the worlds around it."""

    part: Part
    before: In
    after: In


@dataclass
class Levels:
    """What seats have at the end of the turn in each world."""

    place: dict[In, int]
    gauges: dict[str, Array] = field(default_factory=dict)  # by gauge, (worlds, actors)
    lost: Array = field(default_factory=lambda: np.zeros((0, 0)))  # USD of the turn

    def of(self, world: In, row: int) -> dict[str, float]:
        """The gauges of one actor in one world, and the money that it lost in the turn."""
        w = self.place[world]
        return {name: float(self.gauges[name][w, row]) for name in GAUGES} | {
            "loss_usd": float(self.lost[w, row])
        }


@dataclass
class Turn:
    """What happened in a turn, cut into parts, and the chains through them by seat."""

    table: Table
    start: Start
    inputs: Mapping[str, Any]
    weeks: range
    told: list[tuple[Act, Part]]
    earlier: dict[str, list[Moved]]  # by seat, levers that it has moved before this turn
    chains: dict[str, list[Link]]

    @property
    def worlds(self) -> list[In]:
        """All worlds of all chains, each once, in a fixed order."""
        found: dict[In, None] = {}
        for links in self.chains.values():
            for link in links:
                found |= {link.before: None, link.after: None}
        return list(found)

    def played(self) -> Levels:
        """Plays all worlds side by side, as many at once as memory is for."""
        worlds = self.worlds
        most = max(1, MOST_ROWS // self.start.world.users.rows)
        groups = [worlds[n : n + most] for n in range(0, len(worlds), most)]
        parts = [_play(self, group) for group in groups]
        return Levels(
            {world: n for n, world in enumerate(worlds)},
            {name: np.concatenate([gauges[name] for gauges, _ in parts]) for name in GAUGES},
            np.concatenate([lost for _, lost in parts]),
        )


def turn_of(table: Table, turn: int) -> Turn:
    """A turn of a room that has been played, cut into parts."""
    start, inputs = table.starts[turn - 1], table.inputs[turn - 1]
    until = table.starts[turn].world.week if turn < len(table.starts) else table.game.week
    weeks = range(start.world.week, until)
    told = [*_happened(table, inputs, weeks), *_ordered(table, inputs, weeks)]
    earlier = _earlier(table, start, told)
    return Turn(
        table, start, inputs, weeks, told, earlier, _chains(table, start, inputs, told, earlier)
    )


# --- what was heard -------------------------------------------------------------------------------


def _happened(table: Table, inputs: Mapping[str, Any], weeks: range) -> Iterator[tuple[Act, Part]]:
    """Events of the scenario, what was injected, and what changed hands under deals."""
    plan = table.plan
    for n, event in enumerate(plan.events):
        if event.week in weeks and not (event.kind == ANNOUNCEMENT and event.actor):
            yield Act(event.week, event.actor, event=event), Part("event", event.actor, n)
    for row in table.game.recorder.events:
        own = row["kind"] == ANNOUNCEMENT and row["actor"] and "inject" not in row["data"]
        if own and row["week"] in weeks:
            act = Act(row["week"], row["actor"], event=event_of(row, row["data"]))
            yield act, Part("orders", row["actor"], lever="ban_breadth")
    for one in inputs["events"]:
        event = Event(
            int(one["week"]), one["kind"], one["actor"], one["target"], one["text"], one["data"]
        )
        kind = "inject" if "inject" in one else "deal"
        yield Act(event.week, event.actor, event=event), Part(kind, n=int(one.get(kind, 0)))


def _ordered(table: Table, inputs: Mapping[str, Any], weeks: range) -> Iterator[tuple[Act, Part]]:
    """The accepted orders of a turn, one lever at a time. What a card orders belongs to the card,
    what a deal holds a lever to belongs to the deal."""
    given = [(one["actor"], one["lever"], float(one["value"]), one.get("inject"))
             for one in inputs["orders"]]  # fmt: skip
    bounds = {(one["actor"], one["lever"]): int(one["deals"][0]) for one in inputs["bounds"]}
    for row in table.game.recorder.orders:
        if not row["accepted"] or row["week"] not in weeks:
            continue
        order = Order(row["week"], row["actor"], row["lever"], row["value"], row["by"], row["why"])
        whole = Part("orders", order.actor, lever=order.lever.partition(".")[0])
        if order.by == PERSON and order.week == weeks.start:
            key = (order.actor, order.lever, float(order.value))
            known = next((one for one in given if one[:3] == key), None)
            if known is not None:
                given.remove(known)
                whole = whole if known[3] is None else Part("inject", n=int(known[3]))
            elif key[:2] in bounds:
                whole = Part("deal", n=bounds[key[:2]])
        for piece in pieces(order):
            about = LEVERS[piece.lever.partition(".")[0]].group == THREAT
            aimed = about and order.actor == table.plan.coercer and whole.kind == "orders"
            yield Act(piece.week, piece.actor, order=piece), whole._replace(threat=aimed)


# --- the chains -----------------------------------------------------------------------------------


def _chains(
    table: Table, start: Start, inputs: Mapping[str, Any], told: Sequence[tuple[Act, Part]],
    earlier: Mapping[str, list[Moved]],
) -> dict[str, list[Link]]:  # fmt: skip
    """The links of every seat's chain, from the quiet quarter to the turn itself."""
    plan = table.plan
    orders: dict[str, dict[Part, None]] = {}
    for _, part in told:
        if part.kind == "orders":
            orders.setdefault(part.actor, {})[part] = None
    actors = [actor for actor in plan.actors if actor in orders]
    own = {seat: Part("earlier", seat) for seat in earlier}
    happened = dict.fromkeys(part for _, part in told if part.kind != "orders")
    shared = [Part("measures", plan.coercer), Part("threat", plan.coercer)]
    if (start.world.users.drop_weeks > 0).any() or (start.world.plants.stop_weeks > 0).any():
        shared.insert(1, Part("refusals"))
    shared += sorted(happened, key=lambda part: (HAPPENED.index(part.kind), part.n))
    at = frozenset(own.values())
    first: list[Link] = []
    for part in shared:
        first.append(Link(part, at, at | {part}))
        at = first[-1].after
    ends = dict(_halved(first, at, actors, orders))
    silent, _ = ends[actors[-1]] if actors else (first, at)
    chains = {}
    for seat in plan.actors:
        links, world = ends.get(seat, (silent, at))
        last = seat if seat in ends else actors[-1] if actors else ""
        by_lever = last == seat and inputs["seats"].get(seat) == PERSON
        if last:
            world = ends[last][1]
            links = links + _chain(world, _groups(list(orders[last]), by_lever))
        if seat in own:
            links = [Link(own[seat], links[0].before - {own[seat]}, links[0].before), *links]
        chains[seat] = links
    return chains


def _earlier(
    table: Table, start: Start, told: Sequence[tuple[Act, Part]]
) -> dict[str, list[Moved]]:
    """By seat what it has moved before this turn, for seats that have moved or ordered anything.

    What a seat orders anew in the turn is left out: what stood before is then what its order is
    compared with. The coercer's measures are a part of their own.
    """
    plan, begin, now = table.plan, table.starts[0].world.regime, start.world.regime
    anew = {(act.actor, act.order.lever.partition(".")[0]) for act, _ in told if act.order}
    waiting = {order.actor for _, order, _ in start.world.pending}
    found: dict[str, list[Moved]] = {}
    for seat in plan.actors:
        if seat == plan.coercer:
            continue
        moved = []
        for name in levers_of(plan, seat):
            if name in begin and (seat, name) not in anew:
                row = place(plan, seat, name)[0]
                if (now[name][0, row] != begin[name][0, row]).any():
                    moved.append(Moved(name, row, begin[name][0, row]))
        if moved or seat in waiting:
            found[seat] = moved
    return found


def _halved(
    links: list[Link], at: In, actors: list[str], orders: Mapping[str, Mapping[Part, None]]
) -> Iterator[tuple[str, tuple[list[Link], In]]]:
    """For every actor the links up to the world in which all have ordered but itself."""
    if len(actors) <= 1:
        yield from ((actor, (links, at)) for actor in actors)
        return
    half = len(actors) // 2
    for mine, others in ((actors[:half], actors[half:]), (actors[half:], actors[:half])):
        more, world = list(links), at
        for actor in others:
            more += _chain(world, _groups(list(orders[actor]), False))
            world = more[-1].after
        yield from _halved(more, world, mine, orders)


def _groups(parts: list[Part], by_lever: bool) -> list[list[Part]]:
    """An actor's orders as they are told: by lever, or controls and threat apart."""
    found: dict[Any, list[Part]] = {}
    for part in parts:
        found.setdefault(part.lever if by_lever else part.threat, []).append(part)
    return [found[key] for key in sorted(found)]


def _chain(at: In, groups: Sequence[Sequence[Part]]) -> list[Link]:
    links = []
    for group in groups:
        links.append(Link(group[0], at, at.union(group)))
        at = links[-1].after
    return links


# --- the worlds -----------------------------------------------------------------------------------


def _play(turn: Turn, worlds: Sequence[In]) -> tuple[dict[str, Array], Array]:
    """Gauges and money lost by world and actor."""
    table, start = turn.table, turn.start
    world = start.world.spread(len(worlds))
    _leave_out(turn, world, worlds)
    deaf = OtherSeats.of(start.seats, Changes(missed=table.plan.events))
    deaf.other = True  # what the scenario brings is told like the rest
    told = [(act, np.array([part in held for held in worlds])) for act, part in turn.told]
    told = [(act, hears) for act, hears in told if hears.any()]
    lost = np.zeros((len(worlds), len(table.plan.actors)))
    zones = len(table.plan.zones)
    for account in play_abreast(
        Start(start.world, deaf), table.game.luck, told, len(worlds), turn.weeks.stop, world
    ):
        lost[:, :zones] += account.zones["gdp_loss_usd"]
        if table.plan.firms:
            lost[:, zones:] -= account.firms["profit_usd"]
    return outcomes(world), lost


def _leave_out(turn: Turn, world: World, worlds: Sequence[In]) -> None:
    """Takes out of each world what stands at the start of the turn and is not in it."""
    plan = turn.table.plan
    coercer = plan.zones.index(plan.coercer)
    without = {
        kind: np.array([not any(part.kind == kind for part in held) for held in worlds])
        for kind in ("measures", "refusals", "threat")
    }
    for lever in levers_of(plan, plan.coercer).values():
        if lever.name != LADDER:
            kind = "threat" if lever.group == THREAT else "measures"
            world.regime[lever.name][without[kind], coercer] = lever.default
    world.markets.announced[without["measures"]] = 0.0
    for values in (world.users.drop_weeks, world.users.redirected, world.plants.stop_weeks):
        values[without["refusals"]] = 0.0
    earlier = {
        seat: np.array([Part("earlier", seat) not in held for held in worlds])
        for seat in turn.earlier
    }  # fmt: skip
    for seat, rows in earlier.items():
        for moved in turn.earlier[seat]:
            world.regime[moved.lever][rows, moved.row] = moved.values
    for _, order, value in world.pending:
        name = order.lever.partition(".")[0]
        if order.actor == plan.coercer:
            gone = without["threat" if LEVERS[name].group == THREAT else "measures"]
        else:
            gone = earlier[order.actor]
        value[gone] = np.nan
    world.refresh_law()
