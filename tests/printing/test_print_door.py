"""The print room's command and its pages, which open on the facilitator's computer alone."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from runs.cli import main
from runs.pages.routes import lost, papers
from runs.pages.words import LANGUAGES
from runs.printing.paper import DOCUMENTS
from runs.printing.routes import print_routes
from runs.printing.speech import Speech
from runs.room.server.gate import Gate
from runs.room.server.site import Site

HOME = ("127.0.0.1", 50_000)


class Visitor:
    """A browser at an address that calls the server by a name."""

    def __init__(self, client: tuple[str, int] = HOME, host: str = "127.0.0.1:8765") -> None:
        app = Gate(Starlette(routes=print_routes(papers)), Site(), "host", Route("/{_}", lost).app)
        self.line = httpx.ASGITransport(app, client=client)
        self.base = f"http://{host}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.line, base_url=self.base) as line:
                return await line.get(path, headers=headers)

        return asyncio.run(ask())


def test_the_list_leads_to_every_document() -> None:
    page = Visitor().get("/print?language=ko")
    assert page.status_code == 200
    assert '<html lang="ko">' in page.text
    for kind in DOCUMENTS:
        assert f'href="print/{kind}?scenario=japan-2026&amp;language=ko"' in page.text


def test_the_list_leads_back_to_the_start_page() -> None:
    for language in LANGUAGES:
        text = Visitor().get(f"/print?language={language}").text
        assert f'href="start?lang={language}"' in text
        assert Speech(language).t("print.back") in text
    assert 'href="start' not in Visitor().get("/print/form").text  # which opens from disk too


def test_a_document_in_the_browser_is_the_one_on_disk(tmp_path: Path) -> None:
    found = Visitor().get("/print/form?scenario=japan-2026&language=ja")
    assert main(["print", "--what", "form", "--language", "ja", "--out", str(tmp_path)]) == 0
    assert found.text == (tmp_path / "form.ja.html").read_text(encoding="utf-8")
    assert "script" not in found.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/print", "/print/cards", "/print/guide"])
def test_nobody_else_sees_what_seats_know_alone(path: str) -> None:
    away = Visitor(("192.168.0.7", 50_000), "192.168.0.2:8765")
    rebound = Visitor(HOME, "games.example:8765")
    sent = Visitor()
    elsewhere = away.get(path)
    assert (elsewhere.status_code, "entrepot print" in elsewhere.text) == (404, True)
    renamed = rebound.get(path)
    assert (renamed.status_code, "--public-url" in renamed.text) == (421, True)
    led = sent.get(path, headers={"sec-fetch-site": "cross-site"})
    assert (led.status_code, led.text.count("\n")) == (403, 0)
    for answer in (elsewhere, renamed, led):
        assert "Viet Nam" not in answer.text


@pytest.mark.parametrize(
    "path", ["/print/posters", "/print?scenario=%3Cscript%3E", "/print/cards?scenario=../../etc"]
)
def test_what_is_not_there_is_said_in_one_sentence(path: str) -> None:
    answer = Visitor().get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


def test_the_command_writes_each_document_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["print", "--what", "form,tents", "--language", "zh-Hans", "--out", str(tmp_path)]
    assert main([*call, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [Path(file).name for file in told["files"]] == [
        "form.zh-Hans.html",
        "tents.zh-Hans.html",
    ]
    assert all(Path(file).is_file() for file in told["files"])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--what", "posters"], "no document"),
        (["--language", "fr"], "no language"),
        (["--scenario", "nowhere"], "no scenario"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(
    more: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print", "--out", str(tmp_path / "new"), *more]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["print", "--what", "form", "--out", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_without_a_chromium_the_sheets_stand_and_one_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "no-browser"))
    assert main(["print", "--what", "form", "--out", str(tmp_path), "--pdf"]) == 2
    error = capsys.readouterr().err
    assert "no Chromium" in error
    assert error.count("\n") == 1
    assert (tmp_path / "form.en.html").is_file()
