"""The HTML of the watch page: painted at once, with the run's application loaded after that.

The styles stand in the page itself, since nothing is painted before they are there.

Solara's own page is scripts and styles of a framework that shows nothing here. What it needs to
run is taken out of that page once, and is one file with a name that changes with its content.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from runs.pages.routes import STATIC, Ready, page_marks, reads
from runs.room.server.gate import caller_of
from runs.web.first import first

STYLES = ("kit/stage.css", "kit/parts.css", "watch/watch.css")
SCRIPT = "watch/watch.js"
_SCRIPTS = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_TRAIT = re.compile(r'(\w+)="([^"]*)"')
_IMPORT = re.compile(r'^(?:import|export)\b[^;=]*?"(\.{1,2}/[^"]+)"', re.MULTILINE)
_CDN = "/_solara/cdn/"

PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Entrepot</title>
<script src="{root}/own/first.js"></script>
<script src="{root}/pages/shell/trouble.js"></script>
<link rel="icon" href="{root}/own/icon.svg" type="image/svg+xml">
<style>{styles}</style>
<script type="module" src="{root}/pages/{script}"></script>
{ahead}
<link rel="preload" as="script" id="application" href="{root}/own/application.js?v={version}">
<style id="jupyter-theme-css"></style><style id="pre-render-theme"></style>
</head>
<body data-base-url="{root}/jupyter/" class="st" data-page="watch"{marks}>
<div id="page">{inside}</div>
<div id="app"></div>
{data}
</body>
</html>
"""


class Application(NamedTuple):
    """What Solara's page runs: its scripts as one, and data beside them as they stand there."""

    script: Ready
    data: str

    @property
    def version(self) -> str:
        return self.script.tag.strip('"')


def application(page: str, root: str, cdn: Path) -> Application:
    """Takes Solara's page apart; ``cdn`` is the folder of the files that it calls by `_CDN`."""
    scripts, data = [], []
    for said, inside in _SCRIPTS.findall(page):
        traits = dict(_TRAIT.findall(said))
        if "type" in traits:
            data.append(f"<script{said}>{inside}</script>")
        elif "src" in traits:
            name = traits["src"].removeprefix(f"{root}{_CDN}")
            scripts.append((cdn / name).read_text(encoding="utf-8"))
        else:
            scripts.append(inside)
    made = Ready.of_text("\n;".join(scripts), "text/javascript")
    return Application(made, "\n".join(data))


@cache
def modules(script: str = SCRIPT) -> tuple[str, ...]:
    """A module of ours with all that it imports, so that a browser need not find out one by one."""
    found, left = {script: None}, [script]
    while left:
        name = left.pop()
        for path in _IMPORT.findall((STATIC / name).read_text(encoding="utf-8")):
            other = (STATIC / name).parent.joinpath(path).resolve()
            one = other.relative_to(STATIC.resolve()).as_posix()
            if one not in found:
                found[one] = None
                left.append(one)
    return tuple(found)


def page_of(request: Request, run: Application) -> bytes:
    """The page for who asks."""
    root, language = caller_of(request.scope).site.prefix, reads(request)
    ahead = [f'<link rel="modulepreload" href="{root}/pages/{one}">' for one in modules()]
    ahead += [
        f'<link rel="preload" as="fetch" crossorigin href="{root}/pages/{one}.json">'
        for one in dict.fromkeys(("kit/world_outline", "words/en", f"words/{language}"))
    ]
    styles = [(STATIC / one).read_text(encoding="utf-8") for one in STYLES]
    return PAGE.format(
        language=escape(language), root=root, styles="\n".join(styles), script=SCRIPT,
        ahead="\n".join(ahead), version=run.version, marks=page_marks(request),
        inside=first(request, language), data=run.data,
    ).encode()  # fmt: skip


def answer(request: Request, run: Application) -> Response:
    """The application's script; who has this version never asks for it again."""
    made = run.script.answer(request)
    if request.query_params.get("v") == run.version:
        made.headers["cache-control"] = "public, max-age=31536000, immutable"
    return made
