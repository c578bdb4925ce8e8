"""Allies whose trade follows how a partner stands with them: one habit beside four pages."""

from __future__ import annotations

from agents.players import Luck, Policy, Turn, Wish, register
from agents.policies.australia_partner import AustraliaPartner
from agents.policies.eu_rules import EuRules
from agents.policies.japan_diversifier import JapanDiversifier
from agents.policies.moves import somebody_is_banned
from agents.policies.reactions import retaliate
from agents.policies.usa_sponsor import UsaSponsor
from agents.view import StateView
from world.policy_terms import terms

TERMS = terms("bloc")


class Bloc:
    """Speaks with the others and trades with who stands by them, else as another page does."""

    source = (
        "FORGE of February 2026, a preferential zone of who joins, and subsidies that leave out "
        "goods of foreign entities of concern (price_floors; Sejong Focus 2026); a supposition"
    )

    def __init__(self, name: str, page: Policy) -> None:
        self.name, self.page = name, page
        self.traits = (page.traits[0], "buys from friends and serves them first", *page.traits[1:])

    def decide(self, view: StateView, draws: Luck) -> list[Wish]:
        turn, ban, banned = Turn(view), view.worst_ban, somebody_is_banned(view)
        retaliate(turn, view)
        friends = "a ban of breadth {:.2f}: orders and goods go to who stands with the alliance"
        turn.set("partner_terms", TERMS.partner_terms, banned, friends, ban)
        turn.set("partner_terms", 0, ban <= 0, "no ban stands")
        trust = view.allied_trust[view.target]
        with_us = trust >= TERMS.speak_trust
        stands = view.target + " stands with the alliance ({:.2f}): its allies speak for it"
        turn.set("joint_statement", 1, banned & with_us, stands, trust)
        alone = "no ban stands, or " + view.target + " keeps its distance ({:.2f})"
        turn.set("joint_statement", 0, (ban <= 0) | ~with_us, alone, trust)
        turn.set("tariff_on_coercer", TERMS.tariff, banned & with_us, stands, trust)
        turn.set("tariff_on_coercer", 0, (ban <= 0) | ~with_us, alone, trust)
        # the page has no say in these
        own = ("partner_terms", "joint_statement", "tariff_on_coercer")
        rest = self.page.decide(view, draws)
        return [*turn.wishes, *(wish for wish in rest if wish.lever not in own)]


register(Bloc("usa_bloc", UsaSponsor()))
register(Bloc("japan_bloc", JapanDiversifier()))
register(Bloc("eu_bloc", EuRules()))
register(Bloc("australia_bloc", AustraliaPartner()))
