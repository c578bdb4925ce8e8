"""How many watch pages there may be: each is a game, a thread and a connection of this process.

Solara calls what stands behind a page its kernel. One whose browser is not connected makes place
for a new page; where all are looked at, the next comer reads a sentence and tries again later.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from solara.server import kernel_context
from solara.server.kernel_context import PageStatus
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runs.pages.routes import sentence
from runs.room.server.bucket import Bucket
from runs.room.server.connections import settle
from runs.room.server.gate import CALLER, caller_of
from runs.room.server.site import is_loopback
from runs.web.memory import give_back_soon

MOST_PAGES = 24
MOST_GUESTS = 20  # of all other machines; the rest is for this one
MOST_OF_ADDRESS = 8  # of one other machine
MOST_LINES = 3  # websockets of one page, which has two while it connects again
RATE, BURST = 40.0, 600.0  # messages of a page a second, and at once
SLOW_S = 0.1  # by which a message is held back that comes too fast
FOLDER = "/jupyter/api/kernels/"
WAYS = ("start", "join")  # for who finds no place


class Pages:
    """Which pages are open, from which address; ``limit`` is ASGI middleware around Solara."""

    def __init__(self) -> None:
        self._lines: Counter[str] = Counter()  # open websockets by kernel
        self._whence: dict[str, str] = {}  # address by kernel
        self._guests: set[str] = set()  # kernels of other machines

    def has_place(self, address: str, guest: bool | None = None) -> bool:
        """Whether another page could be opened from an address; ``guest`` says whether that is
        another machine, which is told by the address alone otherwise."""
        return self._place(address, guest) is not None

    def _place(self, address: str, guest: bool | None = None) -> list[str] | None:
        """Kernels to be let go for one more page; None where there is no place for it."""
        guest = not is_loopback(address) if guest is None else guest
        known = set(kernel_context.contexts) | set(self._lines)
        self._whence = {kernel: self._whence.get(kernel, "") for kernel in known}
        mine = [kernel for kernel in known if self._whence[kernel] == address]
        idle = [kernel for kernel in list(kernel_context.contexts) if not self._looked_at(kernel)]
        gone: list[str] = []
        self._guests &= known
        for group, most in ((mine, MOST_OF_ADDRESS), (list(self._guests), MOST_GUESTS)):
            if guest and len(group) - len([kernel for kernel in gone if kernel in group]) >= most:
                own = [kernel for kernel in idle if kernel in group and kernel not in gone]
                if not own:
                    return None
                gone.append(own[0])
        if len(known) - len(gone) >= MOST_PAGES:
            others = [kernel for kernel in idle if kernel not in gone]
            if not others:
                return None
            gone.append(others[0])
        return gone

    def _looked_at(self, kernel: str) -> bool:
        context = kernel_context.contexts.get(kernel)
        return bool(self._lines[kernel]) or (context is not None and is_connected(context))

    def limit(self, app: ASGIApp) -> ASGIApp:
        """The application, whose pages are counted."""

        async def limited(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "websocket" and scope["path"].startswith(FOLDER):
                await self._page(app, scope, receive, send)
            else:
                await app(scope, receive, send)

        return limited

    async def _page(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        kernel = scope["path"].removeprefix(FOLDER).partition("/")[0]
        gone = self._admit(kernel, (scope.get("client") or ("?",))[0], _is_guest(scope))
        if gone is None:
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        self._lines[kernel] += 1  # who comes meanwhile sees it
        settle(scope)
        try:
            for one in gone:
                context = kernel_context.contexts.get(one)
                if context is not None and not self._looked_at(one):
                    await asyncio.to_thread(context.close, "evicted")
            await app(scope, _slowly(receive), send)
        finally:
            self._lines[kernel] -= 1
            if not self._lines[kernel]:
                del self._lines[kernel]
            give_back_soon()

    def _admit(
        self, kernel: str, address: str, guest: bool | None = None
    ) -> list[str] | None:
        """Kernels to be let go for a websocket of this one; None where it is not taken."""
        if kernel in kernel_context.contexts or kernel in self._lines:
            return [] if self._lines[kernel] < MOST_LINES else None
        gone = self._place(address, guest)
        if gone is not None:
            self._whence[kernel] = address
            if guest if guest is not None else not is_loopback(address):
                self._guests.add(kernel)
        return gone


pages = Pages()


def full(request: Request) -> Response | None:
    """What a browser reads that finds no place for a page; None where there is one."""
    whence = request.client.host if request.client else "?"
    if pages.has_place(whence, _is_guest(request.scope)):
        return None
    answer = sentence(request, "full.text", 503, WAYS)
    answer.headers["retry-after"] = "30"
    return answer


def _is_guest(scope: Scope) -> bool | None:
    """Whether another machine asks, as the gate has seen; None where no gate stands before us."""
    return not caller_of(scope).trusted if CALLER in scope else None


def is_connected(context: Any) -> bool:
    """Whether a browser is connected to a kernel."""
    return PageStatus.CONNECTED in list(context.page_status.values())


def connected() -> Callable[[], bool]:
    """Says at any time whether the browser of the page that is being made is connected."""
    context = kernel_context.get_current_context()
    return lambda: is_connected(context)


def _slowly(receive: Receive) -> Receive:
    """The messages of a page, held back where they come too fast."""
    bucket = Bucket(BURST, time.monotonic())

    async def held() -> Message:
        message = await receive()
        while not bucket.take(time.monotonic(), RATE, BURST):
            await asyncio.sleep(SLOW_S)
        return message

    return held
