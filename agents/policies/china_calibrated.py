"""Answers in steps, keeps the blow on one target and the others in doubt."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from agents.players import Turn, register
from agents.policies.coercer import Coercer
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("china_calibrated")


class ChinaCalibrated(Coercer):
    name = "china_calibrated"
    source = (
        "November 2025 to June 2026: travel advice, seafood, announcement no. 1, lists of "
        "firms; favours for the neutral, a red line for the others (china_controls C19-C24)"
    )
    traits = ("coercer", "answers in proportion", "drives wedges", "follows leaks to the hubs")

    def habits(self, turn: Turn, view: StateView, weights: Mapping[str, float]) -> None:
        """Slow licences for third countries that side with the target, quick ones for the rest."""
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


register(ChinaCalibrated())
