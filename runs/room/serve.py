"""The room alone on a port: the same door as beside the pages, for bots, load and fault trials.

python -m runs.room.serve --store rooms.db --port 8766
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import AsyncIterator, Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from runs.room.http import build_api, health
from runs.room.log import Store
from runs.room.server.gate import Gate
from runs.room.server.run import listen_at, serve
from runs.room.server.site import make_site
from runs.room.service import Service


def build_app(
    store: str, host_token: str | None = None, more: Sequence[BaseRoute] = (), host: str = ""
) -> Gate:
    """The room's routes, and ``more``, behind the gate; ``host`` is where the server listens."""
    service = Service(Store(store), host_token)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await service.close()

    routes = [Route("/healthz", health(service)), Mount("/api", build_api(service))]
    app = Starlette(routes=[*routes, *more], lifespan=lifespan)
    return Gate(app, make_site(host=host), service.host_token)


def main() -> None:
    parser = argparse.ArgumentParser(description="Serves rooms on one port, without pages.")
    parser.add_argument("--store", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8766)
    args = parser.parse_args()
    app = build_app(args.store, host=args.host)
    serve(app, listen_at(args.host, args.port), ws_max_size=2**16)


if __name__ == "__main__":
    main()
