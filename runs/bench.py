"""How fast the engines are: the columns, and the same rules in plain Mesa agents beside them.

Every size runs in a process of its own, so that its peak of memory is its own. The plain Mesa
model is the slow reference of the test suite (``tests/reference``); where there is no checkout,
its row is left out and a sentence on stderr says so.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]

REFERENCE = Path(__file__).resolve().parent.parent / "tests" / "reference"
SIDE_BY_SIDE = 10_000  # users at which both engines are timed
REFERENCE_WEEKS = 5  # it is slow
RATIO_WANTED = 20


class BenchError(ValueError):
    """A measurement that could not be made; the text is one sentence."""


def measure(sizes: Sequence[int], scenario: str, weeks: int) -> Iterator[Row]:
    """A row for each size, and the plain Mesa row at the size where both are compared."""
    slow = None
    if (REFERENCE / "bench.py").exists():
        slow = one("plain_mesa", SIDE_BY_SIDE, scenario, REFERENCE_WEEKS)
    else:
        print(
            f"There is no {REFERENCE}, so plain Mesa is not timed beside the columns.",
            file=sys.stderr,
        )
    wanted = list(sizes)
    if slow is not None and SIDE_BY_SIDE not in wanted:
        wanted.append(SIDE_BY_SIDE)
    for users in sorted(wanted):
        row = one("columns", users, scenario, weeks)
        if slow is not None:  # what an agent costs in plain Mesa hardly depends on their number
            row["ratio"] = row["updates_per_s"] / slow["updates_per_s"]
        yield row
    if slow is not None:
        yield slow | {"ratio": 1.0}


def one(engine: str, users: int, scenario: str, weeks: int) -> Row:
    """One measurement in a fresh process; raises BenchError with the last line it said."""
    command = [sys.executable, "-m", "runs.bench", engine, str(users), scenario, str(weeks)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise BenchError(f"{engine} at {users} users could not be timed: {said[-1]}")
    row: Row = json.loads(done.stdout.splitlines()[-1])
    return row


def columns(users: int, scenario: str, weeks: int) -> tuple[float, float]:
    """(CPU seconds for the weeks, users that there are) on the column engine, without a record.

    States follow the dated acts of the scenario and no policy, since that is what plain Mesa hears.
    """
    from agents.warmup import build_world
    from runs.seats import Seats
    from runs.turn import play_week
    from world.draws import Draws
    from world.scenario import load_scenario

    bare = load_scenario(scenario, {"users": users})
    plan = bare.override({f"policies.{actor}": "hold" for actor in bare.actors})
    world, seats, draws = build_world(plan), Seats(plan), Draws(1)
    start = time.process_time()
    for _ in range(weeks):
        play_week(world, draws, seats)
    return time.process_time() - start, world.setting.users.industrial.stop


def plain_mesa(users: int, scenario: str, weeks: int) -> tuple[float, float]:
    """The same for the slow reference, which says itself how it is timed."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("reference_bench", REFERENCE / "bench.py")
    if spec is None or spec.loader is None:
        raise BenchError(f"{REFERENCE / 'bench.py'} cannot be loaded.")
    sys.path.insert(0, str(REFERENCE.parent.parent))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    seconds, there = module.time_weeks(users, scenario, weeks)
    return float(seconds), float(there)


def main(argv: Sequence[str]) -> int:
    """One measurement, printed as a JSON row."""
    from world.scenario import load_scenario

    engine, users, scenario, weeks = argv[0], int(argv[1]), argv[2], int(argv[3])
    timer = {"columns": columns, "plain_mesa": plain_mesa}[engine]
    seconds, there = timer(users, scenario, weeks)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    pace = weeks / seconds
    row = {
        "engine": engine, "users": users, "replicates": 1, "weeks_per_s": pace,
        "updates_per_s": pace * there, "runs_per_s": pace / load_scenario(scenario).weeks,
        "ratio": None, "peak_mb": peak,
    }  # fmt: skip
    print(json.dumps(row))
    return 0


def tell(row: Row) -> str:
    """A row as a line for people."""
    text = (
        f"{row['engine']:<10} {row['users']:>9,} users  {row['weeks_per_s']:>9.1f} weeks/s  "
        f"{row['updates_per_s']:>12,.0f} updates/s  {row['peak_mb']:>7.0f} MB"
    )
    if row["ratio"] is not None and row["engine"] != "plain_mesa":
        text += f"  {row['ratio']:.0f} x plain Mesa"
        if row["ratio"] < RATIO_WANTED:
            text += f" (below {RATIO_WANTED}: few users, so the fixed cost of a week weighs most)"
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
