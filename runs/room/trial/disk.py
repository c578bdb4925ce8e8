"""The disk is full while people order: nothing is acknowledged, and the room goes on afterwards.

    python -m runs.room.trial.disk

The server's right to make files longer is taken away and given back (Linux: `prlimit`), which its
log meets as a full disk. Every order in between is refused with one sentence and 503, looking on
works all the while, and the same order sent again is taken once there is room.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
from pathlib import Path
from typing import Any

from runs.room.commands import Command
from runs.room.log import Store
from runs.room.trial.client import Server, new_id, patient_room, running, tell

FULL = 4096  # bytes that a file may have while the disk is "full"


def limit(pid: int, size: int) -> None:
    """Lets a process write files of so many bytes; the hard limit stays as it is."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


async def fill(server: Server, tries: int = 20) -> dict[str, Any]:
    """Figures: answers while full, whether views went on, and what the log holds at the end."""
    assert server.process is not None
    made, control, bot = await patient_room(server.address)
    await control.act("start")
    await bot.order(1, "stance", 0.1)
    where = f"/api/rooms/{made['code']}"
    limit(server.process.pid, FULL)
    try:
        refused, watched, healthy = [], [], []
        bodies = [
            {"id": new_id(), "turn": 1, "lever": "stance", "value": n / 100} for n in range(tries)
        ]
        for body in bodies:
            refused.append(await bot.wire.ask("PUT", f"{where}/orders", bot.token, body))
            watched.append((await bot.wire.ask("GET", f"{where}/view", bot.token)).status)
        healthy.append((await bot.wire.ask("GET", "/healthz")).status)
    finally:
        limit(server.process.pid, resource.RLIM_INFINITY)
    for body in bodies:
        status, _ = await bot.call("PUT", "/orders", body)
        assert status == 200
    healthy.append((await bot.wire.ask("GET", "/healthz")).status)
    status, view = await bot.call("GET", "/view")
    return {
        "tried": tries, "statuses_while_full": sorted({one.status for one in refused}),
        "sentence": refused[0].json()["error"], "say": refused[0].json()["say"]["key"],
        "views_while_full": sorted(set(watched)), "healthz": healthy,
        "value_after": view["orders"][0]["value"], "wanted_after": bodies[-1]["value"],
        "times_in_log": logged(server.store, made["code"], [str(b["id"]) for b in bodies]),
    }  # fmt: skip


def logged(path: Path, code: str, ids: list[str]) -> dict[str, int]:
    """How many of the orders stand in the log once, and otherwise."""
    store = Store(path, read_only=True)
    found = [Command.of(row.body).id for row in store.read(code)]
    store.close()
    counts = [found.count(ident) for ident in ids]
    return {"once": counts.count(1), "otherwise": len(counts) - counts.count(1)}


def good(found: dict[str, Any]) -> bool:
    return bool(
        found["statuses_while_full"] == [503] and found["views_while_full"] == [200]
        and found["healthz"] == [503, 200] and found["value_after"] == found["wanted_after"]
        and found["times_in_log"]["otherwise"] == 0
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Fills the disk under the log for a while.")
    parser.add_argument("--tries", type=int, default=20)
    args = parser.parse_args()
    with running() as server:
        found = asyncio.run(fill(server, args.tries))
    tell(found, good(found))


if __name__ == "__main__":
    main()
