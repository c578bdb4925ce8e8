"""The room's door and its pages on a port, without the watch page: STORE PORT HOST_TOKEN."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from runs.pages.routes import page_routes
from runs.room.http import build_api, health
from runs.room.log import Store
from runs.room.server.gate import Gate
from runs.room.server.run import listen_at, serve
from runs.room.server.site import make_site
from runs.room.service import Service
from runs.web.compare import compare_routes, shelf
from runs.web.shelf import Bench
from runs.web.start import Defaults


def main() -> None:
    store, port, token = sys.argv[1:]
    service = Service(Store(store), token)
    Defaults.runs = Path(store).parent / "out"
    bench = Bench(shelf)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        bench.close()
        await service.close()

    routes = [Route("/healthz", health(service)), Mount("/api", build_api(service))]
    routes += [*compare_routes(bench), *page_routes(token)]
    rooms = Starlette(routes=routes, lifespan=lifespan)
    app = Gate(rooms, make_site(), token)
    serve(app, listen_at("127.0.0.1", int(port)), timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
