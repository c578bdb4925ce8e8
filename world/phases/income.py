"""What a zone gains from the trade in minerals, and how the coercer's public sees its answers.

Neither is felt by anybody in the model: they are the books by which seats are judged (ODD 7.14).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.firm_rows import signed
from world.laws.diplomacy import answered, grievance
from world.laws.flows import Groups, ratio
from world.levers import current_rung, ladder
from world.phases.firms import contract_cost
from world.phases.scratch import Week, need
from world.regime import buyers_gap, floor_support, offtake_gap, plant_market_price
from world.setting import CHINA, OTHER
from world.sums import add_up

Array = NDArray[np.float64]


def income(week: Week) -> Array:
    """(R, Z) USD of the week: what prices and sales bring a zone over the base year.

    Its plants earn what they sell over avoidable cost, with what states and buyers that bought
    ahead pay them; its users pay more or less than the base price, and what they agreed ahead or,
    as firms with a seat, under contract; its traders earn the premium on what they pass on.
    """
    world = week.world
    setting = world.setting
    grid = (-1, setting.M, setting.Z)
    usd, price = setting.market_price_usd, world.markets.price
    bought = add_up(need(week.shipped), axis=1)
    reserve = setting.users.reserve
    fill = ratio(bought, add_up(need(week.orders), axis=1), 1.0)
    own = setting.users.market[reserve]
    bought[:, own] -= need(week.asked)[:, reserve] * fill[:, own]
    credit = world.law.credit * need(week.shipped)[:, OTHER] * price
    # who buys from the coercer pays the tariff, also where the market has not caught up with it
    taxed = need(week.shipped)[:, CHINA] * np.maximum(0.0, need(week.delivered) - price)
    dearer = add_up(((bought * (price - 1.0) + taxed - credit) * usd).reshape(grid), axis=1)
    margin, agreed = _plant_margin(week)
    plants = setting.plant_zones.sum(margin) - setting.plant_buyers.sum(agreed)
    if signed(world) is not None:  # what its firms pay plants elsewhere is gone from the zone
        home = [setting.zone_index[firm.zone] for firm in setting.firms.firms]
        plants = plants - Groups(np.array(home), setting.Z).sum(contract_cost(world))
    return np.asarray(plants - dearer + _rents(week))


def _plant_margin(week: Week) -> tuple[Array, Array]:
    """(USD of the week over the base year, what of it buyers pay on contracts), (R, P) each.

    Nothing for the coercer's own plants.
    """
    world = week.world
    setting, par, rows = world.setting, world.setting.par, world.plants
    traits = setting.plants
    price = world.markets.price.reshape(-1, setting.M, setting.Z)[:, traits.material]
    market = plant_market_price(world)
    own, contract = floor_support(setting, world.law, market)
    helped = own + contract
    helped = helped + offtake_gap(world, market + helped, par.offtake_margin)
    ahead = buyers_gap(world, market + helped)
    helped = helped + ahead
    cost = rows.cost * par.avoidable_cost_share
    paid = cost * (1.0 - week.choice.plant_support)
    sold = need(week.from_plants)
    gain = add_up(sold * price, axis=-1) - paid * add_up(sold, axis=-1) + helped * rows.output
    usual = np.array([plant.base_output_t for plant in setting.base.plants]) * (1.0 - cost)
    worth = setting.base_price[traits.material]
    return np.where(traits.coercer, 0.0, (gain - usual) * worth), ahead * rows.output * worth


def _rents(week: Week) -> Array:
    """(R, Z) USD that traders of a hub earn on what they pass on to the target."""
    world = week.world
    setting = world.setting
    price = world.markets.price
    target = np.tile(np.arange(setting.M) * setting.Z + setting.target, setting.H)
    gap = np.maximum(0.0, price[:, target] - price[:, setting.lane_market])
    earned = need(week.regrey) * gap * np.tile(setting.base_price, setting.H)
    rents = np.zeros((world.replicates, setting.Z))
    by_hub = add_up(earned.reshape(-1, setting.H, setting.M), axis=-1)
    for h, zone in enumerate(setting.hub_zones):
        rents[:, zone] += by_hub[:, h]
    return rents


def opinion(week: Week) -> Array:
    """(R,) weekly shift of how the coercer's public sees its answers to provocations.

    A provocation that is answered speaks for it; one without an answer speaks against it, and so
    does a measure against the target that nothing provokes any more.
    """
    world = week.world
    scenario = world.setting.scenario
    par = world.setting.par
    aggrieved = grievance(world.zones.provocation.max(axis=-1), par.full_grievance)
    signal = np.array([step.signal for step in ladder()])
    step = current_rung(world.regime, scenario, scenario.target).astype(int)
    answer = answered(signal[step], par.answer_signal)
    needless = (1.0 - aggrieved) * answer
    return np.asarray(par.opinion_step * (aggrieved * (2.0 * answer - 1.0) - needless))
