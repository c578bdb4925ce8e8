"""Files that only their owner can read: rooms, names and tokens stand in a log and beside it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600


def own(path: Path, flags: int = os.O_RDWR | os.O_CREAT) -> int:
    """A file that its owner alone can read, made so from its first moment; raises OSError."""
    handle = os.open(path, flags, PRIVATE)
    with suppress(OSError):  # one that was there before
        path.chmod(PRIVATE)
    return handle


def write_own(path: Path, data: bytes) -> None:
    """Writes a whole file for its owner alone; raises OSError."""
    with os.fdopen(own(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as file:
        file.write(data)
