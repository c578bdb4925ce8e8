"""Keeps both the supply and the market: helps quietly, signs nothing."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import MOVES, is_banned, is_threatened, refill, release
from agents.policies.reactions import react
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("korea_neutral")


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
        react(turn, view)
        threat, fill, share = (
            view.public_threat,
            view.mean(view.fill),
            view.mean(view.declared_share),
        )
        obliges = is_threatened(view) & ~is_banned(view)
        hurt = is_banned(view) | (fill < TERMS.hurt_fill)
        cheap, depends = view.mean(view.price) < MOVES.calm_price, share > TERMS.relapse_share
        relapse = depends & (view.distrust > TERMS.relapse_distrust) & cheap
        meant = "threat of {:.1f} against who passes goods on"
        turn.set("hub_policing", TERMS.policing, obliges, meant, threat)
        routine = "threat of {:.1f}: routine controls will do"
        turn.set("hub_policing", TERMS.routine, ~obliges, routine, threat)
        release(turn, view, share=TERMS.release)
        turn.set("stance", TERMS.hurt_stance, hurt, "neutrality bought {:.0%} of the orders", fill)
        served = "{:.0%} of orders met, threat {:.1f}"
        turn.set("stance", TERMS.obliging_stance, obliges & ~hurt, served, fill, threat)
        turn.set("stance", 0, ~obliges & ~hurt, "no threat and no harm: no side to take")
        turn.set("joint_statement", 0, True, "signs nothing that names a side")
        refill(turn, view, days=TERMS.stock_days)
        again = "{:.0%} from one source again"
        turn.set("diversification_credit", TERMS.credit, relapse, again, share)
        return turn.wishes


register(KoreaNeutral())
