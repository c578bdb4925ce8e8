"""Arrivals, use and expectations: the users' half of a week (ODD 7.1-7.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.firm_rows import dropped, learn_to_save
from world.laws.capacity import RUNNING
from world.laws.flows import ratio, receive, smooth
from world.laws.use import (
    draw_down,
    kept_from_target,
    lost_to_refuser,
    redirect,
    research_rate,
    save_material,
    staying,
    thrift,
)
from world.phases.calendar import disruption
from world.phases.scratch import Week, need
from world.phases.sharing import share_stocks
from world.setting import CHINA
from world.sums import add_up
from world.units import HALF_YEAR, QUARTERS_USD_M

Array = NDArray[np.float64]


def receive_goods(week: Week) -> None:
    """Goods under way arrive at users, reserves and traders."""
    world = week.world
    slot = world.week % world.setting.slots
    week.before = world.mass() if world.held is None else world.held
    arrived = receive(world.users.stock, world.users.pipe, slot)
    week.arrived = world.setting.user_markets.sum(arrived)
    share_stocks(week)
    receive(world.traders.stock, world.traders.pipe, slot)
    world.traders.blacklist_weeks[:] = np.maximum(0.0, world.traders.blacklist_weeks - 1.0)
    world.plants.stop_weeks[:] = np.maximum(0.0, world.plants.stop_weeks - 1.0)
    world.users.drop_weeks[:] = np.maximum(0.0, world.users.drop_weeks - 1.0)
    rows = world.users.contract_weeks
    term = world.setting.par.contract_weeks
    # a contract that ends leaves its buyer free for a while before the next one is signed
    free = world.setting.par.contract_free_weeks
    rows[:] = np.where(rows <= 1.0 - free, term, rows - 1.0)


def use_goods(week: Week) -> None:
    """Industrial users run their lines; feed desks give what the plants' plans need."""
    world = week.world
    setting, par, rows = world.setting, world.setting.par, world.users
    users, part = setting.users, setting.users.industrial
    groups = setting.user_markets
    rows.drop_weeks[:] = np.where(
        week.choice.user_drops, par.over_compliance_weeks, rows.drop_weeks
    )
    log_price = np.log(world.markets.price)
    shed = groups.spread(thrift(log_price, par.thrift_price, par.shed_steepness))[..., part]
    x = groups.spread(log_price)[..., part]
    full = rows.intensity[:, part] * users.need[part] * (1.0 - users.sheddable[part] * shed)
    full = full * (1.0 - groups.spread(world.markets.leaked)[..., part])
    shock = disruption(world, "demand_shock")
    if not isinstance(shock, float):
        full = full * groups.spread(shock)[..., part]
    refused = _refuse_customers(week)
    moved = rows.redirected[:, part]
    wanted = np.zeros(rows.expected_need.shape)
    wanted[:, part] = full * (1.0 - refused * (1.0 - moved))
    _plan_feed(week, wanted)
    taken, total = draw_down(wanted, rows.stock)
    _feed_plants(week, wanted, taken, total)
    rows.stock -= taken
    np.maximum(rows.stock, 0.0, out=rows.stock)
    rows.line_rate[:, part] = np.minimum(1.0, ratio(total[:, part], full, 1.0))
    week.refused = kept_from_target(refused, moved, rows.line_rate[:, part])
    week.discount = lost_to_refuser(
        refused, moved, rows.line_rate[:, part], par.redirect_discount
    )
    _remember_halts(week)
    # lines run on what they hold; a price that is not worth paying ends purchases, not output
    stays = staying(x, users.log_reservation[part], users.stay_at_base[part], par.staying_width)
    wanted[:, part] *= stays
    week.need, week.use = wanted, total
    week.gone = _by_material(week, groups.sum(taken))


def _refuse_customers(week: Week) -> Array:
    """(R, industrial) part of full output that the target would buy and is refused (ODD 7.7)."""
    world = week.world
    par, rows, users = world.setting.par, world.users, world.setting.users
    part = users.industrial
    refuses = np.asarray(dropped(world, rows.drop_weeks[:, part] > 0), dtype=float)
    rows.redirected[:, part] = redirect(
        rows.redirected[:, part], refuses, par.redirected_share, par.redirect_speed
    )
    week.refuses = refuses
    return np.asarray(users.target_sales[part] * refuses)


def _remember_halts(week: Week) -> None:
    """Smoothed share of a market's lines that stand still; policies read it (ODD 7.14)."""
    world = week.world
    setting, par = world.setting, world.setting.par
    # rows of desks and reserves keep a rate of 1
    halted = world.users.line_rate < par.stopped_line
    still = setting.user_markets.sum(setting.users.need * halted)
    now = ratio(still, np.broadcast_to(setting.lines_need, still.shape), 0.0)
    world.markets.halted[:] = smooth(world.markets.halted, now, par.halted_smoothing)


def _by_material(week: Week, by_market: Array) -> Array:
    """(R, 2, K) -> (R, M, 2)."""
    setting = week.world.setting
    grid = add_up(by_market.reshape(-1, 2, setting.M, setting.Z), axis=-1)
    return np.ascontiguousarray(grid.swapaxes(1, 2))


def _plan_feed(week: Week, wanted: Array) -> None:
    """Input that a plant's plan needs: tonnes per tonne of output x planned output."""
    world = week.world
    users = world.setting.users
    running = world.plants.status == RUNNING
    hurt = disruption(world, "disaster")
    plan = world.plants.capacity * week.choice.plant_utilisation * running * hurt
    log_price = np.log(world.markets.price)[:, users.market[users.feed]]
    par = world.setting.par
    shed = thrift(log_price, par.thrift_price, par.shed_steepness)
    saved = 1.0 - users.sheddable[users.feed] * shed
    per_output = users.feed_per_output * world.users.intensity[:, users.feed] * saved
    wanted[:, users.feed] = plan[:, users.feed_plant] * per_output


def _feed_plants(week: Week, wanted: Array, taken: Array, total: Array) -> None:
    """The scarcest input decides; what the others hold back stays in stock."""
    world = week.world
    setting = world.setting
    users, part, plants = setting.users, setting.users.feed, len(setting.base.plants)
    share = ratio(total[:, part], wanted[:, part], 1.0)
    rate = np.ones((world.replicates, plants))
    for replicate in range(world.replicates):
        np.minimum.at(rate[replicate], users.feed_plant, share[replicate])
    keep = ratio(rate[:, users.feed_plant], share, 1.0)
    taken[:, :, part] *= keep[:, None]
    total[:, part] *= keep
    chinese = np.zeros_like(rate)
    mass = np.zeros_like(rate)
    for replicate in range(world.replicates):
        np.add.at(chinese[replicate], users.feed_plant, taken[replicate, CHINA, part])
        np.add.at(mass[replicate], users.feed_plant, total[replicate, part])
    week.feed_rate = rate
    week.feed_mix = ratio(chinese, mass, 0.0)


def expect(week: Week) -> None:
    """Expected need and material intensity follow what happened (ODD 7.3, 7.4)."""
    world = week.world
    setting, par, rows = world.setting, world.setting.par, world.users
    part = slice(0, setting.users.feed.stop)  # lines and plants learn to save, reserves do not
    rows.expected_need[:] = smooth(rows.expected_need, need(week.need), par.demand_smoothing)
    rows.expected_need[:, setting.users.reserve] = 0.0
    markets = world.markets
    markets.price_year[:] = smooth(markets.price_year, np.log(markets.price), 1.0 / 52.0)
    markets.price_half_year[:] = smooth(markets.price_half_year, markets.price, 1.0 / HALF_YEAR)
    spending = QUARTERS_USD_M * world.regime["research_usd_m"][:, :, 0]  # USD a year and zone
    risk = add_up(setting.base.value_at_risk_usd, axis=-2)[None] * np.ones_like(spending)
    rate = par.saving_rate * (
        1.0 + par.research_gain * research_rate(spending, risk, par.research_half)
    )
    by_market = np.tile(rate, setting.M)
    groups = setting.user_markets
    rows.intensity[:, part] = save_material(
        rows.intensity[:, part],
        groups.spread(markets.price_year)[:, part],
        groups.spread(by_market)[:, part],
        par.intensity_low,
        par.saving_price_cap,
    )
    learn_to_save(world)
