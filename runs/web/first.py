"""What stands on the watch page before any script: bar, sea and coasts, and what is to be filled.

It is what the page's own scripts draw while there is no run (`kit/bar.js`, `watch/map.js`,
`watch/time.js`), which they then lay over it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

from starlette.requests import Request

from runs.pages.routes import STATIC, open_ways
from runs.pages.words import catalogue
from runs.room.server.gate import caller_of

NAMES = {"en": "English", "ko": "한국어", "ja": "日本語", "zh-Hans": "简体中文"}
WAYS = {"watch": "", "alone": "start?for=alone", "class": "start?for=class",
        "table": "start?for=table", "sources": "?view=sources"}  # fmt: skip
LOOKS = ("watch", "sources")  # ways that lead to this very page
TILES = ("price", "stock", "stopped", "lost", "origin")
SPEEDS, USUAL = (1, 2, 4, 8, 16), 4
LOGO = "M4 33H36M7.5 33V16L20 7.5 32.5 16V33M14.5 33V21.5H25.5V33"
PLAY, PAUSE = "M3 1l16 10L3 21z", "M3 1h5v20H3zM12 1h5v20h-5z"
NEAR = "500 8 480 577"  # of the map, on telephones
OUTLINE = STATIC / "kit" / "world_outline.json"


def first(request: Request, language: str) -> str:
    """The inside of ``#page``."""
    words = {key: escape(text) for key, text in catalogue(language).items()}
    sources = request.query_params.get("view") == "sources"
    bar = _bar(request, words, language, "sources" if sources else "watch")
    return bar if sources else bar + _watch(request.query_params, words)


def _bar(request: Request, words: Mapping[str, str], language: str, current: str) -> str:
    caller, ways = caller_of(request.scope), open_ways(request)
    root, asked = escape(caller.site.prefix), request.query_params.get("lang")

    def to(path: str) -> str:
        """An address that asks for a language hands it on."""
        if asked not in NAMES:
            return f"{root}/{path}"
        return f'{root}/{path}{"&amp;" if "?" in path else "?"}lang={asked}'

    def link(way: str) -> str:
        path = WAYS[way]
        if way in LOOKS and not caller.trusted:
            path = f"{path or '?view=watch'}&amp;watch"
        here = ' aria-current="page"' if way == current else ""
        return f'<a href="{to(path)}" data-way="{way}"{here}>{words[f"shell.{way}"]}</a>'

    said, home = words["shell.ways"], "start" if "alone" in ways else "join"
    routes = "" if not ways else (
        '<button type="button" class="burger" aria-expanded="false" '
        f'aria-label="{said}">☰</button>'
        f'<nav aria-label="{said}">{"".join(link(way) for way in ways)}</nav>'
    )  # fmt: skip
    return (
        f'<a class="skip" href="#main">{words["shell.skip"]}</a><header class="bar">'
        f'<a class="logo" aria-label="Entrepot" href="{to(home)}">'
        f'<svg viewBox="0 0 40 40" aria-hidden="true"><path d="{LOGO}" fill="none" '
        'stroke="currentColor" stroke-width="3"/></svg><b>Entrepot</b></a>'
        f'<div class="set"></div><div class="routes">{routes}</div>'
        f'<details id="menu-lang" class="lang" aria-label="{words["page.language"]}">'
        f"<summary>{NAMES[language]}</summary></details></header>"
    )


def _watch(asked: Mapping[str, str], words: Mapping[str, str]) -> str:
    plays = asked.get("autoplay") not in ("0", "no", "false") and "week" not in asked
    wish = asked.get("speed", "")[:9]  # Python reads no number of thousands of digits
    speed = int(wish) if wish.isdecimal() else USUAL
    speed = speed if speed in SPEEDS else SPEEDS[-1] if speed > SPEEDS[-1] else USUAL
    options = "".join(
        f'<option{" selected" if one == speed else ""}>'
        f'{words["watch.speed"].replace("{n}", str(one))}</option>'
        for one in SPEEDS
    )
    tiles = "".join(
        f'<div class="tile" data-tile="{name}"><span class="l">{words[f"watch.{name}"]}</span>'
        '<span class="v">–</span><span></span><span class="d">\u00a0</span></div>'
        for name in TILES
    )
    return (
        f'<main id="main" tabindex="-1"><section class="stage" aria-label="{words["watch.stage"]}">'
        '<div class="say" data-part="headline" aria-busy="true">'
        f'<p class="kick">{words["watch.setting_up"]}</p><span class="hold"></span>'
        f'<span class="hold"></span></div><div data-part="map">{_maps()}</div></section>'
        f'<section class="tiles" data-part="tiles" aria-label="{words["watch.tiles"]}">{tiles}'
        '</section><section class="time" data-part="timeline" '
        f'aria-label="{words["watch.time"]}"><div class="ctl"><button type="button" class="play" '
        f'disabled aria-label="{words["watch.pause" if plays else "watch.play"]}">'
        '<svg width="20" height="22" viewBox="0 0 20 22" fill="currentColor" aria-hidden="true">'
        f'<path d="{PAUSE if plays else PLAY}"/></svg></button><div class="sp"><b>–</b><label>'
        f'<span class="sr">{words["watch.speed_name"]}</span><select>{options}</select></label>'
        "</div></div><div></div></section></main>"
    )


@cache
def _maps() -> str:
    """The map as it is drawn on wide screens, and its middle as it is on telephones."""
    world = json.loads(Path(OUTLINE).read_text(encoding="utf-8"))
    insets = "".join(_inset(name, one) for name, one in world["insets"].items())
    return (
        '<svg class="map far" viewBox="0 0 1440 640" preserveAspectRatio="xMidYMid meet" '
        f'aria-hidden="true"><g id="coasts">{_land(world["main"], 1.4)}</g>{insets}</svg>'
        f'<svg class="map near" viewBox="{NEAR}" preserveAspectRatio="xMidYMid slice" '
        'aria-hidden="true"><use href="#coasts"/></svg>'
    )


def _land(parts: Mapping[str, str], width: float) -> str:
    paths = "".join(
        f'<path class="land" d="{d}" fill="var(--land{"" if zone == "ROW" else "2"})"/>'
        for zone, d in parts.items()
    )
    return (
        f'<g transform="scale(.5)" stroke="var(--coast)" stroke-width="{width}" '
        f'stroke-linejoin="round">{paths}</g>'
    )


def _inset(name: str, one: Mapping[str, Mapping[str, str]]) -> str:
    at = " ".join(
        f'{trait}="{one["box"][key]}"'
        for trait, key in (("x", "x"), ("y", "y"), ("width", "w"), ("height", "h"))
    )
    return (
        f'<clipPath id="coast-{name}"><rect {at} rx="8"/></clipPath>'
        f'<g clip-path="url(#coast-{name})"><rect {at} rx="8" fill="var(--sea)"/>'
        f'{_land(one["land"], 1.2)}</g>'
        f'<rect {at} rx="8" fill="none" stroke="var(--coast)" stroke-width="1.2"/>'
    )
