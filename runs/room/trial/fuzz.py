"""Nonsense at the door: calls with parts of sense and of nonsense, websocket frames, raw bytes.

    python -m runs.room.trial.fuzz --inputs 100000

Nothing may be answered with a server's error, no traceback may stand in an answer or in what the
server prints, its memory must stay bounded, and the log must hold nothing that was refused: every
row of it belongs to a call that was answered with 200, or is the server's own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import websockets
from websockets.exceptions import WebSocketException

from runs.room.log import Store
from runs.room.trial.client import Bot, Server, new_id, patient_room, tell
from runs.room.trial.procs import held
from runs.room.trial.raw import statuses, throw

WORDS: list[Any] = [
    None, True, 0, -1, 1, 2, 2**70, 1e308, 0.5, "", "x", "all", "KOR", "JPN", "control", "stance",
    "rung.JPN", "hub_policing", "\u0000", "‮<script>alert(1)</script>", "' OR 1=1 --", "x" * 3000,
    "now", "lever", "price_up", [], {}, [[]], ["KOR"], {"a": 1}, [{"kind": "lever"}],
    [{"kind": "lever", "lever": "stance", "value": 0.1}],
    [{"kind": "stock", "material": "tungsten", "tonnes_per_turn": 1}],
    {"kind": "news"}, {"kind": "remarks", "target": "CHN", "data": {"strength": 9}},
]  # fmt: skip
AT_ONCE = 8  # inputs under way
PATIENCE_S = 120.0  # a call may wait for the model, and others wait there before it
PEOPLE = 6  # of a room; each has so many calls a second
FRAMES, RAW = 0.1, 0.15  # parts of the inputs
MOST_GROWTH_MB = 60.0  # of the server from a tenth of the inputs on
ROUND = 200  # inputs between two looks at the rooms
TOLD = 10_000  # inputs between two lines that say how far it is
# Shorter than the server keeps a silent connection: none is closed as it is used again.
KEPT = httpx.Limits(keepalive_expiry=2.0)


Wrong = dict[str, list[str]]


async def fuzz(
    address: str, inputs: int, seed: int, store: Path | None = None, pid: int | None = None,
    seconds: float = float("inf"),
) -> dict[str, Any]:  # fmt: skip
    """What went wrong, by kind, all lists empty if nothing did; and ``figures``.

    ``store`` is the server's log, and ``pid`` its process, where they are to be looked at. After
    ``seconds`` no more is sent.
    """
    luck = random.Random(seed)
    wrong: Wrong = {"server_errors": [], "tracebacks": [], "state_changed": [], "unanswered": []}
    seen: Counter[str] = Counter()
    memory: list[float] = []
    async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False, limits=KEPT) as http:
        schema = (await http.get(f"{address}/api/openapi.json")).json()
        calls = [(p, v) for p, verbs in schema["paths"].items() for v in verbs if "{n}" not in p]
        calls += [("/rooms/{code}/deals/{n}/sign", "post"), ("/rooms/{code}/deals/{n}/no", "post")]
        calls = [call for call in calls if call[0] != "/rooms"]
        places = [await _place(address) for _ in range(3)]
        gate = asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with gate:
                place, kind = luck.choice(places), luck.random()
                if kind < RAW:
                    await _raw(place, luck, wrong, seen)
                elif kind < RAW + FRAMES:
                    seen["frames"] += 1
                    await _frame(place, luck)
                else:
                    await _call(http, place, luck.choice(calls), schema, luck, wrong, seen)

        until = time.monotonic() + seconds
        for start in range(0, inputs, ROUND):
            if time.monotonic() > until:
                break
            await asyncio.gather(*(one() for _ in range(min(ROUND, inputs - start))))
            await _check(http, places, wrong)
            if start % TOLD == 0 and start:
                print(f"{start} of {inputs} inputs", file=sys.stderr, flush=True)
            if pid is not None:
                memory.append(held(pid).server_mb)
    if store is not None:
        _look_through(store, places, wrong)
    sent = sum(n for name, n in seen.items() if name != "sent again, too fast")
    figures = {"inputs": sent, "answers": dict(sorted(seen.items()))}
    return {**wrong, "figures": figures | ({"server_mb": _spans(memory)} if memory else {})}


async def _place(address: str) -> dict[str, Any]:
    """A room with some people; ``refused`` and ``accepted`` are ids of commands."""
    made, _, bot = await patient_room(address)
    tokens = [bot.token]
    for n in range(1, PEOPLE):
        other = Bot(address, made["code"], f"Person {n}")
        await other.join()
        tokens.append(other.token)
    return {
        "address": address, **made, "seat_tokens": tokens, "taken": len(tokens) - 1,
        "refused": set(), "accepted": set(),
    }  # fmt: skip


async def _raw(
    place: dict[str, Any], luck: random.Random, wrong: Wrong, seen: Counter[str]
) -> None:
    heard = await throw(place["address"], place["code"], luck)
    found = statuses(heard)
    seen.update([f"raw {status}" for status in found] or ["raw, no answer"])
    if any(status >= 500 for status in found):
        wrong["server_errors"].append(f"raw bytes -> {heard[:200]!r}")
    if b"Traceback" in heard:
        wrong["tracebacks"].append(f"raw bytes -> {heard[:200]!r}")


def _spans(values: list[float]) -> dict[str, float]:
    """A tenth of the way, the middle, the end and the highest."""
    last = len(values) - 1
    return {
        "tenth": values[last // 10], "middle": values[last // 2], "end": values[-1],
        "highest": max(values),
    }  # fmt: skip


def _look_through(store: Path, places: list[dict[str, Any]], wrong: Wrong) -> None:
    """No row of a command that was refused, and none that nobody was told of."""
    log = Store(store, read_only=True)
    for place in places:
        for row in log.read(place["code"]):
            ident, who = str(row.body["id"]), row.body["who"]
            unknown = who != "server" and row.body["kind"] not in ("create", "join")
            if ident in place["refused"] - place["accepted"]:
                wrong["state_changed"].append(f"row {row.n} was refused: {row.body}"[:300])
            elif unknown and ident not in place["accepted"]:
                wrong["state_changed"].append(f"row {row.n} is nobody's: {row.body}"[:300])
    log.close()


async def _call(
    http: httpx.AsyncClient, place: dict[str, Any], call: tuple[str, str], schema: dict[str, Any],
    luck: random.Random, wrong: Wrong, seen: Counter[str],
) -> None:  # fmt: skip
    path, verb = call
    body = _body(schema, path, verb, luck)
    where = path.replace("{code}", luck.choice([place["code"]] * 9 + ["x", "ZZZZZ"]))
    where = where.replace("{n}", str(luck.choice([1, 2, 0, -1, "x", 10**30])))
    name = luck.choice(["seat", "format", "names", "lever", "value"])
    query = {name: str(luck.choice(WORDS))[:99]}
    token = luck.choice(
        place["seat_tokens"] + [place["facilitator_token"], place["projector_token"], "x"]
    )
    sent = json.dumps(body) if luck.random() < 0.95 else luck.choice(["{", "nul", "[" * 999])
    while True:
        try:
            found = await http.request(
                verb.upper(), f"{place['address']}/api{where}", params=query,
                content=sent.encode() if verb != "get" else None,
                headers={"Authorization": f"Bearer {token}", "content-type": "application/json"},
            )  # fmt: skip
        except httpx.TimeoutException:
            wrong["unanswered"].append(f"{verb} {where} {sent[:200]}")
            return
        if found.status_code != 429:
            break
        seen["sent again, too fast"] += 1
        await asyncio.sleep(0.2)
    seen[str(found.status_code)] += 1
    label = f"{verb} {where} {sent[:200]} -> {found.status_code} {found.text[:200]}"
    if found.status_code >= 500:
        wrong["server_errors"].append(label)
    if "Traceback" in found.text or 'File "' in found.text:
        wrong["tracebacks"].append(label)
    if verb == "get" or not isinstance(body, dict):
        return
    place["accepted" if found.status_code == 200 else "refused"].add(str(body.get("id")))
    if found.status_code == 200:
        place["taken"] += 1


def _body(schema: dict[str, Any], path: str, verb: str, luck: random.Random) -> Any:
    """A body with the names that the call knows, and values that fit or do not."""
    told = schema["paths"].get(path, {}).get(verb, {}).get("requestBody")
    if told is None:
        return luck.choice(WORDS)
    ref = told["content"]["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
    names = list(schema["components"]["schemas"].get(ref, {}).get("properties", {"id": None}))
    body = {name: luck.choice(WORDS) for name in names if luck.random() < 0.7}
    if luck.random() < 0.9:
        body["id"] = new_id()
    if luck.random() < 0.05:
        body[str(luck.choice(WORDS))] = 1
    if body.get("action") is not None and luck.random() < 0.8:
        body["action"] = luck.choice(
            ["start", "pause", "inject", "override", "assign", "message", "adjudicate", "reveal"]
        )
    return body


async def _frame(place: dict[str, Any], luck: random.Random) -> None:
    """A websocket with nonsense for its first or second message."""
    address = f"{place['address'].replace('http', 'ws')}/api/rooms/{place['code']}/live"
    word: Any = luck.choice(["", "{", "[]", "null", b"\xff\x00", '{"token":[]}', "x" * 3000])
    try:
        async with websockets.connect(address, open_timeout=5) as line:
            if luck.random() < 0.5:
                await line.send(json.dumps({"token": luck.choice(place["seat_tokens"])}))
            await line.send(word)
            await asyncio.wait_for(line.recv(), 2)
    except (OSError, WebSocketException, TimeoutError):
        pass


async def _check(
    http: httpx.AsyncClient, places: list[dict[str, Any]], wrong: Wrong
) -> None:
    """The room is alive, and as many commands stand in it as were answered with 200."""
    for place in places:
        found = await http.get(
            f"{place['address']}/api/rooms/{place['code']}/view",
            headers={"Authorization": f"Bearer {place['facilitator_token']}"},
        )
        if found.status_code != 200:
            wrong["server_errors"].append(f"view -> {found.status_code} {found.text[:200]}")
            continue
        # made, joined, and what was taken since; a resend is answered and adds nothing
        most = 2 + place["taken"]
        if found.json()["version"] > most + _turns(found.json()):
            wrong["state_changed"].append(f"{found.json()['version']} commands, {most} answered")


def _turns(view: dict[str, Any]) -> int:
    """Commands of the server itself."""
    return 4 * len(view["closed"]) + 4


def main() -> None:
    parser = argparse.ArgumentParser(description="Fuzzes the HTTP and websocket doors.")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="at most so long")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store, said = Path(folder) / "rooms.db", Path(folder) / "said.txt"
        with Server(store, said=said) as server:
            assert server.process is not None
            found = asyncio.run(
                fuzz(
                    server.address, args.inputs, args.seed, store, server.process.pid, args.seconds
                )
            )
        text = said.read_text(errors="replace")
    figures = found.pop("figures")
    if "Traceback" in text:
        found["tracebacks"].append(text[text.index("Traceback") :][:2000])
    grown = figures["server_mb"]["highest"] - figures["server_mb"]["tenth"]
    fine = not any(found.values()) and grown <= MOST_GROWTH_MB
    tell({**figures, "printed_lines": text.count("\n"), **found}, fine)


if __name__ == "__main__":
    main()
