"""Losses by the methods of others, beside the model's own: no buffers, proportional (ODD 7.13).

A scenario's key `losses` says by which. None of them knows stocks, releases, pipelines or other
sellers: what the coercer does not let go in a week is lost output in that week, in proportion.

    model       the lines of the model, with all buffers
    no-buffers  the model's value at risk times the part of all purchases that does not come
    leontief    the same, and what the suppliers of lines that stand still lose in turn
    nri         Nomura Research Institute: a share of GDP for a year without the coercer's rare
                earths, scaled with what is withheld
    dir         Daiwa Institute of Research: the same with its own shares, for rare earths and for
                the other minerals
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from world.facts import load_facts
from world.laws.flows import ratio
from world.network.figures import chain_value, uses
from world.phases.scratch import Week, need
from world.scenario import LEONTIEF, NO_BUFFERS
from world.setting import CHINA
from world.sums import add_up, one_by_one
from world.units import TINY

Array = NDArray[np.float64]

REFERENCE = "JPN"  # whose losses the institutes have worked out
RARE_EARTH_TIERS = 3  # scopes of a ban below this one cover rare earths only
STUDIES = {"nri": ("NRI_ree_12m", ""), "dir": ("DIR_ree_12m", "DIR_raremetals_12m")}


@cache
def yearly_shares(method: str) -> tuple[float, float]:
    """(share of GDP lost in a year without rare earths, the same that other minerals add)."""

    def of(scenario: str) -> float:
        rows = load_facts().rows(
            "macro", country=REFERENCE, indicator="gdp_change", scenario=scenario
        )
        return -next(rows).number("value") / 100.0

    rare, all_ = STUDIES[method]
    return of(rare), of(all_) - of(rare) if all_ else 0.0


def chains(materials: Sequence[str]) -> Array:
    """(M,) value added that stops with a line over that of the line itself, by what it needs."""
    value = chain_value()
    found = [
        one_by_one([np.asarray(part * value[s]) for s, part in uses().get(m, {}).items()])
        for m in materials
    ]
    return np.array([float(one) for one in found])


def let_go(week: Week) -> Array:
    """(R, K) part of the usual purchases that the coercer lets go, smugglers not counted.

    No institute counts with them: a stop is a stop whatever passes beside it.
    """
    setting, asked = week.world.setting, need(week.orders)[:, CHINA]
    everything = asked + need(week.trader_orders)[:, 0]
    hidden = need(week.smuggled) * ratio(asked, everything, 0.0)  # of it what users get
    usual = np.minimum(asked, setting.base_china) - hidden
    papers = need(week.shipped)[:, CHINA] - hidden
    cleared = need(week.cleared)
    part = np.where(usual > 0, np.maximum(0.0, ratio(papers, usual, 1.0)), cleared)
    return np.asarray(np.minimum(cleared, part))


def proportional(week: Week) -> Array:
    """(R, Z) USD a year lost by the method that the scenario names."""
    setting = week.world.setting
    missing = 1.0 - let_go(week)
    grid = (-1, setting.M, setting.Z)
    method = setting.scenario.losses
    if method in (NO_BUFFERS, LEONTIEF):
        lost = setting.value_at_risk * setting.base_china_share * missing
        if method == LEONTIEF:
            lost = lost * np.repeat(chains(setting.scenario.materials), setting.Z)
        return np.asarray(add_up(lost.reshape(grid), axis=1))
    worth = setting.base_china * setting.market_price_usd
    rare = np.repeat(setting.scope_tier < RARE_EARTH_TIERS, setting.Z)
    lost_share = np.zeros((missing.shape[0], setting.Z))
    for chosen, share in zip((rare, ~rare), yearly_shares(method), strict=True):
        usual = add_up((worth * chosen).reshape(setting.M, setting.Z), axis=-2)
        withheld = add_up((worth * chosen * missing).reshape(grid), axis=1)
        lost_share += share * withheld / np.maximum(usual, TINY)
    scale = np.array([zone.manufacturing_share for zone in setting.base.zones])
    home = next((z.manufacturing_share for z in setting.base.zones if z.code == REFERENCE), 1.0)
    return np.asarray(lost_share * scale / home * setting.gdp)
