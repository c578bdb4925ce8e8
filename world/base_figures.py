"""Look-ups in the fact tables for one start date and one list of zones.

The one place that decides which of several rows speaks: the most specific row first, then the year
nearest to the start. What had to be assumed or changed is collected as sentences.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from world.facts import DataError, Facts, Row

REST = "ROW"
WORLD = "WLD"
ANY = "*"


class Figures:
    """Figures of the fact tables as they stand at ``start_year``, by the zones of a scenario."""

    def __init__(
        self, facts: Facts, zones: Sequence[str], coercer: str, start_year: float,
        contract_year: float | None = None,
    ) -> None:  # fmt: skip
        self.facts = facts
        self.zones = tuple(zones)
        self.coercer = coercer
        self.start_year = start_year
        self.contract_year = start_year if contract_year is None else contract_year
        self.corrections: list[str] = []
        constants = facts["model_constants"]
        self._constants = {row.text("name"): row.number("value") for row in constants}
        self._materials: dict[tuple[str, str], list[Row]] = {}
        for table in ("minerals", "model_materials"):
            for row in facts[table]:
                key = (row.text("material"), row.text("attribute"))
                self._materials.setdefault(key, []).append(row)
        self._markets: dict[tuple[str, str, str, str], list[Row]] = {}
        for row in facts["model_markets"]:
            place = (row.text("attribute"), row.text("material"), row.text("zone"))
            self._markets.setdefault((*place, row.text("origin")), []).append(row)

    def correct(self, sentence: str) -> None:
        """Keep a sentence about a default or a correction, once."""
        if sentence not in self.corrections:
            self.corrections.append(sentence)

    def constant(self, name: str) -> float:
        """A number of ``model_constants.csv``."""
        if name not in self._constants:
            raise DataError(f"model_constants.csv, column name: a row {name!r} is missing.")
        return self._constants[name]

    def zone(self, country: str) -> str | None:
        """The scenario's zone of a country code; the rest of the world takes what is not listed."""
        zone = self.facts.zone_of[country]
        if zone == WORLD:
            return None
        if zone in self.zones:
            return zone
        return REST if REST in self.zones else None

    def nearest(self, rows: Sequence[Row]) -> Row:
        """The row whose year is nearest to the start; rows without a year come last."""

        def distance(row: Row) -> tuple[float, float]:
            year = row.number("year", math.nan)
            if math.isnan(year):
                return math.inf, 0.0
            return abs(year + 0.5 - self.start_year), year

        return min(rows, key=distance)

    def material_text(self, material: str, attribute: str) -> str:
        """A word about a material; ``DataError`` if no table has it."""
        rows = self._materials.get((material, attribute))
        if not rows:
            raise DataError(f"model_materials.csv: {material} has no row {attribute!r}.")
        return rows[-1].text("text")

    def material(self, material: str, attribute: str, default: float | None = None) -> float:
        """A number about a material in its base unit, e.g. USD/t; ``default`` if none stands."""
        rows = [row for row in self._materials.get((material, attribute), ()) if row.has("value")]
        if rows:
            return self.facts.per_base_unit(self.nearest(rows))
        if default is None:
            raise DataError(f"model_materials.csv: {material} has no number {attribute!r}.")
        return default

    def price(self, material: str) -> float:
        """Base price in USD/t: the latest row not after the start, or else the earliest."""
        rows = self._materials.get((material, "base_price"), [])
        if not rows:
            raise DataError(f"model_materials.csv: {material} has no row 'base_price'.")
        past = [row for row in rows if row.number("year") <= self.start_year]
        row = max(past, key=lambda row: row.number("year")) if past else rows[0]
        if not past:
            row = min(rows, key=lambda row: row.number("year"))
            self.correct(
                f"The base price of {material} is that of {row.text('year')}, none is earlier."
            )
        return self.facts.per_base_unit(row)

    def market(self, attribute: str, material: str, zone: str, origin: str = "") -> float | None:
        """A number of ``model_markets.csv`` in t/yr, days or shares, or None.

        The row of this material and zone comes before that of all zones, then of all materials.
        """
        for place in ((material, zone), (material, ANY), (ANY, zone), (ANY, ANY)):
            rows = self._markets.get((attribute, *place, origin))
            if rows:
                return self.facts.per_base_unit(self.nearest(rows))
        return None

    def volume(self, attribute: str, material: str, zone: str) -> float | None:
        """A yearly mass of this very market in t/yr, carried to the start by its volume index."""
        rows = self._markets.get((attribute, material, zone, ""))
        if not rows:
            return None
        return self.facts.per_base_unit(self.nearest(rows)) * self.volume_index(material, zone)

    def volume_index(self, material: str, zone: str) -> float:
        """Size of a market at the start relative to its figures, linear between rows."""
        for place in ((material, zone), (material, ANY), (ANY, ANY)):
            rows = self._markets.get(("volume_index", *place, ""))
            if rows:
                break
        else:
            return 1.0
        points = sorted((row.number("year"), row.number("value")) for row in rows)
        year, value = points[0]
        for next_year, next_value in points:
            if self.start_year >= next_year:
                year, value = next_year, next_value
            elif next_year > year:
                part = max(0.0, self.start_year - year) / (next_year - year)
                return value + part * (next_value - value)
        return value

    def origins(self, material: str, zone: str) -> dict[str, float]:
        """Shares by seller zone of all mass that ``zone`` buys, as far as they are known."""
        own = self.market("origin_share", material, zone, zone) or 0.0
        shares = {
            seller: share * (1 - own)
            for seller, share in self._published_origins(material, zone).items()
            if seller != zone
        }
        for seller in self.zones:
            share = self.market("origin_share", material, zone, seller)
            if share is not None and seller != zone:
                shares[seller] = share * (1 - own if zone != self.coercer else 1.0)
        if own:
            shares[zone] = own
        total = math.fsum(shares.values())
        if total > 1:
            self.correct(f"Shares of sellers of {material} in {zone} sum to {total:.3f}; scaled.")
            shares = {seller: share / total for seller, share in shares.items()}
        return shares

    def _published_origins(self, material: str, zone: str) -> dict[str, float]:
        """Import shares of trade.csv for the year that speaks for the start; ROW stays unknown."""
        rows = self._import_rows(material, zone)
        if not rows and self.material_text(material, "chain") == "rare_earth":
            if material not in ("ndpr_oxide", "lace_oxide"):
                return {}
            rows = self._import_rows("ree_total", zone)
            if rows:
                self.correct(f"Sellers of {material} to {zone} are those of all rare earths.")
        if not rows:
            return {}
        year = self._share_year(rows)
        far = abs(year + 0.5 - self.start_year) > self.constant("published_origin_window_years")
        shares: dict[str, float] = {}
        for row in rows:
            seller = self.zone(row.text("origin"))
            known = seller is not None and (seller == self.coercer or not (far or seller == REST))
            if row.number("year") == year and known and seller is not None:
                shares[seller] = shares.get(seller, 0.0) + row.number("value")
        return shares

    def _import_rows(self, material: str, zone: str) -> list[Row]:
        rows = self.facts.rows("trade", importer=zone, material=material, metric="import_share")
        return [row for row in rows if row.text("series") in ("base", "history")]

    def _share_year(self, rows: Sequence[Row]) -> float:
        """The nearest year, or one a few years from it whose shares are complete."""
        sums: dict[float, float] = {}
        for row in rows:
            year = row.number("year")
            sums[year] = sums.get(year, 0.0) + row.number("value")
        near = min(sums, key=lambda year: (abs(year + 0.5 - self.start_year), year))
        complete, window = (self.constant(f"complete_{of}") for of in ("shares", "window_years"))
        if sums[near] < complete:
            whole = [y for y in sums if sums[y] >= complete and abs(y - near) <= window]
            if whole:
                return min(whole, key=lambda year: abs(year - near))
        return near

    def given_output(self, material: str, zone: str) -> float | None:
        """Output in t/yr from model_markets.csv; a row with a year holds from that year on."""
        rows = [
            row
            for row in self._markets.get(("output", material, zone, ""), ())
            if row.number("year", -math.inf) <= self.start_year
        ]
        if not rows:
            return None
        row = max(rows, key=lambda row: row.number("year", -math.inf))
        return self.facts.per_base_unit(row) * self.volume_index(material, zone)

    def published_output(self, material: str, zone: str) -> tuple[float, float] | None:
        """Output in t/yr from production.csv and its last year, or None if all years are far.

        A tonnage comes before a share; a zone adds up its countries.
        """
        stage = self.material_text(material, "stage")
        countries: dict[str, list[Row]] = {}
        for row in self.facts.rows("production", material=material, stage=stage):
            window = abs(row.number("year") + 0.5 - self.start_year)
            near = window <= self.constant("fact_window_years") or zone == self.coercer
            if near and self.zone(row.text("country")) == zone:
                countries.setdefault(row.text("country"), []).append(row)
        if not countries:
            return None
        total, year = 0.0, 0.0
        for rows in countries.values():
            row = self.nearest([row for row in rows if row.has("value")] or rows)
            share = row.number("share", 0.0)
            world = 0.0 if row.has("value") else self.material(material, "world_output", 0.0)
            total += row.number("value", share * world)
            year = max(year, row.number("year"))
        scale = self.volume_index(material, zone) if zone == self.coercer else 1.0
        return total * scale, year

    def unit_of_account(self, material: str) -> str:
        """What a tonne of the material counts."""
        rows = self._materials.get((material, "unit_of_account"))
        if not rows:
            raise DataError(f"model_materials.csv: {material} has no row 'unit_of_account'.")
        return rows[-1].text("text") or rows[-1].text("unit")

    def weeks(self, material: str, attribute: str) -> float:
        """A time about a material, in weeks."""
        return self.material(material, attribute) / 7

    def reference_manufacturing(self, zone: str) -> float:
        """Share of manufacturing in the GDP of a zone, whether or not the scenario has it."""
        rows = list(self.facts.rows("macro", country=zone, indicator="gdp_nominal"))
        gdp = self.facts.per_base_unit(max(rows, key=lambda row: row.number("year")))
        rows = list(self.facts.rows("macro", country=zone, indicator="manufacturing_value_added"))
        return self.facts.per_base_unit(max(rows, key=lambda row: row.number("year"))) / gdp

    def stock(self, material: str, zone: str) -> float | None:
        """Public stock in days of use: the model row of this market, else a published state stock.

        A stock that states and firms hold together has no state part of its own and is not used.
        """
        rows = self._markets.get(("stock_days", material, zone, ""))
        if rows:
            return self.facts.per_base_unit(self.nearest(rows))
        for name in (material, "all_other"):
            rows = [
                row
                for row in self.facts.rows("stockpiles", country=zone, material=name)
                if row.text("metric").startswith("actual") and row.text("holder") == "state"
            ]
            first = min((row.number("year") for row in rows), default=math.inf)
            if self.start_year >= first - self.constant("stock_window_years"):
                return self.facts.per_base_unit(self.nearest(rows))
        return None
