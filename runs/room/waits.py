"""Commands that wait for a room. A facilitator's and the server's own do not wait behind seats'.

They come with the next batch, however many wait before them; within a batch all are taken in the
order in which they came, so that an order which came before the end of a turn belongs to it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")


class Full(Exception):
    """So much waits that no more is taken."""


class Waits(Generic[T]):
    """Two queues, ``most`` in each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._first: deque[tuple[int, T]] = deque()
        self._usual: deque[tuple[int, T]] = deque()
        self._numbers = count()
        self._some = asyncio.Event()

    def put(self, one: T, first: bool) -> None:
        """Raises Full."""
        queue = self._first if first else self._usual
        if len(queue) >= self._most:
            raise Full
        queue.append((next(self._numbers), one))
        self._some.set()

    async def batch(self, most: int) -> list[T]:
        """What is taken together next: at least one, at most ``most`` of each queue."""
        await self._some.wait()
        taken = [
            queue.popleft() for queue in (self._first, self._usual)
            for _ in range(min(most, len(queue)))
        ]  # fmt: skip
        if not (self._first or self._usual):
            self._some.clear()
        return [one for _, one in sorted(taken, key=lambda pair: pair[0])]

    def rest(self) -> list[T]:
        """All that waits, which is then forgotten."""
        found = [one for _, one in (*self._first, *self._usual)]
        self._first.clear()
        self._usual.clear()
        return found
