"""Scores: outcomes against one's own chair, by sealed weights, with caps.

A gauge becomes the percentile of the seat's result among reference runs of the same scenario in
which AI plays the seat, between 5 and 95; a difference that nobody would notice counts for little,
so a seat in which all reference runs end alike is not decided by the third digit. The total
weighs the three by what the seat committed before the first turn; a gauge below the fifth
percentile keeps the total at 50 or less. Where a scenario has no reference runs there are no
percentiles, and bands go by the gauge itself.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from runs.outcome import GAUGES

REFERENCE = Path(__file__).parent / "data"
LOW, HIGH = 5.0, 95.0
CAP = 50.0
NOTICED = 0.02  # of a gauge, which cards show in percent: smaller differences decide little
SWAY = 0.25  # by how much a weight is moved to see whether it matters
BANDS = ((35.0, "struggling"), (65.0, "holding"), (float("inf"), "strong"))
RAW_BANDS = ((0.4, "struggling"), (0.7, "holding"), (float("inf"), "strong"))


@cache
def reference(scenario: str, folder: Path = REFERENCE) -> dict[str, Any] | None:
    """The reference runs of a scenario, or None; see `runs.room.reference`."""
    try:
        text = (folder / f"{scenario}.json").read_text(encoding="utf-8")
    except OSError:
        return None
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def reference_fits(scenario: str) -> bool:
    """Whether the reference runs are of the scenario as it stands now."""
    from world.scenario import ScenarioError, load_scenario

    found = reference(scenario)
    try:
        plan = load_scenario(scenario, {"users": (found or {}).get("users", 2000)})
    except ScenarioError:
        return False
    return found is not None and plan.digest == found["scenario_digest"]


def percentile(value: float, quantiles: Sequence[float]) -> float:
    """Where a value stands among reference runs, 0 to 100; equal values count half."""
    grid = np.asarray(quantiles, dtype=float)
    rank = np.linspace(0.0, 100.0, len(grid))
    below = np.interp(value, grid, rank) if grid[-1] > grid[0] else 50.0
    tied = np.isclose(grid, value, rtol=0, atol=1e-9)
    if tied.any():
        below = float(rank[tied].mean())
    elif value < grid[0]:
        below = 0.0
    elif value > grid[-1]:
        below = 100.0
    return float(below)


def among(value: float, quantiles: Sequence[float]) -> float:
    """Where a value stands among reference runs, 0 to 100, when each of them is known to within
    `NOTICED`; 50 for a value that all of them share."""
    apart = (value - np.asarray(quantiles, dtype=float)) / (0.5 * NOTICED)
    return float(100.0 * np.mean(1.0 / (1.0 + np.exp(-np.clip(apart, -50.0, 50.0)))))


def gauge_rows(
    scenario: str, turn: int, seat: str, now: Mapping[str, float], before: Mapping[str, float]
) -> list[dict[str, Any]]:
    """A seat's gauges as its card shows them: value, before, percentile and band, and with what it
    was compared: the median of so many ``runs`` in which AI plays the seat, or None."""
    rows = []
    runs = (reference(scenario) or {}).get("runs", 0)
    for name in GAUGES:
        rank = rank_of(scenario, turn, seat, name, now[name])
        rows.append(
            {
                "id": name, "value": now[name], "before": before[name],
                "percentile": None if rank is None else round(min(HIGH, max(LOW, rank)), 1),
                "band": band(now[name], rank),
                "ai": _median(scenario, turn, seat, name), "runs": runs if rank is not None else 0,
            }
        )  # fmt: skip
    return rows


def rank_of(scenario: str, turn: int, seat: str, gauge: str, value: float) -> float | None:
    """Percentile without caps, or None without reference runs."""
    rows = _rows(scenario, turn, seat, gauge)
    return among(value, rows) if rows else None


def _rows(scenario: str, turn: int, seat: str, gauge: str) -> list[float] | None:
    found = reference(scenario) or {}
    rows: list[float] | None = found.get("turns", {}).get(str(turn), {}).get(seat, {}).get(gauge)
    return rows


def _median(scenario: str, turn: int, seat: str, gauge: str) -> float | None:
    rows = _rows(scenario, turn, seat, gauge)
    return round(float(np.median(rows)), 6) if rows else None


def usual(scenario: str, turn: int, seat: str, gauge: str) -> tuple[float, float, float] | None:
    """Between what 8 of 10 reference runs ended a gauge, with the median between them."""
    rows = _rows(scenario, turn, seat, gauge)
    if not rows:
        return None
    low, middle, high = (round(float(q), 6) for q in np.quantile(rows, (0.1, 0.5, 0.9)))
    return low, middle, high


def band(value: float, rank: float | None) -> str:
    table, number = (RAW_BANDS, value) if rank is None else (BANDS, rank)
    return next(word for limit, word in table if number < limit)


def total(
    scenario: str, turn: int, seat: str, now: Mapping[str, float], weights: Mapping[str, float]
) -> dict[str, Any]:
    """A seat's result: score 0 to 100, its band, and how far other weights would move it."""
    sealed = {name: weights.get(name, 1 / len(GAUGES)) for name in GAUGES}
    ranks = {name: rank_of(scenario, turn, seat, name, now[name]) for name in GAUGES}
    known = all(rank is not None for rank in ranks.values())
    points = {name: float(ranks[name] if known else 100.0 * now[name]) for name in GAUGES}  # type: ignore[arg-type]
    moved = [
        _weigh(
            points, {name: sealed[name] * sway for name, sway in zip(GAUGES, sways, strict=True)}
        )
        for sways in itertools.product((1 - SWAY, 1.0, 1 + SWAY), repeat=len(GAUGES))
    ]
    score = _weigh(points, sealed)
    return {
        "score": round(score, 1), "band": band(score / 100, score if known else None),
        "low": round(min(moved), 1), "high": round(max(moved), 1), "weights": sealed,
        "percentiles": {n: round(p, 1) for n, p in points.items()} if known else None,
        "capped": min(points.values()) < LOW,
    }  # fmt: skip


def _weigh(points: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Weighted mean of capped points; a catastrophe in one is not made good by the others."""
    whole = math.fsum(weights.values())
    score = math.fsum(weights[n] / whole * min(HIGH, max(LOW, points[n])) for n in GAUGES)
    return min(score, CAP) if min(points.values()) < LOW else score


def common(scenario: str, turn: int, lost_usd: float) -> dict[str, Any]:
    """What the whole table lost against the median of the reference runs."""
    found = (reference(scenario) or {}).get("world_loss_usd", {}).get(str(turn))
    if not found:
        return {"world_loss_usd": round(lost_usd), "median_usd": None, "percentile": None}
    rank = 100.0 - percentile(lost_usd, found)
    middle = float(np.interp(50.0, np.linspace(0, 100, len(found)), found))
    return {"world_loss_usd": round(lost_usd), "median_usd": round(middle),
            "percentile": round(min(HIGH, max(LOW, rank)), 1)}  # fmt: skip
