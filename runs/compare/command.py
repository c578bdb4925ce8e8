"""The command `entrepot compare`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runs.asked import MOST_WEEKS
from runs.interrupt import hearing_ctrl_c
from runs.terminal import (
    FAILED,
    FEWEST_USERS,
    MOST_USERS,
    STOPPED,
    Progress,
    say_json,
    whole,
)

MOST_SEEDS, MOST_JOBS = 1_000, 256


def add_compare(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds `compare`."""
    sub = command(
        "compare", compare, "say what differs between two runs, or between a run and the record",
        "entrepot compare out/run7 out/mine --html out/compare.html",
    )  # fmt: skip
    sub.add_argument(
        "a", help="folder of a run, an ensemble or a sweep, an episode such as senkaku-2010, or a "
        "scenario with variants such as prepared-2011"
    )
    sub.add_argument(
        "b", nargs="?",
        help="folder of a second one, or the episode that A is a run of (a sweep may have none)",
    )  # fmt: skip
    sub.add_argument("--html", metavar="FILE", help="where a page with pictures goes")
    add_language(sub)
    sub.add_argument(
        "--seeds", type=whole(1, MOST_SEEDS), default=8,
        help="runs of an episode or of each variant (default 8)",
    )
    sub.add_argument(
        "--variants", metavar="ONE,OTHER", default="",
        help="which variants of a scenario are played side by side (default its first two)",
    )
    sub.add_argument(
        "--users", type=whole(FEWEST_USERS, MOST_USERS), help="users of a variant's runs"
    )
    sub.add_argument("--weeks", type=whole(1, MOST_WEEKS), help="weeks of a variant's runs")
    sub.add_argument(
        "--jobs", type=whole(1, MOST_JOBS), default=1, help="processes that play"
    )


def add_language(sub: argparse.ArgumentParser) -> None:
    from runs.compare.words import LANGUAGES

    sub.add_argument("--lang", choices=LANGUAGES, default="en",
                     help="language of the sentences (default en)")  # fmt: skip


def compare(args: argparse.Namespace) -> int:
    from runs.compare.comparison import compare as compared
    from runs.compare.episode import episodes, targets_of
    from runs.compare.shown import CompareError

    folders = [one for one in (args.a, args.b) if one is not None]
    page = page_file(args.html, folders)
    known = episodes()
    if _of_variants(args, known):
        found: Any = _side_by_side(args)
    elif not os.path.exists(args.a) and (args.a in known or os.sep not in args.a):
        targets_of(args.a)  # says which episodes there are
        if args.b is not None:
            raise CompareError(
                f"the episode {args.a} is compared with what was published, and {args.b} is not "
                "part of that; leave it out, or name a run of the episode first."
            )
        found = _played(args)
    elif args.b is not None and args.b in known and not os.path.exists(args.b):
        found = _run_of(args)
    else:
        found = compared(args.a, args.b, args.lang)
    if isinstance(found, int):
        return found
    if page is not None:
        page.write_text(found.html(" ".join(["entrepot compare", *folders])), encoding="utf-8")
    if args.json:
        return say_json({**found.to_dict(), "html": args.html})
    for line in found.lines:
        print(line)
    if page is not None:
        print(f"page in {args.html}")
    return 0


def _of_variants(args: argparse.Namespace, episodes: list[str]) -> bool:
    """Whether variants of one scenario are asked for."""
    from runs.compare.variants import with_variants

    if args.b is not None or os.path.exists(args.a):
        return False
    return bool(args.variants) or (args.a not in episodes and args.a in with_variants())


def page_file(name: str | None, folders: list[str]) -> Path | None:
    """The file of the page, found to be writable and no part of what is shown; CompareError."""
    from runs.compare.shown import CompareError
    from runs.validate.command import writable

    if name is None:
        return None
    path = Path(name).resolve()
    for folder in folders:
        if os.path.isdir(folder) and path.is_relative_to(Path(folder).resolve()):
            raise CompareError(f"{name} lies in {folder}, which is only read; name another.")
    return writable(name)


def _run_of(args: argparse.Namespace) -> Any:
    from runs.compare.episode import run_against_record
    from runs.run_folder import read_about

    weeks = int(read_about(Path(args.a))["weeks"])
    progress = Progress(weeks, args.b)
    try:
        return run_against_record(Path(args.a), args.b, progress, args.lang)
    finally:
        progress.close()


def _side_by_side(args: argparse.Namespace) -> Any:
    from runs.compare.variants import side_by_side, variants_of

    names = variants_of(args.a, args.variants)
    changes = {name: value for name in ("users", "weeks")
               if (value := getattr(args, name)) is not None}  # fmt: skip
    try:
        with hearing_ctrl_c():
            return side_by_side(args.a, names, changes, args.seeds, args.jobs, args.lang)
    except KeyboardInterrupt:
        print("entrepot compare: stopped.", file=sys.stderr)
        return STOPPED


def _played(args: argparse.Namespace) -> Any:
    """The episode, or how it ended before it was one."""
    from concurrent.futures.process import BrokenProcessPool

    from runs.compare.episode import against_record

    bar: list[Progress] = []

    def watch(done: int, total: int) -> None:
        if not bar:
            bar.append(Progress(total, args.a))
        bar[0](done)

    try:
        with hearing_ctrl_c():
            return against_record(args.a, args.seeds, args.jobs, watch, args.lang)
    except (KeyboardInterrupt, BrokenProcessPool) as end:
        stopped = isinstance(end, KeyboardInterrupt)
        what = "stopped" if stopped else "a process was ended"
        print(f"entrepot compare: {what}; what was played is kept.", file=sys.stderr)
        return STOPPED if stopped else FAILED
    finally:
        for one in bar:
            one.close()
