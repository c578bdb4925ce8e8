"""Comparing in the browser, on this machine alone: the names there are, and what is found.

The page itself is one of `runs.pages.routes`; what it shows is made by `runs.compare` and
`runs.report`, so that page and file are the same pictures.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from runs.charts.page import PICTURES
from runs.pages.here import asked_here
from runs.validate.report import OWN
from runs.web.shelf import Bench, Full, Page, Unknown, Work, faults, page_of, rows
from runs.web.start import Defaults

log = logging.getLogger(__name__)
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff",
           "referrer-policy": "no-referrer"}  # fmt: skip
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
NAME = re.compile(r"[^A-Za-z0-9_.-]+")


def shelf() -> Path | None:
    """The folder whose runs are offered."""
    return Defaults.runs


def compare_routes(bench: Bench) -> list[BaseRoute]:
    def refused(request: Request, *ways: str) -> Response | None:
        if asked_here(request, *ways):
            return None
        return JSONResponse({"error": "This is for the computer that runs the game.",
                             "field": None}, 403, headers=HEADERS)  # fmt: skip

    def asked(request: Request) -> tuple[str, str, str]:
        from runs.compare.words import LANGUAGES

        a, b = (request.query_params.get(one, "")[:200] for one in "ab")
        language = request.query_params.get("lang", "en")
        return a, b, language if language in LANGUAGES else "en"

    def work_out(request: Request, draw: Callable[[Page | Work], Response]) -> Response:
        """In a thread: pictures take their time too."""
        a, b, language = asked(request)
        try:
            return draw(bench.ask(a, b, language))
        except Unknown as name:
            told = f"There is nothing here called {str(name)[:80]!r}."
            return JSONResponse({"error": told, "field": None}, 404, headers=HEADERS)
        except Full:
            told = "So much is being worked out that this has to wait: try again in a minute."
            return JSONResponse({"error": told, "field": None}, 503, headers=HEADERS)
        except faults() as wrong:
            return JSONResponse({"error": str(wrong), "field": None}, 422, headers=HEADERS)
        except Exception:
            log.exception("comparing %s", asked(request))
            told = "This is a fault of Entrepot; its log says where it lies."
            return JSONResponse({"error": told, "field": None}, 500, headers=HEADERS)

    def answered(page: Page | Work) -> Response:
        return JSONResponse(page_of(page), 202 if isinstance(page, Work) else 200, headers=HEADERS)

    async def known(request: Request) -> Response:
        if no := refused(request, "same-origin"):
            return no
        return JSONResponse(await asyncio.to_thread(_known, asked(request)[2]), headers=HEADERS)

    async def found(request: Request) -> Response:
        if no := refused(request, "same-origin"):
            return no
        return await asyncio.to_thread(work_out, request, answered)

    async def file(request: Request) -> Response:
        """The same as one file that opens offline."""
        if no := refused(request, "same-origin", "none"):
            return no
        names = [one for one in asked(request)[:2] if one]
        saved = NAME.sub("-", "-".join(names)) or "compare"

        def drawn(page: Page | Work) -> Response:
            if isinstance(page, Work):
                return PlainTextResponse("It is not there yet.", 503, headers=HEADERS)
            return Response(
                page.html(" ".join(["entrepot compare", *names])), media_type="text/html",
                headers={**HEADERS, "content-security-policy": FILE_POLICY,
                         "content-disposition": f'attachment; filename="{saved}.html"'},
            )  # fmt: skip

        return await asyncio.to_thread(work_out, request, drawn)

    async def style(request: Request) -> Response:
        """The style of the pictures, for what stands within `.found`."""
        text = f".found {{ {PICTURES} {OWN} }}"
        return Response(text, media_type="text/css", headers={"cache-control": "no-cache"})

    return [
        Route("/compare/known.json", known), Route("/compare/found.json", found),
        Route("/compare/file", file), Route("/compare/pictures.css", style),
    ]  # fmt: skip


def _known(language: str) -> dict[str, object]:
    from runs.compare.episode import episodes
    from runs.compare.words import tongue

    to = tongue(language)
    return {
        "folder": str(Defaults.runs or ""), "things": rows(Defaults.runs, to),
        "episodes": [{"name": one, "of": to.scenario(one)} for one in episodes()],
    }  # fmt: skip
