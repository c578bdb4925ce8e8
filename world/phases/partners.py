"""Trade that follows how a partner stands with the alliance (ODD 7.17, lever `partner_terms`).

Nothing here happens while no state's lever is up and no orders are away.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.laws.diplomacy import serve_by_standing, standing_lost
from world.laws.flows import ratio, smooth
from world.state import World
from world.sums import add_up

Array = NDArray[np.float64]


def terms_in_force(world: World) -> Array | None:
    """(R, Z) the lever of every state but the coercer, None where it is down everywhere."""
    terms = np.array(world.regime["partner_terms"][:, :, 0])
    terms[:, world.setting.coercer] = 0.0
    return terms if (terms > 0).any() else None


def served_by_standing(world: World) -> Array | None:
    """(R, Z, Z) weight of buyers for plants of each state, or None where nobody asks."""
    terms = terms_in_force(world)
    if terms is None:
        return None
    return serve_by_standing(terms, world.zones.alliance_approval, world.setting.par.neutral_trust)


def partner_loss(world: World) -> Array | None:
    """(R, Z) yearly loss as orders of allies move away, in shares of GDP; None where none do.

    Who loses orders finds other buyers for most of them at a discount; who moves them pays more.
    """
    setting, par, rows = world.setting, world.setting.par, world.zones
    terms = terms_in_force(world)
    if terms is None and not (rows.orders_lost > 0).any():
        return None
    made = np.array([zone.manufacturing_usd for zone in setting.base.zones])
    sales = made[:, None] * made / add_up(made, axis=-1)  # (Z, Z) seller by buyer, USD a year
    pairs = np.zeros((world.replicates, setting.Z, setting.Z))
    if terms is not None:
        pairs = sales * terms[:, None, :] * (1.0 - np.eye(setting.Z))
    lost = standing_lost(world.zones.alliance_approval, par.neutral_trust)
    lost[:, setting.coercer] = 0.0
    goal = par.orders_at_stake * lost * add_up(pairs, axis=-1)
    rows.orders_lost[:] = smooth(rows.orders_lost, goal, par.goods_adjust)
    kept = par.redirected_share * (1.0 - par.redirect_discount)
    parts = ratio(pairs, add_up(pairs, axis=-1, keepdims=True), 0.0)
    dearer = par.redirect_discount * add_up(parts * rows.orders_lost[:, :, None], axis=1)
    return np.asarray(((1.0 - kept) * rows.orders_lost + dearer) / setting.gdp)
