"""The board of a game: headline figures, map and charts with their tables, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runs.web import numbers
from runs.web.draw.axes import Frame, nice_top
from runs.web.draw.lines import Line, draw_lines
from runs.web.draw.portrait import portrait
from runs.web.draw.schematic import MARGIN, RING, Band, draw_map, legend
from runs.web.draw.stack import ORIGINS, draw_stack
from runs.web.draw.svg import Stroke
from runs.web.draw.table import draw_table
from runs.web.opening import opening_bands, opening_figures
from runs.web.reading import Reading, at, highest
from runs.web.scene import Look

Array = NDArray[np.float64]
QUARTER = 13
FLOOR_STROKE = Stroke("#7a5200", "1.5 3")
_WORDS = {"china": "Chinese origin", "grey": "grey route", "other": "other origin"}


def build_board(reading: Reading, look: Look, opened: Collection[str] = ()) -> dict[str, Any]:
    """Everything the board shows; tables only for the pictures named in `opened`."""
    played = reading.weeks > 0
    bands, widest = reading.bands(look) if played else opening_bands(reading.scene, look.material)
    return {
        "kpis": headline(reading, look) if played else opening_figures(reading.scene, look),
        "map": {
            "svg": _map(reading, look, bands, widest),
            "legend": legend(widest),
            "table": _map_table(bands) if "map" in opened else "",
        },
        "charts": [chart(reading, look, opened) for chart in CHARTS] if played else [],
    }


def _map(reading: Reading, look: Look, bands: Sequence[Band], widest: float) -> str:
    nodes, side = reading.nodes(look), MARGIN
    if look.narrow:
        place = portrait(tuple((node.x, node.y) for node in nodes))
        nodes = [replace(node, x=x, y=y) for node, (x, y) in zip(nodes, place, strict=True)]
        side = RING + 6
    return draw_map(nodes, bands, widest, look.zone, _say_map(bands), side)


def _say_map(bands: Sequence[Band]) -> str:
    """The map for those who cannot see it: the five greatest flows."""
    greatest = sorted(bands, key=lambda band: -band.tonnes_)[:5]
    said = [
        f"{b.origin} to {b.to} {numbers.tonnes(b.tonnes_)} ({_WORDS[b.kind]})" for b in greatest
    ]
    return "Schematic map of flows. Greatest, a week: " + ("; ".join(said) or "none yet") + "."


def _map_table(bands: Sequence[Band]) -> str:
    rows = [
        [b.origin, b.to, _WORDS[b.kind], numbers.plain(b.tonnes_)]
        for b in sorted(bands, key=lambda band: -band.tonnes_)
        if b.tonnes_ > 1e-6
    ]
    return draw_table(["from", "to", "true origin", "t a week"], rows)


def headline(reading: Reading, look: Look) -> list[dict[str, str]]:
    """Six figures of the material and zone looked at, each with what it means."""

    def now(column: str) -> float | None:
        return at(reading.market(column, look.material, look.zone), look.week)

    def zone(column: str) -> float | None:
        return at(reading.zone(column, look.zone), look.week)

    price = reading.market("price", look.material, look.zone)
    delivered, wanted = now("delivered_t"), now("demand_t")
    served = delivered / wanted if delivered is not None and wanted else None
    loss = zone("gdp_loss_usd")
    figures = [
        ("price", "Price", numbers.usd_per_kg(now("price_usd_per_t")), _say_price(price, look)),
        ("deliveries", "Delivered", numbers.tonnes(delivered),
         f"{numbers.percent(served)} of {numbers.tonnes(wanted)} wanted"),
        ("cover", "Cover", numbers.weeks(now("cover_weeks")), "in the hands of users"),
        ("stopped", "Stopped lines", numbers.percent(now("stopped_line_share")),
         "of need stands under half speed"),
        ("gdp", "GDP loss", numbers.percent(zone("gdp_loss_share")),
         f"{numbers.usd(loss)} a week" if loss else "no line lost"),
        ("origin", "Chinese share", numbers.percent(now("china_share_true")),
         f"declared {numbers.percent(now('china_share_declared'))}"),
    ]  # fmt: skip
    return [{"id": key, "label": a, "value": b, "note": c} for key, a, b, c in figures]


def _say_price(price: Array, look: Look) -> str:
    now = at(price, look.week)
    if now is None:
        return "not known"
    week = len(price) - 1 if look.week is None else min(look.week, len(price) - 1)
    words = f"{now:.2f} × the start"
    before = at(price, week - QUARTER) if week >= QUARTER else None
    if before:
        change = now / before - 1
        words += f", {numbers.signed(change, numbers.percent(abs(change)))} in a quarter"
    return words


# ---- charts -------------------------------------------------------------------------------------


def _frame(reading: Reading, top: float) -> Frame:
    return Frame(reading.scene.start, max(2, reading.scene.horizon), top)


def _zone_chart(
    reading: Reading,
    look: Look,
    opened: Collection[str],
    key: str,
    words: tuple[str, str],
    series: Mapping[str, Array],
    least: float,
    show: Callable[[float | None], str],
    extra: Sequence[Line] = (),
    tick: Callable[[float], str] = numbers.tick,
) -> dict[str, Any]:
    """A chart with a line a zone; `words` are title and unit, `least` the smallest top."""
    title, unit = words
    strokes = dict(reading.scene.cast(look.zone))
    lines = [
        Line(code, values, strokes[code], bold=code == look.zone) for code, values in series.items()
    ]
    top = nice_top(highest([line.values for line in (*lines, *extra)]), least)
    said = ", ".join(f"{code} {show(at(v, look.week))}" for code, v in series.items())
    svg = draw_lines(_frame(reading, top), [*lines, *extra], title, said, look.week, tick)
    columns = {**series, **{line.label: line.values for line in extra}}
    return {
        "id": key, "title": title, "unit": unit, "svg": svg, "said": said,
        "table": _week_table(reading, columns, show) if key in opened else "",
    }  # fmt: skip


def _week_table(
    reading: Reading, columns: Mapping[str, Array], show: Callable[[float | None], str]
) -> str:
    """Every week, the latest first."""
    weeks = max((len(values) for values in columns.values()), default=0)
    rows = [
        [str(week), reading.scene.date(week).isoformat(),
         *(show(at(values[: week + 1], None)) for values in columns.values())]
        for week in range(weeks - 1, -1, -1)
    ]  # fmt: skip
    return draw_table(["week", "from", *columns], rows)


def price_chart(reading: Reading, look: Look, opened: Collection[str]) -> dict[str, Any]:
    codes = [code for code, _ in reading.scene.cast(look.zone)]
    series = {code: reading.market("price_usd_per_t", look.material, code) / 1000 for code in codes}
    floors = _floor_lines(reading, look, codes)
    return _zone_chart(
        reading, look, opened, "price", ("Price by zone", "USD per kg"), series,
        0.05 * reading.scene.good(look.material).usd_per_t / 1000, numbers.plain, floors,
    )  # fmt: skip


def _floor_lines(reading: Reading, look: Look, codes: Sequence[str]) -> list[Line]:
    """Price floors in force; zones with the same floor share a line."""
    groups: list[tuple[list[str], Array]] = []
    for code in codes:
        floor = reading.market("floor_usd_per_t", look.material, code) / 1000
        floor = np.where(floor > 0, floor, np.nan)
        if not np.isfinite(floor).any():
            continue
        same = next((g for g in groups if np.array_equal(g[1], floor, equal_nan=True)), None)
        if same:
            same[0].append(code)
        else:
            groups.append(([code], floor))
    return [
        Line("floor " + (names[0] if len(names) == 1 else "FORGE"), values, FLOOR_STROKE,
             stepped=True)
        for names, values in groups[:3]
    ]  # fmt: skip


def deliveries_chart(reading: Reading, look: Look, opened: Collection[str]) -> dict[str, Any]:
    layers = [(o, reading.market(o.column, look.material, look.zone)) for o in ORIGINS]
    demand = reading.market("demand_t", look.material, look.zone)
    total = np.sum([np.nan_to_num(values) for _, values in layers], axis=0)
    top = nice_top(highest([demand, total]), 1e-6 if len(demand) else 1.0)
    said = ", ".join(f"{o.label} {numbers.tonnes(at(values, look.week))}" for o, values in layers)
    said += f"; wanted {numbers.tonnes(at(demand, look.week))}"
    title = f"Deliveries to {look.zone} by origin"
    columns = {**{o.label: values for o, values in layers}, "demand": demand}
    return {
        "id": "deliveries", "title": title, "unit": "t a week, against demand", "said": said,
        "svg": draw_stack(_frame(reading, top), layers, demand, title, said, look.week),
        "table": _week_table(reading, columns, numbers.plain) if "deliveries" in opened else "",
    }  # fmt: skip


def cover_chart(reading: Reading, look: Look, opened: Collection[str]) -> dict[str, Any]:
    series = {
        code: reading.market("cover_weeks", look.material, code)
        for code, _ in reading.scene.cast(look.zone)
    }
    words = ("Weeks of cover", "weeks of use in stock")
    return _zone_chart(reading, look, opened, "cover", words, series, 4, _whole)


def _whole(value: float | None) -> str:
    return numbers.NOTHING if value is None else f"{value:.1f}".removesuffix(".0")


def stopped_chart(reading: Reading, look: Look, opened: Collection[str]) -> dict[str, Any]:
    series = {
        code: reading.market("stopped_line_share", look.material, code)
        for code, _ in reading.scene.cast(look.zone)
    }
    words = ("Stopped lines", "share of need under half speed")
    return _zone_chart(
        reading,
        look,
        opened,
        "stopped",
        words,
        series,
        0.02,
        numbers.percent,
        (),
        numbers.percent_tick,
    )


def gdp_chart(reading: Reading, look: Look, opened: Collection[str]) -> dict[str, Any]:
    series = {
        code: reading.zone("gdp_loss_share", code) for code, _ in reading.scene.cast(look.zone)
    }
    words = ("GDP loss", "share of GDP, all materials")
    return _zone_chart(
        reading,
        look,
        opened,
        "gdp",
        words,
        series,
        0.0005,
        numbers.percent,
        (),
        numbers.percent_tick,
    )


def origin_chart(reading: Reading, look: Look, opened: Collection[str]) -> dict[str, Any]:
    """True against declared origin: the gap is what passes through hubs."""
    pair = {
        "true": reading.market("china_share_true", look.material, look.zone),
        "declared": reading.market("china_share_declared", look.material, look.zone),
    }
    strokes = dict(zip(pair, (Stroke("#D55E00"), Stroke("#0072B2", "5 3")), strict=True))
    lines = [
        Line(name, values, strokes[name], bold=name == "true") for name, values in pair.items()
    ]
    said = ", ".join(f"{name} {numbers.percent(at(v, look.week))}" for name, v in pair.items())
    title = f"Chinese share of arrivals in {look.zone}"
    return {
        "id": "origin", "title": title, "unit": "true and declared origin", "said": said,
        "svg": draw_lines(_frame(reading, 1.0), lines, title, said, look.week,
                          numbers.percent_tick),
        "table": _week_table(reading, pair, numbers.percent) if "origin" in opened else "",
    }  # fmt: skip


CHARTS = (price_chart, deliveries_chart, cover_chart, stopped_chart, gdp_chart, origin_chart)
