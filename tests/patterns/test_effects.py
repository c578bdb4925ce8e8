"""What the table of systems claims about its figures, played again with few seeds and users.

Direction only; `python -m runs.systems.measure` measures the figures themselves. A row that takes
more than eight years of play is skipped, judged by the figures that it wrote down, and names a test
that plays it shorter.
"""

from __future__ import annotations

from statistics import fmean

import pytest

from runs.systems.play import broken, orders_of, plan_of, played
from runs.systems.table import System, figures, systems

LONGEST = 420  # weeks
SEEDS, USERS = (1, 2, 3), 150

PLAYED = [one for one in systems() if one.runs]


def weeks(system: System) -> int:
    return max(plan_of(system, name, USERS).weeks for name in system.runs)


@pytest.mark.parametrize("system", PLAYED, ids=lambda one: one.id)
def test_an_effect_has_the_direction_that_its_sentence_says(system: System) -> None:
    """Means of three seeds on common luck: a middle one may tie where the others differ."""
    assert orders_of(system), "it claims nothing"
    if weeks(system) > LONGEST:
        pytest.skip(f"{system.id} takes {weeks(system)} weeks: see its measured figures below")
    means = {name: fmean(column) for name, column in played(system, SEEDS, USERS).items()}
    assert broken(system, means) == []


@pytest.mark.parametrize("system", PLAYED, ids=lambda one: one.id)
def test_measured_figures_bear_out_what_is_claimed(system: System) -> None:
    assert broken(system, figures()[system.id]) == []
