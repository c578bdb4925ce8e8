"""How figures and sentences of comparisons and reports are said, in each of the four languages."""

from __future__ import annotations

import datetime
import math
import re
from functools import cache
from typing import Any, NamedTuple

from runs.pages.particles import particles
from runs.pages.words import LANGUAGES as LANGUAGES
from runs.pages.words import catalogue
from runs.story.speak import day, money, two

LEAST = 0.05  # of a week or a day: less is none
PART = "compare"  # of the catalogues: runs/words/compare.*.toml


class Measure(NamedTuple):
    """``size`` is a difference that people would notice; differences are ranked by it."""

    key: str  # of its noun
    form: str  # ratio | weeks | share | usd | total | days | index
    size: float


def _measures(part: str, *rows: tuple[str, str, float]) -> dict[str, Measure]:
    return {name: Measure(f"compare.{part}.{name}", form, size) for name, form, size in rows}


_MARKETS = _measures(
    "measure", ("price", "ratio", 0.5), ("cover_weeks", "weeks", 3.0),
    ("stopped_line_share", "share", 0.1), ("china_share_true", "share", 0.2),
)  # fmt: skip
_ZONES = _measures(
    "measure", ("gdp_loss_usd", "usd", 2e7), ("stockpile_days", "days", 30.0),
    ("reputation_of_china", "index", 0.1), ("refused_customers_share", "share", 0.2),
    ("rung", "index", 2.0), ("measure_weeks", "weeks", 26.0),
)  # fmt: skip
MEASURES: dict[tuple[str, str], Measure] = {
    (table, name): one
    for table, rows in (("markets", _MARKETS), ("zones", _ZONES)) for name, one in rows.items()
}  # fmt: skip
FIGURES: dict[str, Measure] = _measures(
    "figure", ("price_mean", "ratio", 0.5), ("price_max", "ratio", 1.0),
    ("cover_weeks_mean", "weeks", 3.0), ("stopped_line_share_max", "share", 0.1),
    ("stopped_weeks", "weeks", 8.0), ("china_share_true_mean", "share", 0.2),
    ("grey_value_share_mean", "share", 0.1), ("gdp_loss_usd_total", "total", 2e9),
    ("measure_weeks_max", "weeks", 26.0),
    ("stockpile_days_last", "days", 30.0), ("reputation_of_china_last", "index", 0.1),
)  # fmt: skip


class Tongue:
    """One language: names instead of codes, two digits that count, each figure with its unit."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self._own, self._all = catalogue(language, PART), catalogue(language)

    def t(self, key: str, **values: object) -> str:
        """A sentence with its places filled by texts; in English it keeps its first letter."""
        def fill(match: re.Match[str]) -> str:
            return str(values[match[1]])

        return particles(re.sub(r"\{(\w+)\}", fill, self._own[key]))

    def has(self, key: str) -> str | None:
        """A text where there is one."""
        return self._own.get(key)

    def name(self, code: str) -> str:
        """A material, a zone or a firm by its name; the code itself where there is none."""
        own = self._all
        for key in (f"good.{code}", f"story.zone.{code}", f"seat.{code}"):
            if key in own:
                return own[key]
        return code

    def scenario(self, name: str) -> str:
        """A scenario's title up to its colon, or what it is called where it is one's own."""
        title = self._all.get(f"scenario.{name}.title", name)
        return re.split("[:：]", title)[0].strip()

    def lever(self, full: str) -> str:
        """``KOR.hub_policing`` as "Korea's help in policing"; the text itself if it is none."""
        actor, _, rest = full.partition(".")
        own, _, index = rest.partition(".")
        said = self._all.get(f"lever.{own}.name")
        if said is None:
            return full
        if self.language == "en" and not said[1:2].isupper():
            said = said[:1].lower() + said[1:]
        text = self.t("compare.lever", whose=self.whose(actor), lever=said)
        return self.t("compare.at", lever=text, place=self.name(index)) if index else text

    def whose(self, actor: str) -> str:
        found = self._all.get(f"story.whose.{actor}")
        if found is not None:
            return found
        own = self.name(actor)
        if self.language == "en":
            return own + ("'" if own.endswith("s") else "'s")
        return own + ("の" if self.language == "ja" else "")

    def noun(self, measure: Measure, **names: str) -> str:
        """What a measure is of, with the names of its codes, as a title begins."""
        return self.t(measure.key, **{place: self.name(code) for place, code in names.items()})

    def say(self, form: str, value: float | None) -> str:
        """A figure with its unit, in two digits that count."""
        if value is None or not math.isfinite(value):
            return self.t("compare.no_value")
        if form == "ratio":
            return f"×{value:.1f}"
        if form in ("usd", "total"):
            text = money(value, self.language)
            return self.t("compare.a_week", amount=text) if form == "usd" else text
        if form == "share":
            return f"{digits(100 * value)}%"
        if form in ("weeks", "days"):
            return self.t(f"compare.{form}", n=digits(value if abs(value) >= LEAST else 0.0))
        return digits(value)

    def date(self, date: datetime.date) -> str:
        return day("date", date.isoformat(), self.language)

    def week_of(self, date: datetime.date) -> str:
        return self.t("compare.week_of", date=self.date(date))

    def listed(self, parts: list[str]) -> str:
        return ("; " if self.language in ("en", "ko") else "；").join(parts)

    def all_of(self, parts: list[str]) -> str:
        """The parts joined by "and"."""
        text = parts[0] if parts else ""
        for part in parts[1:]:
            text = self.t("compare.and", a=text, b=part)
        return text


@cache
def tongue(language: str = "en") -> Tongue:
    """A language; English for one that is none of ours."""
    return Tongue(language if language in LANGUAGES else "en")


def digits(value: float, wanted: int = 2) -> str:
    """So many digits that count, and whole numbers whole: 0.09, 4.1, 47, 1,200; two of them are
    written as everywhere else."""
    if value == 0 or not math.isfinite(value):
        return "0"
    if wanted == 2:
        return two(value)
    most = max(0, wanted - 1 - math.floor(math.log10(abs(value))))
    text = f"{round(value, most):,.{most}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def plain(value: Any) -> str:
    """A value that somebody set, as it was set."""
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
