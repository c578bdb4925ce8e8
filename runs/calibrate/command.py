"""The command `entrepot calibrate`."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable
from pathlib import Path

from runs.interrupt import hearing_ctrl_c
from runs.terminal import FAILED, STOPPED, Progress, say_json, whole
from runs.validate.command import MOST_JOBS, MOST_SEEDS

FREE_FILE = Path(__file__).parent / "free.csv"
MOST_EVALUATIONS = 100_000


def add_calibrate(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds `calibrate`."""
    sub = command(
        "calibrate", calibrate,
        "search one set of parameters for all episodes, and say what identifies each",
        "entrepot calibrate --out out/fit --evaluations 200 --jobs 2",
    )  # fmt: skip
    sub.add_argument(
        "--out", metavar="FOLDER", default="out/calibration", help="where the points are kept"
    )
    sub.add_argument(
        "--evaluations", type=whole(1, MOST_EVALUATIONS), default=200, metavar="N",
        help="points in all, with those that stand there (default 200)",
    )  # fmt: skip
    sub.add_argument("--resume", action="store_true", help="go on with the points in the folder")
    sub.add_argument("--targets", metavar="FILE", help="CSV of targets (default: those shipped)")
    sub.add_argument(
        "--parameters", metavar="A,B,C", help="what is free (default: runs/calibrate/free.csv)"
    )
    sub.add_argument(
        "--seeds", type=whole(1, MOST_SEEDS), default=1,
        help="runs of each episode at each point, the same at all (default 1)",
    )  # fmt: skip
    sub.add_argument("--seed", type=whole(0), default=1, help="of the search (default 1)")
    sub.add_argument(
        "--jobs", type=whole(1, MOST_JOBS), default=1, help="processes that play (default 1)"
    )


def free_parameters(named: str | None) -> list[str]:
    """What may move: what is named, or what the shipped table of free parameters lists."""
    from runs.calibrate.points import parameters_named

    if named is not None:
        return parameters_named([name.strip() for name in named.split(",")])
    with FREE_FILE.open(encoding="utf-8", newline="") as stream:
        return parameters_named([row["parameter"] for row in csv.DictReader(stream)])


def calibrate(args: argparse.Namespace) -> int:
    from concurrent.futures.process import BrokenProcessPool

    from runs.calibrate import told
    from runs.calibrate.points import Folder, evaluate
    from runs.calibrate.search import todo
    from runs.validate.play import rehearse
    from runs.validate.targets import SHIPPED, read_targets

    free = free_parameters(args.parameters)
    targets = read_targets(args.targets)
    folder = Folder(Path(args.out), targets, args.seeds, args.seed)
    points = folder.open(args.resume)
    rehearse(targets, Path(args.targets or SHIPPED).name)
    bar = Progress(args.evaluations, "calibrate")
    try:
        with hearing_ctrl_c():
            for number, stage, values in todo(points, targets, free, args.evaluations, args.seed):
                point = evaluate(targets, number, stage, values, args.seeds, args.jobs)
                folder.add(point)
                points.append(point)
                bar(len(points))
    except (KeyboardInterrupt, BrokenProcessPool) as end:
        stopped = isinstance(end, KeyboardInterrupt)
        print(
            f"entrepot calibrate: {'stopped' if stopped else 'a process was ended'} after "
            f"{len(points)} points, which are kept in {args.out}; the same command with --resume "
            "goes on.",
            file=sys.stderr,
        )
        return STOPPED if stopped else FAILED
    finally:
        bar.close()
    told.write(folder.path, points, targets)
    if args.json:
        top = told.best(points, targets)
        return say_json(
            {
                "out": args.out, "points": len(points), "shipped": points[0].score(targets),
                "best": {"point": top.number, "score": top.score(targets), "values": top.values},
                "left_out": {
                    one.episode: one.score for one in told.left_out(points, targets)
                },
            }
        )
    for line in told.lines(points, targets, free):
        print(line)
    print(f"{folder.file}, {told.IDENTIFIED_FILE}, {told.LEFT_OUT_FILE} and {told.BEST_FILE}")
    return 0
