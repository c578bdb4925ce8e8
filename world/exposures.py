"""What zones have at stake with a coercer, as published: payments in its currency, its supplies.

Rows of `data/exposures.csv`; WLD stands for a zone without a row of its own. A coercer without
rows is taken to reach all zones alike (ODD 7.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from world.levers import DATA, TableError, number_in, numbered_rows

Array = NDArray[np.float64]

WORLD = "WLD"
KINDS = ("payments", "supply")


@cache
def exposures(path: Path = DATA / "exposures.csv") -> dict[tuple[str, str, str], float]:
    """(coercer, zone, kind) -> share, 0 to 1; raises TableError."""
    found: dict[tuple[str, str, str], float] = {}
    columns = ("coercer", "zone", "kind", "value", "source", "basis")
    for number, row in numbered_rows(path, columns):
        value, key = number_in(path, number, "value", row["value"]), (row["coercer"], row["zone"])
        if row["kind"] not in KINDS or not 0.0 <= value <= 1.0:
            raise TableError(f"{path} row {number}: {row['kind']} {value:g} is no exposure.")
        found[(*key, row["kind"])] = value
    return found


def payment_reach(coercer: str, zones: Sequence[str], reach: float) -> Array:
    """(Z,) part of what firms of a zone have at stake that hangs on the coercer's payments.

    `reach` is that of the world; a zone that settles twice as much in its currency has twice as
    much to lose, at most all.
    """
    known = exposures()
    usual = known.get((coercer, WORLD, KINDS[0]), 0.0)
    part = [known.get((coercer, zone, KINDS[0]), usual) for zone in zones]
    relative = np.array(part) / usual if usual > 0 else np.ones(len(zones))
    return np.minimum(1.0, reach * relative)


def supply_share(coercer: str, zones: Sequence[str]) -> Array:
    """(Z,) share of the coercer in the imports of a zone, of all goods."""
    known = exposures()
    usual = known.get((coercer, WORLD, KINDS[1]), 0.0)
    own = [0.0 if zone == coercer else known.get((coercer, zone, KINDS[1]), usual)
           for zone in zones]  # fmt: skip
    return np.array(own)
