"""Nonsense at the door: every call of the interface with parts of sense and of nonsense.

    python -m runs.room.trial.fuzz --inputs 10000

Nothing may be answered with a server's error or a traceback, and nothing that was refused may have
changed the room.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from typing import Any

import httpx
import websockets
from websockets.exceptions import WebSocketException

from runs.room.trial.client import new_id, patient_room, running, tell

WORDS: list[Any] = [
    None, True, 0, -1, 1, 2, 2**70, 1e308, 0.5, "", "x", "all", "KOR", "JPN", "control", "stance",
    "rung.JPN", "hub_policing", "\u0000", "‮<script>alert(1)</script>", "' OR 1=1 --", "x" * 3000,
    "now", "lever", "price_up", [], {}, [[]], ["KOR"], {"a": 1}, [{"kind": "lever"}],
    [{"kind": "lever", "lever": "stance", "value": 0.1}],
    [{"kind": "stock", "material": "tungsten", "tonnes_per_turn": 1}],
    {"kind": "news"}, {"kind": "remarks", "target": "CHN", "data": {"strength": 9}},
]  # fmt: skip
AT_ONCE = 8  # inputs under way
ROUND = 200  # inputs between two looks at the rooms
# Shorter than the server keeps a silent connection: none is closed as it is used again.
KEPT = httpx.Limits(keepalive_expiry=2.0)


async def fuzz(address: str, inputs: int, seed: int) -> dict[str, list[str]]:
    """What went wrong, by kind; all lists are empty if nothing did."""
    luck = random.Random(seed)
    wrong: dict[str, list[str]] = {"server_errors": [], "tracebacks": [], "state_changed": []}
    async with httpx.AsyncClient(timeout=20, trust_env=False, limits=KEPT) as http:
        schema = (await http.get(f"{address}/api/openapi.json")).json()
        calls = [(p, v) for p, verbs in schema["paths"].items() for v in verbs if "{n}" not in p]
        calls += [("/rooms/{code}/deals/{n}/sign", "post"), ("/rooms/{code}/deals/{n}/no", "post")]
        calls = [call for call in calls if call[0] != "/rooms"]
        places = [await _place(address) for _ in range(3)]
        gate = asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with gate:
                place = luck.choice(places)
                if luck.random() < 0.1:
                    await _frame(place, luck)
                else:
                    await _call(http, place, luck.choice(calls), schema, luck, wrong)

        for start in range(0, inputs, ROUND):
            await asyncio.gather(*(one() for _ in range(min(ROUND, inputs - start))))
            await _check(http, places, wrong)
    return wrong


async def _place(address: str) -> dict[str, Any]:
    made, _, bot = await patient_room(address)
    return {"address": address, **made, "seat_token": bot.token}


async def _call(
    http: httpx.AsyncClient, place: dict[str, Any], call: tuple[str, str], schema: dict[str, Any],
    luck: random.Random, wrong: dict[str, list[str]],
) -> None:  # fmt: skip
    path, verb = call
    body = _body(schema, path, verb, luck)
    where = path.replace("{code}", luck.choice([place["code"]] * 9 + ["x", "ZZZZZ"]))
    where = where.replace("{n}", str(luck.choice([1, 2, 0, -1, "x", 10**30])))
    name = luck.choice(["seat", "format", "names", "lever", "value"])
    query = {name: str(luck.choice(WORDS))[:99]}
    token = luck.choice(
        [place["seat_token"]] * 6 + [place["facilitator_token"], place["projector_token"], "x"]
    )
    sent = json.dumps(body) if luck.random() < 0.95 else luck.choice(["{", "nul", "[" * 999])
    found = await http.request(
        verb.upper(), f"{place['address']}/api{where}", params=query,
        content=sent.encode() if verb != "get" else None,
        headers={"Authorization": f"Bearer {token}", "content-type": "application/json"},
    )  # fmt: skip
    label = f"{verb} {where} {sent[:200]} -> {found.status_code} {found.text[:200]}"
    if found.status_code >= 500:
        wrong["server_errors"].append(label)
    if "Traceback" in found.text or 'File "' in found.text:
        wrong["tracebacks"].append(label)
    if found.status_code == 200 and verb != "get":
        place["taken"] = place.get("taken", 0) + 1


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
                await line.send(json.dumps({"token": place["seat_token"]}))
            await line.send(word)
            await asyncio.wait_for(line.recv(), 2)
    except (OSError, WebSocketException, TimeoutError):
        pass


async def _check(
    http: httpx.AsyncClient, places: list[dict[str, Any]], wrong: dict[str, list[str]]
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
        most = 2 + place.get("taken", 0)
        if found.json()["version"] > most + _turns(found.json()):
            wrong["state_changed"].append(f"{found.json()['version']} commands, {most} answered")


def _turns(view: dict[str, Any]) -> int:
    """Commands of the server itself."""
    return 4 * len(view["closed"]) + 4


def main() -> None:
    parser = argparse.ArgumentParser(description="Fuzzes the HTTP and websocket doors.")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with running() as server:
        found = asyncio.run(fuzz(server.address, args.inputs, args.seed))
    tell({"inputs": args.inputs, **found}, not any(found.values()))


if __name__ == "__main__":
    main()
