"""The command `entrepot play`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from runs.room.cli import add_store


def add_play(command: Callable[..., argparse.ArgumentParser], port: Callable[[str], int]) -> None:
    """Adds `play`; ``port`` reads a port number."""
    sub = command("play", play, "open the app in the browser", "entrepot play --port 8765")
    sub.add_argument("scenario", nargs="?", default="japan-2026", help="scenario id or file")
    sub.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 lets the network in"
    )
    sub.add_argument("--port", type=port, default=8765, help="port to listen on")
    sub.add_argument("--no-browser", action="store_true", help="do not open a browser")
    sub.add_argument(
        "--open", metavar="PATH", help="show a run's folder, or a room's export, as it was played"
    )
    sub.add_argument(
        "--share-watch", action="store_true", help="let other machines look at the watch page"
    )
    sub.add_argument(
        "--lean", action="store_true",
        help="work out causes when they are asked for, not ahead: for a slow laptop with a class",
    )  # fmt: skip
    sub.add_argument(
        "--public-url", metavar="URL", default="",
        help="the address by which people come, such as https://class.example.org/entrepot",
    )
    sub.add_argument(
        "--proxy", metavar="ADDRESS", default="",
        help="the reverse proxy in front, whose word on where people come from is taken",
    )  # fmt: skip
    sub.add_argument(
        "--runs", metavar="DIR", default="out",
        help="folder whose runs, ensembles and sweeps can be compared (default out)",
    )  # fmt: skip
    add_store(sub)


def play(args: argparse.Namespace) -> int:
    from runs.seats import Seats
    from runs.web import serve
    from world.scenario import load_scenario

    Seats(load_scenario(args.scenario))  # what is wrong with it is said here, not in the browser
    options: dict[str, Any] = {"store": args.store, "as_json": args.json, "record": args.open,
                               "public_url": args.public_url, "proxy": args.proxy,
                               "share_watch": args.share_watch, "lean": args.lean,
                               "runs": args.runs}  # fmt: skip
    serve(args.host, args.port, not args.no_browser, args.scenario, **options)
    return 0
