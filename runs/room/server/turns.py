"""Websockets are opened at a pace, and the addresses that ask for them take turns.

To open one is the dearest thing that a stranger can ask for: it passes all of the application
before it has said whose it is. Hundreds at once would stand between every two steps of an order.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from runs.room.server.bucket import Bucket

RATE, BURST = 150.0, 100.0  # websockets a second, and at once: a class that comes back together
MOST_WAITING = 400  # of one address


class Waits(Protocol):
    """Who waits for a websocket."""

    def is_gone(self) -> bool:
        """Whether the client has gone meanwhile."""
        ...

    def open_socket(self) -> None: ...


class Turns:
    """Opens what is asked for, at once or in turn. Use within one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._pace = Bucket(BURST, clock())
        self._lines: dict[str, deque[Waits]] = {}  # by address, whose turn it is first
        self._timer: asyncio.TimerHandle | None = None

    def ask(self, address: str, one: Waits) -> bool:
        """Opens the websocket now or in its turn; False where too many wait at this address."""
        line = self._lines.setdefault(address, deque())
        if len(line) >= MOST_WAITING:
            self._lines[address] = line = deque(other for other in line if not other.is_gone())
            if len(line) >= MOST_WAITING:
                return False
        line.append(one)
        if self._timer is None:
            self._go_on()
        return True

    def _go_on(self) -> None:
        """Opens as many as the pace allows; who has gone takes no place."""
        self._timer = None
        while (address := self._next()) is not None and self._pace.take(
            self.clock(), RATE, BURST
        ):
            line = self._lines.pop(address)
            one = line.popleft()
            if line:
                self._lines[address] = line  # behind all others
            one.open_socket()
        if self._lines:
            self._timer = asyncio.get_running_loop().call_later(1.0 / RATE, self._go_on)

    def _next(self) -> str | None:
        """The address whose turn it is, with somebody who is still there at its head."""
        for address in list(self._lines):
            line = self._lines[address]
            while line and line[0].is_gone():
                line.popleft()
            if line:
                return address
            del self._lines[address]
        return None
