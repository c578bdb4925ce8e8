"""What a week costs a zone: lost output, goods that do not come, and the ladder (ODD 7.13)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.levers import ladder
from world.network.phase import network_loss
from world.phases.methods import proportional
from world.phases.partners import partner_loss
from world.phases.scratch import Week, need
from world.scenario import NETWORK, OWN_LOSSES
from world.sums import add_up
from world.units import TINY

Array = NDArray[np.float64]


def damage(week: Week) -> dict[str, Array]:
    """Loss of output by zone, from minerals, from other listed goods and from the ladder."""
    world = week.world
    setting, par, groups = world.setting, world.setting.par, world.setting.user_markets
    users = setting.users
    refusals = _refusals(week)
    kept = groups.sum(users.value_added * world.users.line_rate)
    risk = setting.at_risk
    grid = (-1, setting.M, setting.Z)
    lost = add_up((risk - kept + refusals["discount"]).reshape(grid), axis=1)
    if setting.scenario.losses == NETWORK:
        share_lost = network_loss(week, kept, risk)
        lost[:, setting.target] = share_lost * setting.gdp[setting.target]
    elif setting.scenario.losses != OWN_LOSSES:
        lost = proportional(week)
    at_risk = add_up(risk.reshape(setting.M, setting.Z), axis=-2)
    goods = np.array([setting.goods_usd.get(z.code, 0.0) for z in setting.base.zones])
    absent = world.law.goods_breadth * goods
    if setting.scenario.losses == NETWORK:  # its firms miss these goods themselves
        absent[:, setting.target] = 0.0
    zones = world.zones
    part = par.goods_adjust
    banned = absent * par.goods_pass_through / setting.gdp
    zones.goods_banned_loss += part * (banned - zones.goods_banned_loss)
    refused = add_up(refusals["refused"].reshape(grid), axis=1)
    absent[:, setting.target] += par.goods_per_value_added * add_up(refused, axis=-1)
    aim = absent * par.goods_pass_through / setting.gdp
    zones.goods_loss += part * (aim - zones.goods_loss)
    ladder_cost = _ladder_cost(week)
    share = lost / setting.gdp + zones.goods_loss + ladder_cost
    moved = partner_loss(world)
    if moved is not None:
        share = share + moved
    zones.gdp_loss[:] = share
    zones.loss_total_usd += share * setting.gdp / 52.0
    refusing = refusals["refusing"].reshape(grid)
    refusing_share = add_up(refusing, axis=1) / np.maximum(at_risk, TINY)
    _tell_refusals(week, refusing, refusing_share)
    still = groups.sum(users.value_added * (world.users.line_rate < par.stopped_line))
    return {
        "stopped": add_up(still.reshape(grid), axis=1) / np.maximum(at_risk, TINY),
        "mineral": lost / np.maximum(at_risk, TINY), "share": share,
        "refused_usd": refused / 52.0,
        "refused_share": refusing_share,
        "orders_lost": zones.orders_lost / 52.0,
    }  # fmt: skip


def _refusals(week: Week) -> dict[str, Array]:
    """Refused customers by market of the refuser, (R, K) USD a year (ODD 7.7, 7.13).

    `refusing` is the value added of who refuses, `refused` the part of it in what the target does
    not get, `discount` what selling that elsewhere costs.
    """
    world = week.world
    users = world.setting.users
    part = users.industrial
    value = np.zeros((world.replicates, len(users.market)))
    found = {}
    shares = (("refusing", week.refuses), ("refused", week.refused), ("discount", week.discount))
    for name, share in shares:
        value[:, part] = users.value_added[part] * need(share)
        found[name] = world.setting.user_markets.sum(value)
    return found


def _tell_refusals(week: Week, refusing: Array, share: Array) -> None:
    """Says in which zone firms begin to refuse customers in the target, and where most of all.

    `refusing` (R, M, Z) is the value added of who refuses, `share` (R, Z) its part of the zone's.
    """
    world = week.world
    setting, least = world.setting, world.setting.par.refusals_told
    before = world.last.get("zones", {}).get("refused_customers_share", np.zeros_like(share))
    target = setting.scenario.target
    for luck, z in zip(*np.nonzero((share >= least) & (before < least)), strict=True):
        zone = setting.base.zones[z].code
        good = setting.base.materials[int(refusing[luck, :, z].argmax())]
        part = float(share[luck, z])
        week.tell(
            int(luck), "refused_customers", zone, target,
            f"Firms in {zone} that carry {part:.0%} of its value at risk refuse customers in "
            f"{target} for fear of the third-country clause, most of all users of {good.id}.",
            share=part, material=good.id,
        )  # fmt: skip


def _ladder_cost(week: Week) -> Array:
    """(R, Z) yearly cost of the ladder's non-trade steps, in shares of GDP."""
    world = week.world
    setting = world.setting
    c = setting.coercer
    cost = np.zeros((world.replicates, setting.Z))
    steps = ladder()
    flags = ("travel_advice", "culture_ban", "seafood_ban")
    for k, name in enumerate(flags, start=1):
        on = world.regime[name][:, c, :]
        more = steps[k].cost_target_share - steps[k - 1].cost_target_share
        own = steps[k].cost_coercer_share - steps[k - 1].cost_coercer_share
        cost += on * more
        cost[:, c] += add_up(on * own, axis=1)
    return cost
