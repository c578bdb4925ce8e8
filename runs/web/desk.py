"""One browser's run: a thread of its own plays the weeks to the end, the page shows them.

Pages of the same run share it (`runs.web.played`), and whoever has his turn plays its next week.
How fast a week follows the other on the screen is the browser's affair, so the run goes on ahead
of it. While no browser is connected nothing is played and nothing drawn, and all pages together
have a part of the process's time only (`runs.web.share`).

All of a desk is touched under `lock`, and what it shares under that of the run. `on_change` is
called outside it, seldom, so that a slow browser never holds up the weeks and a fast game never
floods a browser.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from runs.web.memory import give_back_soon
from runs.web.played import Played, forget, join, name_of
from runs.web.reading import Reading
from runs.web.record import Recorded, open_record
from runs.web.scene import Scene
from runs.web.share import share
from runs.web.start import Start, record_of, source_of

REDRAW_S = 0.8  # between two drawings while the run is played; more for a long one
WEEKS_A_REDRAW_S = 250.0
DRAWINGS = 3.0  # times as long as the last took: with many pages on a busy machine playing goes on
LONG_AGO = float("-inf")  # of a drawing that is due at once
LOOK_S = 2.0  # between two looks whether the browser is still connected, while nothing happens
REST_S = 0.5  # between two looks whether a browser is connected again
log = logging.getLogger(__name__)

_spare: dict[tuple[str, bool], Any] = {}
_spare_lock = threading.Lock()


def warm_up(start: Start) -> None:
    """Build the first page's game while the browser is still loading its scripts."""
    try:
        with _spare_lock:
            _spare[name_of(start)] = _build(start)
    except Exception:  # the page that asks for it will say what is wrong
        log.debug("no game could be built ahead", exc_info=True)


def _build(start: Start) -> tuple[Any, Recorded | None]:
    """An unplayed game, and the record that it follows if it is one."""
    folder = record_of(start.scenario)
    if folder is not None:
        recorded = open_record(folder, for_guest=start.guest)
        return recorded.game, recorded
    from runs.play import Play

    return Play(source_of(start.scenario), seed=start.seed), None


def new_game(start: Start) -> tuple[Any, Recorded | None]:
    """The same, taken from what was built ahead if that fits."""
    with _spare_lock:
        spare = _spare.pop(name_of(start), None)
    return spare if spare is not None else _build(start)


class Desk:
    """Plays one game to its end and says now and then that there is more to be seen."""

    def __init__(
        self, start: Start, on_change: Callable[[], None],
        connected: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        self.lock = threading.RLock()
        self.start = start
        self.played: Played | None = None
        self.error = ""
        self.more: Callable[[], bool] = lambda: False  # whether not all of it is told yet
        self._on_change, self._connected = on_change, connected
        self._counted = False  # among the pages that somebody looks at
        self._wake = threading.Condition(self.lock)
        self._wanted: Start | None = start
        self._closed = False
        self._changed = False
        self._last_shown = LONG_AGO
        self._shown_week = 0
        self._took = 0.0  # seconds of the last drawing

    # ---- what the page asks for

    def open(self) -> None:
        threading.Thread(target=self._work, daemon=True, name="entrepot-desk").start()

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def reset(self, start: Start) -> None:
        """A new game from week 0."""
        with self._wake:
            self.start = self._wanted = start
            self._touch()

    def show_soon(self) -> None:
        """There is something new to be drawn, which is not the run's."""
        with self._wake:
            self._touch()

    # ---- what can be seen

    @property
    def game(self) -> Any:
        return None if self.played is None else self.played.game

    @property
    def scene(self) -> Scene | None:
        return None if self.played is None else self.played.scene

    @property
    def reading(self) -> Reading | None:
        return None if self.played is None else self.played.reading

    @property
    def recorded(self) -> Recorded | None:
        return None if self.played is None else self.played.recorded

    @property
    def week(self) -> int:
        """Weeks played so far."""
        return self.played.week if self.played is not None else 0

    @property
    def closed(self) -> bool:
        """Whether the page is gone."""
        return self._closed

    @property
    def finished(self) -> bool:
        return self.played is not None and self.played.finished

    @property
    def stored(self) -> bool:
        """Whether the run is of another model and shown as it is stored."""
        return self.recorded is not None and bool(self.recorded.stored)

    # ---- the thread

    def _touch(self) -> None:
        self._changed = True
        self._last_shown = LONG_AGO  # what a person did shows at once
        self._wake.notify_all()

    def _work(self) -> None:
        while True:
            with self._wake:
                while not (self._closed or self._something()):
                    self._wake.wait(self._patience())
                if self._closed:
                    self.played = None
                    self._count(False)
                    give_back_soon()
                    return
                wanted, self._wanted = self._wanted, None
            if wanted is not None:
                with share.turn():
                    self._renew(wanted)
            elif self._due():
                with share.turn():
                    self._advance()
            if self._show_due():
                with share.turn():
                    self._show()
            time.sleep(0.0005)  # lets a waiting click have the lock

    def _something(self) -> bool:
        """Whether there is something to do, for a browser that is there."""
        here = self._connected()
        self._count(here)
        return here and bool(self._wanted or self._due() or self._show_due())

    def _count(self, here: bool) -> None:
        """Counts this page, or not, among those that somebody looks at."""
        if here != self._counted:
            self._counted = here
            share.count(1 if here else -1)

    def _due(self) -> bool:
        return self.played is not None and not self.error and not self.finished

    def _show_due(self) -> bool:
        between = max(REDRAW_S, self.week / WEEKS_A_REDRAW_S, DRAWINGS * self._took)
        return self._news and time.monotonic() >= self._last_shown + between

    @property
    def _news(self) -> bool:
        """Whether there is something to be drawn; another page may have played on."""
        return self._changed or self.week != self._shown_week

    def _patience(self) -> float:
        """Seconds until something is due by itself, or until it is time to look who is here."""
        return 0.05 if self._counted and self._news else LOOK_S if self._counted else REST_S

    def _renew(self, start: Start) -> None:
        try:
            played = join(start, new_game)
        except Exception as problem:
            self._fail("This scenario cannot be set up", problem)
            return
        with self._wake:
            self.played, self.error = played, ""
            self._changed, self._last_shown = True, LONG_AGO

    def _advance(self) -> None:
        try:
            with self._wake:
                if self.played is None or not self._due():
                    return
                with self.played.lock:
                    if not self.finished:
                        self.played.step()
                self._changed = True
                if self.finished:
                    self._last_shown = LONG_AGO
        except Exception as problem:
            self._fail("The run has stopped", problem)

    def _fail(self, what: str, problem: Exception) -> None:
        log.exception("%s", what)
        with self._wake:
            # A sentence of the scenario, orders or data, made to be read here: it may name a file.
            if isinstance(problem, ValueError) and not self.start.guest:
                words = str(problem).strip().rstrip(".")
            else:
                words = "a fault in the program, whose details stand in the server's window"
            self.error = f"{what}: {words}."
            forget(self.played)
            self._changed, self._last_shown = True, LONG_AGO

    def _show(self) -> None:
        began = time.monotonic()
        self._changed, self._last_shown, self._shown_week = False, began, self.week
        try:
            self._on_change()
        except Exception:  # the browser has gone; its kernel will close this desk
            log.debug("a page could not be redrawn", exc_info=True)
        self._took = time.monotonic() - began
        self._changed = self._changed or self.more()
