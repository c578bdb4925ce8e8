"""The room's door and its pages on a port, without the watch page: STORE PORT HOST_TOKEN."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from runs.pages.routes import page_routes
from runs.room.http import build_api, health
from runs.room.log import Store
from runs.room.server.gate import Gate
from runs.room.server.site import make_site
from runs.room.service import Service


def main() -> None:
    store, port, token = sys.argv[1:]
    service = Service(Store(store), token)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await service.close()

    routes = [Route("/healthz", health(service)), Mount("/api", build_api(service))]
    rooms = Starlette(routes=[*routes, *page_routes(token)], lifespan=lifespan)
    app = Gate(rooms, make_site(), token)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", access_log=False,
                ws_per_message_deflate=False, timeout_graceful_shutdown=1,
                proxy_headers=False)  # fmt: skip


if __name__ == "__main__":
    main()
