"""Pays for capacity outside the coercer: floors, support, a vault."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import (
    floor,
    refill,
    relax,
    release,
    somebody_is_banned,
    starved,
    support,
)
from agents.policies.reactions import react
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("usa_sponsor")


class UsaSponsor:
    name = "usa_sponsor"
    source = (
        "MP Materials July 2025 (110 USD/kg as a difference payment), Project Vault February "
        "2026 (60 days), 120 bn USD over ten years (price_floors; stockpiles; Sejong Focus "
        "2026)"
    )
    traits = ("USA", "floors where own plants starve", "pays, does not tax", "stands by allies")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        react(turn, view)
        ban, price = view.worst_ban, view.mean(view.price)
        coalition = somebody_is_banned(view)
        alarm = coalition | (view.distrust > TERMS.alarm_distrust) | (price < TERMS.alarm_price)
        shock = "a ban of breadth {:.2f} on an ally"
        turn.set(
            "floor_form", 1, starved(view).any(axis=-1), "own plants are paid, users not taxed"
        )
        floor(turn, view)
        turn.set("joint_statement", 1, coalition, shock, ban)
        turn.set("joint_statement", 0, ban <= 0, "no ban stands")
        worry = "ban {:.2f}, distrust {:.2f}, prices {:.2f}"
        support(turn, view, TERMS.support, alarm, worry, ban, view.distrust, price)
        turn.set("stance", TERMS.stance, coalition, shock, ban)
        relax(turn, view, TERMS.calm_stance)
        release(turn, view, share=TERMS.release)
        refill(turn, view, days=TERMS.stock_days)
        return turn.wishes


register(UsaSponsor())
