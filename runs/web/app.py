"""The one web process: the room's door under /api, its pages, and the watch page beside them.

Whatever else is served is handed to `build_app` as routes; all of them come before Solara, and at
every address that is left stands one sentence with the ways from there.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import re
import secrets
import socket
import threading
import warnings
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from runs.web.settings import apply_settings

apply_settings()

import solara.server.settings as solara_settings  # noqa: E402
import solara.server.starlette as solara_server  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette.middleware.gzip import GZipMiddleware  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import HTMLResponse, Response  # noqa: E402
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute  # noqa: E402
from starlette.staticfiles import StaticFiles  # noqa: E402
from starlette.websockets import WebSocket  # noqa: E402

# Brings pandas too: Solara looks into a half-imported pandas if a thread imports it meanwhile.
import runs.game  # noqa: E402, F401
from runs.pages.routes import lost, page_marks, page_routes  # noqa: E402
from runs.room.http import build_api, health  # noqa: E402
from runs.room.server.gate import Gate, caller_of  # noqa: E402
from runs.room.server.run import listen_at, serve  # noqa: E402
from runs.room.server.site import Site  # noqa: E402
from runs.room.service import Service  # noqa: E402
from runs.web import WebUnavailable  # noqa: E402
from runs.web.beside import beside  # noqa: E402
from runs.web.compare import compare_routes, shelf  # noqa: E402
from runs.web.desk import warm_up  # noqa: E402
from runs.web.kernels import full, pages  # noqa: E402
from runs.web.memory import few_heaps  # noqa: E402
from runs.web.share import share  # noqa: E402
from runs.web.shelf import Bench  # noqa: E402
from runs.web.start import Defaults, Start, name_of, record_of  # noqa: E402

STATIC = Path(__file__).parent / "static"
log = logging.getLogger(__name__)

# What Solara's shell lacks: the language for screen readers, leave to zoom, and the page itself,
# which stands before its application and is there at once: bar, sea and coasts need no run.
_SHELL = {
    "<html>": '<html lang="en">',
    ", maximum-scale=1, user-scalable=no, minimal-ui": "",
    "{root}/static/assets/favicon.png": "{root}/own/icon.svg",
    "{root}/static/assets/favicon.svg": "{root}/own/icon.svg",
    "</head>": '<link rel="stylesheet" href="{root}/pages/kit/stage.css">'
    '<link rel="stylesheet" href="{root}/pages/kit/parts.css">'
    '<link rel="stylesheet" href="{root}/pages/watch/watch.css">'
    '<script src="{root}/pages/shell/trouble.js"></script>'
    '<script type="module" src="{root}/pages/watch/watch.js"></script></head>',
    '<body data-base-url="{root}/jupyter/">':
        '<body data-base-url="{root}/jupyter/" class="st" data-page="watch"{marks}><div id="page">'
        "</div>",
}
_SCRIPT = re.compile(r"<script(?=[\s>])")
# Files that Solara's page loads. Its own routes also fetch and delete files at the word of a
# request (`_solara/cdn`), tell of every kernel (/resourcez) or end them: none of that is here.
_FILES = {
    "/static/assets": solara_server.StaticAssets(),
    "/jupyter/nbextensions": solara_server.StaticNbFiles(),
    "/static": StaticFiles(directory=solara_server.server.solara_static),
    "/_solara/cdn": StaticFiles(directory=solara_settings.assets.proxy_cache_dir),
}


def build_app(
    scenario: str, service: Service, more: Sequence[BaseRoute] = (), site: Site | None = None
) -> Gate:
    """The application; `scenario` is shown by a page that names none in its address: a scenario,
    or the name of the recorded run in `Defaults.record`. The service ends with the application.
    """
    site, Defaults.file = site or Site(), None
    Defaults.start = Start(scenario=name_of(scenario))
    service.own = Defaults.file
    # Both would be taken from the first request otherwise, and kept for everybody.
    solara_settings.main.root_path = site.prefix
    solara_settings.main.base_url = f"{site.public or 'http://localhost'}/"
    share.in_rooms = service.has_people
    few_heaps()
    # The first page should not wait for what every page needs.
    threading.Thread(
        target=warm_up, args=(Defaults.start,), daemon=True, name="entrepot-ahead"
    ).start()

    bench = Bench(shelf)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with solara_server.lifespan(app):
            beside.open()
            yield
            bench.close()
            await beside.close()
            await service.close()

    app = Starlette(
        routes=[
            Route("/healthz", health(service)),
            Mount("/api", build_api(service)),
            *more,
            *compare_routes(bench),
            *page_routes(service.host_token, "" if record_of(scenario) else scenario),
            Mount("/own", StaticFiles(directory=STATIC)),
            Route("/", _index),
            *_solara_routes(),
            Route("/{path:path}", lost),
        ],
        middleware=[Middleware(pages.limit), Middleware(GZipMiddleware, minimum_size=1000)],
        lifespan=lifespan,
    )
    return Gate(app, site, service.host_token, Route("/{path:path}", lost).app)


def _solara_routes() -> list[BaseRoute]:
    """Solara's socket, its farewell and its files; nothing else of it is served."""
    return [
        WebSocketRoute("/jupyter/api/kernels/{kernel_id}/channels", _kernel),
        Route("/_solara/api/close/{kernel_id}", _close, methods=["POST"]),
        *(Mount(path, app) for path, app in _FILES.items()),
    ]


async def _kernel(socket: WebSocket) -> None:
    """The line of a watch page. How many there may be is bounded by `runs.web.kernels`."""
    if not socket.query_params.get("session_id"):
        await socket.close()
        return
    await solara_server.kernel_connection(socket)


def _close(request: Request) -> Response:
    """A page that goes away says so."""
    if not request.query_params.get("session_id"):
        return Response(status_code=422)
    answer: Response = solara_server.close(request)
    return answer


async def _index(request: Request) -> Response:
    if (sorry := full(request)) is not None:
        return sorry
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # on cookies inside other sites' frames
        response: Response = await solara_server.root(request)
    if not isinstance(response, HTMLResponse):
        return response
    root, nonce = caller_of(request.scope).site.prefix, secrets.token_urlsafe(16)
    marks = page_marks(request)
    text = bytes(response.body).decode()
    for old, new in _SHELL.items():
        text = text.replace(old.format(root=root), new.format(root=root, marks=marks))
    response.body = _SCRIPT.sub(f'<script nonce="{nonce}"', text).encode()
    _set_headers(response, request, nonce)
    return response


def _set_headers(response: Response, request: Request, nonce: str) -> None:
    """What the watch page may load, and a session's cookie that no other site can send."""
    host = request.headers["host"]
    # 'unsafe-eval': its parts are Vue templates that are compiled in the browser. Styles are
    # written into the page by Vuetify; a script without the nonce or from elsewhere does not run.
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'self' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        f"connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'none'; "
        "object-src 'none'; frame-ancestors 'none'"
    )
    response.headers["content-length"] = str(len(response.body))
    response.headers["cache-control"] = "no-store"
    response.headers["content-security-policy"] = policy
    prefix = caller_of(request.scope).site.prefix
    cookies = response.headers.getlist("set-cookie")
    del response.headers["set-cookie"]
    for cookie in cookies:
        named = re.sub(r"samesite=\w+", "SameSite=Strict", cookie, flags=re.IGNORECASE)
        response.headers.append("set-cookie", re.sub(r"Path=/(?=;|$)", f"Path={prefix}/", named))


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, or WebUnavailable with one sentence; port 0 takes a free one."""
    try:
        return listen_at(host, port)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        taken = problem.errno in (errno.EADDRINUSE, errno.EACCES)
        raise WebUnavailable(
            f"Cannot serve at {host} port {port} ({reason}): choose another with "
            + ("--port." if taken else "--host; 127.0.0.1 is this machine, 0.0.0.0 the network.")
        ) from problem


def run_server(app: Gate, *listeners: socket.socket) -> None:
    """Serve until interrupted. One worker: a page's game lives in this process."""
    serve(app, *listeners, ws_max_size=2**22)
