"""Cover: what states make good to firms that are listed for serving the target (ODD 7.9, 7.13).

Who would refuse its customers in the target for fear, and serves them since its state covers the
loss, is now and then taken for a violator, as a firm is that defies its fear. It then loses what
the coercer supplies, and its state pays the part of the loss that it promised. Without cover
nothing happens here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from world.phases.firms import false_alarm
from world.phases.scratch import Week, need
from world.sums import add_up

if TYPE_CHECKING:
    from world.setting import Setting

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]


def list_covered(week: Week, caught: Flags | None) -> None:
    """Lists firms that serve on under cover and books what states pay; `caught` (R, F) seats."""
    world = week.world
    setting, users, plants = world.setting, world.users, world.plants
    users.listed_weeks[:] = np.maximum(0.0, users.listed_weeks - 1.0)
    cover = world.regime["customer_cover"][:, :, 0] * _abroad(setting)
    if not (cover > 0).any():
        return
    hit_users = np.zeros(users.listed_weeks.shape, dtype=bool)
    hit_plants = np.zeros(plants.blacklist_weeks.shape, dtype=bool)
    covered, selling = week.choice.user_covered, week.choice.plant_covered
    if covered is not None and selling is not None:
        hit_users, hit_plants = _struck(week, covered, selling, caught)
    loss = world.setting.user_markets.sum(_user_loss(week, hit_users))
    paid = add_up(loss.reshape(-1, setting.M, setting.Z), axis=1)
    paid += setting.plant_zones.sum(_plant_loss(week, hit_plants))
    week.money["cover"] = cover * (paid + premium_usd(setting) / 52.0)
    _pay_firms(week, cover, hit_users, hit_plants)


def premium_usd(setting: Setting) -> Array:
    """(Z,) USD a year that full cover costs a state beside what it pays to listed firms."""
    sales = setting.user_markets.sum(setting.users.value_added * setting.users.target_sales)
    by_zone = add_up(sales.reshape(setting.M, setting.Z), axis=-2)
    return np.asarray(_abroad(setting) * by_zone * setting.par.cover_cost)


def _abroad(setting: Setting) -> Array:
    """(Z,) 1 for third countries: the target's own firms and the coercer's have nothing to fear."""
    abroad = np.ones(setting.Z)
    abroad[[setting.coercer, setting.target]] = 0.0
    return abroad


def _struck(
    week: Week, covered: Flags, selling: Flags, caught: Flags | None
) -> tuple[Flags, Flags]:
    """(users (R, N), plants (R, P)) that are listed this week, those of seats with their firm."""
    world = week.world
    setting, par, firms = world.setting, world.setting.par, world.setting.firms
    users, traits, part = setting.users, setting.plants, setting.users.industrial
    at_risk = covered & (world.users.listed_weeks <= 0)
    at_risk[:, part] &= need(week.refuses) < 1.0
    sells = selling & (world.plants.stop_weeks <= 0) & (world.plants.blacklist_weeks <= 0)
    after = np.array([m.traceability_after_processing for m in setting.base.materials])
    odds = false_alarm(world, setting.trace[users.market[part] // setting.Z], users.zone[part])
    luck = week.draws.uniform(world.week, "covered user listed", part.stop)
    hit = np.zeros_like(at_risk)
    hit[:, part] = at_risk[:, part] & (luck < odds)
    plant_odds = false_alarm(world, after[traits.material], traits.zone)
    luck = week.draws.uniform(world.week, "covered plant listed", len(traits.zone))
    struck = sells & (luck < plant_odds)
    hit[:, firms.users] = struck[:, firms.plants] = False
    rows = world.users.listed_weeks
    rows[:] = np.where(hit, par.blacklist_weeks, rows)
    plants = world.plants.blacklist_weeks
    plants[:] = np.where(struck, par.blacklist_weeks, plants)
    if caught is not None:  # the whole firm is on the list already
        hit[:, firms.users] = at_risk[:, firms.users] & caught[:, firms.user_firm]
        struck[:, firms.plants] = selling[:, firms.plants] & caught[:, firms.plant_firm]
    return hit, struck


def _user_loss(week: Week, hit: Flags) -> Array:
    """(R, N) USD that a listed user loses: its exposure in weeks of its margin in the target."""
    users, par = week.world.setting.users, week.world.setting.par
    margin = par.firm_margin * users.value_added / 52.0 * users.target_sales
    return np.where(hit, np.where(hit, users.exposure, 0.0) * margin, 0.0)


def _plant_loss(week: Week, hit: Flags) -> Array:
    """(R, P) the same of a plant."""
    world = week.world
    traits, par = world.setting.plants, world.setting.par
    price = world.markets.price[:, traits.market] * world.setting.base_price[traits.material]
    margin = par.refiner_margin * price * world.plants.output * traits.target_sales
    return np.where(hit, traits.margin_exposure * margin, 0.0)


def _pay_firms(week: Week, cover: Array, hit_users: Flags, hit_plants: Flags) -> None:
    """(R, F) what firms with a seat get of it, for their books."""
    setting = week.world.setting
    firms = setting.firms
    if not len(firms):
        return
    own = _user_loss(week, hit_users) * cover[:, setting.users.zone]
    made = _plant_loss(week, hit_plants) * cover[:, setting.plants.zone]
    week.compensated = firms.by_user.sum(own[:, firms.users])
    week.compensated = week.compensated + firms.by_plant.sum(made[:, firms.plants])
