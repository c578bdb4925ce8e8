"""Pays for mines and refineries elsewhere, before and after a crisis."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import (
    MOVES,
    concede,
    contract,
    protest,
    release,
    somebody_is_banned,
    support,
)
from agents.policies.reactions import react
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("japan_diversifier")


class JapanDiversifier:
    name = "japan_diversifier"
    source = (
        "Lynas 2011, 2023 and March 2026 (floor 110 USD/kg, 5,000 t a year), Caremag 2025 "
        "(price_floors: Lynas - JARE; Sejong Focus 2026: from 0.90 to 0.60 in 15 years)"
    )
    traits = ("JPN", "contracts outside supply", "keeps stocks for the worst", "pays to stay away")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        react(turn, view)
        share, price = view.mean(view.declared_share), view.mean(view.price)
        alarm = (view.distrust > TERMS.alarm_distrust) | somebody_is_banned(view)
        cheap, depends = price < MOVES.calm_price, share > TERMS.relapse_share
        relapse = cheap & depends & (view.distrust > TERMS.relapse_distrust)
        concede(turn, view, draws, readiness=TERMS.readiness)
        release(turn, view, TERMS.release, TERMS.stopped_lines, TERMS.orders_unmet)
        contract(turn, view, part=TERMS.contract, when=alarm)
        worry = "distrust {:.2f}, {:.0%} from one source"
        support(turn, view, TERMS.support, alarm, worry, view.distrust, share)
        credit, back = "diversification_credit", "prices back at {:.2f} draw buyers back: {:.0%}"
        turn.set(credit, TERMS.credit, relapse, back, price, share)
        turn.set(credit, 0, share < TERMS.credit_end, "dependence is down to {:.0%}", share)
        protest(turn, view)
        return turn.wishes


register(JapanDiversifier())
