"""The server's end of the child process that plays weeks: starts it, asks, and starts it again.

It is asked one thing at a time, so what waits stands in a line: turns that are closed first, then
the facilitator's calls, causes, estimates, and what seats try out. Whoever no longer waits for an
answer leaves the line; what is already being played is played to its end, and nobody hears it.
"""

from __future__ import annotations

import asyncio
import heapq
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from pathlib import Path
from typing import Any

from runs.room.say import Say

LINE_LIMIT = 2**26  # bytes of an answer; a long game's results are some megabytes
TRIES = 3  # a child that dies on a call is replaced so often
LOWER = 5  # how far this process ranks below the server, so that orders do not wait for it
ANSWER_SECONDS = 5  # in which an idle child says that it is there
ROOT = Path(__file__).resolve().parents[2]
ROOM = "runs.room.worker"  # the child's program, unless another is named


class ChildFailed(RuntimeError):
    """The child died again and again, or met a fault of ours; the text is one sentence."""

    def __init__(self, text: str, say: Say | None = None) -> None:
        super().__init__(text)
        self.say = say


class ChildRefused(ValueError):
    """What was asked cannot be played; the text is one sentence for who asked."""


class Overtaken(ValueError):
    """The same asker has asked for something newer, so this is not answered any more."""


class Rank(IntEnum):
    """Who is answered before whom."""

    TURN = 0
    CONTROL = 1
    CAUSES = 2
    ESTIMATE = 3
    BRANCH = 4
    GHOST = 5
    STORY = 6  # what nobody has asked for


@dataclass(order=True)
class Job:
    """One call that waits for its answer; those of one rank in the order in which they came."""

    rank: Rank
    number: int
    do: str = field(compare=False)
    fields: dict[str, Any] = field(compare=False)
    asker: str = field(compare=False)
    told: asyncio.Future[Any] = field(compare=False)
    so_far: Callable[[Any], None] = field(compare=False, default=lambda part: None)


class Child:
    """One child process and its line. ``lower``: how far it ranks below the server, of 19;
    ``program`` the module that it runs.

    Every call carries all that is needed to answer it, so a child that dies in the middle is
    replaced and asked again.
    """

    def __init__(self, lower: int = LOWER, program: str = ROOM) -> None:
        self._lower, self._program = lower, program
        self._process: asyncio.subprocess.Process | None = None
        self._line: list[Job] = []
        self._now: Job | None = None
        self._numbers = count()
        self._worker: asyncio.Task[None] | None = None
        self._calls = 0
        self.deaths = 0

    @property
    def pid(self) -> int | None:
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    async def answers(self) -> bool:
        """Whether the child is at work or answers at once; one that was not needed yet is fine."""
        if self.busy or self.pid is None:
            return True
        try:
            return bool(await asyncio.wait_for(self.ask("ping"), ANSWER_SECONDS) == "pong")
        except TimeoutError:
            await self._end()  # it hangs; the next call has a new one
            return False
        except ChildFailed:
            return False

    @property
    def busy(self) -> bool:
        """Whether something is being played or waits for it."""
        return self._now is not None or any(not job.told.done() for job in self._line)

    def asked_by(self, asker: str) -> int:
        """How many calls of an asker wait or are being played, those included that were given up
        while they were played."""
        waiting = sum(job.asker == asker and not job.told.done() for job in self._line)
        return waiting + (self._now is not None and self._now.asker == asker)

    def overtake(self, asker: str, rank: Rank = Rank.TURN) -> None:
        """What an asker has waiting of a rank, or of those after it, is not played any more; its
        callers get Overtaken."""
        for job in self._line:
            if job.asker == asker and job.rank >= rank and not job.told.done():
                job.told.set_exception(Overtaken())

    async def ask(
        self, do: str, *, rank: Rank = Rank.TURN, asker: str = "",
        so_far: Callable[[Any], None] = lambda part: None, **fields: Any,
    ) -> Any:  # fmt: skip
        """The answer; raises ChildRefused, ChildFailed or Overtaken. Cancelled, it leaves the
        line, and a child that listens while it plays is told to stop. ``so_far`` hears what the
        child says before its answer, which may come again after it was replaced."""
        told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        job = Job(rank, next(self._numbers), do, fields, asker, told, so_far)
        heapq.heappush(self._line, job)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        try:
            return await told
        except asyncio.CancelledError:
            if self._now is job:
                self._drop()
            raise

    def _drop(self) -> None:
        """Nobody waits for what is being played."""
        process = self._process
        if process is not None and process.returncode is None and process.stdin is not None:
            process.stdin.write(json.dumps({"drop": self._calls}).encode() + b"\n")

    async def _work(self) -> None:
        """Has the calls answered one after another, until none waits."""
        while self._line:
            job = heapq.heappop(self._line)
            if job.told.done():
                continue  # given up, or overtaken
            self._now = job
            try:
                answer = await self._answer(job)
            except asyncio.CancelledError:
                job.told.cancel()
                raise
            except Exception as problem:
                if not job.told.done():
                    job.told.set_exception(problem)
            else:
                if not job.told.done():
                    job.told.set_result(answer)
            finally:
                self._now = None

    async def _answer(self, job: Job) -> Any:
        for _ in range(TRIES):
            try:
                return await self._ask(job.do, job.fields)
            except ChildRefused:
                raise
            except (OSError, EOFError, ValueError):  # it died, spoke nonsense, did not start
                self.deaths += 1
                await self._end()
        died = Say("fault.died")
        raise ChildFailed(died.english, died)

    async def _ask(self, do: str, fields: dict[str, Any]) -> Any:
        process = await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        if self._now is not None and self._now.told.done():
            return None  # given up while the process was being started
        self._calls += 1
        line = json.dumps({"call": self._calls, "do": do, **fields})
        process.stdin.write(line.encode() + b"\n")
        await process.stdin.drain()
        while "so_far" in (answer := await self._read(process.stdout)):
            if self._now is not None and not self._now.told.done():
                self._now.so_far(answer["so_far"])
        if "error" in answer:
            if answer.get("ours"):
                raise ChildFailed(f"The model could not play this: {answer['error']}")
            raise ChildRefused(answer["error"])
        return answer["ok"]

    async def _read(self, stdout: asyncio.StreamReader) -> dict[str, Any]:
        """The next line of the child; raises EOFError where it has none for the last call."""
        said = await stdout.readline()
        if not said.endswith(b"\n"):
            raise EOFError
        answer: dict[str, Any] = json.loads(said)
        if answer["call"] != self._calls:
            raise EOFError  # an answer to somebody who no longer waits
        return answer

    async def _start(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._program, str(self._lower),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                limit=LINE_LIMIT, env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C at the server lets a turn end
            )  # fmt: skip
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def close(self) -> None:
        """Ends the process; whoever waits for an answer is cancelled. It may be asked again."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)
        line, self._line = self._line, []
        for job in line:
            job.told.cancel()
        await self._end()
