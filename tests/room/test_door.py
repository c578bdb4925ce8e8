"""The door as clients meet it: the real server, real HTTP and websockets."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import websockets
from starlette.applications import Starlette

from runs.pages.routes import page_routes
from runs.room.trial.client import HOST_TOKEN, Bot, Server, new_id
from runs.room.trial.wire import Wire

CANARY = "canary7f3a"


class Room:
    """A room on the server, and calls with tokens of it."""

    def __init__(self, server: Server, **fields: Any) -> None:
        self.server = server
        self.http = httpx.Client(timeout=30, trust_env=False)
        made = self.post("/api/rooms", HOST_TOKEN, {"users": 300, **fields})
        assert made.status_code == 200, made.text
        self.made = made.json()
        self.code = self.made["code"]
        self.control_token, self.wall = self.made["facilitator_token"], self.made["projector_token"]

    def call(self, method: str, path: str, token: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.request(method, f"{self.server.address}{path}", json=body, headers=headers)

    def post(self, path: str, token: str, body: Any) -> httpx.Response:
        return self.call("POST", path, token, body)

    def here(self, method: str, path: str, token: str, **body: Any) -> httpx.Response:
        told = {"id": new_id(), **body} if method != "GET" else None
        return self.call(method, f"/api/rooms/{self.code}{path}", token, told)

    def join(self, seat: str | None = None, name: str = "Kim") -> str:
        found = self.here("POST", "/join", "", name=name, seat=seat)
        assert found.status_code == 200, found.text
        return str(found.json()["token"])

    def control(self, action: str, **body: Any) -> httpx.Response:
        return self.here("POST", "/control", self.control_token, action=action, **body)

    def view(self, token: str) -> dict[str, Any]:
        found: dict[str, Any] = self.here("GET", "/view", token).json()
        return found

    def until(self, token: str, wanted: Any) -> dict[str, Any]:
        import time

        end = time.monotonic() + 60
        while time.monotonic() < end:
            seen = self.view(token)
            if wanted(seen):
                return seen
            time.sleep(0.1)
        raise AssertionError("waited in vain")


@pytest.fixture
def room(server: Server) -> Iterator[Room]:
    made = Room(server, turn_seconds=None, turns=3)
    yield made
    made.http.close()


# --- the interface --------------------------------------------------------------------------------


def test_the_interface_describes_itself(server: Server) -> None:
    found = httpx.get(f"{server.address}/api/openapi.json").json()
    wanted = {
        ("/rooms", "post"), ("/rooms/{code}/join", "post"), ("/rooms/{code}/view", "get"),
        ("/rooms/{code}/orders", "put"), ("/rooms/{code}/submit", "post"),
        ("/rooms/{code}/reopen", "post"), ("/rooms/{code}/deals", "post"),
        ("/rooms/{code}/messages", "post"), ("/rooms/{code}/forecasts", "post"),
        ("/rooms/{code}/control", "post"), ("/rooms/{code}/review", "get"),
        ("/rooms/{code}/branch", "post"), ("/rooms/{code}/export", "get"),
    }  # fmt: skip
    assert wanted <= {(path, verb) for path, verbs in found["paths"].items() for verb in verbs}


def test_a_seat_plays_a_turn(room: Room) -> None:
    token = room.join("KOR")
    assert room.here("PUT", "/orders", token, turn=1, lever="stance", value=0.5).status_code == 409
    assert room.control("start").status_code == 200
    saved = room.here("PUT", "/orders", token, turn=1, lever="stance", value=0.5, why="mine")
    assert saved.status_code == 200
    assert set(saved.json()) == {"saved_at", "version"}
    seen = room.view(token)
    assert seen["orders"][0] | {"at": 0} == {
        "lever": "stance", "value": 0.5, "why": "mine", "reason": "", "by": "person", "at": 0,
    }  # fmt: skip
    for key in (
        "version",
        "room",
        "scenario",
        "turn",
        "turns",
        "week",
        "phase",
        "deadline",
        "seat",
        "seats",
        "gauges",
        "report",
        "levers",
        "orders",
        "deals",
        "messages",
        "public",
    ):
        assert key in seen
    assert {s["played_by"] for s in seen["seats"]} == {"ai", "person"}
    assert room.here("POST", "/submit", token, turn=1).status_code == 200
    seen = room.until(token, lambda v: v["turn"] == 2 and v["report"]["result"])
    assert seen["report"]["result"]["causes"]
    assert seen["gauges"][0]["id"] == "supply"
    assert room.here("PUT", "/orders", token, turn=1, lever="stance", value=0.5).status_code == 409


def test_a_resend_gets_the_same_answer_and_changes_nothing(room: Room) -> None:
    token = room.join("KOR")
    room.control("start")
    body = {"id": new_id(), "turn": 1, "lever": "stance", "value": 0.5, "why": ""}
    path = f"/api/rooms/{room.code}/orders"
    first = room.call("PUT", path, token, body).json()
    room.here("PUT", "/orders", token, turn=1, lever="stance", value=-0.5)
    assert room.call("PUT", path, token, body).json() == first
    assert room.view(token)["orders"][0]["value"] == -0.5


def test_two_hundred_join_at_once_and_nobody_sits_twice(server: Server) -> None:
    room = Room(server)

    async def one(n: int) -> dict[str, Any]:
        wire, body = Wire(server.address), {"name": f"Person {n}", "id": new_id()}
        path = f"/api/rooms/{room.code}/join"
        answers = [await wire.ask("POST", path, "", body) for _ in range(2)]  # and a resend
        wire.close()
        assert [a.status for a in answers] == [200, 200], answers[0].body
        assert answers[0].json() == answers[1].json()
        found: dict[str, Any] = answers[0].json()
        return found

    async def crowd() -> list[dict[str, Any]]:
        return list(await asyncio.gather(*(one(n) for n in range(200))))

    found = asyncio.run(crowd())
    assert len({one["token"] for one in found}) == 200
    assert len({one["person"] for one in found}) == 200
    people = room.view(room.control_token)["people"]
    assert len(people) == 200
    by_seat = [p["seat"] for p in people]
    assert {by_seat.count(seat) for seat in set(by_seat)} == {20}


# --- tokens ---------------------------------------------------------------------------------------


def test_tokens_cannot_be_exchanged_or_escalated(server: Server, room: Room) -> None:
    seat, other = room.join("KOR"), Room(server)
    start = {"action": "start", "id": new_id()}
    for token, status in (("", 401), ("x" * 32, 401), (HOST_TOKEN, 401), (seat, 403),
                          (room.wall, 403), (other.control_token, 403)):  # fmt: skip
        answer = room.post(f"/api/rooms/{room.code}/control", token, start)
        assert answer.status_code == status, (token, answer.text)
        assert set(answer.json()) == {"error", "field", "say"}
        assert room.here("GET", "/export", token).status_code == status
    for token in (room.wall, room.control_token):
        assert (
            room.here("PUT", "/orders", token, turn=1, lever="stance", value=0).status_code == 403
        )
    for token in (seat, room.control_token, room.wall, "", "wrong"):
        assert room.post("/api/rooms", token, {}).status_code == 401
    assert room.here("GET", "/view", other.wall).status_code == 403
    assert room.call("GET", f"/api/rooms/{room.code}/view?seat=JPN", seat).status_code == 403
    assert room.here("GET", "/review", seat).status_code == 403
    room.control("start")  # a seat cannot speak for another by naming it
    answer = room.here("PUT", "/orders", seat, turn=1, lever="stance", value=0.5, seat="JPN")
    assert answer.status_code == 422
    helper = room.control("facilitator", name="Scribe", rights=["message"]).json()
    assert room.post(f"/api/rooms/{room.code}/control", helper["token"],
                     {"action": "pause", "id": new_id()}).status_code == 403  # fmt: skip
    assert room.here("GET", "/export", helper["token"]).status_code == 403


def test_a_seats_view_is_given_to_who_may_and_has_said_so_in_this_turn(room: Room) -> None:
    room.join("KOR")

    def look(token: str) -> Any:
        return room.call("GET", f"/api/rooms/{room.code}/view?seat=JPN", token)

    scribe = room.control("facilitator", name="Scribe", rights=["message"]).json()["token"]
    second = room.control("facilitator", name="Second", rights=["people"]).json()["token"]
    assert look(room.control_token).status_code == 409
    assert room.control("look", seat="KOR").status_code == 200
    assert look(room.control_token).status_code == 409  # another seat's
    assert room.control("look", seat="JPN").status_code == 200
    assert look(room.control_token).json()["seat"] == "JPN"
    assert look(second).status_code == 409  # each for themselves
    assert look(scribe).status_code == 403
    room.control("start")  # in the next turn it is said again
    assert look(room.control_token).json()["say"]["key"] == "refuse.look_first"
    assert room.control("look", seat="JPN").status_code == 200
    assert look(room.control_token).json()["seat"] == "JPN"


def test_an_id_of_somebody_else_opens_no_seat(room: Room) -> None:
    body = {"id": "bot-1", "name": "Kim"}
    path = f"/api/rooms/{room.code}/join"
    token = room.post(path, "", body).json()["token"]
    assert room.post(path, "", {**body, "name": "Eve"}).status_code == 409
    assert room.post(path, "", body).json()["token"] == token  # the same device, at once


def test_coming_back_needs_the_facilitator_and_ends_the_old_token(room: Room) -> None:
    old = room.join("KOR", "Kim")
    body = {"id": new_id(), "name": "Kim", "rejoin": True}
    path = f"/api/rooms/{room.code}/join"
    asked = room.post(path, "", body).json()
    assert asked["token"] is None
    assert room.control("admit", request=asked["request"]).status_code == 200
    new = room.post(path, "", body).json()["token"]
    assert room.view(new)["you"]["name"] == "Kim"
    assert room.here("GET", "/view", old).status_code == 403
    asked = room.post(path, "", {**body, "id": new_id(), "seat": "KOR"}).json()
    told = room.view(room.control_token)["requests"][asked["request"]]
    assert (told["name"], told["seat"], told["people"][0]["here"]) == ("Kim", "KOR", False)
    assert room.control("decline", request=asked["request"]).status_code == 200
    assert room.view(room.control_token)["requests"] == {}
    assert room.view(new)["you"]["name"] == "Kim"


def test_a_helpers_link_can_be_seen_again_by_who_may_appoint(room: Room) -> None:
    made = room.control("facilitator", name="Scribe", rights=["message"]).json()
    for _ in range(2):
        (told,) = room.here("GET", "/helpers", room.control_token).json()["helpers"]
        link = f"{room.server.address}/console#{room.code}.{made['token']}"
        assert told == {
            "who": made["facilitator"], "name": "Scribe", "rights": ["message"], "link": link,
        }  # fmt: skip
    assert room.here("GET", "/helpers", made["token"]).status_code == 403
    refused = room.control("facilitator", name="Idle", rights=[])
    assert (refused.status_code, refused.json()["field"]) == (422, "rights")
    assert room.control("dismiss", helper=made["facilitator"]).status_code == 200
    assert room.here("GET", "/helpers", room.control_token).json() == {"helpers": []}
    assert room.here("GET", "/view", made["token"]).status_code == 403


@pytest.mark.parametrize(
    ("path", "form", "field", "key", "words"),
    [
        ("", {"seed": -1}, "seed", "whole", "from 0 to 2147483647"),
        ("", {"seed": 2**40}, "seed", "whole", "from 0 to 2147483647"),
        ("", {"seed": "luck"}, "seed", "whole", "from 0 to 2147483647"),
        ("", {"turns": 0.5}, "turns", "whole", "from 1 to 200"),
        ("", {"language": "fr"}, "language", "choice", "one of en, ko, ja, zh-Hans"),
        ("/X/join", {"name": "x" * 61}, "name", "length", "60 signs at most"),
        ("/X/deals", {"to": "KOR", "gives": [{"kind": "stock", "tonnes_per_turn": -5}]},
         "gives.0.tonnes_per_turn", "above", "above 0, 1e+07 at most"),
        ("/X/deals", {"to": "KOR", "exit": -1}, "exit", "whole", "from 0 to 200"),
        ("/X/weights", {"supply": 2, "autonomy": 0.4, "standing": 0.4}, "supply", "range",
         "from 0.2 to 0.5"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_read_is_told_what_it_takes(
    room: Room, path: str, form: dict[str, Any], field: str, key: str, words: str
) -> None:
    body = {"id": new_id(), **form} if path else form
    token = room.join("KOR") if path else HOST_TOKEN
    answer = room.post(f"/api/rooms{path.replace('X', room.code)}", token, body)
    told = answer.json()
    assert (answer.status_code, told["field"]) == (422, field)
    assert told["say"]["key"] == f"refuse.form_{key}"
    assert words in told["error"]
    assert told["error"].endswith(".")


# --- what is the same for everybody ---------------------------------------------------------------


def test_words_and_scenes_are_made_once_and_sent_again_only_when_they_change() -> None:
    app = Starlette(routes=page_routes())
    made: list[str] = []

    async def ask(path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(path, headers=headers)

    for path in ("/pages/words/ko.json", "/pages/scene/japan-2026.json", "/pages/scene/mine.json"):
        first = asyncio.run(ask(path, {"accept-encoding": "identity"}))
        assert first.status_code == 200
        assert first.headers["cache-control"] == "no-cache"
        made.append(first.headers["etag"])
        again = asyncio.run(ask(path, {"if-none-match": first.headers["etag"]}))
        assert (again.status_code, again.content) == (304, b"")
        short = asyncio.run(ask(path, {"accept-encoding": "gzip", "if-none-match": '"other"'}))
        assert short.headers["content-encoding"] == "gzip"
        assert short.json() == first.json()
    assert len(set(made)) == 3
    assert first.json()["usd_per_kg"] == {}


# --- what others must not see ---------------------------------------------------------------------


def test_private_words_reach_nobody_else(server: Server, room: Room) -> None:
    """Canaries in everything private; every payload, frame, export and log line is searched."""

    async def scan() -> None:
        spy = Bot(server.address, room.code, "Spy")
        await spy.join("USA")
        spy.keep_frames = True
        spy.go_live()
        wall = Bot(server.address, room.code, "wall")
        wall.token, wall.keep_frames = room.wall, True
        wall.go_live()
        await asyncio.to_thread(plant)
        await asyncio.sleep(1)
        for bot in (spy, wall):
            assert len(bot.frames) > 2
            for _, frame in bot.frames:
                assert CANARY not in json.dumps(frame)
            await bot.leave()
        assert CANARY not in json.dumps(await asyncio.to_thread(room.view, spy.token))

    def plant() -> None:
        japan, korea = room.join("JPN", f"{CANARY} Sato"), room.join("KOR", f"{CANARY} Kim")
        room.control("start")
        room.here(
            "PUT", "/orders", japan, turn=1, lever="stance", value=0.4321, why=f"{CANARY} why"
        )
        deal = room.here("POST", "/deals", japan, to="KOR", secret=True, text=f"{CANARY} deal",
                         gives=[{"kind": "stock", "material": "tungsten", "tonnes_per_turn": 3}],
                         exit=f"{CANARY} exit")  # fmt: skip
        assert deal.status_code == 200, deal.text
        number = deal.json()["deal"]
        assert room.here("POST", f"/deals/{number}/sign", korea).status_code == 200
        room.here("POST", "/messages", japan, to="KOR", text=f"{CANARY} message")
        room.here("POST", "/messages", korea, to="control", text=f"{CANARY} to control")
        room.here("POST", "/notes", japan, kind="flag", text=f"{CANARY} note")
        room.here("POST", "/moves", japan, claim=f"{CANARY} claim", pro=[f"{CANARY} pro"])
        room.control("inject", to="JPN", event={"kind": "news", "text": f"{CANARY} inject"})
        room.control("message", to="JPN", text=f"{CANARY} from control")
        assert CANARY in json.dumps(room.view(japan))
        assert CANARY in json.dumps(room.view(korea))
        room.control("close_turn")
        room.until(japan, lambda v: v["turn"] == 2 and v["report"]["result"])
        room.here("PUT", "/orders", korea, turn=2, lever="stance", value=5)  # an error

    asyncio.run(scan())
    archive = room.here("GET", "/export", room.control_token)
    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        texts = {name: files.read(name).decode("utf-8", "replace") for name in files.namelist()}
    assert not any(f"{CANARY} Sato" in text or f"{CANARY} Kim" in text for text in texts.values())
    tokens = (room.control_token, room.wall)
    assert not any(token in text for text in texts.values() for token in tokens)


def test_names_stand_in_an_export_only_when_they_are_asked_for(room: Room) -> None:
    room.join("KOR", "Kim Unseen")

    def names(answer: str) -> bool:
        path = f"/api/rooms/{room.code}/export?format=csv&names={answer}"
        found = room.call("GET", path, room.control_token)
        with zipfile.ZipFile(io.BytesIO(found.content)) as files:
            assert {"commands.csv", "states.csv", "orders.csv", "deals.csv", "messages.csv",
                    "forecasts.csv", "injects.csv", "events.csv", "parameters.csv",
                    "schema.json"} <= set(files.namelist())  # fmt: skip
            return any(b"Kim Unseen" in files.read(name) for name in files.namelist())

    assert not names("no")
    assert names("yes")


# --- what comes in --------------------------------------------------------------------------------


def test_faults_are_sentences(room: Room) -> None:
    token = room.join("KOR")
    room.control("start")
    bodies: list[Any] = [{}, [], "x", None, {"id": "a", "turn": "x"}, {"id": "!" * 9, "turn": 1}]
    for body in bodies:
        found = room.call("PUT", f"/api/rooms/{room.code}/orders", token, body)
        assert found.status_code == 422
        assert found.json()["error"].endswith(".")
    headers = {"Authorization": f"Bearer {token}", "content-type": "application/json"}
    where = f"{room.server.address}/api/rooms/{room.code}/orders"
    for raw in (b"", b"{", b"\xff\xfe", b'{"id":"a","turn":1,"lever":"stance","value":NaN}',
                b'{"id":"a","turn":1,"lever":"stance","value":1e999}', b"[" * 5000):  # fmt: skip
        found = room.http.put(where, content=raw, headers=headers)
        assert found.status_code in (400, 422), raw[:20]
        assert {"error", "field"} <= set(found.json()) <= {"error", "field", "say"}
    assert room.http.put(where, content=b"x" * 70_000, headers=headers).status_code == 413
    assert room.here("GET", "/nonsense", token).status_code == 404
    assert room.call("GET", "/api/rooms/NONE/view", token).status_code == 403
    assert room.call("GET", "/api/rooms/ZZZZZ", "").status_code == 404
    assert room.call("DELETE", f"/api/rooms/{room.code}/orders", token).status_code == 405


@pytest.mark.parametrize("seed", range(3))
def test_nonsense_gives_no_server_error_and_no_change(server: Server, seed: int) -> None:
    """A fuzz of every call with parts of sense and nonsense, of frames and of raw bytes, after
    which the log holds nothing that was refused; `trial.fuzz` has the long one."""
    from runs.room.trial.fuzz import fuzz

    found = asyncio.run(fuzz(server.address, 300, seed, server.store))
    answers = found["figures"]["answers"]
    assert answers["200"] > 5
    assert answers["422"] > 20
    assert sum(n for name, n in answers.items() if name.startswith("raw")) > 20
    assert found["server_errors"] == []
    assert found["tracebacks"] == []
    assert found["state_changed"] == []


def test_websocket_nonsense_ends_in_a_word(server: Server, room: Room) -> None:
    token = room.join("KOR")
    address = f"{server.address.replace('http', 'ws')}/api/rooms/{room.code}/live"

    async def say(*words: str | bytes) -> list[str]:
        heard: list[str] = []
        async with websockets.connect(address) as line:
            try:
                for word in words:
                    await line.send(word)
                for _ in range(3):
                    heard.append(str(await asyncio.wait_for(line.recv(), 3)))
            except (websockets.exceptions.ConnectionClosed, TimeoutError):
                pass
        return heard

    for word in ("", "{", "[]", "null", b"\x00\xff", '{"token":5}', '{"token":"x"}', "x" * 5000):
        heard = asyncio.run(say(word))
        assert all("error" in text for text in heard), (word[:20], heard)
    for word in ("{", "[" * 1900):  # the second is nested deeper than a parser goes
        assert "error" in asyncio.run(say(word))[0]
    heard = asyncio.run(say(json.dumps({"token": token}), "again", "{"))
    assert '"seat":"KOR"' in heard[0]


def test_a_second_device_wins_and_the_first_is_told(server: Server, room: Room) -> None:
    token = room.join("KOR")
    address = f"{server.address.replace('http', 'ws')}/api/rooms/{room.code}/live"

    async def two() -> None:
        async with websockets.connect(address) as first:
            await first.send(json.dumps({"token": token, "device": "phone"}))
            assert "version" in str(await first.recv())
            async with websockets.connect(address) as second:
                await second.send(json.dumps({"token": token, "device": "laptop"}))
                assert "version" in str(await second.recv())
                heard = []
                with contextlib.suppress(websockets.exceptions.ConnectionClosed):
                    while True:
                        heard.append(str(await first.recv()))
                assert heard[-1] == '{"moved":true}'
                async with websockets.connect(address) as third:  # the phone tries by itself
                    await third.send(json.dumps({"token": token, "device": "phone"}))
                    assert str(await third.recv()) == '{"moved":true}'
                headers = {"Authorization": f"Bearer {token}", "Entrepot-Device": "phone"}
                where = f"{server.address}/api/rooms/{room.code}/view"
                found = await asyncio.to_thread(httpx.get, where, headers=headers)
                assert found.status_code == 409
                async with websockets.connect(address) as fourth:  # a person says so
                    hello = {"token": token, "device": "phone", "take": True}
                    await fourth.send(json.dumps(hello))
                    assert "version" in str(await fourth.recv())

    asyncio.run(two())


def test_names_and_messages_are_plain_text(room: Room) -> None:
    token = room.join("KOR", "Kim\u202e\u0000 <b>Bold</b>\n\n")
    assert room.view(token)["you"]["name"] == "Kim <b>Bold</b>"  # pages show it as text
    answer = room.here("POST", "/messages", token, to="all", text="\u0000\u202e")
    assert answer.status_code == 422


def test_review_and_branch_open_with_the_reveal(room: Room) -> None:
    token = room.join("KOR")
    room.control("start")
    for turn in (1, 2, 3):
        room.until(token, lambda v, t=turn: v["turn"] == t and v["phase"] != "resolve")
        room.here("PUT", "/orders", token, turn=turn, lever="stance", value=0.1 * turn)
        room.here("POST", "/forecasts", token, turn=turn, question="price_up", p=0.8)
        room.here("POST", "/submit", token, turn=turn)
    room.until(token, lambda v: v["phase"] == "ended")
    assert room.here("GET", "/review", token).status_code == 403
    assert room.here("POST", "/branch", token, week=3).status_code == 403
    room.control("reveal")
    review = room.here("GET", "/review", token).json()
    assert [t["turn"] for t in review["turns_played"]] == [1, 2, 3]
    assert review["forecasts"]["KOR"]["answers"] == 3
    assert review["scores"]["KOR"]["score"] > 0
    body = {"week": 13, "orders": [], "set": {"KOR.hub_policing": 1.0}}
    path = f"/api/rooms/{room.code}/branch"
    found = room.post(path, token, body)
    assert found.status_code == 200, found.text
    assert found.json()["change"]["KOR"]["standing"] > 0
    assert room.post(path, token, {**body, "week": 900}).status_code == 422
    again = room.here("GET", "/review", token).json()
    assert [t["digest"] for t in again["turns_played"]] == [
        t["digest"] for t in review["turns_played"]
    ]
