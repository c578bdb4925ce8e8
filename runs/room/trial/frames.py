"""How smoothly a wall plays the weeks of a quarter, and what that costs the server.

    python -m runs.room.trial.frames

A turn of a class is closed, a wall of 1920x1080 shows its result, and every frame that the browser
draws meanwhile is timed. The wall has all weeks from one message, so it asks the server for nothing
until the result stands. Needs playwright and a Chromium (named in CHROMIUM, or on the path).
"""

from __future__ import annotations

import asyncio
from typing import Any

from runs.printing.pdf import find_chromium
from runs.room.trial.client import (
    Door,
    Server,
    has_report,
    new_room,
    running,
    share,
    sit_down,
    tell,
)
from runs.room.trial.opening import App

MOST_MS = 100.0  # of one frame
PEOPLE = 10
TIMED = """() => {
  window.gaps = [];
  let last = performance.now();
  const step = (now) => { window.gaps.push(now - last); last = now; requestAnimationFrame(step); };
  requestAnimationFrame(step);
}"""
RESULT = "[data-scene=result]"


async def frames(server: Server) -> dict[str, Any]:
    """Milliseconds between frames from the first week of the quarter to the result."""
    from playwright.async_api import async_playwright

    made = await new_room(server.address, seed=3, turn_seconds=3600, auto_close=False)
    control = Door(server.address, made["code"], made["facilitator_token"])
    bots = await sit_down(server.address, made["code"], PEOPLE, has_report)
    await control.act("start")
    await asyncio.gather(*(bot.until(lambda seen: seen["turn"] == 1) for bot in bots))
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = await chromium.new_page(viewport={"width": 1920, "height": 1080})
        asked: list[str] = []
        await page.goto(f"{server.address}/projector#{made['code']}.{made['projector_token']}")
        await page.locator(".wall").wait_for()
        await control.act("close_turn")
        await page.locator(f"{RESULT} [data-week]").wait_for(timeout=120_000)
        page.on("request", lambda one: asked.append(one.url))
        await page.evaluate(TIMED)
        await page.locator(".prices").wait_for(timeout=60_000)
        gaps: list[float] = await page.evaluate("window.gaps")
        await chromium.close()
    for bot in bots:
        await bot.leave()
    return {"frames": len(gaps), "seconds": round(sum(gaps) / 1000, 1),
            "p50_ms": round(share(gaps, 0.5), 1), "p95_ms": round(share(gaps, 0.95), 1),
            "longest_ms": round(max(gaps), 1), "asked": len(asked)}  # fmt: skip


def main() -> None:
    with running(App) as server:
        found = asyncio.run(frames(server))
    tell(found, found["longest_ms"] <= MOST_MS and not found["asked"])


if __name__ == "__main__":
    main()
