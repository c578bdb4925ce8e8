"""Stands with the alliance and makes its own origin provable."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import (
    MOVES,
    cover_firms,
    refill,
    relax,
    release,
    somebody_is_banned,
    support,
)
from agents.policies.reactions import react
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("korea_ally")


class KoreaAlly:
    name = "korea_ally"
    source = (
        "the advice of Sejong Focus 2026: depth in FORGE (chair to June 2026), shared stocks, "
        "rules of origin; framework act on supply chains of 2023 (ceilings, incentives)"
    )
    traits = (
        "KOR",
        "refuses the third-country clause",
        "covers firms that serve on",
        "joins floor and statements",
        "proves origin",
    )

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        react(turn, view)
        ban, fill, share = view.worst_ban, view.mean(view.fill), view.mean(view.declared_share)
        coalition, cut_off = somebody_is_banned(view), fill < TERMS.cut_off_fill
        affordable = view.mean(view.price) < MOVES.crisis_price
        leaves = coalition & (share > TERMS.leave_share) & affordable
        shock = "a ban of breadth {:.2f} on a partner"
        gesture = "only {:.0%} of orders met: a gesture"
        turn.set("hub_policing", TERMS.gesture, cut_off, gesture, fill)
        turn.set(
            "hub_policing", 0, ~cut_off, "{:.0%} of orders met: own firms are not handed over", fill
        )
        release(turn, view, share=TERMS.release)
        turn.set("forge_member", 1, coalition, shock, ban)
        turn.set("joint_statement", 1, coalition, shock, ban)
        turn.set("joint_statement", 0, ban <= 0, "no ban stands")
        turn.set("stance", TERMS.stance, coalition, shock, ban)
        cover_firms(turn, view, TERMS.cover)
        relax(turn, view, TERMS.calm_stance)
        member = view.own("forge_member") > 0
        turn.set("origin_tracing", TERMS.tracing, member, "members sell what is clean")
        one = "{:.0%} comes from one source"
        turn.set("dependence_ceiling", TERMS.ceiling, leaves, one, share)
        support(turn, view, TERMS.support, coalition, shock, ban)
        refill(turn, view, days=TERMS.stock_days)
        return turn.wishes


register(KoreaAlly())
