"""Has the branches played that a finished game's review tells of, one after another, while nobody
asks for anything else, and keeps what they answer beside the log.

An answer is a function of the game, so whoever opens the room again finds it, or has it played
again. They are played in the process that plays what seats try out, a turn at a time, so whoever
asks something meanwhile waits for a turn of theirs at most; and only while somebody is there: rooms
that everybody has left do not heat the machine on which another class plays.

A branch that cannot be played is given up and the next one played; where several in a row cannot,
it is the model that fails, and no further one is tried of this game.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from runs.room import forks
from runs.room.child import ChildFailed, ChildRefused, Rank
from runs.room.sameness import other_model
from runs.room.state import ENDED

if TYPE_CHECKING:
    from runs.room.stage import Stage
    from world.scenario import Scenario

log = logging.getLogger(__name__)

LOOKS_S = 30.0  # after the story was asked for, somebody is there without a line
REST_S = 3.0  # between two looks whether somebody has come
IN_A_ROW = 3  # branches that cannot be played, after which no further one is tried


class Teller:
    """Answers of branches by question (`runs.room.forks.key_of`); `run` plays what is missing."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._digest = ""  # of the game that the answers are of
        self._answers: dict[str, dict[str, Any]] = {}
        self._failed = False
        self._looked = -LOOKS_S
        self._anybody: Callable[[], bool] = lambda: False
        self._wanted = asyncio.Event()

    @property
    def answers(self) -> dict[str, dict[str, Any]]:
        """Those of the game as it stands: none once a turn of it was taken back."""
        return self._answers if self._same else {}

    @property
    def failed(self) -> bool:
        """Whether branches of the game as it stands could not be played, which are not tried again
        before the room is opened again."""
        return self._failed and self._same

    @property
    def _same(self) -> bool:
        """Whether the game still ends as the one that the answers are of."""
        results = self._stage.results
        return bool(results) and results[-1]["digest"] == self._digest

    def wake(self) -> None:
        """There may be something to play."""
        self._wanted.set()

    def look(self) -> None:
        """Somebody reads the story."""
        self._looked = time.monotonic()

    async def run(self, plan: Scenario, anybody: Callable[[], bool]) -> None:
        """Plays on whenever a game has ended and ``anybody`` is there; a room of another model is
        told what was kept."""
        self._anybody = anybody
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._play(plan)
            except Exception:  # a fault of ours: the room goes on without its story
                self._failed = True
                log.warning("room %s: no branch is played", self._stage.code, exc_info=True)

    async def read(self) -> None:
        """What is kept of the game as it ended."""
        results, code = self._stage.results, self._stage.code
        digest = str(results[-1]["digest"]) if results else ""
        if digest != self._digest:
            found = await asyncio.to_thread(self._stage.kept.branches, code, digest)
            self._digest, self._answers, self._failed = digest, found, False

    async def _play(self, plan: Scenario) -> None:
        stage = self._stage
        turns = list(stage.room().played)
        if not self._stands(turns):
            return
        await self.read()
        if self._failed:
            return
        ordered = [result["ordered"] for result in stage.results[1:]]
        deals = {str(n): list(deal.parties) for n, deal in stage.room().deals.items()}
        missed = in_a_row = 0
        for asked in forks.questions(stage.room(), plan, ordered):
            key, digest = forks.key_of(asked), self._digest
            if key in self._answers:
                continue
            if in_a_row == IN_A_ROW:
                break
            found = None
            try:
                while found is None:  # turn by turn: what people ask comes between
                    await self._until_read()
                    if not self._stands(turns):
                        self._wanted.set()  # there may be another game to tell of
                        return
                    found = await stage.ask("fork", turns, Rank.STORY, asked=asked, deals=deals)
            except (ChildFailed, ChildRefused) as problem:
                log.warning("room %s: a branch could not be played (%s)", stage.code, problem)
                missed, in_a_row = missed + 1, in_a_row + 1
                continue
            if not self._stands(turns):
                return
            in_a_row = 0
            self._answers = {**self._answers, key: found}
            await asyncio.to_thread(stage.kept.keep_branch, stage.code, key, digest, found)
        self._failed = missed > 0

    async def _until_read(self) -> None:
        """Waits while nobody is there."""
        while not self._anybody() and time.monotonic() - self._looked > LOOKS_S:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), REST_S)
            self._wanted.clear()

    def _stands(self, turns: list[dict[str, Any]]) -> bool:
        """Whether the game has ended with these turns and all of them are known, with causes."""
        room, stage = self._stage.room(), self._stage
        known = len(stage.results) == len(turns) + 1 and len(stage.causes) == len(turns)
        ended = room.phase == ENDED and room.played == turns and other_model(room) is None
        return bool(turns) and known and ended
