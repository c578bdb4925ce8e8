"""The child process that plays the weeks of one room: JSON lines in, JSON lines out.

It holds the game, so that a turn costs a turn and not the whole past. It can be killed at any
moment: whoever asks, asks again with all inputs, and a new one plays them from the start. It ends
when its input does, so none is left behind by a server that died.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TextIO

KNOWN = ("ScenarioError", "BranchError", "SeatError")  # whose sentences are for who asked


class Answers(Protocol):
    """Who sits in the child process."""

    def answer(self, asked: dict[str, Any]) -> Any: ...


def serve(lines: Iterable[str], out: TextIO, desk: Answers) -> None:
    """Answers requests until the input ends. Faults of ours are answers too, never an end."""
    for line in lines:
        if not line.endswith("\n"):
            return  # the server died in the middle of a word
        asked = json.loads(line)
        if "drop" in asked:
            continue  # it has been answered meanwhile
        try:
            answer = {"ok": desk.answer(asked)}
        except Exception as error:
            known = type(error).__name__ in KNOWN
            said = str(error) if known else f"{type(error).__name__}: {error}"
            answer = {"error": said, "ours": not known}
        out.write(json.dumps({"call": asked["call"], **answer}, allow_nan=False) + "\n")
        out.flush()


class Desk:
    """The table of the one room that this process serves, or the worlds of its seats' ghosts."""

    def __init__(self) -> None:
        self.table: Any = None
        self.foresight: Any = None
        self.forking: tuple[dict[str, Any], Any] | None = None  # a question and its turns so far
        self.does: dict[str, Callable[[dict[str, Any]], Any]] = {
            "ping": lambda asked: "pong", "play": self.play, "causes": self.causes,
            "branch": self.branch, "estimate": self.estimate, "save": self.save,
            "what_if": self.what_if, "tables": self.tables, "fork": self.fork,
            "ghost": self.ghost,
        }  # fmt: skip

    def answer(self, asked: dict[str, Any]) -> Any:
        return self.does[asked["do"]](asked)

    def _sit(self, asked: dict[str, Any]) -> Any:
        from runs.room.table import Table

        if self.table is None or self.table.setup != asked["setup"]:
            self.table = Table(asked["setup"])
        self.table.play(asked["turns"])
        return self.table

    def play(self, asked: dict[str, Any]) -> Any:
        """Results from number ``since`` on; the first of all is the opening."""
        return self._sit(asked).results[asked.get("since", 0) :]

    def causes(self, asked: dict[str, Any]) -> Any:
        from runs.room.causes import causes

        return causes(self._sit(asked), asked["turn"])

    def branch(self, asked: dict[str, Any]) -> Any:
        from runs.room.branches import branch

        return branch(self._sit(asked), asked)

    def fork(self, asked: dict[str, Any]) -> Any:
        """The game once more without one thing, for its review: one more turn of it, so that who
        asks meanwhile does not wait for all. None until all are played; the same question again
        goes on where it stopped."""
        from runs.room.forks import by_turn, part_of

        table = self._sit(asked)
        same = {name: asked[name] for name in ("setup", "turns", "asked", "deals")}
        begun, self.forking = self.forking, None
        if begun is None or begun[0] != same:
            begun = same, by_turn(table, asked["asked"], asked["deals"])
        found = part_of(begun[1])
        if found is None:
            self.forking = begun
        return found

    def save(self, asked: dict[str, Any]) -> Any:
        """Writes the run's folder, which the watch page and `entrepot report` open."""
        game, folder = self._sit(asked).game, asked["folder"]
        if not os.path.isdir(os.path.dirname(folder)):
            raise FileNotFoundError("who asked for this folder has gone")
        return str(game.save(folder))

    def tables(self, asked: dict[str, Any]) -> Any:
        """The weeks of a turn as they are kept for a later model, in base64."""
        from runs.room.kept import turn_tables

        table = self._sit(asked)
        result = table.results[asked["turn"]]
        body = turn_tables(table.game, result["from_week"], result["week"])
        return base64.b64encode(body).decode()

    def estimate(self, asked: dict[str, Any]) -> Any:
        return self._sit(asked).game.estimate(asked["actor"], asked["lever"], asked["value"])

    def ghost(self, asked: dict[str, Any]) -> Any:
        from runs.room.foresight import Foresight

        self.foresight = self.foresight or Foresight()
        return self.foresight.ghost(asked)

    def what_if(self, asked: dict[str, Any]) -> Any:
        from runs.room.what_if import play_what_if

        return play_what_if(asked)


def begin() -> TextIO:
    """Where the answers go; whatever else prints does not get between them. The process ranks
    below the server as far as it was told, so that orders do not wait for the model."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    if hasattr(os, "nice"):
        os.nice(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    return out


def main() -> None:
    out = begin()
    with open(0, encoding="utf-8", closefd=False) as lines:
        serve(lines, out, Desk())


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(0)
