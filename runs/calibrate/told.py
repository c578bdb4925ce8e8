"""What a table of points says: who identifies whom, the best set, and how well it travels."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runs.calibrate.points import AS_SHIPPED, END, Point
from runs.validate.score import by_kind, whole
from runs.validate.targets import Target
from world.parameters import load_parameters

FELT = 0.05  # a shift below this, in distances of the scoring rule, identifies nothing
IDENTIFIED_FILE, LEFT_OUT_FILE, BEST_FILE = "identified.csv", "left-out.csv", "best.toml"


@dataclass(frozen=True)
class Shift:
    """How far a target moves as a parameter goes from one end of its range to the other."""

    parameter: str
    target: str
    at_low: float | None
    at_default: float | None
    at_high: float | None
    shift: float  # in distances of the scoring rule: .7 is worth a whole score


def apart(one: float | None, other: float | None, target: Target) -> float:
    """The distance between two figures of a target, counted as the scoring rule counts."""
    if one is None or other is None:
        return 0.0 if one is other else math.inf
    if one == other:
        return 0.0
    return abs(place(one, target) - place(other, target))


def place(value: float, target: Target) -> float:
    """Where a figure lies, in distances of the scoring rule."""
    if target.low < 0:
        return value / (target.high - target.low)
    if target.low == 0 and value <= target.high:  # near nothing a ratio says nothing
        return value / target.high - 1.0
    edge = target.low or target.high
    return math.log(value / edge) if value > 0 else -math.inf


def identified(points: Sequence[Point], targets: Sequence[Target]) -> list[Shift]:
    """Every felt shift, parameters in their order, the largest shift of each first."""
    table = load_parameters()
    home = next((point for point in points if point.stage == AS_SHIPPED), None)
    if home is None:
        return []
    ends: dict[str, dict[str, Point]] = {}
    for point in points:
        if point.stage == END:
            ((name, value),) = point.values.items()
            ends.setdefault(name, {})["low" if value == table[name].low else "high"] = point
    found: list[Shift] = []
    for name, pair in ends.items():
        low, high = pair.get("low", home), pair.get("high", home)
        rows = []
        for target in targets:
            at = tuple(point.medians[target.id] for point in (low, home, high))
            shift = max(apart(at[a], at[b], target) for a, b in ((0, 1), (1, 2), (0, 2)))
            if shift >= FELT:
                rows.append(Shift(name, target.id, at[0], at[1], at[2], shift))
        found += sorted(rows, key=lambda row: -row.shift)
    return found


def best(points: Sequence[Point], targets: Sequence[Target]) -> Point:
    """The point with the highest score; of equal ones the first."""
    return max(points, key=lambda point: (point.score(targets), -point.number))


@dataclass(frozen=True)
class LeftOut:
    """An episode scored at the point that is best by all the other episodes."""

    episode: str
    point: int
    others: float  # score of that point by the others
    score: float  # on the episode itself
    own_best: float  # what the best point for the episode alone reaches


def left_out(points: Sequence[Point], targets: Sequence[Target]) -> list[LeftOut]:
    """Leave one episode out, for every episode, from the points that stand there."""
    out = []
    for episode in dict.fromkeys(target.episode for target in targets):
        own = [target for target in targets if target.episode == episode]
        others = [target for target in targets if target.episode != episode]
        if not others:
            continue
        chosen = best(points, others)
        out.append(
            LeftOut(
                episode, chosen.number, chosen.score(others), chosen.score(own),
                best(points, own).score(own),
            )
        )
    return out


def write(folder: Path, points: Sequence[Point], targets: Sequence[Target]) -> None:
    """Writes the three files that are made from the table of points."""
    with (folder / IDENTIFIED_FILE).open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["parameter", "target", "at_low", "at_default", "at_high", "shift"])
        for row in identified(points, targets):
            figures = (row.at_low, row.at_default, row.at_high, row.shift)
            rows.writerow(
                [row.parameter, row.target, *("" if x is None else f"{x:.4g}" for x in figures)]
            )
    with (folder / LEFT_OUT_FILE).open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["episode", "point", "score_of_others", "score", "own_best"])
        for one in left_out(points, targets):
            rows.writerow([one.episode, one.point, one.others, one.score, one.own_best])
    point = best(points, targets)
    text = [f"# score {point.score(targets):.4f}, point {point.number}", "[parameters]"]
    text += [f"{name} = {value!r}" for name, value in sorted(point.values.items())]
    (folder / BEST_FILE).write_text("\n".join(text) + "\n", encoding="utf-8")


def lines(points: Sequence[Point], targets: Sequence[Target], free: Sequence[str]) -> list[str]:
    """What a terminal shows."""
    table = load_parameters()
    home, top = points[0], best(points, targets)
    kinds = [by_kind(targets, point.scores(targets)) for point in (home, top)]
    out = [f"{'kind':<18}{'as shipped':>11}{'best':>8}"]
    out += [f"{kind:<18}{kinds[0][kind]:>11.3f}{kinds[1][kind]:>8.3f}" for kind in kinds[0]]
    out.append(f"{'in all':<18}{whole(kinds[0]):>11.3f}{whole(kinds[1]):>8.3f}")
    out += ["", f"best set: point {top.number} of {len(points)}"]
    for name, value in sorted(top.values.items()):
        row = table[name]
        out.append(
            f"  {name} = {value:g} {row.unit} (shipped {row.default:g}, range {row.low:g} to "
            f"{row.high:g})"
        )
    out += ["", "who identifies whom (shift of the target between the ends, .7 is a whole score):"]
    felt: dict[str, list[Shift]] = {}
    for shift in identified(points, targets):
        felt.setdefault(shift.parameter, []).append(shift)
    for name in free:
        rows = ", ".join(f"{one.target} {one.shift:.2f}" for one in felt.get(name, [])[:5])
        out.append(f"  {name:<30}{rows or 'nothing here constrains it'}")
    out += ["", f"{'left out':<20}{'score':>7}{'best of its own':>17}"]
    left = left_out(points, targets)
    out += [f"{one.episode:<20}{one.score:>7.3f}{one.own_best:>17.3f}" for one in left]
    if left:
        out.append(f"{'mean':<20}{sum(one.score for one in left) / len(left):>7.3f}")
    return out
