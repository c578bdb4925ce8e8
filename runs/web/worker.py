"""The child process that plays beside the watch pages: JSON lines in, JSON lines out.

It opens the game that a page shows, by scenario and seed or by the folder of its record, plays it
once to its end, and keeps it for the next question. What can be asked are the modules of ``JOBS``.
"""

from __future__ import annotations

import importlib
import json
import queue
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TextIO

from runs.room.worker import begin, serve
from runs.web.memory import give_back

# By the name under which a page asks: a module with ``play(kept, asked, tell)``, which takes and
# gives what JSON can hold and calls ``tell`` as often as it can. A sentence for who asked is
# raised as BranchError.
JOBS = {"fork": "runs.web.fork", "why": "runs.web.causes", "band": "runs.web.band"}
TELL_S = 0.5  # between two words on how far a job is


class Dropped(Exception):
    """Nobody waits for this answer any more."""


class Tell(Protocol):
    """Says that ``done`` of ``of`` steps are played, and perhaps what is known so far. Raises
    Dropped where nobody waits, which the job lets pass."""

    def __call__(self, done: int, of: int, **known: Any) -> None: ...


@dataclass
class Kept:
    """A game that was opened and played, and what jobs note for the next question."""

    game: Any
    notes: dict[Any, Any] = field(default_factory=dict)


class Desk:
    """Answers the questions of all watch pages, one after another."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._call, self._told_at = 0, 0.0
        self._dropped: set[int] = set()
        self._kept: tuple[str, Kept] | None = None  # of the run that was asked for last

    def lines(self, source: TextIO) -> Iterator[str]:
        """The requests; that one is not waited for any more is heard while it is played."""
        waiting: queue.SimpleQueue[str] = queue.SimpleQueue()

        def read() -> None:
            for line in source:
                asked = json.loads(line) if line.endswith("\n") else {}
                if "drop" in asked:
                    self._dropped.add(asked["drop"])
                else:
                    waiting.put(line)
            waiting.put("")

        threading.Thread(target=read, daemon=True, name="entrepot-read").start()
        while line := waiting.get():
            yield line

    def answer(self, asked: dict[str, Any]) -> Any:
        if asked["do"] == "ping":
            return "pong"
        self._call, self._told_at = asked["call"], 0.0
        job = importlib.import_module(JOBS[asked["do"]])
        return job.play(self._open(asked["game"]), asked["asked"], self.tell)

    def tell(self, done: int, of: int, **known: Any) -> None:
        """A word to the page; most are not said, or the line would be full of them."""
        if self._call in self._dropped:
            raise Dropped
        now = time.monotonic()
        if known or now >= self._told_at + TELL_S:
            self._told_at = now
            row = {"call": self._call, "so_far": {"done": done, "of": of, **known}}
            self._out.write(json.dumps(row, allow_nan=False) + "\n")
            self._out.flush()

    def _open(self, asked: dict[str, Any]) -> Kept:
        """The game of ``{"scenario", "seed"}`` or ``{"folder"}``, played to its end."""
        name = json.dumps(asked, sort_keys=True)
        if self._kept is None or self._kept[0] != name:
            self._kept = None  # before the next one is there
            give_back()
            self._kept = name, Kept(self._play(asked))
        return self._kept[1]

    def _play(self, asked: dict[str, Any]) -> Any:
        from runs.play import Play
        from runs.web.record import Recorded, open_record

        if "folder" in asked:
            recorded = open_record(Path(asked["folder"]))
        else:
            game = Play(asked["scenario"], seed=asked["seed"])
            recorded = Recorded(game, None, game.horizon)
        while recorded.game.week < recorded.weeks:
            recorded.step()
            self.tell(0, 0)
        return recorded.game


def main() -> None:
    out = begin()
    desk = Desk(out)
    with open(0, encoding="utf-8", closefd=False) as source:
        serve(desk.lines(source), out, desk)


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(0)
