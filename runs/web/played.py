"""A run that pages show: played once and told once, however many of them show it.

Pages find it by what they ask for, scenario or record and seed, and it goes with the last of them.
Each of their threads may play its next week or read it, under its lock.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from runs.web.beside import game_of, run_of
from runs.web.reading import Reading
from runs.web.record import Recorded
from runs.web.scene import Scene, scene_of
from runs.web.start import Start

if TYPE_CHECKING:
    from runs.web.telling import Telling

MOST_TEXTS = 12_000_000  # signs of what was written for pages that look alike


class Played:
    """One run, as far as it is played; all of it is touched under ``lock``."""

    def __init__(self, game: Any, recorded: Recorded | None = None) -> None:
        self.lock = threading.RLock()
        self.game, self.recorded = game, recorded
        self.scene: Scene = scene_of(game) if recorded is None else recorded.scene
        self.reading = Reading(self.scene, game.recorder)
        self.opened: dict[str, Any] | None = None  # what it was built from
        self._fault: Exception | None = None  # by which a week was left half played
        self._telling: Telling | None = None
        self._texts: OrderedDict[tuple[Any, ...], str] = OrderedDict()

    @property
    def week(self) -> int:
        """Weeks played so far."""
        return int(self.game.week)

    @property
    def finished(self) -> bool:
        return self.week >= self.scene.horizon

    def step(self) -> None:
        """The next week. What only a branch would begin from is let go with the last: branches are
        played by another process. A run that has failed for one page fails for all."""
        if self._fault is not None:
            raise self._fault
        try:
            (self.recorded or self.game).step()
        except Exception as problem:
            self._fault = problem
            raise
        if self.finished:
            self.game.forget_past()

    def telling(self) -> Telling:
        """What the story says of it."""
        from runs.web.telling import Telling

        if self._telling is None:
            self._telling = Telling(self)
        return self._telling

    def text(self, key: tuple[Any, ...], make: Callable[[], Any]) -> str:
        """A JSON text, made once for all who look alike."""
        if key not in self._texts:
            self._texts[key] = as_json(make())
            while sum(map(len, self._texts.values())) > MOST_TEXTS and len(self._texts) > 1:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        return self._texts[key]


def as_json(made: Any) -> str:
    return "" if made is None else json.dumps(
        made, ensure_ascii=False, separators=(",", ":"), allow_nan=False)  # fmt: skip


_runs: WeakValueDictionary[tuple[str, bool], Played] = WeakValueDictionary()
_lock = threading.Lock()


def join(start: Start, build: Callable[[Start], tuple[Any, Recorded | None]]) -> Played:
    """The run that a page asks for, which is built where no page shows it yet."""
    name = name_of(start)
    with _lock:
        found = _runs.get(name)
        if found is None:
            opened = game_of(start)
            found = _runs[name] = Played(*build(start))
            found.opened = opened
        return found


def name_of(start: Start) -> tuple[str, bool]:
    """One name for all pages that ask for the same; a file that was written again has another."""
    return run_of(game_of(start)), start.guest


def forget(played: Played | None) -> None:
    """Something went wrong with this run: who comes next has another."""
    with _lock:
        for name, one in list(_runs.items()):
            if one is played:
                del _runs[name]
