"""Woos who stays neutral, slows who leans, the target too, heeds a coalition as its parent does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from agents.players import Turn, register
from agents.policies.china_calibrated import ChinaCalibrated
from agents.policies.coercer import posture
from agents.view import StateView
from world.policy_terms import terms
from world.sums import one_by_one

TERMS = terms("china_wedge")


class ChinaWedge(ChinaCalibrated):
    name = "china_wedge"
    source = (
        "January 2026: Seoul is told to choose the right side of history while Tokyo is banned "
        "(Sejong Focus 2026); general licences for chosen firms from December 2025 (flows_monthly)"
    )
    traits = ("coercer", "woos the neutral", "slows who leans", "heeds a coalition")

    def habits(self, turn: Turn, view: StateView, weights: Mapping[str, float]) -> None:
        """General licences for large customers that lean to nobody, while the target is banned."""
        super().habits(turn, view, weights)
        self.slow_target(turn, view, weights)
        banned = np.asarray(view.ban_on(view.target)) > 0
        third = [zone for zone in view.zones if zone not in (view.coercer, view.target)]
        usual = one_by_one(view.exports_usd[zone] for zone in third) / max(1, len(third))
        for zone in third:
            lean = np.maximum(view.of(zone, "stance"), view.of(zone, "joint_statement"))
            lever = f"general_licence.{zone}"
            courted = banned & (lean <= 0) & (view.exports_usd[zone] > TERMS.courted * usual)
            held = view.own(lever)
            turn.set(lever, TERMS.favour, courted & (held < TERMS.favour),
                     zone + " leans to nobody ({:.1f}): it is served first", lean)  # fmt: skip
            turn.set(lever, 0.0, ~courted & (held > 0),
                     zone + " leans {:.1f} or no ban stands: the favour ends", lean)  # fmt: skip

    def slow_target(self, turn: Turn, view: StateView, weights: Mapping[str, float]) -> None:
        """A banned target that has crossed the red line gets fewer licences than its step says."""
        stance, held = view.of(view.target, "stance"), view.own(f"licence_approval.{view.target}")
        usual = posture(view).part("licence_approval")
        banned = np.asarray(view.ban_on(view.target)) > 0
        sided = banned & (stance >= weights["red_line"])
        least = np.minimum(usual, TERMS.sided_approval)
        lever = f"licence_approval.{view.target}"
        why = view.target + " has taken the other side ({:.1f}): fewer licences"
        turn.set(lever, least, sided & (held > least), why, stance)
        back = banned & ~sided & (held == TERMS.sided_approval)
        turn.set(lever, usual, back, view.target + " is back from it ({:.1f})", stance)


register(ChinaWedge())
