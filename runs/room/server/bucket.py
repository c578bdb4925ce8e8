"""A bucket of things that a client may do: filled by time, emptied by use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Requests that a client has left: filled by ``rate`` a second up to ``burst``."""

    left: float
    at: float  # monotonic seconds when it was filled last
    late: int = 0  # answers that are held back now

    def take(self, now: float, rate: float, burst: float) -> bool:
        """Takes one request out; False where there is none."""
        self.left = min(burst, self.left + (now - self.at) * rate)
        self.at = now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True
