"""A client of the watch page's kernel that does by hand what a browser's script may do."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.request
import uuid
from typing import Any

PATHS = ("/etc/passwd", "/etc/does-not-exist", "/root", "/dev/zero", "../../etc/passwd",
         "world/scenarios/japan-2026.toml", "/proc/self/environ")  # fmt: skip
SPOKEN = re.compile(r"TOML|no scenario file|is a directory|cannot be read|: is missing|root:x|=\.")
WAIT_SECONDS = 2.0  # for what the page says to an event


class Kernel:
    """One page: opened over the websocket, its widgets by what they can be told."""

    def __init__(self, line: Any) -> None:
        self.line, self.session = line, uuid.uuid4().hex
        self.widgets: dict[str, list[str]] = {}  # events by widget
        self.said: list[str] = []

    async def send(self, kind: str, content: dict[str, Any]) -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self.session,
                  "username": "", "version": "5.3", "date": "2026-01-01T00:00:00Z"}  # fmt: skip
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content,
                   "buffers": [], "channel": "shell"}  # fmt: skip
        await self.line.send(json.dumps(message))

    async def hear(self, seconds: float) -> None:
        """Takes in what the page says for a while."""
        end = asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            try:
                words = await asyncio.wait_for(self.line.recv(), left)
            except TimeoutError:
                return
            text = words if isinstance(words, str) else words.decode("utf-8", "replace")
            self.said.append(text)
            try:
                content = json.loads(text)["content"]
            except (ValueError, KeyError):
                continue
            events = content.get("data", {}).get("state", {}).get("events")
            if isinstance(events, list) and "comm_id" in content:
                self.widgets[content["comm_id"]] = events

    async def run(self, path: str) -> None:
        """Opens the page at an address, as its script does."""
        comm = uuid.uuid4().hex
        await self.send("comm_open", {"comm_id": comm, "target_name": "solara.control", "data": {}})
        run = {"method": "run", "args": {"path": path, "themes": {}, "dark": False}}
        await self.send("comm_msg", {"comm_id": comm, "data": run})

    async def event(self, name: str, data: Any) -> None:
        """Tells every widget that takes this event."""
        for comm, events in self.widgets.items():
            if name in events:
                content = {"event": name, "data": data}
                told = {"comm_id": comm, "data": {"method": "custom", "content": content}}
                await self.send("comm_msg", told)


async def ask_for_files(host: str) -> dict[str, Any]:
    """Opens the shared watch page and asks it to start again with files; what it told of them."""
    import websockets

    with await asyncio.to_thread(urllib.request.urlopen, f"http://{host}/?watch") as answer:
        cookie = "; ".join(one.partition(";")[0] for one in answer.headers.get_all("set-cookie"))
    where = f"ws://{host}/jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={uuid.uuid4()}"
    head = {"Cookie": cookie, "Origin": f"http://{host}"}
    async with websockets.connect(where, additional_headers=head, max_size=None) as line:
        page = Kernel(line)
        await page.run("/?watch")
        for _ in range(10):
            await page.hear(WAIT_SECONDS)
            if any("reset" in events for events in page.widgets.values()):
                break
        asked, told = 0, []
        for path in PATHS:
            page.said.clear()
            await page.event("reset", {"scenario": path, "seed": "1"})
            await page.hear(WAIT_SECONDS)
            refused = [text for text in page.said if "There is no scenario" in text]
            asked += bool(refused)
            told += [f"{path}: {text[:200]}" for text in page.said if SPOKEN.search(text)]
        page.said.clear()
        await page.event("take", "JPN")
        await page.hear(WAIT_SECONDS)
        told += [text[:200] for text in page.said if "waits for your orders" in text]
    return {"asked": asked, "widgets": len(page.widgets), "told": told}
