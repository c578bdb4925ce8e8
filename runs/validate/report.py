"""The page on validation: one file, offline, without scripts; every picture with its figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np

from runs.charts.page import STYLE, document
from runs.validate.frames import chosen_weeks
from runs.validate.pictures import series_picture, strip_picture
from runs.validate.play import Found, first_selection
from runs.validate.score import quantile
from runs.validate.verdict import Result, Verdict, short

OWN = """
.cards { grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); }
.card p { margin: .2rem 0; } svg text { font-size: 11px; }
.window { fill: var(--edge); fill-opacity: .14; } .spread { fill: var(--other); fill-opacity: .25; }
.median { stroke: var(--other); stroke-width: 2; fill: none; } circle { fill: var(--other); }
.band { fill: var(--china); fill-opacity: .22; }
.edge { stroke: var(--china); fill: none; stroke-width: .8; }
.published { stroke: var(--china); stroke-width: 2; stroke-dasharray: 5 3; fill: none; }
"""
HOW = (
    "A target scores 1 inside its published band; outside, the distance to the band counts, and a "
    "distance of a factor of two (of seven tenths of a band where the band reaches below 0) is "
    "worth nothing. What the model cannot express scores 0. A kind is the mean of its targets by "
    "weight, the whole the mean over kinds. Nothing happens is the score of the same runs held "
    "still in the week before the first act: ratios are 1, changes 0, shares where they began."
)
LEGEND = (
    "Blue: the runs, median and 10 to 90% of the seeds. Grey: the weeks that the measure reads. "
    "Orange: where the series would have to run in these weeks to meet the published band, dashed "
    "for the published value itself; it is drawn where that is one multiple of the series."
)


def page(verdict: Verdict, seeds: int, title: str = "Runs against the published record") -> str:
    """The whole page as HTML."""
    episodes: dict[str, list[Result]] = {}
    for one in verdict.results:
        episodes.setdefault(one.target.episode, []).append(one)
    inside = len([one for one in verdict.results if one.inside])
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p>Score <strong>{verdict.score:.3f}</strong> of 1, beside {verdict.nothing:.3f} for a "
        f"world in which nothing happens; {inside} of {len(verdict.results)} targets lie inside "
        f"their bands. {seeds} seeds, each a luck and a population.</p>",
        f"<p>{HOW}</p>",
        _kinds(verdict),
        f"<p>{LEGEND}</p>",
        '<main data-part="episodes">',
    ]
    for name, results in episodes.items():
        body.append(f"<section><h2>{escape(name)}</h2>{_table(results)}<div class=cards>")
        body += [_card(one, verdict.found[one.target.id]) for one in results]
        body.append("</div></section>")
    body.append("</main>")
    return document("Validation", body, STYLE + OWN)


def _kinds(verdict: Verdict) -> str:
    rows = "".join(
        f"<tr><td>{escape(kind)}</td><td>{value:.3f}</td><td>{verdict.nothing_kinds[kind]:.3f}</td>"
        "</tr>"
        for kind, value in verdict.kinds.items()
    )
    return (
        "<div class=scroll><table><caption>Score by kind</caption><tr><th>kind</th><th>score</th>"
        f"<th>nothing happens</th></tr>{rows}<tr><th>in all</th><th>{verdict.score:.3f}</th>"
        f"<th>{verdict.nothing:.3f}</th></tr></table></div>"
    )


def _table(results: Sequence[Result]) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.target.id)} {escape(one.target.name)}</td>"
        f"<td>{short(one.median)}</td><td>{short(one.p10)} to {short(one.p90)}</td>"
        f"<td>{short(one.target.low)} to {short(one.target.high)}</td>"
        f"<td>{'yes' if one.inside else 'no'}</td><td>{one.score:.2f}</td></tr>"
        for one in results
    )
    return (
        "<div class=scroll><table><tr><th>target</th><th>median</th><th>10-90%</th>"
        f"<th>published</th><th>inside</th><th>score</th></tr>{rows}</table></div>"
    )


def sentence(one: Result) -> str:
    """What the picture of a target shows, in words."""
    target = one.target
    band = f"{short(target.low)} to {short(target.high)} {target.unit}".strip()
    if one.median is None:
        return f"No value: {one.reason}. Published: {band}."
    where = "inside" if one.inside else "above" if one.median > target.high else "below"
    return f"The median run has {short(one.median)}, {where} the published band of {band}."


def _card(one: Result, found: Sequence[Found]) -> str:
    target = one.target
    says = sentence(one)
    strip = strip_picture(
        target.low, target.high, target.value, one.median, one.p10, one.p90, says
    )
    source = f" Source: {target.source}." if target.source else ""
    return (
        f"<article class=card><h3>{escape(target.id)} {escape(target.name)}</h3>"
        f"<p>{escape(says)}</p>{series_of_point(one, found, says)}{strip}"
        f"<p class=note>{escape(target.measure)}.{escape(source)}</p></article>"
    )


def series_of_point(one: Result, found: Sequence[Found], says: str) -> str:
    """What the measure reads first, with the published band where it can be drawn; ``says`` is what
    a screen reader hears."""
    select = first_selection(one.target)
    drawn = [part for part in found if part.series]
    if select is None or not drawn:
        return ""
    weeks = [_known(values) for values in zip(*(part.series for part in drawn), strict=True)]
    low, middle, high = (
        [quantile(values, q) if values else None for values in weeks] for q in (0.1, 0.5, 0.9)
    )
    chosen = np.ones(len(weeks), dtype=bool)
    if select.span is not None:
        chosen = chosen_weeks(select.span, one.target.plan.start, len(weeks))
    inside = np.flatnonzero(chosen)
    if not len(inside):
        return ""
    names = {name for part in drawn for name in part.level}
    level = {
        name: quantile([part.level[name] for part in drawn if name in part.level], 0.5)
        for name in sorted(names)
    }
    return series_picture(
        middle, low, high, one.target.plan.start, (int(inside[0]), int(inside[-1])), level,
        says,
    )  # fmt: skip


def _known(values: Sequence[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]
