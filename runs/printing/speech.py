"""Words, numbers and names of one language, as the room's pages write them."""

from __future__ import annotations

import datetime
import math
import re
from functools import cached_property

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from runs.pages.particles import particles
from runs.pages.words import LANGUAGES, catalogue
from runs.printing import PrintError
from world.levers import LADDER, LEVERS
from world.reading import guess

PLACE = re.compile(r"\{([\w.-]+)\}")


class Speech:
    """One language. A missing string is a KeyError: a half-translated sheet is not printed.

    Strings may name others: ``{do.start}`` in a guide's sentence is the label of that button, so
    that the guide says what the screen says.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise PrintError(f"{language!r} is no language: {guess(language, LANGUAGES)}")
        self.language = language
        self.locale = Locale.parse(language.replace("-", "_"))

    @cached_property
    def words(self) -> dict[str, str]:
        parts = (catalogue(self.language, part) for part in ("pages", "print", "lesson"))
        return {key: text for part in parts for key, text in part.items()}

    def has(self, key: str) -> bool:
        return key in self.words

    def t(self, key: str, **fill: object) -> str:
        """A string with its places filled from ``fill`` or, with a dot, from the catalogue."""

        def put(found: re.Match[str]) -> str:
            name = found[1]
            return str(fill[name]) if name in fill else self.t(name)

        return particles(PLACE.sub(put, self.words[key]))

    # --- numbers --------------------------------------------------------------------------------

    def num(self, value: float, most: int = 2) -> str:
        if not math.isfinite(value):
            return "–"
        return format_decimal(round(value, most) + 0.0, locale=self.locale)

    def significant(self, value: float, digits: int = 3) -> str:
        """A measured number with three digits that count: 20,900 but 0.479."""
        if not math.isfinite(value) or value == 0:
            return "–" if not math.isfinite(value) else "0"
        most = digits - 1 - math.floor(math.log10(abs(value)))
        return self.num(round(value, most), max(0, most))

    def percent(self, share: float, most: int = 0) -> str:
        """A share of 1 in per cent."""
        if not math.isfinite(share):
            return "–"
        pattern = "#,##0" + ("." + "#" * most if most else "") + "%"
        return format_percent(share, pattern, locale=self.locale)

    def usd(self, value: float) -> str:
        """Dollars of a clause or a card, in the language's large numbers: USD 1.2M, 120만 달러."""
        if not math.isfinite(value):
            return "–"
        if self.language != "en":
            return self.figure_usd(value)
        return "USD " + format_compact_decimal(value, locale=self.locale, fraction_digits=1)

    def figure_usd(self, usd: float) -> str:
        """Dollars on a picture, in three digits: $1.23B, 12.3억 달러."""
        if not math.isfinite(usd):
            return "–"
        size = abs(round(usd, 2 - math.floor(math.log10(abs(usd))))) if usd else 0.0
        if self.language == "ko" and size < 1e4:  # nobody counts in thousands
            text = self.num(size)
        else:
            text = format_compact_decimal(size, locale=self.locale, fraction_digits=2)
        grouped = re.sub(r"(?<![.,\d])\d{4,}", lambda found: f"{int(found[0]):,}", text)
        return f"{'−' if usd < 0 else ''}{self.t('figure.money', n=grouped)}"

    def day(self, date: datetime.date) -> str:
        return format_date(date, "medium", locale=self.locale)

    # --- names ----------------------------------------------------------------------------------

    def place(self, code: str) -> str:
        """A material, a seat or a zone."""
        return self.t(f"good.{code}" if self.has(f"good.{code}") else f"seat.{code}")

    def lever(self, full: str) -> str:
        name, _, index = full.partition(".")
        own = self.t(f"lever.{name}.name")
        return f"{own} · {self.place(index)}" if index else own

    def unit(self, unit: str) -> str:
        return self.t(f"unit.{unit}")

    def amount(self, unit: str, value: float) -> str:
        """A lever's value as the pages write it: shares in per cent, yes or no for a flag."""
        if unit == "flag":
            return self.t("lever.on" if value else "lever.off")
        if unit == LADDER:
            return f"{value:g} ({self.t(f'rung.{value:g}')})"
        scale = 100 if unit.startswith("share") else 1
        return f"{self.num(value * scale, 3)} {self.unit(unit)}".strip()

    def span(self, name: str) -> str:
        """A lever's range with its unit."""
        lever = LEVERS[name]
        if lever.unit == "flag":
            return self.unit("flag")
        scale = 100 if lever.unit.startswith("share") else 1
        low, high = (self.num(v * scale, 3) for v in (lever.low, lever.high))
        return self.t("sheet.range", low=low, high=high, unit=self.unit(lever.unit)).strip()
