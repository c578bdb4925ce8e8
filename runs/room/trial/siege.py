"""A class that orders on while one client holds connections, plays worlds or asks for branches.

    python -m runs.room.trial.siege --attack heads sockets pages branches
    python -m runs.room.trial.siege --attack heads --once      # what is lost is not opened again
    python -m runs.room.trial.siege --attack pages --network   # from another address; needs root

Every attack is measured beside a quiet spell of the same minute: the time until an order is
acknowledged (95% of orders) may be twice as long, and the facilitator's own calls are answered.
`--network` makes a network namespace with an address of its own and attacks from there; the watch
page is then open to other machines (`--share-watch`).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from runs.room.server.files import raise_file_limit
from runs.room.trial.client import (
    Bot,
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
from runs.room.trial.watchers import Watcher
from runs.room.trial.wire import Wire

HALF = "GET /api/rooms/X HTTP/1.1\r\nHost: x\r\nX-A: "
SOCKET = (
    "GET /api/rooms/X/live HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


class Held:
    """Connections that are held open and never say what they are for."""

    def __init__(self, lines: list[socket.socket]) -> None:
        self.lines = lines

    def still_open(self) -> int:
        """How many of them the server has not ended."""
        return sum(_open(line) for line in self.lines)

    def close(self) -> None:
        for line in self.lines:
            line.close()


async def hold_open(address: str, n: int, words: str) -> Held:
    """Opens ``n`` connections with half a request ("head") or a silent websocket ("websocket")."""
    raise_file_limit()
    place = urlsplit(address)
    lines: list[socket.socket] = []
    for k in range(n):
        line = socket.socket()
        line.settimeout(5)
        with contextlib.suppress(OSError):
            line.connect((place.hostname, place.port))
            line.sendall((HALF if words == "head" else SOCKET).encode())
        lines.append(line)
        if k % 20 == 0:
            await asyncio.sleep(0)
    return Held(lines)


def _open(line: socket.socket) -> bool:
    """Whether the other end has not closed; what it has sent is read."""
    line.setblocking(False)
    try:
        while line.recv(65536):
            pass
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


# --- one attacker, in a process of its own --------------------------------------------------------


async def attack(
    kind: str, address: str, n: int, seconds: float, again: bool = True
) -> dict[str, Any]:
    """Attacks for some seconds; what the attacker was left with at the end. What is lost is opened
    ``again``, some hundreds a second."""
    until = time.monotonic() + seconds
    if kind == "pages":
        return await _watch_all(address, n, until)
    words = "head" if kind == "heads" else "websocket"
    held = await hold_open(address, n, words)
    opened = n
    while time.monotonic() < until and again:
        await asyncio.sleep(0.5)
        kept = [line for line in held.lines if _open(line)]
        for line in held.lines:
            if line not in kept:
                line.close()
        more = await hold_open(address, min(200, n - len(kept)), words)
        opened += len(more.lines)
        held = Held(kept + more.lines)
    await asyncio.sleep(max(1.0, until - time.monotonic()))
    found = {"held": held.still_open(), "opened": opened}
    held.close()
    return found


async def _watch_all(address: str, n: int, until: float) -> dict[str, Any]:
    pages = [
        await Watcher(address, f"?watch&speed=1000&seed={k}").open() for k in range(n)
        if time.monotonic() < until
    ]  # fmt: skip
    await asyncio.sleep(max(0.0, until - time.monotonic()))
    refused = [page.refused for page in pages if page.refused]
    for page in pages:
        await page.close()
    return {"pages": len(pages) - len(refused), "refused": len(refused), "why": refused[:1],
            "messages": sum(page.messages for page in pages)}  # fmt: skip


@contextlib.asynccontextmanager
async def _attacker(
    kind: str, address: str, n: int, seconds: float, prefix: list[str], found: dict[str, Any],
    again: bool,
) -> AsyncIterator[None]:
    """Beside what is measured; ``found`` is filled with its last word."""
    process = await asyncio.create_subprocess_exec(
        *prefix, sys.executable, "-m", "runs.room.trial.siege", "--attacker", kind, "--at", address,
        "--count", str(n), "--seconds", str(seconds), *(() if again else ("--once",)),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield
    finally:
        out, _ = await asyncio.wait_for(process.communicate(), seconds + 120)
        found["attacker"] = json.loads(out or b"null")


# --- what is measured -----------------------------------------------------------------------------


async def order_on(bots: list[Bot], seconds: float) -> list[float]:
    """Everybody orders again and again for some seconds; how long each order took."""
    until = time.monotonic() + seconds

    async def write(bot: Bot, luck: random.Random) -> None:
        await asyncio.sleep(luck.random())
        while time.monotonic() < until:
            if wish := bot.some_order(luck):
                await bot.order(1, *wish)
            await asyncio.sleep(luck.uniform(0.5, 1.5))

    for bot in bots:
        bot.waits.clear()
    await asyncio.gather(*(write(bot, random.Random(n)) for n, bot in enumerate(bots)))
    return [wait for bot in bots for wait in bot.waits]


def memory_mb(pid: int) -> int | None:
    """What a process has in memory; None where the system does not say."""
    with contextlib.suppress(OSError):
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
    return None


def p95(waits: list[float]) -> float:
    """Milliseconds."""
    return round(1000 * share(waits, 0.95), 1)


async def siege(
    server: Server, kind: str, n: int, seconds: float, far: str, prefix: list[str],
    again: bool = True,
) -> dict[str, Any]:
    """Order times of thirty people, quiet and under an attack."""
    address = server.address
    made = await new_room(address, seed=3, turn_seconds=None, auto_close=False)
    bots = await sit_down(address, made["code"], 30, has_report)
    control = Door(address, made["code"], made["facilitator_token"])
    await control.act("start")
    await asyncio.gather(*(bot.until(lambda s: s["turn"] == 1) for bot in bots))
    await order_on(bots, 2)
    assert server.process is not None
    found: dict[str, Any] = {"attack": kind, "count": n, "load": round(os.getloadavg()[0], 1)}
    lines = sum(len(bot.back_after) for bot in bots)
    found["quiet_p95_ms"] = p95(await order_on(bots, seconds))
    if kind == "branches":
        await _branches(server, bots, n, seconds, found)
    else:
        async with _attacker(kind, far, n, seconds + 6, prefix, found, again):
            await asyncio.sleep(5)
            found["besieged_p95_ms"] = p95(await order_on(bots, seconds))
            found["memory_mb"] = memory_mb(server.process.pid)
    found["lines_lost"] = sum(len(bot.back_after) for bot in bots) - lines
    found["quiet_again_p95_ms"] = p95(await order_on(bots, seconds))
    for bot in bots:
        await bot.leave()
    quiet = max(found["quiet_p95_ms"], found["quiet_again_p95_ms"], 5.0)
    found["times"] = round(found["besieged_p95_ms"] / quiet, 2)
    found["fine"] = found["times"] <= 2 and not found["lines_lost"]
    return found


async def _branches(
    server: Server, bots: list[Bot], n: int, seconds: float, found: dict[str, Any]
) -> None:
    """A seat of another room, which has been revealed, asks for ``n`` branches at once."""
    address = server.address
    made = await new_room(address, seed=4, turn_seconds=None, auto_close=False, turns=3)
    seat = Bot(address, made["code"], "Kim")
    await seat.join("KOR")
    control = Door(address, made["code"], made["facilitator_token"])
    control.wire = Wire(address, 300)
    await control.act("start")
    for turn in (1, 2, 3):
        await control.act("close_turn")
        while (await control.call("GET", "/view"))[1]["turn"] == turn < 3:
            await asyncio.sleep(0.2)
    while (await control.call("GET", "/view"))[1]["phase"] != "ended":
        await asyncio.sleep(0.2)
    await control.act("reveal")
    asked = {"week": 0, "set": {"KOR.hub_policing": 0.5}, "weeks": 156}
    found["branch_alone_s"] = await _timed(control, "POST", "/branch", asked)
    where = f"/api/rooms/{made['code']}/branch"
    wires = [Wire(address, 300) for _ in range(n)]
    asking = [
        asyncio.create_task(wire.ask("POST", where, seat.token, asked)) for wire in wires
    ]
    measuring = asyncio.create_task(order_on(bots, seconds))
    found["branch_besieged_s"] = await _timed(control, "POST", "/branch", asked)
    found["export_besieged_s"] = await _timed(control, "GET", "/export", None)
    found["besieged_p95_ms"] = p95(await measuring)
    answers = await asyncio.gather(*asking, return_exceptions=True)
    said = [str(getattr(answer, "status", "connection ended")) for answer in answers]
    found["attacker"] = {one: said.count(one) for one in sorted(set(said))}
    for wire in wires:
        wire.close()


async def _timed(door: Door, method: str, path: str, body: dict[str, Any] | None) -> float:
    began = time.monotonic()
    answer = await door.wire.ask(method, f"/api/rooms/{door.code}{path}", door.token, body)
    if answer.status != 200:
        raise RuntimeError(f"{method} {path} -> {answer.status}")
    return round(time.monotonic() - began, 2)


# --- the command ----------------------------------------------------------------------------------

HERE, THERE, NAME = "10.98.7.1", "10.98.7.2", "entrepot-siege"


class Shared(App):
    """`entrepot play`, open to the network, the watch page too."""

    words = ("play", "--no-browser", "--host", "0.0.0.0", "--share-watch")


@contextlib.contextmanager
def namespace(wanted: bool) -> Iterator[list[str]]:
    """What makes a command run on a machine of its own in a network of two; [] where not wanted."""
    if not wanted:
        yield []
        return

    def ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True)

    ip("netns", "add", NAME)
    try:
        ip("link", "add", "siege0", "type", "veth", "peer", "name", "siege1", "netns", NAME)
        ip("addr", "add", f"{HERE}/24", "dev", "siege0")
        ip("link", "set", "siege0", "up")
        ip("-n", NAME, "addr", "add", f"{THERE}/24", "dev", "siege1")
        ip("-n", NAME, "link", "set", "siege1", "up")
        yield ["ip", "netns", "exec", NAME]
    finally:
        ip("netns", "del", NAME)  # and its link with it


COUNTS = {"heads": 1100, "sockets": 500, "pages": 40, "branches": 60}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures a class beside one hostile client.")
    parser.add_argument("--attack", nargs="+", choices=COUNTS, default=list(COUNTS))
    parser.add_argument("--count", type=int, help="how many, instead of the usual number")
    parser.add_argument("--seconds", type=float, default=15, help="length of a spell")
    parser.add_argument("--network", action="store_true", help="attack from another address")
    parser.add_argument("--once", action="store_true", help="what is lost is not opened again")
    parser.add_argument("--attacker", choices=COUNTS, help=argparse.SUPPRESS)
    parser.add_argument("--at", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.attacker:
        if hasattr(os, "nice"):
            os.nice(15)  # outside a trial an attacker has a processor of its own
        tell(asyncio.run(attack(args.attacker, args.at, args.count, args.seconds, not args.once)))
    rows = []
    with namespace(args.network) as prefix:
        for kind in args.attack:
            with running(Shared if args.network else App) as server:
                far = f"http://{HERE}:{server.port}" if args.network else server.address
                n = args.count or COUNTS[kind]
                trial = siege(server, kind, n, args.seconds, far, prefix, not args.once)
                rows.append(asyncio.run(trial))
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    tell(rows, all(row["fine"] for row in rows))


if __name__ == "__main__":
    main()
