"""A lean HTTP connection that stays open, as a browser keeps one: little work beside the server."""

from __future__ import annotations

import asyncio
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Answer(NamedTuple):
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """One connection, one request at a time; raises OSError or EOFError where it is lost."""

    def __init__(self, address: str, patience: float = 20.0) -> None:
        place = urlsplit(address)
        self.host, self.port, self.patience = place.hostname, place.port, patience
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def ask(self, method: str, path: str, token: str = "", body: Any = None) -> Answer:
        """The answer to one request; a connection that is lost is not used again.

        One that was kept from an earlier request may have been closed meanwhile: then, as in a
        browser, the request goes out once more at once, on a new connection.
        """
        async with self._turn:
            kept = self._line is not None
            try:
                return await self._timed(method, path, token, body)
            except (ConnectionError, EOFError):
                self.close()
                if not kept:
                    raise
            except BaseException:
                self.close()
                raise
            try:
                return await self._timed(method, path, token, body)
            except BaseException:
                self.close()
                raise

    async def _timed(self, method: str, path: str, token: str, body: Any) -> Answer:
        return await asyncio.wait_for(self._ask(method, path, token, body), self.patience)

    async def _ask(self, method: str, path: str, token: str, body: Any) -> Answer:
        if self._line is None:
            self._line = await asyncio.open_connection(self.host, self.port, limit=2**24)
        reader, writer = self._line
        sent = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: {len(sent)}\r\n"
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        writer.write(f"{head}Content-Type: application/json\r\n\r\n".encode() + sent)
        await writer.drain()
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        answer = Answer(
            int(lines[0].split()[1]), await reader.readexactly(int(headers["content-length"]))
        )
        if headers.get("connection") == "close":
            self.close()
        return answer

    def close(self) -> None:
        if self._line is not None:
            self._line[1].close()
        self._line = None
