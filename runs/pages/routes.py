"""Routes of the room's pages: /start, /host, /join, /j/CODE, /seat, /projector, /console, /review,
/compare.

Every page is the same empty shell with another script, so a GET of a page does nothing and knows
nothing; all that happens goes through the room's door. A link is `/seat#CODE.TOKEN`: what stands
behind # never reaches a server or its log.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from runs.about import package_version
from runs.pages.here import asked_here
from runs.pages.words import LANGUAGES, catalogue
from runs.printing.routes import print_routes
from runs.room.address import own_addresses
from runs.room.server.gate import caller_of
from runs.room.server.reach import GET, may_reach
from world.scenario import ScenarioError, load_scenario, shipped

STATIC = Path(str(files("runs.pages"))) / "static"
# A page and its script, which stands with its like in a folder.
SCRIPTS = {
    "join": "start/join", "seat": "seat/seat", "projector": "wall/projector",
    "console": "console/console", "review": "review/review", "host": "start/host",
    "compare": "compare/compare", "papers": "shell/papers", "lost": "shell/lost",
}  # fmt: skip
PAGES = tuple(page for page in SCRIPTS if page not in ("papers", "lost"))  # with an address
KG_PER_T = 1000.0
FEW = 100  # users of a world that is made to be looked up, not played
HOST_NAME = re.compile(r"^[A-Za-z0-9.\-:\[\]]{1,255}$")

SHELL = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Entrepot</title>
<link rel="icon" href="{root}/pages/shell/icon.svg" type="image/svg+xml">{styles}
<script src="{root}/pages/shell/trouble.js"></script>
<script type="module" src="{root}/pages/{script}.js"></script>
</head>
<body class="st" data-page="{page}"{marks}>
<div id="page">{inside}</div>
</body>
</html>
"""
WAIT = """<p class="wait">Entrepot &hellip;</p>
<noscript><p class="wait">This page needs JavaScript. &middot; JavaScript가 필요합니다. &middot;
JavaScriptが必要です。 &middot; 需要启用 JavaScript。</p></noscript>"""
STYLES = ("kit/stage.css", "kit/parts.css", "shell/pages.css")
MORE_STYLES = {
    "host": ("start/front.css",), "seat": ("room/room.css", "seat/briefing/briefing.css"),
    "console": ("room/room.css", "wall/wall.css", "console/console.css"),
    "review": ("room/room.css", "review/review.css"),
    "projector": ("room/room.css", "wall/wall.css"),
    "compare": ("compare/compare.css", "../compare/pictures.css"),
}  # fmt: skip

# Ways of the bar, and the address that each needs: see kit/bar.js.
BAR = {"watch": "/", "alone": "/start", "class": "/start", "table": "/start", "sources": "/"}
WAYS = {"watch": "/", "start": "/start", "join": "/join"}  # from an address where nothing is
OPEN_WAYS = ("join",)  # those of them that everybody may go


def page_routes(host_token: str | None = None, scenario: str = "") -> list[BaseRoute]:
    """The pages' routes; with ``host_token`` a browser on this machine may make rooms at once, and
    be offered ``scenario`` too, a file that the server was started with, by the file's name."""

    async def host_key(request: Request) -> Response:
        """The host's token, for a page of ours in a browser on this machine and nobody else."""
        if not asked_here(request, "same-origin"):
            return JSONResponse({"token": None}, headers=_plain_headers())
        told: dict[str, Any] = {"token": host_token}
        if scenario and scenario not in shipped():
            found = await asyncio.to_thread(_public, scenario)
            told["own"] = {**found, "id": Path(scenario).name, "usd_per_kg": {}}
        return JSONResponse(told, headers=_plain_headers())

    return [
        *(Route(f"/{page}", _page(page)) for page in PAGES),
        Route("/start", _page("host")),
        Route("/j/{code}", _page("join")),
        *print_routes(papers),
        Route("/pages/host-key", host_key),
        Route("/pages/words/{language}.json", _words),
        Route("/pages/scene/{scenario}.json", _scene),
        Route("/pages/addresses.json", _addresses),
        Mount("/pages", _Static(directory=STATIC)),
    ]


def _policy(request: Request) -> str:
    """Nothing but our own files, and the websocket to where the page came from."""
    named = request.headers.get("host", "")
    sockets = f" ws://{named} wss://{named}" if HOST_NAME.match(named) else ""
    return (
        f"default-src 'self'; connect-src 'self'{sockets}; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _plain_headers() -> dict[str, str]:
    return {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def _page(name: str) -> Any:
    async def answer(request: Request) -> Response:
        return _shell(request, name, WAIT)

    return answer


def papers(request: Request, language: str, inside: str) -> Response:
    """The list of what can be printed, in the shell."""
    return _shell(request, "papers", inside, language=language)


def _shell(
    request: Request, page: str, inside: str, status: int = 200, more: str = "", language: str = ""
) -> Response:
    """A page with its script and its styles; ``inside`` stands there until the script has run, and
    ``more`` are marks for it."""
    root = caller_of(request.scope).site.prefix
    styles = "".join(
        f'\n<link rel="stylesheet" href="{root}/pages/{one}">'
        for one in (*STYLES, *MORE_STYLES.get(page, ()))
    )
    marks = page_marks(request, everything=page == "host") + more
    body = SHELL.format(
        page=page, script=SCRIPTS[page], root=root, language=language or reads(request),
        styles=styles, marks=marks, inside=inside,
    )  # fmt: skip
    headers = _plain_headers() | {
        "content-security-policy": _policy(request), "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
    }  # fmt: skip
    return HTMLResponse(body, status, headers=headers)


def page_marks(request: Request, everything: bool = False) -> str:
    """Attributes of a page's body: which ways of the bar are open to who asks, whether that is
    another machine, and what to say where a part of the page fails. ``everything`` is for the page
    of whoever comes to show the host's token."""
    caller, words = caller_of(request.scope), catalogue(reads(request))
    ways = open_ways(request, everything)
    marks = {"data-ways": " ".join(ways), "data-trouble": words["trouble.text"],
             "data-again": words["trouble.again"], "data-version": package_version()}  # fmt: skip
    told = "".join(f' {name}="{escape(text)}"' for name, text in marks.items())
    return told + ("" if caller.trusted else " data-away")


def open_ways(request: Request, everything: bool = False) -> list[str]:
    """The ways of the bar that are open to who asks."""
    caller = caller_of(request.scope)
    all_of_them = caller.trusted or everything
    return [way for way, path in BAR.items() if all_of_them or may_reach(caller.site, GET, path)]


async def lost(request: Request) -> Response:
    """The answer at an address where nothing is, or nothing for who asks: one sentence and the
    ways from here."""
    hidden = request.scope["path"].startswith("/print") and not caller_of(request.scope).trusted
    text = catalogue(reads(request), "print")["print.only_here"] if hidden else None
    return sentence(request, "lost.text", 404, tuple(WAYS), text)


def sentence(
    request: Request, key: str, status: int, ways: tuple[str, ...], text: str | None = None
) -> Response:
    """A page of one sentence in the browser's language (``text``, or that of ``key``), and those of
    the ways from here that are open to who asks."""
    caller, language = caller_of(request.scope), reads(request)
    words, root = catalogue(language), caller.site.prefix
    open_ways = [name for name in ways if caller.trusted or name in OPEN_WAYS]
    links = "".join(
        f'<li><a href="{root}{WAYS[name]}">{escape(words[f"lost.{name}"])}</a></li>'
        for name in open_ways
    )
    said = escape(text or words[key])
    inside = f"<main><h1>Entrepot</h1>\n<p>{said}</p>\n<ul>{links}</ul></main>"
    more = "" if text else f' data-say="{key}" data-links="{" ".join(open_ways)}"'
    return _shell(request, "lost", inside, status, more)


def reads(request: Request) -> str:
    """The language that the address asks for, else the first of ours that the browser does, else
    English."""
    if (asked := request.query_params.get("lang")) in LANGUAGES:
        return str(asked)
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.partition(";")[0].strip().lower()
        for language in LANGUAGES:
            if tag and tag.partition("-")[0] == language.lower().partition("-")[0]:
                return language
    return "en"


class _Static(StaticFiles):
    """Our files; browsers ask each time whether one has changed."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        response.headers["x-content-type-options"] = "nosniff"
        return response


class Ready(NamedTuple):
    """An answer that is the same for everybody: made once, so that asking for it again and again
    costs the room nothing. ``tag`` changes with its content."""

    plain: bytes
    zipped: bytes
    tag: str
    kind: str = "application/json"

    @classmethod
    def of(cls, value: Any) -> Ready:
        """A JSON answer."""
        return cls.of_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    @classmethod
    def of_text(cls, text: str, kind: str = "application/json") -> Ready:
        plain = text.encode()
        tag = f'"{sha256(plain).hexdigest()[:32]}"'
        return cls(plain, gzip.compress(plain, mtime=0), tag, kind)

    def answer(self, request: Request) -> Response:
        headers = {"cache-control": "no-cache", "etag": self.tag, "vary": "accept-encoding"}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        body = self.plain
        if "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["content-encoding"] = self.zipped, "gzip"
        return Response(body, media_type=self.kind, headers=headers)


async def _words(request: Request) -> Response:
    language = request.path_params["language"]
    if language not in LANGUAGES:
        return JSONResponse({"error": "There is no such language.", "field": None}, 404)
    return _catalogue(language).answer(request)


@cache
def _catalogue(language: str) -> Ready:
    return Ready.of(catalogue(language))


# --- what is public and stays the same ----------------------------------------------------------


async def _scene(request: Request) -> Response:
    """Places on the map, base prices, the table of levers: what is public of a scenario."""
    name = request.path_params["scenario"]
    ready = await asyncio.to_thread(_scenery, name if name in shipped() else "")
    return ready.answer(request)


@cache
def _scenery(scenario: str) -> Ready:
    """Of a shipped scenario; of another ("") what it shares with them, without its prices."""
    if scenario:
        return Ready.of(_public(scenario))
    return Ready.of({**_public(next(iter(shipped()))), "usd_per_kg": {}})


@cache
def _public(scenario: str) -> dict[str, Any]:
    from runs.printing.plan import teams
    from runs.room.roster import roster, seat_name
    from runs.room.state import QUARTER
    from world.levers import LEVERS, ladder
    from world.setting import make_setting

    plan = load_scenario(scenario, {"users": FEW})
    base = make_setting(plan).base
    titles = {}
    for name in shipped():
        try:
            one = load_scenario(name)
            titles[name] = {"title": one.title, "summary": one.summary}
        except ScenarioError:
            continue
    return {
        "zones": {zone.code: {"x": zone.x, "y": zone.y, "name": zone.name} for zone in base.zones},
        "usd_per_kg": {good.id: good.base_price_usd_per_t / KG_PER_T for good in base.materials},
        "hubs": list(plan.hubs),
        "levers": {
            lever.name: {
                "lever": lever.name, "actors": lever.actors, "group": lever.group,
                "unit": lever.unit, "low": lever.low, "high": lever.high, "step": lever.step,
                "whole": lever.whole, "index": lever.index, "meaning": lever.meaning,
            }
            for lever in LEVERS.values()
        },
        "title": plan.title, "summary": plan.summary,
        "coercer": plan.coercer, "target": plan.target, "turns": -(-plan.weeks // QUARTER),
        "seats": [
            {"seat": row.seat, "kind": row.kind, "name": seat_name(plan, row.seat)}
            for row in roster(plan) if row.usual
        ],
        "teams": teams([row.seat for row in roster(plan) if row.usual]),
        "rungs": [step.name for step in ladder()],
        "firms": {
            name: {"kind": firm.kind, "title": firm.title, "zone": firm.zone}
            for name, firm in plan.firms.items()
        },
        "scenarios": titles,
    }  # fmt: skip


# --- where we are -------------------------------------------------------------------------------


async def _addresses(request: Request) -> Response:
    """Addresses of this machine on its networks, for the join address on the wall. Behind a proxy
    there is one address for all, which the server has been told."""
    caller = caller_of(request.scope)
    none = not caller.trusted or caller.site.public
    found = [] if none else await asyncio.to_thread(own_addresses)
    return JSONResponse({"addresses": found}, headers=_plain_headers())
