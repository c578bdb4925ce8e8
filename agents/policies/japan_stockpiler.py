"""Sits a stop out on its reserves and fills them when nobody else buys."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import concede, protest, refill, release
from agents.view import StateView


class JapanStockpiler:
    name = "japan_stockpiler"
    source = (
        "JOGMEC's reserve: 42 state days of 60, up to 180 days since 2020, purchases and "
        "releases (stockpiles: JPN rows; New International Resource Strategy, March 2020)"
    )
    traits = ("JPN", "releases early", "fills in calm markets", "slow to concede")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        concede(turn, view, draws, readiness=0.7)
        release(turn, view, share=0.5)
        protest(turn, view)
        refill(turn, view, days=180)
        dear = view.mean(view.price_half_year)
        turn.set("research_usd_m", 100, dear > 1.5, "half a year at {:.2f} of normal prices", dear)
        return turn.wishes


register(JapanStockpiler())
