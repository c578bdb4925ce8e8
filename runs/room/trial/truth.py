"""Is what seats are told as cause of their result true?

    python -m runs.room.trial.truth japan-2026 --games 6

plays games in which scripted players hold some seats, takes the three largest causes that every
seat is told after every turn, and works each of them out a second way: the whole turn again with
the same luck, in which the actor holds still (or the measures are lifted, or the event does not
happen), for *all* causes there could be. Told are the truth if size, sign and rank agree. It also
plays both turns with other lucks and says how often the sign of a told cause is the same there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runs.outcome import GAUGES, outcomes
from runs.room.causes import LARGEST, SMALLEST, Cause, candidates, causes
from runs.room.state import AI, PERSON, QUARTER
from runs.room.table import Inputs, Table, acts_of
from runs.room.trial.audit import core_seats
from runs.room.trial.players import Player, players
from runs.seats import HOLD, Seats
from runs.turn import play_week
from world.draws import Draws
from world.levers import full_name, indices, levers_of, set_lever
from world.scenario import Scenario
from world.state import World

Array = NDArray[np.float64]

CLOSE = 2e-6  # figures are told to six digits
LUCKS, LUCK = 8, 900_001  # other lucks on which signs are looked at


class Check(NamedTuple):
    """One told cause: how far its figures are from the second play's, its ranks, its sign."""

    seat: str
    turn: int
    kind: str
    actor: str
    gap: float  # the largest difference of a gauge
    told_rank: int
    true_rank: int
    tied: bool  # the cause that stands at this rank in truth has the same size
    same_sign: float  # share of other lucks in which the largest effect has its sign


def scripted(plan: Scenario, names: Mapping[str, str]) -> dict[str, Player]:
    """Players by seat from the names of their kinds."""
    return {seat: players(plan, seat)[name] for seat, name in names.items()}


def play_room(setup: Mapping[str, Any], names: Mapping[str, str], turns: int) -> Table:
    """A room's table after some turns in which scripted players hold the named seats."""
    table = Table(setup)
    sitting = scripted(table.plan, names)
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


def check_turn(table: Table, turn: int) -> list[Check]:
    """Every cause that any seat was told after a turn, against a second play."""
    start, inputs = table.starts[turn - 1], table.inputs[turn - 1]
    weeks = range(start.world.week, min(start.world.week + QUARTER, table.game.horizon))
    every = candidates(table, inputs, weeks)
    real, other = _again(table, turn, None, 1), _again(table, turn, None, LUCKS)
    without = {cause: _again(table, turn, cause, 1) for cause in every}
    elsewhere = {cause: _again(table, turn, cause, LUCKS) for cause in every}
    checks = []
    for seat, told in causes(table, turn)["seats"].items():
        place = table.plan.actors.index(seat)
        effect = {c: (real - w)[0, place] for c, w in without.items()}  # (3,) by gauge
        sizes = _distinct_sizes(effect)
        for rank, row in enumerate(told["causes"]):
            cause = _find(every, row)
            figures = np.array([row[name] for name in GAUGES])
            size = float(np.abs(effect[cause]).max())
            main = int(np.argmax(np.abs(effect[cause])))
            signs = np.sign((other - elsewhere[cause])[:, place, main])
            at_rank = sizes[rank] if rank < len(sizes) else 0.0
            checks.append(
                Check(
                    seat, turn, row["kind"], row["actor"],
                    float(np.abs(figures - effect[cause]).max()), rank,
                    sum(found > size + CLOSE for found in sizes), abs(at_rank - size) <= CLOSE,
                    float(np.mean(signs == np.sign(figures[main]))),
                )
            )  # fmt: skip
        missing = [s for s in sizes[len(told["causes"]) : LARGEST] if s >= SMALLEST + CLOSE]
        checks += [
            Check(seat, turn, "not told", "", size, LARGEST, 0, False, 0.0) for size in missing
        ]
    return checks


def _distinct_sizes(effect: Mapping[Cause, Array]) -> list[float]:
    """Sizes of the causes, largest first; causes with the same effect count once."""
    kept: list[Array] = []
    for one in sorted(effect.values(), key=lambda e: -float(np.abs(e).max())):
        if not any(np.abs(one - other).max() <= CLOSE for other in kept):
            kept.append(one)
    return [float(np.abs(one).max()) for one in kept]


def _find(every: list[Cause], row: Mapping[str, Any]) -> Cause:
    kind = "orders" if row["kind"] == "own orders" else row["kind"]
    return next(c for c in every if (c.kind, c.actor, c.n) == (kind, row["actor"], row["n"]))


def _again(table: Table, turn: int, cause: Cause | None, lucks: int) -> Array:
    """(R, A, 3) gauges after the turn without a cause, by orders that are never given."""
    start, inputs = table.starts[turn - 1], dict(table.inputs[turn - 1])
    world, seats = start.world.spread(lucks), start.seats.copy()
    silent = cause.actor if cause is not None and cause.kind in ("orders", "measures") else ""
    inputs["orders"] = [o for o in inputs["orders"] if o["actor"] != silent]
    for act in acts_of(seats, world, inputs, table.held):
        act.apply(seats)
    if silent and inputs["seats"][silent] != PERSON:
        seats.seat(silent, HOLD)
        seats.past.discard(silent)
    if cause is not None and cause.kind == "measures":
        _without_measures(table.plan, world)
    if cause is not None and cause.kind == "event":
        _without_event(seats, world, cause)
    draws = Draws(table.game.luck if lucks == 1 else LUCK, lucks)
    until = min(world.week + QUARTER, table.game.horizon)
    while world.week < until:
        play_week(world, draws, seats)
    found = outcomes(world)
    return np.stack([found[name] for name in GAUGES], axis=-1)


def _without_measures(plan: Scenario, world: World) -> None:
    """The coercer's levers back at their defaults one by one, with nothing announced."""
    for lever in levers_of(plan, plan.coercer).values():
        if lever.name in world.regime:
            for index in indices(plan, lever) if lever.index else ("",):
                full = full_name(lever.name, index)
                set_lever(world.regime, plan, plan.coercer, full, lever.default)
    world.pending = [row for row in world.pending if row[1].actor != plan.coercer]
    world.markets.announced[:] = 0.0
    world.refresh_law()


def _without_event(seats: Seats, world: World, cause: Cause) -> None:
    """The scenario of the rest of the game has no such event."""
    setting = world.setting
    plan = setting.scenario
    events = tuple(e for e in plan.events if e.text != cause.what)
    world.setting = replace(setting, scenario=replace(plan, events=events))
    seats.scenario = world.setting.scenario


def summary(checks: list[Check]) -> dict[str, float]:
    """Shares of the told causes that are true, by what is asked of them."""
    every = max(1, len(checks))
    return {
        "causes": len(checks),
        "figures_agree": sum(c.gap <= CLOSE for c in checks) / every,
        "rank_agrees": sum(c.told_rank == c.true_rank or c.tied for c in checks) / every,
        "not_told": sum(c.kind == "not told" for c in checks),
        "sign_in_other_lucks": float(np.mean([c.same_sign for c in checks] or [0.0])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Whether what seats are told as cause is true.")
    parser.add_argument("scenario")
    parser.add_argument("--games", type=int, default=6)
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--users", type=int, default=1000)
    args = parser.parse_args()
    checks: list[Check] = []
    for game in range(args.games):
        setup = {"scenario": args.scenario, "seed": LUCK + 100 + game, "users": args.users}
        table = Table(setup)
        seats = core_seats(table.plan)
        names = {
            seat: ("thoughtful", "random")[n % 2]
            for n, seat in enumerate(seats) if (n + game) % 3 == 0
        }  # fmt: skip
        table = play_room(setup, names, args.turns)
        for turn in range(1, args.turns + 1):
            checks += check_turn(table, turn)
        print(f"{game + 1} of {args.games}: {', '.join(names)}", file=sys.stderr, flush=True)
    found = summary(checks)
    print(f"{found['causes']:.0f} causes were told, {found['not_told']:.0f} larger ones were not")
    print(f"{found['figures_agree']:.1%} of figures agree with a second play, "
          f"{found['rank_agrees']:.1%} stand at their rank")  # fmt: skip
    print(f"in {found['sign_in_other_lucks']:.1%} of other lucks the effect has the same sign")
    for check in checks:
        if check.gap > CLOSE or not (check.told_rank == check.true_rank or check.tied):
            print(f"  differs: {check}")
    good = found["figures_agree"] == found["rank_agrees"] == 1.0 and not found["not_told"]
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
