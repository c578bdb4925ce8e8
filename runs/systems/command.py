"""The command `entrepot systems`."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable

from runs.terminal import say_json

WIDTH = 96


def add_systems(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds `systems`."""
    command(
        "systems", systems,
        "list the systems the game is about: what moves each, what it moves, and by how much",
        "entrepot systems --json",
    )  # fmt: skip


def systems(args: argparse.Namespace) -> int:
    from runs.systems.table import figures
    from runs.systems.table import systems as known

    measured = figures()
    rows = [one.row(measured.get(one.id, {})) for one in known()]
    if args.json:
        return say_json(rows)
    for row in rows:
        rest = f": {row['missing']}" if row["missing"] else ""
        print(f"{row['id']} {row['name']} ({row['status']}{rest})")
        listed = f", {row['facts_listed']} only listed" if row["facts_listed"] else ""
        moved = ", ".join([*row["levers"], *(f"event {name}" for name in row["events"])])
        for text in (
            row["effect"], f"moved by {moved}" if moved else "",
            f"read in {', '.join(row['columns'])}; on the page in {row['page']}",
            f"{row['facts']} row{'s' * (row['facts'] != 1)} of facts read{listed}; {row['test']}",
        ):  # fmt: skip
            if text:
                print(textwrap.fill(
                    text, WIDTH, initial_indent="    ", subsequent_indent="    ",
                    break_long_words=False, break_on_hyphens=False,
                ))  # fmt: skip
    return 0
