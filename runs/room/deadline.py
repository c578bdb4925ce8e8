"""How long the open turn still has, whatever happens to the wall clock and to the server."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from runs.room.state import OPEN, Room

DRIFT_MS = 1500  # a wall clock that has moved by more is corrected for
GRACE_MS = 10_000  # what a turn has left at least after a restart, so that pages come back


class Deadline:
    """The end of the open turn on the monotonic clock, which nobody can move.

    ``clock`` is the wall clock in ms, by which the log and the pages name the deadline.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self.clock = clock
        self._due: float | None = None  # monotonic seconds
        self._due_for: tuple[int, int | None] = (0, None)

    def follow(self, room: Room) -> None:
        """Takes over the room's deadline where it is another than before."""
        key = (room.turn, room.deadline)
        if room.phase != OPEN or room.deadline is None:
            self._due, self._due_for = None, key
        elif key != self._due_for:
            left = room.deadline - self.clock()
            self._due, self._due_for = time.monotonic() + left / 1000, key

    def left_ms(self) -> int | None:
        """What is left of the open turn, 0 only when all of it has passed; None while no clock
        runs."""
        if self._due is None:
            return None
        return max(0, math.ceil(1000 * (self._due - time.monotonic())))

    def drifted(self, room: Room, left_ms: int) -> bool:
        """Whether the wall clock has moved against the deadline that the room names."""
        return abs(self.clock() + left_ms - (room.deadline or 0)) > DRIFT_MS


def left_after_restart(room: Room, saved: tuple[int, int] | None) -> int:
    """Milliseconds that an open turn had when the server went down, within its length.

    ``saved`` is the turn and what it had left when the server was last heard of; without it the
    log's last line says how far the turn was at least.
    """
    assert room.deadline is not None
    last = max((reply["saved_at"] for reply in room.seen.values()), default=room.opened)
    if saved is not None and saved[0] == room.turn:
        left = saved[1]
    else:
        left = room.deadline - max(last, room.opened)
    length = 1000 * (room.turn_seconds or 0)
    return min(max(left, GRACE_MS), max(length, room.deadline - room.opened, GRACE_MS))
