"""When a coercer gives up a measure that has no stated end: a chance per month, not a weighing.

The record knows few ends and no good reasons for their dates (world/data/policy_terms.csv has the
cases): measures against one state go on for years, with a flat and low hazard, unless the target
gives in. So each decision draws whether the measure in force ends. What players do moves the odds:
the target's concession or a statement that saves the coercer's face, what the measure costs the
coercer, and a legal case that has come to its report. General licence duties do not end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agents.view import QUARTER, StateView
from world.laws.court import BINDING, CONSERVATION, REPORT
from world.levers import LEVERS, ladder
from world.policy_terms import terms
from world.sums import one_by_one
from world.units import WEEKS_PER_MONTH

if TYPE_CHECKING:
    from agents.policies.coercer import Posture

Array = NDArray[np.float64]

TERMS = terms("exits")
DECISION_MONTHS = QUARTER / TERMS.decisions_a_quarter / WEEKS_PER_MONTH


def on_exports(rung: Array) -> NDArray[np.bool_]:
    """True where the step holds back exports, by a ban or by slow licences."""
    parts = [step.settings for step in ladder()]
    held = np.array([part["ban_breadth"] > 0 or part["licence_approval"] < 1 for part in parts])
    return np.asarray(held[np.asarray(rung, dtype=np.int64)])


def after_the_end(rung: Array) -> Array:
    """The step that is left: without the export measure the highest one below it, else none."""
    steps = np.arange(len(ladder()), dtype=float)
    below = float(steps[~on_exports(steps)].max())
    return np.where(on_exports(rung), below, 0.0)


def attrition(view: StateView, now: Posture) -> Array:
    """Share of its sales that the coercer loses by the measure or finds taxed abroad, 0 to 1."""
    duty = view.mean(view.own("licence_duty"))
    cut = now.cut(duty)
    lost = []
    for zone in view.zones:
        if zone != view.coercer:
            taxed = view.of(zone, "tariff_on_coercer")
            part = np.maximum(cut, taxed) if zone == view.target else taxed
            lost.append(view.exports_usd[zone] * np.minimum(1.0, part))
    sales = one_by_one(view.exports_usd[zone] for zone in view.zones if zone != view.coercer)
    return np.asarray(one_by_one(lost) / np.maximum(sales, 1.0))


def monthly_hazard(view: StateView, now: Posture, weights: Mapping[str, float]) -> Array:
    """Chance per month that the measure in force ends, 0 without one."""
    target = view.target
    base = np.where(on_exports(now.rung), TERMS.export_measure, TERMS.import_measure)
    conceded = view.of(target, "concession") / LEVERS["concession"].high
    friendly = np.maximum(0.0, -view.of(target, "stance"))
    ruled = view.protest_weeks[target] >= TERMS.panel_weeks
    ruling = np.maximum(np.where(ruled, TERMS.ruling, 1.0), lost_case(view))
    deal = np.where(view.case_dropped[target] > 0, TERMS.traded_case, 1.0)
    odds = (
        base * weights["ending"] * TERMS.concession**conceded * TERMS.statement**friendly
        * TERMS.own_need ** attrition(view, now) * ruling * deal
    )  # fmt: skip
    return np.where(now.rung > 0, odds, 0.0)


def lost_case(view: StateView) -> Array:
    """What a report in anybody's case does to the odds: security is judged by who invokes it."""
    steps = np.stack([view.case_stage[zone] for zone in view.zones])
    reported = ((steps >= REPORT) & (steps <= BINDING)).any(axis=0)
    conserves = view.of(view.coercer, "legal_frame") == CONSERVATION
    return np.where(reported, np.where(conserves, TERMS.lost_case, TERMS.ruling), 1.0)


def ends(hazard: Array, luck: Array) -> NDArray[np.bool_]:
    """Whether it ends at this decision: the hazard over the weeks between two decisions."""
    return np.asarray(luck < -np.expm1(-hazard * DECISION_MONTHS))
