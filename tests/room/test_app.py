"""Watch page and room on one address: the process that `entrepot play` starts."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from runs.pages.routes import lost
from runs.pages.words import catalogue
from runs.room.address import own_address

ROOT = Path(__file__).parents[2]
TOKEN = "host-token-of-the-app-test"


class App:
    """`entrepot play` as a process of its own, and a client of it."""

    def __init__(self, store: Path, *options: str) -> None:
        command = [sys.executable, "-m", "runs.cli", "play", "--no-browser", "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--store", str(store), *options], cwd=ROOT, stdout=subprocess.PIPE,
            text=True, env={**os.environ, "ENTREPOT_HOST_TOKEN": TOKEN},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.told: list[str] = [self.process.stdout.readline()]

    def line(self) -> str:
        assert self.process.stdout is not None
        self.told.append(self.process.stdout.readline())
        return self.told[-1]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)
        return int(self.process.returncode)

    def call(self, method: str, address: str, token: str = "", body: Any = None) -> Any:
        """Status and JSON, or text where it is none."""
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(address, data, headers, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, dict[str, str]]]:
    made = App(tmp_path_factory.mktemp("app") / "rooms.db", "--json")
    told: dict[str, str] = json.loads(made.told[0])
    yield made, told
    made.stop()


def test_the_two_live_on_one_address(app: tuple[App, dict[str, str]]) -> None:
    client, told = app
    base = told["address"].rstrip("/")
    assert told["facilitator"] == f"{base}/host#{TOKEN}"
    assert told["join"] == f"{base}/join"
    assert client.call("GET", f"{base}/healthz") == (200, "ok\n")
    for page, words in (("/", "watch/watch.js"), ("/start", "host.js"), ("/seat", "seat.js")):
        status, text = client.call("GET", base + page)
        assert (status, words in text) == (200, True), page
    assert client.call("GET", f"{base}/api/openapi.json")[0] == 200
    assert client.call("GET", f"{base}/pages/host-key") == (200, {"token": TOKEN})
    status, room = client.call("POST", f"{base}/api/rooms", TOKEN, {"scenario": "gallium-2023"})
    assert status == 200
    lobby = client.call("GET", f"{base}/api/rooms/{room['code']}")[1]
    assert lobby["join"] == f"{base}/j/{room['code']}"


@pytest.mark.parametrize("path", ["/nosuchpage", "/wall", "/seat/more", "/%3Cb%3E"])
def test_an_address_where_nothing_is_says_so_and_leads_on(
    app: tuple[App, dict[str, str]], path: str
) -> None:
    client, told = app
    status, text = client.call("GET", told["address"].rstrip("/") + path)
    assert status == 404
    assert "Nothing stands at this address." in text
    assert "Solara" not in text
    assert "<b>" not in text
    assert re.findall(r'<a href="(.*?)"', text) == ["/", "/start", "/join"]


def test_the_page_of_no_address_speaks_the_browsers_language() -> None:
    line = httpx.ASGITransport(Starlette(routes=[Route("/{path:path}", lost)]))

    async def ask(spoken: str) -> str:
        async with httpx.AsyncClient(transport=line, base_url="http://127.0.0.1") as client:
            return (await client.get("/wall", headers={"accept-language": spoken})).text

    for spoken, language in (
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"), ("fr, ja;q=0.5", "ja"), ("zh-CN", "zh-Hans"),
        ("", "en"), ("fr", "en"), (";;,,-", "en"),
    ):  # fmt: skip
        text = asyncio.run(ask(spoken))
        assert f'<html lang="{language}">' in text
        assert catalogue(language)["lost.text"] in text


def test_saved_rooms_are_told_to_the_host_alone(app: tuple[App, dict[str, str]]) -> None:
    client, told = app
    rooms = told["address"] + "api/rooms"
    form = {"scenario": "gallium-2023", "seats": ["KOR"], "team_size": 1, "turn_seconds": None}
    own = client.call("POST", rooms, TOKEN, form)[1]
    joined = {"id": "join-1", "name": "Kim Unseen", "seat": "KOR"}
    seat = client.call("POST", f"{rooms}/{own['code']}/join", "", joined)[1]["token"]
    shared = client.call("POST", rooms, TOKEN, {**form, "seats": ["KOR", "JPN"]})[1]
    client.call("POST", f"{rooms}/{shared['code']}/join", "", joined)
    for token in ("", seat, own["facilitator_token"], "wrong"):
        status, answer = client.call("GET", rooms, token)
        assert status == 401
        assert own["facilitator_token"] not in json.dumps(answer)
    status, answer = client.call("GET", rooms, TOKEN)
    found = {row["room"]: row for row in answer["rooms"]}
    mine = found[own["code"]]
    assert (status, mine["alone"], mine["seat"], mine["played"]) == (200, True, "KOR", 0)
    assert mine["seat_token"] == seat
    assert mine["facilitator_token"] == own["facilitator_token"]
    assert not found[shared["code"]]["alone"]
    assert "seat_token" not in found[shared["code"]]  # a seat of somebody else


def test_what_if_is_played_for_the_host_alone(app: tuple[App, dict[str, str]]) -> None:
    from runs import Game

    client, told = app
    address = told["address"] + "api/what-if"
    form = {
        "scenario": "gallium-2023", "seed": 3, "users": 100, "from_week": 4, "lucks": 2, "weeks": 6,
        "set": {"CHN.licence_approval": 0.1},
    }  # fmt: skip
    assert client.call("POST", address, "", form)[0] == 401
    status, answer = client.call("POST", address, TOKEN, form)
    assert status == 200
    game = Game("gallium-2023", seed=3, users=100).run(4)
    wanted = game.what_if(form["set"], 4, 2, 6)  # type: ignore[arg-type]
    assert answer["weeks"] == [4, 5, 6, 7, 8, 9]
    assert answer["branch"]["price"] == wanted.to_dict()["branch"]["price"]
    for wrong, words in (
        ({"set": {"CHN.licence_approval": 3}}, "between 0 and 1"),
        ({"set": {"CHN.nothing": 1}}, "nothing"),
        ({"from_week": 900}, "from_week: 900 must be a whole number from 0 to"),
        ({"scenario": "gallium-2032"}, "did you mean gallium-2023?"),
        ({"lucks": 999}, "from 1 to 32"),
    ):
        status, refused = client.call("POST", address, TOKEN, {**form, **wrong})
        assert (status, words in refused["error"]) == (422, True), refused


def test_no_more_than_three_what_ifs_wait(app: tuple[App, dict[str, str]]) -> None:
    client, told = app
    form = {"scenario": "gallium-2023", "users": 300, "weeks": 20, "set": {"KOR.protest": 1.0}}

    def ask(_: int) -> tuple[int, Any]:
        status, answer = client.call("POST", told["address"] + "api/what-if", TOKEN, form)
        return status, answer

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(6)))
    assert sorted(status for status, _ in answers) == [200] * 3 + [429] * 3
    refused = next(answer for status, answer in answers if status == 429)
    assert "waiting already" in refused["error"]


def test_open_to_the_network_it_prints_both_links_and_goes_on_after_a_restart(
    tmp_path: Path,
) -> None:
    store = tmp_path / "rooms.db"
    client = App(store, "--host", "0.0.0.0")
    base = client.told[0].split()[3].rstrip("/")
    assert client.line().startswith("People on the same network join at http://")
    while not client.line().startswith("Facilitator"):
        pass
    assert any("█" in line for line in client.told)  # the QR code
    assert client.told[-1].strip().endswith(f"/host#{TOKEN}")
    room = client.call("POST", f"{base}/api/rooms", TOKEN, {"scenario": "gallium-2023"})[1]
    outside = base.replace("127.0.0.1", own_address())
    assert client.told[-1].split()[-1].startswith(base)  # it opens on this computer alone
    if outside != base:  # a phone that is given the bare address joins, and so does any other
        for path in ("/", "/?scenario=gallium-2023"):
            assert "join.js" in client.call("GET", outside + path)[1]
        for path in ("/pages/host-key", "/start", "/host", "/api/openapi.json", "/print"):
            assert client.call("GET", outside + path)[0] == 404, path
        assert client.call("POST", f"{outside}/api/rooms", TOKEN, {})[0] == 404
        assert client.call("GET", f"{outside}/healthz") == (200, "ok\n")
    assert client.stop() in (0, 130)
    client = App(store)
    base = client.told[0].split()[3].rstrip("/")
    view = f"{base}/api/rooms/{room['code']}/view"
    assert client.call("GET", view, room["facilitator_token"])[1]["phase"] == "lobby"
    assert client.stop() in (0, 130)


def test_a_scenario_of_ones_own_can_be_played_in_a_room(tmp_path: Path) -> None:
    from world.scenario import SHIPPED

    text = (SHIPPED / "gallium-2023.toml").read_text("utf-8")
    title = tomllib.loads(text)["title"]
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace(title, "My own gallium"))
    client = App(tmp_path / "rooms.db", str(mine))
    base = client.told[0].split()[3].rstrip("/")
    own = client.call("GET", f"{base}/pages/host-key")[1]["own"]
    assert (own["id"], own["title"]) == (mine.name, "My own gallium")
    assert {"CHN", "JPN"} <= {row["seat"] for row in own["seats"]}
    room = client.call("POST", f"{base}/api/rooms", TOKEN, {"scenario": own["id"]})[1]
    lobby = client.call("GET", f"{base}/api/rooms/{room['code']}")[1]
    assert lobby["title"] == "My own gallium"
    for path in (str(mine), "./mine.toml", "/etc/passwd", str(tmp_path)):  # a name, never a path
        status, answer = client.call("POST", f"{base}/api/rooms", TOKEN, {"scenario": path})
        assert (status, answer["field"]) == (422, "scenario")
        assert answer["error"].startswith(f"there is no scenario {path!r}: ")
    assert client.stop() in (0, 130)


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "runs.cli", "play", "--no-browser", "--port"]
        done = subprocess.run(
            [*command, str(taken.getsockname()[1]), "--store", str(tmp_path / "rooms.db")],
            capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "choose another with --port" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
