"""Playing a recorded run again, and saying whether it came out the same.

A run's folder holds the scenario's text, the seed, the overrides, who sat where, the orders and
the injects that came from outside. Policies, firms and luck are worked out anew. On the same
NumPy and instruction set every value must be equal; on another one, to 1e-9.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.players import Policy, Replay, policies
from runs.recorder import RUN_FILE, SCENARIO_FILE, RecordError
from runs.seats import OUTSIDE, PERSON, SCRIPTED
from runs.tables import WEEKLY
from world.decisions import Order

if TYPE_CHECKING:
    import pandas as pd

    from runs.game import Game
    from world.scenario import Scenario

TOLERANCE = 1e-9  # relative, between different builds of NumPy


@dataclass(frozen=True)
class Verdict:
    """``same`` and a sentence: identical, or the first week and column that differ.

    ``played`` is False for a run of another model, which is read as it stands and not compared.
    """

    same: bool
    text: str
    weeks: int
    played: bool = True


class OtherModel(RecordError):
    """A run that another model has made; no fault of the record."""


def model_of(about: Mapping[str, Any]) -> int:
    """The model that made a run; 1 where the record is from before models were counted."""
    return int(about.get("model", 1))


def check_model(about: Mapping[str, Any]) -> None:
    """Raises OtherModel, with a sentence on what can be done, where this model did not make it."""
    from runs.about import MODEL

    made, version = model_of(about), about.get("package_version", "")
    if made != MODEL:
        of = f" (entrepot {version})" if version else ""
        raise OtherModel(
            f"was made by model {made}{of}; this is model {MODEL}, in which the same orders come "
            "out otherwise, so its weeks are read as they stand and not played again."
        )


def read_run(folder: str | Path) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """``run.toml`` and the tables of a run's folder; raises RecordError."""
    import pandas as pd

    path = Path(folder)
    try:
        about = tomllib.loads((path / RUN_FILE).read_text(encoding="utf-8"))
    except OSError:
        raise RecordError(f"{path} holds no run: there is no readable {RUN_FILE}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecordError(f"{path / RUN_FILE} is damaged: {error}.") from None
    for key in ("seed", "weeks", "model"):  # a key that is missing is told where it is needed
        value = about.get(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise RecordError(
                f"{path / RUN_FILE}: {key} must be a whole number of 0 or more, not {value!r}."
            )
    for key in ("overrides", "seats"):
        if not isinstance(about.get(key, {}), dict):
            raise RecordError(f"{path / RUN_FILE}: {key} must be a table.")
    frames = {}
    for table in (*WEEKLY, "events", "orders"):
        if table == "firms" and not (path / f"{table}.parquet").exists():
            continue  # a scenario without such seats
        try:
            frames[table] = pd.read_parquet(path / f"{table}.parquet")
        except Exception as error:  # pyarrow has many ways to dislike a file
            what = "is missing" if isinstance(error, FileNotFoundError) else "is damaged"
            raise RecordError(f"{path / table}.parquet {what}.") from None
    return about, frames


def plan_of_run(folder: Path, about: Mapping[str, Any]) -> Scenario:
    """The scenario of a record as it was then; raises RecordError or ScenarioError."""
    from world.scenario import load_scenario

    needed = ("scenario", "scenario_digest", "seed", "weeks", "overrides", "seats")
    for key in needed:
        if key not in about:
            raise RecordError(f"{folder / RUN_FILE} has no key {key}.")
    check_model(about)
    copy = folder / SCENARIO_FILE
    plan = load_scenario(copy if copy.exists() else about["scenario"], about["overrides"])
    if plan.digest != about["scenario_digest"]:
        raise RecordError(
            f"{folder}: the scenario {plan.id} or a table behind it has changed since the run, "
            "so it cannot be played again as it was."
        )
    return plan


def rebuild(folder: Path, about: Mapping[str, Any], orders: pd.DataFrame) -> Game:
    """The game of a record before its first week; raises RecordError or ScenarioError."""
    from runs.game import Game

    plan = plan_of_run(folder, about)
    known = policies()
    seats: dict[str, str | Policy] = {}
    for actor, label in about["seats"].items():
        name = str(label).removeprefix("ai:")
        mine = orders[(orders["actor"] == actor) & (orders["by"] == name) & orders["accepted"]]
        if name in known or name in (PERSON, SCRIPTED):
            seats[actor] = label
        else:  # a policy that only its author has: its orders are in the record
            rows = mine.to_dict(orient="records")
            seats[actor] = Replay(
                Order(int(r["week"]), actor, r["lever"], r["value"], name, r["why"]) for r in rows
            )
    return Game(plan, seed=int(about["seed"]), seats=seats)


def play_again(
    folder: str | Path, watch: Callable[[int], None] | None = None
) -> tuple[Game, dict[str, Any], dict[str, pd.DataFrame]]:
    """The game of a record, played to the week in which it ended; raises RecordError."""
    path = Path(folder)
    about, frames = read_run(path)
    game = rebuild(path, about, frames["orders"])
    if game.plan.firms and "firms" not in frames:
        raise RecordError(f"{path / 'firms'}.parquet is missing.")
    retrace(game, frames, int(about["weeks"]), watch)
    return game, about, frames


def retrace(
    game: Game,
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
        from runs.game import HELD

        self.orders = by_week(
            frames["orders"], lambda row: row["accepted"] and row["by"] in OUTSIDE
        )
        self.events = by_week(
            frames["events"], lambda row: row["kind"] in ("seat", HELD) or "inject" in row["data"]
        )

    def give(self, game: Game) -> None:
        """Says again what was said before the game's next week."""
        for row in self.events.get(game.week, ()):
            game.repeat(row, json.loads(row["data"]))
        for row in self.orders.get(game.week, ()):
            game.submit(
                actor=row["actor"], lever=row["lever"], value=row["value"], why=row["why"],
                by=row["by"],
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
    from runs.about import instruction_set

    read, _ = read_run(folder)
    try:
        check_model(read)
    except OtherModel as why:
        return Verdict(False, str(why), int(read.get("weeks", 0)), played=False)
    game, about, frames = play_again(folder, watch)
    weeks = int(about["weeks"])
    numpy_was, machine_was = about.get("numpy_version"), about.get("instruction_set")
    exact = (numpy_was, machine_was) == (np.__version__, instruction_set())
    fault = first_difference(frames, game.frames, 0.0 if exact else TOLERANCE)
    if fault is not None:
        return Verdict(False, f"differs in {fault}.", weeks)
    if exact and game.recorder.digest() != about.get("digest"):
        return Verdict(False, f"the values agree, but not with the digest in {RUN_FILE}.", weeks)
    if exact:
        return Verdict(True, f"identical, {weeks} weeks", weeks)
    return Verdict(
        True,
        f"equal to {TOLERANCE:g}, {weeks} weeks (recorded with NumPy {numpy_was} on "
        f"{machine_was}, played with {np.__version__} on {instruction_set()})",
        weeks,
    )


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
                found.append(
                    (
                        int(old["week"].iloc[i]),
                        f"week {old['week'].iloc[i]} ({old['date'].iloc[i]}), column {table}."
                        f"{name}, {keys}: recorded {old[name].iloc[i]}, played {new[name].iloc[i]}",
                    )
                )
        if len(old) != len(new) and not found:
            longer = old if len(old) > len(new) else new
            week = int(longer["week"].iloc[rows])
            found.append((week, f"week {week}, table {table}: {len(old)} rows, now {len(new)}"))
    return min(found)[1] if found else None


def differs(old: pd.Series[Any], new: pd.Series[Any], tolerance: float) -> Any:
    """True where two columns are not the same; null equals null."""
    import pandas as pd

    if pd.api.types.is_float_dtype(old):
        a, b = old.to_numpy(float), new.to_numpy(float)
        if tolerance:
            return ~np.isclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True)
        return (a != b) & ~(np.isnan(a) & np.isnan(b))
    return old.to_numpy() != new.to_numpy()
