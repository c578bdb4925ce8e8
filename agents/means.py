"""What a seat's policy orders under an allowance: its proposals, cut to what fits (ODD 7.21).

The priority is fixed and stands here alone: first everything that takes no more money and no more
political capital than what stands, then the rest in the order in which the policy's page names it,
since a page names first what matters most. What does not fit is cut to the nearest value that
does, step by step towards the value that stands; what is left of it at that value is not ordered.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from world.afford import fitting, ordered
from world.levers import LADDER
from world.purse import Purse, Settings

if TYPE_CHECKING:
    from world.scenario import Scenario

Array = NDArray[np.float64]
Proposal = tuple[str, Array]  # full name of a lever, and its value per luck; NaN leaves it alone


def within(
    plan: Scenario, purse: Purse, settings: Settings, proposals: Sequence[Proposal]
) -> list[Array]:
    """(R,) values that may be ordered, by proposal; NaN where nothing of it is left.

    ``settings`` are those that stand, with what was ordered before the policy was asked.
    """
    given: list[Array] = []
    for full, wanted in proposals:
        after = ordered(plan, purse.seat, settings, full, wanted)
        no_dearer = purse.money(after) <= purse.money(settings)
        no_dearer &= purse.used(after) <= purse.used(settings)
        given.append(np.where(no_dearer, wanted, np.nan))
        settings = ordered(plan, purse.seat, settings, full, given[-1])
    for place, (full, wanted) in enumerate(proposals):
        rest = np.where(np.isnan(given[place]), wanted, np.nan)
        if np.isnan(rest).all():
            continue
        found = fitting(plan, purse, settings, full, rest)
        after = ordered(plan, purse.seat, settings, full, found)
        moved = _moved(full, settings, after)
        given[place] = np.where(np.isnan(rest), given[place], np.where(moved, found, np.nan))
        settings = after
    return given


def _moved(full: str, before: Settings, after: Settings) -> NDArray[np.bool_]:
    """(R,) lucks in which an order moves anything that counts."""
    name = full.partition(".")[0]
    names = [name] if name != LADDER else list(before)
    changed = [(before[one] != after[one]).any(axis=-1) for one in names]
    return np.asarray(functools.reduce(operator.or_, changed))
