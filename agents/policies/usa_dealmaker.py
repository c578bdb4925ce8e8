"""Trades pressure for supply: tariffs up when cut off, down when served."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import floor, is_banned, refill, release
from agents.view import StateView


class UsaDealmaker:
    name = "usa_dealmaker"
    source = (
        "the truce of November 2025: suspended bans for suspended tariffs and listings; section "
        "232 (china_controls C17, C18, C25, C26)"
    )
    traits = ("USA", "tariffs as bargaining", "leaves allies' quarrels alone", "stocks for itself")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        fill, price = view.mean(view.fill), view.mean(view.price)
        cut_off, flooded = is_banned(view) | (fill < 0.8), price < 0.8
        presses = cut_off | flooded
        state = "{:.0%} of orders met at {:.2f} of normal prices"
        turn.set("tariff_on_coercer", 0.25, presses, state + ": pressure for a deal", fill, price)
        turn.set("tariff_on_coercer", 0, ~presses, state + ": the deal holds", fill, price)
        turn.set("stance", 0.5, cut_off, state, fill, price)
        turn.set("stance", 0, ~cut_off, state + ": others' quarrels are theirs", fill, price)
        floor(turn, view, above_cost=0.8)
        release(turn, view, share=0.3)
        refill(turn, view, days=60)
        return turn.wishes


register(UsaDealmaker())
