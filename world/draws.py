"""Luck that belongs to (seed, week, purpose, actor), never to the order of calls.

One Philox generator stands for a purpose of a replicate; before each call its counter is set from
the week, so draw *i* always belongs to actor *i* (counter-based numbers: Salmon et al. 2011).
Two runs that differ in one decision therefore share all other luck (common random numbers).
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WEEK_OFFSET = 2**20  # keeps warm-up weeks, which count below 0, positive in the counter


class Draws:
    """Uniform numbers of a run of ``replicates`` lucks; replicate r is the run with seed + r."""

    def __init__(self, seed: int, replicates: int = 1) -> None:
        if seed < 0:
            raise ValueError(f"seed is {seed}, it must be 0 or more")
        self.seed = seed
        self.replicates = replicates
        self._streams: dict[tuple[str, int], np.random.Generator] = {}

    def _stream(self, purpose: str, replicate: int) -> np.random.Generator:
        key = (purpose, replicate)
        if key not in self._streams:
            words = np.array([self.seed + replicate, crc32(purpose.encode())], dtype=np.uint64)
            self._streams[key] = np.random.Generator(np.random.Philox(key=words))
        return self._streams[key]

    def uniform(self, week: int, purpose: str, n: int) -> Array:
        """Numbers in [0, 1) of shape (replicates, n) for the n actors of a purpose in a week."""
        out = np.empty((self.replicates, n))
        for replicate in range(self.replicates):
            generator = self._stream(purpose, replicate)
            bits = generator.bit_generator
            state: Any = bits.state
            state["state"]["counter"] = np.array([0, week + WEEK_OFFSET, 0, 0], dtype=np.uint64)
            state["buffer_pos"] = 4  # forget what an earlier call left in the buffer
            state["has_uint32"] = 0
            bits.state = state
            generator.random(out=out[replicate])
        return out
