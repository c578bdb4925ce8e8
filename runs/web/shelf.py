"""Runs, ensembles and sweeps that the app knows: folders in one folder, each by its name.

A browser names one of them, or an episode of the record. A name is looked up among those that are
there, so nothing that is sent ever becomes a path.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
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


class Page(Protocol):
    """What is shown: a comparison, an episode, or one thing by itself."""

    @property
    def finding(self) -> str: ...

    def body(self) -> list[str]: ...

    def html(self, command: str = "") -> str: ...


class Unknown(ValueError):
    """A name that is none of ours."""


def listed(shelf: Path | None) -> dict[str, tuple[str, Path]]:
    """Kind and folder by name, in the order of names; at most `MOST`."""
    found: dict[str, tuple[str, Path]] = {}
    if shelf is None or not shelf.is_dir():
        return found
    for folder in sorted(one for one in shelf.iterdir() if one.is_dir()):
        kind = next((kind for kind, file in KINDS.items() if (folder / file).is_file()), "")
        if kind and len(found) < MOST:
            found[folder.name] = (kind, folder)
    return found


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


@dataclass
class Bench:
    """Works out one answer after another beside the server, and keeps the last few."""

    shelf: Callable[[], Path | None]
    kept: int = 8
    works: OrderedDict[tuple[str, ...], Work] = field(default_factory=OrderedDict)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, a: str, b: str, language: str) -> Page | Work:
        """The page on what is named, or how far it is; raises Unknown, or what was wrong."""
        key = (a, b, language)
        with self.lock:
            work = self.works.get(key)
            if work is None:
                make = self._maker(a, b, language)
                work = Work(Future())
                work.future = self.pool.submit(make, work)
                self.works[key] = work
                while len(self.works) > self.kept:
                    self.works.popitem(last=False)[1].future.cancel()
        try:
            page = work.future.result(SOON_S)
        except TimeoutError:
            return work
        except BaseException:
            with self.lock:
                self.works.pop(key, None)  # a folder may be mended meanwhile
            raise
        return page

    def _maker(self, a: str, b: str, language: str) -> Callable[[Work], Page]:
        from runs.compare.episode import episodes

        known, record = listed(self.shelf()), set(episodes())
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

    def watch(done: int) -> None:
        work.done = done

    return run_against_record(folder, episode, watch, language)


def _played(episode: str, language: str, work: Work) -> Page:
    from runs.compare.episode import against_record

    def watch(done: int, total: int) -> None:
        work.done, work.total = done, total

    return against_record(episode, SEEDS, 1, watch, language)


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
