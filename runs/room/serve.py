"""The room alone on a port: the same door as beside the pages, for bots, load and fault trials.

python -m runs.room.serve --store rooms.db --port 8766
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from runs.room.http import build_api, health
from runs.room.log import Store
from runs.room.quiet import be_quiet
from runs.room.service import Service


def build_app(store: str, host_token: str | None = None) -> Starlette:
    """The room's routes as an application of their own."""
    service = Service(Store(store), host_token)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await service.close()

    routes = [Route("/healthz", health(service)), Mount("/api", build_api(service))]
    return Starlette(routes=routes, lifespan=lifespan)


def main() -> None:
    parser = argparse.ArgumentParser(description="Serves rooms on one port, without pages.")
    parser.add_argument("--store", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8766)
    args = parser.parse_args()
    app = build_app(args.store)
    be_quiet()
    uvicorn.run(
        app, host=args.host, port=args.port, log_level="warning", ws_per_message_deflate=False,
        timeout_graceful_shutdown=2, ws_max_size=2**16, access_log=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
