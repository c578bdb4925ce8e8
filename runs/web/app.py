"""The one web process: the room's door under /api, its pages, and the watch page beside them.

Whatever else is served is handed to `build_app` as routes; all of them come before Solara, and at
every address that is left stands one sentence with the ways from there.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import threading
import warnings
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from runs.web.settings import apply_settings

apply_settings()

import solara.server.starlette as solara_server  # noqa: E402
import uvicorn  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette.middleware.gzip import GZipMiddleware  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import HTMLResponse, RedirectResponse, Response  # noqa: E402
from starlette.routing import BaseRoute, Mount, Route  # noqa: E402
from starlette.staticfiles import StaticFiles  # noqa: E402

# Brings pandas too: Solara looks into a half-imported pandas if a thread imports it meanwhile.
import runs.game  # noqa: E402, F401
from runs.pages.routes import lost, page_routes  # noqa: E402
from runs.room.address import LOOPBACK  # noqa: E402
from runs.room.http import build_api, health  # noqa: E402
from runs.room.quiet import be_quiet  # noqa: E402
from runs.room.service import Service  # noqa: E402
from runs.web import WebUnavailable  # noqa: E402
from runs.web.desk import warm_up  # noqa: E402
from runs.web.start import Defaults, Start, record_of  # noqa: E402

STATIC = Path(__file__).parent / "static"
log = logging.getLogger(__name__)

# What Solara's shell lacks: the language for screen readers, leave to zoom, and our looks.
_SHELL = {
    "<html>": '<html lang="en">',
    ", maximum-scale=1, user-scalable=no, minimal-ui": "",
    "/static/assets/favicon.png": "/own/icon.svg",
    "/static/assets/favicon.svg": "/own/icon.svg",
    "</head>": '<link rel="stylesheet" href="/own/page.css"></head>',
}


def build_app(scenario: str, service: Service, more: Sequence[BaseRoute] = ()) -> Starlette:
    """The application; `scenario` is shown by a page that names none in its address: a scenario,
    or the name of the recorded run in `Defaults.record`. The service ends with the application.
    """
    Defaults.start = Start(scenario=scenario)
    # The first page should not wait for what every page needs.
    threading.Thread(target=warm_up, args=(Defaults.start,), daemon=True).start()

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with solara_server.lifespan(app):
            yield
            await service.close()

    return Starlette(
        routes=[
            Route("/healthz", health(service)),
            Mount("/api", build_api(service)),
            *more,
            *page_routes(service.host_token, "" if record_of(scenario) else scenario),
            Mount("/own", StaticFiles(directory=STATIC)),
            Route("/", _index),
            Mount("/", routes=[*_own_routes(), Route("/{path:path}", lost)]),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        lifespan=lifespan,
    )


def _own_routes() -> list[BaseRoute]:
    """Solara's routes without those that answer every address with an empty page of its own."""
    return [one for one in solara_server.routes if not getattr(one, "path", "").startswith("/{")]


async def _index(request: Request) -> Response:
    # A class that types the bare address wants to join, not to start thirty worlds here.
    away = request.client is not None and request.client.host not in LOOPBACK
    if away and not request.url.query:
        return RedirectResponse("/join", 303)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # on cookies inside other sites' frames
        response: Response = await solara_server.root(request)
    if not isinstance(response, HTMLResponse):
        return response
    text = bytes(response.body).decode()
    for old, new in _SHELL.items():
        text = text.replace(old, new)
    response.body = text.encode()
    response.headers["content-length"] = str(len(response.body))
    response.headers["cache-control"] = "no-store"
    return response


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, or WebUnavailable with one sentence; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as problem:
        listener.close()
        reason = problem.strerror or str(problem)
        taken = problem.errno in (errno.EADDRINUSE, errno.EACCES)
        raise WebUnavailable(
            f"Cannot serve at {host} port {port} ({reason}): choose another with "
            + ("--port." if taken else "--host; 127.0.0.1 is this machine, 0.0.0.0 the network.")
        ) from problem
    listener.listen(128)
    return listener


def run_server(app: Starlette, listener: socket.socket) -> None:
    """Serve until interrupted. One worker: a page's game lives in this process."""
    be_quiet()
    config = uvicorn.Config(
        app, log_level="warning", workers=1, timeout_graceful_shutdown=2, ws_max_size=2**22,
        ws_per_message_deflate=False,  # a class's payloads are small; deflating them is not
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])
