"""Every call of the interface by every kind of token: who may, and who is turned away how.

A call that is new and not in the table fails the first test, so none is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from runs.room.control import ACTIONS
from runs.room.tokens import RIGHTS, new_code, new_token
from runs.room.trial.client import HOST_TOKEN, Server, new_id

SEAT, CONTROL, WALL, HOST = "seat", "facilitator", "projector", "host"
ALL = frozenset({SEAT, CONTROL, WALL})
EVERYBODY = ALL | {HOST, "nobody", "nonsense", "other seat", "other facilitator"}

# (verb, path) -> who may; anybody else gets 401 without a token of ours, 403 with one
WHO: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/rooms"): frozenset({HOST}),
    ("POST", "/rooms"): frozenset({HOST}),
    ("POST", "/what-if"): frozenset({HOST}),
    ("POST", "/host-pass"): frozenset({HOST}),
    ("GET", "/rooms/{code}"): EVERYBODY,
    ("GET", "/rooms/{code}/qr.svg"): EVERYBODY,
    ("POST", "/rooms/{code}/join"): EVERYBODY,
    ("GET", "/rooms/{code}/view"): ALL,
    ("GET", "/rooms/{code}/review"): frozenset({CONTROL}),  # others once it is revealed
    ("GET", "/rooms/{code}/story"): frozenset({CONTROL}),  # likewise
    ("POST", "/rooms/{code}/branch"): frozenset({CONTROL}),
    ("PUT", "/rooms/{code}/orders"): frozenset({SEAT}),
    ("POST", "/rooms/{code}/submit"): frozenset({SEAT}),
    ("POST", "/rooms/{code}/reopen"): frozenset({SEAT}),
    ("POST", "/rooms/{code}/deals"): frozenset({SEAT}),
    ("POST", "/rooms/{code}/deals/{n}/{act}"): frozenset({SEAT}),
    ("POST", "/rooms/{code}/messages"): frozenset({SEAT}),
    ("POST", "/rooms/{code}/forecasts"): frozenset({SEAT}),
    ("POST", "/rooms/{code}/weights"): frozenset({SEAT}),
    ("POST", "/rooms/{code}/notes"): frozenset({SEAT}),
    ("POST", "/rooms/{code}/moves"): frozenset({SEAT}),
    ("GET", "/rooms/{code}/estimate"): frozenset({SEAT}),
    ("GET", "/rooms/{code}/ghost"): frozenset({SEAT}),
    ("POST", "/rooms/{code}/control"): frozenset({CONTROL}),
    ("GET", "/rooms/{code}/helpers"): frozenset({CONTROL}),  # with the right to appoint
    ("GET", "/rooms/{code}/lesson"): frozenset({CONTROL}),  # it holds what is yet to come
    ("GET", "/rooms/{code}/wall"): frozenset({CONTROL}),
    ("GET", "/rooms/{code}/export"): frozenset({CONTROL}),
}
HOSTS = {  # calls of the host, who is no party of a room
    "/rooms": {"users": 300},
    "/host-pass": {},
    "/what-if": {"users": 100, "set": {"KOR.stance": 1}, "lucks": 1, "weeks": 2},
}
STRANGERS = ("nobody", "nonsense", HOST)  # who show no token of a room
BODIES: dict[str, dict[str, Any]] = {
    "/rooms/{code}/branch": {"week": 0},
    "/rooms/{code}/control": {"action": "message", "text": "Hello"},
    "/rooms/{code}/messages": {"to": "all", "text": "Hello"},
}


@pytest.fixture(scope="module")
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.address}/api", timeout=60, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def room(http: httpx.Client) -> dict[str, str]:
    """A room of its own and one beside it; tokens by who holds them."""
    tokens, code = {}, ""
    for other in ("other ", ""):
        form = {"users": 300, "turns": 2, "turn_seconds": None, "auto_close": False}
        made = ask(http, "POST", "/rooms", HOST_TOKEN, form).json()
        code = made["code"]
        body = {"id": new_id(), "name": "Kim", "seat": "KOR"}
        seat = ask(http, "POST", f"/rooms/{code}/join", "", body).json()["token"]
        ask(http, "POST", f"/rooms/{code}/control", made["facilitator_token"],
            {"id": new_id(), "action": "start"})  # fmt: skip
        tokens |= {
            f"{other}{SEAT}": seat, f"{other}{CONTROL}": made["facilitator_token"],
            f"{other}{WALL}": made["projector_token"],
        }  # fmt: skip
    return {**tokens, HOST: HOST_TOKEN, "nobody": "", "nonsense": new_token(), "code": code}


def ask(
    http: httpx.Client, verb: str, path: str, token: str, body: Any = None
) -> httpx.Response:  # fmt: skip
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return http.request(verb, path, json=body, headers=headers)


def test_every_call_of_the_interface_is_in_the_table(http: httpx.Client) -> None:
    told = http.get("/openapi.json").json()["paths"]
    assert {(verb.upper(), path) for path, verbs in told.items() for verb in verbs} == set(WHO)


@pytest.mark.parametrize(("verb", "path"), sorted(WHO))
def test_who_may_call(http: httpx.Client, room: dict[str, str], verb: str, path: str) -> None:
    where = path.replace("{code}", room["code"]).replace("{n}", "1").replace("{act}", "sign")
    for who in sorted(EVERYBODY):
        body = None if verb == "GET" else {"id": new_id(), **BODIES.get(path, {})}
        body = HOSTS.get(path, body) if verb == "POST" else body
        answer = ask(http, verb, where, room[who], body)
        if who in WHO[verb, path]:
            assert answer.status_code not in (401, 403), (who, answer.text)
            continue
        outside = path in HOSTS or who in STRANGERS
        assert answer.status_code == (401 if outside else 403), (who, answer.text)
        told = answer.json()
        assert set(told) == {"error", "field", "say"}, who
        assert told["error"].endswith(".")


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_action_of_control_is_nobody_elses(
    http: httpx.Client, room: dict[str, str], action: str
) -> None:
    body = {"id": new_id(), "action": action}
    for who in (SEAT, WALL, "other facilitator"):
        where = f"/rooms/{room['code']}/control"
        assert ask(http, "POST", where, room[who], body).status_code == 403, who


def test_a_facilitator_without_a_right_cannot_give_it_to_itself(
    http: httpx.Client, room: dict[str, str]
) -> None:
    where = f"/rooms/{room['code']}/control"
    body = {"id": new_id(), "action": "facilitator", "name": "Scribe", "rights": ["message"]}
    scribe = ask(http, "POST", where, room[CONTROL], body).json()["token"]
    for right in RIGHTS:
        body = {"id": new_id(), "action": "facilitator", "name": "Me", "rights": [right]}
        assert ask(http, "POST", where, scribe, body).status_code == 403
    for closed in ("export", "helpers"):
        assert ask(http, "GET", f"/rooms/{room['code']}/{closed}", scribe).status_code == 403


def test_a_token_is_no_word_of_a_link_a_query_or_a_cookie(
    http: httpx.Client, room: dict[str, str]
) -> None:
    """It counts in its header alone, so that no address and no foreign page can carry one."""
    where, token = f"/rooms/{room['code']}/view", room[CONTROL]
    for name in ("token", "authorization", "access_token"):
        assert http.get(where, params={name: token}).status_code == 401
        assert http.get(where, headers={"cookie": f"{name}={token}"}).status_code == 401
    assert http.get(where, headers={"authorization": f"Basic {token}"}).status_code == 401


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(2000)}
    assert len(tokens) == 2000
    assert min(map(len, tokens)) >= 32  # 192 bits
    assert len({new_code() for _ in range(2000)}) > 1990
