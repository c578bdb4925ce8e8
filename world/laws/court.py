"""Cases at the WTO against the coercer's export measures, and what its legal frame makes of them.

Conservation as in 2010 is a reason that a panel can weigh: the case is long, and lost. National
security as in 2026 is one that the coercer judges itself; a report against it is appealed to a body
that since December 2019 has no members, and nothing follows (ODD 7.20).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNSTATED, CONSERVATION, SECURITY = 0, 1, 2  # frames
NONE, TALKS, PANEL, REPORT, APPEAL, BINDING, VOID = range(7)  # steps of a case


def clock(weeks: Array, asked: Flags, stand: Flags) -> Array:
    """Weeks since the complaint; a case ends with the measures that it is about."""
    return np.where(asked & stand, weeks + 1.0, 0.0)


def step_of(
    weeks: Array, before: Array, frame: Array,
    panel: float, report: float, appeal: float, compliance: float,
) -> Array:  # fmt: skip
    """Step of a case so many weeks old; the frame decides what comes after the report.

    A ruling that binds (`before` is last week's step) binds while the case lives: to state no
    reason any more takes nothing back, only security does.
    """
    step = np.where(weeks > 0, float(TALKS), float(NONE))
    step = np.where(weeks >= panel, float(PANEL), step)
    step = np.where(weeks >= report, float(REPORT), step)
    step = np.where(weeks >= appeal, float(APPEAL), step)
    bound = (weeks >= compliance) & (frame == CONSERVATION)
    bound |= (weeks > 0) & (before == BINDING)
    step = np.where(bound, float(BINDING), step)
    return np.where((weeks >= report) & (frame == SECURITY), float(VOID), step)


def taught(reputation: Array, blow: Array, size: float) -> Array:
    """Distrust after a blow to the coercer's name: a part of what is left of trust goes."""
    return np.asarray(reputation + size * blow * (1.0 - reputation))
