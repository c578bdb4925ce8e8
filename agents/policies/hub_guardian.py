"""Wants a clean name with both sides: polices under threat, proves origin."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import is_threatened, punished
from agents.policies.reactions import retaliate
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("hub_guardian")


class HubGuardian:
    name = "hub_guardian"
    source = (
        "Turkey and the United Arab Emirates 2022-24: trade in listed goods 0.88 below its peak "
        "after a credible threat; Malaysia's Strategic Trade Act (targets of hub compliance)"
    )
    traits = ("hub", "polices under threat", "looks away when it is gone", "proves origin")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        retaliate(turn, view)
        threat, caught = view.public_threat, punished(view)
        asked = is_threatened(view) | (caught > 0)
        meant = "threat {:.1f} to who passes goods on"
        turn.set("hub_policing", TERMS.policing, is_threatened(view), meant, threat)
        turn.set("hub_policing", TERMS.routine, threat <= 0, "the threat is gone")
        proof = "threat {:.1f}, {:.0f} firms listed"
        turn.set("origin_tracing", TERMS.tracing, asked, proof, threat, caught)
        turn.set("origin_tracing", 0, (threat <= 0) & (caught <= 0), "nobody asks for proof")
        return turn.wishes


register(HubGuardian())
