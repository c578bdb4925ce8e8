"""Runs an application on a listening socket, with limits of time and number on connections."""

from __future__ import annotations

import socket
import sys
from functools import partial
from typing import Any, cast

import uvicorn

from runs.room.server.connections import Connections
from runs.room.server.files import most_connections, raise_file_limit
from runs.room.server.gate import Gate
from runs.room.server.protocols import TimedHttp, TimedSocket
from runs.room.server.quiet import be_quiet

AT_ONCE = 4  # connections that are taken in at one go; between two goes others are answered
QUEUE = 1024  # connections that the system keeps until they are taken in
# Seconds after which a thread lets another one go on. With Python's own 0.005 a thread that plays
# weeks stands in the way of every order at each of its steps through the server.
SWITCH_SECONDS = 0.0005


class Server(uvicorn.Server):
    """Takes connections in by small steps, so that they are counted before the files run out."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(QUEUE)  # uvicorn has one number for both


def serve(app: Gate, *listeners: socket.socket, **options: Any) -> None:
    """Serves until interrupted; ``options`` are uvicorn's. One process: its rooms live in it."""
    crowd = Connections(most_connections(raise_file_limit()), is_proxy=app.site.is_proxy)
    sys.setswitchinterval(SWITCH_SECONDS)
    be_quiet()
    usual: dict[str, Any] = {
        "log_level": "warning", "access_log": False, "workers": 1, "timeout_graceful_shutdown": 2,
        "proxy_headers": False,  # what a client says of its own address is no limit's measure
        "ws_per_message_deflate": False,  # a class's payloads are small; deflating them is not
        "http": cast(Any, partial(TimedHttp, crowd=crowd)), "ws": TimedSocket, "backlog": AT_ONCE,
    }  # fmt: skip
    Server(uvicorn.Config(app, **{**usual, **options})).run(sockets=list(listeners))


def listen_at(host: str, port: int) -> socket.socket:
    """A listening socket; raises OSError. Port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once; else they wait for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(QUEUE)
    except OSError:
        listener.close()
        raise
    return listener
