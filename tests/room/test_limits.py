"""Time limits of connections, on a small application; and the room behind a crowd of idle ones."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from runs.room.server import protocols
from runs.room.server.connections import MOST_STRANGERS, MOST_YOUNG, Connections
from runs.room.server.protocols import TimedHttp, TimedSocket
from runs.room.server.run import Server as Listener
from runs.room.server.run import listen_at
from runs.room.trial.client import Bot, Server, has_report, new_room, sit_down
from runs.room.trial.siege import hold_open

UPGRADE = (
    "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Place:
    """A running server, and connections to it."""

    def __init__(self, port: int, crowd: Connections) -> None:
        self.port, self.crowd = port, crowd

    async def send(self, text: str) -> Line:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(text.encode())
        await writer.drain()
        return reader, writer

    async def ended(self, line: Line, drip: str = "") -> bytes:
        """What came until the server ended the connection; ``drip`` is sent again and again."""
        reader, writer = line
        found = b""
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                if drip:
                    writer.write(drip.encode())
                with contextlib.suppress(TimeoutError):
                    more = await asyncio.wait_for(reader.read(65536), 0.02)
                    if not more:
                        return found
                    found += more
            raise AssertionError("the server kept the connection open")
        return found


def test_small_answers_leave_at_once() -> None:
    """Asyncio switches the wait for more bytes off where a socket names its protocol."""

    async def act() -> None:
        with listen_at("127.0.0.1", 0) as listener:
            made: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

            class Look(asyncio.Protocol):
                def connection_made(self, transport: Any) -> None:
                    made.set_result(transport.get_extra_info("socket"))

            loop = asyncio.get_running_loop()
            server = await loop.create_server(Look, sock=listener)
            await asyncio.open_connection(*listener.getsockname())
            assert (await made).getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            server.close()

    asyncio.run(act())


async def _echo(request: Request) -> Response:
    return PlainTextResponse(f"got {len(await request.body())}\n")


async def _large(request: Request) -> Response:
    return PlainTextResponse("x" * 20_000_000)


async def _quiet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.receive()


@contextlib.asynccontextmanager
async def _running(crowd: Connections) -> AsyncIterator[Place]:
    app = Starlette(routes=[
        Route("/", _echo, methods=["GET", "POST"]), Route("/large", _large),
        WebSocketRoute("/ws", _quiet),
    ])  # fmt: skip
    listener = listen_at("127.0.0.1", 0)
    http: Any = partial(TimedHttp, crowd=crowd)
    config = uvicorn.Config(
        app, http=http, ws=TimedSocket, log_level="error", timeout_keep_alive=3600,
        timeout_graceful_shutdown=1, lifespan="off",
    )  # fmt: skip
    server = Listener(config)
    serving = asyncio.create_task(server._serve([listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield Place(listener.getsockname()[1], crowd)
    server.should_exit = True
    await serving


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Place], Awaitable[None]]], None]:
    """Runs an act beside a server whose limits are fractions of a second."""
    for name in protocols.SECONDS:
        monkeypatch.setitem(protocols.SECONDS, name, 0.3)
    for limit in ("HELLO_SECONDS", "READ_SECONDS"):
        monkeypatch.setattr(protocols, limit, 0.3)

    def run(act: Callable[[Place], Awaitable[None]]) -> None:
        async def inside() -> None:
            async with _running(Connections(1000)) as place:
                await act(place)
                for _ in range(200):
                    if place.crowd.count == 0:
                        return
                    await asyncio.sleep(0.02)
                raise AssertionError(f"{place.crowd.count} connections are still counted")

        asyncio.run(inside())

    return run


Run = Callable[[Callable[[Place], Awaitable[None]]], None]
SLOW = [
    ("", ""), ("GET / HTTP/1.1\r\nHost: x\r\nX-A: ", "a"), ("", "\r\n"),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n", "b"),
    ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nb\r\n"),
    (UPGRADE.removesuffix("\r\n"), ""), (UPGRADE, ""),
]  # fmt: skip


@pytest.mark.parametrize(("first", "drip"), SLOW)
def test_who_is_slow_loses_the_connection_however_often_a_byte_comes(
    place: Run, first: str, drip: str
) -> None:
    async def act(place: Place) -> None:
        found = await place.ended(await place.send(first), drip)
        assert b"200 OK" not in found

    place(act)


@pytest.mark.parametrize("drip", ["", "\r\n", "G"])
def test_a_connection_that_is_kept_alive_ends_without_another_request(
    place: Run, drip: str
) -> None:
    async def act(place: Place) -> None:
        line = await place.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in await line[0].readuntil(b"got 0\n")
        await place.ended(line, drip)

    place(act)


def test_who_does_not_read_an_answer_loses_the_connection(place: Run) -> None:
    async def act(place: Place) -> None:
        far = socket.socket()
        far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        far.connect(("127.0.0.1", place.port))
        far.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        while place.crowd.count == 0:
            await asyncio.sleep(0.01)
        for _ in range(500):
            await asyncio.sleep(0.02)
            if place.crowd.count == 0:
                break
        assert place.crowd.count == 0
        far.close()

    place(act)


def test_many_requests_on_one_connection_are_answered(place: Run) -> None:
    async def act(place: Place) -> None:
        asked = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        line = await place.send(asked * 5)
        for _ in range(5):
            await line[0].readuntil(b"got 3\n")
        for _ in range(8):  # for longer than any single limit
            await asyncio.sleep(0.1)
            line[1].write(asked.encode())
            await line[0].readuntil(b"got 3\n")
        line[1].close()

    place(act)


# --- the room behind a crowd ----------------------------------------------------------------------


async def _orders(bots: list[Bot]) -> list[int]:
    """Everybody orders once; the statuses."""
    luck = random.Random(1)
    wishes = [bot.some_order(luck) for bot in bots]
    asked = [bot.order(1, *wish) for bot, wish in zip(bots, wishes, strict=True) if wish]
    return list(await asyncio.gather(*asked))


def test_a_class_behind_one_address_plays_on_beside_eleven_hundred_half_open_heads(
    server: Server,
) -> None:
    """And beside websockets that say nothing; all come from the address of the class."""

    async def act() -> None:
        made = await new_room(server.address, users=300, turn_seconds=None, auto_close=False)
        bots = await sit_down(server.address, made["code"], 100, has_report)
        control = Bot(server.address, made["code"], "control")
        control.token = made["facilitator_token"]
        assert (await control.act("start"))[0] == 200
        lines = [len(bot.back_after) for bot in bots]
        assert lines == [1] * 100
        for words in ("head", "websocket"):
            held = await hold_open(server.address, 1100, words)
            assert await _orders(bots) == [200] * 100
            late = Bot(server.address, made["code"], f"Late {words}")
            await late.join()
            assert held.still_open() <= MOST_YOUNG + MOST_STRANGERS
            held.close()
        assert [len(bot.back_after) for bot in bots] == lines  # no page lost its line
        for bot in bots:
            await bot.leave()

    asyncio.run(act())
