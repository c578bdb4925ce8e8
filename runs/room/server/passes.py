"""The host's pass behind a proxy: a cookie that a browser gets once it has shown the host's token.

Links and pages of the watch page cannot carry a token in a header. The cookie holds no token but
what only the token gives, is read by no script, and goes to no other site.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

COOKIE = "entrepot-host"


def pass_of(host_token: str) -> str:
    """What the cookie holds."""
    return hmac.new(host_token.encode(), b"entrepot host pass", hashlib.sha256).hexdigest()


def shows_pass(headers: Iterable[tuple[bytes, bytes]], host_token: str) -> bool:
    """Whether a request carries the pass; a server without a token has none."""
    if not host_token:
        return False
    wanted = f"{COOKIE}={pass_of(host_token)}".encode()
    return any(
        hmac.compare_digest(part.strip(), wanted)
        for name, value in headers if name == b"cookie"
        for part in value.split(b";")
    )  # fmt: skip


def set_cookie(host_token: str, prefix: str, secure: bool) -> str:
    """The header's value that gives a browser the pass until it is closed."""
    where = f"{COOKIE}={pass_of(host_token)}; Path={prefix}/; HttpOnly; SameSite=Strict"
    return f"{where}; Secure" if secure else where
