"""The print room in the browser: /print lists the documents, /print/KIND is one.

Role cards hold what only one seat may know and the guide what is yet to come, so these pages open
on the computer that runs the game and nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from runs.pages.here import asked_here
from runs.pages.words import LANGUAGES
from runs.printing.paper import DOCUMENTS, contents, document
from runs.printing.speech import Speech
from world.scenario import shipped

HEADERS = {
    "cache-control": "no-store", "x-content-type-options": "nosniff",
    "x-frame-options": "DENY", "referrer-policy": "no-referrer",
    # the sheets carry their style with them and nothing else
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                               "form-action 'none'; frame-ancestors 'none'",
}  # fmt: skip


Frame = Callable[[Request, str, str], Response]  # a page of the game in a language, around a part


def print_routes(frame: Frame) -> list[BaseRoute]:
    async def listed(request: Request) -> Response:
        if no := refusal(request):
            return no
        scenario, language = asked_for(request)
        query = urlencode({"scenario": scenario, "language": language})
        inside = contents(scenario, language, lambda kind: f"print/{kind}?{query}")
        return frame(request, language, inside)

    return [Route("/print", listed), Route("/print/{kind}", _document)]


def asked_for(request: Request) -> tuple[str, str]:
    """Scenario and language of a request."""
    language = request.query_params.get("language", "")
    scenario = request.query_params.get("scenario") or "japan-2026"
    return scenario, language if language in LANGUAGES else "en"


def refusal(request: Request) -> Response | None:
    """What keeps a request out, in its language, or None."""
    scenario, language = asked_for(request)
    say = Speech(language)
    if not asked_here(request, "none", "same-origin"):
        return PlainTextResponse(say.t("print.only_here"), 403, headers=HEADERS)
    if scenario not in shipped():
        text = say.t("print.unknown", name=scenario[:80])
        return PlainTextResponse(text, 404, headers=HEADERS)
    return None


async def _document(request: Request) -> Response:
    if no := refusal(request):
        return no
    kind = request.path_params["kind"]
    if kind not in DOCUMENTS:
        return PlainTextResponse("There is no such document.", 404, headers=HEADERS)
    return _page(await asyncio.to_thread(document, kind, *asked_for(request)))


def _page(text: Any) -> Response:
    return HTMLResponse(text, headers=HEADERS)
