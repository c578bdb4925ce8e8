"""The commands `entrepot sweep` and `entrepot ensemble`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from runs.interrupt import hearing_ctrl_c
from runs.terminal import (
    FAILED,
    STOPPED,
    Progress,
    add_world,
    assignment,
    changes_of,
    say_json,
    whole,
)

MOST_JOBS = 256


def add_sweep(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds `sweep` and `ensemble`."""
    sub = command(
        "sweep", sweep, "play every combination of varied values, and go on where it stopped",
        "entrepot sweep japan-2026 --vary CHN.enforcement=0:10:11 "
        "--vary USA.floor_usd_per_kg.ndpr_oxide=0,60,110 --runs 20 --jobs 2 --out out/s1",
    )  # fmt: skip
    sub.add_argument(
        "--vary", type=assignment, action="append", required=True, metavar="NAME=VALUES",
        help="what --set takes, with LOW:HIGH:COUNT or A,B,C; may be repeated",
    )  # fmt: skip
    _add_lucks(sub, 20, "lucks of each cell", " of all cells", "cells")
    sub = command(
        "ensemble", ensemble, "play many lucks with the same firms: medians and bands by week",
        "entrepot ensemble japan-2026 --runs 1000 --jobs 2 --out out/e1",
    )  # fmt: skip
    _add_lucks(sub, 100, "lucks", " of all lucks", "lucks")


def _add_lucks(sub: argparse.ArgumentParser, runs: int, of: str, world: str, kept: str) -> None:
    """What both take: how many lucks, in which world, in how many processes, kept where."""
    sub.add_argument("--runs", type=whole(1), default=runs, help=f"{of} (default {runs})")
    add_world(sub, seed="first luck", users="2000", of=world)
    sub.add_argument(
        "--jobs", type=whole(1, MOST_JOBS), default=1, help="processes that play (default 1)"
    )
    sub.add_argument(
        "--out", required=True, metavar="FOLDER", help=f"where {kept} are kept; the same goes on"
    )


def sweep(args: argparse.Namespace) -> int:
    from runs.sweep import make_sweep
    from runs.sweep_folder import CELLS_FILE, SUMMARY_FILE, cells_in, sweep_into

    asked = make_sweep(args.scenario, args.vary, changes_of(args), args.runs, args.seed)

    def play() -> dict[str, Any]:
        before, digest = sweep_into(
            args.out, asked, args.jobs, lambda cells: Progress(cells, asked.base.id)
        )
        return {
            "out": args.out, "cells": asked.cells, "runs": asked.runs, "done_before": before,
            "digest": digest,
        }  # fmt: skip

    told = _played("sweep", play, lambda: f"{cells_in(args.out)} of {asked.cells} cells", args.out)
    if isinstance(told, int):
        return told
    if args.json:
        return say_json(told)
    there = f", {told['done_before']} of them there before" if told["done_before"] else ""
    print(f"{asked.cells} cells of {asked.runs} runs{there}")
    print(f"{CELLS_FILE} and {SUMMARY_FILE} in {args.out}; the weeks of each cell in parts")
    return 0


def ensemble(args: argparse.Namespace) -> int:
    from runs.lucks import ensemble_into, make_ensemble
    from runs.sweep_folder import CELLS_FILE, QUANTILE_FILES, cells_in

    asked = make_ensemble(args.scenario, changes_of(args), args.runs, args.seed)

    def play() -> dict[str, Any]:
        before, digest = ensemble_into(
            args.out, asked, args.jobs, lambda lucks: Progress(lucks, asked.base.id)
        )
        return {"out": args.out, "runs": asked.runs, "done_before": before, "digest": digest}

    told = _played(
        "ensemble", play, lambda: f"{cells_in(args.out)} of {asked.cells} batches", args.out
    )
    if isinstance(told, int):
        return told
    if args.json:
        return say_json(told)
    there = f", {told['done_before']} of them there before" if told["done_before"] else ""
    print(f"{asked.runs} lucks{there}")
    print(f"{CELLS_FILE}, {', '.join(QUANTILE_FILES.values())} in {args.out}")
    return 0


def _played(
    what: str, play: Callable[[], dict[str, Any]], done: Callable[[], str], out: str
) -> dict[str, Any] | int:
    """What was played, or the exit code where somebody or something ended it."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        with hearing_ctrl_c():
            return play()
    except (KeyboardInterrupt, BrokenProcessPool) as end:
        stopped = isinstance(end, KeyboardInterrupt)
        print(
            f"entrepot {what}: {'stopped' if stopped else f'a process of the {what} was ended'} "
            f"after {done()}, which are kept in {out}; the same command goes on from there.",
            file=sys.stderr,
        )
        return STOPPED if stopped else FAILED
