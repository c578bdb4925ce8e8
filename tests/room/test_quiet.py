"""What strangers send leaves no line in the terminal; what is the server's own does."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from runs.room.server.quiet import SERVER_LOG, be_quiet, of_the_server
from runs.room.trial.client import Server


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    found = logging.getLogger(SERVER_LOG)
    yield found
    found.removeFilter(of_the_server)


def test_only_lines_about_strangers_are_left_out(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    be_quiet()
    be_quiet()  # twice is once
    log.addHandler(caplog.handler)
    log.warning("Invalid HTTP request received.")
    log.error("Invalid UTF-8 sequence received from client.", exc_info=ValueError())
    log.error("Exception in ASGI application")
    log.removeHandler(caplog.handler)
    assert {record.getMessage() for record in caplog.records} == {"Exception in ASGI application"}


def test_a_websocket_text_that_is_no_utf_8_is_closed_without_a_traceback(tmp_path: Path) -> None:
    """One byte of a stranger was enough for one."""
    said = tmp_path / "said"
    key = base64.b64encode(bytes(16))
    hello = (
        b"GET /api/rooms/ZZZZZ/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n" % key
    )

    async def say(*parts: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.writelines(parts)
        heard = await asyncio.wait_for(reader.read(), 60)
        writer.close()
        return heard

    with Server(tmp_path / "rooms.db", said=said) as server:
        heard = asyncio.run(say(hello, b"\x81\x81" + bytes(4) + b"\xff"))
        assert heard.startswith(b"HTTP/1.1 101 ")
        assert b"\x88\x02" in heard  # a close frame with its reason
        assert asyncio.run(say(b"\x16\x03\x01\r\n\r\n")).startswith(b"HTTP/1.1 400 ")
    assert said.read_text() == ""


def test_what_breaks_off_in_its_body_is_answered_once_and_leaves_no_traceback(
    tmp_path: Path,
) -> None:
    """The gate refuses the head while the body turns out to be no HTTP."""
    said = tmp_path / "said"
    broken = b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc"

    async def ask(head: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(head + broken)
        heard = await asyncio.wait_for(reader.read(), 60)
        writer.close()
        return heard

    with Server(tmp_path / "rooms.db", said=said) as server:
        for host in (b"evil.example", b"localhost"):
            heard = asyncio.run(ask(b"POST /api/rooms HTTP/1.1\r\nHost: " + host + b"\r\n"))
            assert heard.count(b"HTTP/1.1 ") == 1
            assert heard.startswith(b"HTTP/1.1 400 ")
    assert said.read_text() == ""
