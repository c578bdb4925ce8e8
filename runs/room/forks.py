"""What the review of a finished game asks of the model: the game once more without one thing.

Each question leaves out one thing and nothing else: the orders of a seat in one turn, a lever of a
seat from a turn on, a deal, a card of the facilitator, a dated event, or one side of what the
coercer's policy did. Two more leave out the people of a seat: it orders nothing, or AI plays it;
either way it signs no deal. Luck is the game's own, and policies answer what they see.

A question is a plain row, so that it is a key of what is kept beside the log.
"""

from __future__ import annotations

import json
import math
from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from runs.outcome import GAUGES, outcomes
from runs.room.say import Say
from runs.room.state import AI, CARETAKER, CONTROL, PERSON, QUARTER, Room
from world.levers import LADDER, LEVERS, ladder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runs.otherwise import Branch, Changes
    from runs.room.table import Table
    from world.account import Account
    from world.scenario import Scenario
    from world.state import World

BY_AI, IDLE = "ai", "idle"
ORDERS, LEVER, MEASURES, THREATS = "orders", "lever", "measures", "threat"
DEAL, INJECT, EVENT = "deal", "inject", "event"
THREAT = "third countries"  # group of levers by which the coercer threatens who passes goods on
MOST = 240  # questions of one room; where there are more, orders of later turns are left out
MOST_LEVERS = 4  # of one seat that are asked after
DIGITS = 6

Question = dict[str, Any]
Inputs = dict[str, Any]
Answer = dict[str, Any]


def question(kind: str, seat: str = "", turn: int = 1, **more: Any) -> Question:
    """``turn`` is the first that is played otherwise."""
    return {"kind": kind, "seat": seat, "turn": turn, **more}


def key_of(asked: Question) -> str:
    """The question as a text, equal for equal questions."""
    return json.dumps(asked, sort_keys=True, ensure_ascii=False)


# --- which questions ------------------------------------------------------------------------------


def with_people(room: Room) -> list[str]:
    """Seats that people have played, in the order of seats."""
    return [
        seat for seat in room.chairs
        if any(inputs["seats"].get(seat) in (PERSON, CARETAKER) for inputs in room.played)
    ]  # fmt: skip


def questions(
    room: Room, plan: Scenario, ordered: Sequence[Sequence[Mapping[str, Any]]]
) -> list[Question]:
    """All questions of a game, those that every seat's verdict needs first.

    ``ordered`` is what AI has ordered by turn (`runs.room.table.ordered`).
    """
    people = with_people(room)
    found = [question(kind, seat) for seat in people for kind in (BY_AI, IDLE)]
    found += _of_the_coercer(plan, ordered)
    orders = [
        question(ORDERS, seat, inputs["turn"])
        for inputs in room.played for seat in people if own_orders(inputs, seat)
    ]  # fmt: skip
    rest = list(_of_deals(room))
    rest += [
        question(INJECT, "", one.turn, n=one.n)
        for one in room.injects.values() if one.status == "done" and one.turn <= len(room.played)
    ]  # fmt: skip
    weeks = QUARTER * len(room.played)
    rest += [
        question(EVENT, "", 1 + event.week // QUARTER, n=n)
        for n, event in enumerate(plan.events) if 0 <= event.week < weeks
    ]  # fmt: skip
    rest += [one for seat in people for one in _levers(room, seat)]
    left = max(0, MOST - len(found) - len(rest))
    return [*found, *orders[:left], *rest][:MOST]


def own_orders(inputs: Inputs, seat: str) -> list[dict[str, Any]]:
    """The orders of a seat's people in a turn."""
    return [one for one in inputs["orders"] if one["actor"] == seat and _by_people(one)]


def _by_people(order: Mapping[str, Any]) -> bool:
    """Whether no card has given an order, nor control in the seat's name."""
    return "inject" not in order and order.get("by") != CONTROL


def _of_the_coercer(
    plan: Scenario, ordered: Sequence[Sequence[Mapping[str, Any]]]
) -> Iterator[Question]:
    """The two sides of what its policy did, each from the turn in which it began."""
    for kind in (THREATS, MEASURES):
        turns = [
            turn for turn, rows in enumerate(ordered, 1) for row in rows
            if row["actor"] == plan.coercer and kind in _sides(row)
        ]  # fmt: skip
        if turns:
            yield question(kind, plan.coercer, min(turns))


def _sides(row: Mapping[str, Any]) -> set[str]:
    """The sides of the coercer's policy that an order is on; a step of the ladder may be both."""
    name, value = str(row["lever"]).partition(".")[0], float(row["value"])
    parts = ladder()[round(value)].settings if name == LADDER else {name: value}
    return {_side(one) for one, to in parts.items() if to != LEVERS[one].default}


def _side(name: str) -> str:
    return THREATS if LEVERS[name].group == THREAT else MEASURES


def _of_deals(room: Room) -> Iterator[Question]:
    """Deals by which anything was handed over or bound."""
    for n, deal in room.deals.items():
        bound = any(n in row["deals"] for inputs in room.played for row in inputs["bounds"])
        moved = any(one.get("deal") == n for inputs in room.played for one in inputs["events"])
        if (bound or moved) and 0 < deal.start <= len(room.played):
            yield question(DEAL, "", deal.start, n=n)


def _levers(room: Room, seat: str) -> list[Question]:
    """The levers that a seat's people have ordered, from the first time on; those of which it
    ordered most often first."""
    first: dict[str, tuple[int, str]] = {}
    often: dict[str, int] = {}
    for inputs in room.played:
        for one in own_orders(inputs, seat):
            name = one["lever"].partition(".")[0]
            first.setdefault(name, (inputs["turn"], one["lever"]))
            often[name] = often.get(name, 0) + 1
    chosen = sorted(first, key=lambda name: (-often[name], first[name][0], name))[:MOST_LEVERS]
    return [question(LEVER, seat, first[name][0], lever=name) for name in chosen]


# --- the game otherwise ---------------------------------------------------------------------------


def otherwise(
    turns: Iterable[Inputs], asked: Question, deals: Mapping[str, Iterable[str]]
) -> list[Inputs]:
    """The inputs of all turns without what a question leaves out of them. ``deals`` are the parties
    of each deal by its number."""
    kind, seat = asked["kind"], asked["seat"]
    if kind in (BY_AI, IDLE):
        gone = {int(n) for n, parties in deals.items() if seat in parties}
        return [_without_people(inputs, seat, kind, gone) for inputs in turns]
    if kind == DEAL:
        return [_without_deals(inputs, {asked["n"]}) for inputs in turns]
    if kind == INJECT:
        return [_without_card(inputs, asked["n"]) for inputs in turns]
    if kind in (ORDERS, LEVER):
        return [_without_orders(inputs, asked) for inputs in turns]
    return list(turns)


def _without_people(inputs: Inputs, seat: str, kind: str, deals: set[int]) -> Inputs:
    """A turn in which nobody at the seat orders anything, or in which AI plays it."""
    now = inputs["seats"].get(seat, AI)
    by = AI if kind == BY_AI or now == AI else PERSON
    kept = {
        "seats": {**inputs["seats"], seat: by},
        "orders": [one for one in inputs["orders"] if one["actor"] != seat or not _by_people(one)],
        "held": [one for one in inputs["held"] if one["actor"] != seat],
    }
    return _without_deals({**inputs, **kept}, deals)


def _without_deals(inputs: Inputs, deals: set[int]) -> Inputs:
    bounds = [one for one in inputs["bounds"] if not set(one["deals"]) <= deals]
    events = [one for one in inputs["events"] if one.get("deal") not in deals]
    return {**inputs, "bounds": bounds, "events": events}


def _without_card(inputs: Inputs, n: int) -> Inputs:
    return {
        **inputs, "orders": [one for one in inputs["orders"] if one.get("inject") != n],
        "events": [one for one in inputs["events"] if one.get("inject") != n],
    }  # fmt: skip


def _without_orders(inputs: Inputs, asked: Question) -> Inputs:
    """Without a seat's orders of one turn, or without those on one lever from a turn on."""
    one_turn, name = asked["kind"] == ORDERS, asked.get("lever")
    if inputs["turn"] < asked["turn"] or (one_turn and inputs["turn"] > asked["turn"]):
        return inputs
    gone = [
        one for one in own_orders(inputs, asked["seat"])
        if one_turn or one["lever"].partition(".")[0] == name
    ]
    return {**inputs, "orders": [one for one in inputs["orders"] if one not in gone]}


# --- in the child process -------------------------------------------------------------------------


def part_of(parts: Generator[None, None, Answer]) -> Answer | None:
    """Plays one more turn; the answer once all are played."""
    try:
        next(parts)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
    return None


def by_turn(
    table: Table, asked: Question, deals: Mapping[str, Iterable[str]]
) -> Generator[None, None, Answer]:
    """How the game went without what the question leaves out, with a stop after each turn.

    ``gauges`` and ``lost_usd`` by actor and ``world_usd`` have a value for each turn from the
    question's own on: gauges as they stand at its end, money as it was lost in it (of firms: profit
    with its sign turned). ``why`` says why a lever reached nothing, where it did and that is known.
    """
    from runs.otherwise import Branch
    from runs.room.table import acts_of

    turns = otherwise(table.inputs, asked, deals)

    def told(world: World, seats: Any) -> list[Any]:
        turn = world.week // QUARTER
        if world.week % QUARTER or turn >= len(turns):
            return []
        return acts_of(seats, world, turns[turn], table.held)

    start = table.starts[asked["turn"] - 1]
    branch = Branch(start, table.game.luck, told, _changes(table, asked))
    found = yield from _measured(table, branch.play(table.game.week), branch)
    why = _why(table, asked, found)
    return found | ({"why": why} if why else {})


def _changes(table: Table, asked: Question) -> Changes:
    """What of the question lies outside of what the room has told the game."""
    from runs.otherwise import Changes, Less

    weeks = range(QUARTER * (asked["turn"] - 1), table.game.week)
    if asked["kind"] == EVENT:
        return Changes(missed=(table.plan.events[asked["n"]],))
    if asked["kind"] in (THREATS, MEASURES):
        names = [
            name for name, lever in LEVERS.items()
            if name != LADDER and "coercer" in lever.actors.split()
            and _side(name) == asked["kind"]
        ]  # fmt: skip
        return Changes(less=[Less(asked["seat"], name, weeks) for name in names])
    return Changes()


def _measured(
    table: Table, weeks: Iterable[Account], branch: Branch
) -> Generator[None, None, Answer]:
    """Gauges and money by turn, with a stop after each."""
    actors = table.plan.actors
    gauges: dict[str, list[list[float]]] = {seat: [] for seat in actors}
    lost: dict[str, list[int]] = {seat: [] for seat in actors}
    world_usd: list[int] = []
    usd: list[list[float]] = []
    for account in weeks:
        usd.append(lost_usd(table, account))
        week = branch.world.week
        if week % QUARTER and week < table.game.week:
            continue
        now, zones = outcomes(branch.world), len(table.plan.zones)
        for row, seat in enumerate(actors):
            gauges[seat].append([round(float(now[name][0, row]), DIGITS) for name in GAUGES])
            lost[seat].append(round(math.fsum(one[row] for one in usd)))
        world_usd.append(round(math.fsum(value for one in usd for value in one[:zones])))
        usd = []
        yield
    return {"gauges": gauges, "lost_usd": lost, "world_usd": world_usd}


def lost_usd(table: Table, account: Account) -> list[float]:
    """By actor in a week, 0 where the model does not count it; of firms profit, sign turned."""
    found = account.zones["gdp_loss_usd"][0].tolist()
    if table.plan.firms:
        found += (-account.firms["profit_usd"][0]).tolist()
    return [value if math.isfinite(value) else 0.0 for value in found]


def _why(table: Table, asked: Question, found: Answer) -> dict[str, Any] | None:
    """Why a lever reached nothing, where nothing at all is different and that is known."""
    from runs.story.branch import why_nothing

    if asked["kind"] != LEVER:
        return None
    same = all(
        found["gauges"][seat][n] == [result["seats"][seat]["gauges"][name] for name in GAUGES]
        for n, result in enumerate(table.results[asked["turn"] :]) for seat in table.plan.actors
    )  # fmt: skip
    if not same:
        return None
    say = why_nothing(
        table.game, QUARTER * (asked["turn"] - 1), asked["seat"], asked["lever"]
    ) or Say("story.fork.why_unknown")
    return say.row
