"""What takes a watch page seconds is played beside the server, in one process that ranks below it.

A page asks by the name of a job (`runs.web.worker`) and hears how far it is, then the answer. Of
each job a page waits for one: what it asks next takes the place of what it asked before. All pages
together wait for a few. What nobody has pressed for waits until nothing else does, and gives way;
it is played for the runs of the first pages only. The same question is played once, whoever asks.

The process keeps the game that was opened last, so the next question costs its own weeks only. It
is ended with the server, when the last page that asked has gone, and after a while without a
question or with many of them: only so does it give back all of its memory.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runs.room.child import Child, ChildFailed, ChildRefused, Rank
from runs.web.start import Said, Start, record_of, source_of

LOWER = 10  # how far the process ranks below the server, of 19
MOST_ASKED = 8  # of all pages together, the one that is played among them
MOST_KNOWN = 8_000_000  # signs of all answers that are remembered, as JSON
MOST_AHEAD = 3  # runs for which something is played that nobody has pressed for
IDLE_S = 30.0  # after which the process is ended that nobody asks
MOST_JOBS = 24  # of one process
# Who is played first. One job plays to its end, so what takes long asks in parts.
RANKS = {"fork": Rank.CONTROL, "why": Rank.CAUSES, "band": Rank.BRANCH}
Hear = Callable[[dict[str, Any]], None]
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Asked:
    """A job that a page waits for."""

    game: dict[str, Any]
    asked: dict[str, Any]
    known: str  # by what its answer is remembered
    hear: Hear
    patient: bool
    played: Future[None] = field(init=False)


class Beside:
    """The one process, and who waits for it; pages ask from threads of their own."""

    def __init__(self, program: str = "runs.web.worker") -> None:
        self._program = program
        self._child = Child(LOWER, program)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.RLock()
        self._asked: dict[tuple[object, str], Asked] = {}
        self._later: dict[tuple[object, str], Asked] = {}  # what is patient, while others wait
        self._known: OrderedDict[str, str] = OrderedDict()  # answers as JSON
        self._alike: dict[str, asyncio.Lock] = {}  # of questions that are being played
        self._pages: dict[object, str] = {}  # that have asked, and of which run
        self._jobs, self._last = 0, ""  # that this process has played, and of which run
        self._idle: asyncio.TimerHandle | None = None
        self._ending: Future[None] | None = None  # of the process before
        self._voice: ThreadPoolExecutor | None = None

    def open(self) -> None:
        """From now on, in the event loop that runs, until `close`."""
        self._loop = asyncio.get_running_loop()
        self._voice = ThreadPoolExecutor(1, "entrepot-told")  # a page may make its teller wait

    async def close(self) -> None:
        with self._lock:
            self._loop = None
            for page in list(self._pages):
                self.leave(page)
        await self._child.close()
        if self._ending is not None:
            await asyncio.wrap_future(self._ending)
        if self._voice is not None:
            self._voice.shutdown(wait=False, cancel_futures=True)

    def ask(
        self, page: object, do: str, start: Start, asked: dict[str, Any], hear: Hear,
        patient: bool = False,
    ) -> Said:  # fmt: skip
        """Has a job played; a sentence where too much waits, and then nothing is played.

        ``hear`` is called in another thread with ``{"state": "working", "done", "of", ...}``, then
        once with ``{"state": "done", "found": answer}``, ``{"state": "refused", "say": text}`` or
        ``{"state": "failed"}``. A ``patient`` job is played while nobody waits for another, and
        again from its beginning where somebody comes meanwhile.
        """
        game = game_of(start)
        known = question(do, game, asked)
        with self._lock:
            self._forget(page, do)
            if known in self._known and self._voice is not None:
                self._pages[page] = run_of(game)
                self._voice.submit(hear, {"state": "done", "found": self._recall(known)})
                self._go_on()
                return None
            if not patient:
                for place in [place for place, one in self._asked.items() if one.patient]:
                    self._later[place] = self._asked.pop(place)
                    self._later[place].played.cancel()
            if self._loop is None or (not patient and len(self._asked) >= MOST_ASKED):
                return {"key": "watch.beside_full", "values": {}}
            self._pages[page] = run_of(game)
            self._later[page, do] = mine = Asked(game, asked, known, hear, patient)
            if not patient:
                self._begin(page, do, mine)
            self._go_on()
        return None

    def has_place_ahead(self, start: Start) -> bool:
        """Whether something may be played for a run that nobody has pressed for."""
        with self._lock:
            runs = set(self._pages.values())
            return len(runs) < MOST_AHEAD or run_of(game_of(start)) in runs

    def _begin(self, page: object, do: str, mine: Asked) -> None:
        assert self._loop is not None  # it was asked while the server runs
        self._asked[page, do] = self._later.pop((page, do))
        work = self._play(page, do, mine)
        mine.played = asyncio.run_coroutine_threadsafe(work, self._loop)

    def _go_on(self) -> None:
        """Where nothing is played, the first of what is patient is: of the run that is open, if
        there is one."""
        if self._asked or self._loop is None:
            return
        if self._later:
            (page, do), mine = min(
                self._later.items(), key=lambda one: run_of(one[1].game) != self._last
            )
            self._begin(page, do, mine)
        else:
            self._loop.call_soon_threadsafe(self._rest)

    def _rest(self) -> None:
        """In the event loop: ends the process in a while, unless somebody asks meanwhile."""
        if self._idle is not None:
            self._idle.cancel()
        if self._loop is not None:
            self._idle = self._loop.call_later(IDLE_S, self._end_idle)

    def _end_idle(self) -> None:
        with self._lock:
            if not self._asked and not self._later:
                self._replace()

    def drop(self, page: object, do: str) -> None:
        """The page does not wait for this job any more."""
        with self._lock:
            self._forget(page, do)
            self._go_on()

    def _forget(self, page: object, do: str) -> None:
        self._later.pop((page, do), None)
        before = self._asked.pop((page, do), None)
        if before is not None:
            before.played.cancel()

    def leave(self, page: object) -> None:
        """The page is gone."""
        with self._lock:
            for do in [do for one, do in (*self._asked, *self._later) if one is page]:
                self._forget(page, do)
            self._go_on()
            asked_once = self._pages.pop(page, None) is not None
            if asked_once and not self._pages:
                self._replace()

    def _replace(self) -> None:
        """Ends the process; who asks next has a new one."""
        if self._loop is not None:
            child, self._child = self._child, Child(LOWER, self._program)
            self._jobs = 0
            self._ending = asyncio.run_coroutine_threadsafe(child.close(), self._loop)

    async def _play(self, page: object, do: str, mine: Asked) -> None:
        lock = self._alike.setdefault(mine.known, asyncio.Lock())
        async with lock:  # who asks the same meanwhile hears what is found for the first
            said = await self._found(do, mine)
        if not lock.locked():
            self._alike.pop(mine.known, None)
        self._tell(page, do, mine, said)

    async def _found(self, do: str, mine: Asked) -> dict[str, Any]:
        def so_far(part: dict[str, Any]) -> None:
            with self._lock:
                waiting = [(at, one) for at, one in self._asked.items() if one.known == mine.known]
            for (page, job), one in waiting:
                self._tell(page, job, one, {"state": "working", **part})

        with self._lock:
            if mine.known in self._known:
                return {"state": "done", "found": self._recall(mine.known)}
            if self._jobs >= MOST_JOBS and not self._child.busy:
                self._replace()
            self._jobs, self._last = self._jobs + 1, run_of(mine.game)
        try:
            found = await self._child.ask(
                do, rank=RANKS[do], so_far=so_far, game=mine.game, asked=mine.asked
            )
        except ChildRefused as no:
            return {"state": "refused", "say": str(no)}
        except ChildFailed:
            log.exception("a job of a watch page failed")
            return {"state": "failed"}
        self._remember(mine.known, found)
        return {"state": "done", "found": found}

    def _remember(self, known: str, found: Any) -> None:
        with self._lock:
            self._known[known] = json.dumps(found, ensure_ascii=False)
            while sum(map(len, self._known.values())) > MOST_KNOWN and len(self._known) > 1:
                self._known.popitem(last=False)

    def _recall(self, known: str) -> Any:
        self._known.move_to_end(known)
        return json.loads(self._known[known])

    def _tell(self, page: object, do: str, mine: Asked, said: dict[str, Any]) -> None:
        """Hands a word to the page, unless it has gone or asked for something newer."""

        def tell() -> None:
            with self._lock:
                if self._asked.get((page, do)) is not mine:
                    return
                if said["state"] != "working":
                    del self._asked[page, do]
                    self._go_on()
            try:
                mine.hear(said)
            except Exception:  # the browser has gone
                log.debug("a page did not hear", exc_info=True)

        if self._voice is not None:
            self._voice.submit(tell)


def question(do: str, game: dict[str, Any], asked: dict[str, Any]) -> str:
    """The same for whoever asks the same: what is found follows from it."""
    return json.dumps([do, game, asked], sort_keys=True)


def run_of(game: dict[str, Any]) -> str:
    """A name of the run."""
    return json.dumps(game, sort_keys=True)


def game_of(start: Start) -> dict[str, Any]:
    """What the process opens for a page: names are looked up here, so that no text of a page ever
    becomes a path. A scenario that was written again is another."""
    folder = record_of(start.scenario)
    if folder is not None:
        return {"folder": str(folder)}
    source = Path(source_of(start.scenario))
    written = source.stat().st_mtime_ns if source.is_file() else 0
    return {"scenario": str(source), "written": written, "seed": start.seed}


beside = Beside()
