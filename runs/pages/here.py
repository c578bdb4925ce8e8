"""Who asks from this machine: some pages and the host's token are for nobody else."""

from __future__ import annotations

from starlette.requests import Request

from runs.room.address import LOOPBACK


def asked_here(request: Request, *ways: str) -> bool:
    """True for a browser on this machine that was not sent here by another site.

    ``ways`` are the values of ``Sec-Fetch-Site`` that are let in; a browser that says nothing of it
    is let in too. The name in ``Host`` must be ours, or a foreign name could point here.
    """
    client = request.client.host if request.client else ""
    name = request.headers.get("host", "").rsplit(":", 1)[0].strip("[]")
    sent_by = request.headers.get("sec-fetch-site")
    return client in LOOPBACK and name in LOOPBACK and (sent_by is None or sent_by in ways)
