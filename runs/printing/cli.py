"""The command `entrepot print`."""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Callable

from runs.printing import PrintError

NEEDED = ("babel", "jinja2")


def add_print(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds `print`; nothing of the print room is imported before it runs."""
    sub = command(
        "print", print_room, "make what a facilitator hands out: cards, guide, order sheets",
        "entrepot print --what cards,guide --language ko --out print --pdf",
    )  # fmt: skip
    sub.add_argument(
        "--what", default="all", metavar="KIND,KIND,...",
        help="cards, guide, orders, rulings, tents, form or all (default all)",
    )  # fmt: skip
    sub.add_argument("--scenario", default="japan-2026", help="scenario id or file")
    sub.add_argument("--language", default="en", help="en, ko, ja or zh-Hans (default en)")
    sub.add_argument("--out", required=True, metavar="DIR", help="where the files go")
    sub.add_argument("--pdf", action="store_true", help="PDF too, with the Chromium of the machine")


def print_room(args: argparse.Namespace) -> int:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise PrintError(
            f"The print room needs {' and '.join(missing)}, which the extra `web` brings: "
            "pip install 'entrepot[web]'."
        )
    from runs.printing.paper import kinds_of, write

    files = write(kinds_of(args.what), args.scenario, args.language, args.out, args.pdf)
    if args.json:
        print(json.dumps({"out": args.out, "files": [str(file) for file in files]}))
        return 0
    for file in files:
        print(file)
    return 0
