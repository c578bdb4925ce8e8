"""Runs, ensembles and sweeps that the app knows: folders in one folder, each by its name.

A browser names one of them, or an episode of the record. A name is looked up among those that are
there, so nothing that is sent ever becomes a path.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from runs.recorder import RUN_FILE, RecordError
from world.reading import TableError
from world.scenario import ScenarioError
from world.toml_text import TomlError, tables_of

if TYPE_CHECKING:
    from runs.compare.words import Tongue

KINDS = {"run": RUN_FILE, "ensemble": "ensemble.toml", "sweep": "sweep.toml"}
MOST, MOST_BYTES = 200, 1_000_000  # folders that are listed, and of what says what one is
SEEDS = 8  # lucks of an episode
SOON_S = 0.3  # what is there by then is answered at once
WAITS_S = 15.0  # since it was asked for last; then nobody waits for it
Listed = Mapping[str, tuple[str, Path]]  # kind and folder by name


class Page(Protocol):
    """What is shown: a comparison, an episode, or one thing by itself."""

    @property
    def finding(self) -> str: ...

    def body(self) -> list[str]: ...

    def html(self, command: str = "") -> str: ...


class Unknown(ValueError):
    """A name that is none of ours."""


class Full(RuntimeError):
    """So much is being worked out that this cannot wait too."""


class Stopped(RuntimeError):
    """Nobody waits for this any more."""


def listed(shelf: Path | None) -> Listed:
    """In the order of names, at most `MOST`; without folders that may not be read."""
    found: dict[str, tuple[str, Path]] = {}
    if shelf is None:
        return found
    with suppress(OSError):
        for folder in sorted(shelf.iterdir()):
            with suppress(OSError):
                kind = next((kind for kind, file in KINDS.items() if (folder / file).is_file()), "")
                if kind and len(found) < MOST:
                    found[folder.name] = (kind, folder)
    return found


def written(folder: Path) -> tuple[tuple[str, int], ...]:
    """When each file of a folder was written, as far as it says so."""
    with suppress(OSError):
        return tuple(sorted((one.name, one.stat().st_mtime_ns) for one in folder.iterdir()))
    return ()


def rows(shelf: Path | None, to: Tongue) -> list[dict[str, str]]:
    """Name, kind and scenario of each; a damaged one stands without its scenario."""
    return [
        {"name": name, "kind": kind, "of": to.scenario(_scenario(folder / KINDS[kind]))}
        for name, (kind, folder) in listed(shelf).items()
    ]


def _scenario(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            return "?"
        return str(tables_of(file.read_text(encoding="utf-8")).get("scenario", "?"))
    except (OSError, UnicodeDecodeError, TomlError, ValueError):
        return "?"


@dataclass
class Work:
    """One answer that is being worked out."""

    future: Future[Page]
    done: int = 0
    total: int = 0
    asked_at: float = 0.0  # the last time
    stopped: bool = False

    def tell(self, done: int, total: int = 0) -> None:
        """How far it is; raises Stopped."""
        if self.stopped:
            raise Stopped
        self.done, self.total = done, total


@dataclass
class Bench:
    """Works out one answer after another beside the server, and keeps the last few."""

    shelf: Callable[[], Path | None]
    kept: int = 8
    works: OrderedDict[tuple[object, ...], Work] = field(default_factory=OrderedDict)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    lock: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False

    def ask(self, a: str, b: str, language: str) -> Page | Work:
        """The page on what is named, or how far it is; raises Unknown, Full, or what was wrong.

        What was written again is another question, and so is what was not asked for in a while.
        """
        known = listed(self.shelf())
        key = (a, b, language, *(written(known[one][1]) for one in (a, b) if one in known))
        with self.lock:
            self._clear(key)
            work = self.works.get(key)
            if work is None:
                make = _maker(known, a, b, language)
                self._make_place()
                work = self.works[key] = Work(Future())
                work.future = self.pool.submit(make, work)
            self.works.move_to_end(key)
            work.asked_at = time.monotonic()
        wait([work.future], SOON_S)
        if not work.future.done():
            return work
        try:
            return work.future.result()
        except (CancelledError, Stopped):
            return work  # who still waits asks again
        except BaseException:
            with self.lock:
                if self.works.get(key) is work:
                    del self.works[key]  # a folder may be mended meanwhile
            raise

    def _clear(self, asked: tuple[object, ...]) -> None:
        """Ends what nobody waits for, which would keep others waiting."""
        late = time.monotonic() - WAITS_S
        for key, work in list(self.works.items()):
            if key != asked and work.asked_at < late and not work.future.done():
                self._stop(key)

    def _stop(self, key: tuple[object, ...]) -> None:
        work = self.works.pop(key)
        work.stopped = True  # where it is being played, at its next point
        work.future.cancel()

    def _make_place(self) -> None:
        """Forgets the oldest answer where there are many; what somebody waits for stays."""
        if self.closed:
            raise Full
        if len(self.works) >= self.kept:
            oldest = next((key for key, one in self.works.items() if one.future.done()), None)
            if oldest is None:
                raise Full
            del self.works[oldest]

    def close(self) -> None:
        """Nothing more is worked out."""
        with self.lock:
            self.closed = True
            for key in list(self.works):
                self._stop(key)
        self.pool.shutdown(wait=False, cancel_futures=True)


def _maker(known: Listed, a: str, b: str, language: str) -> Callable[[Work], Page]:
    from runs.compare.episode import episodes

    record = set(episodes())
    for name in (one for one in (a, b) if one):
        if name not in known and name not in record:
            raise Unknown(name)
    if a in known:
        kind, folder = known[a]
        if b in known:
            other = known[b][1]
            return lambda work: _two(folder, other, language)
        if b:
            return lambda work: _run_of(folder, b, language, work)
        return lambda work: _alone(kind, folder, language)
    if b:
        raise Unknown(b)
    return lambda work: _played(a, language, work)


def _two(a: Path, b: Path, language: str) -> Page:
    from runs.compare.comparison import compare

    return compare(a, b, language)


def _alone(kind: str, folder: Path, language: str) -> Page:
    from runs.compare.comparison import compare
    from runs.report.run import Alone

    return compare(folder, language=language) if kind == "sweep" else Alone.of(folder, language)


def _run_of(folder: Path, episode: str, language: str, work: Work) -> Page:
    from runs.compare.episode import run_against_record

    return run_against_record(folder, episode, work.tell, language)


def _played(episode: str, language: str, work: Work) -> Page:
    from runs.compare.episode import against_record

    return against_record(episode, SEEDS, 1, work.tell, language, apart=True)


def faults() -> tuple[type[Exception], ...]:
    """What may be wrong with a folder, each with one sentence for who asked."""
    from runs.compare.shown import CompareError
    from runs.validate.targets import TargetError

    return CompareError, RecordError, ScenarioError, TableError, TargetError


def page_of(found: Page | Work) -> dict[str, Any]:
    """What goes to the browser."""
    if isinstance(found, Work):
        return {"waits": {"done": found.done, "total": found.total}}
    return {"finding": found.finding, "body": "".join(found.body())}
