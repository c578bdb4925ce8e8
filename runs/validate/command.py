"""The command `entrepot validate`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from runs.interrupt import hearing_ctrl_c
from runs.terminal import FAILED, STOPPED, Progress, assignment, say_json, whole

MOST_SEEDS, MOST_JOBS = 1_000, 256  # as in runs.validate.measure, which is slow to import


def add_validate(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds `validate`."""
    sub = command(
        "validate", validate, "measure how well runs reproduce what was published",
        "entrepot validate --seeds 20 --jobs 2 --html out/validation.html",
    )  # fmt: skip
    sub.add_argument("--targets", metavar="FILE", help="CSV of targets (default: those shipped)")
    sub.add_argument(
        "--seeds", type=whole(1, MOST_SEEDS), default=20,
        help="runs of each episode; a seed is luck and population (default 20)",
    )  # fmt: skip
    sub.add_argument(
        "--jobs", type=whole(1, MOST_JOBS), default=1, help="processes that play (default 1)"
    )
    sub.add_argument("--out", metavar="FILE", help="where the table goes, as CSV")
    sub.add_argument("--html", metavar="FILE", help="where a page with pictures goes")
    sub.add_argument(
        "--set", type=assignment, action="append", default=[], metavar="NAME=VALUE",
        help="parameters.NAME=VALUE for every episode that does not set it; may be repeated",
    )  # fmt: skip
    sub.add_argument(
        "--fresh", action="store_true", help="play all again, also what was measured before"
    )


def validate(args: argparse.Namespace) -> int:
    from concurrent.futures.process import BrokenProcessPool

    from runs.validate.measure import measure
    from runs.validate.targets import TargetError, changed, read_targets
    from runs.validate.verdict import lines, write_table

    targets = changed(read_targets(args.targets), dict(args.set))
    files = [writable(name) for name in (args.out, args.html) if name is not None]
    if len(set(files)) < len(files):
        raise TargetError(f"{files[0]} is named by --out and by --html; name two files.")
    bar: list[Progress] = []

    def watch(done: int, total: int) -> None:
        if not bar:
            bar.append(Progress(total, "validate"))
        bar[0](done)

    try:
        with hearing_ctrl_c():
            verdict = measure(
                targets, args.seeds, args.jobs, args.fresh, args.html is not None, watch,
                args.targets,
            )  # fmt: skip
    except (KeyboardInterrupt, BrokenProcessPool) as end:
        stopped = isinstance(end, KeyboardInterrupt)
        what = "stopped" if stopped else "a process was ended"
        print(
            f"entrepot validate: {what}; what was measured is kept, the same command goes on.",
            file=sys.stderr,
        )
        return STOPPED if stopped else FAILED
    finally:
        for one in bar:
            one.close()
    if args.out is not None:
        write_table(Path(args.out), verdict)
    if args.html is not None:
        from runs.validate.report import page

        Path(args.html).write_text(page(verdict, args.seeds), encoding="utf-8")
    if args.json:
        return say_json(verdict.as_json())
    for line in lines(verdict):
        print(line)
    return 0


def writable(name: str) -> Path:
    """The path of a file that can be written, found out before the work, and no file made where
    there is none yet; raises TargetError."""
    from runs.validate.targets import TargetError

    path = Path(name)
    if path.is_dir():
        raise TargetError(f"{path} is a folder; name a file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        with path.open("a", encoding="utf-8"):
            pass
        if new:
            path.unlink()
    except OSError as error:
        raise TargetError(f"{path} cannot be written: {error.strerror}.") from None
    return path.resolve()
