"""How the server is found from outside: by which names, below which address, through which proxy.

All of it is fixed before the first request. Nothing here is ever learnt from a request.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from runs.room.address import LOOPBACK

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
PORTS = {"http": 80, "https": 443}
# A prefix in whole words, and none that is the name of a page of ours: a proxy that takes the
# prefix away would leave an address that cannot be told from one with it.
PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
OURS = frozenset({
    "api", "pages", "own", "start", "host", "join", "j", "seat", "projector", "console", "review",
    "print", "compare", "healthz", "static", "jupyter", "_solara",
})  # fmt: skip


class SiteUnusable(ValueError):
    """An address that the server cannot be found by; the text is one sentence."""


@dataclass(frozen=True)
class Site:
    """Where the server stands for those who reach it."""

    public: str = ""  # the address that others write, without a slash at the end; "" for none
    proxies: tuple[Network, ...] = ()  # whose word on where a request comes from is taken
    shared: bool = False  # whether other machines get the watch page, to look at
    names: frozenset[str] = field(default_factory=frozenset)  # of this machine, besides numbers

    @property
    def scheme(self) -> str:
        return urlsplit(self.public).scheme

    @property
    def netloc(self) -> str:
        """Name and port of the public address, as a browser sends them in `Host`."""
        return urlsplit(self.public).netloc

    @property
    def prefix(self) -> str:
        """What stands before every path: `/entrepot`, or "" at the top of an address."""
        return urlsplit(self.public).path

    @property
    def origin(self) -> str:
        """The public address as a browser sends it in `Origin`, "" without one."""
        return f"{self.scheme}://{self.netloc}" if self.public else ""

    def is_proxy(self, address: str) -> bool:
        """Whether a peer is the named proxy."""
        found = read_address(address)
        return found is not None and any(found in network for network in self.proxies)

    def knows(self, name: str) -> bool:
        """Whether a name in `Host` is one of ours: any number, or a name of this machine.

        A name of somebody else that leads here would make this server a part of his site.
        """
        return read_address(name) is not None or name in LOOPBACK or name in self.names


def read_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address in numbers, None for any other text; one of version 4 is told as such."""
    if "%" in text:  # what follows names a network card, in any characters
        return None
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def is_loopback(address: str) -> bool:
    """Whether a peer is this machine speaking to itself."""
    found = read_address(address)
    return found is not None and found.is_loopback


def make_site(
    public_url: str = "", proxy: str = "", share_watch: bool = False, host: str = ""
) -> Site:
    """The site of a server that listens at ``host``; raises SiteUnusable with one sentence."""
    public, proxies = read_public(public_url), read_proxies(proxy)
    if proxies and not public:
        raise SiteUnusable(
            "--proxy needs --public-url too: the address by which people reach the proxy, "
            "such as https://class.example.org/entrepot."
        )
    if public.startswith("https:") and not proxies:
        raise SiteUnusable(
            "--public-url https://... needs --proxy too: this server speaks no TLS itself, so "
            "something stands before it, and must be named to be told apart from this machine."
        )
    here = socket.gethostname().lower()
    names = {here, f"{here}.local", f"{here.partition('.')[0]}.local", host.lower()}
    if public:
        names.add(str(urlsplit(public).hostname))
    return Site(public, proxies, share_watch, frozenset(names - {"", ".local"}))


def read_public(text: str) -> str:
    """A public address in the one form that is compared; raises SiteUnusable."""
    if not text:
        return ""
    wanted = f"--public-url {text[:200]!r}: "
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise SiteUnusable(f"{wanted}this is no address; it looks like {EXAMPLE}.") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise SiteUnusable(f"{wanted}it must begin with http:// or https:// and a name.")
    if parts.query or parts.fragment or parts.username is not None or "?" in text or "#" in text:
        raise SiteUnusable(f"{wanted}it may not hold ?, # or a user's name.")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if not HOST.fullmatch(name) or port == 0:
        raise SiteUnusable(f"{wanted}this is no address; it looks like {EXAMPLE}.")
    prefix = parts.path.rstrip("/")
    if not PREFIX.fullmatch(prefix):
        raise SiteUnusable(
            f"{wanted}a path may hold words of letters, digits, - . _ ~ between single slashes."
        )
    first = prefix.split("/")[1] if prefix else ""
    if first in OURS:
        raise SiteUnusable(f"{wanted}a path may not begin with /{first}, a page of the game.")
    ported = "" if port in (None, PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{name}{ported}{prefix}"


EXAMPLE = "https://class.example.org/entrepot"


def read_proxies(text: str) -> tuple[Network, ...]:
    """The address of a proxy, or its network; raises SiteUnusable."""
    if not text:
        return ()
    try:
        return (ipaddress.ip_network(text),)
    except ValueError:
        raise SiteUnusable(
            f"--proxy {text[:80]!r}: this is neither an address in numbers such as 127.0.0.1 "
            "nor a network such as 172.18.0.0/16."
        ) from None
