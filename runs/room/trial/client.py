"""A client of the room as a page is one: joins, keeps a websocket, sends until it is answered."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn, Self

import websockets
from websockets.exceptions import WebSocketException

from runs.room.trial.wire import Wire

HOST_TOKEN = "trial-host-token"
Wanted = Callable[..., Any]  # asked of a payload: is this what is waited for?


class Server:
    """The server as a process of its own, which can be killed at any moment."""

    module = "runs.room.serve"
    words: tuple[str, ...] = ()  # of the command line, before the options

    def __init__(self, store: Path, port: int | None = None, said: Path | None = None) -> None:
        self.store, self.port = store, port or free_port()
        self.said = said  # a file for all that the process prints
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        env = {**os.environ, "ENTREPOT_HOST_TOKEN": HOST_TOKEN}
        out = None if self.said is None else self.said.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.words, "--store", str(self.store),
             "--port", str(self.port)],
            env=env, cwd=Path(__file__).resolve().parents[3], stdout=out, stderr=out,
        )  # fmt: skip
        if out is not None:
            out.close()  # the process has its own
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError("the server ended at its start")
            with suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{self.address}/healthz", timeout=1).close()
                return
            time.sleep(0.05)
        raise RuntimeError("the server did not answer within 30 seconds")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.stop()

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ends it as a service manager does: asked first, then made to."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def running(kind: type[Server] = Server) -> Iterator[Server]:
    """A server on a log of its own, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, kind(Path(folder) / "rooms.db") as server:
        yield server


def tell(found: Any, fine: bool = True) -> NoReturn:
    """Prints the figures of a trial as JSON and ends it; exit code 1 unless all is well."""
    json.dump(found, sys.stdout, indent=1)
    print()
    sys.exit(not fine)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_id() -> str:
    return uuid.uuid4().hex


class Door:
    """HTTP calls with one token; each is sent again until it is answered."""

    def __init__(self, address: str, code: str, token: str) -> None:
        self.address, self.code, self.token = address, code, token
        self.wire = Wire(address)
        self.waits: list[float] = []  # seconds until an answer, of calls that change something

    async def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, patience: float = 30.0
    ) -> tuple[int, Any]:
        """Status and JSON. A call with the same id may be sent any number of times."""
        began = time.monotonic()
        while True:
            try:
                where = f"/api/rooms/{self.code}{path}"
                found = await self.wire.ask(method, where, self.token, body)
                if found.status not in (429, 503):
                    if method != "GET":
                        self.waits.append(time.monotonic() - began)
                    return found.status, found.json() if found.body else None
            except (OSError, EOFError, TimeoutError):
                pass
            if time.monotonic() > began + patience:
                raise TimeoutError(f"{method} {path} was not answered")
            await asyncio.sleep(0.1)

    async def act(self, action: str, **fields: Any) -> tuple[int, Any]:
        """A facilitator's action."""
        return await self.call("POST", "/control", {"id": new_id(), "action": action, **fields})


class Bot(Door):
    """One person: keeps the latest payload of the websocket in `seen`."""

    def __init__(self, address: str, code: str, name: str) -> None:
        super().__init__(address, code, "")
        self.name, self.seat = name, ""
        self.raw = ""  # the latest payload; read when somebody looks at it
        self._read: tuple[str, dict[str, Any]] = ("", {})
        self.frames: list[tuple[float, dict[str, Any]]] = []
        self.keep_frames = False
        self.card: list[dict[str, Any]] = []  # the own levers
        self.back_after: list[float] = []  # seconds without a live page, each time it was lost
        self.changed = asyncio.Event()
        self.acknowledged: dict[str, tuple[int, str, float]] = {}  # orders by id
        self._live: asyncio.Task[None] | None = None

    async def join(self, seat: str | None = None) -> None:
        ident = new_id()
        status, body = await self.call(
            "POST", "/join", {"name": self.name, "seat": seat, "id": ident}
        )
        if status != 200:
            raise RuntimeError(f"{self.name} could not join: {body}")
        self.token, self.seat = body["token"], body["seat"]

    def go_live(self) -> None:
        self._live = asyncio.create_task(self._keep())

    async def leave(self) -> None:
        if self._live is not None:
            self._live.cancel()
            self.wire.close()
            await asyncio.gather(self._live, return_exceptions=True)

    async def _keep(self) -> None:
        """Connects, and connects again whenever the line is lost."""
        lost = time.monotonic()
        address = f"{self.address.replace('http', 'ws')}/api/rooms/{self.code}/live"
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with websockets.connect(address, max_size=2**24, compression=None) as line:
                    await line.send(json.dumps({"token": self.token}))
                    async for text in line:
                        if '"version":' in text:
                            if lost:
                                self.back_after.append(time.monotonic() - lost)
                                lost = 0.0
                            self._see(str(text))
            lost = lost or time.monotonic()
            await asyncio.sleep(0.2)

    def _see(self, text: str) -> None:
        self.raw = text
        if self.keep_frames:
            self.frames.append((time.monotonic(), json.loads(text)))
        self.changed.set()

    @property
    def seen(self) -> dict[str, Any]:
        """The latest payload."""
        if self._read[0] is not self.raw:
            self._read = (self.raw, json.loads(self.raw))
        return self._read[1]

    async def until_said(self, words: str, patience: float = 30.0) -> None:
        """Until a payload holds some words, which are looked for without reading it."""
        end = time.monotonic() + patience
        while words not in self.raw:
            self.changed.clear()
            if time.monotonic() > end:
                raise TimeoutError(f"{self.name} waited in vain for {words!r}")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.changed.wait(), 1.0)

    async def until(self, wanted: Wanted, patience: float = 60.0) -> dict[str, Any]:
        """The first payload for which ``wanted`` holds."""
        end = time.monotonic() + patience
        while not (self.seen and wanted(self.seen)):
            self.changed.clear()
            left = end - time.monotonic()
            if left <= 0:
                where = {k: self.seen.get(k) for k in ("turn", "phase", "version")}
                raise TimeoutError(f"{self.name} waited in vain at {where}")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.changed.wait(), min(left, 1.0))
        return self.seen

    async def order(self, turn: int, lever: str, value: float, why: str = "") -> int:
        """Sends an order until it is answered; the status."""
        ident = new_id()
        body = {"id": ident, "turn": turn, "lever": lever, "value": value, "why": why}
        status, _ = await self.call("PUT", "/orders", body)
        if status == 200:
            self.acknowledged[ident] = (turn, lever, value)
        return status

    def some_order(self, luck: random.Random) -> tuple[str, float] | None:
        """A lever from the own card and a value within its range."""
        rows = self.card
        if not rows:
            rows = self.card = [r for r in self.seen.get("levers", ()) if r["lever"] != "rung"]
        if not rows:
            return None
        row = luck.choice(rows)
        name = row["lever"] + (f".{luck.choice(row['places'])}" if row["places"] else "")
        span = row["high"] - row["low"]
        value = row["low"] + span * luck.random() * (0.3 if span > 100 else 1.0)
        return name, float(round(value)) if row["whole"] else round(value, 2)


async def new_room(address: str, **fields: Any) -> dict[str, Any]:
    """A room and its tokens."""
    wire = Wire(address)
    found = await wire.ask("POST", "/api/rooms", HOST_TOKEN, fields)
    wire.close()
    if found.status != 200:
        raise RuntimeError(f"no room was made: {found.body.decode()}")
    made: dict[str, Any] = found.json()
    return made


async def patient_room(address: str, name: str = "Kim") -> tuple[dict[str, Any], Door, Bot]:
    """A small room without a clock: what made it, control's door, and one person for Korea."""
    made = await new_room(address, users=300, turn_seconds=None, auto_close=False)
    bot = Bot(address, made["code"], name)
    await bot.join("KOR")
    return made, Door(address, made["code"], made["facilitator_token"]), bot


async def sit_down(address: str, code: str, people: int, ready: Wanted) -> list[Bot]:
    """A class that has joined and whose pages are live and show what is ``ready``."""
    bots = [Bot(address, code, f"Bot {n}") for n in range(people)]
    await asyncio.gather(*(bot.join() for bot in bots))
    for bot in bots:
        bot.go_live()
    await asyncio.gather(*(bot.until(ready) for bot in bots))
    return bots


def has_report(seen: dict[str, Any]) -> bool:
    """Whether a payload holds what the world has said, which takes the model some seconds."""
    return bool(seen["report"].get("materials"))


def share(values: list[float], part: float) -> float:
    """A quantile, NaN of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")
