"""Work shared out among processes, which hear no Ctrl-C and end with the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, TypeVar

LOW = 10  # steps of priority below a process that people wait for

Task = TypeVar("Task")
Result = TypeVar("Result")


def in_processes(
    play: Callable[[Task], Result],
    tasks: Sequence[Task],
    jobs: int,
    keep: Callable[[Task, Result], None],
    apart: bool = False,
) -> None:
    """Does tasks in ``jobs`` processes and hands each to ``keep`` as it is finished.

    With one job there is no other process, but where ``apart`` says that this one has people to
    answer: then what plays has a lower priority. Whatever ends this one, also a kill, ends the
    others.
    """
    jobs = min(jobs, len(tasks))
    if jobs < 1 or (jobs == 1 and not apart):
        for task in tasks:
            keep(task, play(task))
        return
    context = multiprocessing.get_context("spawn")
    before = set(multiprocessing.active_children())
    pool: ProcessPoolExecutor | None = None
    try:
        with _interrupts_wait():  # making a pool loads modules, which can swallow Ctrl-C
            pool = ProcessPoolExecutor(jobs, context, _start, (LOW if apart else 0,))
            with _deaf():
                futures = {pool.submit(play, task): task for task in tasks}
        for future in as_completed(futures):
            keep(futures.pop(future), future.result())
    except BaseException:
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
        _end(set(multiprocessing.active_children()) - before)
        raise
    finally:
        if pool is not None:
            pool.shutdown()


def _end(children: Iterable[Any]) -> None:
    for child in children:
        child.terminate()


def _start(steps: int) -> None:
    """A process that plays cells leaves Ctrl-C to the one that started it, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if steps and hasattr(os, "nice"):
        os.nice(steps)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Notes Ctrl-C and raises it at the end only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = False

    def note(*_: object) -> None:
        nonlocal heard
        heard = True

    handler = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if heard:
        raise KeyboardInterrupt


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C, not even while they load: they inherit the
    mask of this thread. Making a pool starts a process of Python's own that takes the mask off, so
    this comes after it. Other threads, such as those of NumPy, may still take the signal."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
