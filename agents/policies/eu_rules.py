"""Keeps to rules: ceilings, recycling, tracing, statements, no floors."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import MOVES, protest, somebody_is_banned
from agents.policies.reactions import react
from agents.view import StateView
from world.policy_terms import terms
from world.sums import one_by_one

TERMS = terms("eu_rules")


class EuRules:
    name = "eu_rules"
    source = (
        "Critical Raw Materials Act 2024 (65% from one country, 25% recycled by 2030), WTO "
        "cases of 2012 (china_controls C03, C04; seed figure: recycling target 0.25)"
    )
    traits = ("EUU", "limits dependence in calm markets", "recycles", "condemns every ban")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        react(turn, view)
        share, price, ban = view.mean(view.declared_share), view.mean(view.price), view.worst_ban
        worried = (price > TERMS.worried_price) | (view.distrust > TERMS.worried_distrust)
        ceiling = TERMS.ceiling
        over = (share > ceiling) & (price < MOVES.calm_price)
        caught = one_by_one(view.listed_firms.values())
        turn.set("joint_statement", 1, somebody_is_banned(view), "a ban of breadth {:.2f}", ban)
        turn.set("joint_statement", 0, ban <= 0, "no ban stands")
        protest(turn, view)
        allowed = "{:.0%} from one country, {:.0%} allowed"
        turn.set("dependence_ceiling", ceiling, over, allowed, share, ceiling)
        crisis = price > MOVES.crisis_price
        turn.set("dependence_ceiling", 1, crisis, "prices at {:.2f}: suspended", price)
        turn.set(
            "recycling_support", 1, worried, "prices {:.2f}, distrust {:.2f}", price, view.distrust
        )
        closer = "{:.0f} traders listed: customs look closer"
        turn.set("origin_tracing", TERMS.tracing, caught > 0, closer, caught)
        return turn.wishes


register(EuRules())
