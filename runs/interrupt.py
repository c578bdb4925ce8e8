"""What Ctrl-C does to work in progress: wait for the week's end, or be heard at all."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 2  # Ctrl-C that wait for the week's end; the next one means now


def _may_listen() -> bool:
    """Signals can be handled in the main thread alone, and games run in others too."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def whole_weeks() -> Iterator[Callable[[], bool]]:
    """Lets Ctrl-C wait for the end of the week, so that world and record never part.

    Gives a function that tells whether somebody has asked to stop.
    """
    if not _may_listen():
        yield lambda: False
        return
    asked: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        if len(asked) > PATIENCE:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def hearing_ctrl_c() -> Iterator[None]:
    """Ctrl-C, or ``kill -INT``, ends the work also where a shell started it deaf to it, with &."""
    if not _may_listen():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
