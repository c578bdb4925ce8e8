"""From the command to the game: seconds until the room can be joined and the first page is live.

    python -m runs.room.trial.opening --times 5

Every time a new server with a new log, and a new browser. A machine that does something else at
the same time is slower, so the median counts, and the load of the machine stands beside it.
Needs playwright and a Chromium (named in CHROMIUM, or on the path).
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from runs.printing.pdf import find_chromium
from runs.room.trial.client import Server, share, tell

COASTS, FIRST_FIGURE = "svg.map .land", "[data-part=headline] h1"


class App(Server):
    """`entrepot play`, as people start it."""

    module = "runs.cli"
    words: tuple[str, ...] = ("play", "--no-browser")


def open_once(folder: Path) -> dict[str, float]:
    """Seconds from the command until the room answers, the page is served, and it shows figures;
    of the page itself also until bar and coasts stand."""
    began = time.monotonic()
    with App(folder / "rooms.db") as server:
        joinable = time.monotonic() - began
        urllib.request.urlopen(f"{server.address}/", timeout=30).close()
        served = time.monotonic() - began
        coasts, live = _live(server.address)
    return {"joinable_s": joinable, "served_s": served, "coasts_s": coasts,
            "live_in_browser_s": live}  # fmt: skip


def _live(address: str) -> tuple[float, float]:
    """Seconds from the call of the page until its coasts and its first figures stand there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = chromium.new_page()
        began = time.monotonic()
        page.goto(address, wait_until="commit")
        page.locator(COASTS).first.wait_for(state="visible", timeout=60_000)
        coasts = time.monotonic() - began
        page.locator(FIRST_FIGURE).wait_for(timeout=60_000)
        seconds = time.monotonic() - began
        chromium.close()
    return coasts, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="How soon after the command a game is there.")
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    rows = []
    for _ in range(args.times):
        with tempfile.TemporaryDirectory() as folder:
            rows.append(open_once(Path(folder)))
    found: dict[str, Any] = {"times": args.times, "load": round(os.getloadavg()[0], 1)}
    for name in rows[0]:
        seconds = [row[name] for row in rows]
        found[name] = {"p50": round(share(seconds, 0.5), 1), "max": round(max(seconds), 1)}
    tell(found)


if __name__ == "__main__":
    main()
