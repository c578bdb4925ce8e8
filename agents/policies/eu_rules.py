"""Keeps to rules: ceilings, recycling, tracing, statements, no floors."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import CALM_PRICE, CRISIS_PRICE, protest, somebody_is_banned
from agents.view import StateView


class EuRules:
    name = "eu_rules"
    source = (
        "Critical Raw Materials Act 2024 (65% from one country, 25% recycled by 2030), WTO "
        "cases of 2012 (china_controls C03, C04; seed figure: recycling target 0.25)"
    )
    traits = ("EUU", "limits dependence in calm markets", "recycles", "condemns every ban")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        share, price, ban = view.mean(view.declared_share), view.mean(view.price), view.worst_ban
        worried = (price > 1.2) | (view.distrust > 0.1)
        over = (share > 0.65) & (price < CALM_PRICE)
        caught = sum(view.listed_firms.values())
        turn.set("joint_statement", 1, somebody_is_banned(view), "a ban of breadth {:.2f}", ban)
        turn.set("joint_statement", 0, ban <= 0, "no ban stands")
        protest(turn, view)
        turn.set("dependence_ceiling", 0.65, over, "{:.0%} from one country, 65% allowed", share)
        turn.set(
            "dependence_ceiling", 1, price > CRISIS_PRICE, "prices at {:.2f}: suspended", price
        )
        turn.set(
            "recycling_support", 1, worried, "prices {:.2f}, distrust {:.2f}", price, view.distrust
        )
        turn.set(
            "origin_tracing", 0.4, caught > 0, "{:.0f} traders listed: customs look closer", caught
        )
        return turn.wishes


register(EuRules())
