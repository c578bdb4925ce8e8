"""How many watch pages there may be, and what the next comer reads; no browser needed."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from solara.server import kernel_context
from solara.server.kernel_context import PageStatus
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from runs.pages.words import LANGUAGES, catalogue
from runs.web import kernels
from runs.web.kernels import MOST_LINES, MOST_OF_ADDRESS, MOST_PAGES, Pages, full, is_connected

HERE = "127.0.0.1"


class Kernel:
    """Stands in for what Solara keeps of a page."""

    def __init__(self, contexts: dict[str, Any], name: str) -> None:
        self.contexts, self.name = contexts, name
        self.page_status = {"page": PageStatus.CONNECTED}

    def close(self, reason: str) -> None:
        assert reason == "evicted"
        del self.contexts[self.name]


class Solara:
    """An application that makes a kernel for each new name and keeps its websocket open."""

    def __init__(self, contexts: dict[str, Any]) -> None:
        self.contexts, self.heard = contexts, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        name = scope["path"].split("/")[4]
        kernel = self.contexts.setdefault(name, Kernel(self.contexts, name))
        kernel.page_status["page"] = PageStatus.CONNECTED
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            self.heard += 1
        kernel.page_status["page"] = PageStatus.DISCONNECTED


class Line:
    """A websocket of a page."""

    def __init__(self, door: Any, name: str, address: str) -> None:
        self.said: list[str] = []
        self.mail: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {"type": "websocket", "path": f"/jupyter/api/kernels/{name}/channels",
                 "client": (address, 1)}  # fmt: skip
        self.task = asyncio.create_task(door(scope, self.mail.get, self.send))
        self.mail.put_nowait({"type": "websocket.connect"})

    async def send(self, message: dict[str, Any]) -> None:
        self.said.append(message["type"])

    @property
    def open(self) -> bool:
        return self.said[-1:] == ["websocket.accept"] and not self.task.done()

    async def leave(self) -> None:
        self.mail.put_nowait({"type": "websocket.disconnect"})
        await self.task


class House:
    """The door to Solara, and the lines that came through it."""

    def __init__(self, contexts: dict[str, Any]) -> None:
        self.contexts = contexts
        self.pages, self.solara = Pages(), Solara(contexts)
        self.door = self.pages.limit(self.solara)
        self.made: list[Line] = []

    async def open(self, n: int, address: str = HERE, name: str = "") -> list[Line]:
        lines = []
        for _ in range(n):
            lines.append(Line(self.door, name or f"k{len(self.made)}", address))
            self.made.append(lines[-1])
            for _ in range(200):
                await asyncio.sleep(0.002)
                if lines[-1].said:
                    break
        return lines

    async def end(self) -> None:
        for line in self.made:
            line.task.cancel()
        await asyncio.gather(*(line.task for line in self.made), return_exceptions=True)


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    found: dict[str, Any] = {}
    monkeypatch.setattr(kernel_context, "contexts", found)
    monkeypatch.setattr(kernels, "give_back_soon", lambda: None)
    return found


def run(contexts: dict[str, Any], act: Any) -> None:
    async def inside() -> None:
        house = House(contexts)
        try:
            await act(house)
        finally:
            await house.end()

    asyncio.run(inside())


def test_of_forty_pages_so_many_open_as_the_server_bears(contexts: dict[str, Any]) -> None:
    async def act(house: House) -> None:
        lines = await house.open(40)
        assert [line.open for line in lines] == [True] * MOST_PAGES + [False] * (40 - MOST_PAGES)
        assert len(contexts) == MOST_PAGES
        assert not house.pages.has_place(HERE)
        await lines[0].leave()
        assert house.pages.has_place(HERE)
        (late,) = await house.open(1)
        assert late.open
        assert "k0" not in contexts  # nobody looked at it any more

    run(contexts, act)


def test_one_other_machine_takes_only_its_part(contexts: dict[str, Any]) -> None:
    async def act(house: House) -> None:
        lines = await house.open(20, "10.0.0.2")
        assert sum(line.open for line in lines) == MOST_OF_ADDRESS
        assert not house.pages.has_place("10.0.0.2")
        assert house.pages.has_place("10.0.0.3")
        await lines[3].leave()
        (again,) = await house.open(1, "10.0.0.2")
        assert again.open
        assert "k3" not in contexts
        assert (await house.open(1, "10.0.0.3"))[0].open

    run(contexts, act)


def test_a_page_that_connects_again_keeps_its_game(contexts: dict[str, Any]) -> None:
    async def act(house: House) -> None:
        lines = await house.open(MOST_PAGES)
        kept = contexts["k5"]
        await lines[5].leave()
        (back,) = await house.open(1, name="k5")
        assert back.open
        assert contexts["k5"] is kept
        more = await house.open(MOST_LINES, name="k5")
        assert [line.open for line in more] == [True] * (MOST_LINES - 1) + [False]

    run(contexts, act)


def test_a_page_that_sends_without_end_is_held_back(
    contexts: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "BURST", 10.0)
    monkeypatch.setattr(kernels, "RATE", 0.0)

    async def act(house: House) -> None:
        (line,) = await house.open(1)
        for _ in range(100):
            line.mail.put_nowait({"type": "websocket.receive", "text": "{}"})
        await asyncio.sleep(0.3)
        assert house.solara.heard == 10
        line.task.cancel()

    run(contexts, act)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_finds_no_place_reads_one_sentence(
    contexts: dict[str, Any], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    async def index(request: Request) -> Response:
        return full(request) or PlainTextResponse("the page")

    async def act(house: House) -> None:
        monkeypatch.setattr(kernels, "pages", house.pages)
        line = httpx.ASGITransport(Starlette(routes=[Route("/", index)]))
        async with httpx.AsyncClient(transport=line, base_url="http://127.0.0.1") as client:
            asked = {"accept-language": language}
            assert (await client.get("/", headers=asked)).text == "the page"
            await house.open(MOST_PAGES)
            answer = await client.get("/", headers=asked)
        assert answer.status_code == 503
        assert catalogue(language)["full.text"] in answer.text
        assert answer.headers["retry-after"]

    run(contexts, act)


def test_solara_says_whether_the_browser_of_a_page_is_connected() -> None:
    """The desk rests by this word; it is Solara's own, so it is asked of a real kernel."""
    from solara.server.kernel import Kernel as RealKernel

    context = kernel_context.VirtualKernelContext(
        id="test-kernel", kernel=RealKernel(), session_id="session"
    )

    async def act() -> None:
        assert not is_connected(context)
        first = context.page_connect("page")
        assert is_connected(context)
        second = context.page_connect("page")
        context.page_disconnect("page", first)
        assert is_connected(context)  # it connects again before the old line is gone
        context.page_disconnect("page", second)
        assert not is_connected(context)

    asyncio.run(act())
    with context:
        assert not kernels.connected()()
    assert context._last_kernel_cull_future is not None
    context._last_kernel_cull_future.cancel()
