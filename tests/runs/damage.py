"""Ways to spoil a recorded run: each changes one thing in a copy of its folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from runs.tables import WEEKLY

Spoil = Callable[[Path], None]
TOML_WORDS = (
    '"x"', "1.5", "-1", "true", "9" * 40, "-" + "9" * 40, "1e400", "nan", "[]", "{}", "2025-01-01",
    "1000000000", "0x" + "f" * 6000, "[" * 50_000,
)  # fmt: skip
JSON_WORDS = ("{not json", "[]", "5", "null", "", "[" * 50_000, '{"inject": 1}', '{"player": 5}')


class Damage(NamedTuple):
    """What is done to a record, in words, and the function that does it."""

    name: str
    spoil: Spoil


def damages(folder: Path) -> Iterator[Damage]:
    """Every damage to the record in ``folder``; the folder itself is left alone."""
    yield from of_files(folder)
    yield from of_run_file(folder)
    for table in (*WEEKLY, "events", "orders"):
        if (folder / f"{table}.parquet").exists():
            yield from of_table(folder, table)
    yield from of_what_was_told()


def of_files(folder: Path) -> Iterator[Damage]:
    for file in sorted(one.name for one in folder.iterdir()):
        if file == "agents.parquet":  # a replay does not read it
            continue
        yield Damage(f"{file} is missing", partial(remove, file))
        yield Damage(f"{file} is a folder", partial(as_folder, file))
        yield Damage(f"{file} is empty", partial(write, file, b""))
        yield Damage(f"{file} holds zeros", partial(write, file, bytes(5000)))
        yield Damage(f"{file} is in cp949", partial(write, file, "가 = 1".encode("cp949")))
        for part in (0.2, 0.5, 0.95):
            yield Damage(f"{file} is cut at {part}", partial(cut, file, part))
            yield Damage(f"{file} has bytes turned at {part}", partial(turn, file, part))


def of_run_file(folder: Path) -> Iterator[Damage]:
    lines = (folder / "run.toml").read_text(encoding="utf-8").splitlines()
    for line in lines:
        key, equals, _ = line.partition(" = ")
        if not equals:
            continue
        yield Damage(f"run.toml without {key}", partial(replace_line, line, ""))
        for word in TOML_WORDS:
            new = f"{key} = {word}"
            yield Damage(f"run.toml: {new[:60]}", partial(replace_line, line, new))


def of_table(folder: Path, table: str) -> Iterator[Damage]:
    for name in pd.read_parquet(folder / f"{table}.parquet").columns:
        for what, change in COLUMN_CHANGES.items():
            yield Damage(f"{table}.{name}: {what}", partial(on_column, table, name, change))
    for what, change in TABLE_CHANGES.items():
        yield Damage(f"{table}: {what}", partial(on_table, table, change))


def of_what_was_told() -> Iterator[Damage]:
    for row in range(4):
        for word in JSON_WORDS:
            told = f"events[{row}].data: {word[:20]}"
            yield Damage(told, partial(cell, "events", row, "data", word))
        for name, word in (("kind", "teleport"), ("actor", "XXX"), ("target", "XXX"), ("text", "")):
            yield Damage(f"events[{row}].{name}: {word}", partial(cell, "events", row, name, word))
        for name, value in (
            ("week", 2), ("actor", "XXX"), ("actor", ""), ("lever", "flood"), ("lever", ""),
            ("value", 1e300), ("value", np.nan), ("value", 0.25), ("by", "nobody"), ("by", "file"),
            ("why", "other"), ("accepted", False), ("accepted", True), ("reason", "other"),
        ):  # fmt: skip
            told = f"orders[{row}].{name}: {value}"
            yield Damage(told, partial(cell, "orders", row, name, value))


COLUMN_CHANGES: dict[str, Callable[[pd.Series], Any]] = {  # type: ignore[type-arg]
    "left out": lambda column: None,
    "texts": lambda column: pd.Series(["x"] * len(column)),
    "whole numbers": lambda column: pd.Series(range(len(column))),
    "broken numbers": lambda column: pd.Series([0.5] * len(column)),
    "infinite": lambda column: pd.Series([np.inf] * len(column)),
    "nothing": lambda column: pd.Series([None] * len(column)),
    "lists": lambda column: pd.Series([[1]] * len(column)),
    "bytes": lambda column: pd.Series([b"x"] * len(column)),
    "days": lambda column: pd.Series([pd.Timestamp("2025-11-03")] * len(column)),
    "truths": lambda column: pd.Series([True] * len(column)),
    "other rows' cells": lambda column: column.iloc[::-1].reset_index(drop=True),
}
TABLE_CHANGES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "no rows": lambda frame: frame.iloc[:0],
    "no columns": lambda frame: frame[[]],
    "one row less": lambda frame: frame.iloc[:-1],
    "one row twice": lambda frame: pd.concat([frame, frame.iloc[-1:]]),
    "the other way round": lambda frame: frame.iloc[::-1],
    "one column more": lambda frame: frame.assign(colour="red"),
    "weeks below 0": lambda frame: frame.assign(week=frame["week"] - 1),
    "weeks far ahead": lambda frame: frame.assign(week=frame["week"] + 10**9),
    "columns in another order": lambda frame: frame[frame.columns[::-1]],
    "weeks as texts": lambda frame: frame.assign(week=frame["week"].astype("str")),
    "dates as texts": lambda frame: frame.assign(date=frame["date"].dt.strftime("%Y-%m-%d")),
    "dates of another kind": lambda frame: frame.assign(date="3 Nov 2025"),
}


# --- what the damages are made of ---------------------------------------------------------------


def remove(file: str, folder: Path) -> None:
    (folder / file).unlink()


def as_folder(file: str, folder: Path) -> None:
    (folder / file).unlink()
    (folder / file).mkdir()


def write(file: str, content: bytes, folder: Path) -> None:
    (folder / file).write_bytes(content)


def cut(file: str, part: float, folder: Path) -> None:
    raw = (folder / file).read_bytes()
    (folder / file).write_bytes(raw[: int(part * len(raw))])


def turn(file: str, part: float, folder: Path) -> None:
    raw = bytearray((folder / file).read_bytes())
    place = int(part * len(raw))
    raw[place : place + 4] = bytes(255 - one for one in raw[place : place + 4])
    (folder / file).write_bytes(bytes(raw))


def replace_line(old: str, new: str, folder: Path) -> None:
    path = folder / "run.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[lines.index(old)] = new
    path.write_text("\n".join(lines), encoding="utf-8")


def on_table(table: str, change: Callable[[pd.DataFrame], pd.DataFrame], folder: Path) -> None:
    path = folder / f"{table}.parquet"
    change(pd.read_parquet(path)).to_parquet(path, index=False)


def on_column(table: str, name: str, change: Callable[[Any], Any], folder: Path) -> None:
    path = folder / f"{table}.parquet"
    frame = pd.read_parquet(path)
    new = change(frame[name])
    frame = frame.drop(columns=name) if new is None else frame.assign(**{name: new})
    frame.to_parquet(path, index=False)


def cell(table: str, row: int, name: str, value: Any, folder: Path) -> None:
    path = folder / f"{table}.parquet"
    frame = pd.read_parquet(path)
    frame.loc[row, name] = value
    frame.to_parquet(path, index=False)


def spoiled(folder: Path, damage: Damage, home: Path) -> Path:
    """A copy of the record with the damage done."""
    copy = Path(shutil.copytree(folder, home / "copy"))
    damage.spoil(copy)
    return copy
