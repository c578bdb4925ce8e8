"""A phone loses the network for a while: is its page live again by itself, and is the draft kept?

    python -m runs.room.trial.cuts --seconds 3,10,60

A real browser plays through a relay that goes silent, as Wi-Fi does: nothing is refused, nothing
arrives. What was typed and not sent, and what was sent into the silence, must both be there after.
Needs playwright and a Chromium (named in CHROMIUM, or on the path).
"""

from __future__ import annotations

import argparse
import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from runs.printing.pdf import find_chromium
from runs.room.trial.client import Door, Server, free_port, patient_room, running, tell
from runs.room.trial.hall import Hall

if TYPE_CHECKING:
    from playwright.async_api import Page

DRAFT, SENT = "35", "40"  # typed and left alone; ordered while the line is dead
PATIENCE_S = 30.0


class Relay:
    """A port that passes bytes on to a server, and can fall silent without closing anything."""

    def __init__(self, port: int) -> None:
        self.to, self.port = port, free_port()
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server | None = None
        self._pipes: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)

    def cut(self) -> None:
        self._open.clear()

    def mend(self) -> None:
        self._open.set()

    async def close(self) -> None:
        self.mend()
        if self._server is not None:
            self._server.close()
        for pipe in self._pipes:
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    async def _meet(self, inward: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        await self._open.wait()  # a connection that is asked for in the silence hangs
        outward, on = await asyncio.open_connection("127.0.0.1", self.to)
        for source, sink in ((inward, on), (outward, back)):
            pipe = asyncio.create_task(self._pass(source, sink))
            self._pipes.add(pipe)
            pipe.add_done_callback(self._pipes.discard)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                await self._open.wait()
                sink.write(data)
                await sink.drain()
        sink.close()


async def cut(server: Server, seconds: float) -> dict[str, Any]:
    """Figures of one cut; ``draft_kept``, ``order_saved`` and ``up_to_date`` must be true."""
    from playwright.async_api import async_playwright

    made, control, seat = await patient_room(server.address)
    relay = Relay(int(server.port))
    await relay.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{relay.port}/seat#{made['code']}.{seat.token}")
        await control.act("start")
        try:
            found = await _cut(page, relay, control, seconds)
            _, view = await seat.call("GET", "/view")  # before the page is closed, which saves
        finally:
            await browser.close()
            await relay.close()
    orders = {one["lever"]: one["value"] for one in view["orders"]}
    saved = orders == {"stockpile_release": 0.4}
    return {"seconds": seconds, **found, "orders": orders, "order_saved": saved}


async def _cut(page: Page, relay: Relay, control: Door, seconds: float) -> dict[str, Any]:
    await page.click("#all-levers", timeout=60_000)
    await page.click(".goal >> text=Stockpile")
    await page.wait_for_selector("#l-stockpile_release:enabled", timeout=60_000)
    await page.wait_for_selector("#l-origin_tracing:enabled")
    relay.cut()
    began = time.monotonic()
    await page.click("#l-stockpile_release")
    await page.keyboard.press("Control+a")
    await page.keyboard.type(SENT)
    await page.keyboard.press("Enter")
    await page.click("#l-origin_tracing")
    await page.keyboard.press("Control+a")
    await page.keyboard.type(DRAFT)  # left half-done, without Enter
    await control.act("message", to="all", text="while you were away")
    said = None
    while time.monotonic() < began + seconds:
        await asyncio.sleep(0.25)
        if said is None and await page.locator(".net.off").count():
            said = time.monotonic() - began
    kept = await page.input_value("#l-origin_tracing") == DRAFT
    relay.mend()
    mended = time.monotonic()
    heard = "document.querySelector('#tab-messages').textContent.includes('(1')"
    live = await _until(page, f"!document.querySelector('.net.off') && {heard}")
    saved = await _until(page, "document.querySelector(\"[id='l-stockpile_release-s'] .ok\")")
    text = await page.input_value("#l-origin_tracing")
    kept = kept and text == DRAFT
    return {
        "told_after_s": None if said is None else round(said, 1),
        "live_after_s": live and round(live - mended, 1),
        "saved_after_s": saved and round(saved - mended, 1),
        "up_to_date": live is not None, "draft": text, "draft_kept": kept,
    }  # fmt: skip


async def _until(page: Page, wanted: str) -> float | None:
    """When something became true in the page, or None."""
    with suppress(Exception):
        await page.wait_for_function(f"() => !!({wanted})", timeout=1000 * PATIENCE_S)
        return time.monotonic()
    return None


def good(found: dict[str, Any]) -> bool:
    return bool(found["draft_kept"] and found["order_saved"] and found["up_to_date"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Cuts a phone's network for a while.")
    parser.add_argument("--seconds", default="3,10,60", help="lengths of the cuts")
    args = parser.parse_args()
    with running(Hall) as server:
        rows = [asyncio.run(cut(server, float(part))) for part in args.seconds.split(",")]
    tell(rows, all(good(row) for row in rows))


if __name__ == "__main__":
    main()
