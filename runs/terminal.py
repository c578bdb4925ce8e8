"""What all commands of ``entrepot`` share: options and their types, progress, exit codes, JSON."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn, TextIO

from runs.asked import MOST_SEED
from runs.plain_json import plain
from world.reading import shortened

BAD_INPUT, FAILED, STOPPED, BROKEN = 2, 1, 130, 70
DEBUG = "ENTREPOT_DEBUG"  # set in the environment, it shows where a fault of ours lies
FEWEST_USERS, MOST_USERS = 50, 10_000_000
SERVING = ("entrepot", "AnyIO")  # how names of threads of a server begin


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of printing the usage first."""

    def error(self, message: str) -> Any:
        self.exit(BAD_INPUT, f"{self.prog}: {one_line(message)}; see {self.prog} --help.\n")


def one_line(text: str) -> str:
    """A sentence on one line, without the middle of words that nobody would read to their end."""
    return " ".join(shortened(word) for word in text.split())


def visible(text: str) -> str:
    """A text of somebody else's in which no sign moves the cursor or does anything else."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def settle_streams() -> None:
    """Lets stdout and stderr write a ``?`` for what their encoding lacks, and never fail at it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def can_show(text: str, stream: TextIO | None = None) -> bool:
    """True if a stream, by default stdout, has all the signs of a text."""
    encoding = getattr(stream or sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def finish_output() -> int:
    """Writes out what waits in stdout; 0, or BAD_INPUT where it cannot be written.

    A pipe that somebody closed, as ``head`` does, is no fault and stays quiet.
    """
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_stdout()
    except OSError as error:
        _let_go_of_stdout()
        print(f"entrepot: the output cannot be written: {error.strerror}.", file=sys.stderr)
        return BAD_INPUT
    return 0


def leave(code: int) -> NoReturn:
    """Ends the process with an exit code.

    Where a thread of a server may still compute, the interpreter is not taken apart under it:
    NumPy's code in C++ would end the process with an abort. All that had to be kept is closed.
    """
    finish_output()
    if any(one.daemon and one.name.startswith(SERVING) for one in threading.enumerate()):
        if sys.stderr is not None:
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _let_go_of_stdout() -> None:
    """Sends what is left nowhere, so that Python does not try again, and complain, at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Progress:
    """On stderr, for work that lasts: a bar where a person watches, else a line now and then."""

    WIDTH = 30
    LINE_S = 30.0  # between lines in a file

    def __init__(self, total: int, what: str, stream: TextIO | None = None) -> None:
        self.total, self.what = max(1, total), what
        self.stream = stream or sys.stderr or io.StringIO()  # there may be no stderr at all
        self.start = time.monotonic()
        self.shown = 0.0
        self.drawn = False
        self.wanted = self.stream.isatty()

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        part = min(1.0, done / self.total)
        left = (now - self.start) * (1 - part) / max(part, 1e-9)
        if not self.wanted:
            if now - max(self.start, self.shown) >= self.LINE_S:
                self.shown = now
                print(f"{self.what}: {done}/{self.total}, {left:.0f} s left", file=self.stream)
            return
        if now - self.start < 1.0 or now - self.shown < 0.1:
            return
        self.shown, self.drawn = now, True
        bar = "#" * int(part * self.WIDTH)
        self.stream.write(
            f"\r{self.what} [{bar:<{self.WIDTH}}] {done}/{self.total}, {left:.0f} s left "
        )
        self.stream.flush()

    def close(self) -> None:
        if self.drawn:
            self.stream.write("\r" + " " * (self.WIDTH + len(self.what) + 40) + "\r")
            self.stream.flush()


def assignment(text: str) -> tuple[str, str]:
    """``name=value`` of an option, in two parts."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return name.strip(), value.strip()


def whole(low: int, high: int = MOST_SEED) -> Callable[[str], int]:
    """A whole number from ``low`` to ``high``; ``1e4`` is one too."""

    def read(text: str) -> int:
        value: float = low - 1
        for kind in (float, int):  # the last that can read it: int is exact
            with contextlib.suppress(ValueError):
                value = kind(text)
        if not value >= low or (value < high and value != int(value)):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of {low} or more")
        if value > high:
            raise argparse.ArgumentTypeError(f"{text!r} is above the limit of {high}")
        return int(value)

    return read


def number_or_text(text: str) -> float | str:
    """A number where the text is one, as levers and parameters want it."""
    try:
        return float(text)
    except ValueError:
        return text


def add_world(sub: argparse.ArgumentParser, seed: str, users: str, of: str = "") -> None:
    """The scenario and what changes its world; ``seed`` and ``users`` say what these are for."""
    sub.add_argument("scenario", help="scenario id (entrepot scenarios) or a TOML file")
    sub.add_argument("--seed", type=whole(0), default=1, help=f"{seed} (default 1)")
    sub.add_argument("--weeks", type=whole(1), help="weeks to play (default: the scenario's)")
    sub.add_argument(
        "--users", type=whole(FEWEST_USERS, MOST_USERS),
        help=f"industrial users, {FEWEST_USERS} or more (default: {users})",
    )  # fmt: skip
    sub.add_argument(
        "--set", type=assignment, action="append", default=[], metavar="NAME=VALUE",
        help=f"a lever, parameter, share or key{of}; may be repeated",
    )  # fmt: skip


def add_allowance(sub: argparse.ArgumentParser) -> None:
    """Whether states have a purse, for commands that play a scenario."""
    sub.add_argument(
        "--allowance", action="store_true",
        help="money and political capital of a quarter bind every state, orders files too",
    )  # fmt: skip


def changes_of(args: argparse.Namespace) -> dict[str, float | str]:
    """What the options of ``add_world`` change in a scenario, as ``load_scenario`` takes it."""
    changes = {name: number_or_text(value) for name, value in args.set}
    named: dict[str, float | str | None] = {"users": args.users, "weeks": args.weeks}
    if getattr(args, "allowance", False):
        named["allowance"] = "true"
    return changes | {name: value for name, value in named.items() if value is not None}


def tell_verdict(
    args: argparse.Namespace, what: str, same: bool, text: str, **figures: int
) -> int:
    """Tells whether a replay came out the same, ``what`` being what was played; the exit code."""
    if args.json:
        say_json({"identical": same, **figures, "text": text})
    elif same:
        print(text)
    else:
        print(f"entrepot replay: {what} {text}", file=sys.stderr)
    return 0 if same else FAILED


def tell_other_model(args: argparse.Namespace, what: str, text: str, weeks: int) -> int:
    """Tells which model made a run that is not played again; no fault, so 0."""
    if args.json:
        return say_json({"identical": None, "weeks": weeks, "text": text})
    print(f"{what} {text}")
    return 0


def say_json(value: Any) -> int:
    """Prints JSON, with null for what is no number; 0, as the exit code.

    Where stdout lacks a sign, all that is not ASCII is escaped, which loses nothing.
    """
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
    if not can_show(text):
        text = json.dumps(plain(value), allow_nan=False)
    print(text, flush=True)
    return 0
