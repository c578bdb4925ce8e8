"""Sells to everybody and protects its mines from bad prices."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import floor, is_banned, protest, starved, support
from agents.policies.reactions import react
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("australia_miner")


class AustraliaMiner:
    name = "australia_miner"
    source = (
        "Critical Minerals Strategic Reserve of 1.2 bn AUD with offtake and price floors; trade "
        "with both sides after the bans of 2020-23 (stockpiles: AUS row; S&P Global, August "
        "2025)"
    )
    traits = ("AUS", "floor under own mines", "neutral until hit itself", "builds in booms")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        react(turn, view)
        price, hit = view.mean(view.price), is_banned(view)
        turn.set("floor_form", 1, starved(view).any(axis=-1), "own mines are paid the difference")
        floor(turn, view)
        boom = "prices at {:.2f}: the time to build"
        support(turn, view, TERMS.support, price > TERMS.boom_price, boom, price)
        turn.set(
            "project_subsidy", 0, price < 1.0, "prices at {:.2f}: no market for new mines", price
        )
        protest(turn, view)
        own = view.ban_on(view.actor)
        turn.set("stance", TERMS.hit_stance, hit, "a ban of breadth {:.2f} on itself", own)
        turn.set("stance", 0, ~hit, "sells to both sides")
        return turn.wishes


register(AustraliaMiner())
