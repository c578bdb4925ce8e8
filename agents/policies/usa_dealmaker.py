"""Trades pressure for supply: tariffs up when cut off, down when served."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import floor, is_banned, refill, release
from agents.policies.reactions import react
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("usa_dealmaker")


class UsaDealmaker:
    name = "usa_dealmaker"
    source = (
        "the truce of November 2025: suspended bans for suspended tariffs and listings; section "
        "232 (china_controls C17, C18, C25, C26)"
    )
    traits = ("USA", "tariffs as bargaining", "leaves allies' quarrels alone", "stocks for itself")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        react(turn, view)
        fill, price = view.mean(view.fill), view.mean(view.price)
        cut_off = is_banned(view) | (fill < TERMS.cut_off_fill)
        flooded = price < TERMS.flooded_price
        presses = cut_off | flooded
        state = "{:.0%} of orders met at {:.2f} of normal prices"
        pressure = state + ": pressure for a deal"
        turn.set("tariff_on_coercer", TERMS.tariff, presses, pressure, fill, price)
        turn.set("tariff_on_coercer", 0, ~presses, state + ": the deal holds", fill, price)
        turn.set("stance", TERMS.stance, cut_off, state, fill, price)
        turn.set("stance", 0, ~cut_off, state + ": others' quarrels are theirs", fill, price)
        floor(turn, view, above_cost=TERMS.floor)
        release(turn, view, share=TERMS.release)
        refill(turn, view, days=TERMS.stock_days)
        return turn.wishes


register(UsaDealmaker())
