"""What a server's processes hold, read from /proc: how many they are, their files and memory."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
MB = 1024 * 1024


class Held(NamedTuple):
    """Processes and open files of a server and all that it started; resident memory in MB."""

    processes: int
    files: int
    server_files: int
    server_mb: float
    children_mb: float


def held(pid: int) -> Held:
    """What the process ``pid`` and its descendants hold now."""
    below = descendants(pid)
    return Held(
        1 + len(below), sum(_files(one) for one in (pid, *below)), _files(pid), _memory(pid),
        round(sum(_memory(one) for one in below), 1),
    )  # fmt: skip


def descendants(pid: int) -> list[int]:
    """Processes that a process has started, and theirs."""
    found: list[int] = []
    with suppress(OSError):
        for task in (PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found + [deeper for child in found for deeper in descendants(child)]


def _files(pid: int) -> int:
    try:
        return len(os.listdir(PROC / str(pid) / "fd"))
    except OSError:  # it has just ended
        return 0


def _memory(pid: int) -> float:
    """Resident memory, MB."""
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return round(pages * os.sysconf("SC_PAGE_SIZE") / MB, 1)
