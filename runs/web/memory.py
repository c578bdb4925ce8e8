"""Gives the memory of closed pages back to the system, where the C library keeps it."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
from functools import cache
from typing import Any

SOON_S = 3.0  # after which a page that was closed has let its parts go
MOST_ARENAS = 2  # heaps of threads; each keeps what was freed in it
_M_ARENA_MAX = -8  # mallopt's name for it

_lock = threading.Lock()
_waiting = False


@cache
def _libc() -> Any:
    """The C library where it is glibc, else None."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        found = ctypes.CDLL("libc.so.6")
        return found if hasattr(found, "malloc_trim") else None
    except OSError:
        return None


def few_heaps() -> None:
    """Lets all threads share few heaps; to be called before they are started."""
    if _libc() is not None:
        _libc().mallopt(_M_ARENA_MAX, MOST_ARENAS)


def give_back_soon() -> None:
    """Collects and returns what is free in some seconds; calls meanwhile are one."""
    global _waiting
    with _lock:
        if _waiting:
            return
        _waiting = True
    timer = threading.Timer(SOON_S, _give_back)
    timer.daemon = True
    timer.start()


def _give_back() -> None:
    global _waiting
    with _lock:
        _waiting = False
    give_back()


def give_back() -> None:
    """Collects and returns what is free."""
    gc.collect()
    if _libc() is not None:
        _libc().malloc_trim(0)
