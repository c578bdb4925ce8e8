"""Pays for mines and refineries elsewhere, before and after a crisis."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import (
    CALM_PRICE,
    concede,
    contract,
    protest,
    release,
    somebody_is_banned,
    support,
)
from agents.view import StateView


class JapanDiversifier:
    name = "japan_diversifier"
    source = (
        "Lynas 2011, 2023 and March 2026 (floor 110 USD/kg, 5,000 t a year), Caremag 2025 "
        "(price_floors: Lynas - JARE; Sejong Focus 2026: from 0.90 to 0.60 in 15 years)"
    )
    traits = ("JPN", "contracts outside supply", "keeps stocks for the worst", "pays to stay away")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        share, price = view.mean(view.declared_share), view.mean(view.price)
        alarm = (view.distrust > 0.2) | somebody_is_banned(view)
        relapse = (price < CALM_PRICE) & (share > 0.6) & (view.distrust > 0.1)
        concede(turn, view, draws, readiness=0.5)
        release(turn, view, share=0.25, from_stopped=0.05)
        contract(turn, view, part=0.3, when=alarm)
        support(
            turn, view, 0.3, alarm, "distrust {:.2f}, {:.0%} from one source", view.distrust, share
        )
        credit = "diversification_credit"
        turn.set(
            credit, 0.15, relapse, "prices back at {:.2f} draw buyers back: {:.0%}", price, share
        )
        turn.set(credit, 0, share < 0.5, "dependence is down to {:.0%}", share)
        protest(turn, view)
        return turn.wishes


register(JapanDiversifier())
