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
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import websockets
from websockets.exceptions import WebSocketException

HOST_TOKEN = "trial-host-token"


class Server:
    """The server as a process of its own, which can be killed at any moment."""

    def __init__(self, store: Path, port: int | None = None) -> None:
        self.store, self.port = store, port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        env = {**os.environ, "ENTREPOT_HOST_TOKEN": HOST_TOKEN}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "runs.room.serve", "--store", str(self.store),
             "--port", str(self.port)],
            env=env, cwd=Path(__file__).resolve().parents[3],
        )  # fmt: skip
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError("the server ended at its start")
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/healthz", timeout=1).status_code == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError("the server did not answer within 30 seconds")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_id() -> str:
    return uuid.uuid4().hex


class Door:
    """HTTP calls with one token; each is sent again until it is answered."""

    def __init__(self, address: str, code: str, token: str, http: httpx.AsyncClient) -> None:
        self.address, self.code, self.token, self.http = address, code, token, http
        self.waits: list[float] = []  # seconds until an answer, of calls that change something

    async def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, patience: float = 30.0
    ) -> tuple[int, Any]:
        """Status and JSON. A call with the same id may be sent any number of times."""
        until = time.monotonic() + patience
        while True:
            began = time.monotonic()
            try:
                found = await self.http.request(
                    method, f"{self.address}/api/rooms/{self.code}{path}", json=body,
                    headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
                )  # fmt: skip
                if found.status_code not in (429, 503):
                    if method != "GET":
                        self.waits.append(time.monotonic() - began)
                    return found.status_code, found.json() if found.content else None
            except httpx.HTTPError:
                pass
            if time.monotonic() > until:
                raise TimeoutError(f"{method} {path} was not answered")
            await asyncio.sleep(0.1)


class Bot(Door):
    """One person: keeps the latest payload of the websocket in `seen`."""

    def __init__(self, address: str, code: str, name: str, http: httpx.AsyncClient) -> None:
        super().__init__(address, code, "", http)
        self.name, self.seat = name, ""
        self.seen: dict[str, Any] = {}
        self.frames: list[tuple[float, dict[str, Any]]] = []
        self.keep_frames = False
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
                        heard = json.loads(text)
                        if "version" in heard:
                            if lost:
                                self.back_after.append(time.monotonic() - lost)
                                lost = 0.0
                            self._see(heard)
            lost = lost or time.monotonic()
            await asyncio.sleep(0.2)

    def _see(self, payload: dict[str, Any]) -> None:
        self.seen = payload
        if self.keep_frames:
            self.frames.append((time.monotonic(), payload))
        self.changed.set()

    async def until(self, wanted: Any, patience: float = 60.0) -> dict[str, Any]:
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
        rows = [row for row in self.seen.get("levers", ()) if row["lever"] != "rung"]
        if not rows:
            return None
        row = luck.choice(rows)
        name = row["lever"] + (f".{luck.choice(row['places'])}" if row["places"] else "")
        span = row["high"] - row["low"]
        value = row["low"] + span * luck.random() * (0.3 if span > 100 else 1.0)
        return name, float(round(value)) if row["whole"] else round(value, 2)


async def new_room(http: httpx.AsyncClient, address: str, **fields: Any) -> dict[str, Any]:
    found = await http.post(
        f"{address}/api/rooms", json=fields, headers={"Authorization": f"Bearer {HOST_TOKEN}"}
    )
    found.raise_for_status()
    made: dict[str, Any] = found.json()
    return made


def client(people: int) -> httpx.AsyncClient:
    """A client with a connection for each person and patience for none."""
    limits = httpx.Limits(max_connections=people + 20, max_keepalive_connections=people + 20)
    return httpx.AsyncClient(limits=limits, timeout=20, trust_env=False)


def share(values: list[float], part: float) -> float:
    """A quantile, NaN of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")
