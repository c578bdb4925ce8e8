"""Lets goods pass while it pays, and polices when caught in the act."""

from __future__ import annotations

from agents.players import Luck, Turn, Wish, register
from agents.policies.moves import is_threatened, own_excess, punished, somebody_is_banned
from agents.policies.reactions import retaliate
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("hub_open")


class HubOpen:
    name = "hub_open"
    source = (
        "antimony through Thailand and Mexico, December 2024 to May 2025: imports up sevenfold "
        "(evasion; Reuters 9 July 2025)"
    )
    traits = ("hub", "looks away", "yields only when it stands out", "hosts refineries")

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn = Turn(view)
        retaliate(turn, view)
        threat, ban, rent = view.public_threat, view.worst_ban, view.rents_usd.get(view.actor, 0.0)
        excess, caught = own_excess(view), punished(view)
        pressed = is_threatened(view) & ((excess > TERMS.standing_out) | (caught > 0))
        caught_out = "threat {:.1f}, imports {:.1f} times normal, {:.0f} firms listed"
        turn.set("hub_policing", TERMS.policing, pressed, caught_out, threat, excess, caught)
        away = "looks away: rents of {:.0f} USD a week, threat {:.1f}"
        turn.set("hub_policing", 0, ~pressed, away, rent, threat)
        host = "a ban of breadth {:.2f}: both sides look for a third place to refine"
        turn.set("project_subsidy", TERMS.support, somebody_is_banned(view), host, ban)
        turn.set("project_subsidy", 0, ban <= 0, "no ban stands")
        return turn.wishes


register(HubOpen())
