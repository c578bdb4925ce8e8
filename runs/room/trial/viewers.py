"""The watch page over a longer play, with others that look: how fast it answers, what it holds.

    python -m runs.room.trial.viewers --minutes 5 --viewers 10 --same
    python -m runs.room.trial.viewers --minutes 30

One viewer is a browser, the others are websockets: each of another seed, or of the browser's with
``--same``. They come first, and the browser opens its page while their runs are played. It says
when it begins, and while it waits for what. The browser plays the run over and over, moves
the head by keys, and looks at one material after the other. Printed are: seconds until bar and
coasts stand and until the run has its first picture; milliseconds of a step of the head, from the
key to the page as it is laid out, and of the server's answer to a look; and medians of the first,
the middle and the last third of the time, of the memory of server and page and of the nodes of the
page, each of which must stay level. Milliseconds are this machine's: one that does something else
at the same time is slower. Needs playwright and a Chromium (named in CHROMIUM, or on the path).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from statistics import median
from typing import Any

from runs.printing.pdf import find_chromium
from runs.room.trial.client import Server, running, share, tell
from runs.room.trial.opening import COASTS, FIRST_FIGURE, App
from runs.room.trial.procs import held
from runs.room.trial.watchers import Watcher

# By which the last third may rise; beside the server a process comes and goes.
LEVEL = {"server_mb": 40.0, "beside_mb": 250.0, "page_mb": 15.0, "nodes": 1500.0}
HEAD = "[data-part=timeline] [role=slider]"
WEEKS = 12  # steps of the head in each round
# A week forward, to the page as it is laid out.
STEP = """() => new Promise((done) => {
    const head = document.querySelector("[data-part=timeline] [role=slider]"), began = performance.now();
    const key = Number(head.getAttribute("aria-valuenow")) >= Number(head.getAttribute("aria-valuemax"))
        ? "Home" : "ArrowRight";
    head.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    requestAnimationFrame(() => { document.body.offsetHeight; done(performance.now() - began); });
})"""  # noqa: E501
# The next material, until the server has answered.
LOOK = """() => new Promise((done) => {
    const began = performance.now();
    window.addEventListener("entrepot:told", function heard({ detail }) {
        if (detail.part !== "run" || !detail.told?.columns) return;
        window.removeEventListener("entrepot:told", heard);
        window.looked = detail.told;
        done(performance.now() - began);
    });
    const goods = window.looked?.goods.map((one) => one.id) ?? ["tb_oxide"];
    const next = goods[(goods.indexOf(window.looked?.material) + 1) % goods.length];
    window.dispatchEvent(new CustomEvent("entrepot:ask", { detail: { what: "look",
        value: { material: next } } }));
})"""


async def view(
    server: Server, minutes: float, viewers: int, same: bool = False
) -> dict[str, Any]:
    """The figures of one trial."""
    from playwright.async_api import async_playwright

    others = [
        await Watcher(server.address, "?seed=1" if same else f"?seed={k}").open()
        for k in range(2, viewers + 1)
    ]
    refused = [one.refused for one in others if one.refused]
    if refused:
        raise RuntimeError(f"{len(refused)} viewers found no page: {refused[0]}")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc"],
        )
        page = await chromium.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(600_000)
        began = time.monotonic()
        await page.goto(server.address + "/?autoplay=0", wait_until="commit")
        await page.locator(COASTS).first.wait_for(state="visible")
        found: dict[str, Any] = {"coasts_s": round(time.monotonic() - began, 2)}
        await page.locator(FIRST_FIGURE).wait_for()
        found["first_picture_s"] = round(time.monotonic() - began, 2)
        await _until_whole(page, began)
        found["whole_s"] = round(time.monotonic() - began, 1)
        steps: list[float] = []
        looks: list[float] = []
        rows: list[dict[str, float]] = []
        until = time.monotonic() + 60 * minutes
        while time.monotonic() < until:
            for _ in range(WEEKS):
                steps.append(await page.evaluate(STEP))
            looks.append(await page.evaluate(LOOK))
            await page.locator("[data-do=play]").click()
            await asyncio.sleep(2)
            await page.locator("[data-do=play]").click()
            rows.append(await _row(server, page))
            _say(f"round {len(rows)}: {rows[-1]}")
        await chromium.close()
    for other in others:
        await other.close()
    return found | judged(steps, looks, rows)


async def _until_whole(page: Any, began: float) -> None:
    """Until the page's run is played and told to its end; its share of the server's time is small
    where many look."""
    ahead = page.locator("[data-show=ahead]")
    while await ahead.count() or not await page.locator(HEAD).count():
        said = await ahead.all_inner_texts()
        _say(f"{time.monotonic() - began:.0f} s: waiting for the run: {' '.join(said)}")
        await asyncio.sleep(5)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


async def _row(server: Server, page: Any) -> dict[str, float]:
    """What is held now."""
    assert server.process is not None
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("HeapProfiler.collectGarbage")
    await devtools.send("Performance.enable")
    told = (await devtools.send("Performance.getMetrics"))["metrics"]
    now = {one["name"]: float(one["value"]) for one in told}
    await devtools.detach()
    held_now = held(server.process.pid)
    return {"server_mb": held_now.server_mb, "beside_mb": held_now.children_mb,
            "page_mb": now["JSHeapUsedSize"] / 1e6, "nodes": now["Nodes"]}  # fmt: skip


def judged(
    steps: list[float], looks: list[float], rows: list[dict[str, float]]
) -> dict[str, Any]:
    """The figures of all rounds, and what did not stay level."""
    size = max(1, len(rows) // 3)
    parts = rows[:size], rows[size:-size] or rows, rows[-size:]
    thirds = {name: [round(median(row[name] for row in part), 1) for part in parts]
              for name in LEVEL}  # fmt: skip
    wrong = [
        f"{name} rises from {first} to {last}"
        for name, (first, _, last) in thirds.items()
        if last > first + LEVEL[name]
    ]
    return {
        "rounds": len(rows), "step_ms": spread(steps), "look_ms": spread(looks),
        "thirds": thirds, "wrong": wrong,
    }  # fmt: skip


def spread(values: list[float]) -> dict[str, float]:
    return {"least": round(min(values), 1), "median": round(median(values), 1),
            "p95": round(share(values, 0.95), 1)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Looks at the watch page for a while.")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--viewers", type=int, default=10)
    parser.add_argument("--same", action="store_true", help="all look at the same run")
    args = parser.parse_args()
    with running(App) as server:
        found = asyncio.run(view(server, args.minutes, args.viewers, args.same))
    tell(found, not found["wrong"])


if __name__ == "__main__":
    main()
