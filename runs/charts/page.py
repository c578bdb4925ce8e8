"""A page that is one file: no scripts, nothing from outside, light and dark, and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runs.compare.words import Tongue

TOKENS = """
:root { color-scheme: light dark; --page: #f6f4ee; --card: #fffefb; --ink: #14202b; --ink2: #45525e;
  --ink3: #5f6b76; --rule: #dcd7ca; --edge: #78828b; --china: #bf4310; --other: #0b63a5;
  --stock: #147a57; --fear: #7a3e9d; --loss: #a8224a; --gain: #0f766e; --sea: #dfe8ea;
  --land: #f3f0e7; --land2: #fbf9f3; --coast: #b9bdb6; --private-edge: #c9a94a;
  --paper: #fbf7ea; --fold: #cfc6ae; --on-paper: #14202b; --on-paper2: #45525e; }
@media (prefers-color-scheme: dark) { :root { --page: #0c141b; --card: #131e27; --ink: #f4f0e6;
  --ink2: #c0c9d0; --ink3: #96a3ad; --rule: #283743; --edge: #5d6c78; --china: #ff8d4d;
  --other: #64b2f0; --stock: #4cc794; --fear: #cda0f5; --loss: #ff7d9c; --gain: #45cdb4;
  --sea: #0a151e; --land: #1b2a36; --land2: #2c4152; --coast: #46596a; --private-edge: #8c7430; } }
@media print { :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #14202b;
  --ink2: #45525e; --ink3: #5f6b76; --rule: #dcd7ca; --edge: #78828b; --china: #bf4310;
  --other: #0b63a5; --stock: #147a57; --fear: #7a3e9d; --loss: #a8224a; --gain: #0f766e;
  --sea: #dfe8ea; --land: #f3f0e7; --land2: #fbf9f3; --coast: #b9bdb6; --private-edge: #c9a94a; }
  figure, article { break-inside: avoid; } }
"""
LAYOUT = """
* { box-sizing: border-box; }
body { font: 16px/1.5 "Segoe UI", -apple-system, Roboto, "Noto Sans", "Liberation Sans", Arial,
  system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 1120px;
  margin: 0 auto; padding: 24px 16px 48px; font-variant-numeric: tabular-nums; }
h1 { font-size: 32px; line-height: 1.18; letter-spacing: -.015em; margin: 0 0 8px; }
h2 { font-size: 21px; line-height: 1.28; margin: 40px 0 8px; padding-top: 10px;
  border-top: 2px solid var(--ink); }
h3 { font-size: 17px; line-height: 1.32; margin: 0; }
p { margin: 4px 0 8px; max-width: 68ch; } .sub { font-size: 14px; color: var(--ink2); }
.note, figcaption { font-size: 12px; color: var(--ink3); overflow-wrap: anywhere; }
"""
PICTURES = """
.cards { display: grid; gap: 24px;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); }
figure { margin: 0; border-top: 2px solid var(--ink); padding-top: 10px; min-width: 0; }
svg { width: 100%; height: auto; display: block; } svg text { font-size: 12px; fill: var(--ink2); }
h2 + figure, h2 + .cards figure:only-child { border-top: 0; padding-top: 0; }
.wide svg { min-width: 460px; max-width: 760px; }
@media (max-width: 520px) { h1 { font-size: 24px; } figure svg text { font-size: 15.5px; }
  .wide svg text { font-size: 12px; } }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: 8px 0; font-size: 14px; }
caption { text-align: left; color: var(--ink2); }
th, td { padding: 3px 12px 3px 0; text-align: right; border-bottom: 1px solid var(--rule); }
th:first-child, td:first-child, td.words, th.words { text-align: left; }
summary { cursor: pointer; font-size: 13px; color: var(--ink2); padding: 8px 0; }
code { overflow-wrap: anywhere; } a { color: var(--other); }
.grid { stroke: var(--rule); } .apart { fill: var(--stock); fill-opacity: .2; }
.tick, .flag { stroke: var(--ink); } .flag { stroke-width: 1.4; } .tick { stroke-width: 1.6; }
.flagged { paint-order: stroke; stroke: var(--page); stroke-width: 5px; }
.ladder { fill: var(--china); fill-opacity: .35; } .times { overflow-x: auto; }
.times svg { min-width: 940px; } .times svg text { font-size: 12px; }
.stamp { font-size: 14px; color: var(--ink2); }
.line-a, .line-median { stroke: var(--ink); stroke-width: 2.2; fill: none; }
.line-b { stroke: var(--stock); stroke-width: 2.2; fill: none; stroke-dasharray: 7 4; }
.band-a { fill: var(--ink); fill-opacity: .13; } .band-b { fill: var(--stock); fill-opacity: .2; }
svg .name-a { fill: var(--ink); font-weight: 600; } svg .name-b { fill: var(--stock);
  font-weight: 600; }
.step-level { fill: var(--edge); } .step-china { fill: var(--china); }
.step-other { fill: var(--other); } .step-own { fill: var(--stock); }
@media print { .cards { grid-template-columns: 1fr 1fr; } details:not([open]) { display: none; }
  .times svg { min-width: 0; } .times svg text { font-size: 15px; } }
.heat { fill: var(--fear); } svg .in-heat { fill: var(--ink); } .dot { fill: var(--ink); }
"""
STYLE = TOKENS + LAYOUT + PICTURES


def document(title: str, body: Sequence[str], style: str = STYLE, language: str = "en") -> str:
    """The whole page as HTML."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def figure(
    title: str, sub: str, picture: str, source: str, table: str = "", wide: bool = False, *,
    to: Tongue, english: str = "",
) -> str:  # fmt: skip
    """A picture under the sentence that it proves, with its source and its numbers; a ``wide`` one
    scrolls by itself on a phone. ``english`` is the part of the source that is so in any language,
    as titles of papers are."""
    told = escape(source)
    if english:
        told = told.replace(escape(english), f'<span lang="en">{escape(english)}</span>')
    if wide:
        picture = f'<div class="scroll wide" tabindex="0">{picture}</div>'
    head = escape(to.t("compare.numbers"))
    numbers = f"<details><summary>{head}</summary>{table}</details>" if table else ""
    return (
        f'<figure><h3>{escape(title)}</h3><p class="sub">{escape(sub)}</p>{picture}'
        f"<figcaption>{told}</figcaption>{numbers}</figure>"
    )


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "", words: int = -1
) -> str:
    """Words and numbers as a table that scrolls by itself where it is too wide; ``words`` is a
    column of sentences beside the first, which are set from the left."""
    left = [' class="words"' if n == words else "" for n in range(len(head))]
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    top = "".join(
        f'<th scope="col"{kind}>{escape(cell)}</th>' for kind, cell in zip(left, head, strict=True)
    )
    lines = [
        "".join(f"<td{kind}>{escape(cell)}</td>" for kind, cell in zip(left, row, strict=True))
        for row in rows
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return (
        f'<div class="scroll" tabindex="0"><table>{named}<thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"
