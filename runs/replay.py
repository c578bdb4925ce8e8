"""Playing a recorded run again, and saying whether it came out the same.

A run's folder holds the scenario's text, the seed, the overrides, who sat where, the orders and
the injects that came from outside. Policies, firms and luck are worked out anew. With the same
NumPy and all the same vector instructions every value must be equal; otherwise, to 1e-9.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.players import Policy, Replay, policies
from runs.recorder import RUN_FILE
from runs.run_folder import (
    OtherModel,
    check_firms,
    check_model,
    plan_of_run,
    read_about,
    read_run,
    told_as_written,
)
from runs.seats import OUTSIDE, PERSON, SCRIPTED
from runs.tables import WEEKLY
from runs.told import HELD, SEAT, check_told, refusal_difference, told_difference
from world.decisions import Order

if TYPE_CHECKING:
    import pandas as pd

    from runs.play import Play

TOLERANCE = 1e-9  # between different builds of NumPy, and processors


@dataclass(frozen=True)
class Verdict:
    """``same`` and a sentence: identical, or the first week and column that differ.

    ``played`` is False for a run of another model, which is read as it stands and not compared.
    """

    same: bool
    text: str
    weeks: int
    played: bool = True


def rebuild(folder: Path, about: Mapping[str, Any], orders: pd.DataFrame) -> Play:
    """The game of a record before its first week; raises RecordError or ScenarioError."""
    from runs.play import Play

    plan = plan_of_run(folder, about)
    return Play(plan, seed=int(about["seed"]), seats=players(about, orders))


def players(about: Mapping[str, Any], orders: pd.DataFrame) -> dict[str, str | Policy]:
    """Who sat where in a record; a policy that only its author has gives its recorded orders."""
    known = policies()
    seats: dict[str, str | Policy] = {}
    for actor, label in about["seats"].items():
        name = str(label).removeprefix("ai:")
        mine = orders[(orders["actor"] == actor) & (orders["by"] == name)]
        if name in known or name in (PERSON, SCRIPTED):
            seats[actor] = label
        else:  # a policy that only its author has: its orders are in the record
            rows = mine.to_dict(orient="records")
            own = Replay(
                Order(int(r["week"]), actor, r["lever"], r["value"], name, r["why"]) for r in rows
            )
            own.name = name  # that is who gave them
            seats[actor] = own
    return seats


def play_again(
    folder: str | Path, watch: Callable[[int], None] | None = None
) -> tuple[Play, dict[str, Any], dict[str, pd.DataFrame]]:
    """The game of a record, played to the week in which it ended; raises RecordError."""
    path = Path(folder)
    about, frames = read_run(path)
    check_model(about)
    game = rebuild(path, about, frames["orders"])
    check_firms(path, game.plan, frames)
    check_told(game.plan, frames, path)
    retrace(game, frames, int(about["weeks"]), watch)
    return game, about, frames


def retrace(
    game: Play,
    frames: Mapping[str, pd.DataFrame],
    weeks: int,
    watch: Callable[[int], None] | None = None,
) -> None:
    """Plays ``game`` on with the seats, orders and injects that a record names."""
    outside = Outside(frames)
    while game.week < weeks:
        outside.give(game)
        game.step()
        if watch is not None:
            watch(game.week)


class Outside:
    """What came from outside in a recorded run: seats, orders, injects, held levers, by week."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self.orders = by_week(
            frames["orders"], lambda row: row["accepted"] and row["by"] in OUTSIDE
        )
        self.events = by_week(
            frames["events"], lambda row: row["kind"] in (SEAT, HELD) or "inject" in row["data"]
        )

    def give(self, game: Play) -> None:
        """Says again what was said before the game's next week."""
        for row in self.events.get(game.week, ()):
            game.repeat(row, json.loads(row["data"]))
        for row in self.orders.get(game.week, ()):
            game.submit(
                actor=row["actor"], lever=row["lever"], value=row["value"], why=row["why"],
                by=row["by"], admitted=True,
            )  # fmt: skip


def by_week(
    frame: pd.DataFrame, wanted: Callable[[dict[str, Any]], bool]
) -> dict[int, list[dict[str, Any]]]:
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in frame.to_dict(orient="records"):
        line = {str(name): value for name, value in row.items()}
        if wanted(line):
            rows.setdefault(int(line["week"]), []).append(line)
    return rows


def replay(folder: str | Path, watch: Callable[[int], None] | None = None) -> Verdict:
    """Plays a recorded run again and compares every value; raises RecordError.

    A run of another model is not played: the verdict says which model made it.
    """
    from runs.about import other_machine


    read = read_about(Path(folder))
    try:
        check_model(read)
    except OtherModel as why:
        return Verdict(False, str(why), int(read["weeks"]), played=False)
    game, about, frames = play_again(folder, watch)
    weeks = int(about["weeks"])
    elsewhere = other_machine(about)
    tolerance = TOLERANCE if elsewhere else 0.0
    fault = first_difference(frames, game.frames, tolerance)
    fault = fault or told_difference(frames, game.frames, tolerance)
    fault = fault or refusal_difference(game.plan, frames["orders"])
    if fault is None and not told_as_written(about, frames):
        fault = f"orders or events, which are not those with which {RUN_FILE} was written"
    if fault is not None:
        return Verdict(False, f"differs in {fault}.", weeks)
    if elsewhere:
        return Verdict(True, f"equal to {TOLERANCE:g}, {weeks} weeks ({elsewhere})", weeks)
    if game.recorder.digest() != about.get("digest"):
        return Verdict(False, f"the values agree, but not with the digest in {RUN_FILE}.", weeks)
    return Verdict(True, f"identical, {weeks} weeks", weeks)


def first_difference(
    was: Mapping[str, pd.DataFrame], now: Mapping[str, Any], tolerance: float
) -> str | None:
    """The earliest week in which a value differs, with its column and both values, or None."""
    found: list[tuple[int, str]] = []
    for table in filter(was.__contains__, WEEKLY):
        old, new = was[table], now[table]
        if list(old.columns) != list(new.columns):
            return f"{table}: its columns are not those of this version"
        rows = min(len(old), len(new))
        for name in old.columns:
            wrong = np.flatnonzero(differs(old[name].iloc[:rows], new[name].iloc[:rows], tolerance))
            if len(wrong):
                i = int(wrong[0])
                keys = " ".join(str(old[key].iloc[i]) for key in WEEKLY[table].keys)
                week, day = int(old["week"].iloc[i]), old["date"].iloc[i]
                found.append(
                    (
                        week,
                        f"week {week} ({day:%Y-%m-%d}), column {table}.{name}, {keys}: "
                        f"recorded {old[name].iloc[i]}, played {new[name].iloc[i]}",
                    )
                )
        if len(old) != len(new) and not found:
            longer = old if len(old) > len(new) else new
            week = int(longer["week"].iloc[rows])
            found.append((week, f"week {week}, table {table}: {len(old)} rows, now {len(new)}"))
    return min(found)[1] if found else None


def differs(old: pd.Series[Any], new: pd.Series[Any], tolerance: float) -> Any:
    """True where two columns are not the same; null equals null.

    A tolerance is a part of the value or of the largest in its column: what is left when two large
    figures nearly cancel, such as a loss of 7 USD out of a trillion, has few digits that count.
    """
    import pandas as pd

    if pd.api.types.is_float_dtype(old):
        a, b = old.to_numpy(float), new.to_numpy(float)
        if tolerance:
            known = np.abs(a[np.isfinite(a)])
            least = tolerance * max(1.0, float(known.max(initial=0.0)))
            return ~np.isclose(a, b, rtol=tolerance, atol=least, equal_nan=True)
        return (a != b) & ~(np.isnan(a) & np.isnan(b))
    return old.to_numpy() != new.to_numpy()
