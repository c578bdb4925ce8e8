"""Whether the server is well, for everybody: asked of the log and the models now and then only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

KEPT_SECONDS = 2.0  # for which one answer serves all strangers, however many ask


class Health:
    """``look`` says what is wrong, "" where nothing is; it writes to the disk and wakes models."""

    def __init__(self, look: Callable[[], Awaitable[str]]) -> None:
        self._look, self._fine, self._until = look, True, 0.0
        self._looking = asyncio.Lock()

    async def fine(self) -> bool:
        """The latest answer, at most ``KEPT_SECONDS`` old."""
        async with self._looking:
            if time.monotonic() >= self._until:
                self._fine = not await self._look()
                self._until = time.monotonic() + KEPT_SECONDS
            return self._fine
