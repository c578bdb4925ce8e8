"""Who asks from this machine: some pages and the host's token are for nobody else."""

from __future__ import annotations

from starlette.requests import Request

from runs.room.server.gate import caller_of


def asked_here(request: Request, *ways: str) -> bool:
    """True for a browser on this machine, or of the host behind a proxy, that was not sent here by
    another site.

    ``ways`` are the values of ``Sec-Fetch-Site`` that are let in; a browser that says nothing of it
    is let in too. Where no gate stands before the application, nobody is here.
    """
    sent_by = request.headers.get("sec-fetch-site")
    return caller_of(request.scope).trusted and (sent_by is None or sent_by in ways)
