"""Plants: how hard to run, on whose terms, when to build, close and come back.

Compliance: accept the coercer's licence terms or give up its feed. Transshipment: sell processed
Chinese feed as own origin. Diversification: build, restart, mothball, under a floor or a contract
(ODD 7.8, 7.11, 7.15).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agents.fear import fears_for_payments, fears_the_rule, somebody_covers
from agents.firms import run_rate
from world.draws import Draws
from world.firms import ACCEPT, EVADE, QUIT
from world.laws.capacity import (
    MOTHBALLED,
    PLANNED,
    RUNNING,
    hurdle,
    revenue_under_floor,
    wanted_utilisation,
    worth_building,
)
from world.laws.diplomacy import felt_distrust
from world.laws.inspection import perceived_hazard
from world.laws.trials import overhang
from world.regime import (
    Law,
    believed_risk,
    buyers_gap,
    contract_floor,
    floor_support,
    offtake_gap,
    offtake_shares,
    plant_backers,
    plant_market_price,
)
from world.state import World
from world.sums import add_up

Array = NDArray[np.float64]

LEAST_PRICE = 1e-3  # keeps powers and logs finite; a plant that should stop sees this price


def price_seen(world: World, law: Law) -> tuple[Array, Array]:
    """(price a plant earns with contracts and payments, floor it can count on), (R, P)."""
    setting, plants = world.setting, world.setting.plants
    market = plant_market_price(world)
    own, contract = floor_support(setting, law, market)
    offtake = offtake_gap(world, market + own + contract, setting.par.offtake_margin)
    ahead = buyers_gap(world, market + own + contract + offtake)
    floors = law.floor.reshape(-1, setting.M, setting.Z)[:, plants.material]
    borders = law.border.reshape(-1, setting.M, setting.Z)[:, plants.material]
    # behind a border tariff members sell at the floor; a difference payment counts at home
    member = law.member[:, plants.zone] > 0
    bloc = np.where(member, (floors * borders * law.member[:, None, :]).max(axis=-1), 0.0)
    paid = law.floor[:, plants.market] * (1.0 - law.border[:, plants.market])
    promised, share = contract_floor(setting, law)
    floor = np.maximum(np.maximum(bloc, paid), promised * share)
    if not world.warming:
        floor = np.maximum(floor, setting.sold_ahead * setting.ahead_price)
    # an offtake counts as a floor at its price for its share
    covered = offtake_shares(world) * world.plants.cost * (1.0 + setting.par.offtake_margin)
    floor = np.maximum(floor, covered)
    at_home = world.markets.price[:, plants.material * setting.Z + setting.coercer]
    return np.where(plants.coercer, at_home, market + own + contract + offtake + ahead), floor


def run_at(world: World, seen: Array) -> Array:
    """Utilisation that plants aim at (ODD 7.8); public support lowers the cost they must avoid."""
    setting, par, rows = world.setting, world.setting.par, world.plants
    traits = setting.plants
    # the coercer's own plants are told to give a discount and still mean to sell more by it
    discount = np.where(traits.coercer, world.law.flood[:, traits.material], 0.0)
    signal = np.maximum(seen / (1.0 - discount), LEAST_PRICE)
    bare = rows.cost * par.avoidable_cost_share * (1.0 - support(world))
    below = (seen < bare) & ~traits.coercer
    # before week 0, and where no plant may move, each makes what the base year sells: all is steady
    still = world.warming or setting.scenario.frozen_projects
    normal = np.where(still, traits.base_use, rows.normal)
    most = np.where(traits.coercer | (rows.normal >= traits.full_use), 1.0, normal)
    aim = wanted_utilisation(
        normal,
        np.where(below, LEAST_PRICE, signal),
        traits.elasticity,
        par.utilisation_low,
        most,
    )
    pool = setting.plant_pool.spread(world.pools.stock)
    held = np.where(traits.coercer, pool, add_up(rows.stock, axis=1))
    usual = rows.capacity * np.where(traits.coercer, rows.normal, traits.full_use)
    own = setting.plant_pool.spread(setting.plant_pool.sum(np.where(traits.coercer, usual, 0.0)))
    weeks = held / np.maximum(np.where(traits.coercer, own, usual), 1e-9)
    glut = np.clip((weeks - par.glut_weeks) / par.glut_weeks, 0.0, 1.0)
    aim = aim * (1.0 - glut * (1.0 - par.utilisation_low))
    # makers of bulk goods answer orders that empty their shelves, whatever the price
    thin = np.maximum(0.0, 1.0 - weeks / par.plant_stock_weeks)
    aim = np.minimum(most, aim * (1.0 + setting.free_trade[traits.material] * thin))
    stop = traits.by_product & traits.coercer & (weeks > par.byproduct_stock_weeks)
    aim = run_rate(world, np.where(stop, 0.0, aim), most)
    running = rows.status == RUNNING
    return np.where(
        running, rows.utilisation + par.utilisation_speed * (aim - rows.utilisation), 0.0
    )


def support(world: World) -> Array:
    """(R, P) share of its cost that states bear of a new plant; nothing for old ones."""
    return np.asarray(add_up(plant_backers(world), axis=-1))


def projects(world: World, law: Law, floor: Array) -> tuple[NDArray[np.bool_], ...]:
    """(builds, closes, restarts, scraps) this week, (R, P) each (ODD 7.11)."""
    setting, par, rows = world.setting, world.setting.par, world.plants
    status, weeks = rows.status, world.week
    no = np.zeros(status.shape, dtype=bool)
    closes = (status == RUNNING) & (rows.low_weeks >= par.mothball_weeks)
    # a named real plant waits in mothballs: firms that fail for good are fictional or nameless
    nameless = setting.plants.fictional | setting.plants.aggregate
    scraps = (status == MOTHBALLED) & (rows.mothball_weeks >= par.scrap_weeks) & nameless
    if world.warming or setting.scenario.frozen_projects:
        return no, no, no, no
    if weeks % int(par.review_weeks):
        return no, no, no, scraps
    expected = np.maximum(rows.expected_price, LEAST_PRICE)
    value, left = revenue_under_floor(
        expected, floor, par.price_volatility, par.project_horizon_years
    )
    value = value * (1.0 - _overhang(world))
    felt = felt_distrust(world.zones.reputation, par.reputation_spill)
    felt[:, setting.coercer] = 0.0  # nobody waits for fear of a ban at the coercer's own users
    distrust = add_up(setting.plants.sales_weight[None] * felt[:, None, :], axis=-1)
    borne = support(world)
    pays = worth_building(
        value,
        hurdle(left, par.discount_rate),
        rows.cost,
        borne * rows.cost,
        distrust,
        par.waiting_weight,
        par.distrust_in_hurdle,
    )
    builds = (status == PLANNED) & pays & ~setting.plants.coercer
    unproven = setting.unproven
    builds[:, unproven] &= rows.proof[:, unproven] > 0
    restarts = (status == MOTHBALLED) & (value > rows.cost * (1.0 - borne)) & (rows.wait_weeks <= 0)
    return builds, closes, restarts, scraps


def _overhang(world: World) -> Array:
    """(R, P) part of its price that an investor counts off for what an unproven project may bring.

    As far as it is believed in (ODD 7.11); its own investors count nothing off.
    """
    setting, rows, places = world.setting, world.plants, world.setting.unproven
    off = np.zeros(rows.status.shape)
    if not (rows.belief > 0).any():
        return off
    coming = np.zeros_like(off)
    for k in places:
        trial, plant = setting.base.plants[k].trial, setting.base.plants[k]
        built = plant.capacity_t * trial.scale if trial is not None else 0.0
        coming[:, k] = rows.belief[:, k] * built * (rows.status[:, k] != RUNNING)
    made = np.where(setting.plants.coercer, 0.0, rows.output)
    pool = setting.plant_pool
    off = overhang(pool.spread(pool.sum(coming)), pool.spread(pool.sum(made)))
    off[:, places] = 0.0
    return off


def terms(world: World, law: Law, draws: Draws) -> Array:
    """Licence terms of refiners abroad with Chinese feed, looked at every quarter (ODD 7.15)."""
    setting, par, rows = world.setting, world.setting.par, world.plants
    traits = setting.plants
    if world.week % int(par.terms_period_weeks):
        return rows.terms
    chinese = traits.chinese_feed
    bound = (chinese > par.terms_feed_least) & ~traits.coercer & (traits.zone != setting.target)
    barred = law.breadth[:, traits.material * setting.Z + setting.target] > 0
    choice = bound & barred & (rows.status == RUNNING) & (law.clause > 0)[:, None]
    if not choice.any():
        return np.where(barred, rows.terms, ACCEPT)
    price = world.markets.price
    here, there = price[:, traits.market], price[:, traits.material * setting.Z + setting.target]
    premium = np.maximum(0.0, there - here)
    margin = par.refiner_margin * here
    after = np.array([m.traceability_after_processing for m in setting.base.materials])
    fade = (after / np.maximum(setting.trace, 1e-9))[traits.material]
    hazard = perceived_hazard(believed_risk(world)[:, traits.zone] * fade, np.ones(1))
    sold = par.refiner_evade_share * chinese
    utility = np.stack([
        margin,
        (1.0 - chinese) * (margin + traits.target_sales * premium)
        - par.terms_switching_cost * margin,
        margin + sold * premium - hazard * traits.margin_exposure * margin,
    ])  # fmt: skip
    # firms that evade are fictional by rule of the project, so named ones have two choices
    utility[EVADE] = np.where(traits.fictional, utility[EVADE], -np.inf)
    utility += par.terms_status_quo * margin * (rows.terms == np.arange(3)[:, None, None])
    weight = np.exp((utility - utility.max(axis=0)) / (par.terms_choice_scale * margin))
    everything = add_up(np.moveaxis(weight, 0, -1), axis=-1)
    total = np.cumsum(weight / everything, axis=0)
    luck = draws.uniform(world.week, "refiner terms", len(traits.zone))
    chosen = (luck > total[0]).astype(float) + (luck > total[1])
    cut_off = rows.blacklist_weeks > 0  # who was caught has no feed to accept terms for
    chosen = np.where(cut_off, float(QUIT), chosen)
    return np.where(choice, chosen, np.where(barred, rows.terms, ACCEPT))


def stops_sales(world: World, law: Law, covered: bool = True) -> NDArray[np.bool_]:
    """Plants that stop legal sales to the target for fear, or would if not `covered` (ODD 7.7)."""
    traits, rows = world.setting.plants, world.plants
    held = add_up(rows.stock, axis=1)
    content = np.divide(rows.stock[:, 0], held, out=np.zeros_like(held), where=held > 0)
    rule = fears_the_rule(
        world,
        law,
        traits.zone,
        traits.margin_exposure,
        traits.tolerance,
        content,
        traits.material,
        covered,
    )
    return rule | fears_for_payments(
        world, traits.zone, traits.margin_exposure, traits.tolerance, traits.material
    )


def kept_by_cover(world: World, law: Law, stops: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Plants that serve the target because their state covers them; None where no state does."""
    if not somebody_covers(world):
        return None
    return stops_sales(world, law, covered=False) & ~stops
