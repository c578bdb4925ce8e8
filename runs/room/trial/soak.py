"""Class after class on one server: do its processes, open files and memory stay level?

    python -m runs.room.trial.soak --turns 60 --people 30
    python -m runs.room.trial.soak --turns 80 --people 8 --users 300 --room-turns 2

A game ends with its scenario, so rooms follow one another, each of twelve turns at most, played by
bots to the end. As every turn opens, what the server holds is read; medians of the first, the
middle and the last third are printed, and whether the last is level with the first. A finished room
keeps its process and its results for a while, up to a number of rooms, so processes are bounded by
that, and files are judged without those that speak to them. Many short rooms show the bound.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from statistics import median
from typing import Any

from runs.room.service import MOST_HOSTS
from runs.room.trial.bots import play_class
from runs.room.trial.client import Server, running
from runs.room.trial.procs import held

ROOM_TURNS = 12
PIPES = 2  # files of the server for each process that it started
# By how much the last third may be above the first.
ALLOWED = {"server_mb": 40.0, "mb_a_child": 40.0, "own_files": 12.0}
COLUMNS = ("processes", "files", "own_files", "server_mb", "children_mb", "mb_a_child")
Row = dict[str, float]


def look(server: Server) -> Row:
    """One row of figures, now."""
    assert server.process is not None
    now = held(server.process.pid)
    children = now.processes - 1
    return {
        "processes": now.processes, "files": now.files,
        "own_files": now.server_files - PIPES * children, "server_mb": now.server_mb,
        "children_mb": now.children_mb, "mb_a_child": now.children_mb / max(children, 1),
    }  # fmt: skip


async def soak(
    server: Server, turns: int, people: int, users: int, room_turns: int
) -> tuple[list[Row], int]:
    """A row for each turn, and how many rooms were played."""
    rows: list[Row] = []
    rooms = 0
    while len(rows) < turns:
        length = min(room_turns, turns - len(rows))
        rooms += 1
        done = len(rows)
        found = await play_class(
            server.address, people, length, users, seed=rooms,
            each_turn=lambda: rows.append(look(server)),
        )  # fmt: skip
        if found["played"] != length or len(rows) != done + length:
            raise RuntimeError(f"room {rooms} played {found['played']} of {length} turns")
        print(f"room {rooms}: {length} turns, {found['seconds']} s", file=sys.stderr, flush=True)
    return rows, rooms


def thirds(rows: list[Row]) -> dict[str, tuple[float, float, float]]:
    """Medians of the first, the middle and the last third of the turns, by column."""
    size = max(1, len(rows) // 3)
    parts = rows[:size], rows[size:-size] or rows, rows[-size:]
    return {
        name: tuple(round(median(row[name] for row in part), 1) for part in parts)  # type: ignore[misc]
        for name in COLUMNS
    }


def judge(found: dict[str, tuple[float, float, float]], rows: list[Row], rooms: int) -> list[str]:
    """What does not stay level, each in a sentence."""
    wrong = [
        f"{name} rises from {found[name][0]:g} to {found[name][2]:g}, more than {most:g}"
        for name, most in ALLOWED.items()
        if found[name][2] > found[name][0] + most
    ]
    processes = max(row["processes"] for row in rows)
    if processes > 1 + min(rooms, MOST_HOSTS):
        wrong.append(f"{processes:g} processes for {rooms} rooms")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description="Plays class after class on one server.")
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--room-turns", type=int, default=ROOM_TURNS, help="turns of each room")
    parser.add_argument("--json", action="store_true", help="all rows as JSON")
    args = parser.parse_args()
    with running() as server:
        rows, rooms = asyncio.run(
            soak(server, args.turns, args.people, args.users, args.room_turns)
        )
    found = thirds(rows)
    wrong = judge(found, rows, rooms)
    if args.json:
        told: dict[str, Any] = {"rooms": rooms, "thirds": found, "rows": rows, "wrong": wrong}
        print(json.dumps(told, indent=1))
    else:
        print(f"{args.turns} turns, {args.people} people, {args.users} users, {rooms} rooms")
        print(f"{'median of a third':<20}{'first':>10}{'middle':>10}{'last':>10}")
        for name, values in found.items():
            print(f"{name:<20}" + "".join(f"{value:>10.1f}" for value in values))
        print("; ".join(wrong) or "level")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
