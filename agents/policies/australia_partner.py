"""Builds for the allies, most when prices are bad."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import floor, refill, relax, somebody_is_banned, support
from agents.policies.reactions import react
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("australia_partner")


class AustraliaPartner:
    name = "australia_partner"
    source = (
        "US-Australia framework on critical minerals October 2025, public loans to Iluka and "
        "Arafura (capacity_projects: AUS rows; price_floors)"
    )
    traits = ("AUS", "counter-cyclical support", "member of the floor", "proves origin")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        react(turn, view)
        ban, price = view.worst_ban, view.mean(view.price)
        coalition = somebody_is_banned(view)
        state, shock = (
            "ban {:.2f} on a partner, prices {:.2f}",
            "a ban of breadth {:.2f} on a partner",
        )
        turn.set("forge_member", 1, coalition | (price < TERMS.join_price), state, ban, price)
        floor(turn, view)
        support(turn, view, TERMS.support, coalition | (price < TERMS.bad_price), state, ban, price)
        turn.set("joint_statement", 1, coalition, shock, ban)
        turn.set("joint_statement", 0, ban <= 0, "no ban stands")
        member = view.own("forge_member") > 0
        turn.set("origin_tracing", TERMS.tracing, member, "members sell what is clean")
        turn.set("stance", TERMS.stance, coalition, shock, ban)
        relax(turn, view, TERMS.calm_stance)
        refill(turn, view, days=TERMS.stock_days)
        return turn.wishes


register(AustraliaPartner())
