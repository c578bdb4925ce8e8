"""``compare(a, b)``: what two things differ in, as a table, in sentences, and as one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs.charts.page import document, figure, paragraph, table
from runs.charts.pictures import Line, lines_picture
from runs.compare import sweeps
from runs.compare.differ import (
    Difference,
    apart,
    differences,
    equal,
    finding,
    first,
    sentence,
    where,
    why_none,
)
from runs.compare.shown import BAND, CompareError, Shown, ShownSweep, shown
from runs.compare.words import MEASURES, first_up

if TYPE_CHECKING:
    import pandas as pd

    from runs.game import Game
    from runs.lucks import Lucks

CAVEAT = "A model to think with, not a forecast."


@dataclass(frozen=True, repr=False)
class Comparison:
    """``finding`` is the title, ``sentences`` the largest differences in words, ``reasons`` what
    differs in how the two were made, ``same`` whether nothing differs at all."""

    kind: str  # runs | sweep | sweeps
    names: tuple[str, ...]
    same: bool
    finding: str
    sentences: list[str]
    reasons: list[str]
    rows: list[dict[str, Any]]
    figures: list[str] = field(default_factory=list)  # of the page

    @property
    def table(self) -> pd.DataFrame:
        """A row for each measure, the largest difference first."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def __repr__(self) -> str:
        return f"<Comparison of {' and '.join(self.names)}>\n" + "\n".join(self.lines)

    def _repr_html_(self) -> str:
        return document(self.finding, self._body())

    @property
    def lines(self) -> list[str]:
        """What a terminal shows."""
        return [f"{self.finding}.", *(f"  {one}" for one in self.sentences), *self.reasons]

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "names": list(self.names), "same": self.same,
            "finding": self.finding, "sentences": self.sentences, "reasons": self.reasons,
            "differences": self.rows,
        }  # fmt: skip

    def html(self, command: str = "") -> str:
        """One file that opens offline; ``command`` is how it was made."""
        made = [paragraph(f"Made with: {command}", "note")] if command else []
        return document(self.finding, [*self._body(), *made])

    def _body(self) -> list[str]:
        # a page says of each difference beside its picture where it lies
        said = "".join(map(paragraph, (*self.reasons, *(() if self.figures else self.sentences))))
        return [
            f'<main data-part="compare"><p class="sub">{" · ".join(map(escape, self.names))}</p>',
            f"<h1>{escape(self.finding)}</h1>{said}",
            f'<div class="cards">{"".join(self.figures)}</div>',
            paragraph(CAVEAT, "note"), "</main>",
        ]  # fmt: skip


def compare(
    a: str | Path | Game | Lucks | Shown | ShownSweep,
    b: str | Path | Game | Lucks | Shown | ShownSweep | None = None,
) -> Comparison:
    """Compares two runs, a run and an ensemble, two ensembles or two sweeps of one grid; a sweep
    also alone. Each is a folder, a game or an ensemble that was played.

    Raises CompareError or RecordError with one sentence for what cannot be compared.
    """
    one, two = shown(a), None if b is None else shown(b)
    if isinstance(one, ShownSweep):
        if isinstance(two, Shown):
            raise _unlike(one, two)
        return _sweep(one) if two is None else _sweeps(one, two)
    if isinstance(two, ShownSweep):
        raise _unlike(two, one)
    if two is None:
        raise CompareError(
            f"{one.name} is one {one.kind}; name a second one to compare it with, or show it with "
            "entrepot report."
        )
    return _runs(*_named_apart(one, two))


def _unlike(sweep: ShownSweep, other: Shown) -> CompareError:
    return CompareError(
        f"{sweep.name} is a sweep and {other.name} {'an' if other.kind == 'ensemble' else 'a'} "
        f"{other.kind}, which have no cell and no week in common; look at the sweep by itself."
    )


def _named_apart(a: Shown, b: Shown) -> tuple[Shown, Shown]:
    """The two under names that differ: folders may be called alike."""
    if a.name != b.name:
        return a, b
    return replace(a, name=f"A ({a.name})"), replace(b, name=f"B ({b.name})")


def _runs(a: Shown, b: Shown) -> Comparison:
    same, found, reasons = equal(a, b), differences(a, b), apart(a, b)
    if same:
        return Comparison(
            "runs", (a.title, b.title), True, finding(a, b, found, True),
            [why_none(a, b, reasons)], [], [],
        )  # fmt: skip
    largest = first(found)
    said = [sentence(one, a, b) for one in largest]
    return Comparison(
        "runs", (a.title, b.title), False, finding(a, b, found, False), said, reasons,
        [one.row() for one in found], [picture_of(one, a, b) for one in largest],
    )  # fmt: skip


def _sweep(one: ShownSweep) -> Comparison:
    found = sweeps.moved(one)
    return Comparison(
        "sweep", (one.title,), found[0].size < sweeps.NOTHING, sweeps.finding(one, found),
        sweeps.sentences(found), sweeps.idle(one, found), [row.row() for row in found],
        sweeps.figures_of(one, found),
    )  # fmt: skip


def _sweeps(a: ShownSweep, b: ShownSweep) -> Comparison:
    said = sweeps.between(a, b)
    title = said[0].removesuffix(".") if said else f"No difference between {a.name} and {b.name}"
    return Comparison("sweeps", (a.title, b.title), not said, title, said[1:], [], [])


# --- pictures -----------------------------------------------------------------------------------


def picture_of(one: Difference, a: Shown, b: Shown) -> str:
    """Both as lines, A solid and B dashed, with the band of an ensemble."""
    measure = MEASURES[one.table, one.measure]
    drawn = [series_of(each, one.table, one.measure, one.key, kind) for each, kind in (
        (a, "a"), (b, "b"),
    )]  # fmt: skip
    title = f"{first_up(one.noun)}: on average {one.said(one.a)} and {one.said(one.b)}"
    says = sentence(one, a, b)
    bands = not all(each.kind == "run" for each in (a, b))
    picture = lines_picture(
        drawn, a.start, says, measure.form == "share", between=not bands
    )
    weeks = range(min(a.weeks, b.weeks))
    rows = [
        [a.date(week).isoformat(), *(one.said(_at(line.values, week)) for line in drawn)]
        for week in weeks
    ]
    sub = f"{first_up(where(one, a, b))}. {a.name} solid, {b.name} dashed"
    sub += f"; band: 8 of 10 of {max(a.lucks, b.lucks)} lucks" if bands else "; shaded: between"
    return figure(
        title, sub, picture, f"{a.title}. {b.title}.", table(["week of", a.name, b.name], rows)
    )


def series_of(one: Shown, at: str, measure: str, key: tuple[str, ...], kind: str) -> Line:
    """A series of a run, or an ensemble's median with its band."""

    def values(part: str) -> list[float]:
        return [float(value) for value in one.values(at, measure, part)[key]]

    if one.kind == "run":
        return Line(one.name[:10], values(""), kind)
    low, high = (values(part) for part in BAND)
    return Line(one.name[:10], values("p50"), kind, low, high)


def _at(values: Sequence[float | None], week: int) -> float:
    value = values[week] if week < len(values) else None
    return float("nan") if value is None else value
