"""Over-compliance: when a firm stops trade that is legal, for fear of being taken for a violator.

ODD 7.7: it stops legal sales to the target if p_fp * belief * exposure > margin * (1 + tolerance *
spread), all over its margin, and only for goods with Chinese content above de minimis while the
third-country clause is in force. What its state promises to make good it does not fear.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.regime import Law, believed_risk, payment_risk
from world.state import World

Array = NDArray[np.float64]


def fears_the_rule(
    world: World,
    law: Law,
    zone: NDArray[np.int64],
    exposure: Array,
    tolerance: Array,
    content: Array,
    material: NDArray[np.int64],
    covered: bool = True,
) -> NDArray[np.bool_]:
    """(R, n) firms that stop legal trade with the target this week; who would if not `covered`."""
    setting, par = world.setting, world.setting.par
    foreign = (zone != setting.target) & (zone != setting.coercer)
    if not (law.clause > 0).any():
        return np.zeros(content.shape, dtype=bool)
    barred = law.breadth[:, setting.target :: setting.Z][:, material] > 0
    risk = believed_risk(world)[:, zone]
    loss = par.false_positive_share * risk * exposure
    if covered and somebody_covers(world):
        loss = loss * (1.0 - par.cover_believed * world.regime["customer_cover"][:, zone, 0])
    weigh = np.maximum(par.least_tolerance, 1.0 + tolerance * par.tolerance_spread)
    legal_basis = (law.clause > 0)[:, None] & barred & (content > par.de_minimis_share)
    return np.asarray((loss > weigh) & foreign & legal_basis)


def somebody_covers(world: World) -> bool:
    """True where any state makes good what its firms may lose by serving the target."""
    return bool((world.regime["customer_cover"] > 0).any())


def fears_for_payments(
    world: World, zone: NDArray[np.int64], exposure: Array, tolerance: Array,
    material: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """(R, n) firms that stop trade with the target lest they lose the coercer's payments.

    Whatever the origin of their goods, where the material is barred there (ODD 7.7).
    """
    setting, par = world.setting, world.setting.par
    risk = payment_risk(world)
    if not (risk > 0).any():
        return np.zeros((world.replicates, len(zone)), dtype=bool)
    foreign = (zone != setting.target) & (zone != setting.coercer)
    barred = world.law.breadth[:, setting.target :: setting.Z][:, material] > 0
    weigh = np.maximum(par.least_tolerance, 1.0 + tolerance * par.tolerance_spread)
    return np.asarray((risk[:, zone] * exposure > weigh) & foreign & barred)
