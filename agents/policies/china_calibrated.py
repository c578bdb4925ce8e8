"""Answers in steps, keeps the blow on one target and the others in doubt; heeds a coalition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.players import Turn, register
from agents.policies.coercer import Coercer
from agents.policies.reactions import court
from agents.view import StateView
from world.laws.flows import ratio
from world.policy_terms import terms
from world.sums import one_by_one

TERMS = terms("china_calibrated")

Array = NDArray[np.float64]


class ChinaCalibrated(Coercer):
    name = "china_calibrated"
    source = (
        "November 2025 to June 2026: travel advice, seafood, announcement no. 1, lists of "
        "firms; favours for the neutral, a red line for the others (china_controls C19-C24)"
    )
    traits: tuple[str, ...] = (
        "coercer",
        "answers in proportion",
        "drives wedges",
        "follows leaks to the hubs",
        "heeds a coalition",
    )

    def weigh(self, view: StateView, weights: Mapping[str, float]) -> Mapping[str, Any]:
        """One statement is words; the more of the others' economy speaks, the dearer it is to go
        on."""
        return {**weights, "ending": weights["ending"] * TERMS.coalition ** spoken(view) ** 2}

    def habits(self, turn: Turn, view: StateView, weights: Mapping[str, float]) -> None:
        """Slow licences for third countries that side with the target, quick ones for the rest."""
        court(turn, view, weights["red_line"])
        banned = np.asarray(view.ban_on(view.target)) > 0
        for zone in view.zones:
            if zone in (view.coercer, view.target):
                continue
            signs = TERMS.statement_weight * view.of(zone, "joint_statement")
            covers = TERMS.cover_weight * view.of(zone, "customer_cover")
            lean = np.maximum(view.of(zone, "stance"), np.maximum(signs, covers))
            lever = f"licence_approval.{zone}"
            slowed = view.own(lever) == TERMS.slow_approval
            leans = banned & (lean >= weights["red_line"])
            why = zone + " leans {:.1f} to the side of the target, on a scale to 1"
            quick = view.own(lever) > TERMS.slow_approval
            turn.set(lever, TERMS.slow_approval, leans & quick, why, lean)
            turn.set(lever, 1.0, ~leans & slowed, why + ": no reason to slow it", lean)


def spoken(view: StateView) -> Array:
    """Share of the third countries' GDP whose states have joined the statement of a coalition, to
    which the chair of FORGE adds some for those that it speaks for; 0 where there are none."""
    third = [zone for zone in view.zones if zone not in (view.coercer, view.target)]
    whole = one_by_one(view.gdp_usd[zone] for zone in third)
    said = one_by_one(view.gdp_usd[z] * view.of(z, "joint_statement") for z in third)
    chairs = one_by_one(view.chair[z] * view.of(z, "joint_statement") for z in third if view.chair)
    return np.minimum(1.0, ratio(said, whole, 0.0) + TERMS.chair_weight * chairs)


register(ChinaCalibrated())
