"""One picture by itself: what a notebook shows, and what a file of SVG holds."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from runs.charts.paper import HEIGHT, WIDTH
from runs.charts.pictures import Line, lines_picture

if TYPE_CHECKING:
    from runs.compare.shown import Shown

STYLE = """
.entrepot { --ink: #14202b; --ink2: #45525e; --rule: #dcd7ca; --card: #fffefb; --stock: #147a57;
  font: 12px "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif; }
@media (prefers-color-scheme: dark) { .entrepot { --ink: #f4f0e6; --ink2: #c0c9d0; --rule: #283743;
  --card: #131e27; --stock: #4cc794; } }
.entrepot .ground { fill: var(--card); } .entrepot text { fill: var(--ink2); }
.entrepot .grid { stroke: var(--rule); }
.entrepot .line-a { stroke: var(--ink); stroke-width: 2.2; fill: none; }
.entrepot .line-b { stroke: var(--stock); stroke-width: 2.2; fill: none; stroke-dasharray: 7 4; }
.entrepot .band-a { fill: var(--ink); fill-opacity: .13; }
.entrepot .band-b { fill: var(--stock); fill-opacity: .2; }
.entrepot .title { fill: var(--ink); font-size: 14px; font-weight: 700; }
"""
ABOVE, BELOW = 44, 18


class Picture:
    """A picture with its title, its measure and its source; a notebook draws it."""

    def __init__(self, title: str, sub: str, drawn: str, source: str) -> None:
        self.title, self.sub, self.source = title, sub, source
        self._drawn = drawn

    @property
    def svg(self) -> str:
        """The whole picture as a file of SVG."""
        tall = ABOVE + HEIGHT + BELOW
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="entrepot" width="{1.5 * WIDTH:.0f}" '
            f'viewBox="0 0 {WIDTH} {tall}" role="img" aria-label="{escape(self.title)}">'
            f'<style>{STYLE}</style><rect class="ground" width="{WIDTH}" height="{tall}"/>'
            f'<text class="title" x="8" y="18">{escape(self.title)}</text>'
            f'<text x="8" y="35">{escape(self.sub)}</text>'
            f'<svg y="{ABOVE}" width="{WIDTH}" height="{HEIGHT}" {self._drawn[len("<svg ") :]}'
            f'<text x="8" y="{tall - 6}">{escape(self.source)}</text></svg>'
        )

    def save(self, path: str | Path) -> Path:
        """Writes the picture as SVG."""
        Path(path).write_text(self.svg, encoding="utf-8")
        return Path(path)

    def __repr__(self) -> str:
        return f"<Picture: {self.title}; {self.sub}>"

    def _repr_svg_(self) -> str:
        return self.svg


def plot(one: Shown, measure: str, material: str | None = None, zone: str | None = None) -> Picture:
    """A measure of one market or zone by week; an ensemble has its median and band.

    Without ``material`` and ``zone`` it is what the scenario's charts show. Raises ValueError with
    one sentence for what the tables do not have.
    """
    from runs.compare.comparison import series_of
    from runs.compare.words import MEASURES, first_up, tongue
    from runs.tables import WEEKLY
    from world.levers import guess

    tables = [table for table in ("markets", "zones") if one.has(table, measure)]
    if not tables or measure in ("week", "date", *WEEKLY[tables[0]].keys):
        known = [n for table in ("markets", "zones") for n in WEEKLY[table].values]
        raise ValueError(f"{measure!r} is no measure of a market or zone: {guess(measure, known)}")
    own_material, own_zone = one.lead
    material, zone = material or own_material, zone or own_zone
    key = (material, zone) if tables[0] == "markets" else (zone,)
    rows = one.values(tables[0], measure)
    if key not in rows:
        known = sorted({part for other in rows for part in other})
        wrong = next((part for part in key if part not in known), key[0])
        raise ValueError(f"{wrong!r} is not in this run: {guess(wrong, known)}")
    to = tongue("en")
    line = series_of(one, tables[0], measure, key, "a")
    known_measure = MEASURES.get((tables[0], measure))
    noun = (
        to.noun(known_measure, good=material, place=zone)
        if known_measure
        else f"{measure}, {', '.join(map(to.name, key))}"
    )
    form = known_measure.form if known_measure else "index"
    highest = max((v for v in line.values if v is not None and v == v), default=float("nan"))
    unit = WEEKLY[tables[0]].values[measure].partition(";")[0]
    says = f"{first_up(noun)}: at most {to.say(form, highest)}"
    sub = unit if one.kind == "run" else f"{unit}; median, band: 8 of 10 of {one.lucks} lucks"
    drawn = lines_picture([Line("", line.values, "a", line.low, line.high)], one.start, says,
                          form == "share")  # fmt: skip
    return Picture(says, sub, drawn, one.title(to))
