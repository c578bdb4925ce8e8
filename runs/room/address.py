"""Where people find a room: addresses of this machine, and the QR code for the wall."""

from __future__ import annotations

import io
import socket

import segno


def own_address() -> str:
    """The address of this machine in the network that it would reach others by; no packet is
    sent. The loopback address where there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address, for the routing table only
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def base_address(host: str, port: int) -> str:
    """How others write the server's address, for a server that listens at ``host``."""
    name = own_address() if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def join_address(base: str, code: str) -> str:
    """What the QR code holds; the page asks for name and seat and joins on a button, so that a
    preview of the link takes no seat."""
    return f"{base.rstrip('/')}/j/{code}"


def qr_svg(text: str) -> str:
    """A QR code as SVG of its own size, dark on light with a quiet edge."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=8, border=4, light="#ffffff")
    return out.getvalue().decode()


def qr_terminal(text: str) -> str:
    """The same for a terminal."""
    out = io.StringIO()
    segno.make(text, error="m").terminal(out, compact=True, border=2)
    return out.getvalue()
