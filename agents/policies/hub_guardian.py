"""Wants a clean name with both sides: polices under threat, proves origin."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import is_threatened, punished
from agents.view import StateView


class HubGuardian:
    name = "hub_guardian"
    source = (
        "Turkey and the United Arab Emirates 2022-24: trade in listed goods 0.88 below its peak "
        "after a credible threat; Malaysia's Strategic Trade Act (targets of hub compliance)"
    )
    traits = ("hub", "polices under threat", "looks away when it is gone", "proves origin")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        threat, caught = view.public_threat, punished(view)
        asked = is_threatened(view) | (caught > 0)
        turn.set(
            "hub_policing", 0.8, is_threatened(view), "threat {:.1f} to who passes goods on", threat
        )
        turn.set("hub_policing", 0.1, threat <= 0, "the threat is gone")
        turn.set("origin_tracing", 0.5, asked, "threat {:.1f}, {:.0f} firms listed", threat, caught)
        turn.set("origin_tracing", 0, (threat <= 0) & (caught <= 0), "nobody asks for proof")
        return turn.wishes


register(HubGuardian())
