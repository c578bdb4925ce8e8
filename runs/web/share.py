"""How much of the server's process the watch pages may take together.

Weeks and drawings are played in threads of the process that also answers the rooms, and of such
threads one runs at a time. So one page at a time plays or draws, and what it has spent is followed
by a pause of all of them, in proportion: most of the process is left to whoever asks it something.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ALONE = 1 / 2  # of the process's time, while nobody is in a room
BESIDE_ROOMS = 1 / 8  # while people are connected to a room
PATIENCE_S = 5.0  # with a page whose browser does not take its drawing; then others go on


class Share:
    """One after another, in the order in which they come, and never more than ``part``."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic,
        spent: Callable[[], float] = time.thread_time,
    ) -> None:  # fmt: skip
        self.pages = 0  # desks that somebody looks at
        self.in_rooms: Callable[[], bool] = lambda: False  # set by the server
        self._clock, self._spent = clock, spent
        self._turn = threading.Condition()
        self._line: deque[object] = deque()
        self._free_at = 0.0
        self._holder: tuple[object, float] | None = None  # whose turn it is, and since when

    @property
    def part(self) -> float:
        """The share of time that the pages may take now."""
        return BESIDE_ROOMS if self.in_rooms() else ALONE

    @property
    def scarce(self) -> bool:
        """Whether a page shares the time with other pages or with rooms."""
        return self.pages > 1 or self.in_rooms()

    def count(self, more: int) -> None:
        """So many more pages are looked at, or fewer."""
        with self._turn:
            self.pages += more

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until it is this thread's turn, and notes what it spends."""
        ticket = object()
        with self._turn:
            self._line.append(ticket)
            while (left := self._wait_for(ticket)) > 0:
                self._turn.wait(left)
            self._holder = (ticket, self._clock())
        before = self._spent()
        try:
            yield
        finally:
            used = self._spent() - before
            with self._turn:
                pause = used * (1 / self.part - 1)
                self._free_at = max(self._free_at, self._clock()) + pause
                if ticket in self._line:  # nobody went on without it
                    self._line.remove(ticket)
                    self._holder = None
                self._turn.notify_all()

    def _wait_for(self, ticket: object) -> float:
        """Seconds to wait before looking again, 0 when it is the ticket's turn."""
        now = self._clock()
        if self._holder is not None and now - self._holder[1] >= PATIENCE_S:
            self._line.remove(self._holder[0])
            self._holder = None
            self._turn.notify_all()
        if self._line[0] is not ticket:
            return PATIENCE_S
        return max(0.0, self._free_at - now)


share = Share()
