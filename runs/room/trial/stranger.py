"""A stranger on the network, on a machine of its own: what answers it, in every spelling.

    python -m runs.room.trial.stranger

Needs to be root on Linux: two network namespaces are made, one for the laptop (10.9.9.1) with a
real `entrepot play --host 0.0.0.0`, one for the stranger (10.9.9.2), and taken away again. Every
address of the application is asked for as raw bytes, with and without --share-watch. What answers
and does not stand in the lists below is a finding. With --share-watch the stranger also opens a
watch page and asks for files by it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from runs.room.trial.asks import Place, places, spellings
from runs.room.trial.client import HOST_TOKEN, tell
from runs.room.trial.kernel import ask_for_files

LAPTOP, STRANGER, PORT = "10.9.9.1", "10.9.9.2", 8765
AT_ONCE = 8
PATIENCE_SECONDS = 20.0
CLOSED = frozenset({"303 /join", "404", "400", "403", "405", "421", "nothing"})

# All that other machines may reach. Each line is a decision: think twice before you add one.
OPEN = {
    "GET /join", "GET /seat", "GET /projector", "GET /console", "GET /review", "GET /j/{code}",
    "GET /healthz", "GET /pages/words/{language}.json", "GET /pages/scene/{scenario}.json",
    "GET /pages/*",
    "GET /api/rooms/{code}", "GET /api/rooms/{code}/qr.svg", "GET /api/rooms/{code}/view",
    "GET /api/rooms/{code}/review", "GET /api/rooms/{code}/story", "GET /api/rooms/{code}/estimate",
    "GET /api/rooms/{code}/ghost", "GET /api/rooms/{code}/lesson",
    "GET /api/rooms/{code}/helpers", "GET /api/rooms/{code}/wall", "GET /api/rooms/{code}/export",
    "POST /api/rooms/{code}/join", "POST /api/rooms/{code}/branch", "PUT /api/rooms/{code}/orders",
    "POST /api/rooms/{code}/submit", "POST /api/rooms/{code}/reopen",
    "POST /api/rooms/{code}/deals", "POST /api/rooms/{code}/deals/{n}/{act}",
    "POST /api/rooms/{code}/messages", "POST /api/rooms/{code}/forecasts",
    "POST /api/rooms/{code}/weights", "POST /api/rooms/{code}/notes",
    "POST /api/rooms/{code}/moves", "POST /api/rooms/{code}/control",
    "websocket /api/rooms/{code}/live",
}  # fmt: skip
SHARED = {  # with --share-watch; the bare "/" leads to /join all the same
    "GET /own/*", "GET /own/application.js", "GET /static/*", "GET /static/assets/*",
    "GET /jupyter/nbextensions/*", "GET /_solara/cdn/*", "POST /_solara/api/close/{kernel_id}",
    "websocket /jupyter/api/kernels/{kernel_id}/channels",
}  # fmt: skip
PROXIED = {  # behind --proxy; the calls ask for the host's token
    "GET /start", "GET /host", "GET /api/rooms", "POST /api/rooms", "POST /api/what-if",
    "POST /api/host-pass", "GET /pages/addresses.json",
}  # fmt: skip


# --- the stranger ---------------------------------------------------------------------------------


async def scan(found: list[Place], shared: bool) -> dict[str, Any]:
    """Asks for every address in every spelling; how many were asked, and what should not answer."""
    asked: list[tuple[str, str, Place]] = []
    for place in found:
        asked += [(m, place.path, place) for m in ("GET", "POST", "PUT", "DELETE", "websocket")]
        asked += [(m, raw, place) for raw in spellings(place.path) for m in sorted(place.methods)]
    free = asyncio.Semaphore(AT_ONCE)

    async def one(method: str, raw: str, place: Place) -> tuple[str, str, Place, str]:
        async with free:
            return method, raw, place, await answered(method, raw)

    told = await asyncio.gather(*(one(*row) for row in asked))
    listed = OPEN | (SHARED if shared else set())
    wrong, fine = [], set()
    for method, raw, place, answer in told:
        if answer in CLOSED or answer.startswith("429"):
            continue
        line = f"{method.replace('HEAD', 'GET')} {place.template}"
        if same(raw, place.path) and (line in listed or (shared and raw == "/?x=1")):
            fine.add(line)
        else:
            wrong.append(f"{method} {raw} -> {answer}")
    return {"asked": len(asked), "answered": len(fine), "wrong": wrong}


def same(raw: str, path: str) -> bool:
    """Whether a spelling is the address itself: with a query, or with a letter written in code,
    which every server reads as that letter."""
    from urllib.parse import unquote, urlsplit

    plain = urlsplit(raw).path if raw.startswith("http") else raw.partition("?")[0]
    return unquote(plain) == path


async def answered(method: str, raw: str) -> str:
    """The status of the answer to a request that is sent as it is written; where it leads to."""
    socket = method == "websocket"
    head = [f"{'GET' if socket else method} {raw} HTTP/1.1", f"Host: {LAPTOP}:{PORT}"]
    head += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="] if socket else [
                 "Connection: close", "Content-Length: 0", "X-Script-Name: //10.9.9.2:9000/x",
                 "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: localhost"]  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection(LAPTOP, PORT)
            writer.write(("\r\n".join(head) + "\r\n\r\n").encode("latin-1", "replace"))
            await writer.drain()
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            writer.close()
    except (OSError, EOFError, TimeoutError):
        return "nothing"
    status = lines[0].split()[1]
    leads = [line[10:] for line in lines if line.lower().startswith("location: ")]
    return f"{status} {leads[0]}" if leads else status


# --- the two machines -----------------------------------------------------------------------------


@contextmanager
def two_machines() -> Iterator[tuple[str, str]]:
    """Names of two network namespaces with a cable between them."""
    desk, away = f"entrepot-desk-{os.getpid()}", f"entrepot-away-{os.getpid()}"
    cable = f"veth{os.getpid() % 10**6}"
    ways = [
        f"netns add {desk}", f"netns add {away}",
        f"-n {desk} link add {cable}a type veth peer name {cable}b netns {away}",
        f"-n {desk} addr add {LAPTOP}/24 dev {cable}a",
        f"-n {away} addr add {STRANGER}/24 dev {cable}b",
        *(f"-n {one} link set lo up" for one in (desk, away)),
        f"-n {desk} link set {cable}a up", f"-n {away} link set {cable}b up",
    ]  # fmt: skip
    try:
        for way in ways:
            subprocess.run(["ip", *way.split()], check=True, capture_output=True)
        yield desk, away
    finally:
        for one in (desk, away):
            subprocess.run(["ip", "netns", "del", one], check=False, capture_output=True)


@contextmanager
def playing(desk: str, folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`entrepot play` on the laptop, once it listens."""
    command = ["ip", "netns", "exec", desk, sys.executable, "-m", "runs.cli", "play", "--json",
               "--no-browser", "--host", "0.0.0.0", "--port", str(PORT), "--store",
               str(folder / "rooms.db"), *options]  # fmt: skip
    env = {**os.environ, "ENTREPOT_HOST_TOKEN": HOST_TOKEN, "PYTHONPATH": str(ROOT)}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=env)
        try:
            assert server.stdout is not None
            if not server.stdout.readline():
                raise RuntimeError(f"the server did not come up: {(folder / 'log').read_text()}")
            yield server
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(10)
            server.kill()
            server.wait()


ROOT = Path(__file__).resolve().parents[3]


def addresses(folder: Path) -> list[Place]:
    """Every address of the application that `entrepot play` serves."""
    import runs.web.app as web
    from runs.room.log import Store
    from runs.room.service import Service

    gate = web.build_app("japan-2026", Service(Store(folder / "unused.db")))
    return list(dict.fromkeys(places(gate.app)))


def from_away(away: str, found: list[Place], shared: bool) -> dict[str, Any]:
    """What the stranger finds, in a process on its own machine."""
    rows = [{"template": p.template, "path": p.path, "methods": sorted(p.methods)} for p in found]
    told = json.dumps({"shared": shared, "places": rows})
    command = ["ip", "netns", "exec", away, sys.executable, "-m", "runs.room.trial.stranger"]
    done = subprocess.run([*command, "--away"], input=told, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)  # fmt: skip
    if done.returncode:
        return {"asked": 0, "wrong": [done.stderr[-2000:]]}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


async def _away() -> None:
    told = json.load(sys.stdin)
    found = [Place(p["template"], p["path"], frozenset(p["methods"])) for p in told["places"]]
    answer = await scan(found, told["shared"])
    if told["shared"]:
        answer["files"] = await ask_for_files(f"{LAPTOP}:{PORT}")
        answer["wrong"] += [f"a file: {line}" for line in answer["files"]["told"]]
    json.dump(answer, sys.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description="Asks for everything from a second machine.")
    parser.add_argument("--away", action="store_true", help=argparse.SUPPRESS)
    if parser.parse_args().away:
        asyncio.run(_away())
        return
    if sys.platform != "linux" or os.geteuid() or not shutil.which("ip"):
        print("This trial makes network namespaces: it needs Linux, root and ip.", file=sys.stderr)
        sys.exit(2)
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name, two_machines() as (desk, away):
        folder = Path(name)
        found = addresses(folder)
        for kind, options in (("alone", ()), ("shared", ("--share-watch",))):
            with playing(desk, folder, *options):
                told[kind] = from_away(away, found, kind == "shared")
    fine = all(one["asked"] > 1000 and not one["wrong"] for one in told.values())
    tell(told, fine and told["shared"]["files"]["asked"] > 5)


if __name__ == "__main__":
    main()
