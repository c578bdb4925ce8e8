"""The outermost gate: who asks, by which name, from which page, and whether that may be reached.

Every request and every websocket passes here before anything else sees it. Below the gate nothing
depends on what a client says about itself: where it comes from, by which address it was asked and
below which prefix the pages stand are written by the gate (`Caller`), and only those headers that
the rooms and pages read are handed on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from runs.room.address import LOOPBACK
from runs.room.guard import answer
from runs.room.say import Say
from runs.room.server.passes import shows_pass
from runs.room.server.reach import GET, SOCKET, may_reach
from runs.room.server.site import Site, is_loopback, read_address

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Any]

HERE, HOST, AWAY = "here", "host", "away"  # this machine; behind a proxy with the host's pass; else
CALLER = "entrepot"  # the key of the Caller in a scope
CALLER_HEADER = b"entrepot-caller"  # the same word for Solara, which hands on headers alone
MISDIRECTED, POLICY_VIOLATION = 421, 1008
OLD_HTTP = "1.0"  # no browser speaks it, but relays that were not named do

# Headers of a request that something below the gate reads. All others end here: above all those
# that claim an address, a prefix or a scheme (X-Script-Name, Forwarded, X-Forwarded-* ...).
READ = frozenset(
    b"host accept accept-encoding accept-language authorization connection content-encoding "
    b"content-length content-type cookie entrepot-device if-match if-modified-since if-none-match "
    b"if-range if-unmodified-since origin range sec-fetch-dest sec-fetch-mode sec-fetch-site "
    b"sec-websocket-extensions sec-websocket-key sec-websocket-protocol sec-websocket-version "
    b"transfer-encoding upgrade user-agent".split()
)
# A request with one of these came through something between us and its sender.
PASSED_ON = frozenset(
    b"forwarded via x-real-ip client-ip x-client-ip x-cluster-client-ip true-client-ip "
    b"cf-connecting-ip cf-ray fastly-client-ip x-original-forwarded-for x-original-host "
    b"x-envoy-external-address".split()
)
# Of every answer that does not say otherwise itself.
HEADERS = (
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                                 b"form-action 'none'; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
)  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """Who asks."""

    kind: str = AWAY
    address: str = ""  # of the machine that asks, as we or the trusted proxy see it
    site: Site = field(default_factory=Site)

    @property
    def trusted(self) -> bool:
        """Whether this is the machine that runs the server, or the host behind the proxy."""
        return self.kind != AWAY


def caller_of(scope: Scope) -> Caller:
    """Who asks; a stranger where no gate stands before the application."""
    found = scope.get(CALLER)
    return found if isinstance(found, Caller) else Caller()


class Refusal(Exception):
    """What does not come in: a status, and a key of ``refuse`` in the catalogues."""

    def __init__(self, status: int, key: str, **values: Any) -> None:
        super().__init__(key)
        self.status, self.say = status, Say(f"refuse.{key}", values)


class Gate:
    """ASGI middleware, to stand outside of everything. ``closed`` answers what may not be reached
    as what is not there is answered."""

    def __init__(
        self, app: App, site: Site, host_token: str, closed: App | None = None
    ) -> None:
        self.app, self.site, self.host_token, self.closed = app, site, host_token, closed

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] not in ("http", "websocket"):
            return  # nothing else is known here
        send = send if scope["type"] == "websocket" else _with_headers(send)
        try:
            inner, caller = self._known(scope)
        except Refusal as no:
            await _refuse(scope, receive, send, no)
            return
        await self._let_in(inner, caller, receive, send)

    def _known(self, scope: Scope) -> tuple[Scope, Caller]:
        """The request as it is seen below the gate, and who sends it; raises Refusal."""
        headers = [(name.lower(), value) for name, value in scope["headers"]]
        peer, scheme = str((scope.get("client") or ("",))[0]), str(scope["scheme"])
        proxied = self.site.is_proxy(peer)
        if proxied:  # it knows by which name people reach it, and that has been said at the start
            peer, host, scheme = sender(headers) or peer, self.site.netloc, self.site.scheme
        else:
            host = _host(headers, self.site)
            scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
        kind = AWAY
        if not self.site.proxies and scope.get("http_version") != OLD_HTTP and (
            _is_here(peer, host, headers)
        ):
            kind = HERE
        elif proxied and shows_pass(headers, self.host_token):
            kind = HOST
        own = (f"{scheme}://{host}", self.site.origin)
        if scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD"):
            _from_our_page(headers, own)
        caller = Caller(kind, peer, self.site)
        path = self._path(scope["path"])
        sent = [(name, value) for name, value in headers if name in READ and name != b"host"]
        secure = scheme == "https"
        inner = {
            **scope,
            "client": (peer, (scope.get("client") or ("", 0))[1]),
            "path": path, "raw_path": quote(path).encode(), "root_path": "",
            "scheme": scheme if scope["type"] == "http" else "wss" if secure else "ws",
            "headers": [(b"host", host.encode("latin-1")), *sent, (CALLER_HEADER, kind.encode())],
            CALLER: caller, "proxied": proxied,
        }  # fmt: skip
        return inner, caller

    def _path(self, path: str) -> str:
        """The path without the prefix; a proxy may have taken it away, or left it."""
        prefix = self.site.prefix
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            return path[len(prefix) :]  # "" for the bare prefix
        return path

    async def _let_in(self, scope: Scope, caller: Caller, receive: Any, send: Any) -> None:
        socket = scope["type"] == "websocket"
        method, path = SOCKET if socket else scope["method"], scope["path"]
        bare = path == "/" and not scope["query_string"] and method in (GET, "HEAD")
        if path == "" and not socket:  # pages stand below the prefix, not at it
            await _redirect(send, f"{self.site.prefix}/")
        elif bare and not caller.trusted:  # a class that types the bare address wants to join
            await _redirect(send, f"{self.site.prefix}/join")
        elif caller.trusted or may_reach(self.site, method, path, scope["proxied"]):
            await self.app(scope, receive, send)
        elif socket:
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        elif path == "/" and method in (GET, "HEAD"):
            await _redirect(send, f"{self.site.prefix}/join")
        elif path.startswith("/api/") or self.closed is None:
            await _json(send, 404, {"error": "Not Found.", "field": None})
        else:
            await self.closed(scope, receive, send)


def _host(headers: list[tuple[bytes, bytes]], site: Site) -> str:
    """Name and port by which we were asked; raises Refusal for a name that is not ours."""
    found = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
    try:
        parts = urlsplit(f"//{found[0]}") if len(found) == 1 else None
        fine = parts is not None and parts.netloc == found[0] and not parts.username
        name = (parts.hostname or "") if parts is not None and fine else ""
        _ = parts.port if parts is not None else None
    except ValueError:
        name = ""
    if not name or not site.knows(name):
        raise Refusal(MISDIRECTED, "host_name", name=name[:60] or "–")
    return found[0]


def _is_here(peer: str, host: str, headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether this machine asks itself: by its address, by the name that it has for itself, and
    with nothing in between. A tunnel from elsewhere ends here too and may call us localhost, but
    says in a header for whom it asks."""
    passed_on = any(
        name in PASSED_ON or name.startswith(b"x-forwarded-") for name, _ in headers
    )
    return is_loopback(peer) and urlsplit(f"//{host}").hostname in LOOPBACK and not passed_on


def sender(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The address that the proxy saw: the last one that it wrote, "" where it wrote none."""
    told = [value for name, value in headers if name.lower() == b"x-forwarded-for"]
    last = told[-1].decode("latin-1").rpartition(",")[2].strip() if told else ""
    found = read_address(last.strip("[]"))
    return "" if found is None else str(found)


def _from_our_page(headers: list[tuple[bytes, bytes]], own: tuple[str, str]) -> None:
    """Raises Refusal where a page of another site asks for something that may change something.
    What is no browser says nothing of a page."""
    origins = [value.decode("latin-1").lower() for name, value in headers if name == b"origin"]
    sites = [value for name, value in headers if name == b"sec-fetch-site"]
    foreign = any(not one or one not in own for one in origins)
    if foreign or any(one not in (b"same-origin", b"none") for one in sites):
        raise Refusal(403, "other_site")


# --- answers of the gate itself -------------------------------------------------------------------


def _with_headers(send: Any) -> Any:
    """Adds what every answer says to the browser, where it does not say so itself."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            said = {name.lower() for name, _ in message.get("headers", ())}
            more = [row for row in HEADERS if row[0] not in said]
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await send(message)

    return sending


async def _refuse(scope: Scope, receive: Any, send: Any, no: Refusal) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
    elif scope["method"] == GET and "/api/" not in scope["path"]:  # somebody reads it in a browser
        await _plain(send, no.status, no.say.english)
    else:
        await answer(send, no.status, no.say)


async def _plain(send: Any, status: int, text: str) -> None:
    body = f"{text}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"),
               (b"content-length", str(len(body)).encode())]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _redirect(send: Any, to: str) -> None:
    headers = [(b"location", to.encode()), (b"content-length", b"0")]
    headers.append((b"cache-control", b"no-store"))
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _json(send: Any, status: int, told: Any) -> None:
    body = json.dumps(told).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
