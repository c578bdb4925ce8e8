"""Cases against export measures: how long they take, and what the frame makes of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from world.laws.court import (
    APPEAL,
    BINDING,
    CONSERVATION,
    PANEL,
    REPORT,
    SECURITY,
    TALKS,
    UNSTATED,
    VOID,
    clock,
    step_of,
    taught,
)
from world.levers import default_regime, set_lever
from world.parameters import Parameters
from world.phases.court import measures_stand

PAR = Parameters()
LIMITS = (
    PAR.case_panel_weeks, PAR.case_report_weeks, PAR.case_appeal_weeks, PAR.case_compliance_weeks,
)  # fmt: skip


def steps(frame: int) -> list[int]:
    """The steps of a case over four years, each once."""
    weeks = np.arange(0.0, 209.0)
    found = step_of(weeks, 0.0 * weeks, np.full_like(weeks, frame), *LIMITS).astype(int)
    return list(dict.fromkeys(found.tolist()))


@pytest.mark.parametrize(
    ("frame", "end"),
    [(CONSERVATION, [REPORT, APPEAL, BINDING]), (UNSTATED, [REPORT, APPEAL]), (SECURITY, [VOID])],
)
def test_the_frame_decides_what_comes_after_the_report(frame: int, end: list[int]) -> None:
    """Only a reason that can be weighed can be found wanting and then binds."""
    assert steps(frame) == [0, TALKS, PANEL, *end]


def test_a_ruling_that_binds_is_not_undone_by_stating_no_reason() -> None:
    """Only security takes it back; a case that is over binds nobody."""
    weeks, before = np.array([175.0, 175.0, 175.0, 0.0]), np.full(4, float(BINDING))
    frame = np.array([UNSTATED, CONSERVATION, SECURITY, UNSTATED], dtype=float)
    assert step_of(weeks, before, frame, *LIMITS).tolist() == [BINDING, BINDING, VOID, 0]


def test_a_remedy_comes_years_after_the_complaint() -> None:
    """DS431: complaint in March 2012, report in March 2014, end of the reasonable time in May 2015;
    no step comes before the one below it."""
    assert list(LIMITS) == sorted(LIMITS)
    assert 2.0 * 52 < LIMITS[1] < LIMITS[3]
    assert 3.0 * 52 < LIMITS[3] < 4.0 * 52


def test_a_case_ends_with_its_measures_and_when_it_is_withdrawn() -> None:
    weeks = np.full((1, 3), 40.0)
    asked = np.array([[True, False, True]])
    assert clock(weeks, asked, np.array([[True]])).tolist() == [[41.0, 0.0, 41.0]]
    assert not clock(weeks, asked, np.array([[False]])).any()


def test_a_blow_takes_a_part_of_the_trust_that_is_left() -> None:
    before = np.array([[0.0, 0.5, 1.0]])
    after = taught(before, np.ones((1, 1)), 0.1)
    assert after == pytest.approx(np.array([[0.1, 0.55, 1.0]]))
    assert taught(before, np.zeros((1, 1)), 0.1).tolist() == before.tolist()


def stands(levers: dict[str, float]) -> bool:
    """Whether a complaint has something to be about under these levers of the coercer."""
    plan: Any = SimpleNamespace(
        zones=("CHN", "JPN"), materials=("dy_oxide", "gallium"), coercer="CHN", levers={}, firms={}
    )
    regime = default_regime(plan, 1)
    for name, value in levers.items():
        set_lever(regime, plan, "CHN", name, value)
    setting = SimpleNamespace(coercer=0, Z=2)
    world: Any = SimpleNamespace(setting=setting, regime=regime)
    return bool(measures_stand(world)[0])


def test_a_refusal_is_a_measure_by_zone_or_by_material() -> None:
    """Where licences are asked for, and for as long as any are refused: what a ruling lifts."""
    duty, none = {"licence_duty.gallium": 1.0}, {"material_approval.gallium": 0.0}
    assert stands(duty | {"licence_approval.JPN": 0.5})
    assert stands(duty | none)
    assert not stands(duty)
    assert not stands(duty | {"material_approval.dy_oxide": 0.0})  # needs no licence
    assert not stands(duty | none | {"general_licence.JPN": 1.0})
    assert not stands(none | {"licence_approval.JPN": 0.5})
