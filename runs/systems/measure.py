"""Measures the effects of the table and writes them down.

    python -m runs.systems.measure --seeds 20 --users 1000 [--only S11,S13] [--dry]

A seed is luck and population. A claim that does not hold in the medians is told, and the command
then ends with 1; the figures are written all the same unless ``--dry``.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np

from runs.about import MODEL
from runs.systems.play import broken, medians, played
from runs.systems.table import System, systems, write_figures

SEEDS, USERS = 20, 1_000


def rows_of(system: System, seeds: int, users: int) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of one system's figures, and the claims that they do not bear out."""
    values = played(system, range(1, seeds + 1), users)
    rows = [
        {
            "system": system.id, "figure": name,
            **{part: f"{np.quantile(column, level):.6g}"
               for part, level in (("median", 0.5), ("p10", 0.1), ("p90", 0.9))},
            "seeds": seeds, "users": users, "model": MODEL,
        }
        for name, column in values.items()
    ]  # fmt: skip
    return rows, broken(system, medians(values))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--only", default="", help="systems, with commas")
    parser.add_argument("--dry", action="store_true", help="print and write nothing")
    asked = parser.parse_args()
    only = set(filter(None, asked.only.split(",")))
    if unknown := only - {one.id for one in systems() if one.runs}:
        parser.error(f"nothing is played for {', '.join(sorted(unknown))}.")
    chosen = [one for one in systems() if one.runs and (not only or one.id in only)]
    failed = False
    for system in chosen:
        rows, faults = rows_of(system, asked.seeds, asked.users)
        figures = {row["figure"]: float(row["median"]) for row in rows}
        print(f"{system.id} {system.told(figures)}", flush=True)
        for fault in faults:
            print(f"{system.id} does not hold: {fault}", file=sys.stderr)
        failed |= bool(faults)
        if not asked.dry:
            write_figures(rows)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
