"""Presses while it can: full ladder, hubs punished together, rivals flooded."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from agents.players import Turn, register
from agents.policies.coercer import Coercer, leak, standing_grievance
from agents.view import StateView
from world.policy_terms import terms
from world.sums import mean_of, one_by_one

TERMS = terms("china_maximal")


class ChinaMaximal(Coercer):
    name = "china_maximal"
    source = (
        "October 2025 (announcements 55-62, 0.1% rule), April 2026 (order no. 834); prices "
        "below cost after 2012 that closed Mountain Pass (china_controls C17, C22; "
        "model_plants)"
    )
    traits = ("coercer", "climbs to the top", "punishes hubs together", "floods rivals")

    def habits(self, turn: Turn, view: StateView, weights: Mapping[str, float]) -> None:
        worst, punished = leak(view), one_by_one(view.listed_firms.values())
        turn.set(
            "collective_punishment", TERMS.hub_cut, (worst > weights["patience"]) & (punished > 0),
            "exports to a hub are {:.1f} times normal although firms are listed", np.exp(worst),
        )  # fmt: skip
        others = [zone for zone in view.zones if zone != view.coercer]
        support = np.max([view.of(zone, "project_subsidy") for zone in others], axis=0)
        abroad = mean_of(np.stack([view.prices[zone] for zone in others], axis=-1), axis=-1)
        shown = np.asarray(support)[..., None]
        flooded = view.own("flood") > 0.0
        # a flood costs the margin on all exports of a material, so only a few at a time
        able = np.count_nonzero(flooded, axis=-1) < TERMS.most_floods
        able = able & (standing_grievance(view) < TERMS.flood_grievance)
        builds = shown >= TERMS.rival_support
        turn.set_most(
            "flood", TERMS.flood, builds & able[..., None] & (abroad > 1.0), abroad,
            "rivals build with {:.0%} support and {material} costs {:.2f} abroad", shown, abroad,
        )  # fmt: skip
        turn.set_most(
            "flood", 0.0, (shown < TERMS.rival_support) & flooded, -abroad,
            "support for rivals is down to {:.0%}, {material} stands at {:.2f}", shown, abroad,
        )  # fmt: skip


register(ChinaMaximal())
