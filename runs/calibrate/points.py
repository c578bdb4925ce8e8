"""The table of evaluated points: a row each, written as it is measured, read again to go on."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runs.validate import kept
from runs.validate.measure import measure
from runs.validate.play import settled
from runs.validate.score import by_kind, score, whole
from runs.validate.targets import Target, changed
from world.parameters import load_parameters

POINTS_FILE, MARK_FILE = "points.csv", "calibration.json"
HEAD = ("point", "stage", "score", "values")
AS_SHIPPED, END, SEARCH = "as shipped", "one end", "search"  # stages


class CalibrationError(ValueError):
    """A calibration that cannot be made as asked for; the text is one sentence."""


@dataclass(frozen=True)
class Point:
    """A set of parameters and what every target came to: the median over the seeds, or None.

    ``values`` holds only what differs from the table of parameters, in its units.
    """

    number: int
    stage: str
    values: dict[str, float]
    medians: dict[str, float | None]

    def scores(self, targets: Sequence[Target]) -> dict[str, float]:
        return {one.id: score(self.medians[one.id], one.low, one.high) for one in targets}

    def score(self, targets: Sequence[Target]) -> float:
        """The mean over the kinds of these targets, 0 to 1."""
        return whole(by_kind(targets, self.scores(targets)))


def with_values(targets: Sequence[Target], values: Mapping[str, float]) -> list[Target]:
    """The same targets with other parameters.

    An episode that is imposed on the network of firms itself hears only of the network's own: so
    its figures, which take longest, are those of before where none of them moves.
    """
    given = {f"parameters.{name}": value for name, value in values.items()}
    of_network = {name: one for name, one in given.items() if ".network_" in name}
    out = []
    for target in targets:
        out += changed([target], of_network if settled(target) else given)
    return out


def evaluate(
    targets: Sequence[Target], number: int, stage: str, values: Mapping[str, float],
    seeds: int, jobs: int,
) -> Point:  # fmt: skip
    """Measures one point."""
    verdict = measure(with_values(targets, values), seeds, jobs, rehearsed=True)
    return Point(
        number, stage, dict(values), {one.target.id: one.median for one in verdict.results}
    )


# --- the folder ---------------------------------------------------------------------------------


class Folder:
    """Where a calibration is kept: the points, and a mark that says of what they are points."""

    def __init__(self, path: Path, targets: Sequence[Target], seeds: int, seed: int) -> None:
        self.path, self.targets = path, list(targets)
        self.mark = {
            "model": kept.code_digest(), "seeds": seeds, "seed": seed,
            "targets": [[one.id, one.low, one.high, one.measure] for one in targets],
        }  # fmt: skip

    @property
    def file(self) -> Path:
        return self.path / POINTS_FILE

    def open(self, resume: bool) -> list[Point]:
        """The points that stand there; makes the folder. Raises CalibrationError."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CalibrationError(f"{self.path} cannot be made: {error.strerror}.") from None
        mark = self.path / MARK_FILE
        if not self.file.exists():
            mark.write_text(json.dumps(self.mark), encoding="utf-8")
            with self.file.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerow([*HEAD, *(one.id for one in self.targets)])
            return []
        if not resume:
            raise CalibrationError(
                f"{self.path} holds a calibration; --resume goes on with it, another --out "
                "begins anew."
            )
        try:
            before = json.loads(mark.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            before = None
        if before != json.loads(json.dumps(self.mark)):
            raise CalibrationError(
                f"the points in {self.path} were measured with another model, other targets, "
                "other seeds or another seed; begin anew with another --out."
            )
        return self.read()

    def read(self) -> list[Point]:
        """Every whole row of the table; a last row that a crash cut is left out and cut off."""
        body = self.file.read_bytes()
        if not body.endswith(b"\n"):
            body = body[: body.rfind(b"\n") + 1]
            self.file.write_bytes(body)
        rows = csv.DictReader(body.decode("utf-8").splitlines())
        try:
            return [
                Point(
                    int(row["point"]), row["stage"], json.loads(row["values"]),
                    {one.id: float(row[one.id]) if row[one.id] else None for one in self.targets},
                )
                for row in rows
            ]
        except (KeyError, TypeError, ValueError):
            raise CalibrationError(
                f"{self.file} is damaged: a row is no point; begin anew with another --out."
            ) from None

    def add(self, point: Point) -> None:
        """Writes a point; it stands on the disk when this returns."""
        cells: list[object] = [point.number, point.stage, repr(point.score(self.targets))]
        cells.append(json.dumps(point.values, sort_keys=True))
        medians = (point.medians[one.id] for one in self.targets)
        cells += ["" if value is None else repr(value) for value in medians]
        with self.file.open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerow(cells)
            stream.flush()
            os.fsync(stream.fileno())


def parameters_named(names: Sequence[str]) -> list[str]:
    """Names that are parameters and may move; raises CalibrationError."""
    table = load_parameters()
    for name in names:
        if name not in table:
            from world.reading import guess

            raise CalibrationError(f"{name} is no parameter: {guess(name, table)}")
        if table[name].low == table[name].high:
            raise CalibrationError(f"{name} has no range to search.")
    if len(set(names)) < len(names):
        raise CalibrationError("a parameter is named twice.")
    return list(names)
