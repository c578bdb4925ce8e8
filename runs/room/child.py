"""The server's end of the child process that plays weeks: starts it, asks, and starts it again."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from runs.room.say import Say

LINE_LIMIT = 2**26  # bytes of an answer; a long game's results are some megabytes
TRIES = 3  # a child that dies on a call is replaced so often
ANSWER_SECONDS = 5  # in which an idle child says that it is there
ROOT = Path(__file__).resolve().parents[2]


class ChildFailed(RuntimeError):
    """The child died again and again, or met a fault of ours; the text is one sentence."""

    def __init__(self, text: str, say: Say | None = None) -> None:
        super().__init__(text)
        self.say = say


class ChildRefused(ValueError):
    """What was asked cannot be played; the text is one sentence for who asked."""


class Child:
    """One child process, asked one thing at a time.

    Every call carries all that is needed to answer it, so a child that dies in the middle is
    replaced and asked again.
    """

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._calls = 0
        self.deaths = 0

    @property
    def pid(self) -> int | None:
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    async def answers(self) -> bool:
        """Whether the child is at work or answers at once; one that was not needed yet is fine."""
        if self._turn.locked() or self.pid is None:
            return True
        try:
            return bool(await asyncio.wait_for(self.ask("ping"), ANSWER_SECONDS) == "pong")
        except (TimeoutError, ChildFailed):
            return False

    async def ask(self, do: str, **fields: Any) -> Any:
        """The answer; raises ChildRefused or ChildFailed."""
        async with self._turn:
            for _ in range(TRIES):
                try:
                    return await self._ask(do, fields)
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
        self._calls += 1
        line = json.dumps({"call": self._calls, "do": do, **fields})
        process.stdin.write(line.encode() + b"\n")
        await process.stdin.drain()
        said = await process.stdout.readline()
        if not said.endswith(b"\n"):
            raise EOFError
        answer = json.loads(said)
        if answer["call"] != self._calls:
            raise EOFError  # an answer to somebody who no longer waits
        if "error" in answer:
            if answer.get("ours"):
                raise ChildFailed(f"The model could not play this: {answer['error']}")
            raise ChildRefused(answer["error"])
        return answer["ok"]

    async def _start(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "runs.room.worker",
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
        await self._end()
