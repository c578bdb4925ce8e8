"""Do results add up, and is the largest cause that a seat is told the largest?

    python -m runs.room.trial.results japan-2026 --turns 200

plays rooms in which people at random hold all usual seats, and looks at the result of every seat
after every turn. In every gauge and in money the start plus the steps must be the end, as they are
and in tenths of the unit shown; the row that puts small ones together must be under a quarter of
the change. The largest cause of the gauge that moved most is worked out a second way by another
engine: the turn again from its start with the same luck and policies that answer, without that one
thing, and without each other thing that the seat was told of.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from runs.headline import gauges
from runs.otherwise import Branch, Changes, Less, Start
from runs.outcome import GAUGES
from runs.room.causes import FIGURES, OWN, QUIET, REST, SEEN, causes
from runs.room.forks import THREAT
from runs.room.state import AI, PERSON, QUARTER
from runs.room.table import Inputs, Table, acts_of
from runs.room.trial.audit import core_seats
from runs.room.trial.players import Player, players
from world.draws import Draws
from world.levers import LADDER, LEVERS, levers_of
from world.scenario import Scenario

SEED = 900_101
TENTH = {**dict.fromkeys(GAUGES, 1e-3), "loss_usd": 1e5}  # of what is shown: 0.1 points, $0.1M
QUARTERS = 0.25  # of a change that small ones together may be
ALIKE = 1e-3  # of a gauge: two causes closer than what is written have no order
MOST = 4  # causes of a seat that are worked out a second way


class Check(NamedTuple):
    """One result of one seat. ``gap`` is what its steps miss by, in tenths of the unit shown, and
    ``rest`` the largest share of a change that is put together; the others are of the gauge that
    moved most: the largest cause as it was told and as the second play has it."""

    seat: str
    turn: int
    worlds: int
    gap: float
    rest: float
    quiet: float  # what a quiet quarter brought, of all steps in absolute value
    kind: str
    told: float
    again: float
    first: bool  # whether no other cause is larger in the second play


def play_room(setup: Mapping[str, Any], names: Mapping[str, str], turns: int) -> Table:
    """A room's table after some turns in which scripted players hold the named seats."""
    table = Table(setup)
    sitting = {seat: players(table.plan, seat)[name] for seat, name in names.items()}
    played: list[Inputs] = []
    for turn in range(1, turns + 1):
        played.append(inputs_of(table, sitting, turn))
        table.play(played)
    return table


def inputs_of(table: Table, sitting: Mapping[str, Player], turn: int) -> Inputs:
    """What a room would tell the world: the orders of its players on what their seats see."""
    from agents.view import firm_view, state_view

    world, plan = table.game.world, table.plan
    orders = []
    for seat, player in sorted(sitting.items()):
        view: Any = firm_view(world, seat) if seat in plan.firms else state_view(world, seat)
        for wish in player.decide(view, Draws(table.game.luck)):
            value = float(np.broadcast_to(np.asarray(wish.value, dtype=float), (1,))[0])
            if np.isfinite(value):
                orders.append({"actor": seat, "lever": wish.lever, "value": value, "why": ""})
    seats = {seat: PERSON if seat in sitting else AI for seat in plan.actors}
    return {
        "turn": turn, "week": world.week, "seats": seats, "orders": orders, "held": [],
        "bounds": [], "events": [],
    }  # fmt: skip


# --- what is looked at ----------------------------------------------------------------------------


def check_turn(table: Table, turn: int, seats: Sequence[str]) -> Iterator[Check]:
    """Every result of some seats after a turn."""
    memory: dict[tuple[str, ...], dict[str, dict[str, float]]] = {}
    for seat, result in causes(table, turn)["seats"].items():
        if seat in seats:
            yield _check(table, turn, seat, result, memory)


def _check(
    table: Table, turn: int, seat: str, result: Mapping[str, Any],
    memory: dict[tuple[str, ...], dict[str, dict[str, float]]],
) -> Check:  # fmt: skip
    steps = result["steps"]
    gap = max(abs(missed(result, name)) / TENTH[name] for name in FIGURES)
    main = max(GAUGES, key=lambda name: abs(result["change"][name]))
    rest = max(
        abs(sum(row[name] for row in steps if row["kind"] == REST)) / abs(result["change"][name])
        if abs(result["change"][name]) >= 2 * SEEN else 0.0
        for name in GAUGES
    )  # fmt: skip
    whole = sum(abs(row[main]) for row in steps)
    quiet = next(abs(row[main]) for row in steps if row["kind"] == QUIET)
    named = [row for row in steps if row["kind"] not in (QUIET, REST) and abs(row[main]) >= SEEN]
    named = sorted(named, key=lambda row: -abs(row[main]))[:MOST]
    found = [_again(table, turn, seat, row, memory)[main] for row in named]
    kind, told, again, first = "", 0.0, 0.0, True
    if named:
        kind, told, again = named[0]["kind"], named[0][main], found[0]
        first = all(abs(again) >= abs(other) - ALIKE for other in found)
    return Check(seat, turn, result["worlds"], gap, rest, quiet / whole if whole else 0.0, kind,
                 told, again, first)  # fmt: skip


def missed(result: Mapping[str, Any], name: str) -> float:
    """End less start and steps of one figure: 0 where it adds up."""
    steps = sum(row[name] for row in result["steps"])
    return float(result["end"][name] - result["start"][name] - steps)


def _again(
    table: Table, turn: int, seat: str, row: Mapping[str, Any],
    memory: dict[tuple[str, ...], dict[str, dict[str, float]]],
) -> dict[str, float]:  # fmt: skip
    """What a cause gave a seat: the turn as it was less the turn without it."""
    real, own = table.results[turn]["seats"][seat]["gauges"], row["kind"] in (OWN, "earlier")
    key = (row["kind"], row["actor"], row["lever"] if own else "", str(row["n"]))
    if key not in memory:
        memory[key] = _without(table, turn, row)
    return {name: real[name] - memory[key][seat][name] for name in GAUGES}


def _without(table: Table, turn: int, row: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """The gauges of all seats after the turn without one cause, as a branch of the game."""
    plan, start, inputs = table.plan, table.starts[turn - 1], table.inputs[turn - 1]
    world = start.world.copy()
    weeks = range(world.week, min(world.week + QUARTER, table.game.horizon))
    less, missing = _left_out(table, row, weeks)
    _lift(table, world, row)
    branch = Branch(
        Start(world, start.seats), table.game.luck,
        lambda at, seats: acts_of(seats, at, inputs, table.held) if at.week == weeks[0] else [],
        Changes(less=less, missed=missing),
    )  # fmt: skip
    for _ in branch.play(weeks.stop):
        pass
    return {seat: gauges(branch.world, seat) for seat in plan.actors}


def _left_out(table: Table, row: Mapping[str, Any], weeks: range) -> tuple[list[Less], list[Any]]:
    plan, kind = table.plan, row["kind"]
    if kind == OWN:
        return [Less(row["actor"], row["lever"], weeks)], []
    if kind == "orders":
        return [Less(row["actor"], weeks=weeks)], []
    if kind == "hubs":
        zones = [plan.zones[z] for z in table.game.setting.hub_zones]
        return [Less(zone, weeks=weeks) for zone in zones], []
    if kind in ("measures", "fear"):
        levers = [
            lever.name for lever in levers_of(plan, plan.coercer).values()
            if lever.name != LADDER and (lever.group == THREAT) == (kind == "fear")
        ]  # fmt: skip
        return [Less(plan.coercer, name, weeks) for name in levers], []
    return [], [plan.events[row["n"]]] if kind == "event" else []


def _lift(table: Table, world: Any, row: Mapping[str, Any]) -> None:
    """Takes what stood before the turn out of a world."""
    plan, kind = table.plan, row["kind"].removeprefix("own ")
    if kind in ("measures", "threat", "fear"):
        for lever in levers_of(plan, plan.coercer).values():
            if lever.name != LADDER and (lever.group == THREAT) == (kind != "measures"):
                world.regime[lever.name][:, plan.zones.index(plan.coercer)] = lever.default
        world.pending = [
            entry for entry in world.pending
            if entry[1].actor != plan.coercer
            or (LEVERS[entry[1].lever.partition(".")[0]].group == THREAT) == (kind == "measures")
        ]  # fmt: skip
        if kind == "measures":
            world.markets.announced[:] = 0.0
    if kind == "refusals":
        for values in (world.users.drop_weeks, world.users.redirected, world.plants.stop_weeks):
            values[:] = 0.0
    if kind == "earlier":
        begin = table.starts[0].world.regime
        anew = {  # what it orders in the turn is compared with what stood before
            order["lever"].partition(".")[0] for order in table.game.recorder.orders
            if order["accepted"] and order["actor"] == row["actor"]
            and 0 <= order["week"] - world.week < QUARTER
        }  # fmt: skip
        place = plan.actors.index(row["actor"])
        for lever in levers_of(plan, row["actor"]).values():
            if lever.name in begin and lever.name not in anew:
                at = place - len(plan.zones) if lever.of_firms else place
                world.regime[lever.name][:, at] = begin[lever.name][:, at]
        world.pending = [entry for entry in world.pending if entry[1].actor != row["actor"]]
    world.refresh_law()


def summary(checks: list[Check]) -> dict[str, float]:
    """Shares of the results by what is asked of them."""
    every = max(1, len(checks))
    with_cause = [check for check in checks if check.kind]
    return {
        "results": len(checks),
        "add_up": sum(check.gap <= 1.0 for check in checks) / every,
        "rest_small": sum(check.rest < QUARTERS for check in checks) / every,
        "quiet": float(np.median([check.quiet for check in checks] or [0.0])),
        "with_cause": len(with_cause),
        "largest": sum(check.first for check in with_cause) / max(1, len(with_cause)),
        "same_sign": sum(c.told * c.again > 0 for c in with_cause) / max(1, len(with_cause)),
        "worlds": max((check.worlds for check in checks), default=0),
    }


def trial(scenario: str, turns: int, users: int, each: int = 8) -> Iterator[list[Check]]:
    """Checks by turn of games of ``each`` turns at most, with all usual seats at random."""
    game, left = 0, turns
    while left > 0:
        setup = {"scenario": scenario, "seed": SEED + game, "users": users}
        plan: Scenario = Table(setup).plan
        seats = core_seats(plan)
        table = play_room(setup, dict.fromkeys(seats, "random"), min(each, left))
        for turn in range(1, len(table.results)):
            yield list(check_turn(table, turn, seats))
        left -= len(table.results) - 1
        game += 1


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m runs.room.trial.results", description=__doc__)
    parser.add_argument("scenario", nargs="?", default="japan-2026")
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--users", type=int, default=1000)
    args = parser.parse_args()
    checks: list[Check] = []
    for number, found in enumerate(trial(args.scenario, args.turns, args.users), start=1):
        checks += found
        print(f"turn {number} of {args.turns}", file=sys.stderr, flush=True)
    got = summary(checks)
    print(f"{got['results']:.0f} results; at most {got['worlds']:.0f} worlds a turn")
    print(f"{got['add_up']:.1%} add up to a tenth of the unit shown")
    print(f"{got['rest_small']:.1%} put less than a quarter of every change together")
    print(f"a quiet quarter is {got['quiet']:.0%} of all steps in the median")
    print(f"{got['largest']:.1%} of {got['with_cause']:.0f} largest causes are the largest in a "
          f"second play, {got['same_sign']:.1%} have the same sign")  # fmt: skip
    for check in checks:
        if check.gap > 1.0 or not check.first:
            print(f"  differs: {check}")
    sys.exit(0 if got["add_up"] == 1.0 and got["rest_small"] >= 0.8 else 1)


if __name__ == "__main__":
    main()
