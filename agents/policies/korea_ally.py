"""Stands with the alliance and makes its own origin provable."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import CRISIS_PRICE, refill, release, somebody_is_banned, support
from agents.view import StateView


class KoreaAlly:
    name = "korea_ally"
    source = (
        "the advice of Sejong Focus 2026: depth in FORGE (chair to June 2026), shared stocks, "
        "rules of origin; framework act on supply chains of 2023 (ceilings, incentives)"
    )
    traits = (
        "KOR",
        "refuses the third-country clause",
        "joins floor and statements",
        "proves origin",
    )

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        ban, fill, share = view.worst_ban, view.mean(view.fill), view.mean(view.declared_share)
        coalition, cut_off = somebody_is_banned(view), fill < 0.6
        leaves = coalition & (share > 0.7) & (view.mean(view.price) < CRISIS_PRICE)
        shock = "a ban of breadth {:.2f} on a partner"
        turn.set("hub_policing", 0.3, cut_off, "only {:.0%} of orders met: a gesture", fill)
        turn.set(
            "hub_policing", 0, ~cut_off, "{:.0%} of orders met: own firms are not handed over", fill
        )
        release(turn, view, share=0.3)
        turn.set("forge_member", 1, coalition, shock, ban)
        turn.set("joint_statement", 1, coalition, shock, ban)
        turn.set("joint_statement", 0, ban <= 0, "no ban stands")
        turn.set("stance", 0.6, coalition, shock, ban)
        turn.set("stance", 0.3, (ban <= 0) & (view.own("stance") > 0.3), "no ban stands")
        turn.set("origin_tracing", 0.6, view.own("forge_member") > 0, "members sell what is clean")
        turn.set("dependence_ceiling", 0.7, leaves, "{:.0%} comes from one source", share)
        support(turn, view, 0.2, coalition, shock, ban)
        refill(turn, view, days=100)
        return turn.wishes


register(KoreaAlly())
