"""Presses little and briefly: what it withholds today it cannot withhold tomorrow."""

from __future__ import annotations

from collections.abc import Mapping

from agents.players import Turn, register
from agents.policies.coercer import Coercer
from agents.view import StateView
from world.policy_terms import terms
from world.sums import one_by_one

TERMS = terms("china_cautious")


class ChinaCautious(Coercer):
    name = "china_cautious"
    source = (
        "gallium and germanium 2023, rare earths April to December 2025: licences, not bans; "
        "general licences when buyers began to leave (china_controls C08, C15)"
    )
    traits = ("coercer", "stops at a narrow ban", "eases early", "fears diversification")

    def habits(self, turn: Turn, view: StateView, weights: Mapping[str, float]) -> None:
        lost = one_by_one(view.distrusts.values())
        turn.set(
            "licence_weeks", TERMS.quick_licences, lost > weights["distrust_limit"],
            "distrust of {:.1f} in all: licences are decided in {:.0f} weeks to calm buyers",
            lost, TERMS.quick_licences,
        )  # fmt: skip


register(ChinaCautious())
