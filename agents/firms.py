"""Firms with a seat: what their orders change in the week's decisions of their own rows.

Sourcing limits and the appetite for grey goods bend the shares before orders are worked out, the
run rate bends what plants aim at; fear and licence terms are settled at the end. Where a lever
stands at its default the firm's own rules decide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from world.choices import Decisions
from world.contracts import firms_part
from world.firm_rows import blacklisted, of_firms, of_plants, of_users
from world.firms import EVADE, QUIT
from world.laws.capacity import RUNNING
from world.laws.flows import Groups, ratio
from world.phases.outside import barred_at_target
from world.regime import offtake_shares
from world.setting import CHINA, MAIN, OTHER
from world.state import World
from world.sums import add_up

Array = NDArray[np.float64]
Index = NDArray[np.int64]


def grey_places(world: World) -> tuple[Index, Index]:
    """(places among the firms' rows, places in the table of grey buyers) of rows in the target."""
    setting = world.setting
    rows = setting.firms.users
    here = np.flatnonzero(setting.users.zone[rows] == setting.target)
    return here, np.searchsorted(setting.grey_users, rows[here])


def weigh_grey(world: World, wanted: Array) -> None:
    """Grey channels in `wanted` (R, C, G) weigh as much as the firms have an appetite for them."""
    here, places = grey_places(world)
    if len(here):
        wanted[:, MAIN:, places] *= of_users(world, "grey_appetite")[:, None, here]


def keep_limits(world: World, old: Array, share: Array, grey: Array) -> None:
    """Shares (R, 3, N) and grey shares (R, H, G) as the firms limit them, in place.

    A limit on the coercer takes hold by a tenth of what is above it a week, as long as it takes to
    qualify a supplier; without an appetite for grey goods, or on the coercer's blacklist, nothing
    is asked there from this week. What is not bought there is asked of plants elsewhere.
    """
    rows = world.setting.firms.users
    if not len(rows):
        return
    here, places = grey_places(world)
    refused = (of_users(world, "grey_appetite")[:, here] <= 0)[:, None]
    freed = np.where(refused, grey[:, :, places], 0.0)
    grey[:, :, places] -= freed
    share[:, OTHER, rows[here]] += add_up(freed, axis=1)
    cap = np.minimum(of_users(world, "coercer_share_cap"), of_users(world, "coercer_feed_cap"))
    left = 1.0 - world.setting.par.quit_speed
    asked, before = share[:, CHINA, rows], old[:, CHINA, rows]
    most = np.where(cap < 1.0, cap + left * np.maximum(0.0, before - cap), np.inf)
    cut_off = world.firms.blacklist_weeks > 0
    most = np.where(cut_off[:, world.setting.firms.user_firm], 0.0, most)
    excess = np.maximum(0.0, asked - most)
    share[:, CHINA, rows] = asked - excess
    share[:, OTHER, rows] += excess


def under_contract(world: World) -> Array | None:
    """(R, n) t a week that plants outside the coercer make for the firms' own contracts; None where
    no firm has one."""
    part = firms_part(world)
    if part is None:
        return None
    setting, plants = world.setting, world.plants
    first = np.minimum(offtake_shares(world) * plants.capacity, plants.output)
    material = setting.users.market[setting.firms.users] // setting.Z
    return np.asarray(part * setting.plant_pool.sum(first)[:, material])


def _for_itself(world: World) -> Array | None:
    """(R, n) t a week of its contracts that a firm uses itself; what is more is its zone's."""
    made = under_contract(world)
    if made is None:
        return None
    need = world.users.expected_need[:, world.setting.firms.users]
    return np.minimum(made, world.setting.par.contracted_cap * need)


def kept_for_firms(world: World, due: Array) -> tuple[Array, Array]:
    """By market (R, K), t a week: what its firms with a seat use of their own contracts, and what
    these firms need. The rest of a contract is for the other users of the market."""
    own = _for_itself(world)
    if own is None:
        return np.zeros_like(due), np.zeros_like(due)
    setting = world.setting
    market = Groups(setting.users.market[setting.firms.users], setting.K)
    need = world.users.expected_need[:, setting.firms.users]
    return market.sum(own), market.sum(np.where(own > 0, need, 0.0))


def bind_firms(world: World, most: Array) -> None:
    """Who has contracted elsewhere buys so much less from the coercer; `most` (R, N) in place."""
    own = _for_itself(world)
    if own is None:
        return
    rows = world.setting.firms.users
    need = world.users.expected_need[:, rows]
    most[:, rows] = np.minimum(most[:, rows], 1.0 - ratio(own, need, 0.0))


def run_rate(world: World, aim: Array, most: Array) -> Array:
    """Utilisation (R, P) that plants aim at: own plan x run rate, never above what is ready."""
    plants = world.setting.firms.plants
    rate = of_plants(world, "run_rate")
    if (rate != 1.0).any():
        aim = aim.copy()
        aim[:, plants] = np.where(
            rate != 1.0, np.minimum(most[:, plants], aim[:, plants] * rate), aim[:, plants]
        )
    return aim


def steer(world: World, choice: Decisions) -> Decisions:
    """The decisions with fear and licence terms of the firms as their seats order them."""
    if len(world.setting.firms):
        _defy(world, choice)
        _serve_under_cover(world, choice)
        choice.plant_terms = _terms(world, choice.plant_terms)
    return choice


def _defy(world: World, choice: Decisions) -> None:
    """Who is told to trade on does so, and is remembered as one whom the rule calls a violator."""
    firms = world.setting.firms
    defiant = of_firms(world, "heed_threat") <= 0
    if not defiant.any():
        return
    serves = of_users(world, "target_customers") > 0
    drops, stops = choice.user_drops[:, firms.users], choice.plant_stops[:, firms.plants]
    risks = firms.by_user.sum((drops & serves).astype(float))
    risks += firms.by_plant.sum(stops.astype(float))
    choice.firm_defies = defiant & (risks > 0)
    if choice.user_covered is not None and choice.plant_covered is not None:
        choice.user_covered[:, firms.users] |= drops & serves & defiant[:, firms.user_firm]
        choice.plant_covered[:, firms.plants] |= stops & defiant[:, firms.plant_firm]
    choice.user_drops[:, firms.users] = drops & ~defiant[:, firms.user_firm]
    choice.plant_stops[:, firms.plants] = stops & ~defiant[:, firms.plant_firm]


def _serve_under_cover(world: World, choice: Decisions) -> None:
    """A firm that its state covers runs the risk of one that defies its fear: it is less dear."""
    if choice.user_covered is None or choice.plant_covered is None:
        return
    firms = world.setting.firms
    serves = choice.user_covered[:, firms.users] & (of_users(world, "target_customers") > 0)
    serves &= world.users.drop_weeks[:, firms.users] <= 1.0  # else it still refuses this week
    sells = choice.plant_covered[:, firms.plants] & (world.plants.stop_weeks[:, firms.plants] <= 1)
    risks = firms.by_user.sum(serves.astype(float)) + firms.by_plant.sum(sells.astype(float))
    defies = choice.firm_defies
    choice.firm_defies = (risks > 0) if defies is None else defies | (risks > 0)


def _terms(world: World, own: Array) -> Array:
    """Licence terms (R, P) with what seats order of their plants.

    To quit the coercer's feed is always possible; to accept terms or to evade them only while the
    clause binds the material. A firm on the blacklist has no feed to evade with.
    """
    plants, firm = world.setting.firms.plants, world.setting.firms.plant_firm
    ordered = of_plants(world, "licence_terms")
    bound = barred_at_target(world)[:, plants] & (world.law.clause > 0)[:, None]
    running = world.plants.status[:, plants] == RUNNING
    told = (ordered >= 0) & running & (bound | (ordered == QUIT))
    if not told.any():
        return own
    caught = blacklisted(world)[:, firm] & (ordered == EVADE)
    terms = own.copy()
    terms[:, plants] = np.where(told, np.where(caught, float(QUIT), ordered), terms[:, plants])
    return terms
