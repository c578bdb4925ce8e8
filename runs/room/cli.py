"""The room's commands for the console script: `rooms`, `export`, `replay FILE --room`.

`add_commands` takes the function that `runs.cli` makes its parsers with; `replay_room` is what
`entrepot replay` does where a room is named.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from runs.room.setup import default_store
from runs.terminal import Progress, say_json, tell_verdict


def add_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds `rooms` and `export`."""
    sub = command("rooms", rooms, "list the rooms of a log", "entrepot rooms")
    add_store(sub)
    sub = command(
        "export", export, "write everything that happened in a room", "entrepot export KX7MA"
    )
    sub.add_argument("room", help="the room's code")
    sub.add_argument("--out", required=True, metavar="DIR", help="an empty or new folder")
    sub.add_argument("--format", choices=("csv", "parquet"), default="csv")
    sub.add_argument("--names", action="store_true", help="with the names of people")
    add_store(sub)


def add_store(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--store", metavar="FILE", default=str(default_store()), help="the log of rooms"
    )


def rooms(args: argparse.Namespace) -> int:
    from runs.room.desk import rooms as listed

    rows = listed(args.store)
    if args.json:
        return say_json(rows)
    for row in rows:
        if row["unreadable"]:
            print(f"{row['room']}  {row['unreadable']}")
            continue
        print(
            f"{row['room']}  {row['made']}  {row['scenario']}, {row['people']} people, "
            f"{row['played']} of {row['turns']} turns, {row['phase']}"
            + (f"; made by model {row['model']}: read and exported, not played on"
               if row["other_model"] else "")
        )
    if rows and rows[0]["dropped"]:
        print(rows[0]["dropped"])
    return 0


def export(args: argparse.Namespace) -> int:
    from runs.room.desk import export as written
    from runs.room.log import StoreError

    try:
        files = written(args.store, args.room, args.out, args.format, args.names)
    except OSError as error:
        raise StoreError(f"{args.out} cannot be written: {error.strerror}.") from None
    if args.json:
        return say_json({"out": args.out, "files": [str(file) for file in files]})
    print(f"{len(files)} files in {args.out}")
    return 0


def replay_room(args: argparse.Namespace) -> int:
    """`entrepot replay FILE --room ROOM`: plays a room again from its log."""
    from runs.room.desk import play_again, read_room

    _, room, _ = read_room(args.folder, args.room)
    progress = Progress(len(room.played), "replay")
    verdict = play_again(args.folder, args.room, progress)
    progress.close()
    return tell_verdict(args, f"room {args.room}", verdict.same, verdict.text, turns=verdict.turns)
