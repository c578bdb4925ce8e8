"""Who is connected, and what is sent to them: whole payloads, the latest only.

Each connection has a task of its own that sends what stands in its slot. Whoever is slow skips to
the latest payload and keeps nobody waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Protocol

from runs.room.tokens import SEAT, Pass

BEAT_SECONDS = 2.0
FAREWELL_SECONDS = 3.0  # for a last word to somebody who may not be reading
MOVED = '{"moved":true}'
# Why a connection is closed. Pages know the first two and do not connect again.
MOVED_CODE, REFUSED_CODE, RESTART_CODE = 4001, 4003, 1012
MOST_DEVICES = 12  # of a facilitator or a projector


class Socket(Protocol):
    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int = 1000, reason: str | None = None) -> None: ...


class Line:
    """One connection of one token."""

    def __init__(self, socket: Socket, holder: Pass, device: str) -> None:
        self.socket, self.holder, self.device = socket, holder, device
        self.body = ""  # what was sent last, without version and clock
        self._next: str | None = None
        self._wake = asyncio.Event()
        self._open = True

    def offer(self, text: str, body: str) -> None:
        """Puts a payload into the slot; the one that was there is forgotten."""
        self.body, self._next = body, text
        self._wake.set()

    async def run(self, beat: Callable[[], str]) -> None:
        """Sends until the connection ends; a short beat where there is nothing to say."""
        with suppress(Exception):  # a connection may end in any way
            while self._open:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), BEAT_SECONDS)
                self._wake.clear()
                text, self._next = self._next, None
                if self._open:
                    await self.socket.send_text(beat() if text is None else text)

    def shut(self) -> None:
        """From now on nothing is sent, what waits in the slot neither."""
        self._open, self._next = False, None
        self._wake.set()

    async def farewell(self, last: str | None, code: int) -> None:
        """A last word, where the other end reads it in time, and the end of the connection."""
        with suppress(Exception):
            if last is not None:
                await asyncio.wait_for(self.socket.send_text(last), FAREWELL_SECONDS)
        with suppress(Exception):
            await asyncio.wait_for(self.socket.close(code), FAREWELL_SECONDS)


class Lines:
    """All connections of one room."""

    def __init__(self) -> None:
        self.all: list[Line] = []
        self._moved: dict[str, set[str]] = {}  # devices that lost a seat to another, by person
        self._leaving: set[asyncio.Task[None]] = set()  # last words under way

    def __iter__(self) -> Iterator[Line]:
        return iter(list(self.all))

    def was_moved(self, holder: Pass, device: str) -> bool:
        """Whether a newer device of the same person has taken over from this one."""
        return bool(device) and device in self._moved.get(holder.who, ())

    def add(self, line: Line, take: bool) -> bool:
        """False for a device that has been replaced and does not say that it takes over again."""
        who = line.holder.who
        if self.was_moved(line.holder, line.device) and not take:
            return False
        older = [other for other in self.all if other.holder.who == who]
        limit = 0 if line.holder.kind == SEAT else MOST_DEVICES - 1
        for other in older[: max(0, len(older) - limit)]:
            if line.holder.kind == SEAT and other.device != line.device:
                self._moved.setdefault(who, set()).add(other.device)
            self.end(other, MOVED if other.device != line.device else None, MOVED_CODE)
        self._moved.get(who, set()).discard(line.device)
        self.all.append(line)
        return True

    def end(self, line: Line, last: str | None, code: int) -> None:
        """Ends a connection at once. Its last word keeps nobody waiting: the other end may be a
        telephone that went out of reach without a word, which never takes it."""
        line.shut()
        self.remove(line)
        leaving = asyncio.create_task(line.farewell(last, code))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    def remove(self, line: Line) -> None:
        with suppress(ValueError):
            self.all.remove(line)

    def people(self) -> dict[str, int]:
        """Devices by person."""
        found: dict[str, int] = {}
        for line in self.all:
            found[line.holder.who] = found.get(line.holder.who, 0) + 1
        return found

    async def end_all(self) -> None:
        for line in self:
            self.end(line, None, RESTART_CODE)
        await asyncio.gather(*self._leaving)
