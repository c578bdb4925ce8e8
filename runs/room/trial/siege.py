"""A class that orders on while one client holds connections, plays worlds or asks for branches.

    python -m runs.room.trial.siege --attack heads sockets pages branches

Every attack is measured beside a quiet spell of the same minute: the time until an order is
acknowledged (95% of orders) may be twice as long, and the facilitator's own calls are answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from urllib.parse import urlsplit

from runs.room.server.files import raise_file_limit

HALF = "GET /api/rooms/X HTTP/1.1\r\nHost: x\r\nX-A: "
SOCKET = (
    "GET /api/rooms/X/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


class Held:
    """Connections that are held open and never say what they are for."""

    def __init__(self, lines: list[socket.socket]) -> None:
        self.lines = lines

    def still_open(self) -> int:
        """How many of them the server has not ended."""
        return sum(_open(line) for line in self.lines)

    def close(self) -> None:
        for line in self.lines:
            line.close()


async def hold_open(address: str, n: int, words: str) -> Held:
    """Opens ``n`` connections with half a request ("head") or a silent websocket ("websocket")."""
    raise_file_limit()
    place = urlsplit(address)
    lines: list[socket.socket] = []
    for k in range(n):
        line = socket.socket()
        line.settimeout(5)
        with contextlib.suppress(OSError):
            line.connect((place.hostname, place.port))
            line.sendall((HALF if words == "head" else SOCKET).encode())
        lines.append(line)
        if k % 20 == 0:
            await asyncio.sleep(0)
    return Held(lines)


def _open(line: socket.socket) -> bool:
    """Whether the other end has not closed; what it has sent is read."""
    line.setblocking(False)
    try:
        while line.recv(65536):
            pass
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False
