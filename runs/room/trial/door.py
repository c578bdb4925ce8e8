"""The door's own description against the door: inputs that fit it and inputs that nearly do.

    python -m runs.room.trial.door --inputs 2000

Schemathesis makes the inputs from `/api/openapi.json`; each goes to one of several rooms with one
of its tokens. No answer may be a server's error, hold a traceback, or have a status that the
description does not know; and nothing that was refused may change a room.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from typing import Any

import httpx

from runs.room.trial.client import Server, patient_room, running, tell

ROOMS = 6
OWN = 4  # commands that the server may add by itself in a turn


def probe(server: Server, inputs: int, seed: int = 1) -> dict[str, Any]:
    """How many inputs were sent, statuses by count, and what went wrong."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from schemathesis.core.result import Ok

    places = asyncio.run(_places(server))
    with httpx.Client(base_url=server.address, timeout=30, trust_env=False) as http:
        told = http.get("/api/openapi.json").json()
        _aim(told, [place["code"] for place in places])
        described = schemathesis.openapi.from_dict(told)
        calls = [one.ok() for one in described.get_all_operations() if isinstance(one, Ok)]
        luck = random.Random(seed)
        found: dict[str, Any] = {"sent": 0, "statuses": {}, "wrong": []}
        for call in calls:
            known = {*call.definition.raw["responses"], "405"}

            limits = settings(
                max_examples=max(1, inputs // len(calls)), database=None, deadline=None,
                phases=[Phase.generate], suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            test = given(call.as_strategy())(_sender(http, known, places, luck, found))
            seeded(seed)(limits(test))()
        for place in places:
            _still(http, place, found)
    return found


async def _places(server: Server) -> list[dict[str, Any]]:
    places = []
    for n in range(ROOMS):
        made, _, bot = await patient_room(server.address, f"Probe {n}")
        own = [bot.token, made["facilitator_token"]]
        tokens = [*own, *own, *own, made["projector_token"], "x" * 32]  # most may do something
        places.append({"code": made["code"], "tokens": tokens, "taken": 2})
    return places


def _aim(told: dict[str, Any], codes: list[str]) -> None:
    """Most calls name a room that there is; the host's calls, which make rooms, are left out."""
    for path in [path for path in told["paths"] if "{code}" not in path]:
        del told["paths"][path]
    for verbs in told["paths"].values():
        for call in verbs.values():
            call["parameters"] = [
                {**one, "schema": {"enum": [*codes, "ZZZZZ"]}} if one["name"] == "code" else one
                for one in call.get("parameters", []) if one["name"] != "authorization"
            ]  # fmt: skip


def _sender(
    http: httpx.Client, known: set[str], places: list[dict[str, Any]], luck: random.Random,
    found: dict[str, Any],
) -> Any:  # fmt: skip
    def send(case: Any) -> None:
        _send(http, case, known, places, luck, found)

    return send


def _send(
    http: httpx.Client, case: Any, known: set[str], places: list[dict[str, Any]],
    luck: random.Random, found: dict[str, Any],
) -> None:  # fmt: skip
    code = (case.path_parameters or {}).get("code")
    place = next((one for one in places if one["code"] == code), luck.choice(places))
    case.headers = {
        **dict(case.headers or {}),
        "authorization": f"Bearer {luck.choice(place['tokens'])}",
    }
    request = case.as_transport_kwargs(base_url=f"{str(http.base_url).rstrip('/')}/api")
    try:
        answer = http.request(
            request["method"], request["url"], params=request.get("params"),
            headers=dict(request.get("headers") or {}), json=request.get("json"),
            content=request.get("data"),
        )  # fmt: skip
    except (httpx.InvalidURL, httpx.LocalProtocolError, UnicodeEncodeError):
        return  # what no client can send
    found["sent"] += 1
    status = str(answer.status_code)
    found["statuses"][status] = found["statuses"].get(status, 0) + 1
    if answer.status_code == 200 and request["method"] != "GET":
        place["taken"] += 1
    if status not in known or answer.status_code >= 500 or "Traceback" in answer.text:
        line = f"{request['method']} {request['url']} -> {status} {answer.text[:200]}"
        found["wrong"].append(line)


def _still(http: httpx.Client, place: dict[str, Any], found: dict[str, Any]) -> None:
    """The room answers, and holds no more commands than were answered with 200."""
    headers = {"authorization": f"Bearer {place['tokens'][1]}"}
    answer = http.get(f"/api/rooms/{place['code']}/view", headers=headers)
    if answer.status_code != 200:
        found["wrong"].append(f"view of {place['code']} -> {answer.status_code}")
        return
    view = answer.json()
    if view["version"] > place["taken"] + OWN * (len(view["closed"]) + 1):
        found["wrong"].append(f"{view['version']} commands, {place['taken']} answered")


def main() -> None:
    parser = argparse.ArgumentParser(description="Sends what the door's description allows.")
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with running() as server:
        found = probe(server, args.inputs, args.seed)
    tell(found, not found["wrong"])


if __name__ == "__main__":
    main()
