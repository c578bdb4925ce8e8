"""A real Chromium at the gate: pages of other sites, policies, a prefix, a shared watch page."""

from __future__ import annotations

import http.server
import json
import os
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from runs.room.address import own_address
from runs.room.trial.client import free_port
from tests.browser.conftest import ARGUMENTS, chromium_path
from tests.browser.helpers import wait_for_week
from tests.browser.screens import served

TOKEN = "host-token-of-the-browser-test"
EVIL = "evil.example"

# What a page of another site tries; each line answers "no" or what it got.
TRIES = """async (there) => {
  const found = {}, socket = there.replace('http', 'ws');
  const kernel = '/jupyter/api/kernels/6f9619ff-8b86-d011-b42d-00c04fc964ff/channels?session_id=x';
  const read = async (name, path, options) => {
    try { found[name] = (await (await fetch(there + path, options)).text()) || 'an answer'; }
    catch { found[name] = 'no'; }
  };
  const open = (name, path) => new Promise((done) => {
    const line = new WebSocket(socket + path);
    line.onopen = () => { found[name] = 'open'; done(); };
    line.onerror = () => { found[name] = 'no'; done(); };
  });
  await read('key', '/pages/host-key');
  await read('key with cookies', '/pages/host-key', { credentials: 'include' });
  await read('rooms', '/api/rooms', { headers: { authorization: 'Bearer TOKEN' } });
  await read('make', '/api/rooms', { method: 'POST', body: '{}',
    headers: { authorization: 'Bearer TOKEN', 'content-type': 'application/json' } });
  await read('join', '/api/rooms/CODE/join', { method: 'POST', body:
    JSON.stringify({ id: 'a-foreign-join-1', name: 'Foreign', seat: 'KOR' }) });
  try { // sent without asking, and its answer is not read
    await fetch(there + '/api/rooms/CODE/join', { method: 'POST', mode: 'no-cors', body:
      JSON.stringify({ id: 'a-foreign-join-2', name: 'Foreign', seat: 'KOR' }) });
  } catch { /* nor this */ }
  await open('kernel', kernel);
  await open('live', '/api/rooms/CODE/live');
  return found;
}"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`entrepot play --host 0.0.0.0 --share-watch`: as open as it can be."""
    os.environ["ENTREPOT_HOST_TOKEN"] = TOKEN
    try:
        folder = tmp_path_factory.mktemp("foreign")
        with served(folder, "--host", "0.0.0.0", "--share-watch") as base:
            yield base
    finally:
        del os.environ["ENTREPOT_HOST_TOKEN"]


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[int]:
    """The port of a site of somebody else, on the same machine."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>elsewhere</title>")

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium that takes a name of somebody else for this machine, as a rebound name does."""
    rule = f"--host-resolver-rules=MAP {EVIL} 127.0.0.1"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium_path(), args=[*ARGUMENTS, rule])
        yield found
        found.close()


def call(base: str, path: str, body: Any = None, token: str = "") -> Any:
    head = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token
                                                   else {})  # fmt: skip
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(base + path, data, head)) as answer:
        return json.load(answer)


def made(base: str) -> Any:
    form = {"scenario": "gallium-2023", "users": 100, "turn_seconds": None}
    return call(base, "/api/rooms", form, TOKEN)


def test_a_page_of_another_site_reads_nothing_opens_nothing_and_changes_nothing(
    home: str, elsewhere: int, browser: Browser
) -> None:
    code = made(home)["code"]
    tries = TRIES.replace("CODE", code).replace("TOKEN", TOKEN)
    for where in (f"http://127.0.0.1:{elsewhere}/", f"http://{EVIL}:{elsewhere}/"):
        page = browser.new_page()
        page.goto(where)
        found = page.evaluate(tries, home)
        assert len(found) == 7
        assert set(found.values()) == {"no"}, where
        page.set_content(f'<iframe src="{home}/start"></iframe><iframe src="{home}/"></iframe>')
        page.wait_for_timeout(500)
        assert not any(frame.url.startswith(home) for frame in page.frames), "framed"
        page.close()
    lobby = call(home, f"/api/rooms/{code}")
    assert sum(seat["people"] for seat in lobby["seats"]) == 0
    # and the name itself, rebound to this machine, is nobody here
    page = browser.new_page()
    answer = page.goto(home.replace("127.0.0.1", EVIL) + "/pages/host-key")
    assert answer is not None
    assert (answer.status, TOKEN in answer.text()) == (421, False)
    page.close()


def watched(page: Page) -> list[str]:
    """Errors of a page, its breaches of policy among them."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (e) => "
        "console.error('policy', e.effectiveDirective, e.blockedURI, e.sample));"
    )
    return wrong


def test_the_watch_page_runs_within_its_policy_and_foreign_script_does_not(
    home: str, browser: Browser
) -> None:
    page = browser.new_page()
    wrong = watched(page)
    page.goto(f"{home}/?scenario=gallium-2023&speed=8")
    wait_for_week(page, 2)
    page.locator("nav [data-way=sources]").click()
    expect(page.locator("table").first).to_be_visible()
    assert wrong == []
    page.evaluate(
        """() => { const one = document.createElement('div');
            one.innerHTML = '<img src=x onerror="window.hit = 1">';
            const two = document.createElement('script'); two.textContent = 'window.hit = 2';
            document.body.append(one, two); }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.hit") is None
    assert any("script-src" in said for said in wrong)
    page.close()


def test_another_machine_looks_at_the_shared_page_and_is_offered_no_seat(
    home: str, browser: Browser
) -> None:
    own = own_address()
    if own == "127.0.0.1":
        pytest.skip("this machine has no network to be asked from")
    away = home.replace("127.0.0.1", own)
    page = browser.new_page()
    wrong = watched(page)
    page.goto(f"{away}/?watch&speed=16")
    wait_for_week(page, 2)
    page.locator("#menu-run summary").click()
    expect(page.locator("[data-scenario=gallium-2023]")).to_be_visible()
    ways = page.locator("nav [data-way]").evaluate_all("all => all.map(one => one.dataset.way)")
    assert ways == ["watch", "sources"]
    assert page.locator("[data-part=fork] a, [data-do=why], [data-question]").count() == 0
    expect(page.locator("[data-show=fork-closed]")).to_be_visible()
    assert wrong == []
    page.goto(away)  # whoever types the bare address wants to join
    expect(page.locator("#code")).to_be_visible()
    assert page.url == f"{away}/join"
    page.close()


def test_below_a_prefix_a_class_is_made_joined_and_watched(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chromium stands where the proxy does: nobody is this machine, and the token is asked for."""
    monkeypatch.setenv("ENTREPOT_HOST_TOKEN", TOKEN)
    port = free_port()
    public = f"http://127.0.0.1:{port}/entrepot"
    options = ("--port", str(port), "--public-url", f"{public}/", "--proxy", "127.0.0.1")
    with served(tmp_path, *options):
        desk = browser.new_context().new_page()
        wrong = watched(desk)
        desk.goto(f"{public}/")  # nobody has shown a token yet
        expect(desk.locator("#code")).to_be_visible()
        desk.goto(f"{public}/start?for=class#{TOKEN}")
        desk.locator("#make").click()
        desk.locator("#to-console").click()
        desk.wait_for_url(f"{public}/console#*")
        expect(desk.locator("#page h2").first).to_be_visible()
        code = desk.url.partition("#")[2].partition(".")[0]
        phone = browser.new_context().new_page()
        trouble = watched(phone)
        told = call(public, f"/api/rooms/{code}")["join"]
        assert told == f"{public}/j/{code}"
        phone.goto(told)
        phone.locator("#name").fill("Mina")
        phone.locator("button[type=submit]").click()
        phone.wait_for_url(f"{public}/seat#*")
        expect(phone.locator(".you h1")).to_be_visible()
        expect(desk.get_by_text("Mina").first).to_be_visible()  # over the websocket
        desk.goto(f"{public}/start")
        desk.locator("#way-watch").click()
        wait_for_week(desk, 1)
        desk.locator("nav [data-way=alone]").click()
        desk.wait_for_url(f"{public}/start?for=alone")
        phone.goto(f"{public}/?watch")
        expect(phone.locator("#code")).to_be_visible()
        assert (wrong, trouble) == ([], [])
