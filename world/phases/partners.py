"""Trade that leaves: from who lost its standing with the alliance (ODD 7.17, lever
`partner_terms`), and from a coercer that bans customers who are no party to its quarrel.

Nothing here happens while no state's lever is up, no such ban stands and no orders are away.
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


def customers_banned(world: World) -> Array | None:
    """(R, Z) breadth of the coercer's measures on zones outside its quarrel, None without any."""
    setting = world.setting
    ban, listed = (world.regime[name][:, setting.coercer, :] for name in ("ban_breadth", "listing"))
    outside = np.isin(np.arange(setting.Z), setting.bystanders)
    felt = np.maximum(ban, listed) * outside
    return felt if (felt > 0).any() else None


def partner_loss(world: World) -> Array | None:
    """(R, Z) yearly loss as orders of allies and customers move away, in shares of GDP; None where
    none do.

    Who loses orders finds other buyers for most of them at a discount; who moves them pays more.
    """
    setting, par, rows = world.setting, world.setting.par, world.zones
    terms, banned = terms_in_force(world), customers_banned(world)
    if terms is None and banned is None and not (rows.orders_lost > 0).any():
        return None
    made = np.array([zone.manufacturing_usd for zone in setting.base.zones])
    sales = made[:, None] * made / add_up(made, axis=-1)  # (Z, Z) seller by buyer, USD a year
    pairs = np.zeros((world.replicates, setting.Z, setting.Z))
    if terms is not None:
        pairs = sales * terms[:, None, :] * (1.0 - np.eye(setting.Z))
    lost = standing_lost(world.zones.alliance_approval, par.neutral_trust)
    c = setting.coercer
    lost[:, c] = 0.0
    if banned is not None:
        pairs[:, c], lost[:, c] = sales[c] * banned, 1.0
    goal = par.orders_at_stake * lost * add_up(pairs, axis=-1)
    rows.orders_lost[:] = smooth(rows.orders_lost, goal, par.goods_adjust)
    kept = par.redirected_share * (1.0 - par.redirect_discount)
    parts = ratio(pairs, add_up(pairs, axis=-1, keepdims=True), 0.0)
    dearer = par.redirect_discount * add_up(parts * rows.orders_lost[:, :, None], axis=1)
    return np.asarray(((1.0 - kept) * rows.orders_lost + dearer) / setting.gdp)
