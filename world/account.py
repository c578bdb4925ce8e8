"""What happened in a week: the columns that are recorded, and a log in words."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Happening:
    """One line of the log: who did what to whom in which luck, and why."""

    replicate: int
    kind: str
    actor: str
    target: str
    text: str
    data: dict[str, float | str] = field(default_factory=dict)


@dataclass
class Account:
    """Columns of one week by table, each (R, rows); names as in a run's folder."""

    week: int
    markets: dict[str, Array] = field(default_factory=dict)
    zones: dict[str, Array] = field(default_factory=dict)
    hubs: dict[str, Array] = field(default_factory=dict)
    producers: dict[str, Array] = field(default_factory=dict)
    flows: dict[str, Array] = field(default_factory=dict)
    firms: dict[str, Array] = field(default_factory=dict)
    law: dict[str, Array] = field(default_factory=dict)
    goods: dict[str, Array] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    balance: Array | None = None  # (R, M, 2) change of all masses that is not explained, t
    turnover: Array | None = None  # (R, M) what the balance is measured against, t
