"""What plants outside the coercer sell, and to whom (ODD 7.8, 7.17)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.firm_rows import contracts, prefer_target
from world.firms import EVADE
from world.laws.flows import ratio
from world.laws.market import allocate_outside
from world.phases.partners import served_by_standing
from world.phases.scratch import Week, need
from world.regime import equity_due, offtake_shares, offtake_split
from world.setting import OTHER
from world.state import World
from world.sums import add_up, mean_of

Array = NDArray[np.float64]


def barred_at_target(world: World) -> NDArray[np.bool_]:
    """(R, P) plants whose material is under a ban on the target."""
    setting = world.setting
    return np.asarray(
        world.law.breadth[:, setting.plants.material * setting.Z + setting.target] > 0
    )


def _sales_limits(week: Week) -> tuple[Array, Array]:
    """(goods on offer (R, P), what may go to the target as a share of it (R, P))."""
    world = week.world
    setting, rows, traits = world.setting, world.plants, world.setting.plants
    held = add_up(rows.stock, axis=1)
    offer = np.where(traits.coercer, 0.0, world.setting.par.export_share_per_week * held)
    content = ratio(rows.stock[:, 0], held, 0.0)
    law = world.law
    barred = barred_at_target(world)
    abroad = (traits.zone != setting.target) & (law.clause > 0)[:, None]
    bound = barred & abroad & (rows.terms != EVADE)
    obeys = bound & (content > setting.par.de_minimis_share)
    # who accepts the terms keeps Chinese-origin goods from the target, unless it never had feed
    clean_only = obeys & (traits.chinese_feed > setting.par.terms_feed_least)
    allowed = np.where(clean_only, 1.0 - content, 1.0)
    rows.stop_weeks[:] = np.where(
        week.choice.plant_stops, world.setting.par.over_compliance_weeks, rows.stop_weeks
    )
    return offer, np.where(rows.stop_weeks > 0, 0.0, allowed)


def ship_outside(week: Week, fill: Array) -> None:
    """Contracts first, then by price and habit (ODD 7.8, offtake 7.17)."""
    world = week.world
    setting, rows, traits = world.setting, world.plants, world.setting.plants
    shape = (world.replicates, setting.M, setting.Z)
    wanted = (need(week.orders)[:, OTHER] + need(week.trader_orders)[:, 1]).reshape(shape)
    offer, allowed = _sales_limits(week)
    price = world.markets.price.reshape(shape)
    pull = price / mean_of(price, axis=-1, keepdims=True)
    habit = _habit(week, wanted)
    weight = habit * pull[:, traits.material] ** setting.par.price_premium_exponent
    standing = served_by_standing(world)
    if standing is not None:
        weight = weight * standing[:, traits.zone]
    # what a plant has sold ahead goes to its buyer whatever others pay
    weight *= ratio(1.0 - traits.offtake_share, add_up(weight, axis=-1), 0.0)[..., None]
    bound = np.flatnonzero(traits.offtake_zone >= 0)
    weight[:, bound, traits.offtake_zone[bound]] += traits.offtake_share[bound]
    prefer_target(world, weight)
    t = setting.target
    withheld = np.where(rows.stop_weeks > 0, rows.output * traits.sales_weight[:, t], 0.0)
    weight[..., t] *= allowed
    contracted = _contracts(week, offer, wanted, allowed)
    left = offer - add_up(contracted, axis=-1)
    taken = setting.plant_pool.sum(np.ascontiguousarray(contracted.swapaxes(1, 2))).swapaxes(1, 2)
    # rounding left by the contracts is no open want: it would draw a plant's whole offer
    missing = np.where(wanted - taken > 1e-12 * wanted, wanted - taken, 0.0)
    sent = contracted + allocate_outside(np.maximum(left, 0.0), weight, missing, setting.plant_pool)
    held = add_up(rows.stock, axis=1)
    mix = np.repeat(ratio(rows.stock[:, 0], held, 0.0)[..., None], setting.Z, axis=-1)
    clean_only = (allowed > 0) & (allowed < 1)
    rest = np.maximum(
        0.0, rows.stock[:, 1] - (add_up(sent, axis=-1) - sent[..., t]) * (1.0 - mix[..., t])
    )
    sent[..., t] = np.where(clean_only, np.minimum(sent[..., t], rest), sent[..., t])
    mix[..., t] = np.where(clean_only, 0.0, mix[..., t])
    chinese = sent * mix
    rows.stock[:, 0] -= add_up(chinese, axis=-1)
    rows.stock[:, 1] -= add_up(sent - chinese, axis=-1)
    np.maximum(rows.stock, 0.0, out=rows.stock)
    week.from_plants, week.from_plants_chinese = sent, chinese
    # only what the clause forbids on the day can be traced and punished later
    evades = (rows.terms == EVADE) & barred_at_target(world) & (world.law.clause > 0)[:, None]
    rows.evaded[:, world.week % rows.evaded.shape[1]] = np.where(evades, chinese[..., t], 0.0)
    pool = setting.plant_pool
    got = pool.sum(np.ascontiguousarray(sent.swapaxes(1, 2))).swapaxes(1, 2).reshape(-1, setting.K)
    got_chinese = pool.sum(np.ascontiguousarray(chinese.swapaxes(1, 2))).swapaxes(1, 2)
    fill_other = np.minimum(1.0, ratio(got, wanted.reshape(-1, setting.K), 1.0))
    fill[:, OTHER] = fill_other
    need(week.shipped)[:, OTHER] = fill_other * need(week.orders)[:, OTHER]
    need(week.mix)[:, OTHER] = ratio(got_chinese.reshape(got.shape), got, 0.0)
    world.markets.outside_origin[:] = need(week.mix)[:, OTHER]
    by_material = np.zeros(shape)
    by_material[..., t] = pool.sum(withheld)
    week.withheld = by_material.reshape(-1, setting.K)


def _habit(week: Week, wanted: Array) -> Array:
    """(R, P, Z) where a plant sells beside its contracts, and where buyers stand short."""
    world = week.world
    setting, traits = world.setting, world.setting.plants
    short = 1.0 - world.markets.channel_fill[:, OTHER].reshape(wanted.shape)
    short = np.where(short > 1e-9, short, 0.0)  # rounding is no shortage
    calls = ratio(wanted, add_up(wanted, axis=-1, keepdims=True), 0.0)
    # a bulk good goes to whoever orders it
    loose = setting.free_trade[:, None]
    drawn = (loose + setting.par.open_sales * short) * calls
    habit = (1.0 - loose[traits.material]) * traits.free_sales + drawn[:, traits.material]
    # a mine of a kind that nobody has run has no customers yet: it sells to whoever orders
    new = setting.unproven
    habit[:, new] = ((1.0 + setting.par.open_sales * short) * calls)[:, traits.material[new]]
    habit[:, traits.coercer] = 0.0
    return np.asarray(habit)


def _contracts(week: Week, offer: Array, wanted: Array, allowed: Array) -> Array:
    """(R, P, Z) tonnes that states have contracted ahead of other buyers."""
    world = week.world
    setting, traits = world.setting, world.setting.plants
    equity = (world.markets.equity > 0).any()
    if not (contracts(world) > 0).any() and not equity:
        return np.zeros((*offer.shape, setting.Z))
    promised = np.minimum(offer, offtake_shares(world) * world.plants.capacity)
    sent = promised[..., None] * offtake_split(world)[:, traits.material]
    if equity:
        due = equity_due(world)
        left = ratio(offer - promised, add_up(due, axis=-1), 0.0)
        sent = sent + due * np.minimum(1.0, left)[..., None]
    sent[..., setting.target] *= allowed
    asked = setting.plant_pool.sum(np.ascontiguousarray(sent.swapaxes(1, 2))).swapaxes(1, 2)
    return np.asarray(sent * np.minimum(1.0, ratio(wanted, asked, 0.0))[:, traits.material])
