"""Watch pages without a browser: the websocket of each, which is told to run and is read."""

from __future__ import annotations

import asyncio
import contextlib
import json
import urllib.error
import urllib.request
import uuid
from typing import Any, Self

import websockets
from websockets.exceptions import WebSocketException


def _message(kind: str, content: dict[str, Any]) -> str:
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": "s",
              "date": "2026-01-01T00:00:00Z", "version": "5.3"}  # fmt: skip
    return json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content,
                       "channel": "shell", "buffers": []})  # fmt: skip


class Watcher:
    """One page. ``query`` is of its address: `?speed=1000&seed=3`."""

    def __init__(self, address: str, query: str) -> None:
        self.address, self.query = address.rstrip("/"), query
        self.messages = 0  # that came
        self.refused = ""  # why there is no page
        self._line: Any = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> Self:
        """Calls the page and runs it; `refused` says where there was no place for it."""
        try:
            cookie = await asyncio.to_thread(self._cookie)
            kernel = str(uuid.uuid4())
            place = f"{self.address.replace('http', 'ws', 1)}/jupyter/api/kernels/{kernel}/channels"
            self._line = await websockets.connect(
                f"{place}?session_id={uuid.uuid4()}", compression=None, max_size=2**26,
                additional_headers={"cookie": cookie}, origin=self.address,  # type: ignore[arg-type]
                open_timeout=60,
            )  # fmt: skip
            comm = uuid.uuid4().hex
            opening = {"comm_id": comm, "target_name": "solara.control", "data": {}}
            args = {"path": f"/{self.query}", "dark": False, "themes": None}
            await self._line.send(_message("comm_open", opening))
            run = {"comm_id": comm, "data": {"method": "run", "args": args}}
            await self._line.send(_message("comm_msg", run))
            self._reading = asyncio.create_task(self._read())
        except urllib.error.HTTPError as problem:
            self.refused = f"page {problem.code}"
        except (OSError, WebSocketException, TimeoutError) as problem:
            self.refused = f"websocket {problem}"[:80]
        return self

    def _cookie(self) -> str:
        with urllib.request.urlopen(f"{self.address}/{self.query}", timeout=60) as answer:
            return str(answer.headers.get("set-cookie", "")).partition(";")[0]

    async def _read(self) -> None:
        with contextlib.suppress(WebSocketException, OSError):
            async for _ in self._line:
                self.messages += 1

    async def close(self) -> None:
        """Goes away without a word, as a telephone does."""
        if self._reading is not None:
            self._reading.cancel()
        if self._line is not None:
            self._line.transport.abort()
