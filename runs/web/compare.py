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
from starlette.responses import JSONResponse, Response
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
    async def known(request: Request) -> Response:
        if no := _turned_away(request, "same-origin"):
            return no
        return JSONResponse(await asyncio.to_thread(_known, _asked(request)[2]), headers=HEADERS)

    async def found(request: Request) -> Response:
        if no := _turned_away(request, "same-origin"):
            return no
        return await asyncio.to_thread(_work_out, bench, request, _answered)

    async def file(request: Request) -> Response:
        if no := _turned_away(request, "same-origin", "none"):
            return no
        return await asyncio.to_thread(_work_out, bench, request, _saved)

    async def style(request: Request) -> Response:
        """The style of the pictures, for what stands within `.found`."""
        text = f".found {{ {PICTURES} {OWN} }}"
        return Response(text, media_type="text/css", headers={"cache-control": "no-cache"})

    return [
        Route("/compare/known.json", known), Route("/compare/found.json", found),
        Route("/compare/file", file), Route("/compare/pictures.css", style),
    ]  # fmt: skip


def _asked(request: Request) -> tuple[str, str, str]:
    """The two names, and the language."""
    from runs.compare.words import LANGUAGES

    a, b = (request.query_params.get(one, "")[:200] for one in "ab")
    language = request.query_params.get("lang", "en")
    return a, b, language if language in LANGUAGES else "en"


def _refused(request: Request, status: int, key: str, **values: str) -> Response:
    """A sentence in the reader's language."""
    from runs.compare.words import tongue

    text = tongue(_asked(request)[2]).t(key, **values)
    return JSONResponse({"error": text, "field": None}, status, headers=HEADERS)


def _turned_away(request: Request, *ways: str) -> Response | None:
    return None if asked_here(request, *ways) else _refused(request, 403, "compare.refused.here")


def _work_out(
    bench: Bench, request: Request, draw: Callable[[Request, Page | Work], Response]
) -> Response:
    """In a thread: pictures take their time too."""
    try:
        return draw(request, bench.ask(*_asked(request)))
    except Unknown as name:
        return _refused(request, 404, "compare.refused.unknown", name=str(name)[:80])
    except Full:
        return _refused(request, 503, "compare.refused.full")
    except faults() as wrong:  # a sentence of the record or scenario itself
        return JSONResponse({"error": str(wrong), "field": None}, 422, headers=HEADERS)
    except Exception:
        log.exception("comparing %s", _asked(request))
        return _refused(request, 500, "compare.refused.fault")


def _answered(request: Request, page: Page | Work) -> Response:
    return JSONResponse(page_of(page), 202 if isinstance(page, Work) else 200, headers=HEADERS)


def _saved(request: Request, page: Page | Work) -> Response:
    """The same as one file that opens offline."""
    if isinstance(page, Work):
        return _refused(request, 503, "compare.refused.not_yet")
    names = [one for one in _asked(request)[:2] if one]
    saved = NAME.sub("-", "-".join(names)) or "compare"
    return Response(
        page.html(" ".join(["entrepot compare", *names])), media_type="text/html",
        headers={**HEADERS, "content-security-policy": FILE_POLICY,
                 "content-disposition": f'attachment; filename="{saved}.html"'},
    )  # fmt: skip


def _known(language: str) -> dict[str, object]:
    from runs.compare.episode import episodes
    from runs.compare.words import tongue

    to = tongue(language)
    return {
        "folder": str(Defaults.runs or ""), "things": rows(Defaults.runs, to),
        "episodes": [{"name": one, "of": to.scenario(one)} for one in episodes()],
    }  # fmt: skip
