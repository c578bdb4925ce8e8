"""Uvicorn's protocols with time limits: for a request's head and body, between two requests, for a
websocket's first message, and for a client that does not read.

Uvicorn itself limits only the silence between two requests, and a single byte ends that limit.
"""

from __future__ import annotations

import asyncio
from asyncio.transports import BaseTransport
from typing import Any
from urllib.parse import unquote

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.http11 import Request

from runs.room.server.connections import KEY, Connection, Connections
from runs.room.server.gate import sender

HEAD, BODY, IDLE = "head", "body", "idle"
SECONDS = {HEAD: 8.0, BODY: 10.0, IDLE: 10.0}  # counted from the beginning of each
HELLO_SECONDS = 15.0  # the room's own limit for a first message is shorter
READ_SECONDS = 30.0  # in which a client takes at least a part of what waits for it
MOST_MESSAGE = 2**16  # bytes of a message, but for those of watch pages
KERNELS = "/jupyter/api/kernels/"


class TimedHttp(H11Protocol):
    """HTTP/1.1. A client that is too slow, or one too many, loses its connection."""

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None, *, crowd: Connections,
    ) -> None:  # fmt: skip
        super().__init__(config, server_state, app_state, _loop)
        self.crowd = crowd
        self.connection: Connection | None = None
        self._waits = ""
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._upgraded = False
        self._asked: h11.Request | None = None  # for a websocket that waits to be opened

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        address = self.client[0] if self.client else "?"
        self.connection = self.crowd.enter(address, transport.abort)
        if self.connection is None:
            transport.abort()
            return
        self.app_state = {**self.app_state, KEY: self.connection}
        self._follow()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_timers()
        if self.connection is not None:
            self.connection.leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._upgraded:
            self.transport.abort()
            return
        super().data_received(data)
        self._follow()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._follow()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Waits for its turn; until then there is nothing that a client could say."""
        self._upgraded, self._asked = True, event
        self._end_timers()
        peer = self.client[0] if self.client else "?"
        if self.crowd.is_proxy(peer):  # many people come from there
            peer = sender(event.headers) or peer
        if not self.crowd.turns.ask(peer, self):
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Answers what is no HTTP; a request before it that is still being worked on is not
        answered any more, and one whose answer has begun ends with the connection."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.abort()

    def is_gone(self) -> bool:
        return self.transport.is_closing()

    def open_socket(self) -> None:
        assert self._asked is not None
        super().handle_websocket_upgrade(self._asked)

    def shutdown(self) -> None:
        if self._upgraded:  # it waits for its turn, and that will not come
            self.transport.abort()
        else:
            super().shutdown()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _waits_for(self) -> str:
        """What has to come from the client next, "" while it is being answered."""
        if self._upgraded or self.transport.is_closing():
            return ""
        if self.conn.their_state is h11.SEND_BODY:
            return BODY
        if self.conn.their_state is h11.IDLE:
            begun = self.cycle is None or self.conn.trailing_data[0]
            return HEAD if begun else IDLE
        return ""

    def _follow(self) -> None:
        """Starts the time limit of what is waited for now; more bytes do not start it again."""
        waits = self._waits_for()
        if self.connection is not None and not self._upgraded:
            self.connection.wait(bool(waits))
        if waits == self._waits:
            return
        self._waits = waits
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if waits:
            self._timer = self.loop.call_later(SECONDS[waits], self.transport.abort)

    def _end_timers(self) -> None:
        for timer in (self._timer, self._unread):
            if timer is not None:
                timer.cancel()
        self._timer = self._unread = None


class TimedSocket(WebSocketsSansIOProtocol):
    """A websocket, which says within some seconds whose it is."""

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:  # fmt: skip
        super().__init__(config, server_state, app_state, _loop)
        self.connection: Connection | None = app_state.get(KEY)
        self._hello: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        if self.connection is not None:
            self.connection.wait(True)
        self._hello = self.loop.call_later(HELLO_SECONDS, self._check_hello)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._hello is not None:
            self._hello.cancel()
        self._end_unread()
        if self.connection is not None:
            self.connection.leave()
        super().connection_lost(exc)

    def handle_connect(self, event: Request) -> None:
        path = unquote(event.path.partition("?")[0])
        if not (KERNELS in path and path.endswith("/channels")):
            self.conn.max_message_size = MOST_MESSAGE
        super().handle_connect(event)

    def pause_writing(self) -> None:
        """Who does not read is not read either: answers to pings would pile up."""
        super().pause_writing()
        self.transport.pause_reading()
        self._unread = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._end_unread()
        if not self.read_paused:
            self.transport.resume_reading()

    def _end_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _check_hello(self) -> None:
        if self.connection is not None and self.connection.waits:
            self.transport.abort()
