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
    MOST,
    SMALL,
    Difference,
    apart,
    differences,
    equal,
    finding,
    first,
    sentence,
    still,
    where,
    why_none,
)
from runs.compare.shown import BAND, CompareError, Shown, ShownSweep, shown
from runs.compare.words import MEASURES, Tongue, first_up, tongue

if TYPE_CHECKING:
    import pandas as pd

    from runs.game import Game
    from runs.lucks import Lucks

UNMOVED = 2  # pictures of what does not differ, after those of what does


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
    language: str = "en"

    @property
    def table(self) -> pd.DataFrame:
        """A row for each measure, the largest difference first."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def __repr__(self) -> str:
        return f"<Comparison of {' and '.join(self.names)}>\n" + "\n".join(self.lines)

    def _repr_html_(self) -> str:
        return self.html()

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

    def html(self, command: str = "", after: Sequence[str] = ()) -> str:
        """One file that opens offline; ``command`` is how it was made, ``after`` stands below."""
        to = tongue(self.language)
        made = [paragraph(to.t("compare.made", command=command), "note")] if command else [*after]
        return document(self.finding, [*self.body(), *made], language=self.language)

    def body(self) -> list[str]:
        """What the page shows, without its head."""
        to = tongue(self.language)
        kick = to.t("compare.kick_runs" if self.kind == "runs" else "compare.kick_sweep")
        # a page says of each difference beside its picture where it lies
        said = "".join(map(paragraph, (*self.reasons, *(() if self.figures else self.sentences))))
        return [
            f'<main data-part="compare"><p class="sub kick">{escape(kick)}</p>',
            f"<h1>{escape(self.finding)}</h1>",
            f'<p class="sub">{" · ".join(map(escape, self.names))}</p>{said}',
            f'<div class="cards">{"".join(self.figures)}</div>',
            paragraph(to.t("compare.caveat"), "note"), "</main>",
        ]  # fmt: skip


def compare(
    a: str | Path | Game | Lucks | Shown | ShownSweep,
    b: str | Path | Game | Lucks | Shown | ShownSweep | None = None,
    language: str = "en",
) -> Comparison:
    """Compares two runs, a run and an ensemble, two ensembles or two sweeps of one grid; a sweep
    also alone. Each is a folder, a game or an ensemble that was played. Sentences are in one of the
    four languages.

    Raises CompareError or RecordError with one sentence for what cannot be compared.
    """
    one, two, to = shown(a), None if b is None else shown(b), tongue(language)
    if isinstance(one, ShownSweep):
        if isinstance(two, Shown):
            raise _unlike(one, two)
        return _sweep(one, to) if two is None else _sweeps(one, two, to)
    if isinstance(two, ShownSweep):
        raise _unlike(two, one)
    if two is None:
        raise CompareError(
            f"{one.name} is one {one.kind}; name a second one to compare it with, or show it with "
            "entrepot report."
        )
    return _runs(*_named_apart(one, two, to), to)


def _unlike(sweep: ShownSweep, other: Shown) -> CompareError:
    return CompareError(
        f"{sweep.name} is a sweep and {other.name} {'an' if other.kind == 'ensemble' else 'a'} "
        f"{other.kind}, which have no cell and no week in common; look at the sweep by itself."
    )


def _named_apart(a: Shown, b: Shown, to: Tongue) -> tuple[Shown, Shown]:
    """The two under names that differ: folders may be called alike."""
    if a.name != b.name:
        return a, b
    one, two = (to.t("compare.named", letter=letter, name=a.name) for letter in "AB")
    return replace(a, name=one), replace(b, name=two)


def _runs(a: Shown, b: Shown, to: Tongue) -> Comparison:
    same, found = equal(a, b), differences(a, b)
    reasons = apart(a, b, to, same)
    names, title = (a.title(to), b.title(to)), finding(a, b, found, same, to)
    if same:
        return Comparison(
            "runs", names, True, title, [why_none(reasons, to)], [], [], language=to.language
        )
    largest = first(found)
    unmoved = still(found, a.lead, min(UNMOVED, MOST - len(largest)))
    return Comparison(
        "runs", names, False, title, [sentence(one, a, b, to) for one in largest], reasons,
        [one.row() for one in found], [picture_of(one, a, b, to) for one in largest + unmoved],
        to.language,
    )  # fmt: skip


def _sweep(one: ShownSweep, to: Tongue) -> Comparison:
    found = sweeps.moved(one)
    return Comparison(
        "sweep", (one.title(to),), found[0].size < sweeps.NOTHING, sweeps.finding(one, found, to),
        sweeps.sentences(found, to), sweeps.idle(one, found, to), [row.row() for row in found],
        sweeps.figures_of(one, found, to), to.language,
    )  # fmt: skip


def _sweeps(a: ShownSweep, b: ShownSweep, to: Tongue) -> Comparison:
    said, end = sweeps.between(a, b, to), to.t("compare.sweeps_none", a=a.name, b=b.name)
    title = said[0].rstrip(".。") if said else end
    return Comparison("sweeps", (a.title(to), b.title(to)), not said, title, said[1:], [], [],
                      language=to.language)  # fmt: skip


# --- pictures -----------------------------------------------------------------------------------


def picture_of(one: Difference, a: Shown, b: Shown, to: Tongue) -> str:
    """Both as lines, A solid and B dashed, with the band of an ensemble."""
    measure = MEASURES[one.table, one.measure]
    drawn = [series_of(each, one.table, one.measure, one.key, kind) for each, kind in (
        (a, "a"), (b, "b"),
    )]  # fmt: skip
    now, then = one.said(one.a, to), one.said(one.b, to)
    differs = one.size >= SMALL
    key = "title_none" if not differs else "title_alike" if now == then else "title"
    title = first_up(to.t(f"compare.{key}", noun=one.noun(to), now=now, then=then))
    says = sentence(one, a, b, to)
    bands = not all(each.kind == "run" for each in (a, b))
    picture = lines_picture(
        drawn, a.start, says, measure.form == "share", between=not bands
    )
    weeks = range(min(a.weeks, b.weeks))
    rows = [
        [a.date(week).isoformat(), *(one.said(_at(line.values, week), to) for line in drawn)]
        for week in weeks
    ]
    place = first_up(where(one, a, b, to)) if differs else to.t("compare.sub_none")
    sub = to.t("compare.sub_bands" if bands else "compare.sub", where=place, a=a.name, b=b.name,
               lucks=max(a.lucks, b.lucks))  # fmt: skip
    return figure(
        title, sub, picture, f"{a.title(to)}. {b.title(to)}.",
        table([to.t("compare.col_week"), a.name, b.name], rows), to=to,
    )  # fmt: skip


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
