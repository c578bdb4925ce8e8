"""How figures are said in English: names instead of codes, two digits, each with its unit."""

from __future__ import annotations

import datetime
import math
from typing import NamedTuple

from runs.pages.words import catalogue


class Measure(NamedTuple):
    """``size`` is a difference that people would notice; differences are ranked by it."""

    noun: str
    form: str  # ratio | weeks | share | usd | days | index
    size: float


MEASURES: dict[tuple[str, str], Measure] = {
    ("markets", "price"): Measure("price of {good} in {place}", "ratio", 0.5),
    ("markets", "cover_weeks"): Measure("stock of {good} in {place}", "weeks", 3.0),
    ("markets", "stopped_line_share"): Measure(
        "share of lines on {good} in {place} that stand still", "share", 0.1
    ),
    ("markets", "china_share_true"): Measure(
        "share of {good} in {place} that is Chinese in truth", "share", 0.2
    ),
    ("zones", "gdp_loss_usd"): Measure("output lost in {place}", "usd", 2e7),
    ("zones", "stockpile_days"): Measure("public stock of {place}", "days", 30.0),
    ("zones", "reputation_of_china"): Measure("distrust of the coercer in {place}", "index", 0.1),
    ("zones", "refused_customers_share"): Measure(
        "share of industry in {place} that refuses customers", "share", 0.2
    ),
    ("zones", "rung"): Measure("step of the ladder towards {place}", "index", 2.0),
}
FIGURES: dict[str, Measure] = {
    "price_mean": Measure("mean price of {material} in {zone}", "ratio", 0.5),
    "price_max": Measure("highest price of {material} in {zone}", "ratio", 1.0),
    "cover_weeks_mean": Measure("mean stock of {material} in {zone}", "weeks", 3.0),
    "stopped_line_share_max": Measure(
        "worst standstill of lines on {material} in {zone}", "share", 0.1
    ),
    "stopped_weeks": Measure("weeks in which a part of {target} stands still", "weeks", 8.0),
    "china_share_true_mean": Measure(
        "mean share of {material} in {zone} that is Chinese in truth", "share", 0.2
    ),
    "grey_value_share_mean": Measure("mean share of grey routes to {target}", "share", 0.1),
    "measure_weeks_max": Measure("longest measure against {target}", "weeks", 26.0),
    "gdp_loss_usd_total": Measure("output lost in {target} in all", "total", 2e9),
    "stockpile_days_last": Measure("public stock of {target} at the end", "days", 30.0),
    "reputation_of_china_last": Measure(
        "distrust of the coercer in {target} at the end", "index", 0.1
    ),
}


WITH_ARTICLE = frozenset({"USA", "EUU", "ROW"})


def name(code: str) -> str:
    """A material, a zone or a firm by its name; the code itself where there is none."""
    words = catalogue("en")
    said = words.get(f"good.{code}") or words.get(f"seat.{code}") or code
    if code in WITH_ARTICLE:
        return f"the {said[:1].lower() + said[1:] if said.startswith('Rest') else said}"
    return said


def lever(full: str) -> str:
    """``KOR.hub_policing`` as "Korea's hub policing"; the text itself where it is no lever."""
    actor, _, rest = full.partition(".")
    own, _, index = rest.partition(".")
    said = catalogue("en").get(f"lever.{own}.name")
    if said is None:
        return full
    whose = name(actor)
    said = said if said[1:2].isupper() else said[:1].lower() + said[1:]
    place = f" ({name(index)})" if index else ""
    return f"{whose}{chr(39) if whose.endswith('s') else chr(39) + 's'} {said}{place}"


def noun(measure: Measure, material: str, zone: str) -> str:
    return measure.noun.format(good=name(material), place=name(zone))


def say(form: str, value: float | None) -> str:
    """A figure with its unit, in two digits that count."""
    if value is None or not math.isfinite(value):
        return "no value"
    if form == "ratio":
        return f"×{value:.1f}"
    if form in ("usd", "total"):
        return money(value) + (" a week" if form == "usd" else "")
    if form == "share":
        return f"{digits(100 * value)}%"
    return f"{digits(value)} {form}" if form in ("weeks", "days") else digits(value)


def digits(value: float, wanted: int = 2) -> str:
    """Two digits that count, and whole numbers whole: 0.09, 4.1, 47, 1,200."""
    if value == 0 or not math.isfinite(value):
        return "0"
    most = max(0, wanted - 1 - math.floor(math.log10(abs(value))))
    return f"{round(value, most):,.{most}f}".replace("-", "−")


def money(usd: float) -> str:
    sign = "−" if usd < 0 else ""
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(usd) >= size:
            return f"{sign}{digits(abs(usd) / size)} {word} dollars"
    return f"{sign}{abs(usd):,.0f} dollars"


def week_of(day: datetime.date) -> str:
    return f"the week of {day.day} {day:%B %Y}"


def first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
