"""The command `entrepot sources`."""

from __future__ import annotations

import argparse
import csv
import sys
import textwrap
from collections.abc import Callable

from runs.terminal import say_json

WIDTH = 96
COLUMNS = ("id", "table", "what", "value", "year", "basis", "confidence", "use", "sections", "why",
           "also", "source", "url", "note")  # fmt: skip


def add_sources(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds `sources`."""
    parser = command(
        "sources", sources,
        "look up any figure: where it comes from, and whether the model reads it and where",
        "entrepot sources graphite korea",
    )  # fmt: skip
    parser.add_argument("text", nargs="*", metavar="TEXT", help="words that must stand in a row")
    for name, told in (
        ("table", "a table of world/data"), ("basis", "seed, seen, recalled or assumption"),
        ("use", "read, set or listed"), ("material", "a material's id"), ("zone", "a zone's code"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", default="", help=told)
    parser.add_argument("--csv", action="store_true", help="print CSV on stdout")


def sources(args: argparse.Namespace) -> int:
    from runs.pages.words import catalogue
    from runs.sources.lookup import Query, search

    query = Query(" ".join(args.text), args.table, args.basis, args.use, args.material, args.zone)
    found = search(query)
    if args.json:
        return say_json([entry.row() for entry in found])
    if args.csv:
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(COLUMNS)
        for entry in found:
            cells = (getattr(entry, name) for name in COLUMNS)
            table.writerow([" ".join(c) if isinstance(c, tuple) else c for c in cells])
        return 0
    words = catalogue("en")
    for entry in found:
        why = words.get(f"sources.why.{entry.why}", "")
        where = f" in ODD {', '.join(entry.sections)}" if entry.sections else ""
        told = (entry.year, entry.basis, entry.confidence)
        print(f"{entry.id}  {entry.what}: {entry.value or '-'}")
        for text in (
            f"{', '.join(filter(None, told))}; {entry.use}{where}{': ' * bool(why)}{why}",
            entry.source, entry.note, f"see {', '.join(entry.also)}" if entry.also else "",
        ):  # fmt: skip
            if text.strip("; "):
                print(textwrap.fill(
                    text, WIDTH, initial_indent="    ", subsequent_indent="    ",
                    break_long_words=False, break_on_hyphens=False,
                ))  # fmt: skip
    print(f"{len(found):,} rows")
    return 0
