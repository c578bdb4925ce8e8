"""What is said of all targets together: medians, spreads, scores by kind and in all."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runs.validate.play import Found
from runs.validate.score import by_kind, quantile, score, whole
from runs.validate.targets import Target

OUT = (
    "id", "episode", "name", "kind", "weight", "unit", "value", "low", "high",
    "median", "p10", "p90", "inside", "score", "nothing", "seeds", "without_value", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Result:
    """A target over all seeds; null figures where more than half of the seeds have no value."""

    target: Target
    median: float | None
    p10: float | None
    p90: float | None
    score: float
    nothing: float  # score of a world in which nothing happens
    seeds: int
    without: int
    reason: str

    @property
    def inside(self) -> bool:
        if self.median is None:
            return False
        return bool(self.target.low <= self.median <= self.target.high)


@dataclass(frozen=True, repr=False)
class Verdict:
    """Every result in the order of the file, and the scores made of them."""

    results: list[Result]
    kinds: dict[str, float]
    nothing_kinds: dict[str, float]
    found: dict[str, list[Found]]  # by target, a seed each in order

    @property
    def score(self) -> float:
        return whole(self.kinds)

    @property
    def nothing(self) -> float:
        return whole(self.nothing_kinds)

    def __repr__(self) -> str:
        inside = sum(one.inside for one in self.results)
        return (
            f"<Verdict: score {self.score:.3f} of 1 (nothing happens: {self.nothing:.3f}), "
            f"{inside} of {len(self.results)} targets inside their bands>"
        )

    def _repr_html_(self) -> str:
        from runs.validate.report import page

        return page(self, max((one.seeds for one in self.results), default=0))

    def as_json(self) -> dict[str, Any]:
        return {
            "score": self.score, "nothing": self.nothing, "kinds": self.kinds,
            "targets": [
                {
                    "id": one.target.id, "kind": one.target.kind, "median": one.median,
                    "p10": one.p10, "p90": one.p90, "low": one.target.low,
                    "high": one.target.high, "inside": one.inside, "score": one.score,
                }
                for one in self.results
            ],
        }  # fmt: skip


def judge(targets: Sequence[Target], found: Mapping[str, Sequence[Found]]) -> Verdict:
    """Scores the median over the seeds of every target."""
    results = [_result(target, found[target.id]) for target in targets]
    scores = {one.target.id: one.score for one in results}
    nothing = {one.target.id: one.nothing for one in results}
    return Verdict(
        results, by_kind(targets, scores), by_kind(targets, nothing),
        {name: list(seeds) for name, seeds in found.items()},
    )  # fmt: skip


def _result(target: Target, seeds: Sequence[Found]) -> Result:
    values = [one.value for one in seeds if one.value is not None]
    still = [one.still for one in seeds if one.still is not None]
    without = len(seeds) - len(values)
    known = len(values) > without
    median, p10, p90 = (quantile(values, q) if known else None for q in (0.5, 0.1, 0.9))
    reasons = [one.reason for one in seeds if one.reason]
    return Result(
        target, median, p10, p90, score(median, target.low, target.high),
        score(quantile(still, 0.5) if still else None, target.low, target.high),
        len(seeds), without, reasons[0] if reasons else "",
    )  # fmt: skip


def write_table(path: Path, verdict: Verdict) -> None:
    """The results as CSV that a spreadsheet opens."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(OUT)
        for one in verdict.results:
            t = one.target
            rows.writerow(
                ["" if cell is None else cell for cell in (
                    t.id, t.episode, t.name, t.kind, t.weight, t.unit, t.value, t.low, t.high,
                    one.median, one.p10, one.p90, "yes" if one.inside else "no", one.score,
                    one.nothing, one.seeds, one.without, one.reason,
                )]
            )  # fmt: skip


def short(value: float | None) -> str:
    """Four digits, or a dash for none."""
    return "-" if value is None else f"{value:.4g}"


def lines(verdict: Verdict) -> list[str]:
    """The table and the scores for a terminal."""
    out = [f"{'target':<8}{'kind':<16}{'median':>9}  {'10-90%':<24}{'band':<15}{'':<4}score"]
    for one in verdict.results:
        spread = "" if one.p10 is None else f"{short(one.p10)}..{short(one.p90)}"
        band = f"{short(one.target.low)}..{short(one.target.high)}"
        mark = "in" if one.inside else ""
        text = (
            f"{one.target.id:<8}{one.target.kind:<16}{short(one.median):>9}  {spread:<24}"
            f"{band:<15}{mark:<4}{one.score:.2f}"
        )
        if one.reason:
            often = "" if one.without == one.seeds else f" in {one.without} of {one.seeds} seeds"
            text += f"  {'no value' + often}: {one.reason}"
        out.append(text)
    out += ["", f"{'kind':<24}{'score':>7}{'nothing happens':>18}"]
    for kind, value in verdict.kinds.items():
        out.append(f"{kind:<24}{value:>7.3f}{verdict.nothing_kinds[kind]:>18.3f}")
    out.append(f"{'in all':<24}{verdict.score:>7.3f}{verdict.nothing:>18.3f}")
    return out
