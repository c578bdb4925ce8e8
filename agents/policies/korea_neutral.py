"""Keeps both the supply and the market: helps quietly, signs nothing."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import CALM_PRICE, is_banned, is_threatened, refill, release
from agents.view import StateView


class KoreaNeutral:
    name = "korea_neutral"
    source = (
        "January 2026, the Japanese market or Chinese materials; 100 days of stock by 2031; "
        "firms told not to pass magnets on (Sejong Focus 2026; china_controls C15)"
    )
    traits = (
        "KOR",
        "helps the coercer's customs under threat",
        "signs nothing",
        "fills to 100 days",
    )

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        threat, fill, share = (
            view.public_threat,
            view.mean(view.fill),
            view.mean(view.declared_share),
        )
        obliges = is_threatened(view) & ~is_banned(view)
        hurt = is_banned(view) | (fill < 0.6)
        relapse = (share > 0.6) & (view.distrust > 0.1) & (view.mean(view.price) < CALM_PRICE)
        turn.set(
            "hub_policing", 0.6, obliges, "threat of {:.1f} against who passes goods on", threat
        )
        turn.set(
            "hub_policing", 0.1, ~obliges, "threat of {:.1f}: routine controls will do", threat
        )
        release(turn, view, share=0.3)
        turn.set("stance", 0.2, hurt, "neutrality bought {:.0%} of the orders", fill)
        turn.set(
            "stance", -0.2, obliges & ~hurt, "{:.0%} of orders met, threat {:.1f}", fill, threat
        )
        turn.set("stance", 0, ~obliges & ~hurt, "no threat and no harm: no side to take")
        turn.set("joint_statement", 0, True, "signs nothing that names a side")
        refill(turn, view, days=100)
        turn.set("diversification_credit", 0.1, relapse, "{:.0%} from one source again", share)
        return turn.wishes


register(KoreaNeutral())
