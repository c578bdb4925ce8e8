"""What is compared beside the server: who waits, what is forgotten, how it ends."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from runs.processes import in_processes
from runs.web import shelf as shelf_module
from runs.web.shelf import Bench, Full, Stopped, Unknown, Work, listed
from tests.browser.test_desk import until


class Shop:
    """A bench with folders a to f, whose answers come once they are let."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in "abcdef":
            (folder / name).mkdir()
            (folder / name / "run.toml").write_text("")
        self.folder, self.bench = folder, Bench(lambda: folder, kept=3)
        self.gate, self.began, self.ended = threading.Event(), [""], [""]
        monkeypatch.setattr(shelf_module, "_maker", self.maker)
        monkeypatch.setattr(shelf_module, "SOON_S", 0.01)

    def maker(self, known: Any, a: str, b: str, language: str) -> Any:
        if a not in known:
            raise Unknown(a)

        def make(work: Work) -> Any:
            self.began.append(a)
            try:
                while not self.gate.wait(0.01):
                    work.tell(1, 2)
                if b == "late":
                    raise TimeoutError("a fault of its own")
            finally:
                self.ended.append(a)
            return f"page of {a}"

        return make

    def ask(self, a: str, b: str = "") -> Any:
        return self.bench.ask(a, b, "en")

    def answer(self, a: str) -> Any:
        until(lambda: not isinstance(self.ask(a), Work))
        return self.ask(a)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    one = Shop(tmp_path, monkeypatch)
    yield one
    one.bench.close()


def test_what_somebody_waits_for_is_not_forgotten(shop: Shop) -> None:
    for name in "abc":
        assert isinstance(shop.ask(name), Work)
    with pytest.raises(Full):
        shop.ask("d")
    shop.gate.set()
    assert [shop.answer(name) for name in "bca"] == ["page of b", "page of c", "page of a"]
    assert shop.answer("d") == "page of d"
    assert [key[0] for key in shop.bench.works] == ["c", "a", "d"]


def test_what_nobody_waits_for_makes_place(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        shop.ask(name)
    until(lambda: shop.began[-1] == "a")
    for work in shop.bench.works.values():
        work.asked_at -= shelf_module.WAITS_S + 1
    assert isinstance(shop.ask("d"), Work)
    until(lambda: shop.began[-1] == "d")
    assert shop.ended[-1] == "a"
    assert "b" not in shop.began


def test_a_folder_that_was_written_again_is_another_question(shop: Shop) -> None:
    shop.gate.set()
    assert shop.answer("a") == shop.answer("a")
    assert shop.began[1:] == ["a"]
    os.utime(shop.folder / "a" / "run.toml", ns=(5, 5))
    shop.answer("a")
    assert shop.began[1:] == ["a", "a"]


def test_a_job_that_ran_out_of_time_itself_is_not_still_at_work(shop: Shop) -> None:
    shop.gate.set()
    with pytest.raises(TimeoutError, match="its own"):
        until(lambda: not isinstance(shop.ask("a", "late"), Work))
    assert not shop.bench.works


def test_the_end_of_the_server_waits_for_no_episode(shop: Shop) -> None:
    shop.ask("a")
    shop.ask("b")
    until(lambda: shop.began[-1] == "a")
    shop.bench.close()
    until(lambda: shop.ended[-1] == "a")
    assert "b" not in shop.began
    with pytest.raises(Full):
        shop.ask("c")


def test_a_work_that_is_stopped_ends_at_its_next_point() -> None:
    work: Work = Work(shelf_module.Future(), stopped=True)
    with pytest.raises(Stopped):
        work.tell(1)


def test_folders_that_may_not_be_read_are_left_out(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_file = Path.is_file

    def may(path: Path) -> bool:
        if path.parent.name == "b":
            raise PermissionError(path)
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", may)
    assert list(listed(shop.folder)) == ["a", "c", "d", "e", "f"]
    assert not listed(shop.folder / "nowhere")


def test_an_episode_is_played_by_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who scrubs a page of this server shares no thread of Python with it."""
    asked: list[tuple[int, bool]] = []

    def played(
        play: Any, tasks: Any, jobs: int, keep: Callable[..., None], apart: bool = False
    ) -> None:
        asked.append((jobs, apart))
        raise Stopped

    monkeypatch.setattr("runs.validate.measure.in_processes", played)
    monkeypatch.setattr("runs.validate.measure.kept.recall", lambda job: None)
    with pytest.raises(Stopped):
        shelf_module._played("gallium-2023", "en", Work(Future()))
    assert asked == [(1, True)]


def test_one_task_apart_is_not_played_here() -> None:
    found: dict[int, int] = {}
    in_processes(_pid, [1], 1, found.__setitem__, apart=True)
    assert found[1] != os.getpid()
    in_processes(_pid, [1], 1, found.__setitem__)
    assert found[1] == os.getpid()


def _pid(task: int) -> int:
    return os.getpid()
