"""What is left of open turns, noted beside the log: lost without harm."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

from runs.room.log.private import write_own

EVERY_SECONDS = 1.0


class Clocks:
    """Turn and milliseconds left of every room, in a file that is written once a second."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._noted = 0.0
        self._left: dict[str, list[int]] = {}
        with suppress(OSError, ValueError, TypeError, AttributeError):
            found = json.loads(path.read_text(encoding="ascii"))
            self._left = {str(room): [int(v) for v in value] for room, value in found.items()}

    def keep(self, room: str, turn: int, left_ms: int) -> None:
        """Notes what an open turn has left, without waiting for the disk."""
        now = time.monotonic()
        self._left[room] = [turn, left_ms]
        if now - self._noted < EVERY_SECONDS:
            return
        self._noted = now
        fresh = self.path.with_name(f"{self.path.name}-new")
        with suppress(OSError):
            write_own(fresh, json.dumps(self._left).encode("ascii"))
            fresh.replace(self.path)

    def of(self, room: str) -> tuple[int, int] | None:
        """Turn and milliseconds that were left when the server was last heard of."""
        found = self._left.get(room)
        return None if found is None or len(found) != 2 else (found[0], found[1])
