"""The websocket of a room: one message in, whole payloads out."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from fastapi import FastAPI, WebSocket
from starlette.websockets import WebSocketDisconnect

from runs.room.commands import Refused
from runs.room.host import Host
from runs.room.live import MOVED, MOVED_CODE, REFUSED_CODE, Line
from runs.room.server.connections import prove, settle
from runs.room.service import Service
from runs.room.tokens import KINDS

HELLO_SECONDS = 10.0  # in which a connection says its token
AGAIN_SECONDS = 0.2  # between two payloads that a client asks for
MOST_WORDS = 2000  # signs of a message
UNREADABLE_CODE = 1003  # what came cannot be read, so the connection is closed


def add_live(api: FastAPI, service: Service) -> None:
    """The call `/rooms/{code}/live`, beside those over HTTP."""

    @api.websocket("/rooms/{code}/live")
    async def live(socket: WebSocket, code: str) -> None:
        """First message: `{"token": ..., "device": ..., "take": false}`; then whole payloads."""
        await socket.accept()
        try:
            hello = await _hello(socket)
            token = str(hello.get("token", ""))
            host, holder = await service.enter(token, code[:20], *KINDS)
            prove(socket.scope, token)
            settle(socket.scope)
        except (Refused, ValueError, RecursionError, TimeoutError) as problem:
            if not isinstance(problem, Refused):
                problem = Refused("The first message is a token.")
            await _goodbye(socket, json.dumps(problem.body), REFUSED_CODE)
            return
        except WebSocketDisconnect:
            return
        line = Line(socket, holder, str(hello.get("device") or "")[:80])
        if not await host.connect(line, hello.get("take") is True):
            await _goodbye(socket, MOVED, MOVED_CODE)
            return
        sending = asyncio.create_task(line.run(host.beat))
        try:
            await _listen(socket, host, line)
        finally:
            host.disconnect(line)
            sending.cancel()


async def _hello(socket: WebSocket) -> dict[str, Any]:
    text = await asyncio.wait_for(_words(socket), HELLO_SECONDS)
    hello = json.loads(text)
    if not isinstance(hello, dict):
        raise ValueError("not an object")
    return hello


async def _words(socket: WebSocket) -> str:
    """A message as text; bytes and long ones end the connection."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1000)
    text = message.get("text")
    if text is None or len(text) > MOST_WORDS:
        raise ValueError("not a short text")
    return str(text)


async def _listen(socket: WebSocket, host: Host, line: Line) -> None:
    """Whatever a client says is heard as "again": it gets the whole payload, not too often."""
    with suppress(WebSocketDisconnect, ValueError, RuntimeError):
        while True:
            await _words(socket)
            await host.resend(line)
            await asyncio.sleep(AGAIN_SECONDS)
    with suppress(Exception):  # it may have ended by itself, in any way
        await socket.close(UNREADABLE_CODE)


async def _goodbye(socket: WebSocket, text: str, code: int) -> None:
    with suppress(Exception):  # who has gone is not waited for
        await socket.send_text(text)
        await socket.close(code)
