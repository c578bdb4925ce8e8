"""Bytes at the socket that no browser sends: broken requests, and broken websocket frames."""

from __future__ import annotations

import asyncio
import base64
import os
import random
import struct
from contextlib import suppress
from urllib.parse import urlsplit

PATIENCE_S = 0.4  # for an answer; most of this is never answered
KEY = base64.b64encode(bytes(16)).decode()
STARTS = (
    b"", b"GET", b"\r\n", b"GET / HTTP/9.9\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET /healthz HTTP/1.1\r\nHost\r\n\r\n",
    b"POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999999\r\n\r\nx",
    b"POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxxx",
    b"PUT /api/rooms/%00 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"PUT /api/rooms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    b"GET /api/rooms/\xff\xfe\x00 HTTP/1.1\r\nHost: \xff\r\nAuthorization: Bearer \xff\r\n\r\n",
    b"GET /%2e%2e/%2e%2e/etc/passwd?%zz=%&&&=== HTTP/1.1\r\nHost: x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
    b"GET http://[::1 HTTP/1.1\r\nHost: [::1\r\n\r\n",
)  # fmt: skip


async def throw(address: str, code: str, luck: random.Random) -> bytes:
    """Sends nonsense on a connection of its own; what came back until it ended or fell silent."""
    place = urlsplit(address)
    made = [_request, _noise, _long, _frames][luck.randrange(4)](code, luck)
    heard = b""
    with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        try:
            for part in made:
                writer.write(part)
                await asyncio.wait_for(writer.drain(), PATIENCE_S)
            if luck.random() < 0.5:
                writer.write_eof()
            heard = await asyncio.wait_for(reader.read(65_536), PATIENCE_S * luck.random())
        finally:
            writer.close()
    return heard


def statuses(heard: bytes) -> list[int]:
    """HTTP statuses in what a connection answered."""
    lines = [line for line in heard.split(b"\r\n") if line.startswith(b"HTTP/1.")]
    return [int(line.split()[1]) for line in lines if line.split()[1:2] and line[9:12].isdigit()]


def _request(code: str, luck: random.Random) -> list[bytes]:
    """A broken request, cut anywhere, perhaps with a second one behind it."""
    text = luck.choice(STARTS)
    if luck.random() < 0.3:
        text = text[: luck.randrange(len(text) + 1)]
    return [text, luck.choice(STARTS)] if luck.random() < 0.3 else [text]


def _noise(code: str, luck: random.Random) -> list[bytes]:
    """A sound request with some of its bytes changed."""
    body = b'{"id":"a","turn":1,"lever":"stance","value":0.1}'
    text = bytearray(
        b"PUT /api/rooms/%s/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer none\r\nContent-Length: %d\r\n\r\n%s"
        % (code.encode(), len(body), body)
    )
    for _ in range(luck.randint(1, 8)):
        text[luck.randrange(len(text))] = luck.randrange(256)
    return [bytes(text)]


def _long(code: str, luck: random.Random) -> list[bytes]:
    """A head or a body without end."""
    kind = luck.randrange(3)
    if kind == 0:
        return [b"GET /" + b"a" * luck.choice([2000, 70_000, 300_000]) + b" HTTP/1.1\r\n\r\n"]
    if kind == 1:
        many = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 200) for n in range(luck.choice([50, 400])))
        return [b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n"]
    head = b"PUT /api/rooms/%s/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n"
    return [head % code.encode(), *[b"x" * 20_000] * luck.randint(1, 6)]


def _frames(code: str, luck: random.Random) -> list[bytes]:
    """A websocket that is opened by the rules, and frames against them."""
    version = luck.choice([b"13"] * 8 + [b"12", b""])
    path = b"/api/rooms/%s/live" % code.encode() if luck.random() < 0.9 else b"/api/live"
    hello = (
        b"GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: %s\r\nSec-WebSocket-Key: %s\r\n\r\n"
    ) % (path, version, luck.choice([KEY] * 8 + ["", "x"]).encode())
    return [hello, *(_frame(luck) for _ in range(luck.randint(1, 4)))]


def _frame(luck: random.Random) -> bytes:
    """One frame: any opcode and reserved bits, masked or not, a length that may not be kept."""
    first = luck.choice([0x81] * 4 + [0x80, 0x01, 0x82, 0x88, 0x89, 0x8A, 0x83, 0x8F, 0xC1, 0xF1])
    words = luck.choice([b"", b"{", b'{"token":"x"}', b"\xff\xfe", os.urandom(200), b"[" * 1900])
    claimed = luck.choice([len(words)] * 6 + [0, 125, 65_535, 2**40, 2**63 - 1])
    masked = 0x80 if luck.random() < 0.8 else 0
    if claimed < 126:
        head = struct.pack("!BB", first, masked | claimed)
    elif claimed < 65_536:
        head = struct.pack("!BBH", first, masked | 126, claimed)
    else:
        head = struct.pack("!BBQ", first, masked | 127, claimed)
    return head + (bytes(4) if masked else b"") + words
