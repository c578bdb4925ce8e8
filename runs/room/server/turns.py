"""Websockets are opened at a pace, and the addresses that ask for them take turns.

To open one is the dearest thing that a stranger can ask for: it passes all of the application
before it has said whose it is. Hundreds at once would stand between every two steps of an order.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from runs.room.server.bucket import Bucket

RATE, BURST = 150.0, 100.0  # websockets a second, and at once: a class that comes back together


class Turns:
    """Opens what is asked for, at once or in turn. Use within one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._pace = Bucket(BURST, clock())
        self._lines: dict[str, deque[Callable[[], None]]] = {}  # by address, whose turn it is first
        self._timer: asyncio.TimerHandle | None = None

    def ask(self, address: str, opens: Callable[[], None]) -> None:
        """Calls ``opens`` now, or when it is the turn of this address."""
        self._lines.setdefault(address, deque()).append(opens)
        if self._timer is None:
            self._go_on()

    def _go_on(self) -> None:
        self._timer = None
        while self._lines and self._pace.take(self.clock(), RATE, BURST):
            self._open_next()
        if self._lines:
            self._timer = asyncio.get_running_loop().call_later(1.0 / RATE, self._go_on)

    def _open_next(self) -> None:
        address = next(iter(self._lines))
        line = self._lines.pop(address)
        opens = line.popleft()
        if line:
            self._lines[address] = line  # behind all others
        opens()
