"""A run in a batch is the run alone, bit for bit, whatever the processor can do.

    python -m runs.room.trial.bytes
    python -m runs.room.trial.bytes --scenarios japan-2026 --weeks 20 --features

Each scenario is played for lucks alone, and for 2, 3, 8 and 20 lucks at once; the batch is built
as such, or spread from one luck after a quarter, as a what-if is. Every week all that a run tells
is compared: columns of the state, levers and law, accounts, gauges, headline measures, what seats
see, orders and the log in words. With ``--features`` the same is done again by processes that hide
vector instructions from NumPy. There a batch must equal the run alone too; whether the figures
equal those of the other processes is told and not judged, since NumPy has other loops for exp, log
and powers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from agents.view import state_view
from runs.about import machine_features, vector_loops
from runs.headline import MEASURES
from runs.outcome import outcomes
from runs.room.trial.client import tell
from runs.seats import Seats
from runs.turn import Turn, play_week
from world.draws import Draws
from world.scenario import list_scenarios, load_scenario
from world.state import World, snapshot

SEED = 5
SIZES = (2, 3, 8, 20)  # lucks played at once
QUARTER = 13
HIDE = "NPY_DISABLE_CPU_FEATURES"
ACCOUNT = ("markets", "zones", "hubs", "producers", "flows", "firms")
Mark = dict[str, str]  # digest by the name of what a run tells


def told(world: World, turn: Turn) -> Iterator[tuple[str, Any]]:
    """All that a week tells of each luck, by name, each (R, ...)."""
    account = turn.account
    yield from snapshot(world).items()
    yield from ((f"lever {name}", values) for name, values in world.regime.items())
    yield from ((f"law {n}", values) for n, values in vars(world.law).items() if n != "agreed")
    yield "past flows", world.flows_past
    yield "past lanes", world.lanes_past
    yield "mass", world.mass()
    yield "balance", account.balance
    yield "turnover", account.turnover
    for table in ACCOUNT:
        yield from ((f"{table} {name}", v) for name, v in getattr(account, table).items())
    for name, measure in MEASURES.items():
        yield f"headline {name}", measure(world.setting, account)
    yield from ((f"gauge {name}", values) for name, values in outcomes(world).items())
    if world.week % QUARTER == 0:
        for actor in world.setting.scenario.zones:
            yield from seen(world, actor)


def seen(world: World, actor: str) -> Iterator[tuple[str, Any]]:
    """What a state's seat sees."""
    for name, value in vars(state_view(world, actor)).items():
        if isinstance(value, np.ndarray):
            yield f"view {actor} {name}", value
        elif isinstance(value, dict) and name != "parameters":
            yield from ((f"view {actor} {name} {place}", one) for place, one in value.items())


def marks(start: tuple[World, Seats], seed: int, weeks: int) -> list[Mark]:
    """Plays a world on; for each luck a digest of everything told until a week, by name."""
    world, seats = start
    lucks = range(world.replicates)
    draws = Draws(seed, world.replicates)
    found: list[dict[str, Any]] = [{} for _ in lucks]

    def note(r: int, name: str, data: bytes) -> None:
        found[r].setdefault(name, hashlib.blake2b(digest_size=12)).update(data)

    while world.week < weeks:
        turn = play_week(world, draws, seats)
        for name, values in told(world, turn):
            rows = np.asarray(values)
            if len(rows) != len(lucks):
                raise ValueError(f"{name} is not a column of {len(lucks)} lucks")
            for r in lucks:
                note(r, name, rows[r].tobytes())
        for one in turn.given:  # a luck that gives no order has no number there
            for r in lucks:
                if not one.reason and not np.isnan(one.value[r]):
                    name = f"order {one.order.actor}.{one.order.lever}"
                    note(r, name, f"{world.week} {float(one.value[r])!r}".encode())
        for line in turn.account.happenings:
            text = (line.kind, line.actor, line.target, line.text, sorted(line.data.items()))
            note(line.replicate, "log", f"{world.week} {text}".encode())
    return [{name: mark.hexdigest() for name, mark in luck.items()} for luck in found]


def compare(
    scenario: str, users: int, weeks: int, sizes: Sequence[int], lucks: Sequence[int]
) -> tuple[list[str], Mark]:
    """What differs between batches of ``sizes`` and ``lucks`` alone, and the first one's marks."""
    from agents.warmup import build_world

    plan = load_scenario(scenario, {"users": users})
    world, seats = build_world(plan), Seats(plan)
    past, seated = build_world(plan), Seats(plan)
    while past.week < QUARTER:
        play_week(past, Draws(SEED), seated)

    def fresh(size: int) -> tuple[World, Seats]:
        return world.spread(size), seats.copy()

    def later(size: int) -> tuple[World, Seats]:
        return past.spread(size), seated.copy()

    wrong: list[str] = []
    alone = {r: marks(fresh(1), SEED + r, weeks)[0] for r in lucks}
    for size in sizes:
        batch = marks(fresh(size), SEED, weeks)
        for r in (r for r in lucks if r < size):
            wrong += differing(f"{plan.id}, luck {r} of {size}", alone[r], batch[r])
    size = sorted(sizes)[-2]
    batch = marks(later(size), SEED, weeks)
    for r in (r for r in lucks if r < size):
        (mark,) = marks(later(1), SEED + r, weeks)
        wrong += differing(f"{plan.id}, luck {r} of {size} from week {QUARTER}", mark, batch[r])
    return wrong, alone[lucks[0]]


def differing(where: str, one: Mark, other: Mark) -> list[str]:
    """Names under which two marks are not the same."""
    names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    return [f"{where}: {name}" for name in names]


def hidden() -> list[str]:
    """What to hide from NumPy, one after the other: nothing, its vector loops from the widest down,
    and one kind in the middle alone."""
    loops = vector_loops()
    lists = [" ".join(loops[k:]) for k in range(len(loops) - 1, -1, -1)]
    return list(dict.fromkeys(["", *lists, *loops[1:2]]))


def with_hidden(names: str, words: Sequence[str]) -> dict[str, Any]:
    """The same trial in a process whose NumPy does not see some features."""
    env = {**os.environ, HIDE: names}
    command = [sys.executable, "-m", "runs.room.trial.bytes", *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise RuntimeError(f"{HIDE}={names!r}: {done.stderr.strip()[-500:]}") from None
    told = f"hidden: {names or 'nothing'}; {len(found['wrong'])} differ"
    print(told, file=sys.stderr, flush=True)
    return found


def main() -> None:
    known = [plan.id for plan in list_scenarios()]
    parser = argparse.ArgumentParser(description="Compares runs in a batch with runs alone.")
    parser.add_argument("--scenarios", nargs="+", default=known)
    parser.add_argument("--weeks", type=int, default=60)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--alone", type=int, nargs="+", default=list(range(max(SIZES))),
                        metavar="LUCK", help="lucks that are played alone (default all)")
    parser.add_argument("--features", action="store_true", help="again with features hidden")
    args = parser.parse_args()
    if args.features:
        words = ["--scenarios", *args.scenarios, "--weeks", str(args.weeks)]
        words += ["--users", str(args.users), "--alone", *map(str, args.alone)]
        every = {names: with_hidden(names, words) for names in hidden()}
        tell(
            {
                names or "nothing hidden": {
                    "features": len(one["features"]), "compared": one["compared"],
                    "wrong": one["wrong"],
                    "figures_as_with_all": one["digest"] == every[""]["digest"],
                }
                for names, one in every.items()
            },
            not any(one["wrong"] for one in every.values()),
        )  # fmt: skip
    wrong: list[str] = []
    every_mark: list[Mark] = []
    for scenario in args.scenarios:
        faults, mark = compare(scenario, args.users, args.weeks, SIZES, args.alone)
        wrong += faults
        every_mark.append(mark)
    whole = hashlib.sha256(json.dumps(every_mark, sort_keys=True).encode()).hexdigest()
    tell(
        {
            "weeks": args.weeks, "users": args.users, "alone": args.alone, "sizes": SIZES,
            "compared": sum(len(mark) for mark in every_mark), "features": machine_features(),
            "digest": whole, "wrong": wrong,
        },
        not wrong,
    )  # fmt: skip


if __name__ == "__main__":
    main()
