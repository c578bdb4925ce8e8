"""The report of a run or an ensemble: what came of it, when, decisions, causes, sources."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from runs.about import package_version
from runs.charts.page import document, figure, paragraph, table
from runs.charts.pictures import lines_picture
from runs.compare.comparison import series_of
from runs.compare.shown import Shown, shown
from runs.compare.words import MEASURES, Tongue, first_up, tongue
from runs.report.causes import causes
from runs.report.times import flags_of
from runs.seats import OUTSIDE
from runs.web.numbers import NOTHING
from world.facts import load_facts

if TYPE_CHECKING:
    from runs.play import Play
    from runs.story import Story

# In the order of the page, with what a title says of each: its highest or its lowest value.
PICTURES = (
    ("markets", "price", "peaks"), ("markets", "cover_weeks", "falls"),
    ("markets", "stopped_line_share", "peaks"), ("zones", "gdp_loss_usd", "peaks"),
    ("markets", "china_share_true", "falls"), ("zones", "stockpile_days", "falls"),
)  # fmt: skip
INNER = ("p25", "p75")  # half of the lucks
MOST_ORDERS = 60
TITLES = 3  # findings at the head of a report


def page(
    one: Shown, made: Sequence[str], game: Play | None, without: str, to: Tongue,
    story: Story | None = None,
) -> str:  # fmt: skip
    """The report as HTML; ``made`` are the lines on how to make the same again, ``without`` says
    why there is no ``game`` to ask for causes; ``story`` tells the run where there is one."""
    told = findings_of(story, to)
    title, rest = (told[0], told[1:]) if told else (headline(one, to), [])
    when = [f"<h2>{escape(to.t('report.time'))}</h2>", *flags_of(story, to)] if story else []
    why = list(causes(game, one, to)) if game is not None else [paragraph(without)]
    body = [
        f'<main data-part="report">{paragraph(printed(one, to), "stamp")}'
        f"<h1>{escape(title)}</h1>",
        *map(paragraph, rest),
        f"<h2>{escape(to.t('report.what'))}</h2>", '<div class="cards">', *pictures(one, to),
        "</div>", *when,
        *goods(one, to), f"<h2>{escape(to.t('report.who'))}</h2>", *decisions(one, to),
        f"<h2>{escape(to.t('report.why'))}</h2>", *why,
        f"<h2>{escape(to.t('report.sources'))}</h2>", *sources(one, to), *again(made, to),
        paragraph(to.t("compare.caveat"), "note"), "</main>",
    ]  # fmt: skip
    return document(title, body, language=to.language)


@dataclass(frozen=True)
class Alone:
    """A run or an ensemble by itself, as its tables have it: nothing is played for it."""

    one: Shown
    language: str

    @classmethod
    def of(cls, folder: Path, language: str) -> Alone:
        found = shown(folder)
        assert isinstance(found, Shown)
        return cls(found, language)

    @property
    def finding(self) -> str:
        return headline(self.one, tongue(self.language))

    def body(self) -> list[str]:
        """What the page shows, without its head."""
        one, to = self.one, tongue(self.language)
        return [
            f'<main data-part="compare"><h1>{escape(self.finding)}</h1>',
            paragraph(printed(one, to), "stamp"), '<div class="cards">', *pictures(one, to),
            "</div>", f"<h2>{escape(to.t('report.who'))}</h2>", *decisions(one, to),
            paragraph(to.t("compare.caveat"), "note"), "</main>",
        ]  # fmt: skip

    def html(self, command: str = "") -> str:
        """One file that opens offline; ``command`` is how it was made."""
        made = tongue(self.language).t("compare.made", command=command)
        body = [*self.body(), paragraph(made, "note")]
        return document(self.finding, body, language=self.language)


def again(made: Sequence[str], to: Tongue) -> list[str]:
    """How to make the same again."""
    head = f"<h2>{escape(to.t('report.again'))}</h2>"
    return [head, *(f"<p><code>{escape(line)}</code></p>" for line in made)]


def printed(one: Shown, to: Tongue) -> str:
    """What a sheet of paper has to say: what it is of, its weeks, seed, version, and its date."""
    span = to.t("report.span", date=to.date(one.start), date_b=to.date(one.date(one.weeks - 1)))
    version = one.said.get("package_version") or package_version()
    today = to.date(datetime.date.today())
    return to.t("report.printed", title=one.title(to), span=span, version=version, today=today)


def findings_of(story: Story | None, to: Tongue) -> list[str]:
    """What the story says of the run as a whole."""
    if story is None:
        return []
    from runs.story import write

    found = story.whole()["findings"]
    charts = [one for one in (found["lead"], *found["multiples"]) if one]
    return [write(one["title"], to.language) for one in charts[:TITLES]]


def headline(one: Shown, to: Tongue) -> str:
    """The highest price and what it cost, where no story tells it."""
    material, zone = one.lead
    prices = one.values("markets", "price")[material, zone]
    peak = int(np.nanargmax(prices))
    text = to.t("report.headline", good=to.name(material), place=to.name(zone),
                price=to.say("ratio", float(prices[peak])), week=to.week_of(one.date(peak)))
    losses = one.values("zones", "gdp_loss_usd") if one.has("zones", "gdp_loss_usd") else {}
    if (zone,) in losses:
        lost = float(np.nan_to_num(losses[zone,]).cumsum()[-1])
        text = to.t("report.headline_lost", headline=text, place=to.name(zone),
                    lost=to.say("total", lost))  # fmt: skip
    if one.kind == "ensemble":
        text = to.t("report.in_median", headline=text, lucks=one.lucks)
    return first_up(text)


def pictures(one: Shown, to: Tongue) -> Iterator[str]:
    material, zone = one.lead
    for at, measure, verb in PICTURES:
        key = (material, zone) if at == "markets" else (zone,)
        rows_of = one.values(at, measure) if one.has(at, measure) else {}
        if not np.isfinite(rows_of.get(key, np.nan)).any():
            continue
        line, form = series_of(one, at, measure, key, "a"), MEASURES[at, measure].form
        values = np.array(line.values, dtype=float)
        week = int((np.nanargmax if verb == "peaks" else np.nanargmin)(values))
        flat = np.nanmax(values) - np.nanmin(values) <= 0
        noun = first_up(to.noun(MEASURES[at, measure], good=material, place=zone))
        title = to.t(f"report.{'stays' if flat else verb}", noun=noun,
                     value=to.say(form, float(values[week])),
                     **({} if flat else {"week": to.week_of(one.date(week))}))  # fmt: skip
        ticks, sub = [], to.t("report.the_run")
        if one.kind == "ensemble":
            sub = to.t("report.bands", lucks=one.lucks)
            low, high = (one.values(at, measure, part)[key].tolist() for part in INNER)
            line = replace(line, inner_low=low, inner_high=high)
            if measure == "stopped_line_share":
                ticks = one.first_stops
                never = one.lucks - len(ticks)
                sub += ". " + to.t("report.ticks", n=never, lucks=one.lucks)
        rows = [
            [one.date(n).isoformat(), to.say(form, value if value is not None else None)]
            for n, value in enumerate(line.values)
        ]
        drawn = lines_picture([replace(line, name="")], one.start, title,
                              form == "share", ticks=ticks)  # fmt: skip
        numbers = table([to.t("compare.col_week"), noun], rows)
        yield figure(title, sub, drawn, f"{one.title(to)}.", numbers, to=to)


def goods(one: Shown, to: Tongue) -> Iterator[str]:
    """Goods beside minerals by group, over the run, where a ban reached them."""
    frame = one.tables.get("goods")
    if frame is None or not len(frame):
        return
    groups = frame.groupby(["group", "to_zone"], sort=False)
    # a loss that no week knows stays unknown
    sums = groups[["imports_usd", "held_usd", "loss_usd"]].sum(min_count=1)
    rows = [
        [f"{_group(str(group), to)} · {first_up(to.name(zone))}",
         *(to.say("total", float(usd)) if np.isfinite(usd) else NOTHING for usd in row)]
        for (group, zone), row in zip(sums.index, sums.to_numpy(), strict=True)
        if row[1] > 0
    ]  # fmt: skip
    if rows:
        yield f"<h2>{escape(to.t('report.goods'))}</h2>"
        head = [to.t(f"report.goods_{part}") for part in ("what", "came", "held", "lost")]
        yield table(head, rows, to.t("report.goods_sub"), words=1)


def _group(name: str, to: Tongue) -> str:
    """A group of goods in words; one that this version does not know by the name in the record."""
    key = f"report.group_{name.replace(' ', '_')}"
    return to.t(key) if to.has(key) else name


def decisions(one: Shown, to: Tongue) -> Iterator[str]:
    """Orders that came from people, files and programs, then who else ordered how much."""
    orders = one.tables.get("orders")
    if orders is None:
        yield paragraph(to.t("report.all_policies"))
        return
    given = orders[orders["accepted"]]
    mine = given[given["by"].isin(OUTSIDE)]
    rows = [
        [one.date(int(row["week"])).isoformat(),
         first_up(to.lever(f"{row['actor']}.{row['lever']}")), f"{row['value']:g}"]
        for row in mine.to_dict(orient="records")
    ]  # fmt: skip
    if rows:
        head = [to.t(f"{part}") for part in ("compare.col_week", "report.col_what",
                                             "report.col_to")]  # fmt: skip
        yield table(head, rows[:MOST_ORDERS], to.t("report.outside"), words=1)
        if len(rows) > MOST_ORDERS:
            yield paragraph(to.t("report.more_orders", n=len(rows) - MOST_ORDERS))
    else:
        yield paragraph(to.t("report.nobody"))
    count = Counter(given[~given["by"].isin(OUTSIDE)]["actor"])
    if count:
        told = ", ".join(f"{to.name(actor)} {n}" for actor, n in count.most_common())
        yield paragraph(to.t("report.policies", list=told), "sub")
    refused = len(orders) - len(given)
    if refused:
        yield paragraph(to.t("report.refused", n=refused), "sub")


def sources(one: Shown, to: Tongue) -> Iterator[str]:
    """Where the prices at the start are from; all figures have their source in the package."""
    materials = dict.fromkeys(key[0] for key in one.values("markets", "price"))
    rows = []
    for row in load_facts().rows("model_materials", attribute="base_price"):
        if row.text("material") in materials:
            cells = [row.text(part) for part in ("value", "unit", "year", "source")]
            rows.append([first_up(to.name(row.text("material"))), *cells])
    yield paragraph(to.t("report.facts"))
    head = [to.t(f"report.col_{part}") for part in ("material", "price", "unit", "year", "source")]
    summary = escape(to.t("report.start_prices"))
    yield f"<details><summary>{summary}</summary>{table(head, rows)}</details>"
