"""The table of what other machines may reach. What is not in it is closed to them.

Patterns are held against the whole decoded path, the very text by which the routes are found, so
another spelling of an address is another address: it is either in the table or closed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from runs.room.server.site import Site

GET, POST, PUT, SOCKET = "GET", "POST", "PUT", "websocket"  # GET stands for HEAD too


class Row(NamedTuple):
    """A kind of address, and how it may be asked."""

    method: str
    path: re.Pattern[str]

    def fits(self, method: str, path: str) -> bool:
        asked = GET if method == "HEAD" else method
        return asked == self.method and self.path.fullmatch(path) is not None


def _rows(method: str, *paths: str) -> list[Row]:
    return [Row(method, re.compile(path)) for path in paths]


ROOM = r"/api/rooms/[\w-]{1,40}"
FILE = r"(?:[\w@+-][\w.@+-]*/)*[\w@+-][\w.@+-]*"  # no hidden ones, and nothing that means something

# Everybody on the network: what a class needs. All calls of a room but its lobby, its QR code and
# the way in ask for a token of that room.
OPEN = (
    *_rows(GET, "/(?:join|seat|projector|console|review)", r"/j/[\w-]{1,40}", "/healthz"),
    *_rows(GET, r"/pages/(?:[a-z]{1,20}/){1,2}[a-z_]{1,40}\.(?:js|css|svg)"),
    *_rows(GET, r"/pages/words/[A-Za-z-]{2,12}\.json", r"/pages/kit/[a-z_]{1,40}\.json"),
    *_rows(GET, r"/pages/scene/[\w.-]{1,200}\.json"),
    *_rows(GET, ROOM, rf"{ROOM}/qr\.svg"),
    *_rows(GET, f"{ROOM}/(?:view|review|story|estimate|ghost|lesson|helpers|wall|export)"),
    *_rows(PUT, f"{ROOM}/orders"),
    *_rows(POST, f"{ROOM}/(?:join|branch|submit|reopen|deals|messages|forecasts|weights|notes)"),
    *_rows(POST, f"{ROOM}/(?:moves|control)", rf"{ROOM}/deals/\d{{1,9}}/(?:sign|withdraw)"),
    *_rows(SOCKET, f"{ROOM}/live"),
)

# Behind a named proxy nobody is on this machine, so what makes rooms is reached from there too.
# The pages are empty shells, and each of the calls asks for the host's token; there are no other
# addresses than the public one, which the start page hears as an empty list.
PROXIED = (
    *_rows(GET, "/start", "/host", "/api/rooms", r"/pages/addresses\.json"),
    *_rows(POST, "/api/rooms", "/api/what-if", "/api/host-pass"),
)

# With --share-watch: the watch page and what it is made of. See `Start.guest` for what it may do.
SHARED = (
    *_rows(GET, "/", r"/own/[a-z_]{1,40}\.(?:js|svg)", f"/static/{FILE}"),
    *_rows(GET, f"/jupyter/nbextensions/{FILE}", f"/_solara/cdn/{FILE}"),
    *_rows(POST, "/_solara/api/close/[0-9a-f-]{36}"),
    *_rows(SOCKET, "/jupyter/api/kernels/[0-9a-f-]{36}/channels"),
)


def may_reach(site: Site, method: str, path: str, proxied: bool = False) -> bool:
    """Whether a machine that is not this one is answered at an address."""
    rows = OPEN + (PROXIED if proxied else ()) + (SHARED if site.shared else ())
    return any(row.fits(method, path) for row in rows)
