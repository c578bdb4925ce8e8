"""Where people find a room: addresses of this machine, and the QR code for the wall."""

from __future__ import annotations

import io
import socket
from urllib.parse import urlsplit

import segno

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
ANYWHERE = "192.0.2.1"  # a documentation address, for the routing table only
AT_HOME = ("192.168.0.1", "10.0.0.1")  # in the networks of homes and of campuses


def _sends_from(target: str) -> str | None:
    """The address that this machine would reach another from; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((target, 9))
            return str(probe.getsockname()[0])
        except OSError:
            return None


def own_address() -> str:
    """This machine's address for others; the loopback address where there is no network."""
    return _sends_from(ANYWHERE) or "127.0.0.1"


def own_addresses() -> list[str]:
    """Addresses of this machine in its own networks, for a choice of which one phones reach."""
    found = dict.fromkeys(_sends_from(target) for target in AT_HOME)
    return [one for one in found if one and one not in LOOPBACK and one != "0.0.0.0"]


def base_address(host: str, port: int) -> str:
    """How others write the server's address, for a server that listens at ``host``."""
    name = own_address() if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def join_address(base: str, code: str) -> str:
    """What the QR code holds; the page asks for name and seat and joins on a button, so that a
    preview of the link takes no seat."""
    return f"{base.rstrip('/')}/j/{code}"


def page_address(base: str, page: str, code: str, token: str) -> str:
    """A link to the page of a token holder; what stands behind # reaches no server and no log."""
    return f"{base.rstrip('/')}/{page}#{code}.{token}"


def reached_at(asked: str, base: str) -> str:
    """The address for a link that goes to another device: the one by which we were ``asked``, or
    ``base`` where that is a name of this machine for itself and others know a better one."""
    here, there = urlsplit(asked).hostname, urlsplit(base).hostname
    return base if here in LOOPBACK and there and there not in LOOPBACK else asked


def in_network(address: str, number: int) -> str:
    """The same address by another name of this machine: ``number`` counts `own_addresses` from 1;
    the address itself for 0 and for a number beyond them."""
    found, parts = own_addresses(), urlsplit(address)
    if not 0 < number <= len(found):
        return address
    name = f"[{found[number - 1]}]" if ":" in found[number - 1] else found[number - 1]
    return parts._replace(netloc=f"{name}:{parts.port}" if parts.port else name).geturl()


def qr_svg(text: str) -> str:
    """A QR code as SVG of any size, dark on light with a quiet edge."""
    out = io.BytesIO()
    code = segno.make(text, error="m")
    code.save(out, kind="svg", scale=8, border=4, light="#ffffff", omitsize=True)
    return out.getvalue().decode()


def qr_terminal(text: str) -> str:
    """The same for a terminal."""
    out = io.StringIO()
    segno.make(text, error="m").terminal(out, compact=True, border=2)
    return out.getvalue()
