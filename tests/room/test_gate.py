"""The outermost gate: what a stranger reaches, who counts as this machine, and what a proxy says.

Addresses are read off the running application itself, so a route that somebody adds tomorrow is
closed to other machines or fails here.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from test_tokens import HOST as HOST_OF_ROOMS
from test_tokens import WHO

import runs.web.app as web
from runs.room.log import Store
from runs.room.server import run
from runs.room.server.gate import CALLER, HERE, HOST, Caller, Gate
from runs.room.server.passes import COOKIE, pass_of
from runs.room.server.reach import may_reach
from runs.room.server.site import Site, SiteUnusable, make_site
from runs.room.service import Service
from runs.room.trial.asks import HOME, STRANGER, Spy, ask, places, spellings
from runs.room.trial.stranger import OPEN, PROXIED, SHARED
from runs.web.start import Defaults

TOKEN = "host-token-of-the-gate-test"
PUBLIC, PROXY = "https://class.example.org/entrepot", "10.0.0.5"
EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")

@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(Store(tmp_path_factory.mktemp("gate") / "rooms.db"), TOKEN)


@pytest.fixture
def build(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes the application of `entrepot play` for a site, without the game of the first page."""
    monkeypatch.setattr(web, "warm_up", lambda start: None)
    before = Defaults.start, Defaults.file, web.solara_settings.main.root_path
    yield lambda site=None: web.build_app("japan-2026", service, site=site)
    Defaults.start, Defaults.file, web.solara_settings.main.root_path = before


def reached(app: Gate, methods: tuple[str, ...], peer: str = STRANGER) -> set[tuple[str, str]]:
    """Methods and paths that came through the gate, of every address in every spelling."""
    found = {place.path: place.methods for place in places(app.app)}
    app.app = spy = Spy(app.app, stops=True)

    async def scan() -> None:
        for path, own in sorted(found.items()):
            for method in methods:
                await ask(app, method, path, peer)
            for raw in spellings(path):
                for method in own & set(methods):
                    await ask(app, method, raw, peer)

    asyncio.run(scan())
    return {(one.get("method", "websocket"), one["path"]) for one in spy.seen}


def on_the_list(app: Any, through: set[tuple[str, str]]) -> set[str]:
    """The lines of the list for what came through; a path that is no route's fails."""
    templates: dict[str, str] = {}
    for place in places(app):
        templates.setdefault(place.path, place.template)
    strange = {f"{method} {path}" for method, path in through if path not in templates}
    assert strange == set(), "reached in a spelling of its own"
    return {f"{method.replace('HEAD', 'GET')} {templates[path]}" for method, path in through}


@pytest.mark.parametrize(
    ("site", "peer", "more"),
    [
        (Site(), STRANGER, set()),
        (Site(shared=True), STRANGER, SHARED),
        (make_site(PUBLIC, PROXY), PROXY, PROXIED),
        (make_site(PUBLIC, PROXY), STRANGER, set()),
    ],
    ids=["alone", "shared", "proxied", "past the proxy"],
)
def test_a_stranger_reaches_what_is_on_the_list_and_nothing_else(
    build: Any, site: Site, peer: str, more: set[str]
) -> None:
    app = build(site)
    whole = app.app
    known = {place.template for place in places(whole)}
    assert {"/", "/start", "/api/openapi.json", "/own/*", "/static/*", "/{path:path}"} <= known
    methods = ("GET", "HEAD", "POST", "PUT", "websocket")
    through = reached(app, methods, peer)
    # "/" with a query is the watch page where it is shared
    assert {line for line in on_the_list(whole, through) if line != "GET /"} == OPEN | more
    assert (("GET", "/") in through) is site.shared


def test_every_call_that_a_token_of_a_room_may_make_is_reached_from_a_phone() -> None:
    for (method, path), who in WHO.items():
        if who != {HOST_OF_ROOMS} and not path.endswith("/{act}"):
            asked = "/healthz" if path == "/healthz" else f"/api{path}".replace("{code}", "ABCDE")
            assert may_reach(Site(), method, asked), path


def test_all_that_a_page_of_a_class_is_made_of_is_reached_from_a_phone(build: Any) -> None:
    """Scripts, what they import, styles and pictures; on this machine nobody would miss them."""

    async def walk() -> set[str]:
        app, seen = build(), set[str]()
        wanted = ["/join", "/seat", "/projector", "/console", "/review"]
        while wanted:
            path = wanted.pop()
            if path in seen:
                continue
            seen.add(path)
            answer = await ask(app, "GET", path)
            assert answer.status == 200, path
            text = answer.body.decode() if isinstance(answer.body, bytes) else answer.body
            links = re.findall(r'(?:href|src)="([^"#{]+\.(?:js|css|svg))"', text)
            if path.endswith(".js"):
                links += re.findall(r'(?:from|import|import\()\s*"(\.[^"]+)"', text)
            if path.endswith(".css"):
                links += re.findall(r'@import (?:url\()?"([^"]+)"', text)
            wanted += [urljoin(path, link) for link in links]
        return seen

    seen = asyncio.run(walk())
    assert len(seen) > 60
    assert {"/pages/seat/seat.js", "/pages/seat/briefing/picture.js"} <= seen


@pytest.mark.parametrize("site", [Site(), Site(shared=True)])
def test_comparing_is_for_this_machine_alone(build: Any, site: Site) -> None:
    """Shared or not: neither the page nor a name of what lies on the disk."""

    async def look() -> None:
        app = build(site)
        for path in ("/compare", "/compare/known.json", "/compare/found.json?a=x",
                     "/compare/file?a=x", "/compare/pictures.css"):  # fmt: skip
            assert (await ask(app, "GET", path)).status != 200
            if "?" not in path:
                assert (await ask(app, "GET", path, HOME)).status == 200

    asyncio.run(look())


def test_no_other_method_comes_through_anywhere(build: Any) -> None:
    app = build(Site(shared=True))
    through = {method for method, _ in reached(app, ("PATCH", "DELETE", "OPTIONS", "TRACE", "get"))}
    assert through == set()


def test_what_is_closed_looks_like_what_is_not_there(build: Any) -> None:
    async def look() -> None:
        app = build()
        here = await ask(app, "GET", "/no/such/place")
        for path in ("/start", "/?x=1", "/resourcez", "/readyz", "/own/icon.svg", "/pages/host-key",
                     "/pages/addresses.json", "/static/assets/style.css"):  # fmt: skip
            answer = await ask(app, "GET", path)
            if path == "/?x=1":
                assert (answer.status, answer.headers["location"]) == (303, ["/join"])
                continue
            assert (answer.status, answer.body) == (404, here.body), path
        assert b"/start" not in here.body
        for path in ("/resourcez", "/readyz", "/jupyter/api/kernels/x", "/_solara/api/evict/x"):
            assert (await ask(app, "GET", path, HOME)).status == 404  # nobody needs these
        for path in ("/api/openapi.json", "/api/rooms", "/api/healthz", "/api/x"):
            assert (await ask(app, "GET", path)).json() == {"error": "Not Found.", "field": None}

    asyncio.run(look())


def test_others_hear_that_the_server_is_well_and_no_more(
    build: Any, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def ill() -> str:
        asked.append("")
        return "The model's process of a room does not answer."

    monkeypatch.setattr(service, "healthy", ill)

    async def look() -> None:
        app = build()
        here = await ask(app, "GET", "/healthz", HOME)
        assert (here.status, here.text) == (503, "The model's process of a room does not answer.\n")
        for _ in range(20):
            away = await ask(app, "GET", "/healthz")
            assert (away.status, away.text) == (503, "not ok\n")
        assert len(asked) < 10  # who asks often wakes nobody

    asyncio.run(look())


# --- who is this machine --------------------------------------------------------------------------

NOT_HERE: list[tuple[str, dict[str, str]]] = [
    (STRANGER, {}),
    (STRANGER, {"host": "127.0.0.1:8765"}),
    (STRANGER, {"host": "localhost", "x-forwarded-for": "127.0.0.1"}),
    (HOME, {"host": "10.9.9.1:8765"}),  # something on this machine that hands others on
    ("not-an-address", {"host": "localhost"}),
    *(
        (HOME, {"host": "localhost:8765", name: "127.0.0.1"})
        for name in (
            "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Anything", "Forwarded", "Via",
            "X-Real-IP", "True-Client-IP", "CF-Connecting-IP",
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("peer", "headers"), NOT_HERE)
def test_a_tunnel_makes_nobody_this_machine(
    build: Any, peer: str, headers: dict[str, str]
) -> None:
    async def look() -> None:
        app = build()
        for path in ("/pages/host-key", "/start", "/print", "/api/openapi.json"):
            assert (await ask(app, "GET", path, peer, headers)).status == 404
        made = await ask(app, "POST", "/api/rooms", peer,
                         {**headers, "authorization": f"Bearer {TOKEN}"}, b"{}")  # fmt: skip
        assert made.status == 404

    asyncio.run(look())


def test_a_relay_that_speaks_the_old_protocol_is_not_this_machine(build: Any) -> None:
    """As some do that say nothing of whom they ask for; no browser speaks it."""
    answer = asyncio.run(ask(build(), "GET", "/pages/host-key", "127.0.0.1", version="1.0"))
    assert answer.status == 404


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.0.0.53"])
@pytest.mark.parametrize("name", ["127.0.0.1:8765", "localhost", "LOCALHOST:1", "[::1]:8765"])
def test_this_machine_by_any_of_its_names_for_itself_is_here(
    build: Any, peer: str, name: str
) -> None:
    answer = asyncio.run(ask(build(), "GET", "/pages/host-key", peer, {"host": name}))
    assert answer.json() == {"token": TOKEN}


@pytest.mark.parametrize("peer", [HOME, STRANGER])
@pytest.mark.parametrize(
    "name",
    ["evil.example:8765", "127.0.0.1.evil.example", "127.1", "localhost.", "a@127.0.0.1",
     "127.0.0.1:x", "127.0.0.1/x", "", "127.0.0.1#", "[::1", "localhost\\@evil"],
)  # fmt: skip
def test_a_name_that_is_not_ours_gets_a_sentence_and_nothing_else(
    build: Any, peer: str, name: str
) -> None:
    async def look() -> None:
        app = build()
        app.app = spy = Spy(app.app, stops=True)
        page = await ask(app, "GET", "/join", peer, {"host": name})
        assert (page.status, page.text.count("\n"), "--public-url" in page.text) == (421, 1, True)
        answer = await ask(app, "GET", "/api/rooms/KX7MA", peer, {"host": name})
        assert (answer.status, answer.json()["say"]["key"]) == (421, "refuse.host_name")
        line = await ask(app, "websocket", "/api/rooms/KX7MA/live", peer, {"host": name})
        assert line.status == 403
        assert spy.seen == []

    asyncio.run(look())


def test_the_names_of_this_machine_and_its_public_one_are_known() -> None:
    site = make_site("http://Game.School.example:8765", host="laptop.lan")
    for name in ("game.school.example", "laptop.lan", "10.9.9.1", "fe80::1", "localhost"):
        assert site.knows(name), name
    assert not site.knows("games.school.example")
    assert not Site().knows("")


# --- what is believed of a request ----------------------------------------------------------------


def test_headers_that_claim_something_end_at_the_gate(build: Any) -> None:
    claims = {
        "X-Script-Name": "//10.9.9.2:9000/x", "Script-Name": "/x", "X-Forwarded-Prefix": "/x",
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "for=1.2.3",
        "X-Forwarded-For": "1.2.3.4", "X-Real-IP": "1.2.3.4", "X-Original-URL": "/start",
        "X-Rewrite-URL": "/start", "X-HTTP-Method-Override": "PUT", "Entrepot-Caller": "here",
    }  # fmt: skip
    app = build()
    app.app = spy = Spy(app.app, stops=True)
    asyncio.run(ask(app, "GET", "/join", STRANGER, {**claims, "Accept-Language": "ko"}))
    (scope,) = spy.seen
    told = dict(scope["headers"])
    assert set(told) == {b"host", b"accept-language", b"entrepot-caller"}
    assert told[b"entrepot-caller"] == b"away"
    assert (scope["root_path"], scope["scheme"], scope["client"][0]) == ("", "http", STRANGER)


def test_the_prefix_of_a_request_is_written_into_no_page(build: Any) -> None:
    async def look() -> None:
        app = build()
        claim = {"X-Script-Name": "//10.9.9.2:9000/x", "Script-Name": "//10.9.9.2:9000/y"}
        async with web.solara_server.lifespan(app.app):
            away = await ask(app, "GET", "/?x=1", STRANGER, claim)
            assert away.status == 303
            for headers in ({**claim, "host": "localhost"}, {}):
                page = await ask(app, "GET", "/?x=1", HOME, headers)
                assert (page.status, b"10.9.9.2" in page.body) == (200, False)
                assert b'src="/own/first.js"' in page.body
        assert web.solara_settings.main.root_path == ""

    asyncio.run(look())


FOREIGN = [
    {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": ""},
    {"origin": "http://127.0.0.1:9999"}, {"origin": "https://127.0.0.1:8765"},
    {"origin": "http://127.0.0.1:8765.evil.example"}, {"origin": "file://"},
    {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
    {"origin": "http://127.0.0.1:8765", "sec-fetch-site": "cross-site"},
]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_page_of_another_site_opens_no_socket_and_changes_nothing(
    build: Any, headers: dict[str, str]
) -> None:
    async def look() -> None:
        app = build(Site(shared=True))
        app.app = spy = Spy(app.app, stops=True)
        for peer, own in ((HOME, headers), (STRANGER, headers)):
            for path in ("/jupyter/api/kernels/6f9619ff-8b86-d011-b42d-00c04fc964ff/channels",
                         "/api/rooms/KX7MA/live"):  # fmt: skip
                assert (await ask(app, "websocket", path, peer, own)).status == 403
            for method in ("POST", "PUT", "DELETE", "OPTIONS"):
                answer = await ask(app, method, "/api/rooms/KX7MA/join", peer, own)
                assert answer.json()["say"]["key"] == "refuse.other_site"
        assert spy.seen == []

    asyncio.run(look())


@pytest.mark.parametrize("headers", [{}, {"origin": "http://127.0.0.1:8765"},
                                     {"origin": "http://127.0.0.1:8765",
                                      "sec-fetch-site": "same-origin"}])  # fmt: skip
def test_our_own_pages_and_what_is_no_browser_are_let_in(
    build: Any, headers: dict[str, str]
) -> None:
    async def look() -> None:
        app = build()
        app.app = Spy(app.app, stops=True)
        assert (await ask(app, "websocket", "/api/rooms/KX7MA/live", HOME, headers)).status == 101
        assert (await ask(app, "POST", "/api/rooms", HOME, headers)).status == 299

    asyncio.run(look())


def test_the_server_itself_believes_no_header_on_where_a_request_comes_from(
    build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []

    class Server:
        def __init__(self, config: Any) -> None:
            made.append(config)

        def run(self, sockets: list[Any]) -> None:
            pass

    monkeypatch.setattr(run, "Server", Server)
    monkeypatch.setattr(run.sys, "setswitchinterval", lambda seconds: None)
    web.run_server(build())
    assert [(one.proxy_headers, one.root_path) for one in made] == [(False, "")]


# --- every answer ---------------------------------------------------------------------------------

SAID = {"content-security-policy", "x-frame-options", "referrer-policy", "x-content-type-options",
        "cross-origin-resource-policy"}  # fmt: skip


def test_every_answer_of_every_address_says_what_a_browser_may_do_with_it(build: Any) -> None:
    async def look() -> None:
        app = build()
        paths = sorted({place.path for place in places(app.app)})
        async with web.solara_server.lifespan(app.app):
            asked = [("GET", path, HOME, {}) for path in paths if "deals" not in path]
            asked += [("GET", "/start", STRANGER, {}), ("POST", "/join", HOME, {})]
            asked += [("GET", "/join", HOME, {"host": "evil.example"})]
            for method, path, peer, headers in asked:
                answer = await ask(app, method, path, peer, headers)
                assert set(answer.headers) >= SAID, path
                policy = answer.headers["content-security-policy"][0]
                assert "frame-ancestors 'none'" in policy, path
                assert answer.headers["referrer-policy"] == ["no-referrer"], path

    asyncio.run(look())


def test_the_watch_page_runs_scripts_of_its_own_server_alone(build: Any) -> None:
    async def look() -> None:
        app = build()
        async with web.solara_server.lifespan(app.app):
            page = await ask(app, "GET", "/", HOME)
        traits = re.findall(r"<script\b([^>]*)>", page.text)
        sources = re.findall(r'src="([^"]+)"', " ".join(traits))
        assert len(sources) >= 3
        assert all(one.startswith(("/own/", "/pages/")) for one in sources)
        rest = [one for one in traits if "src=" not in one]
        assert all("json" in one or "template" in one for one in rest), "they are data, and not run"
        policy = page.headers["content-security-policy"][0]
        runs = policy.partition("script-src ")[2].partition(";")[0]
        assert set(runs.split()) == {"'self'", "'unsafe-eval'"}
        assert all("SameSite=Strict" in one for one in page.headers["set-cookie"])

    asyncio.run(look())


def test_a_folder_of_the_pages_own_files_is_never_deleted(build: Any, tmp_path: Path) -> None:
    """Solara's own route takes a folder's address as a word to delete it."""
    cdn = Path(web.solara_settings.assets.proxy_cache_dir)
    folder = next(path for path in sorted(cdn.rglob("*")) if path.is_dir())
    before = sorted(path.name for path in folder.iterdir())

    async def look() -> None:
        path = f"/_solara/cdn/{folder.relative_to(cdn).as_posix()}"
        assert (await ask(build(), "GET", path, HOME)).status == 404

    assert before
    asyncio.run(look())
    assert sorted(path.name for path in folder.iterdir()) == before


# --- behind a proxy -------------------------------------------------------------------------------


def proxied(**more: str) -> dict[str, str]:
    return {"host": "127.0.0.1:8765", "x-forwarded-for": "10.7.7.7, 192.0.2.44",
            "x-forwarded-proto": "http", **more}  # fmt: skip


@pytest.mark.parametrize("before", ["/entrepot", ""], ids=["kept", "taken away"])
def test_pages_stand_below_the_prefix_whether_the_proxy_keeps_it_or_not(
    build: Any, before: str
) -> None:
    async def look() -> None:
        app = build(make_site(PUBLIC, PROXY))
        page = await ask(app, "GET", f"{before}/join", PROXY, proxied())
        assert '<script type="module" src="/entrepot/pages/start/join.js">' in page.text
        assert 'href="/entrepot/pages/shell/pages.css"' in page.text
        policy = page.headers["content-security-policy"][0]
        assert "wss://class.example.org" in policy
        script = await ask(app, "GET", f"{before}/pages/start/join.js", PROXY, proxied())
        assert script.status == 200
        bare = await ask(app, "GET", f"{before}/", PROXY, proxied())
        assert (bare.status, bare.headers["location"]) == (303, ["/entrepot/join"])
        gone = await ask(app, "GET", f"{before}/nowhere", PROXY, proxied())
        assert 'href="/entrepot/join"' in gone.text
        socket = f"{before}/api/rooms/KX7MA/live"
        ours, other = {"origin": "https://class.example.org"}, {"origin": "http://127.0.0.1:8765"}
        app.app = Spy(app.app, stops=True)
        assert (await ask(app, "websocket", socket, PROXY, proxied(**ours))).status == 101
        assert (await ask(app, "websocket", socket, PROXY, proxied(**other))).status == 403

    asyncio.run(look())
    naked = asyncio.run(ask(build(make_site(PUBLIC, PROXY)), "GET", "/entrepot", PROXY, proxied()))
    assert (naked.status, naked.headers["location"]) == (303, ["/entrepot/"])


def test_the_proxy_alone_is_believed_on_where_a_request_comes_from(build: Any) -> None:
    app = build(make_site(PUBLIC, "10.0.0.0/24"))
    app.app = spy = Spy(app.app, stops=True)

    async def look() -> None:
        for peer in (PROXY, STRANGER):
            await ask(app, "GET", "/join", peer, {**proxied(), "host": "10.9.9.1"})
        for told in ("", "nonsense", "unknown", "_hidden"):
            await ask(app, "GET", "/join", PROXY, proxied(**{"x-forwarded-for": told}))

    asyncio.run(look())
    assert [one["client"][0] for one in spy.seen] == ["192.0.2.44", STRANGER, *[PROXY] * 4]
    assert [one["scheme"] for one in spy.seen] == ["https", "http", *["https"] * 4]
    assert dict(spy.seen[0]["headers"])[b"host"] == b"class.example.org"


def test_behind_a_proxy_the_host_is_who_has_shown_the_token(build: Any) -> None:
    async def look() -> None:
        app = build(make_site(PUBLIC, PROXY))
        private = ("/pages/host-key", "/print", "/api/openapi.json")
        for path in private:
            assert (await ask(app, "GET", path, PROXY, proxied())).status == 404
        for shown in ("", "wrong"):
            no = proxied(authorization=f"Bearer {shown}")
            assert (await ask(app, "POST", "/api/host-pass", PROXY, no)).status == 401
        yes = proxied(authorization=f"Bearer {TOKEN}", origin="https://class.example.org")
        given = await ask(app, "POST", "/api/host-pass", PROXY, yes)
        none = await ask(app, "GET", "/pages/addresses.json", PROXY, proxied())
        assert none.json() == {"addresses": []}
        (cookie,) = given.headers["set-cookie"]
        assert given.status == 204
        assert set(cookie.split("; ")[1:]) == {"Path=/entrepot/", "HttpOnly", "SameSite=Strict",
                                               "Secure"}  # fmt: skip
        assert TOKEN not in cookie
        own = proxied(cookie=f"other=1; {cookie.partition(';')[0]}")
        for path in private:
            assert (await ask(app, "GET", path, PROXY, own)).status == 200
        assert (await ask(app, "GET", "/pages/host-key", PROXY, own)).json() == {"token": TOKEN}
        sent = {**own, "sec-fetch-site": "cross-site"}
        assert (await ask(app, "GET", "/pages/host-key", PROXY, sent)).json() == {"token": None}
        # elsewhere the same cookie is nothing
        past = {"cookie": own["cookie"]}
        assert (await ask(app, "GET", "/pages/host-key", STRANGER, past)).status == 404
        alone = build()
        assert (await ask(alone, "GET", "/pages/host-key", STRANGER, past)).status == 404

    asyncio.run(look())


def test_a_pass_is_of_one_token_only() -> None:
    assert pass_of("a") != pass_of("b")
    caller = Caller(HOST)
    assert caller.trusted
    assert Caller(HERE).trusted
    assert not Caller().trusted
    assert (COOKIE, CALLER) == ("entrepot-host", "entrepot")


def test_links_and_codes_of_a_room_name_the_public_address(build: Any, service: Service) -> None:
    site = make_site(PUBLIC, PROXY)

    async def look() -> None:
        app = build(site)
        form = json.dumps({"scenario": "gallium-2023", "users": 100, "turn_seconds": None})
        head = proxied(**{"authorization": f"Bearer {TOKEN}", "content-type": "application/json"})
        made = (await ask(app, "POST", "/api/rooms", PROXY, head, form.encode())).json()
        code, own = made["code"], proxied(authorization=f"Bearer {made['facilitator_token']}")
        lobby = await ask(app, "GET", f"/entrepot/api/rooms/{code}", PROXY, proxied())
        assert lobby.json()["join"] == f"{PUBLIC}/j/{code}"
        more = json.dumps({"id": "appoint-one-more", "action": "facilitator", "name": "Ms Lee",
                           "rights": ["message"]})  # fmt: skip
        head = {**own, "content-type": "application/json"}
        path = f"/entrepot/api/rooms/{code}"
        said = await ask(app, "POST", f"{path}/control", PROXY, head, more.encode())
        assert said.status == 200, said.text
        (helper,) = (await ask(app, "GET", f"{path}/helpers", PROXY, own)).json()["helpers"]
        assert helper["link"].startswith(f"{PUBLIC}/console#{code}.")

    async def whole() -> None:
        try:
            await look()
        finally:
            for host in service.hosts.values():
                await host.close()
            service.hosts.clear()

    before, service.base = service.base, site.public
    asyncio.run(whole())
    service.base = before


@pytest.mark.parametrize(
    ("url", "proxy", "words"),
    [
        ("ftp://class.example.org", "", "must begin with http:// or https://"),
        ("class.example.org", "", "must begin with http:// or https://"),
        ("https://", "", "must begin with"),
        ("https://class.example.org/?x=1", "", "may not hold ?"),
        ("https://class.example.org/?", "", "may not hold ?"),
        ("https://class.example.org/#x", "", "may not hold ?"),
        ("https://me@class.example.org/", "", "may not hold ?"),
        ("https://class.example.org:99999/", "", "this is no address"),
        ("https://class.example.org:0", "", "this is no address"),
        ("https://cl ass.example.org", "", "this is no address"),
        ("https://[::1", "", "this is no address"),
        ("https://class.example.org/a//b", "", "single slashes"),
        ("https://class.example.org/../b", "", "single slashes"),
        ("https://class.example.org/'x", "", "single slashes"),
        ("https://class.example.org/api", "", "may not begin with /api"),
        (PUBLIC, "localhost", "neither an address"),
        (PUBLIC, "10.0.0.1/8", "neither an address"),
        (PUBLIC, "10.0.0.1:80", "neither an address"),
        ("", PROXY, "--proxy needs --public-url"),
        (PUBLIC, "", "needs --proxy too"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_sentence(url: str, proxy: str, words: str) -> None:
    with pytest.raises(SiteUnusable) as no:
        make_site(url, proxy)
    assert words in str(no.value)
    assert str(no.value).count("\n") == 0


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://class.example.org/entrepot/", PUBLIC),
        ("HTTPS://Class.Example.org:443/entrepot", PUBLIC),
        ("http://192.168.1.5:8765", "http://192.168.1.5:8765"),
        ("http://[fe80::1]:8765/", "http://[fe80::1]:8765"),
    ],
)
def test_a_public_address_is_kept_in_the_form_that_browsers_send(url: str, kept: str) -> None:
    assert make_site(url, PROXY).public == kept


def test_the_command_refuses_such_an_address_before_it_opens_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from runs.cli import main

    store = tmp_path / "rooms.db"
    call = ["play", "--no-browser", "--store", str(store), "--port", "0"]
    for more in (["--public-url", "ftp://x"], ["--public-url", "http://x", "--proxy", "no"]):
        assert main([*call, *more]) == 2
        error = capsys.readouterr().err
        assert (error.count("\n"), more[-1] in error) == (1, True)
    assert not store.exists()


def test_no_page_names_an_address_of_ours_without_what_stands_before_it() -> None:
    """In scripts an address goes through `at`, in shells and documents behind the prefix."""
    ours = "api|pages|start|host|join|j|seat|own|print|projector|console|review|healthz"
    bare = re.compile(rf"""(?<!at\()[`"'](?:/(?:{ours})(?=[/?#`"'])|/[?#])""")
    pages = Path(web.__file__).parents[1]
    scripts = [*pages.glob("pages/static/**/*.js"), *pages.glob("web/vue/*.vue"),
               *pages.glob("printing/templates/*.html")]  # fmt: skip
    assert len(scripts) > 30
    found = [
        f"{script.name}: {line.strip()}"
        for script in scripts
        for line in script.read_text("utf-8").splitlines()
        if bare.search(line) and not line.lstrip().startswith("//")
    ]
    assert found == []


def test_a_path_in_a_spelling_of_its_own_is_another_address() -> None:
    assert len({unquote(raw) for raw in spellings("/start")}) > 20
