"""The report of a run or an ensemble: what came of it, pictures, decisions, causes, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from runs.charts.page import document, figure, paragraph, table
from runs.charts.pictures import lines_picture
from runs.compare.comparison import CAVEAT, series_of
from runs.compare.shown import Shown
from runs.compare.words import MEASURES, first_up, lever, name, noun, say, week_of
from runs.report.causes import causes
from runs.seats import OUTSIDE
from world.facts import load_facts

if TYPE_CHECKING:
    from runs.game import Game

# In the order of the page, with what a title says of each: its highest or its lowest value.
PICTURES = (
    ("markets", "price", "peaks at"), ("markets", "cover_weeks", "falls to"),
    ("markets", "stopped_line_share", "peaks at"), ("zones", "gdp_loss_usd", "peaks at"),
    ("markets", "china_share_true", "falls to"), ("zones", "stockpile_days", "falls to"),
)  # fmt: skip
MOST_ORDERS = 60


def page(one: Shown, made: Sequence[str], game: Game | None, without: str = "") -> str:
    """The report as HTML; ``made`` are the lines on how to make the same again, ``without`` says
    why there is no ``game`` to ask for causes."""
    told = by_story(game)
    title, rest = (told[0], told[1:]) if told else (headline(one), [])
    body = [
        f'<main><p class="sub">{escape(one.title)}</p><h1>{escape(title)}</h1>',
        *map(paragraph, rest),
        "<h2>What happened</h2>", '<div class="cards">', *pictures(one), "</div>",
        "<h2>Who decided what</h2>", *decisions(one),
        "<h2>Why</h2>", *(causes(game, one) if game is not None else [paragraph(without)]),
        "<h2>Where the figures come from</h2>", *sources(one),
        "<h2>The same again</h2>", *(f"<p><code>{escape(line)}</code></p>" for line in made),
        paragraph(CAVEAT, "note"), "</main>",
    ]  # fmt: skip
    return document(title, body)


def by_story(game: Game | None) -> list[str]:
    """What the story says of the run as a whole; nothing where there is no story."""
    if game is None or find_spec("runs.story") is None:
        return []
    story: Any = import_module("runs.story")
    found = story.say_all(story.Story(story.run_of(game)).whole(), "en")["findings"]
    charts = [one for one in (found["lead"], *found["multiples"]) if one]
    return [str(one["title"]["text"]) for one in charts[:3]]


def headline(one: Shown) -> str:
    """The highest price and what it cost, where no story tells it."""
    material, zone = one.lead
    prices = one.values("markets", "price")[material, zone]
    peak = int(np.nanargmax(prices))
    said = f"{first_up(name(material))} in {name(zone)} costs {say('ratio', prices[peak])} in "
    text = f"{said}{week_of(one.date(peak))}"
    losses = one.values("zones", "gdp_loss_usd") if one.has("zones", "gdp_loss_usd") else {}
    if (zone,) in losses:
        lost = float(np.nan_to_num(losses[zone,]).cumsum()[-1])
        text += f"; {name(zone)} loses {say('total', lost)}"
    return text + (f" in the median of {one.lucks} lucks" if one.kind == "ensemble" else "")


def pictures(one: Shown) -> Iterator[str]:
    material, zone = one.lead
    for at, measure, verb in PICTURES:
        key = (material, zone) if at == "markets" else (zone,)
        rows_of = one.values(at, measure) if one.has(at, measure) else {}
        if not np.isfinite(rows_of.get(key, np.nan)).any():
            continue
        line, form = series_of(one, at, measure, key, "a"), MEASURES[at, measure].form
        values = np.array(line.values, dtype=float)
        week = int((np.nanargmax if verb == "peaks at" else np.nanargmin)(values))
        what = first_up(noun(MEASURES[at, measure], material, zone))
        title = f"{what} {verb} {say(form, float(values[week]))} in {week_of(one.date(week))}"
        if np.nanmax(values) - np.nanmin(values) <= 0:
            title = f"{what} stays at {say(form, float(values[week]))}"
        sub = "The run" if one.kind == "run" else f"Median; band: 8 of 10 of {one.lucks} lucks"
        rows = [
            [one.date(n).isoformat(), say(form, value if value is not None else None)]
            for n, value in enumerate(line.values)
        ]
        drawn = lines_picture([replace(line, name="")], one.start, title, form == "share")
        yield figure(title, sub, drawn, f"{one.title}.", table(["week of", what], rows))


def decisions(one: Shown) -> Iterator[str]:
    """Orders that came from people, files and programs, then who else ordered how much."""
    orders = one.tables.get("orders")
    if orders is None:
        yield paragraph("All seats are played by their policies; every luck decides by itself.")
        return
    given = orders[orders["accepted"]]
    mine = given[given["by"].isin(OUTSIDE)]
    rows = [
        [one.date(int(row["week"])).isoformat(), first_up(lever(f"{row['actor']}.{row['lever']}")),
         f"{row['value']:g}"]
        for row in mine.to_dict(orient="records")
    ]  # fmt: skip
    if rows:
        head = ["week of", "what was ordered", "to"]
        yield table(head, rows[:MOST_ORDERS], "Orders of people, files and programs")
        if len(rows) > MOST_ORDERS:
            yield paragraph(f"And {len(rows) - MOST_ORDERS} more, in the run's table of orders.")
    else:
        yield paragraph("Nobody from outside ordered anything.")
    count = Counter(given[~given["by"].isin(OUTSIDE)]["actor"])
    if count:
        told = ", ".join(f"{name(actor)} {n}" for actor, n in count.most_common())
        yield paragraph(f"Orders of policies and of dated acts by country: {told}.", "sub")
    refused = len(orders) - len(given)
    if refused:
        yield paragraph(f"{refused} orders were refused, with the reason in the table.", "sub")


def sources(one: Shown) -> Iterator[str]:
    """Where the prices at the start are from; all figures have their source in the package."""
    materials = dict.fromkeys(key[0] for key in one.values("markets", "price"))
    rows = []
    for row in load_facts().rows("model_materials", attribute="base_price"):
        if row.text("material") in materials:
            cells = [row.text(part) for part in ("value", "unit", "year", "source")]
            rows.append([first_up(name(row.text("material"))), *cells])
    yield paragraph(
        "What happened is the model's; prices, shares and stocks at the start are published "
        "figures, each with its source on the page Sources of entrepot play."
    )
    head = ["material", "price at the start", "unit", "year", "source"]
    yield f"<details><summary>Start prices</summary>{table(head, rows)}</details>"
