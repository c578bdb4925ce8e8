"""Sits a stop out on its reserves and fills them when nobody else buys."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import concede, protest, refill, release
from agents.policies.reactions import react
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("japan_stockpiler")


class JapanStockpiler:
    name = "japan_stockpiler"
    source = (
        "JOGMEC's reserve: 42 state days of 60, up to 180 days since 2020, purchases and "
        "releases (stockpiles: JPN rows; New International Resource Strategy, March 2020)"
    )
    traits = ("JPN", "releases early", "fills in calm markets", "slow to concede")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        react(turn, view)
        concede(turn, view, draws, readiness=TERMS.readiness)
        release(turn, view, share=TERMS.release)
        protest(turn, view)
        refill(turn, view, days=TERMS.stock_days)
        dear = view.mean(view.price_half_year)
        why = "half a year at {:.2f} of normal prices"
        turn.set("research_usd_m", TERMS.research, dear > TERMS.dear_price, why, dear)
        return turn.wishes


register(JapanStockpiler())
