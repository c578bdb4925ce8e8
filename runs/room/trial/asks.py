"""Requests as a server hands them to the application: raw spellings, any peer, any header."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

STRANGER, HOME = "10.9.9.2", "127.0.0.1"
Headers = dict[str, str]


class Answer(NamedTuple):
    status: int
    headers: dict[str, list[str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


async def ask(
    app: Any, method: str, raw: str, peer: str = STRANGER, headers: Headers | None = None,
    body: bytes = b"", scheme: str = "http", version: str = "1.1",
) -> Answer:  # fmt: skip
    """The answer to a request whose target is ``raw``; a socket's status is that of its close."""
    socket = method == "websocket"
    path, _, query = raw.partition("?")
    named = {"host": "10.9.9.1:8765" if peer == STRANGER else "127.0.0.1:8765", **(headers or {})}
    scope: dict[str, Any] = {
        "type": "websocket" if socket else "http", "asgi": {"version": "3.0"},
        "http_version": version, "server": ("10.9.9.1", 8765), "client": (peer, 5),
        "scheme": {"http": "ws", "https": "wss"}[scheme] if socket else scheme,
        "root_path": "", "path": unquote(path), "raw_path": path.encode("latin-1", "replace"),
        "query_string": query.encode(), "state": {}, "subprotocols": [],
        "headers": [(n.lower().encode(), v.encode("latin-1")) for n, v in named.items()],
    }  # fmt: skip
    if not socket:
        scope["method"] = method
    said: list[MutableMapping[str, Any]] = []
    words = [{"type": "websocket.connect"}] if socket else [
        {"type": "http.request", "body": body, "more_body": False}]  # fmt: skip

    async def receive() -> Any:
        if words:
            return words.pop(0)
        if socket:
            return {"type": "websocket.disconnect"}
        await asyncio.Event().wait()  # the client stays and says no more

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    await app(scope, receive, send)
    if socket:
        first = said[0] if said else {"type": "websocket.close", "code": 0}
        return Answer(101 if first["type"] == "websocket.accept" else 403, {}, b"")
    start = next(one for one in said if one["type"] == "http.response.start")
    told: dict[str, list[str]] = {}
    for name, value in start["headers"]:
        told.setdefault(name.decode().lower(), []).append(value.decode())
    whole = b"".join(m.get("body", b"") for m in said if m["type"] == "http.response.body")
    return Answer(start["status"], told, whole)


class Spy:
    """Stands behind a gate and notes what has come through; answers 299 instead of what is there
    where it ``stops``."""

    def __init__(self, app: Any, stops: bool = False) -> None:
        self.app, self.stops = app, stops
        self.seen: list[MutableMapping[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope)
        if not self.stops:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "http.response.start", "status": 299, "headers": []})
            await send({"type": "http.response.body", "body": b""})


class Place(NamedTuple):
    """An address of the application: as its route is written, and as one may ask for it."""

    template: str
    path: str
    methods: frozenset[str]


VALUES = {
    "code": "KX7MA", "n": "3", "act": "sign", "kind": "cards", "language": "ko",
    "scenario": "japan-2026", "path": "no/such/place",
    "kernel_id": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
}  # fmt: skip


def places(app: Any, before: str = "") -> Iterator[Place]:
    """Every route, mounted application and mounted file of a running application."""
    routes: list[BaseRoute] = getattr(app, "routes", [])
    for one in routes:
        if isinstance(one, Mount):
            yield from places(one.app, before + one.path)
        elif isinstance(one, Route | WebSocketRoute):
            template = before + one.path
            methods = frozenset(getattr(one, "methods", None) or ["websocket"])
            yield Place(template, _filled(template), methods)
        else:
            raise AssertionError(f"a kind of route that nobody thought of: {one!r}")
    if isinstance(app, StaticFiles):
        for path in _files(app):
            yield Place(f"{before}/*", f"{before}/{path}", frozenset({"GET"}))
    elif not routes and hasattr(app, "app"):
        yield from places(app.app, before)
    elif not routes:
        raise AssertionError(f"an application that cannot be looked into: {app!r}")


def _filled(template: str) -> str:
    for name, value in VALUES.items():
        template = template.replace(f"{{{name}}}", value).replace(f"{{{name}:path}}", value)
    assert "{" not in template, template
    return template


def _files(app: StaticFiles) -> Iterator[str]:
    """Two files of each kind that is served, two folders, and a file that is missing."""
    yield "missing.js"
    seen: dict[str, int] = {}
    for folder in app.get_directories(app.directory, app.packages):
        for path in sorted(Path(folder).rglob("*")):
            kind = "/" if path.is_dir() else path.suffix
            seen[kind] = seen.get(kind, 0) + 1
            if seen[kind] <= 2:
                yield path.relative_to(folder).as_posix()


def spellings(path: str) -> list[str]:
    """Other ways to write an address; a lenient server would take them for the same one."""
    first, _, rest = path.lstrip("/").partition("/")
    hexed = "".join(f"%{ord(sign):02x}" for sign in first[:1])
    ways: list[Callable[[], str]] = [
        lambda: f"/{path}", lambda: f"//{path}", lambda: f"/.{path}", lambda: f"/%2e{path}",
        lambda: f"/x/..{path}", lambda: f"/join/..{path}", lambda: f"/join/%2e%2e{path}",
        lambda: f"/join%2f..{path}", lambda: f"/pages/..{path}", lambda: f"/pages/%2e%2e%2f{first}",
        lambda: f"{path}/", lambda: f"{path}/.", lambda: f"{path}//", lambda: f"{path}%00",
        lambda: f"{path};x=1", lambda: f"{path}%3fx", lambda: f"{path}%20", lambda: path.upper(),
        lambda: path.replace("/", "%2f"), lambda: path.replace("/", "\\\\"),
        lambda: f"/{hexed}{first[1:]}/{rest}".rstrip("/"), lambda: f"http://10.9.9.1:8765{path}",
        lambda: f"http://127.0.0.1:8765{path}", lambda: f"{path}#x", lambda: f"{path}?x=1",
        lambda: path.lstrip("/"), lambda: f"/%252e{path}", lambda: f"{path}%0d%0aHost:%20localhost",
    ]  # fmt: skip
    return [way() for way in ways]
