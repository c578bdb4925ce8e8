"""The states: every seat that is due looks at its own picture and gives orders.

This is all that a run without people needs; a game with seats, inboxes and dated acts asks the
same policies in the same way (`runs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.players import Hold, Luck, Policy, is_due, policy_by_name
from agents.view import state_view, survey
from world.decisions import Order, check_order
from world.scenario import Scenario
from world.state import World

Array = NDArray[np.float64]


class StateOrder(NamedTuple):
    """A seat's order and its value per luck (R,), NaN where that luck leaves the lever alone.

    `order.value` is the value of the first luck that acts.
    """

    order: Order
    value: Array


def default_players(scenario: Scenario) -> dict[str, Policy]:
    """The policy of every seat by the scenario; seats that it does not name hold.

    Raises ValueError for a name that nobody registered.
    """
    if scenario.states_hold:
        return {}
    return {actor: policy_by_name(name) for actor, name in scenario.policies.items()}


def state_wishes(world: World, draws: Luck, players: Mapping[str, Policy]) -> list[StateOrder]:
    """Orders of all seats whose policy decides this week, in the order of zones.

    They are taken on the same state of the world, bind from next week, and have passed the check
    of orders: what the rules or the scenario's own settings do not allow is left out.
    """
    due = [
        (actor, players[actor])
        for actor in world.setting.zone_index
        if actor in players
        and not isinstance(players[actor], Hold)
        and is_due(players[actor], world.week)
    ]
    if not due:
        return []
    seen = survey(world)
    orders = []
    for actor, policy in due:
        for wish in policy.decide(state_view(world, actor, seen), draws):
            value = np.broadcast_to(np.asarray(wish.value, dtype=float), (world.replicates,))
            acting = np.flatnonzero(~np.isnan(value))
            if not len(acting):
                continue
            first = float(value[acting[0]])
            order = Order(world.week, actor, wish.lever, first, policy.name, wish.why)
            if check_order(order, world.setting, world.week) is None and not _held(world, order):
                orders.append(StateOrder(order, value))
    return orders


def _held(world: World, order: Order) -> bool:
    """True for a lever that whoever set up the run wants left alone."""
    full = f"{order.actor}.{order.lever}"
    bare = full.rpartition(".")[0] if "." in order.lever else full
    return any(name in (full, bare) for name in world.setting.scenario.held)
