"""The room with its pages on one port, for a rehearsal: what a class meets, without the watch page.

python -m runs.room.trial.hall --store rooms.db --port 8766
"""

from __future__ import annotations

import argparse
import os

import uvicorn

from runs.pages.routes import page_routes
from runs.room.quiet import be_quiet
from runs.room.serve import build_app
from runs.room.trial.client import Server


class Hall(Server):
    """The same as a process of its own."""

    module = "runs.room.trial.hall"


def main() -> None:
    parser = argparse.ArgumentParser(description="Serves rooms and their pages on one port.")
    parser.add_argument("--store", required=True)
    parser.add_argument("--port", type=int, default=8766)
    args = parser.parse_args()
    app = build_app(args.store)
    app.router.routes.extend(page_routes(os.environ.get("ENTREPOT_HOST_TOKEN")))
    be_quiet()
    uvicorn.run(
        app, host="127.0.0.1", port=args.port, log_level="warning", access_log=False,
        ws_per_message_deflate=False, timeout_graceful_shutdown=2,
    )  # fmt: skip


if __name__ == "__main__":
    main()
