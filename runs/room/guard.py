"""Limits at the door: size of bodies and rate of requests, before anything is parsed.

Every token has a bucket of its own, and who shows none is counted by address. So a flood from one
client empties its own bucket and nobody else's; what comes too fast is answered late, which slows
a client that waits for its answers.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from runs.room.say import Say
from runs.room.server.bucket import Bucket
from runs.room.server.connections import prove

MOST_BYTES = 64 * 1024
RATE, BURST = 20.0, 120.0  # requests a second of one token, and at once
STRANGER_RATE, STRANGER_BURST = 60.0, 600.0  # of one address without a token
LATE_SECONDS = 1.0
MOST_LATE = 64  # answers of one client that are held back at once; holding one costs nothing
MOST_BUCKETS = 5000

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Any]


class Guard:
    """ASGI middleware. ``knows`` says whether a token is one of ours."""

    def __init__(self, app: App, knows: Callable[[str], bool]) -> None:
        self.app, self.knows = app, knows
        self._buckets: dict[str, Bucket] = {}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        bucket, fine = self._count(scope)
        if scope["type"] == "websocket":
            if fine:
                await self.app(scope, receive, send)
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1013})
            return
        if not fine:
            await self._late(bucket)
            await answer(send, 429, Say("refuse.too_fast"))
            return
        await self._sized(scope, receive, send)

    def _count(self, scope: Scope) -> tuple[Bucket, bool]:
        token = bearer(scope)
        known = bool(token) and self.knows(token)
        if known:
            prove(scope, token)
        key = token if known else f"from {(scope.get('client') or ('?',))[0]}"
        now = time.monotonic()
        if key not in self._buckets:
            if len(self._buckets) >= MOST_BUCKETS:
                oldest = min(self._buckets, key=lambda name: self._buckets[name].at)
                del self._buckets[oldest]
            self._buckets[key] = Bucket(BURST if known else STRANGER_BURST, now)
        bucket = self._buckets[key]
        limits = (RATE, BURST) if known else (STRANGER_RATE, STRANGER_BURST)
        return bucket, bucket.take(now, *limits)

    async def _late(self, bucket: Bucket) -> None:
        if bucket.late < MOST_LATE:
            bucket.late += 1
            try:
                await asyncio.sleep(LATE_SECONDS)
            finally:
                bucket.late -= 1

    async def _sized(self, scope: Scope, receive: Any, send: Any) -> None:
        """Hands on a request whose body is read whole first and is not too long."""
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return  # the client has gone
            size += len(message.get("body", b""))
            if size > MOST_BYTES:
                await answer(send, 413, Say("refuse.too_long", {"n": MOST_BYTES}))
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                break
        told = False

        async def again() -> Any:
            nonlocal told
            if told:
                return await receive()
            told = True
            return {"type": "http.request", "body": b"".join(parts), "more_body": False}

        await self.app(scope, again, send)


def bearer(scope: Scope) -> str:
    """The token of a request, "" without one."""
    for name, value in scope.get("headers", ()):
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" else ""
    return ""


async def answer(send: Any, status: int, say: Say) -> None:
    """An answer of the guard itself, in the form of the door's refusals."""
    told = {"error": say.english, "field": None, "say": say.row}
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
