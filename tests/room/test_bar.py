"""What a page tells its bar of who asked for it, and whose code the room draws."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import runs.web.app as web
from runs.room import address
from runs.room.address import in_network, qr_svg
from runs.room.log import Store
from runs.room.server.passes import COOKIE, pass_of
from runs.room.server.site import Site, make_site
from runs.room.service import Service
from runs.room.trial.asks import HOME, STRANGER, ask
from runs.web.start import Defaults

TOKEN = "host-token-of-the-bar-test"
EVERYTHING = ["watch", "alone", "class", "table", "sources"]
PUBLIC, PROXY = "https://class.example.org/entrepot", "10.0.0.5"
PASS = {"cookie": f"{COOKIE}={pass_of(TOKEN)}"}
SHOWN = ("10.0.0.7", "192.168.1.7")  # addresses of this machine in the tests


@pytest.fixture
def build(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    monkeypatch.setattr(web, "warm_up", lambda start: None)
    monkeypatch.setattr(address, "own_addresses", lambda: list(SHOWN))
    before = Defaults.start, Defaults.file, web.solara_settings.main.root_path
    service = Service(Store(tmp_path_factory.mktemp("bar") / "rooms.db"), TOKEN)
    yield lambda site=None: web.build_app("japan-2026", service, site=site)
    Defaults.start, Defaults.file, web.solara_settings.main.root_path = before


def get(app: Any, path: str, peer: str, **headers: str) -> str:
    return asyncio.run(ask(app, "GET", path, peer, headers)).text


def marks(text: str) -> tuple[list[str], bool]:
    """The ways that a page's bar may show, and whether it knows of another machine."""
    body = re.search(r"<body[^>]*>", text)
    assert body is not None, text[:400]
    found = re.search(r'data-ways="([^"]*)"', body[0])
    assert found is not None, body[0]
    return found[1].split(), " data-away" in body[0]


@pytest.mark.parametrize("page", ["/join", "/seat", "/console", "/review", "/start", "/nothing"])
def test_this_machine_is_offered_every_way(build: Any, page: str) -> None:
    assert marks(get(build(), page, HOME)) == (EVERYTHING, False)


@pytest.mark.parametrize("page", ["/join", "/j/KX7MA", "/seat", "/console", "/review", "/nothing"])
def test_another_machine_is_offered_what_it_may_reach_and_no_more(build: Any, page: str) -> None:
    assert marks(get(build(), page, STRANGER)) == ([], True)
    assert marks(get(build(Site(shared=True)), page, STRANGER)) == (["watch", "sources"], True)


def test_a_shared_watch_page_knows_that_a_guest_looks(build: Any) -> None:
    app = build(Site(shared=True))
    assert marks(get(app, "/?watch", STRANGER)) == (["watch", "sources"], True)
    assert marks(get(app, "/?watch", HOME)) == (EVERYTHING, False)


def test_behind_a_proxy_the_host_is_told_by_his_pass(build: Any) -> None:
    app = build(make_site(PUBLIC, PROXY))
    named = {"host": "class.example.org"}
    assert marks(get(app, "/entrepot/join", PROXY, **named)) == ([], True)
    assert marks(get(app, "/entrepot/join", PROXY, **named, **PASS)) == (EVERYTHING, False)
    # who stands at the start page is about to show the token
    assert marks(get(app, "/entrepot/start", PROXY, **named)) == (EVERYTHING, True)


def test_a_page_of_one_sentence_is_in_the_language_that_the_address_asks_for(build: Any) -> None:
    for language in ("ko", "ja", "zh-Hans"):
        text = get(build(), f"/nothing?lang={language}", HOME)
        assert f'<html lang="{language}">' in text
    assert '<html lang="en">' in get(build(), "/nothing?lang=tlh", HOME)


# --- the code to join by --------------------------------------------------------------------------


def test_the_code_holds_the_rooms_own_link_whatever_the_browser_says(build: Any) -> None:
    app = build()
    made = asyncio.run(ask(app, "POST", "/api/rooms", HOME, {
        "authorization": f"Bearer {TOKEN}", "content-type": "application/json",
    }, json.dumps({"scenario": "gallium-2023", "users": 100}).encode()))  # fmt: skip
    code = json.loads(made.text)["code"]
    told = json.loads(get(app, f"/api/rooms/{code}", HOME))["join"]
    drawn = qr_svg(told)
    assert "viewBox" in drawn
    asked = f"/api/rooms/{code}/qr.svg"
    for query in ("", "?link=http://evil.example", "?network=0", "?network=9", "?join=x"):
        assert get(app, asked + query, HOME) == drawn, query
    assert get(app, f"{asked}?network=2", HOME) == qr_svg(in_network(told, 2)) != drawn
    # of the other networks of this machine nobody else hears
    away = json.loads(get(app, f"/api/rooms/{code}", STRANGER))["join"]
    assert get(app, f"{asked}?network=2", STRANGER) == qr_svg(away)


def test_a_link_in_another_network_differs_in_the_name_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(address, "own_addresses", lambda: [*SHOWN, "fd00::7"])
    link = "http://10.0.0.7:8765/j/KX7MA"
    assert [in_network(link, n) for n in (0, 1, 2, 3, 4, -1)] == [
        link, link, "http://192.168.1.7:8765/j/KX7MA", "http://[fd00::7]:8765/j/KX7MA", link, link,
    ]  # fmt: skip
