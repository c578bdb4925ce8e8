"""Answers pressure in kind and buys its own chain."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import (
    contract,
    cover_firms,
    floor,
    is_banned,
    refill,
    release,
    somebody_is_banned,
    support,
)
from agents.policies.reactions import react
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("eu_autonomy")


class EuAutonomy:
    name = "eu_autonomy"
    source = (
        "Anti-Coercion Instrument (regulation 2023/2675), RESourceEU December 2025, Caremag, "
        "the joint stock of tungsten, rare earths and gallium 2026 (stockpiles: EUU rows; "
        "capacity_projects)"
    )
    traits = (
        "EUU",
        "counter-tariff when banned itself",
        "contracts and supports",
        "joins the floor",
    )

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        react(turn, view)
        own, ban, distrust = view.ban_on(view.actor), view.worst_ban, view.distrust
        alarm = somebody_is_banned(view) | (distrust > TERMS.alarm_distrust)
        shock = "a ban of breadth {:.2f} on itself"
        turn.set("tariff_on_coercer", TERMS.tariff, is_banned(view), shock, own)
        turn.set("tariff_on_coercer", 0, own <= 0, "no ban on itself")
        release(turn, view, share=TERMS.release)
        worry = "ban {:.2f}, distrust {:.2f}"
        turn.set("forge_member", 1, alarm, worry, ban, distrust)
        cover_firms(turn, view, TERMS.cover)
        floor(turn, view)
        contract(turn, view, part=TERMS.contract, when=alarm)
        support(turn, view, TERMS.support, alarm, worry, ban, distrust)
        refill(turn, view, days=TERMS.stock_days)
        return turn.wishes


register(EuAutonomy())
