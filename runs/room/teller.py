"""Has the branches played that a finished game's review tells of, one after another, while nobody
asks for anything else, and keeps what they answer beside the log.

An answer is a function of the game, so whoever opens the room again finds it, or has it played
again. They are played in the process that plays what seats try out, a turn at a time, so whoever
asks something meanwhile waits for a turn of theirs at most.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from runs.room import forks
from runs.room.child import ChildFailed, ChildRefused, Rank
from runs.room.sameness import other_model
from runs.room.state import ENDED

if TYPE_CHECKING:
    from runs.room.stage import Stage
    from world.scenario import Scenario

log = logging.getLogger(__name__)


class Teller:
    """Answers of branches by question (`runs.room.forks.key_of`); `run` plays what is missing."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._digest = ""  # of the game that the answers are of
        self._answers: dict[str, dict[str, Any]] = {}
        self.failed = False  # until the room is opened again
        self._wanted = asyncio.Event()

    @property
    def answers(self) -> dict[str, dict[str, Any]]:
        """Those of the game as it stands: none once a turn of it was taken back."""
        results = self._stage.results
        same = bool(results) and results[-1]["digest"] == self._digest
        return self._answers if same else {}

    def wake(self) -> None:
        """There may be something to play."""
        self._wanted.set()

    async def run(self, plan: Scenario) -> None:
        """Plays on whenever a game has ended; a room of another model is told what was kept."""
        while not self.failed:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._play(plan)
            except Exception as problem:
                self.failed = True
                told = isinstance(problem, ChildFailed | ChildRefused)
                log.warning("room %s: a branch could not be played (%s)", self._stage.code,
                            problem if told else repr(problem))  # fmt: skip

    async def read(self) -> None:
        """What is kept of the game as it ended."""
        results, code = self._stage.results, self._stage.code
        digest = str(results[-1]["digest"]) if results else ""
        if digest != self._digest:
            found = await asyncio.to_thread(self._stage.kept.branches, code, digest)
            self._digest, self._answers = digest, found

    async def _play(self, plan: Scenario) -> None:
        stage = self._stage
        turns = list(stage.room().played)
        if not self._stands(turns):
            return
        await self.read()
        ordered = [result["ordered"] for result in stage.results[1:]]
        deals = {str(n): list(deal.parties) for n, deal in stage.room().deals.items()}
        for asked in forks.questions(stage.room(), plan, ordered):
            key, digest = forks.key_of(asked), self._digest
            if key in self._answers:
                continue
            if not self._stands(turns):
                return
            found = None
            while found is None:  # turn by turn: what people ask comes between
                found = await stage.ask("fork", turns, Rank.STORY, asked=asked, deals=deals)
                if not self._stands(turns):
                    return
            self._answers = {**self._answers, key: found}
            await asyncio.to_thread(stage.kept.keep_branch, stage.code, key, digest, found)

    def _stands(self, turns: list[dict[str, Any]]) -> bool:
        """Whether the game has ended with these turns and all of them are known, with causes."""
        room, stage = self._stage.room(), self._stage
        known = len(stage.results) == len(turns) + 1 and len(stage.causes) == len(turns)
        ended = room.phase == ENDED and room.played == turns and other_model(room) is None
        return bool(turns) and known and ended
