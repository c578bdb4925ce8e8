"""Orders about export measures, where there is none and nobody brings one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runs.seats import HOLD, PERSON
from world.cases import is_about_measures, may_be_measure, without_measure
from world.decisions import Order, Refusal
from world.phases.court import measures_stand

if TYPE_CHECKING:
    from runs.play import Play


def unheard(game: Play, order: Order) -> Refusal | None:
    """Why a case or a reason has nothing to be about in a game as it stands, or None.

    It waits where a measure is on its way, dated or ordered, or may come: where a person or a
    policy plays the coercer.
    """
    if not is_about_measures(order.lever, order.value):
        return None
    seats, coercer = game.seating, game.plan.coercer
    played = seats.label[coercer] == PERSON or seats.playing[coercer].name != HOLD
    if played or measures_stand(game.world).any():
        return None
    coming = [waiting for _, waiting, _ in game.world.pending]
    coming += [one for orders in seats.inbox.values() for one in orders]
    coming += [act.order for act in game.acts_ahead if act.order is not None]
    if coercer in seats.past:
        coming += [act for act in game.plan.history if act.week >= game.week]
    if any(one.actor == coercer and may_be_measure(one.lever, one.value) for one in coming):
        return None
    return Refusal(order, without_measure(order.actor, order.lever, coercer))
